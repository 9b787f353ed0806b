import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What is said again, now counted under an agreement.
struct AttributionTests {
  private func under(_ agreement: String, _ proposal: Proposal) -> Proposal {
    var next = proposal
    next.eventID = Fixture.freshID()
    next.attributedTo = StreamID(.agreement, id(agreement))
    return next
  }

  func ready() throws -> (TestRegistry, completed: Proposal) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    try registry.given(
      Fixture.agreement("mou"), Fixture.agreement("other"), Fixture.enrolled("e1", "a"), completed)
    return (registry, completed)
  }

  @Test func `A completion said again is counted under its agreement, and rests where it rested`()
    throws
  {
    let (registry, completed) = try ready()
    let on = day("2023-01-01")
    try registry.given(
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]))
    #expect(try registry.agreement("mou", on: on).people == 0)
    let again = under("mou", completed)
    #expect(try registry.record([again])[0].position != nil)
    #expect(try registry.agreement("mou", on: on).people == 1)
    #expect(try registry.agreement("mou", on: on).completions == 1)
    #expect(try !registry.verify("k1", on: on).evidenceWithdrawn)
    // Who cites the second cites the same completion.
    try registry.given(Fixture.issued("k2", to: "a", number: "N2", evidence: [again.eventID]))
    #expect(try !registry.verify("k2", on: on).evidenceWithdrawn)
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    for (a, b) in zip(live.tables, try registry.store.digest().tables) {
      #expect(a == b, "table \(a.table.rawValue)")
    }
    try registry.end()
  }

  @Test func `With the same attribution it is known, with another one it is counted there`() throws
  {
    let (registry, completed) = try ready()
    let on = day("2023-01-01")
    try registry.given(under("mou", completed))
    guard case .unchanged = try registry.record([under("mou", completed)])[0] else {
      Issue.record("it is known")
      return
    }
    try registry.given(under("other", completed))
    #expect(try registry.agreement("mou", on: on).people == 0)
    #expect(try registry.agreement("other", on: on).people == 1)
    try registry.end()
  }

  @Test func `A cohort planned again is counted under its agreement`() throws {
    let (registry, _) = try ready()
    try registry.given(under("mou", Fixture.cohort()))
    #expect(try registry.agreement("mou", on: day("2023-01-01")).people == 1)
    try registry.end()
  }

  @Test func `An attribution to what there is not is refused, and not called unchanged`() throws {
    let (registry, completed) = try ready()
    guard case .rejected(let rejection) = try registry.record([under("none", completed)])[0] else {
      Issue.record("there is no such agreement")
      return
    }
    #expect(rejection.code == "no_such_reference")
    try registry.end()
  }

  @Test func `What keeps no attribution says that it is to be corrected`() throws {
    let (registry, completed) = try ready()
    let issued = Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID])
    try registry.given(issued)
    let position = try registry.size - 1
    guard case .rejected(let rejection) = try registry.record([under("mou", issued)])[0] else {
      Issue.record("the attribution would be dropped")
      return
    }
    #expect(rejection.field == "attributed_to")
    #expect(rejection.position == position)
    #expect(rejection.sentence.contains("correct that one"))
    let corrected = Fixture.proposal(
      issued.stream.text, issued.effective.text, issued.body, corrects: issued.eventID)
    try registry.given(under("mou", corrected))
    guard case .unchanged = try registry.record([under("mou", issued)])[0] else {
      Issue.record("it is known by now")
      return
    }
    try registry.end()
  }

  @Test func `A correction takes an attribution back`() throws {
    let (registry, completed) = try ready()
    let on = day("2023-01-01")
    let attributed = under("mou", completed)
    try registry.given(attributed)
    var corrected = attributed
    corrected.eventID = Fixture.freshID()
    corrected.corrects = attributed.eventID
    corrected.attributedTo = nil
    let lines = try Previewing(registry: registry).lines(corrected)
    #expect(lines.contains("enrolment/e1 attributed_to: agreement/mou → –"), "\(lines)")
    #expect(lines.contains("officer/a counted under agreement mou: 1 completion → –"))
    try registry.given(corrected)
    #expect(try registry.agreement("mou", on: on).people == 0)
    try registry.end()
  }
}

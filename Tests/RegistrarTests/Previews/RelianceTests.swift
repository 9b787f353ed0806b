import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What relied on an agreement, an instrument or an authorisation is told of where that falls.
struct RelianceTests {
  func ready(_ officers: Int = 2) throws -> (TestRegistry, Previewing) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    for at in 2..<max(officers, 2) { try registry.given(Fixture.officer("o\(at)", "n\(at)")) }
    return (registry, Previewing(registry: registry))
  }

  private func relying(_ proposal: Proposal, on authority: String) -> Proposal {
    var proposal = proposal
    proposal.authority = StreamID(authority)
    return proposal
  }

  /// The preview's lines, which the difference afterwards repeats.
  private func told(
    _ proposal: Proposal, _ registry: TestRegistry, _ previewing: Previewing
  ) throws -> [String] {
    let reply = try previewing.preview(proposal)
    let lines = Previewing.lines(reply)
    let size = try registry.size
    try registry.given(proposal)
    #expect(Set(try previewing.difference(from: size, on: reply.on)) == Set(lines))
    #expect(Set(try previewing.wholeDifference(from: size, on: reply.on!)) == Set(lines))
    return lines.filter { $0.contains("authority of") }
  }

  @Test func `A voided agreement tells of what relied on it, and gives it back when restored`()
    throws
  {
    let (registry, previewing) = try ready()
    let signed = Fixture.agreement("m", signed: "2022-01-01")
    let completed = relying(Fixture.completed("e1"), on: "agreement/m")
    try registry.given(signed, Fixture.enrolled("e1", "a"), completed, Fixture.enrolled("e2", "b"))
    try registry.given(Fixture.completed("e2"))
    let stands = "agreement/m, which stands, on 2022-03-31 \(completed.eventID.text)"
    let falls = "agreement/m, which was not there, on 2022-03-31 \(completed.eventID.text)"
    let name = "enrolment/e1 authority of enrolment.completed"
    #expect(
      try told(Fixture.voided(signed), registry, previewing) == ["\(name): \(stands) → \(falls)"])
    #expect(try registry.exceptions(.authorityNotStanding).map(\.eventID) == [completed.eventID])
    #expect(
      try told(Fixture.restored(signed), registry, previewing) == ["\(name): \(falls) → \(stands)"])
    try registry.end()
  }

  @Test func `What many relied on is counted`() throws {
    let (registry, previewing) = try ready(12)
    let signed = Fixture.agreement("m", signed: "2022-01-01")
    try registry.given(signed)
    for who in ["a", "b"] + (2..<12).map({ "o\($0)" }) {
      try registry.given(
        Fixture.enrolled("e-\(who)", who),
        relying(Fixture.completed("e-\(who)"), on: "agreement/m"))
    }
    #expect(
      try told(Fixture.voided(signed), registry, previewing) == [
        "12 × enrolment authority of enrolment.completed: agreement/m, which stands → "
          + "agreement/m, which was not there"
      ])
    #expect(try registry.exceptions(.authorityNotStanding).count == 12)
    try registry.end()
  }

  @Test func `A corrected day of signing takes the ground from what came before it alone`() throws {
    let (registry, previewing) = try ready()
    let signed = Fixture.agreement("m", signed: "2022-01-01")
    let early = relying(Fixture.completed("e1", on: "2022-03-31"), on: "agreement/m")
    let late = relying(Fixture.completed("e2", on: "2022-09-30"), on: "agreement/m")
    try registry.given(signed, Fixture.enrolled("e1", "a"), early, Fixture.enrolled("e2", "b"))
    try registry.given(late)
    let moved = Fixture.proposal(
      "agreement/m", "2022-06-01", signed.body, corrects: signed.eventID, source: true)
    let lines = try told(moved, registry, previewing)
    #expect(lines.count == 1 && lines[0].hasPrefix("enrolment/e1 "), "\(lines)")
    try registry.end()
  }

  @Test func `A suspension that is known late says why what came after it may not rely on it`()
    throws
  {
    let (registry, previewing) = try ready()
    let relying = relying(Fixture.completed("e1"), on: "agreement/m")
    try registry.given(
      Fixture.agreement("m", signed: "2022-01-01"), Fixture.enrolled("e1", "a"), relying)
    let lines = try told(
      Fixture.said("m", "2022-03-01", .suspended(AgreementSuspended())), registry, previewing)
    #expect(lines.count == 1)
    #expect(lines.first?.contains("→ agreement/m, which was suspended on 2022-03-01") == true)
    try registry.end()
  }

  @Test func `An instrument repealed before it was relied on, and a target that changes nothing`()
    throws
  {
    let (registry, previewing) = try ready()
    let opened = relying(Fixture.programme("p"), on: "instrument/i")
    try registry.given(
      Fixture.proposal(
        "instrument/i", "2021-01-01",
        .instrument(.issued(InstrumentIssued(instrumentKind: .directive, title: "Made up")))),
      Fixture.proposal(
        "instrument/i", "2021-01-02",
        .instrument(.enteredIntoForce(InstrumentEnteredIntoForce()))),
      Fixture.agreement("m", signed: "2022-01-01"), opened, Fixture.enrolled("e1", "a"),
      relying(Fixture.completed("e1"), on: "agreement/m"))
    let target = TargetSet(target: id("t"), population: .civilServants, count: .exactly(10))
    #expect(
      try told(Fixture.said("m", "2022-02-01", .targetSet(target)), registry, previewing).isEmpty)
    let lines = try told(
      Fixture.proposal(
        "instrument/i", "2021-03-01", .instrument(.repealed(InstrumentRepealed()))),
      registry, previewing)
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("programme/p authority of programme.opened: ") == true)
    try registry.end()
  }

  @Test func `A voided link of a programme tells whose training its agreement counts no longer`()
    throws
  {
    let (registry, previewing) = try ready()
    let linked = Fixture.linked("p", to: "m", on: "2022-06-01")
    try registry.given(
      Fixture.agreement("m", signed: "2022-01-01"), Fixture.programme("p"),
      Fixture.cohort("c9", programme: "p"), linked, Fixture.enrolled("e1", "a", "c9"))
    try registry.given(Fixture.completed("e1"))
    let size = try registry.size
    let lines = try previewing.lines(Fixture.voided(linked))
    #expect(lines.contains("officer/a counted under agreement m: 1 completion → –"), "\(lines)")
    try registry.given(Fixture.voided(linked))
    #expect(Set(try previewing.difference(from: size, on: nil)) == Set(lines))
    try registry.end()
  }

  @Test func `Streams beyond the limit of a preview are not called unchanged`() throws {
    let registry = try TestRegistry { $0.previewPeopleMax = 4 }
    for proposal in Fixture.ground { try registry.given(proposal) }
    let signed = Fixture.agreement("m", signed: "2022-01-01")
    try registry.given(signed)
    for at in 0..<9 {
      try registry.given(
        Fixture.officer("o\(at)", "n\(at)"),
        relying(Fixture.enrolled("e\(at)", "o\(at)"), on: "agreement/m"))
    }
    let reply = try Previewing(registry: registry).preview(Fixture.voided(signed))
    #expect(reply.changes.count { $0.what.hasPrefix("authority of") } == 4)
    #expect(reply.more == 5)
    #expect(reply.truncated)
    try registry.end()
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `Whatever becomes of an agreement, a preview equals the difference afterwards`(
    seed: UInt64
  ) throws {
    var random = Seeded(seed &+ 4100)
    let (registry, previewing) = try ready()
    var recorded = [Fixture.agreement("m0", signed: "2022-01-10", until: "2022-09-30")]
    recorded.append(Fixture.agreement("m1", signed: "2022-02-10"))
    for proposal in recorded { try registry.given(proposal) }
    var told = 0
    for step in 0..<60 {
      let day = History.someDay(&random)
      let proposal = next(&random, day, step, recorded)
      let reply = try previewing.preview(proposal)
      let size = try registry.size
      guard case .recorded(let at) = try registry.record([proposal])[0], !at.already else {
        continue
      }
      recorded.append(proposal)
      let lines = Set(Previewing.lines(reply))
      let what = "\(proposal.body.eventName), step \(step), seed \(seed)"
      #expect(Set(try previewing.difference(from: size, on: reply.on)) == lines, "\(what)")
      #expect(Set(try previewing.wholeDifference(from: size, on: reply.on!)) == lines, "\(what)")
      let isOfReliers = lines.contains { $0.contains(" authority of ") }
      if proposal.stream.kind == .agreement, isOfReliers { told += 1 }
    }
    #expect(told > 0, "\(told) of seed \(seed)")
    try registry.end()
  }

  private func next(
    _ random: inout Seeded, _ day: String, _ step: Int, _ recorded: [Proposal]
  ) -> Proposal {
    let key = "m\(Int.random(in: 0...1, using: &random))"
    switch Int.random(in: 0..<8, using: &random) {
    case 0: return Fixture.said(key, day, .suspended(AgreementSuspended()))
    case 1: return Fixture.said(key, day, .resumed(AgreementResumed()))
    case 2: return Fixture.said(key, day, .extended(AgreementExtended(validUntil: History.days[4])))
    case 3:
      let target = recorded.filter { $0.stream.kind == .agreement }.randomElement(using: &random)!
      return Fixture.voided(target)
    case 4:
      let target = recorded.filter { $0.corrects == nil }.randomElement(using: &random)!
      return Fixture.proposal(
        target.stream.text, day, target.body, corrects: target.eventID, source: true)
    default:
      let who = ["a", "b"].randomElement(using: &random)!
      return relying(
        Fixture.proposal(
          "submission/s\(step)", day,
          .submission(
            .submitted(
              SubmissionSubmitted(
                paper: Paper(
                  officer: id(who), submissionKind: .certificate,
                  document: Array(repeating: UInt8(step), count: 32), title: "a paper"))))),
        on: "agreement/" + key)
    }
  }
}

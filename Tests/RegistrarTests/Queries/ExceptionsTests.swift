import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What does not fit, on a day and at a position.
struct ExceptionsTests {
  func ready() throws -> (TestRegistry, completed: Proposal, issued: Proposal) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    let issued = Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID])
    try registry.given(Fixture.enrolled("e1", "a"), completed, issued)
    return (registry, completed, issued)
  }

  @Test func `Nothing is an exception where all fits`() throws {
    let (registry, _, _) = try ready()
    let pages = try registry.allPages(.exceptions, ExceptionsRequest(), ExceptionsPage.self)
    #expect(pages.flatMap(\.lines).isEmpty)
    let progress = try #require(pages.last?.progress)
    #expect(progress.done == progress.of)
    try registry.end()
  }

  @Test func `A void, and the evidence that it takes away, are told with who and why`() throws {
    let (registry, completed, issued) = try ready()
    let before = try registry.size
    var void = Fixture.voided(completed)
    void.reason = id("entered_in_error")
    try registry.given(void)
    let voided = try registry.exceptions(.voided)
    #expect(voided.map(\.eventID) == [completed.eventID])
    #expect(voided[0].by == void.eventID)
    #expect(voided[0].officer == id("a"))
    #expect(
      voided[0].sentence
        == "enrolment.completed was voided at position \(before) by tester, reason entered_in_error"
    )
    let withdrawn = try registry.exceptions(.evidenceWithdrawn)
    #expect(withdrawn.map(\.eventID) == [issued.eventID])
    #expect(withdrawn[0].by == void.eventID)
    #expect(try registry.exceptions(.voided, .evidenceWithdrawn, at: before).isEmpty)
    #expect(try registry.exceptions(on: day("2022-03-30")).isEmpty)
    try registry.given(Fixture.restored(completed))
    #expect(try registry.exceptions().isEmpty)
    try registry.end()
  }

  @Test func `Of a chain of corrections each event that went is named once`() throws {
    let (registry, completed, _) = try ready()
    let first = Fixture.proposal(
      "enrolment/e1", "2022-03-30", completed.body, corrects: completed.eventID)
    let second = Fixture.proposal(
      "enrolment/e1", "2022-03-29", completed.body, corrects: first.eventID)
    try registry.given(first, second)
    let lines = try registry.exceptions(.corrected)
    #expect(lines.map(\.eventID) == [completed.eventID, first.eventID])
    #expect(lines.allSatisfy { $0.by == second.eventID })
    try registry.given(Fixture.voided(second))
    #expect(try registry.exceptions(.corrected).map(\.eventID) == [completed.eventID])
    #expect(try registry.exceptions(.voided).map(\.eventID) == [second.eventID])
    try registry.end()
  }

  @Test func `A training that nobody was authorised for that day is unrecognised`() throws {
    let (registry, completed, _) = try ready()
    let before = try registry.size
    try registry.given(
      Fixture.proposal(
        "authorisation/heta", "2022-02-01", .authorisation(.suspended(AuthorisationSuspended()))))
    let lines = try registry.exceptions(.unrecognisedTraining)
    #expect(lines.map(\.eventID) == [completed.eventID])
    #expect(lines[0].sentence == "heta was not authorised for cloud-1 edition 1 on 2022-03-31")
    #expect(try registry.exceptions(.unrecognisedTraining, at: before).isEmpty)
    #expect(try registry.exceptions(.unrecognisedTraining, on: day("2022-03-30")).isEmpty)
    try registry.end()
  }

  @Test func `An authority that stands no longer, by what is known now, is an exception`() throws {
    let (registry, _, _) = try ready()
    let agreement = Fixture.agreement("mou")
    var relying = Fixture.enrolled("e2", "b")
    relying.authority = StreamID("agreement/mou")!
    try registry.given(agreement, relying)
    #expect(try registry.exceptions(.authorityNotStanding).isEmpty)
    let before = try registry.size
    try registry.given(
      Fixture.said("mou", "2021-12-31", .terminated(AgreementTerminated())))
    let lines = try registry.exceptions(.authorityNotStanding)
    #expect(lines.map(\.eventID) == [relying.eventID])
    #expect(
      lines[0].sentence
        == "relies, on 2022-01-10, on agreement/mou, which was terminated on 2021-12-31")
    #expect(try registry.exceptions(.authorityNotStanding, at: before).isEmpty)
    try registry.given(Fixture.voided(relying))
    #expect(try registry.exceptions(.authorityNotStanding).isEmpty)
    try registry.end()
  }

  @Test func `What is recorded while the pages come is not in them`() throws {
    let (registry, completed, _) = try ready()
    let first = try registry.exceptions()
    let end = try registry.size
    var isFirst = true
    let pages = try registry.allPages(
      .exceptions, ExceptionsRequest(), ExceptionsPage.self,
      between: {
        if isFirst { try registry.given(Fixture.voided(completed)) }
        isFirst = false
      })
    #expect(pages.count > 1)
    #expect(pages.flatMap(\.lines) == first)
    #expect(pages.allSatisfy { $0.asOf == end })
    try registry.end()
  }
}

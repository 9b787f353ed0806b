import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What a void, a correction and a policy do to a skill, by the truth table of the policy in force
/// on the day.
struct PolicyRippleTests {
  func ready() throws -> (TestRegistry, completed: Proposal) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    try registry.given(
      Fixture.enrolled("e1", "a"), completed,
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]))
    return (registry, completed)
  }

  static func policy(_ rules: [Backing: Holding], on: String) -> Proposal {
    Fixture.proposal(
      "registry/ke", on,
      .registry(
        .policyAdopted(
          PolicyAdopted(
            version: 2, title: "Example",
            backings: rules.sorted { $0.key.rawValue < $1.key.rawValue }.map {
              BackingRule(backing: $0.key, holding: $0.value)
            }))), source: true)
  }

  func skills(
    _ registry: TestRegistry, on text: String, at position: UInt64? = nil
  ) throws -> [String] {
    try registry.onLoop(
      .getProfile,
      GetProfileRequest(who: .officer(id("a")), on: day(text), atPosition: position),
      GetProfileReply.self
    ).skills.map { "\($0.holding.name) by policy \($0.policyVersion)" }
  }

  @Test func `A skill follows the credential by the table of the policy of the day`() throws {
    let (registry, _) = try ready()
    try registry.given(
      Fixture.credential("k1", "2022-06-01", .suspended(CredentialSuspended())))
    let before = try registry.size
    try registry.given(Self.policy([.suspended: .notHeld, .expired: .held], on: "2022-09-01"))
    #expect(try skills(registry, on: "2022-05-31") == ["held by policy 1"])
    #expect(try skills(registry, on: "2022-08-31") == ["flagged by policy 1"])
    #expect(try skills(registry, on: "2022-09-01").isEmpty)
    #expect(try skills(registry, on: "2022-09-01", at: before) == ["flagged by policy 1"])
    try registry.given(
      Fixture.credential("k1", "2022-10-01", .reinstated(CredentialReinstated())))
    #expect(try skills(registry, on: "2022-10-01") == ["held by policy 2"])
    #expect(try skills(registry, on: "2025-04-01") == ["held by policy 2"])
    #expect(try skills(registry, on: "2025-04-01", at: before) == ["flagged by policy 1"])
    try registry.end()
  }

  @Test func `A voided completion takes the skill, unless the policy lets the credential carry it`()
    throws
  {
    let (registry, completed) = try ready()
    // A credential that names the skill itself: what it rests on decides by the table.
    let named = Fixture.proposal(
      "credential/k2", "2022-04-01",
      .credential(
        .issued(
          CredentialIssued(
            holder: id("a"), issuer: id("heta"), number: "N2",
            skills: [SkillLevel(framework: id("ict"), skill: id("cloud"), level: 3)],
            awardedOn: day("2022-04-01"), validFrom: day("2022-04-01"),
            evidence: [completed.eventID]))))
    try registry.given(named)
    let whole = try registry.size
    try registry.given(Fixture.voided(completed))
    #expect(try registry.verify("k1", on: day("2022-06-01")).evidenceWithdrawn)
    #expect(try registry.verify("k2", on: day("2022-06-01")).evidenceWithdrawn)
    #expect(try skills(registry, on: "2022-06-01").isEmpty)
    #expect(try skills(registry, on: "2022-06-01", at: whole) == ["held by policy 1"])
    try registry.given(Self.policy([.evidenceWithdrawn: .flagged], on: "2022-09-01"))
    #expect(try skills(registry, on: "2022-08-31").isEmpty)
    #expect(try skills(registry, on: "2022-09-01") == ["flagged by policy 2"])
    try registry.given(Fixture.restored(completed))
    #expect(try skills(registry, on: "2022-08-31") == ["held by policy 1"])
    #expect(try skills(registry, on: "2022-09-01") == ["held by policy 2"])
    #expect(try !registry.verify("k1", on: day("2022-06-01")).evidenceWithdrawn)
    try registry.end()
  }

  @Test func `A corrected day moves what followed, and the old and the new stand in the history`()
    throws
  {
    let (registry, completed) = try ready()
    let before = try registry.size
    var corrected = Fixture.proposal(
      "enrolment/e1", "2022-03-15", completed.body, corrects: completed.eventID)
    corrected.reason = id("wrong_day")
    try registry.given(corrected)
    // What was issued on the event that was corrected rests on the completion as corrected.
    #expect(try !registry.verify("k1", on: day("2022-06-01")).evidenceWithdrawn)
    func since(_ position: UInt64? = nil) throws -> [Day?] {
      try registry.onLoop(
        .getProfile,
        GetProfileRequest(
          who: .officer(id("a")), on: day("2022-06-01"), atPosition: position),
        GetProfileReply.self
      ).skills.map(\.since)
    }
    #expect(try since() == [day("2022-03-15")])
    #expect(try since(before) == [day("2022-03-31")])
    let lines = try registry.allPages(
      .streamHistory, StreamHistoryRequest(stream: completed.stream), StreamHistoryPage.self
    ).flatMap(\.lines)
    #expect(lines.map(\.standing) == [.stands, .corrected, .stands])
    #expect(lines[1].by == before)
    let act = try Codec.decode(Recorded.self, from: lines[2].event)
    #expect(String(decoding: act.actor, as: UTF8.self) == "tester")
    #expect(try Codec.decode(Proposal.self, from: act.proposal).reason == id("wrong_day"))
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().tables == live.tables)
    try registry.given(Fixture.voided(corrected))
    #expect(try since() == [day("2022-03-31")])
    #expect(try !registry.verify("k1", on: day("2022-06-01")).evidenceWithdrawn)
    try registry.end()
  }

  @Test func `A credential follows its completion through corrections, and goes with the last one`()
    throws
  {
    let (registry, completed) = try ready()
    let first = Fixture.proposal(
      "enrolment/e1", "2022-03-15", completed.body, corrects: completed.eventID)
    let second = Fixture.proposal(
      "enrolment/e1", "2022-03-20", completed.body, corrects: first.eventID)
    try registry.given(
      first, second, Fixture.credential("k1", "2022-06-01", .revoked(CredentialRevoked())))
    // A skill whose credential was revoked does not come back because a day was wrong.
    #expect(try skills(registry, on: "2022-05-31") == ["held by policy 1"])
    #expect(try skills(registry, on: "2022-06-01").isEmpty)
    #expect(try !registry.verify("k1", on: day("2022-05-31")).evidenceWithdrawn)
    let late = Fixture.proposal(
      "authorisation/heta", "2022-03-18", .authorisation(.suspended(AuthorisationSuspended())))
    try registry.given(late)
    #expect(try registry.verify("k1", on: day("2022-05-31")).unrecognised)
    try registry.given(Fixture.voided(second))
    #expect(try !registry.verify("k1", on: day("2022-05-31")).unrecognised)
    try registry.given(Fixture.voided(first), Fixture.voided(completed))
    #expect(try registry.verify("k1", on: day("2022-05-31")).evidenceWithdrawn)
    #expect(try skills(registry, on: "2022-05-31").isEmpty)
    try registry.end()
  }

  @Test func `A training that was somebody else's takes the evidence from the credential`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let (enrolled, completed) = (Fixture.enrolled("e1", "a"), Fixture.completed("e1"))
    try registry.given(
      enrolled, completed,
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]))
    let before = try registry.size
    let corrected = Fixture.proposal(
      "enrolment/e1", "2022-01-10",
      .enrolment(.enrolled(EnrolmentEnrolled(seat: Fixture.seat("b")))), corrects: enrolled.eventID)
    try registry.given(corrected)
    let on = day("2022-06-01")
    #expect(try registry.verify("k1", on: on).evidenceWithdrawn)
    #expect(try !registry.verify("k1", on: on, at: before).evidenceWithdrawn)
    #expect(try registry.profile("a", on: on).credentials.map(\.evidenceWithdrawn) == [true])
    #expect(try registry.profile("a", on: on).skills.isEmpty)
    #expect(try registry.profile("b", on: on).skills.map(\.holding) == [.held])
    let lines = try registry.exceptions(.evidenceWithdrawn, on: on)
    #expect(lines.map(\.sentence).first?.contains("is officer b's, not the holder's") == true)
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().tables == live.tables)
    try registry.given(Fixture.voided(corrected))
    #expect(try !registry.verify("k1", on: on).evidenceWithdrawn)
    try registry.end()
  }
}

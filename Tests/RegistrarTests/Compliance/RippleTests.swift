import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Corrections, voids and late papers, as the next answer shows them.
struct RippleTests {
  func ready() throws -> (TestRegistry, completed: Proposal, issued: Proposal) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    let issued = Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID])
    try registry.given(Fixture.enrolled("e1", "a"), completed, issued)
    return (registry, completed, issued)
  }

  @Test func `A void takes the evidence from the credential and the skill from the profile`() throws
  {
    let (registry, completed, _) = try ready()
    let today = day("2023-01-01")
    #expect(try registry.profile("a", on: today).skills.map(\.holding) == [.held])
    #expect(try !registry.verify("k1", on: today).evidenceWithdrawn)
    try registry.given(Fixture.voided(completed))
    #expect(try registry.verify("k1", on: today).evidenceWithdrawn)
    #expect(try registry.profile("a", on: today).skills.isEmpty)
    try registry.given(Fixture.restored(completed))
    #expect(try !registry.verify("k1", on: today).evidenceWithdrawn)
    #expect(try registry.profile("a", on: today).skills.map(\.holding) == [.held])
    try registry.end()
  }

  @Test func `Two times are independent`() throws {
    let (registry, _, _) = try ready()
    let before = try registry.store.digest().asOf
    try registry.given(
      Fixture.credential("k1", "2022-06-01", .suspended(CredentialSuspended())))
    #expect(try registry.verify("k1", on: day("2022-05-31")).status == .valid)
    #expect(try registry.verify("k1", on: day("2022-06-01")).status == .suspended)
    #expect(try registry.verify("k1", on: day("2022-06-01"), at: before).status == .valid)
    #expect(try registry.verify("k1", on: day("2022-03-01")).status == .unknown)
    #expect(try registry.verify("k1", on: day("2025-04-01")).status == .suspended)
    try registry.end()
  }

  @Test func `Expiry follows from the day asked about`() throws {
    let (registry, _, _) = try ready()
    #expect(try registry.verify("k1", on: day("2025-03-31")).status == .valid)
    let expired = try registry.verify("k1", on: day("2025-04-01"))
    #expect(expired.status == .expired)
    #expect(expired.since == day("2025-04-01"))
    let line = try registry.profile("a", on: day("2025-04-01")).skills[0]
    #expect(line.holding == .lapsed)
    #expect(line.lapsedOn == day("2025-04-01"))
    try registry.end()
  }

  @Test func `An authorisation that is voided marks the training in the next answer`() throws {
    let registry = try TestRegistry()
    let authorisation = Fixture.authorisation()
    for proposal in Fixture.ground where proposal.stream.kind != .authorisation {
      try registry.given(proposal)
    }
    try registry.given(authorisation)
    let completed = Fixture.completed("e1")
    try registry.given(
      Fixture.enrolled("e1", "a"), completed,
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]))
    let today = day("2023-01-01")
    #expect(try !registry.verify("k1", on: today).unrecognised)
    try registry.given(Fixture.voided(authorisation))
    #expect(try registry.verify("k1", on: today).unrecognised)
    #expect(try registry.profile("a", on: today).trainings[0].unrecognised)
    try registry.given(Fixture.restored(authorisation))
    #expect(try !registry.verify("k1", on: today).unrecognised)
    try registry.end()
  }

  @Test func `A correction of the day moves what followed from it`() throws {
    let (registry, completed, _) = try ready()
    let corrected = Fixture.proposal(
      "enrolment/e1", "2022-03-30", completed.body, corrects: completed.eventID)
    try registry.given(corrected)
    let training = try registry.profile("a", on: day("2023-01-01")).trainings[0]
    #expect(training.completion?.day == day("2022-03-30"))
    try registry.end()
  }

  @Test func `A preview says what would change, and changes nothing`() throws {
    let (registry, completed, _) = try ready()
    let before = try registry.store.digest().hex
    let reply = try registry.submit(
      [RecordItem(proposal: Codec.encode(Fixture.voided(completed)))], purpose: .preview
    ).get()
    let lines = reply.changes.map { "\($0.stream!.text) \($0.what): \($0.before) → \($0.after)" }
    #expect(lines.contains("credential/k1 evidence: stands → withdrawn"))
    #expect(lines.contains { $0.hasPrefix("officer/a skill ict/cloud: level 2") })
    #expect(try registry.store.digest().hex == before)
    try registry.end()
  }
}

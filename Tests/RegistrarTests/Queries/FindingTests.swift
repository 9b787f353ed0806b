import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Facts that contradict each other: refused, or recorded with a finding that stays an exception
/// until somebody settles it.
struct FindingTests {
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    return registry
  }

  private func died(_ officer: String, _ on: String) -> Proposal {
    Fixture.proposal("officer/" + officer, on, .officer(.died(.init())))
  }

  private func rejection(_ registry: TestRegistry, _ proposal: Proposal) throws -> Rejected? {
    let outcome = try registry.submit(
      [RecordItem(proposal: Codec.encode(proposal))], purpose: .record
    ).get().outcomes[0]
    guard case .rejected(let why) = outcome else { return nil }
    return why
  }

  private func settled(
    _ kind: FindingKind, of event: Proposal, as outcome: FindingOutcome, reason: String? = "checked"
  ) -> Proposal {
    var proposal = Fixture.proposal(
      "registry/ke", "2024-01-01",
      .registry(
        .findingSettled(
          FindingSettled(finding: kind, event: event.eventID, outcome: outcome))))
    proposal.reason = reason.map { id($0) }
    return proposal
  }

  @Test func `A completion in a year that is yet to come is refused, and names today`() throws {
    let registry = try ready()
    try registry.given(Fixture.enrolled("e1", "a"))
    let why = try rejection(registry, Fixture.completed("e1", on: "2924-06-30"))
    #expect(why?.code == "inconsistent" && why?.field == "effective")
    #expect(why?.sentence.contains("yet to come (today is ") == true)
    try registry.end()
  }

  @Test func `A credential from before its evidence is refused`() throws {
    let registry = try ready()
    let completed = Fixture.completed("e1", on: "2022-05-10")
    try registry.given(Fixture.enrolled("e1", "a"), completed)
    let early = Fixture.issued(
      "k1", to: "a", number: "N1", evidence: [completed.eventID], on: "2022-02-01")
    #expect(try rejection(registry, early)?.code == "bad_evidence")
    #expect(try registry.exceptions().isEmpty)
    try registry.end()
  }

  @Test func `What somebody left the service before is recorded with its finding`() throws {
    let registry = try ready()
    try registry.given(
      Fixture.proposal("officer/a", "2022-01-01", .officer(.separated(.init()))))
    let enrolled = Fixture.enrolled("e1", "a")
    let outcome = try registry.submit(
      [RecordItem(proposal: Codec.encode(enrolled))], purpose: .record
    ).get().outcomes[0]
    guard case .recorded(let receipt) = outcome else {
      Issue.record("\(outcome)")
      return
    }
    #expect(receipt.findings.map(\.finding) == [.afterSeparation])
    let lines = try registry.exceptions()
    #expect(lines.map(\.exceptionKind) == [.afterSeparation])
    #expect(lines.first?.eventID == enrolled.eventID && lines.first?.officer == id("a"))
    try registry.end()
  }

  @Test func `What became wrong later is an exception from then on, and new since then`() throws {
    let registry = try ready()
    let completed = Fixture.completed("e1")
    try registry.given(Fixture.enrolled("e1", "a"), completed)
    let before = try registry.size
    #expect(try registry.exceptions().isEmpty)
    // Dead since before the training: nobody knew.
    try registry.given(died("a", "2022-02-01"))
    let lines = try registry.exceptions()
    #expect(lines.map(\.exceptionKind) == [.afterDeath])
    #expect(lines.first?.eventID == completed.eventID)
    #expect(lines.first?.sentence.contains("the officer died on 2022-02-01") == true)
    #expect(try registry.exceptions(at: before).isEmpty)
    let after = try registry.size
    #expect(try registry.exceptions(since: before).map(\.eventID) == [completed.eventID])
    #expect(try registry.exceptions(since: after).isEmpty)
    try registry.given(Fixture.organisation("another"))
    #expect(try registry.exceptions(since: after).isEmpty)
    try registry.end()
  }

  @Test func `A course that is voided under completions leaves each an exception`() throws {
    let registry = try TestRegistry()
    let course = Fixture.course()
    for proposal in Fixture.ground {
      try registry.given(proposal.stream == course.stream ? course : proposal)
    }
    let completed = Fixture.completed("e1")
    try registry.given(Fixture.enrolled("e1", "a"), completed)
    try registry.given(Fixture.voided(course))
    let lines = try registry.exceptions(.trainingGone)
    #expect(lines.map(\.eventID) == [completed.eventID])
    try registry.given(Fixture.restored(course))
    #expect(try registry.exceptions(.trainingGone).isEmpty)
    try registry.end()
  }

  @Test func `Dates of a cohort that are moved past its completions leave each an exception`()
    throws
  {
    let registry = try TestRegistry()
    let cohort = Fixture.cohort()
    for proposal in Fixture.ground {
      try registry.given(proposal.stream == cohort.stream ? cohort : proposal)
    }
    let completed = Fixture.completed("e1")
    try registry.given(Fixture.enrolled("e1", "a"), completed)
    guard case .cohort(.planned(var planned)) = cohort.body else { return }
    planned.terms.starts = day("2022-06-01")
    planned.terms.ends = day("2022-09-30")
    try registry.given(
      Fixture.proposal(
        "cohort/c1", "2022-01-01", .cohort(.planned(planned)), corrects: cohort.eventID))
    let lines = try registry.exceptions(.beforeCohort)
    #expect(lines.map(\.eventID) == [completed.eventID])
    #expect(lines.first?.sentence.contains("starts on 2022-06-01") == true)
    try registry.end()
  }

  @Test func `A finding that is accepted is no longer open, and says by whom and why`() throws {
    let registry = try ready()
    let completed = Fixture.completed("e1")
    try registry.given(Fixture.enrolled("e1", "a"), completed, died("a", "2022-02-01"))
    let before = try registry.size
    let accept = settled(.afterDeath, of: completed, as: .accepted)
    try registry.given(accept)
    #expect(try registry.exceptions(open: true).isEmpty)
    #expect(try registry.exceptions(at: before, open: true).count == 1)
    let line = try #require(try registry.exceptions().first)
    #expect(line.settled == .accepted && line.reason == id("checked"))
    #expect(line.settledBy == accept.eventID)
    try registry.end()
  }

  @Test func `Only what is there is settled, and what is to be corrected is corrected first`()
    throws
  {
    let registry = try ready()
    let completed = Fixture.completed("e1")
    let death = died("a", "2022-02-01")
    try registry.given(Fixture.enrolled("e1", "a"), completed, death)
    func code(_ proposal: Proposal) throws -> String? {
      try rejection(registry, proposal)?.code
    }
    #expect(
      try code(settled(.afterDeath, of: completed, as: .accepted, reason: nil)) == "inconsistent")
    #expect(try code(settled(.afterSeparation, of: completed, as: .accepted)) == "inconsistent")
    #expect(
      try code(settled(.afterDeath, of: Fixture.completed("e9"), as: .accepted))
        == "no_such_reference")
    #expect(try code(settled(.afterDeath, of: completed, as: .corrected)) == "inconsistent")
    try registry.given(Fixture.voided(death))
    try registry.given(settled(.afterDeath, of: completed, as: .corrected))
    #expect(try registry.exceptions(.afterDeath).isEmpty)
    // Where it is so again, it is open again.
    try registry.given(Fixture.restored(death))
    #expect(try registry.exceptions(.afterDeath, open: true).count == 1)
    try registry.end()
  }

  @Test func `The policy decides whether a finding is refused, flagged or nothing`() throws {
    let registry = try ready()
    func adopt(_ version: UInt32, _ meaning: FindingMeaning) throws {
      try registry.given(
        Fixture.proposal(
          "registry/ke", "2021-0\(version)-01",
          .registry(
            .policyAdopted(
              PolicyAdopted(
                version: version,
                findings: [FindingRule(finding: .creditsAgainstHours, meaning: meaning)])))))
    }
    func course(_ key: String) -> Proposal {
      Fixture.proposal(
        "course/" + key, "2022-01-01",
        .course(
          .published(
            CoursePublished(edition: 1, title: key, track: .technical, hours: 40, credits: 20))))
    }
    try registry.given(course("flagged"))
    #expect(try registry.exceptions().map(\.exceptionKind) == [.creditsAgainstHours])
    try adopt(2, .refuse)
    #expect(try rejection(registry, course("refused"))?.code == "inconsistent")
    try adopt(3, .allow)
    try registry.given(course("allowed"))
    #expect(try registry.exceptions().isEmpty)
    let afterwards = Fixture.proposal(
      "registry/ke", "2021-05-01",
      .registry(
        .policyAdopted(
          PolicyAdopted(
            version: 4, findings: [FindingRule(finding: .trainingGone, meaning: .refuse)]))))
    #expect(try rejection(registry, afterwards)?.field == "registry.policy_adopted.findings")
    try registry.end()
  }

  @Test func `An officer's record is not named after the officer's number`() throws {
    let registry = try ready()
    let why = try rejection(registry, Fixture.officer("P12345", "p-12345"))
    #expect(why?.code == "personal_data" && why?.field == "stream")
    try registry.end()
  }
}

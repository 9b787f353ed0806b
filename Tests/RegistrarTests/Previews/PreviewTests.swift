import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What a preview and the difference afterwards say, written out.
struct PreviewTests {
  func ready(_ officers: Int = 2) throws -> (TestRegistry, Previewing) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    for at in 2..<max(officers, 2) { try registry.given(Fixture.officer("o\(at)", "n\(at)")) }
    return (registry, Previewing(registry: registry))
  }

  @Test func `A credential that begins or ends changes what it says, and nothing of the training`()
    throws
  {
    let (registry, previewing) = try ready()
    let completed = Fixture.completed("e1")
    let issued = Fixture.issued(
      "k1", to: "a", number: "N1", evidence: [completed.eventID], until: "2022-06-30")
    try registry.given(Fixture.enrolled("e1", "a"), completed)
    let held = "level 2, held, attended, since 2022-03-31, by \(completed.eventID.text)"
    let lapsed =
      "level 2, lapsed, attended, since 2022-03-31, lapsed on 2022-07-01, by "
      + completed.eventID.text
    var lines = try previewing.lines(issued)
    #expect(lines.contains("officer/a skill ict/cloud: \(held) → \(lapsed)"), "\(lines)")
    #expect(lines.contains("credential/k1 evidence: – → stands"))
    #expect(!lines.contains { $0.contains("enrolment/e1") })
    try registry.given(issued)
    lines = try previewing.lines(Fixture.voided(issued))
    #expect(lines.contains("officer/a skill ict/cloud: \(lapsed) → \(held)"), "\(lines)")
    #expect(lines.contains { $0.hasPrefix("credential/k1 status: expired, ") })
    #expect(lines.contains { $0.contains("number N1") && $0.hasSuffix(" → nothing stands") })
    #expect(!lines.contains { $0.contains("enrolment/e1") })
    #expect(lines.count == 4, "\(lines)")
    try registry.end()
  }

  @Test func `What a credential rests on is another line than that it stands`() throws {
    let (registry, previewing) = try ready()
    let (first, second) = (Fixture.completed("e1"), Fixture.completed("e2"))
    let issued = Fixture.issued("k1", to: "a", number: "N1", evidence: [first.eventID])
    try registry.given(
      Fixture.cohort("c2"), Fixture.enrolled("e1", "a"), first, Fixture.enrolled("e2", "a", "c2"),
      second, issued)
    guard case .credential(.issued(var terms)) = issued.body else { return }
    terms.evidence = [first.eventID, second.eventID]
    let lines = try previewing.lines(corrected(issued, .credential(.issued(terms))))
    let (old, new) = (first.eventID.text, "\(first.eventID.text); \(second.eventID.text)")
    #expect(lines.contains("credential/k1 rests_on: \(old) → \(new)"), "\(lines)")
    #expect(!lines.contains { $0.hasPrefix("credential/k1 evidence: ") }, "it stands as before")
    try registry.end()
  }

  @Test func `A correction shows each field that it changes, and no other`() throws {
    let (registry, previewing) = try ready()
    let issued = Fixture.issued("k1", to: "a", number: "OLD", evidence: [], until: "2023-06-30")
    let target = Fixture.proposal(
      "agreement/m", "2022-01-02",
      .agreement(
        .targetSet(TargetSet(target: id("t"), population: .civilServants, count: .exactly(10)))))
    let posted = Fixture.proposal(
      "officer/b", "2022-02-01",
      .officer(.posted(OfficerPosted(posting: place("nairobi")))))
    try registry.given(Fixture.agreement("m"), target, posted, issued)
    guard case .credential(.issued(var terms)) = issued.body else { return }
    terms.number = "NEW"
    terms.validUntil = day("2030-06-30")
    let held = "level 2, lapsed, attended, since 2022-04-01, lapsed on 2023-07-01"
    #expect(
      try previewing.lines(corrected(issued, .credential(.issued(terms)))) == [
        "credential/k1 number: OLD → NEW", "credential/k1 status: expired → valid",
        "credential/k1 valid_until: 2023-06-30 → 2030-06-30",
        "officer/a skill ict/cloud: \(held) → level 2, held, attended, since 2022-04-01",
      ])
    #expect(
      try previewing.lines(
        corrected(
          target,
          .agreement(
            .targetSet(
              TargetSet(target: id("t"), population: .civilServants, count: .exactly(1000)))))) == [
          "agreement/m targets[t]: target t, population civil_servants, count exactly 10 → "
            + "target t, population civil_servants, count exactly 1000"
        ])
    #expect(
      try previewing.lines(
        corrected(posted, .officer(.posted(OfficerPosted(posting: place("kisumu")))))) == [
          "officer/b posting.county: nairobi → kisumu",
          "officer/b spans[2022-02-01]: from 2022-02-01, status active, posting (organisation "
            + "heta, county nairobi) → from 2022-02-01, status active, posting (organisation heta, "
            + "county kisumu)",
        ])
    try registry.end()
  }

  private func place(_ county: String) -> Posting {
    Posting(organisation: id("heta"), county: id(county))
  }

  private func corrected(_ proposal: Proposal, _ body: Proposal.Body) -> Proposal {
    Fixture.proposal(
      proposal.stream.text, proposal.effective.text, body, corrects: proposal.eventID,
      source: true)
  }

  @Test func `A mandate's preview says what it asks, and of whom it asks it no longer`() throws {
    let (registry, previewing) = try ready()
    let issued = Fixture.mandate("m", course: "cloud-1")
    try registry.given(
      Fixture.course("cyber-1"), issued,
      Fixture.proposal(
        "officer/b", "2021-02-01",
        .officer(.posted(OfficerPosted(posting: Posting(organisation: id("heta")))))))
    let terms = MandateTerms(
      title: "Example", population: PopulationRule(steps: [.organisation(id("heta"))]),
      courses: [id("cyber-1")], deadline: day("2023-01-31"))
    let lines = try previewing.lines(
      corrected(
        issued, .mandate(.enteredIntoForce(MandateEnteredIntoForce(terms: terms)))))
    #expect(
      lines == [
        "mandate/m courses: cloud-1 → cyber-1", "mandate/m deadline: 2022-12-31 → 2023-01-31",
        "mandate/m population: everybody → under heta",
        "officer/a under mandate m: outstanding, overdue, due 2022-12-31 → –",
        "officer/b under mandate m: outstanding, overdue, due 2022-12-31 → "
          + "outstanding, overdue, due 2023-01-31",
      ])
    try registry.end()
  }

  @Test func `What a course's edition gave to many is counted, before and afterwards`() throws {
    let (registry, previewing) = try ready(12)
    let people = ["a", "b"] + (2..<12).map { "o\($0)" }
    for who in people {
      let completed = Fixture.completed("e-\(who)")
      try registry.given(Fixture.enrolled("e-\(who)", who), completed)
    }
    let edition = try #require(try published(registry))
    let void = Fixture.voided(edition)
    let lines = try previewing.lines(void)
    #expect(lines.contains("12 × officer skill ict/cloud: level 2, held, attended → –"), "\(lines)")
    #expect(!lines.contains { $0.hasPrefix("officer/") })
    let size = try registry.size
    try registry.given(void)
    let differences = try previewing.difference(from: size, on: nil)
    #expect(Set(differences) == Set(lines))
    try registry.end()
  }

  /// The last event of the course.
  private func published(_ registry: TestRegistry) throws -> Proposal? {
    try registry.session { session in
      let stream = StreamID(.course, id("cloud-1"))
      let last = try session.readModel.positions(of: stream).last
      return try last.map { try session.readModel.stored($0).proposal }
    }
  }

  @Test func `An authorisation's suspension is told of the trainings and of what rests on them`()
    throws
  {
    let (registry, previewing) = try ready()
    let completed = Fixture.completed("e1")
    try registry.given(
      Fixture.enrolled("e1", "a"), completed,
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]))
    let suspended = Fixture.proposal(
      "authorisation/heta", "2022-01-01", .authorisation(.suspended(AuthorisationSuspended())))
    let lines = try previewing.lines(suspended)
    #expect(lines.contains("credential/k1 training: – → unrecognised"), "\(lines)")
    #expect(
      lines.contains {
        $0.hasPrefix("enrolment/e1 training: cloud-1 by heta, edition 1")
          && $0.contains(" → cloud-1 by heta, unrecognised, edition 1")
      })
    #expect(lines.contains("authorisation/heta stands: yes → no"))
    #expect(!lines.contains { $0.hasPrefix("officer/b") })
    try registry.end()
  }

  @Test func `A limit that was reached is stated, and those beyond it are not called unchanged`()
    throws
  {
    let registry = try TestRegistry { $0.previewPeopleMax = 4 }
    for proposal in Fixture.ground { try registry.given(proposal) }
    for at in 0..<9 {
      try registry.given(
        Fixture.officer("o\(at)", "n\(at)"), Fixture.enrolled("e\(at)", "o\(at)"),
        Fixture.completed("e\(at)"))
    }
    let suspended = Fixture.proposal(
      "authorisation/heta", "2022-01-01", .authorisation(.suspended(AuthorisationSuspended())))
    var reply = try Previewing(registry: registry).preview(suspended)
    #expect(reply.lookedAt?.done == 4)
    #expect(reply.lookedAt?.of == 9)
    #expect(reply.truncated)
    #expect(reply.changes.count { $0.what.hasPrefix("skill ") } == 4)
    reply = try Previewing(registry: registry).preview(Fixture.mandate("m", course: "cloud-1"))
    #expect(reply.lookedAt?.done == 4)
    #expect(reply.lookedAt?.of == 11)
    try registry.end()
  }

  @Test func `What takes effect on a later day is previewed as of that day`() throws {
    let (registry, previewing) = try ready()
    let issued = Fixture.issued("k1", to: "a", number: "N1", evidence: [], until: nil)
    try registry.given(issued)
    let later = try registry.session { $0.today }.adding(days: 300)
    let revoked = Fixture.credential("k1", later.text, .revoked(CredentialRevoked()))
    let reply = try previewing.preview(revoked)
    #expect(reply.on == later)
    #expect(Previewing.lines(reply).contains("credential/k1 status: valid → revoked"))
    try registry.end()
  }
}

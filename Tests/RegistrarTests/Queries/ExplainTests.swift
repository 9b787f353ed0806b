import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// From a line of an answer to its events and papers.
struct ExplainTests {
  func ready() throws -> (TestRegistry, completed: Proposal, issued: Proposal) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    var completed = Fixture.completed("e1")
    completed.source = Source(
      system: id("heta"), reference: "roll 7", sha256: Array(repeating: 7, count: 32))
    completed.authority = StreamID("authorisation/heta")!
    let issued = Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID])
    try registry.given(
      Fixture.enrolled("e1", "a"),
      Fixture.proposal(
        "enrolment/e1", "2022-03-30",
        .enrolment(.assessed(EnrolmentAssessed(assessment: id("exam"), mode: .proctored)))),
      completed, issued)
    return (registry, completed, issued)
  }

  static let skill = ExplainRequest.What.skill(
    SkillQuestion(
      officer: Identifier("a")!, framework: Identifier("ict")!, skill: Identifier("cloud")!))

  @Test func `A skill names its evidence, its strength, its backing and its papers`() throws {
    let (registry, completed, issued) = try ready()
    let on = day("2023-01-01")
    let (lines, counted) = try registry.explained(Self.skill, on: on)
    let held = try registry.profile("a", on: on).skills[0]
    #expect(counted == UInt64(held.level))
    #expect(Set(lines.map(\.eventID)).isSuperset(of: held.evidence))
    #expect(lines[0].eventID == completed.eventID)
    #expect(lines[0].officer == id("a"))
    #expect(lines[0].source?.sha256 == Array(repeating: 7, count: 32))
    #expect(lines[0].source?.reference == "roll 7")
    #expect(lines[0].authority == StreamID("authorisation/heta"))
    #expect(lines[0].because.hasPrefix("the answer rests on this: level 2, proctored"))
    #expect(lines.contains { $0.eventID == issued.eventID })
    #expect(lines.contains { $0.because == "gives the strength proctored" })
    #expect(lines.contains { $0.event == "course.published" })
    #expect(lines.contains { $0.event == "authorisation.granted" })
    try registry.end()
  }

  @Test func `A skill that went says why, and at the position before it is as it was`() throws {
    let (registry, completed, _) = try ready()
    let before = try registry.size
    let on = day("2023-01-01")
    try registry.given(
      Fixture.credential("k1", "2022-06-01", .revoked(CredentialRevoked())))
    let revoked = try registry.explained(Self.skill, on: on)
    #expect(revoked.counted == 0)
    #expect(revoked.lines.contains { $0.because.contains("its credential is revoked") })
    #expect(try registry.explained(Self.skill, on: on, at: before).counted == 2)
    #expect(try registry.explained(Self.skill, on: day("2022-05-31")).counted == 2)
    try registry.given(Fixture.voided(completed))
    #expect(try registry.explained(Self.skill, on: on).counted == 0)
    try registry.end()
  }

  @Test func `A stream says of each event what it did and what became of it`() throws {
    let (registry, completed, issued) = try ready()
    try registry.given(Fixture.voided(completed))
    var (lines, _) = try registry.explained(
      .stream(StreamID("enrolment/e1")!), on: day("2022-03-30"))
    #expect(lines[0].because == "begins it: enrolled")
    #expect(lines[1].because == "makes enrolled into active")
    #expect(lines[2].standing == .voided)
    #expect(lines[2].because.contains("voided at position"))
    #expect(lines[2].because.contains("by tester"))
    #expect(lines[3].because == "voids event \(completed.eventID.text)")
    (lines, _) = try registry.explained(
      .stream(StreamID("enrolment/e1")!), on: day("2022-03-29"))
    #expect(lines[1].because.hasPrefix("takes effect after 2022-03-29"))
    (lines, _) = try registry.explained(.stream(issued.stream))
    #expect(lines.count == 2)
    #expect(lines[1].eventID == completed.eventID)
    #expect(lines[1].because.hasSuffix("evidence withdrawn"))
    try registry.end()
  }

  @Test func `Who is asked about by a record that was merged is explained by the survivor's`()
    throws
  {
    let (registry, _, _) = try ready()
    try registry.given(Fixture.merged("a", into: "b", on: "2023-01-01"))
    let (lines, counted) = try registry.explained(Self.skill, on: day("2023-01-01"))
    #expect(counted == 2)
    #expect(lines[0].officer == id("b"))
    try registry.end()
  }

  @Test func `A number of compliance is explained by as many officers`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    for at in 0..<6 { try registry.given(Fixture.officer("x\(at)", "9\(at)")) }
    try registry.given(
      Fixture.proposal(
        "mandate/m", "2022-01-01",
        .mandate(
          .enteredIntoForce(
            MandateEnteredIntoForce(
              terms: MandateTerms(
                title: "Cloud for all", issuer: id("moict"),
                population: PopulationRule(steps: [.everybody(true)]), courses: [id("cloud-1")],
                deadline: day("2022-06-30"))))),
        source: true),
      Fixture.enrolled("e1", "x1"), Fixture.completed("e1", on: "2022-03-31"),
      Fixture.enrolled("e2", "x2"), Fixture.completed("e2", on: "2022-07-31"),
      Fixture.proposal(
        "duty/d3", "2022-02-01",
        .duty(
          .exemptionGranted(
            DutyExemptionGranted(duty: DutyHolder(officer: id("x3"), mandate: id("m")))))),
      Fixture.proposal(
        "duty/d4", "2022-08-01",
        .duty(
          .nonComplianceRecorded(
            DutyNonComplianceRecorded(duty: DutyHolder(officer: id("x4"), mandate: id("m")))))))
    let end = try registry.size
    for (on, position) in [
      ("2022-04-30", end), ("2022-12-31", end), ("2022-12-31", end - 1), ("2022-12-31", end - 3),
    ] {
      let pages = try registry.allPages(
        .compliance,
        ComplianceRequest(mandate: id("m"), on: day(on), atPosition: position),
        CompliancePage.self)
      let total = try #require(pages.compactMap(\.total).first)
      func explained(_ standing: DutyStanding?) throws -> (lines: [ExplainLine], counted: UInt64) {
        try registry.explained(
          .compliance(ComplianceNumber(mandate: id("m"), standing: standing)), on: day(on),
          at: position)
      }
      #expect(try explained(nil).counted == total.required, "\(on) at \(position)")
      #expect(try explained(.completed).counted == total.completed, "\(on) at \(position)")
      #expect(try explained(.late).counted == total.late, "\(on) at \(position)")
      #expect(try explained(.exempted).counted == total.exempted, "\(on) at \(position)")
      #expect(try explained(.outstanding).counted == total.outstanding, "\(on) at \(position)")
      #expect(try explained(.nonCompliant).counted == total.nonCompliant, "\(on) at \(position)")
    }
    let late = try registry.explained(
      .compliance(ComplianceNumber(mandate: id("m"), standing: .late)), on: day("2022-12-31"))
    #expect(late.lines.map(\.event) == ["mandate.entered_into_force", "enrolment.completed"])
    #expect(late.lines.last?.officer == id("x2"))
    try registry.end()
  }
}

import Messages
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What is held of a skill, question by question.
struct SkillAnswerTests {
  @Test func `More training does not take a skill away`() throws {
    let advanced = Trade.completed("e1", "a", "welding", on: "2022-03-01")
    let registry = try TestRegistry.trade(
      advanced, Trade.issued("k1", to: "a", advanced, on: "2022-03-02"),
      Fixture.credential("k1", "2022-04-01", .suspended(CredentialSuspended())))
    let weld = Trade.skill("weld", 2)
    func expectHeld(_ when: Comment) throws {
      #expect(try registry.has(weld, "a", on: "2022-06-01"), when)
      #expect(try registry.found(weld, on: "2022-06-01").map(\.officer) == [id("a")], when)
      let line = try registry.gap(2, "a", on: "2022-06-01").first { $0.wanted == weld }
      #expect(line?.met == true && line?.held?.holding == .flagged, when)
    }
    try expectHeld("before")
    try registry.given(Trade.completed("e2", "a", "basics", on: "2022-05-01"))
    try expectHeld("after")
    // The profile shows both: what is held, and how much further it is held with a flag.
    let lines = try registry.profile("a", on: "2022-06-01").skills.filter { $0.skill == id("weld") }
    #expect(lines.map(\.level) == [1, 3])
    #expect(lines.map(\.holding) == [.held, .flagged])
    // A level that nothing reaches is still not held.
    #expect(try !registry.has(Trade.skill("weld", 4), "a", on: "2022-06-01"))
    try registry.end()
  }

  @Test func `Who has left the service is found when asked for, and their standing is said`() throws
  {
    let registry = try TestRegistry.trade(
      Fixture.officer("c", "3"), Fixture.officer("d", "4"),
      Trade.completed("e1", "a", "basics", on: "2022-03-01"),
      Trade.completed("e2", "b", "basics", on: "2022-03-01"),
      Trade.completed("e3", "c", "basics", on: "2022-03-01"),
      Trade.completed("e4", "d", "basics", on: "2022-03-01"),
      Fixture.proposal(
        "officer/b", "2022-07-01",
        .officer(.separated(OfficerSeparated(separation: id("retirement"))))),
      Fixture.proposal("officer/c", "2022-08-01", .officer(.died(OfficerDied()))),
      Fixture.proposal("officer/d", "2022-08-01", .officer(.leaveStarted(OfficerLeaveStarted()))))
    let weld = Trade.skill("weld", 1)
    func standings(_ on: String, includeLeft: Bool = false) throws -> [String: OfficerStatus?] {
      Dictionary(
        uniqueKeysWithValues: try registry.found(weld, on: on, includeLeft: includeLeft).map {
          ($0.officer.text, $0.standing)
        })
    }
    #expect(try standings("2022-09-01") == ["a": .active, "d": .onLeave])
    #expect(
      try standings("2022-09-01", includeLeft: true)
        == ["a": .active, "b": .separated, "c": .deceased, "d": .onLeave])
    // On a day when they served they are found as they served.
    #expect(try standings("2022-06-30").count == 4)
    // Who is asked about by name still has what they have.
    #expect(try registry.has(weld, "b", on: "2022-09-01"))
    try registry.end()
  }

  @Test func `A score below the course's mark is attendance, and an exception`() throws {
    let registry = try TestRegistry.trade(
      Trade.completed("e1", "a", "welding", on: "2022-03-01", score: 4900),
      Trade.assessed("e1", on: "2022-03-01", .proctored, score: 4900),
      Trade.completed("e2", "b", "welding", on: "2022-03-01", .merit, score: 5000),
      Trade.assessed("e2", on: "2022-03-01", .proctored, score: 5000))
    let weld = Trade.skill("weld", 3)
    let found = try registry.found(weld, on: "2022-06-01", strength: .unproctored)
    #expect(found.map(\.officer) == [id("b")])
    let profile = try registry.profile("a", on: "2022-06-01")
    #expect(profile.skills.map(\.strength) == [.attended])
    #expect(profile.trainings.map(\.belowPassMark) == [true])
    #expect(try registry.profile("b", on: "2022-06-01").trainings.map(\.belowPassMark) == [false])
    let lines = try registry.exceptions(.belowPassMark, on: day("2022-06-01"))
    #expect(lines.map(\.stream.text) == ["enrolment/e1"])
    #expect(lines.map(\.officer) == [id("a")])
    #expect(lines.first?.sentence.contains("49 %") == true)
    #expect(lines.first?.sentence.contains("50 %") == true)
    // Before it was completed there is nothing to name; asked for others it is not named.
    #expect(try registry.exceptions(.belowPassMark, on: day("2022-02-28")).isEmpty)
    #expect(
      try registry.exceptions(.unrecognisedTraining, on: day("2022-06-01")).allSatisfy {
        $0.exceptionKind == .unrecognisedTraining
      })
    try registry.end()
  }

  @Test func `A credential attests no more than the training that it rests on`() throws {
    let training = Trade.completed("e1", "a", "welding", on: "2022-03-01", score: 3000)
    var credential = Trade.issued("k1", to: "a", training, on: "2022-03-05")
    if case .credential(.issued(var given)) = credential.body {
      given.skills = [Trade.skill("weld", 4)]
      credential.body = .credential(.issued(given))
    }
    let registry = try TestRegistry.trade(
      training, Trade.assessed("e1", on: "2022-03-01", .proctored, score: 3000), credential)
    let lines = try registry.profile("a", on: "2022-06-01").skills
    #expect(lines.map(\.level) == [4])
    #expect(lines.map(\.strength) == [.attended])
    try registry.end()
  }

  @Test func `A completion stays held until its certificate is valid`() throws {
    let training = Trade.completed("e1", "a", "basics", on: "2022-03-01")
    let registry = try TestRegistry.trade(
      training,
      Trade.issued(
        "k1", to: "a", training, on: "2022-03-02", from: "2022-06-01", until: "2022-09-30"))
    let weld = Trade.skill("weld", 1)
    for (on, has) in [
      ("2022-02-28", false), ("2022-03-01", true), ("2022-03-02", true), ("2022-05-31", true),
      ("2022-06-01", true), ("2022-09-30", true), ("2022-10-01", false),
    ] {
      #expect(try registry.has(weld, "a", on: on) == has, "\(on)")
      #expect(try registry.found(weld, on: on).isEmpty == !has, "\(on)")
    }
    // What is revoked before it is valid is not held, and neither is it by another to come.
    try registry.given(Fixture.credential("k1", "2022-04-01", .revoked(CredentialRevoked())))
    #expect(try registry.has(weld, "a", on: "2022-03-31"))
    #expect(try !registry.has(weld, "a", on: "2022-04-01"))
    try registry.given(
      Trade.issued("k2", to: "a", training, on: "2022-04-10", from: "2022-08-01"))
    #expect(try !registry.has(weld, "a", on: "2022-07-31"))
    #expect(try registry.has(weld, "a", on: "2022-08-01"))
    try registry.end()
  }

  @Test func `A renewal of what has no end says nothing, also as a correction`() throws {
    let training = Trade.completed("e1", "a", "basics", on: "2022-03-01")
    let suspended = Fixture.credential("k1", "2022-04-01", .suspended(CredentialSuspended()))
    let registry = try TestRegistry.trade(
      training, Trade.issued("k1", to: "a", training, on: "2022-03-02"), suspended)
    let renewed = CredentialEvent.renewed(CredentialRenewed(validUntil: day("2022-12-31")))
    let alone = try registry.record([Fixture.credential("k1", "2022-04-02", renewed)])
    #expect(alone.map(\.isUnchanged) == [true])
    try registry.given(
      Fixture.proposal(
        "credential/k1", "2022-04-01", .credential(renewed), corrects: suspended.eventID))
    let reply = try registry.verify("k1", on: day("2023-06-01"))
    #expect(reply.status == .valid && reply.validUntil == nil)
    #expect(try registry.has(Trade.skill("weld", 1), "a", on: "2023-06-01"))
    try registry.end()
  }

  @Test func `Compliance counts the strength that the profile has`() throws {
    let registry = try TestRegistry.trade(
      Fixture.officer("c", "3"), Fixture.mandate("m", course: "welding"),
      Trade.completed("e1", "a", "welding", on: "2022-03-01", score: 4900),
      Trade.assessed("e1", on: "2022-03-01", .practical, score: 4900),
      Trade.completed("e2", "b", "welding", on: "2022-03-01"),
      Trade.assessed("e2", on: "2022-03-01", .practical, score: 5100),
      Trade.completed("e3", "c", "welding", on: "2022-03-01"),
      Trade.assessed("e3", on: "2022-03-01", .practical, score: 4900))
    func strengths() throws -> [Strength: UInt64] {
      let pages = try registry.compliance(
        ComplianceRequest(mandate: id("m"), on: day("2022-12-01")))
      return Dictionary(
        uniqueKeysWithValues: pages.flatMap(\.lines).flatMap(\.strengths).map {
          ($0.strength, $0.officers)
        })
    }
    #expect(try strengths() == [.attended: 2, .practical: 1])
    // Another edition has another mark; the cohort taught that one.
    try registry.given(
      Trade.course("welding", [Trade.skill("weld", 3)], passMark: 4500, edition: 2))
    #expect(try strengths() == [.attended: 2, .practical: 1])
    try registry.given(
      Fixture.proposal(
        "cohort/of-welding", "2021-01-01",
        .cohort(.planned(CohortPlanned(terms: Trade.terms("welding", edition: 2))))))
    #expect(try strengths() == [.practical: 3])
    for officer in ["a", "b", "c"] {
      #expect(
        try registry.profile(officer, on: "2022-12-01").skills.map(\.strength) == [.practical])
    }
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    #expect(try strengths() == [.practical: 3])
    for (a, b) in zip(live.tables, try registry.store.digest().tables) {
      #expect(a == b, "table \(a.table.rawValue)")
    }
    try registry.end()
  }
}

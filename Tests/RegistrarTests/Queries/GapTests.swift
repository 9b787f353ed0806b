import Messages
import Projections
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What positions and cadres ask, against what officers hold that day.
struct GapTests {
  private func requirement(
    _ whose: RequirementSet.Whose, _ level: UInt32, _ on: String = "2021-01-01"
  ) -> Proposal {
    Fixture.proposal(
      "registry/ke", on,
      .registry(
        .requirementSet(
          RequirementSet(
            whose: whose,
            skills: level == 0
              ? []
              : [SkillLevel(framework: id("ict"), skill: id("cloud"), level: level)]))))
  }

  private func officer(_ key: String, _ organisation: String, _ position: String) -> Proposal {
    Fixture.proposal(
      "officer/" + key, "2020-01-01",
      .officer(
        .registered(
          OfficerRegistered(
            posting: Posting(organisation: id(organisation), position: id(position))))),
      personal: Personal(name: "Example \(key)"))
  }

  /// a and b of moict, c of the office below it, d elsewhere; a holds level 2, b held it until
  /// 2025-03-31, c only level 1 by a paper.
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground where proposal.stream.kind != .officer {
      try registry.given(proposal)
    }
    try registry.given(
      Fixture.organisation("office"), Crowd.moved("office", under: "moict", "2020-02-01"),
      Fixture.organisation("elsewhere"),
      officer("a", "moict", "head"), officer("b", "moict", "head"),
      officer("c", "office", "head"), officer("d", "elsewhere", "head"),
      officer("e", "moict", "driver"))
    let (first, second) = (Fixture.completed("e1"), Fixture.completed("e2"))
    try registry.given(
      Fixture.enrolled("e1", "a"), first, Fixture.enrolled("e2", "b"), second,
      Fixture.issued("k2", to: "b", number: "N2", evidence: [second.eventID]),
      Fixture.proposal(
        "submission/s", "2022-01-01",
        .submission(
          .verified(
            SubmissionVerified(
              paper: Paper(
                officer: id("c"), submissionKind: .certificate,
                document: Array(repeating: 1, count: 32),
                skills: [SkillLevel(framework: id("ict"), skill: id("cloud"), level: 1)]),
              method: id("seen")))), source: true),
      requirement(.position(id("head")), 2))
    return registry
  }

  @Test func `An organisation's gap tells lapsed from too low from nothing at all`() throws {
    let registry = try ready()
    let question = GapRequest(
      whose: .organisation(id("moict")), on: day("2025-06-01"), pageSize: 1)
    let pages = try registry.pages(.gap, question, GapPage.self)
    let lines = pages.flatMap(\.officers)
    #expect(lines.map(\.officer.text) == ["a", "b", "c"])
    #expect(lines.map { $0.skills[0].met } == [true, false, false])
    #expect(lines[1].skills[0].held?.holding == .lapsed)
    #expect(lines[1].skills[0].held?.lapsedOn == day("2025-04-01"))
    #expect(lines[2].skills[0].held?.level == 1)
    let total = try #require(pages.last?.totals.first)
    #expect((total.asked, total.met, total.lapsed, total.tooLow) == (3, 1, 1, 1))
    #expect(pages.dropLast().allSatisfy { $0.totals.isEmpty })
    // The day before it lapsed, b had it.
    let before = try registry.pages(
      .gap, GapRequest(whose: .organisation(id("moict")), on: day("2025-03-31")), GapPage.self)
    #expect(before.last?.totals.first?.met == 2)
    try registry.end()
  }

  @Test func `One officer is asked by the own position, or by another`() throws {
    let registry = try ready()
    try registry.given(requirement(.position(id("driver")), 1))
    func gap(_ officer: String, _ position: String? = nil) throws -> [GapSkill] {
      try registry.pages(
        .gap,
        GapRequest(
          whose: .officer(id(officer)), on: day("2023-01-01"), position: position.map(id)),
        GapPage.self)[0].officers[0].skills
    }
    #expect(try gap("a").map(\.met) == [true])
    #expect(try gap("e").map(\.wanted.level) == [1])
    #expect(try gap("e", "head").map(\.wanted.level) == [2])
    #expect(try gap("e", "unknown").isEmpty)
    try registry.end()
  }

  @Test func `Requirements are those of the day as known at the position`() throws {
    let registry = try ready()
    let before = try registry.store.digestPosition()
    try registry.given(requirement(.position(id("head")), 3, "2023-01-01"))
    func wanted(_ on: String, at position: UInt64? = nil) throws -> UInt32? {
      try registry.pages(
        .gap, GapRequest(whose: .officer(id("a")), on: day(on), atPosition: position),
        GapPage.self)[0].officers.first?.skills.first?.wanted.level
    }
    #expect(try wanted("2022-12-31") == 2)
    #expect(try wanted("2023-01-01") == 3)
    #expect(try wanted("2023-01-01", at: before) == 2)
    #expect(try wanted("2020-12-31") == nil)
    try registry.end()
  }

  @Test func `Nobody under an identifier is not found, and neither is an unknown officer`() throws {
    let registry = try ready()
    let refusal = #expect(throws: CallStatus.self) {
      _ = try registry.pages(
        .gap, GapRequest(whose: .identifier(SchemeValue(scheme: id("pn"), value: "0"))),
        GapPage.self)
    }
    #expect(refusal?.code == .notFound)
    let unknown = #expect(throws: CallStatus.self) {
      _ = try registry.pages(.gap, GapRequest(whose: .officer(id("nobody"))), GapPage.self)
    }
    #expect(unknown?.code == .notFound && unknown?.field == "officer")
    try registry.end()
  }
}

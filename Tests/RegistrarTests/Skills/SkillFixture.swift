import Messages
import Registry

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A framework of skills, courses for them and people, for tests of what is held.
enum Trade {
  static let skills = ["weld", "braze", "join"]
  static let levels = 1...4 as ClosedRange<UInt32>

  static func skill(_ code: String, _ level: UInt32) -> SkillLevel {
    SkillLevel(framework: id("trade"), skill: id(code), level: level)
  }

  static func framework(_ key: String, _ skills: [(String, UInt32)]) -> Proposal {
    Fixture.proposal(
      "framework/" + key, "2018-01-01",
      .framework(
        .published(
          FrameworkPublished(
            title: key, version: "1",
            skills: skills.map { Skill(code: id($0.0), title: $0.0, levels: $0.1) }))),
      source: true)
  }

  static func course(
    _ key: String, _ outcomes: [SkillLevel], passMark: UInt32 = 0, edition: UInt32 = 1
  ) -> Proposal {
    Fixture.proposal(
      "course/" + key, "2020-01-01",
      .course(
        .published(
          CoursePublished(
            edition: edition, title: key, track: .technical, outcomes: outcomes,
            passMark: passMark))))
  }

  static func terms(_ course: String, edition: UInt32 = 1) -> CohortTerms {
    CohortTerms(
      course: id(course), edition: edition, organisation: id("heta"), starts: day("2022-01-10"),
      ends: day("2022-12-31"))
  }

  static func cohort(_ course: String, edition: UInt32 = 1) -> Proposal {
    Fixture.proposal(
      "cohort/of-" + course, "2021-01-01",
      .cohort(.planned(CohortPlanned(terms: terms(course, edition: edition)))))
  }

  static func completed(
    _ key: String, _ officer: String, _ course: String, on day: String,
    _ result: CompletionResult = .passed, score: UInt32? = nil
  ) -> Proposal {
    Fixture.proposal(
      "enrolment/" + key, day,
      .enrolment(
        .completed(
          EnrolmentCompleted(
            seat: Fixture.seat(officer, "of-" + course), result: result, score: score))),
      source: true)
  }

  static func assessed(
    _ key: String, on day: String, _ mode: AssessmentMode, score: UInt32?, code: String = "x"
  ) -> Proposal {
    Fixture.proposal(
      "enrolment/" + key, day,
      .enrolment(.assessed(EnrolmentAssessed(assessment: id(code), mode: mode, score: score))))
  }

  static func issued(
    _ key: String, to officer: String, _ evidence: Proposal, on day: String, from: String? = nil,
    until: String? = nil
  ) -> Proposal {
    Fixture.proposal(
      "credential/" + key, day,
      .credential(
        .issued(
          CredentialIssued(
            holder: id(officer), issuer: id("heta"), number: "N-" + key, courses: [id("welding")],
            awardedOn: Registry.Day(day)!, validFrom: Registry.Day(from ?? day)!,
            validUntil: until.flatMap { Registry.Day($0) }, evidence: [evidence.eventID]))))
  }

  static func replaced(
    _ skill: String, by other: String, on day: String, in framework: String = "trade"
  ) -> Proposal {
    Fixture.proposal(
      "framework/" + framework, day,
      .framework(.skillReplaced(FrameworkSkillReplaced(skill: id(skill), by: id(other)))))
  }

  /// One position a level, which asks each skill at that level.
  static func requirements() -> [Proposal] {
    levels.map { level in
      Fixture.proposal(
        "registry/ke", "2020-01-01",
        .registry(
          .requirementSet(
            RequirementSet(
              whose: .position(id("at\(level)")),
              skills: skills.filter { level <= ($0 == "join" ? 2 : 4) }.map { skill($0, level) }))))
    }
  }

  static var ground: [Proposal] {
    [
      Fixture.established(), Fixture.organisation("moict", [.ministry, .employer]),
      Fixture.organisation("heta", [.trainingPartner]),
      framework("trade", [("weld", 4), ("braze", 4), ("join", 2)]),
      course("welding", [skill("weld", 3)], passMark: 5000),
      course("basics", [skill("weld", 1), skill("braze", 1)]),
      course("brazing", [skill("braze", 4)]),
      course("joining", [skill("join", 2)]),
      cohort("welding"), cohort("basics"), cohort("brazing"), cohort("joining"),
      Fixture.officer("a", "1"), Fixture.officer("b", "2"),
    ]
  }
}

extension TestRegistry {
  static func trade(_ more: Proposal...) throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Trade.ground + Trade.requirements() + more { try registry.given(proposal) }
    return registry
  }

  func has(
    _ skill: SkillLevel, _ officer: String, on day: String, at position: UInt64? = nil
  ) throws -> Bool {
    try onLoop(
      .hasSkill,
      HasSkillRequest(
        who: .officer(id(officer)), skill: skill, on: Registry.Day(day), atPosition: position),
      HasSkillReply.self
    ).has
  }

  func found(
    _ skill: SkillLevel, on day: String, strength: Strength? = nil, includeLeft: Bool = false,
    at position: UInt64? = nil
  ) throws -> [OfficerHit] {
    try pages(
      .findOfficers,
      FindOfficersRequest(
        skills: [skill], strengthAtLeast: strength, on: Registry.Day(day),
        includeLeft: includeLeft, atPosition: position), FindOfficersPage.self
    ).flatMap(\.officers)
  }

  /// What the position of a level asks of an officer.
  func gap(
    _ level: UInt32, _ officer: String, on day: String, at position: UInt64? = nil
  ) throws -> [GapSkill] {
    try pages(
      .gap,
      GapRequest(
        whose: .officer(id(officer)), on: Registry.Day(day), position: id("at\(level)"),
        atPosition: position), GapPage.self
    ).flatMap(\.officers).flatMap(\.skills)
  }

  func profile(
    _ officer: String, on day: String, into: String? = nil, at position: UInt64? = nil
  ) throws -> GetProfileReply {
    try onLoop(
      .getProfile,
      GetProfileRequest(
        who: .officer(id(officer)), on: Registry.Day(day), into: into.map(id), atPosition: position),
      GetProfileReply.self)
  }
}

import Testing

@testable import Registry

@Suite struct AuthorisationRulesTests {
  let granted = Authorisation(
    status: .granted, since: .test, organisation: "school", validFrom: 2024_01_01,
    validUntil: 2025_12_31)

  private func decide(
    _ event: AuthorisationEvent, in state: Authorisation?, hasSource: Bool = true
  ) throws -> Verdict {
    try Authorisation.decide(
      event, .at(100, .authorisation, hasSource: hasSource), in: state,
      given: TestContext.furnished)
  }

  @Test func `What was granted already is unchanged`() throws {
    let again = AuthorisationEvent.granted(
      .init(organisation: "school", validFrom: 2024_01_01, validUntil: 2025_12_31))
    #expect(try decide(again, in: granted) == .unchanged(since: 7))
    #expect(
      try decide(.renewed(.init(validUntil: 2025_12_31)), in: granted) == .unchanged(since: 7))
    var scoped = granted
    scoped.scope = Scope(courses: ["cloud"])
    #expect(
      try decide(.scopeChanged(.init(scope: Scope(courses: ["cloud"]))), in: scoped)
        == .unchanged(since: 7))
  }

  @Test func `An authorisation is one centre's`() throws {
    for (status, event) in [
      (.applied, .applied(.init(organisation: "agency"))),
      (.applied, .inspected(.init(organisation: "agency"))),
      (.inspected, .inspected(.init(organisation: "agency"))),
      (.inspected, .granted(.init(organisation: "agency", validFrom: 2024_01_01))),
      (.notRequired, .notRequired(.init(organisation: "agency"))),
      (.revoked, .applied(.init(organisation: "agency"))),
    ] as [(AuthorisationStatus, AuthorisationEvent)] {
      let state = Authorisation(status: status, since: .test, organisation: "school")
      let said = try rejection { try decide(event, in: state) }
      #expect(said.code == .inconsistent, "\(event.name)")
      #expect(said.sentence.contains("school"))
    }
    #expect(
      try rejection { try decide(.inspected(.init()), in: nil) }.field
        == "authorisation.inspected.organisation")
  }

  @Test func `What an authorisation names exists`() throws {
    let inspected = Authorisation(status: .inspected, since: .test, organisation: "school")
    for (event, state) in [
      (.applied(.init(organisation: "nobody")), nil),
      (.applied(.init(organisation: "gone")), nil),
      (.notRequired(.init(organisation: "school", instrument: "no-act")), nil),
      (
        .granted(
          .init(
            organisation: "school", scope: Scope(courses: ["no-course"]), validFrom: 2024_01_01)),
        inspected
      ),
      (.scopeChanged(.init(scope: Scope(courses: ["no-course"]))), granted),
      (
        .scopeChanged(
          .init(
            scope: Scope(skills: [SkillLevel(framework: "digcomp", skill: "9.9", level: 1)]))),
        granted
      ),
    ] as [(AuthorisationEvent, Authorisation?)] {
      #expect(
        try rejection { try decide(event, in: state) }.code == .noSuchReference, "\(event.name)")
    }
  }

  @Test func `A grant ends after it begins, and a renewal later still`() throws {
    let backwards = AuthorisationEvent.granted(
      .init(organisation: "school", validFrom: 2024_01_01, validUntil: 2023_12_31))
    #expect(try rejection { try decide(backwards, in: nil) }.code == .inconsistent)
    let said = try rejection {
      try decide(.renewed(.init(validUntil: 2025_06_30)), in: granted)
    }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("2025-12-31"))
    var endless = granted
    endless.validUntil = nil
    #expect(
      try rejection { try decide(.renewed(.init(validUntil: 2025_06_30)), in: endless) }.code
        == .inconsistent)
  }

  @Test func `A source vouches for what came before a grant`() throws {
    let grant = AuthorisationEvent.granted(.init(organisation: "school", validFrom: 2024_01_01))
    let said = try rejection { try decide(grant, in: nil, hasSource: false) }
    #expect(said.code == .sourceNeeded)
    #expect(said.field == "source")
    #expect(try decide(grant, in: nil) == .record)
    // What the law does not ask for has no earlier papers.
    #expect(
      try decide(.notRequired(.init(organisation: "school")), in: nil, hasSource: false)
        == .record)
  }

  @Test func `A second application forgets what was granted before`() {
    var revoked = granted
    revoked.status = .revoked
    let state = Authorisation.evolve(
      revoked, by: .applied(.init(organisation: "school")), .at(100, .authorisation))
    #expect(state?.status == .applied)
    #expect(state?.validUntil == nil)
  }

  static let edition = CoursePublished(
    edition: 1, title: "Cloud", track: .technical, level: 2,
    outcomes: [SkillLevel(framework: "digcomp", skill: "1.1", level: 3)])

  @Test(
    arguments: [
      (nil, true),
      (Scope(), true),
      (Scope(courses: ["cloud", "network"]), true),
      (Scope(courses: ["network"]), false),
      (Scope(tracks: [.technical]), true),
      (Scope(tracks: [.nonTechnical]), false),
      (Scope(maxLevel: 2), true),
      (Scope(maxLevel: 1), false),
      (Scope(skills: [SkillLevel(framework: "digcomp", skill: "1.1", level: 3)]), true),
      (Scope(skills: [SkillLevel(framework: "digcomp", skill: "1.1", level: 2)]), false),
      (Scope(skills: [SkillLevel(framework: "digcomp", skill: "2.1", level: 8)]), false),
      (Scope(skills: [SkillLevel(framework: "other", skill: "1.1", level: 8)]), false),
      (Scope(courses: ["cloud"], tracks: [.nonTechnical]), false),
    ] as [(Scope?, Bool)])
  func `A scope covers what none of its lists leaves out`(scope: Scope?, covered: Bool) {
    var state = granted
    state.scope = scope
    #expect(state.covers("cloud", Self.edition, on: 2024_06_01) == covered)
  }

  @Test func `A course without outcomes is in no scope of skills`() {
    var state = granted
    state.scope = Scope(skills: [SkillLevel(framework: "digcomp", skill: "1.1", level: 3)])
    var edition = Self.edition
    edition.outcomes = []
    #expect(!state.covers("cloud", edition, on: 2024_06_01))
    state.scope = Scope(tracks: [.technical])
    #expect(state.covers("cloud", edition, on: 2024_06_01))
  }

  @Test func `It covers only the days from the first to the last`() {
    for (day, covered) in [
      (2023_12_31, false), (2024_01_01, true), (2025_12_31, true), (2026_01_01, false),
    ] as [(Day, Bool)] {
      #expect(granted.covers("cloud", Self.edition, on: day) == covered, "\(day.text)")
    }
    for status in AuthorisationStatus.allCases {
      var state = granted
      state.status = status
      #expect(
        state.covers("cloud", Self.edition, on: 2024_06_01)
          == (status == .granted || status == .notRequired), "\(status.name)")
    }
  }
}

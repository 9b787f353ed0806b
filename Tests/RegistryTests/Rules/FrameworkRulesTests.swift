import Testing

@testable import Registry

@Suite struct FrameworkRulesTests {
  let own = Framework(
    status: .current, since: .test, title: "Own", version: "1", licence: "CC BY 4.0",
    skills: [
      FrameworkSkill(skill: Skill(code: "a", title: "A", levels: 3)),
      FrameworkSkill(skill: Skill(code: "b", title: "B", levels: 3)),
      FrameworkSkill(skill: Skill(code: "old", title: "Old"), deprecated: true, replacedBy: "a"),
    ],
    crosswalks: [
      Crosswalk(skill: "a", relation: .close, otherFramework: "digcomp", otherSkill: "1.1")
    ])

  private func decide(
    _ event: FrameworkEvent, in state: Framework?, given context: TestContext = .furnished
  ) throws -> Verdict {
    try Framework.decide(event, .at(100, .framework), in: state, given: context)
  }

  private func asserted(
    _ relation: CrosswalkRelation, _ levels: [(UInt32, UInt32)] = [], skill: Identifier = "b",
    framework: Identifier = "digcomp", other: Identifier = "1.1"
  ) -> FrameworkEvent {
    .crosswalkAsserted(
      .init(
        crosswalk: Crosswalk(
          skill: skill, relation: relation, otherFramework: framework, otherSkill: other,
          levels: levels.map { LevelPair(level: $0.0, otherLevel: $0.1) })))
  }

  @Test func `What a framework says already is unchanged`() throws {
    let a = Skill(code: "a", title: "A", levels: 3)
    for event: FrameworkEvent in [
      .published(.init(title: "Own", version: "1", licence: "CC BY 4.0", skills: [a])),
      .skillAdded(.init(skill: a)), .skillDeprecated(.init(skill: "old")),
      .skillReplaced(.init(skill: "old", by: "a")),
      asserted(.close, skill: "a"),
      .crosswalkWithdrawn(.init(skill: "b", otherFramework: "digcomp", otherSkill: "1.1")),
    ] {
      #expect(try decide(event, in: own) == .unchanged(since: 7), "\(event.name)")
    }
  }

  @Test func `The codes of a framework's skills do not repeat`() throws {
    let skills = [Skill(code: "a", title: "A"), Skill(code: "a", title: "Another")]
    let published = FrameworkEvent.published(.init(title: "T", version: "1", skills: skills))
    var said = try rejection { try decide(published, in: nil) }
    #expect(said.code == .alreadyTaken)
    #expect(said.field == "framework.published.skills[1].code")
    said = try rejection {
      try decide(.skillAdded(.init(skill: Skill(code: "a", title: "Another"))), in: own)
    }
    #expect(said.code == .alreadyTaken)
  }

  @Test func `A skill that is named must be the framework's`() throws {
    for event: FrameworkEvent in [
      .skillDeprecated(.init(skill: "x")), .skillReplaced(.init(skill: "x", by: "a")),
      .skillReplaced(.init(skill: "a", by: "x")), asserted(.exact, skill: "x"),
      .crosswalkWithdrawn(.init(skill: "x", otherFramework: "digcomp", otherSkill: "1.1")),
    ] {
      let said = try rejection { try decide(event, in: own) }
      #expect(said.code == .notInStream, "\(event.name)")
      #expect(said.sentence.contains(" x"))
    }
  }

  @Test func `Replacements do not go round`() throws {
    #expect(
      try rejection { try decide(.skillReplaced(.init(skill: "a", by: "a")), in: own) }.code
        == .inconsistent)
    let said = try rejection {
      try decide(.skillReplaced(.init(skill: "a", by: "old")), in: own)
    }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("replaced by a"))
  }

  @Test func `A crosswalk leads to a skill of another framework`() throws {
    #expect(try decide(asserted(.exact), in: own) == .record)
    for event in [asserted(.exact, framework: "nowhere"), asserted(.exact, other: "9.9")] {
      #expect(try rejection { try decide(event, in: own) }.code == .noSuchReference)
    }
    let within = asserted(.exact, framework: "own", other: "a")
    #expect(try rejection { try decide(within, in: own) }.code == .inconsistent)
    var refold = TestContext()
    refold.checksReferences = false
    #expect(try decide(asserted(.exact, framework: "nowhere"), in: own, given: refold) == .record)
  }

  @Test(
    arguments: [
      (CrosswalkRelation.exact, [(1, 2), (2, 5), (3, 8)], true),
      (.close, [(3, 4), (1, 4)], true),
      (.narrow, [(1, 1), (3, 2)], true),
      (.related, [], true),
      (.broad, [(1, 1), (2, 1), (3, 3)], true),
      // A broader match never raises a level.
      (.broad, [(1, 1), (2, 3)], false),
      // Nor does a narrower one.
      (.narrow, [(1, 1), (2, 3)], false),
      // More for less.
      (.exact, [(1, 5), (2, 4)], false),
      (.exact, [(1, 1), (1, 2)], false),
      // No such levels.
      (.exact, [(4, 4)], false),
      (.exact, [(0, 1)], false),
      (.exact, [(1, 9)], false),
      // Related skills share no level.
      (.related, [(1, 1)], false),
    ] as [(CrosswalkRelation, [(UInt32, UInt32)], Bool)])
  func `The levels of a crosswalk are sane`(
    relation: CrosswalkRelation, levels: [(UInt32, UInt32)], allowed: Bool
  ) throws {
    let event = asserted(relation, levels)
    if allowed {
      #expect(try decide(event, in: own) == .record)
    } else {
      #expect(try rejection { try decide(event, in: own) }.code == .inconsistent)
    }
  }

  @Test func `A later crosswalk between two skills replaces the earlier`() throws {
    let state = Framework.evolve(own, by: asserted(.broad, skill: "a"), .at(100, .framework))
    #expect(state?.crosswalks.map(\.relation) == [.broad])
    let withdrawn = Framework.evolve(
      state,
      by: .crosswalkWithdrawn(.init(skill: "a", otherFramework: "digcomp", otherSkill: "1.1")),
      .at(101, .framework))
    #expect(withdrawn?.crosswalks == [])
  }
}

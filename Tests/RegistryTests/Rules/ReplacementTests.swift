import Testing

@testable import Registry

/// Where what was replaced, or is mapped to another framework, is found.
@Suite struct ReplacementTests {
  private func framework(_ skills: [(Identifier, UInt32, by: Identifier?)]) -> Framework {
    Framework(
      status: .current, since: .test, title: "Own", version: "1",
      skills: KeyedList(
        skills.map { code, levels, by in
          FrameworkSkill(
            skill: Skill(code: code, title: code.text, levels: levels), deprecated: by != nil,
            replacedBy: by)
        }))
  }

  private func ground(_ code: Identifier, _ level: UInt32) -> SkillGround {
    SkillGround(
      skill: SkillLevel(framework: "own", skill: code, level: level), strength: .practical,
      since: 2024_01_01, evidence: [.test(1)])
  }

  @Test func `A skill goes on in all that took its place, no higher than these go`() {
    let framework = framework([("a", 4, by: "b"), ("b", 2, by: "c"), ("c", 3, by: nil)])
    #expect(framework.successors(of: "a") == ["b", "c"])
    #expect(Set(framework.predecessors(of: "c")) == ["a", "b"])
    #expect(framework.predecessors(of: "a").isEmpty)
    let carried = ground("a", 3).carried(through: framework)
    #expect(carried.map(\.skill.skill) == ["b", "c"])
    #expect(carried.map(\.skill.level) == [2, 2])
    #expect(carried.allSatisfy { $0.origin?.skill.skill == "a" && $0.origin?.skill.level == 3 })
    #expect(ground("c", 3).carried(through: framework).isEmpty)
  }

  @Test func `Replacements that corrections made go round come to an end`() {
    let framework = framework([("a", 1, by: "b"), ("b", 1, by: "c"), ("c", 1, by: "b")])
    #expect(framework.successors(of: "a") == ["b", "c"])
    #expect(framework.successors(of: "b") == ["c"])
    #expect(framework.successors(of: "nowhere").isEmpty)
  }

  @Test func `Of two grounds that say the same the skill's own is the line`() {
    let framework = framework([("a", 2, by: "b"), ("b", 2, by: nil)])
    let carried = ground("a", 2).carried(through: framework)
    for grounds in [[ground("b", 2)] + carried, carried + [ground("b", 2)]] {
      #expect(SkillPolicy.first.skills(from: grounds, on: 2024_06_01).map(\.origin) == [nil])
    }
  }

  private func crosswalk(
    _ relation: CrosswalkRelation, _ levels: [(UInt32, UInt32)]
  ) -> Crosswalk {
    Crosswalk(
      skill: "a", relation: relation, otherFramework: "other", otherSkill: "x",
      levels: levels.map { LevelPair(level: $0.0, otherLevel: $0.1) })
  }

  @Test func `An exact crosswalk goes back to the least level that gives as much`() {
    let exact = crosswalk(.exact, [(1, 2), (2, 2), (3, 6)])
    #expect((1...7).map { exact.carriedBack($0) } == [nil, 1, 1, 1, 1, 3, 3])
    #expect((1...3).map { exact.carried($0) } == [2, 2, 6])
    #expect(crosswalk(.exact, []).carriedBack(5) == 5)
    for relation in CrosswalkRelation.allCases where relation != .exact {
      #expect(crosswalk(relation, []).carriedBack(3) == nil, "\(relation)")
    }
  }

  @Test func `Neither a broader nor a narrower match raises a level`() {
    for relation in [CrosswalkRelation.broad, .narrow] {
      let raising = crosswalk(relation, [(1, 1), (2, 5)])
      #expect((1...3).map { raising.carried($0) } == [1, 2, 2], "\(relation)")
    }
  }
}

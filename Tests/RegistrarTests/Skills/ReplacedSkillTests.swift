import Messages
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Skills that were replaced or deprecated, and what exact crosswalks carry over.
struct ReplacedSkillTests {
  @Test func `Who holds a skill is found under the one that took its place`() throws {
    let registry = try TestRegistry.trade(
      Trade.completed("e1", "a", "welding", on: "2022-03-01"),
      Trade.replaced("weld", by: "join", on: "2022-07-01"))
    // The day before, there is no successor.
    #expect(try !registry.has(Trade.skill("join", 1), "a", on: "2022-06-30"))
    let before = try registry.profile("a", on: "2022-06-30").skills
    #expect(before.map(\.skill) == [id("weld")] && before[0].replacedBy == nil)
    // From then on, no higher than the successor goes.
    let join = Trade.skill("join", 2)
    #expect(try registry.has(join, "a", on: "2022-07-01"))
    #expect(try !registry.has(Trade.skill("join", 3), "a", on: "2022-07-01"))
    #expect(try registry.found(join, on: "2022-07-01").map(\.officer) == [id("a")])
    let met = try registry.gap(2, "a", on: "2022-07-01").filter(\.met).map(\.wanted)
    #expect(met == [join, Trade.skill("weld", 2)])
    // What was held goes on being held under its own name, at its own level.
    #expect(try registry.has(Trade.skill("weld", 3), "a", on: "2022-07-01"))
    let lines = try registry.profile("a", on: "2022-07-01").skills
    #expect(lines.map(\.skill.text) == ["join", "weld"])
    #expect(lines.map(\.level) == [2, 3])
    #expect(lines[0].carriedFrom?.skill == id("weld") && lines[0].carriedFrom?.level == 3)
    #expect(lines[0].evidence == lines[1].evidence)
    #expect(lines[1].replacedBy == id("join") && lines[1].deprecated)
    try registry.end()
  }

  @Test func `Who asks for what was replaced means what took its place too`() throws {
    let registry = try TestRegistry.trade(
      Trade.completed("e1", "b", "joining", on: "2022-03-01"),
      Trade.replaced("weld", by: "join", on: "2022-07-01"))
    let weld = Trade.skill("weld", 2)
    #expect(try !registry.has(weld, "b", on: "2022-06-30"))
    #expect(try registry.has(weld, "b", on: "2022-07-01"))
    #expect(try registry.found(weld, on: "2022-07-01").map(\.officer) == [id("b")])
    let line = try registry.gap(2, "b", on: "2022-07-01").first { $0.wanted == weld }
    #expect(line?.met == true && line?.replacedBy == id("join"))
    #expect(line?.held?.skill == id("join"))
    try registry.end()
  }

  @Test func `A void of the replacement takes back what it carried`() throws {
    let replaced = Trade.replaced("weld", by: "braze", on: "2022-07-01")
    let registry = try TestRegistry.trade(
      Trade.completed("e1", "a", "welding", on: "2022-03-01"), replaced)
    let braze = Trade.skill("braze", 3)
    #expect(try registry.has(braze, "a", on: "2022-08-01"))
    let then = try registry.size
    try registry.given(Fixture.voided(replaced))
    #expect(try !registry.has(braze, "a", on: "2022-08-01"))
    #expect(try registry.found(braze, on: "2022-08-01").isEmpty)
    #expect(try registry.found(braze, on: "2022-08-01", at: then).map(\.officer) == [id("a")])
    try registry.end()
  }

  @Test func `A skill that is deprecated alone is shown so and held as before`() throws {
    let registry = try TestRegistry.trade(
      Trade.completed("e1", "a", "welding", on: "2022-03-01"),
      Fixture.proposal(
        "framework/trade", "2022-07-01",
        .framework(.skillDeprecated(FrameworkSkillDeprecated(skill: id("weld"))))))
    #expect(try registry.profile("a", on: "2022-06-30").skills.map(\.deprecated) == [false])
    let line = try #require(try registry.profile("a", on: "2022-07-01").skills.first)
    #expect(line.deprecated && line.replacedBy == nil && line.holding == .held)
    try registry.end()
  }

  @Test func `What is carried is explained by the training that it comes from`() throws {
    let training = Trade.completed("e1", "a", "welding", on: "2022-03-01")
    let registry = try TestRegistry.trade(
      training, Trade.replaced("weld", by: "braze", on: "2022-07-01"))
    let (lines, counted) = try registry.explained(
      .skill(SkillQuestion(officer: id("a"), framework: id("trade"), skill: id("braze"))),
      on: day("2022-08-01"))
    #expect(counted == 3)
    #expect(lines.first?.eventID == training.eventID)
    #expect(lines.first?.because.contains("weld level 3") == true)
    try registry.end()
  }

  private func crosswalk(
    _ relation: CrosswalkRelation, _ levels: [(UInt32, UInt32)] = []
  ) -> Proposal {
    Fixture.proposal(
      "framework/metal", "2020-02-01",
      .framework(
        .crosswalkAsserted(
          CrosswalkAsserted(
            crosswalk: Crosswalk(
              skill: id("fusing"), relation: relation, otherFramework: id("trade"),
              otherSkill: id("weld"),
              levels: levels.map { LevelPair(level: $0.0, otherLevel: $0.1) }
            )))))
  }

  private func carried(_ crosswalk: Proposal, _ more: Proposal...) throws -> [SkillLine] {
    let registry = try TestRegistry.trade(
      Trade.framework("metal", [("fusing", 6), ("bonding", 6)]), crosswalk,
      Trade.completed("e1", "a", "welding", on: "2022-03-01"))
    for proposal in more { try registry.given(proposal) }
    defer { try? registry.end() }
    return try registry.profile("a", on: "2022-06-01", into: "metal").skills.filter {
      $0.framework == id("metal")
    }
  }

  @Test func `An exact crosswalk goes both ways`() throws {
    // The other framework asserts it: it leads from there to here, and back.
    let lines = try carried(crosswalk(.exact, [(2, 1), (4, 2), (5, 3), (6, 3)]))
    #expect(lines.map(\.level) == [5])
    #expect(lines.map(\.carriedFrom?.relation) == [.exact])
    #expect(lines.map(\.carriedFrom?.skill) == [id("weld")])
    #expect(try carried(crosswalk(.exact)).map(\.level) == [3])
    for relation in [CrosswalkRelation.close, .broad, .narrow, .related] {
      #expect(try carried(crosswalk(relation)).isEmpty, "\(relation)")
    }
  }

  @Test func `What was replaced where it was carried to is told from where it was held`() throws {
    let replaced = Trade.replaced("fusing", by: "bonding", on: "2022-04-01", in: "metal")
    let lines = try carried(crosswalk(.exact), replaced)
    #expect(lines.map(\.skill.text) == ["bonding", "fusing"])
    #expect(lines.map(\.carriedFrom?.framework) == [id("trade"), id("trade")])
    #expect(lines.map(\.carriedFrom?.skill) == [id("weld"), id("weld")])
  }
}

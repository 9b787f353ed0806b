import Testing

@testable import Registry

@Suite struct PopulationRuleTests {
  private func check(_ steps: [RuleStep]) throws -> Rejection {
    try rejection {
      try PopulationRule(steps: steps).check("population", given: TestContext.furnished)
      return .record
    }
  }

  private static let malformed: [([RuleStep], String)] = [
    ([], "names nobody"),
    ([.allOf(2)], "only 0 stand before it"),
    ([.grade("j"), .anyOf(2)], "only 1 stand before it"),
    ([.grade("j"), .allOf(1)], "takes two"),
    ([.grade("j"), .anyOf(0)], "takes two"),
    ([.negated(true)], "nothing before it to negate"),
    ([.grade("j"), .cadre("ict")], "2 choices stand side by side"),
    ([.grade("j"), .cadre("ict"), .county("nairobi"), .allOf(2)], "2 choices stand side by side"),
    ([.everybody(false)], "leave it out, or say true"),
    ([.everybody(true), .negated(false)], "leave it out, or say true"),
    (Array(repeating: .grade("j"), count: 64) + [.allOf(64)], "at most 64 steps, not 65"),
  ]

  @Test(arguments: malformed)
  func `A rule that is no one choice is refused`(steps: [RuleStep], words: String) throws {
    let said = try check(steps)
    #expect(said.code == .inconsistent)
    #expect(said.field?.hasPrefix("population.steps") == true)
    #expect(said.sentence.contains(words), "\(said.sentence)")
    // What was refused means nobody, and asking does not trap.
    _ = PopulationRule(steps: steps).includes(.own) { $0 == $1 }
    _ = PopulationRule(steps: steps).words
  }

  @Test func `An organisation that a rule names exists`() throws {
    let said = try check([.everybody(true), .organisation("nowhere"), .allOf(2)])
    #expect(said.code == .noSuchReference)
    #expect(said.field == "population.steps[1].organisation")
  }

  @Test func `A rule of as many steps as there may be is in order`() throws {
    let steps = Array(repeating: RuleStep.grade("j"), count: 63) + [.anyOf(63)]
    try PopulationRule(steps: steps).check("population", given: TestContext.furnished)
  }

  static let posting = Posting(
    organisation: "unit", position: "clerk", cadre: "ict", grade: "J", county: "nairobi")

  @Test(arguments: [
    ("under unit", true), ("under moict", true), ("under mps", false), ("cadre ict", true),
    ("cadre hr", false), ("grade J", true), ("grade j", false), ("position clerk", true),
    ("county nairobi", true), ("everybody", true), ("not everybody", false),
    ("under moict and grade J", true), ("under moict and grade K", false),
    ("under mps or grade J", true), ("under mps or grade K", false),
    ("not (under mps or grade K)", true), ("under moict and not (grade J or cadre hr)", false),
    ("grade K and cadre hr or under moict", true), ("grade K and (cadre hr or under moict)", false),
  ])
  func `A posting is meant by what it is, and by what stands above it`(
    words: String, included: Bool
  ) throws {
    let rule = try PopulationRule(words: words)
    #expect(rule.includes(Self.posting) { $0 == $1 || ($0 == "unit" && $1 == "moict") } == included)
  }
}

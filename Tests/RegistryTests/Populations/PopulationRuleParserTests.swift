import Testing

@testable import Registry

@Suite struct PopulationRuleParserTests {
  @Test(
    arguments: [
      ("everybody", [.everybody(true)]),
      ("  under   moict ", [.organisation("moict")]),
      ("position ict-officer", [.position("ict-officer")]),
      ("county nairobi", [.county("nairobi")]),
      (
        "under moict and not (grade J or cadre ict)",
        [
          .organisation("moict"), .grade("J"), .cadre("ict"), .anyOf(2), .negated(true), .allOf(2),
        ]
      ),
      (
        "grade J or grade K and cadre ict or grade L",
        [.grade("J"), .grade("K"), .cadre("ict"), .allOf(2), .grade("L"), .anyOf(3)]
      ),
      ("not not everybody", [.everybody(true), .negated(true), .negated(true)]),
      ("((grade J))", [.grade("J")]),
      // After `under` or a kind of code the next word is a name, whatever it is.
      ("under not and cadre or", [.organisation("not"), .cadre("or"), .allOf(2)]),
    ] as [(String, [RuleStep])])
  func `Words say steps`(words: String, steps: [RuleStep]) throws {
    #expect(try PopulationRule(words: words) == PopulationRule(steps: steps))
  }

  @Test(arguments: [
    "under moict, posted on 2025-12-01", "under moict posted on 2025-12-01",
    "under moict , posted  on 2025-12-01",
  ])
  func `The posting day comes last`(words: String) throws {
    let rule = try PopulationRule(words: words)
    #expect(rule == PopulationRule(postedOn: 2025_12_01, steps: [.organisation("moict")]))
    #expect(rule.words == "under moict, posted on 2025-12-01")
  }

  @Test func `What joins something joined is printed in brackets`() throws {
    let rule = try PopulationRule(words: "grade J and cadre ict or not (county nairobi or grade K)")
    #expect(rule.words == "(grade J and cadre ict) or not (county nairobi or grade K)")
  }

  @Test(arguments: [
    ("", "The rule is empty"),
    ("   ", "The rule is empty"),
    ("under", "ends after `under`: the id of an organisation is missing"),
    ("grade", "ends after `grade`: the code of a grade is missing"),
    ("grade )", "At character 7, `)` after `grade`: the code of a grade is missing"),
    ("grade a/b", "At character 7, `a/b` after `grade`: the code of a grade is missing"),
    ("moict", "At character 1, `moict`: say `under` and an organisation"),
    ("everybody and", "ends after `and`: say `under`"),
    (
      "everybody everybody", "At character 11, `everybody` after `everybody`: choices are joined by"
    ),
    ("(everybody", "ends after `everybody`: the bracket is not closed"),
    ("everybody)", "At character 10, `)` after `everybody`"),
    ("()", "At character 2, `)` after `(`: say `under`"),
    ("not", "ends after `not`"),
    ("everybody,", "ends after `,`: a comma is followed by `posted on`"),
    ("everybody, grade J", "a comma is followed by `posted on` and a day, and by nothing else"),
    ("everybody posted 2025-12-01", "`posted` is followed by `on`"),
    ("everybody posted on 2025-02-30", "`2025-02-30` after `on`: a day is written as YYYY-MM-DD"),
    ("everybody posted on 2025-12-01 and grade J", "nothing follows the posting day"),
    ("posted on 2025-12-01", "At character 1, `posted`: say `under`"),
  ])
  func `A mistake is said with its place`(words: String, sentence: String) throws {
    let said = try rejection {
      _ = try PopulationRule(words: words)
      return .record
    }
    #expect(said.code == .malformed)
    #expect(said.sentence.contains(sentence), "\(said.sentence)")
  }

  @Test func `A rule that is too long, too deep or of too many steps is refused`() throws {
    for (words, sentence) in [
      (String(repeating: "everybody or ", count: 63) + "everybody", "more than 64 steps"),
      (
        String(repeating: "(", count: 64) + "everybody" + String(repeating: ")", count: 64),
        "nest at most 64"
      ),
      (String(repeating: "not ", count: 1000) + "everybody", "nest at most 64"),
      (String(repeating: " ", count: PopulationRule.wordsLengthMax) + "e", "at most 8192 bytes"),
    ] {
      let said = try rejection {
        _ = try PopulationRule(words: words)
        return .record
      }
      #expect(said.sentence.contains(sentence), "\(said.sentence)")
    }
    #expect(
      try PopulationRule(words: String(repeating: "not ", count: 63) + "everybody").steps.count
        == 64)
  }

  /// A rule of up to so many steps that is in order.
  private func rule(_ random: inout Seeded) -> PopulationRule {
    var rule = PopulationRule()
    let wanted = Int.random(in: 1...PopulationRule.stepsMax, using: &random)
    var depth = 0
    // What is left over is joined by one more step.
    while rule.steps.count < wanted - 1 {
      switch Int.random(in: 0..<9, using: &random) {
      case 0: rule.steps.append(.organisation("org-1"))
      case 1: rule.steps.append(.cadre("and"))
      case 2: rule.steps.append(.grade("J"))
      case 3: rule.steps.append(.position("posted"))
      case 4: rule.steps.append(.county("nairobi"))
      case 5: rule.steps.append(.everybody(true))
      case 6 where depth > 0: rule.steps.append(.negated(true))
      case 7 where depth > 1, 8 where depth > 1:
        let count = UInt32.random(in: 2...UInt32(depth), using: &random)
        rule.steps.append(Bool.random(using: &random) ? .allOf(count) : .anyOf(count))
        depth -= Int(count)
      default: continue
      }
      if case .negated = rule.steps.last { continue }
      depth += 1
    }
    if depth > 1 { rule.steps.append(.allOf(UInt32(depth))) }
    if depth == 0 { rule.steps.append(.everybody(true)) }
    if Bool.random(using: &random) {
      rule.postedOn = Day(2025_01_01).adding(days: Int.random(in: 0..<400, using: &random))
    }
    return rule
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `What is printed is read as what it was`(seed: UInt64) throws {
    var random = Seeded(seed)
    let rule = rule(&random)
    try rule.check("population", given: PermissiveContext())
    #expect(try PopulationRule(words: rule.words) == rule, "seed \(seed): \(rule.words)")
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `Any words are read or refused, never worse`(seed: UInt64) throws {
    var random = Seeded(seed)
    let some = [
      "under", "moict", "(", ")", "and", "or", "not", "grade", "J", ",", "posted", "on",
      "2025-12-01", "everybody", "ş", "`",
    ]
    let words = (0..<Int.random(in: 0..<20, using: &random)).map { _ in
      some.randomElement(using: &random)!
    }
    do throws(Rejection) {
      let rule = try PopulationRule(words: words.joined(separator: " "))
      do {
        try rule.check("population", given: PermissiveContext())
      } catch {
        Issue.record("seed \(seed): \(error.sentence)")
      }
      #expect(try! PopulationRule(words: rule.words) == rule, "seed \(seed)")
    } catch {
      #expect(error.code == .malformed, "seed \(seed)")
    }
  }
}

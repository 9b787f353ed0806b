/// A population rule in words, and back: what one writes the other reads.
///
/// ```
/// rule   = who [ [ "," ] "posted on" YYYY-MM-DD ]
/// who    = all { "or" all }
/// all    = one { "and" one }
/// one    = "not" one | "(" who ")" | "everybody"
///        | "under" organisation | ( "cadre" | "grade" | "position" | "county" ) code
/// ```
/// `under` an organisation is it with all below it; `everybody` is every officer who serves.
/// Without a posting day, the day asked about counts.
extension PopulationRule {
  /// Bytes of a rule in words, at most.
  public static let wordsLengthMax = 8192

  /// The rule in words, such as `under moict and not (grade J or cadre ict), posted on 2025-12-01`.
  ///
  /// What joins something joined stands in brackets, whether it must or not.
  public var words: String {
    var stack: [(text: String, joined: Bool)] = []
    func bracketed(_ part: (text: String, joined: Bool)) -> String {
      part.joined ? "(\(part.text))" : part.text
    }
    for step in steps {
      switch step {
      case .organisation(let id): stack.append(("under \(id.text)", false))
      case .cadre(let code), .grade(let code), .position(let code), .county(let code):
        stack.append(("\(step.name) \(code.text)", false))
      case .everybody: stack.append(("everybody", false))
      case .allOf(let count), .anyOf(let count):
        guard count > 0, stack.count >= Int(count) else { continue }
        let parts = stack.suffix(Int(count)).map(bracketed)
        stack.removeLast(Int(count))
        let word = if case .allOf = step { " and " } else { " or " }
        stack.append((parts.joined(separator: word), true))
      case .negated:
        guard let last = stack.popLast() else { continue }
        stack.append(("not \(bracketed(last))", false))
      }
    }
    return (stack.last?.text ?? "nobody") + (postedOn.map { ", posted on \($0.text)" } ?? "")
  }

  /// The rule that the words say.
  ///
  /// - Throws: a rejection, `malformed`, whose sentence says where the words make no rule.
  public init(words: some StringProtocol) throws(Rejection) {
    guard words.utf8.count <= Self.wordsLengthMax else {
      throw Rejection(
        .malformed,
        "A rule in words has at most \(Self.wordsLengthMax) bytes, not \(words.utf8.count).")
    }
    var reader = PopulationRuleParser(words)
    self = try reader.rule()
  }
}

/// A parser of one rule, token by token; tokens end at a space, a bracket or a comma.
private struct PopulationRuleParser {
  private var words: [(text: String, at: Int)] = []
  private var next = 0
  private let length: Int
  private var steps: [RuleStep] = []
  /// Brackets and negations that are open: reading them nests.
  private var depth = 0
  private static let depthMax = PopulationRule.stepsMax

  init(_ text: some StringProtocol) {
    var word = ""
    var from = 0
    var at = 0
    func end(_ words: inout [(text: String, at: Int)]) {
      if !word.isEmpty { words.append((word, from)) }
      word = ""
    }
    for character in text {
      at += 1
      switch character {
      case "(", ")", ",":
        end(&words)
        words.append((String(character), at))
      case _ where character.isWhitespace: end(&words)
      default:
        if word.isEmpty { from = at }
        word.append(character)
      }
    }
    end(&words)
    length = at
  }

  private var word: String? { next < words.count ? words[next].text : nil }

  private mutating func take(_ text: String) -> Bool {
    guard word == text else { return false }
    next += 1
    return true
  }

  /// What was met where something else should stand.
  private func refuse(_ wanted: String) -> Rejection {
    let after = next > 0 ? " after `\(words[next - 1].text)`" : ""
    guard next < words.count else {
      return Rejection(.malformed, "The rule ends\(after): \(wanted).")
    }
    return Rejection(
      .malformed, "At character \(words[next].at), `\(shown(words[next].text))`\(after): \(wanted)."
    )
  }

  private func shown(_ text: String) -> String {
    text.count <= 64 ? text : text.prefix(64) + "…"
  }

  mutating func rule() throws(Rejection) -> PopulationRule {
    guard !words.isEmpty else {
      throw Rejection(.malformed, "The rule is empty: \(Self.choices).")
    }
    try who()
    var posted: Day?
    let comma = take(",")
    if take("posted") {
      guard take("on") else { throw refuse("`posted` is followed by `on` and a day") }
      guard let text = word, let day = Day(text) else {
        throw refuse("a day is written as YYYY-MM-DD")
      }
      next += 1
      posted = day
    } else if comma {
      throw refuse("a comma is followed by `posted on` and a day, and by nothing else")
    }
    guard next == words.count else {
      throw refuse(
        posted == nil
          ? "choices are joined by `and` or `or`, and `posted on` ends the rule"
          : "nothing follows the posting day")
    }
    return PopulationRule(postedOn: posted, steps: steps)
  }

  private mutating func who() throws(Rejection) {
    var count: UInt32 = 0
    repeat {
      try all()
      count += 1
    } while take("or")
    if count > 1 { try add(.anyOf(count)) }
  }

  private mutating func all() throws(Rejection) {
    var count: UInt32 = 0
    repeat {
      try one()
      count += 1
    } while take("and")
    if count > 1 { try add(.allOf(count)) }
  }

  private mutating func one() throws(Rejection) {
    guard depth < Self.depthMax else {
      throw refuse("brackets and `not` nest at most \(Self.depthMax) deep")
    }
    depth += 1
    defer { depth -= 1 }
    guard let word else { throw refuse(Self.choices) }
    switch word {
    case "not":
      next += 1
      try one()
      try add(.negated(true))
    case "(":
      next += 1
      try who()
      guard take(")") else { throw refuse("the bracket is not closed: `)` is missing") }
    case "everybody":
      next += 1
      try add(.everybody(true))
    case "under": try add(.organisation(named()))
    case "cadre": try add(.cadre(named()))
    case "grade": try add(.grade(named()))
    case "position": try add(.position(named()))
    case "county": try add(.county(named()))
    default: throw refuse(Self.choices)
    }
  }

  private mutating func named() throws(Rejection) -> Identifier {
    let choice = words[next].text
    next += 1
    guard let word, let name = Identifier(word) else {
      throw refuse(
        choice == "under"
          ? "the id of an organisation is missing" : "the code of a \(choice) is missing")
    }
    next += 1
    return name
  }

  private mutating func add(_ step: RuleStep) throws(Rejection) {
    guard steps.count < PopulationRule.stepsMax else {
      throw Rejection(
        .malformed,
        "The rule has more than \(PopulationRule.stepsMax) steps; each choice, each `not`, and each "
          + "group that `and` or `or` joins is one.")
    }
    steps.append(step)
  }

  private static let choices =
    "say `under` and an organisation, `cadre`, `grade`, `position` or `county` and a code, "
    + "`everybody`, `not`, or `(`"
}

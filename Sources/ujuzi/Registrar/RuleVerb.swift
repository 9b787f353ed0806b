import ArgumentParser
import JSON
import Messages
import Registry

/// What the rules of this build are, without a server.
struct RuleVerb: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rule",
    abstract: "A rule for who is meant: as events say it, and in words.",
    discussion: """
      Example: ujuzi rule 'under moict and not (grade J or cadre ict), posted on 2025-12-01'
               ujuzi rule '{"steps":[{"grade":"J"},{"negated":true}]}'

      Choices: under ORGANISATION (with all below it), cadre CODE, grade CODE, position CODE,
      county CODE, everybody; joined by and, or, not and brackets, `and` before `or`. `posted on`
      names the day whose postings count; without it, the day asked about counts.

      The first line is what a mandate's `population` holds in a file for `ujuzi record`.
      """)

  @Argument(help: "The rule, in words or as JSON, quoted as one argument.") var rule: [String]

  func run() throws {
    let text = rule.joined(separator: " ")
    let rule: PopulationRule
    if text.hasPrefix("{") {
      rule = try Codec.decode(
        PopulationRule.self,
        from: JSONMapping.bytes(of: "PopulationRule", JSONText(text.utf8)), limits: .standard)
      try rule.check()
    } else {
      rule = try PopulationRule(words: text)
    }
    Output.line(try JSONMapping.text(of: "PopulationRule", Codec.encode(rule)).text)
    Output.line(rule.words)
  }
}

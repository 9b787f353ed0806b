import ArgumentParser
import Messages
import Registry

struct ExplainCompliance: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compliance", abstract: "A number of a mandate's table.",
    discussion: """
      Example: ujuzi explain compliance rw-ai-2025 --organisation mineduc --standing late
      """)

  @Argument(help: "The mandate's id.") var mandate: Identifier
  @Option(help: "Only who is posted there.") var organisation: Identifier?
  @Flag(help: "With all organisations below it.") var below = false
  @Option(help: "outstanding, completed, late, exempted or non_compliant.")
  var standing: String?
  @OptionGroup var explain: ExplainOptions

  func run() async throws {
    let standing = try standing.map {
      try CLIError.named($0, "standing", DutyStanding.allCases, \.name)
    }
    let number = ComplianceNumber(
      mandate: mandate, organisation: organisation, below: below, standing: standing)
    try await explain.explain(.compliance(number)) { "adds up to \($0) officers" }
  }
}

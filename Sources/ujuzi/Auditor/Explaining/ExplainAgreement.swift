import ArgumentParser
import Messages
import Registry

struct ExplainAgreement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement", abstract: "A number of an agreement.",
    discussion: """
      Example: ujuzi explain agreement gok-huawei-2022 people
               ujuzi explain agreement gok-huawei-2022 completions --programme pilot
      """)

  @Argument(help: "The agreement's id.") var agreement: Identifier
  @Argument(help: "people, completions, awards, enrolled or reported.") var figure: String
  @Option(help: "Only what is counted under it.") var programme: Identifier?
  @OptionGroup var explain: ExplainOptions

  func run() async throws {
    let figure = try CLIError.named(figure, "figure", AgreementFigure.allCases, \.name)
    let number = AgreementNumber(agreement: agreement, figure: figure, programme: programme)
    try await explain.explain(.agreement(number)) { "adds up to \($0) \(figure.name)" }
  }
}

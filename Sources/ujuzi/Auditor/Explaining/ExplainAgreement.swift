import ArgumentParser
import Messages
import Registry

extension AgreementFigure: ExpressibleByArgument {
  public static var allValueStrings: [String] { allCases.map(\.name) }

  public init?(argument: String) {
    guard let found = Self.allCases.first(where: { $0.name == argument }) else { return nil }
    self = found
  }
}

struct ExplainAgreement: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "agreement", abstract: "A number of an agreement.",
    discussion: """
      Example: ujuzi explain agreement gok-huawei-2022 people
               ujuzi explain agreement gok-huawei-2022 completions --programme pilot
      """)

  @Argument(help: "The agreement's id.") var agreement: Identifier
  @Argument(help: "people, completions, awards, enrolled or reported.") var figure: AgreementFigure
  @Option(help: "Only what is counted under it.") var programme: Identifier?
  @OptionGroup var explain: ExplainOptions

  func run() async throws {
    let number = AgreementNumber(agreement: agreement, figure: figure, programme: programme)
    try await explain.explain(.agreement(number)) { "adds up to \($0) \(figure.name)" }
  }
}

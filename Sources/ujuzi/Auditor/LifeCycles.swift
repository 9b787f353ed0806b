import ArgumentParser
import Messages
import Registry

struct LifeCycles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "life-cycles",
    abstract: "What every event does in every state, as Markdown tables.",
    discussion: """
      Example: ujuzi life-cycles > Protos/LIFECYCLES.md
               ujuzi life-cycles mandate
      """)

  @Argument(help: "One kind of stream, such as agreement; all of them when none is named.")
  var kind: String?

  func run() throws {
    guard let kind else { return print(LifeCycleTable.document, terminator: "") }
    guard let kind = StreamKind(rawValue: kind) else {
      throw CLIError(
        "\(kind) is no kind of stream: "
          + StreamKind.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    print(LifeCycleTable.of(kind).markdown, terminator: "")
  }
}

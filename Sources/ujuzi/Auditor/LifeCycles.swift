import ArgumentParser
import Messages
import Registry

struct LifeCycles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "life-cycles",
    abstract: "What every event does in every state, as Markdown tables.",
    discussion: """
      Example: ujuzi life-cycles mandate
      """)

  @Argument(help: "One kind of stream, such as agreement; all of them when none is named.")
  var kind: KindArgument?

  func run() throws {
    guard let kind else { return Output.text(LifeCycleTable.document) }
    Output.text(LifeCycleTable.of(try kind.known()).markdown)
  }
}

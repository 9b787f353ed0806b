import ArgumentParser
import Messages
import Registry

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Every event of a stream, and what became of it.",
    discussion: "Example: ujuzi history agreement/gok-huawei-2022")

  @Argument(help: "The stream, KIND/ID.") var stream: StreamArgument
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = StreamHistoryRequest(stream: try stream.known())
    try await options.pages(.streamHistory, question, StreamHistoryPage.self) { page in
      for line in page.lines {
        Output.line(try TextOutput.event(line.event) + TextOutput.disposition(line))
      }
    }
  }
}

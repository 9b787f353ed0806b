import ArgumentParser
import Messages
import Registry

struct History: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Every event of a stream, and what became of it.",
    discussion: "Example: ujuzi history agreement/gok-huawei-2022")

  @Argument(help: "The stream, KIND/ID.") var stream: StreamID
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var events = 0
    try await options.stream(
      .streamHistory, StreamHistoryRequest(stream: stream), StreamHistoryPage.self
    ) { page in
      for line in page.lines {
        events += 1
        Output.line(try TextOutput.event(line.event) + TextOutput.disposition(line))
      }
    }
    if events == 0, !options.json {
      Output.line("\(stream.text) has no events.")
      throw ExitCode(1)
    }
  }
}

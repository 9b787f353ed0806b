import ArgumentParser
import Registry

struct ExplainStream: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stream", abstract: "Any line that names a stream: a training, a credential, …",
    discussion: "Example: ujuzi explain credential/1f0c…")

  @Argument(help: "The stream, KIND/ID.") var stream: StreamArgument
  @OptionGroup var explain: ExplainOptions

  func run() async throws { try await explain.explain(.stream(try stream.known())) { _ in nil } }
}

import ArgumentParser
import Registry

struct RestoreVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Say that a voided event stands again; shows first what would change.",
    discussion: "Example: ujuzi restore 6f1d… --reason was_right --yes")

  @Argument(help: "The event's id.") var event: EventID
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    try await change.act(on: event, .restored(Restored()), reason: reason)
  }
}

import ArgumentParser
import Registry

struct VoidVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "void",
    abstract: "Say that an event no longer stands; shows first what would change.",
    discussion: "Example: ujuzi void 6f1d… --reason entered_in_error --yes")

  @Argument(help: "The event's id.") var event: EventID
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    try await change.act(on: event, .voided(Voided()), reason: reason)
  }
}

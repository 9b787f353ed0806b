import ArgumentParser
import Imports
import Messages
import Registry

struct SettleVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle",
    abstract: "Say what became of a finding that `exceptions` names.",
    discussion: """
      Example: ujuzi settle 6f1d… --finding after_separation --accepted --reason retired_trainer --yes
               ujuzi settle 6f1d… --finding below_pass_mark --corrected --reason mark_mended --yes

      Accepted: it is so all the same. Corrected: another event mended it, and it is so no longer. A \
      finding that is so again is open again.
      """)

  enum Outcome: String, EnumerableFlag {
    case accepted, corrected

    var settled: FindingOutcome {
      switch self {
      case .accepted: .accepted
      case .corrected: .corrected
      }
    }
  }

  @Argument(help: "The id of the event that the finding is of.") var event: EventID
  @Option(help: "The kind of finding, as `exceptions` names it.") var finding: String
  @Flag(help: "What became of it.") var outcome: Outcome
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    let kind = try CLIError.named(finding, "kind of finding", FindingKind.allCases, \.name)
    let client = try await change.options.connect()
    let status = try await client.ask(.status, StatusRequest(), StatusReply.self)
    guard let registry = Identifier(status.jurisdiction) else {
      throw CLIError.noSuch("The registry is not established, so it has no findings.")
    }
    let day = try await client.day(nil)
    try await change.change(
      [
        Proposal(
          eventID: DerivedID.random(), stream: StreamID(.registry, registry), effective: day,
          reason: reason,
          body: .registry(
            .findingSettled(
              FindingSettled(finding: kind, event: event, outcome: outcome.settled))))
      ], client)
  }
}

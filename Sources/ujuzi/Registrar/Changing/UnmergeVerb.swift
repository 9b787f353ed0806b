import ArgumentParser
import Imports
import Registry

struct UnmergeVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "unmerge",
    abstract:
      "Say that two merged records were two people after all; shows first what would change.",
    discussion: """
      Example: ujuzi unmerge 7f3c2a… --to-this credential/1f0c… --reason wrong_person --yes

      Each record keeps what was recorded under its own id, but for the streams that are named.
      """)

  @Argument(help: "The id of the record that was merged.") var officer: Identifier
  @Option(
    name: .customLong("to-this"), parsing: .upToNextOption,
    help: "Streams that name the survivor and are this officer's.")
  var toThis: [StreamArgument] = []
  @Option(
    name: .customLong("to-survivor"), parsing: .upToNextOption,
    help: "Streams that name this officer and are the survivor's.")
  var toSurvivor: [StreamArgument] = []
  @Option(help: "The day from which on (default: today).", transform: Day.argument) var on: Day?
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    let (toThis, toSurvivor) = (
      try toThis.map { try $0.known() }, try toSurvivor.map { try $0.known() }
    )
    let client = try await change.options.connect()
    let day = try await client.day(on)
    try await change.change(
      [
        Proposal(
          eventID: DerivedID.random(), stream: StreamID(.officer, officer),
          effective: day, reason: reason,
          body: .officer(
            .mergeReversed(OfficerMergeReversed(toThis: toThis, toSurvivor: toSurvivor))))
      ], client)
  }
}

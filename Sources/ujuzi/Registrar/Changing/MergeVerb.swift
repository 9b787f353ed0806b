import ArgumentParser
import Imports
import Messages
import Registry

struct MergeVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Say that two officers' records are of one person; shows first what would change.",
    discussion: """
      Example: ujuzi merge 7f3c2a… 91bd04… --reason registered_twice --yes

      What the first record has is found under the second from that day on. Nothing is moved in the
      log: `ujuzi unmerge` undoes it.
      """)

  @Argument(help: "The record that is merged: its id, or SCHEME:VALUE.") var officer: WhoArgument
  @Argument(help: "The record under which the person is found from then on.")
  var survivor: WhoArgument
  @Option(help: "The day from which on (default: today).", transform: Day.argument) var on: Day?
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    let merged = try await officer.resolved(change.options, on: on)
    let found = try await survivor.resolved(change.options, on: on)
    let client = try await change.options.connect()
    let day = try await client.day(on)
    try await change.change(
      [
        Proposal(
          eventID: DerivedID.random(), stream: StreamID(.officer, merged),
          effective: day, reason: reason,
          body: .officer(.mergedInto(OfficerMergedInto(officer: found))))
      ], client)
  }
}

import ArgumentParser
import Imports
import Messages
import Registry

struct DuplicatesVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "duplicates",
    abstract: "Officers' records that may be of one person: same name, or same contact.",
    discussion: """
      Example: ujuzi duplicates
               ujuzi duplicates --csv > look-at-these.csv

      Look at them with `ujuzi profile`, then merge with `ujuzi merge`.
      """)

  @Flag(help: "Print CSV, a line an officer.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var groups = 0
    if csv, !options.json { Output.line(CSVOutput.line(["group", "alike", "officer"])) }
    try await options.stream(.duplicates, DuplicatesRequest(), DuplicatesPage.self) { page in
      Output.progress(page.progress)
      for group in page.groups {
        groups += 1
        if csv {
          for officer in group.officers {
            Output.line(CSVOutput.line(["\(groups)", group.alike, officer.text]))
          }
        } else {
          Output.line(
            "same \(group.alike): " + group.officers.map(\.text).joined(separator: "  "))
        }
      }
    }
    if !options.json, !csv { Output.line("\(groups) groups") }
  }
}

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
  @Option(help: "The day from which on (default: today).") var on: Day?
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    let merged = try await officer.resolved(change.options)
    let found = try await survivor.resolved(change.options)
    let client = try await change.options.connect()
    try await change.change(
      [
        Proposal(
          eventID: DerivedID.random(), stream: StreamID(.officer, merged),
          effective: on ?? .localToday, reason: reason,
          body: .officer(.mergedInto(OfficerMergedInto(officer: found))))
      ], client)
  }
}

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
  var toThis: [StreamID] = []
  @Option(
    name: .customLong("to-survivor"), parsing: .upToNextOption,
    help: "Streams that name this officer and are the survivor's.")
  var toSurvivor: [StreamID] = []
  @Option(help: "The day from which on (default: today).") var on: Day?
  @Option(help: "Why, as a code.") var reason: Identifier
  @OptionGroup var change: ChangeOptions

  func run() async throws {
    let client = try await change.options.connect()
    try await change.change(
      [
        Proposal(
          eventID: DerivedID.random(), stream: StreamID(.officer, officer),
          effective: on ?? .localToday, reason: reason,
          body: .officer(
            .mergeReversed(OfficerMergeReversed(toThis: toThis, toSurvivor: toSurvivor))))
      ], client)
  }
}

import ArgumentParser
import Imports
import Messages
import Registry
import UjuziClient

struct ImportCrosswalks: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "crosswalks",
    abstract: "Crosswalks from one framework to others, from a CSV: only what changed.",
    discussion: """
      Example: ujuzi import crosswalks map.csv --id ict --reference 'letter MPS/4/2024'

      Columns: skill,relation,other_framework,other_skill,level,other_level. A relation is one of
      SKOS: exact, close, broad, narrow, related. The rows of two skills are one crosswalk, each
      with a pair of levels.
      """)

  @Option(help: "The framework that the crosswalks lead from.") var id: Identifier
  @Option(help: "Who says so: a file number, a letter's reference.") var reference: String?
  @Option(help: "The day from which they hold (default: today).", transform: Day.argument) var on:
    Day?
  @OptionGroup var given: FileOptions

  func run() async throws {
    try await given.read { input, client, report in
      report.advice = "mend the file and send it whole"
      let file = try CrosswalkFile(input.text())
      let known = try await client.state(of: StreamID(.framework, id)).state?.framework
      guard let known else { throw CLIError.noSuch("There is no framework \(id.text).") }
      var changes: [(line: Int, event: Result<FrameworkEvent, Rejection>?)] = []
      for (line, problem) in file.problems { changes.append((line, .failure(problem))) }
      for entry in file.entries {
        let isSaid = known.crosswalks[entry.crosswalk.listKey] == entry.crosswalk
        changes.append(
          (
            entry.line,
            isSaid
              ? nil
              : .success(.crosswalkAsserted(CrosswalkAsserted(crosswalk: entry.crosswalk)))
          ))
      }
      for (line, event) in changes where event == nil { report.unchanged(line: line) }
      let day = try await client.day(on)
      try await record(
        changes.compactMap { change in change.event.map { (change.line, $0) } }, of: id,
        on: day,
        Source(
          system: Identifier("file"), reference: reference ?? input.name,
          sha256: try input.sha256()), client, report, dryRun: given.dryRun)
    }
  }
}

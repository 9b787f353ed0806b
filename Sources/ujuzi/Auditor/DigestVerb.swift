import ArgumentParser
import EventLog
import Foundation
import Projections
import RegistryStorage

struct DigestVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: "A digest of every projection, as it was when the log had so many events.",
    discussion: """
      Example: ujuzi digest --data ./registry                     (with no server on that folder)
               ujuzi digest --data ./registry --at-position 1000

      Everything is computed from the log alone. Two auditors who hold the same log get the same
      lines; the table `identifiers` needs the officers' keys.
      """)

  @Option(help: "The registry's folder.") var data: String
  @Option(name: .customLong("master-key"), help: "The file of the master key (default: DATA.key).")
  var masterKey: String?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As of so many events (default: all).", transform: WholeNumber.argument)
  var atPosition: UInt64?

  func run() async throws {
    let store = try RegistryOpener.store(
      data: data, masterKey: masterKey, mapSizeGiB: 256, logLevel: .error)
    let position = atPosition ?? store.events
    guard position <= store.events else {
      let events = store.events
      try store.close()
      throw CLIError("The log has \(events) events.")
    }
    let found = try store.digest(at: position)
    try store.close()
    for table in found.tables {
      Output.line(
        "\(Hex.text(table.sha256))  \(table.table.rawValue), \(table.rows) \(table.rows == 1 ? "row" : "rows")"
      )
    }
    Output.line("\(found.hex)  all, as of \(position) events")
  }
}

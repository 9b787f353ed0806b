import ArgumentParser
import EventLog
import Foundation
import Projections
import RegistryStorage

struct DigestVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: "A digest of the log and of every projection, when the log had so many events.",
    discussion: """
      Example: ujuzi digest --data ./registry                     (with no server on that folder)
               ujuzi digest --data ./registry --at-position 1000

      Everything is computed from the log alone, in a folder under --scratch, which goes again;
      nothing in the registry's folder is written. Two auditors who hold the same log, by whatever
      way it came to them, get the same lines. It covers:

        events  every byte of each event as ReadLog gives it: what happened and when, who recorded
                it, its source and authority, and the SHA-256 of what was sealed with it. It is the
                SHA-256 of the events' SHA-256, one behind the other
        tables  the rows that are computed from the events; ids and identifiers need the vault
        views   all tables: what ViewDigest and `ujuzi rebuild` say
        all     the events and the views

      Not covered are what is sealed itself (it may be erased), and the officers' keys.
      """)

  @Option(help: "The registry's folder.") var data: String
  @Option(name: .customLong("master-key"), help: "The file of the master key (default: DATA.key).")
  var masterKey: String?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As of so many events (default: all).", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @OptionGroup var scratch: ScratchOption

  func run() async throws {
    let registry = try RegistryOpener.inspection(
      data: data, masterKey: masterKey, scratch: scratch)
    defer { registry.close() }
    let position = atPosition ?? registry.events
    guard position <= registry.events else {
      throw CLIError("The log has \(registry.events) events.")
    }
    let found = try registry.digest(at: position)
    func line(_ digest: [UInt8], _ what: String) { Output.line("\(Hex.text(digest))  \(what)") }
    line(found.events, "events, \(position)")
    for table in found.tables {
      line(
        table.sha256, "\(table.table.rawValue), \(table.rows) \(table.rows == 1 ? "row" : "rows")")
    }
    line(found.views, "views, all tables")
    line(found.all, "all, as of \(position) events")
  }
}

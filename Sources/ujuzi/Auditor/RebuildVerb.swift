import ArgumentParser
import Foundation
import Logging
import NIOPosix
import Projections
import Tracing

struct RebuildVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Compute every view again from the log, and compare with what was there.",
    discussion: """
      Example: ujuzi rebuild --data ./registry   (with no server on that folder)

      The views are computed from the log alone. Where those that were there cannot be read, they
      are replaced, and it is said that there was nothing to compare with.

      Exit status 0: computed, and equal to what was there or nothing to compare with; 1: computed,
      and different; 2: the log is damaged, or could not be read.
      """)

  @Option(help: "The registry's folder.")
  var data: String
  @Option(name: .customLong("master-key"), help: "The file of the master key (default: DATA.key).")
  var masterKey: String?
  @Option(
    name: .customLong("memory-mib"),
    help: "Memory for events and rows, in MiB; what is more goes to files beside the views.")
  var memoryMiB = 256

  func run() async throws {
    guard (1...1_048_576).contains(memoryMiB) else {
      throw CLIError("--memory-mib is in MiB, 1 to 1048576.")
    }
    let store = try RegistryOpener.store(
      data: data, masterKey: masterKey, mapSizeGiB: 256, rebuild: true, rebuildMemoryMiB: memoryMiB,
      logLevel: .error)
    let seconds = max(store.openingSeconds, 0.001)
    let after = try store.digest()
    try store.close()
    Output.line(
      "rebuilt \(after.asOf) events in \(String(format: "%.2f", seconds)) s "
        + "(\(Int(Double(after.asOf) / seconds)) events/s)")
    Output.line("digest  \(after.hex)")
    if store.keptNumbers > 0 {
      Output.line(
        "kept    \(store.keptNumbers) numbers of officers whose keys are damaged: they cannot be "
          + "computed; put a backup of the vault in its place")
    }
    let before: [Views.Digest]
    switch store.replaced {
    case .tables(let tables): before = tables
    case .nothing(let reason):
      return Output.line("there was nothing to compare with: \(reason)")
    case nil: return
    }
    guard before == after.tables else {
      Output.line("DIFFERENT from what was there")
      for table in after.tables where !before.contains(table) {
        let rows = before.first { $0.table == table.table }?.rows ?? 0
        Output.line("  table \(table.table.rawValue): \(rows) rows, now \(table.rows)")
      }
      throw ExitCode.negative
    }
    Output.line("equal to what was there, key for key and value for value")
  }
}

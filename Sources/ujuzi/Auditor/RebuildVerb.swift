import ArgumentParser
import Foundation
import Projections
import Recording
import Registry
import RegistryStorage

struct RebuildVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Compute every view again from the log, and compare with those in use.",
    discussion: """
      Example: ujuzi rebuild --data ./registry           (with no server on that folder)
               ujuzi rebuild --data ./registry --check   (writes nothing there, not a folder)

      The views are computed from the log alone. Where those in use can be compared with that they
      stay, equal or different: --replace puts the rebuilt in their place. Where they cannot be used
      (missing, damaged, copied, of another program), there is nothing to compare with, and the
      rebuilt views take their place. Nor is a rebuild compared with a rebuild: views that were
      computed so at a start, with nothing recorded since, are \"not compared\".

      --check computes in a folder under --scratch, which goes again.

      Exit status 0: equal to what was in use; 1: different; 2: the log is damaged, or could not be
      read; 3: computed, and not compared.
      """)

  @Option(help: "The registry's folder.")
  var data: String
  @Option(name: .customLong("master-key"), help: "The file of the master key (default: DATA.key).")
  var masterKey: String?
  @Option(
    name: .customLong("memory-mib"),
    help: "Memory for events and rows, in MiB; what is more goes to files beside the views.")
  var memoryMiB = 256
  @Flag(help: "Only compare: nothing in the registry's folder is written or made.")
  var check = false
  @Flag(help: "Put the rebuilt views in the place of those in use, whatever they are.")
  var replace = false
  @OptionGroup var scratch: ScratchOption

  func run() async throws {
    guard (1...1_048_576).contains(memoryMiB) else {
      throw CLIError("--memory-mib is in MiB, 1 to 1048576.")
    }
    guard !check || !replace else {
      throw CLIError("Choose --check, which writes nothing, or --replace.")
    }
    let found = try check ? checked() : rebuilt()
    Output.line(found.head)
    for line in found.tail { Output.line(line) }
    if found.status != .answered { throw ExitCode(found.status.rawValue) }
  }

  private func checked() throws -> RebuildReport {
    let registry = try RegistryOpener.inspection(
      data: data, masterKey: masterKey, scratch: scratch, memoryMiB: memoryMiB)
    defer { registry.close() }
    let found = try registry.compare()
    return RebuildReport(
      events: found.position, logEnd: registry.events, seconds: found.seconds,
      computed: found.computed, inUse: found.inUse, keptNumbers: found.keptNumbers,
      isReplaced: false, isCheck: true)
  }

  private func rebuilt() throws -> RebuildReport {
    let store = try RegistryOpener.store(
      data: data, masterKey: masterKey, mapSizeGiB: 256, rebuild: true, rebuildMemoryMiB: memoryMiB,
      logLevel: .error
    ) { $0.keepsComparedViews = !replace }
    let inUse = store.replaced ?? .nothing("there were no views")
    var isReplaced = true
    if case .tables = inUse { isReplaced = replace }
    let report = RebuildReport(
      events: store.events, logEnd: store.events, seconds: store.openingSeconds,
      computed: store.computed, inUse: inUse, keptNumbers: store.keptNumbers,
      isReplaced: isReplaced, isCheck: false)
    try store.close()
    return report
  }
}

/// What a rebuild gave, held against the views in use, in words.
struct RebuildReport {
  /// Computed so far.
  var events: LogPosition
  var logEnd: LogPosition
  var seconds: Double
  var computed: [Views.Digest]
  var inUse: ReplacedViews
  var keptNumbers: Int
  var isReplaced: Bool
  /// Nothing was to be put right.
  var isCheck: Bool

  private enum Verdict {
    case equal, different([Views.Digest])
    case notCompared(String)
  }

  private var verdict: Verdict {
    switch inUse {
    case .nothing(let reason): .notCompared(reason)
    case .tables(_, let known) where known >= events && events > 0:
      .notCompared(
        "those in use were computed by a rebuild too, and nothing was recorded since")
    case .tables(let tables, _): tables == computed ? .equal : .different(tables)
    }
  }

  var status: ExitStatus {
    switch verdict {
    case .equal: .answered
    case .different: .negative
    case .notCompared: .notCompared
    }
  }

  var head: String {
    let seconds = max(seconds, 0.001)
    return "rebuilt \(events) events in \(String(format: "%.2f", seconds)) s "
      + "(\(Int(Double(events) / seconds)) events/s)\ndigest  "
      + RegistryStore.hex(Views.digest(of: computed))
  }

  var tail: [String] {
    var lines: [String] = []
    if keptNumbers > 0 {
      lines.append(
        "kept    \(keptNumbers) numbers of officers whose keys are damaged: they cannot be "
          + "computed; put a backup of the vault in its place")
    }
    if events < logEnd {
      lines.append(
        "the views in use know \(events) of the log's \(logEnd) events, and were computed so far")
    }
    switch verdict {
    case .equal: lines.append("equal to the views in use, key for key and value for value")
    case .notCompared(let reason): lines.append("not compared: \(reason)")
    case .different(let tables):
      lines.append("DIFFERENT from the views in use")
      for table in computed where !tables.contains(table) {
        let rows = tables.first { $0.table == table.table }?.rows ?? 0
        lines.append("  table \(table.table.rawValue): \(rows) rows, rebuilt \(table.rows)")
      }
    }
    if case .tables(_, let known) = inUse, known > 0, known < events {
      lines.append(
        "of these, the first \(known) events were computed by an earlier rebuild and not as they "
          + "were recorded: so far it is one rebuild beside another")
    }
    lines.append(fate)
    return lines
  }

  private var fate: String {
    if isCheck { return "nothing was written" }
    if isReplaced { return "the rebuilt views are in use now" }
    return status == .negative
      ? "the views in use stay: --replace puts the rebuilt in their place"
      : "the views in use stay"
  }
}

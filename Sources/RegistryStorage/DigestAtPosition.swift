import EventLog
import Files
import Messages
import Projections
import Registry
import Vault

/// Every table computed from the log alone, in a folder of its own, which goes again.
package struct ComputedViews {
  package let log: EventLog
  package let vault: Vault
  /// An existing folder, in which nobody looks for anything.
  package let scratch: String
  package var mapSizeBytes = 256 << 30
  package var memoryBytes = Rebuild.Limits().memoryMax
  package var random = RandomBytes()

  package init(log: EventLog, vault: Vault, scratch: String) {
    (self.log, self.vault, self.scratch) = (log, vault, scratch)
  }

  /// Lends the tables as they were when the log had so many events.
  package func lend<R>(to position: LogPosition, _ body: (Views) throws -> R) throws -> R {
    precondition(position <= log.end, "nobody knows what the log will be")
    let path = scratch + "/ujuzi-views-" + RegistryStore.hex(random.next())
    _ = try File.makeFolder(path)
    defer { try? File.removeTree(path) }
    let views = try Views(folder: path, mapSizeBytes: mapSizeBytes)
    defer { views.close() }
    var limits = Rebuild.Limits()
    limits.memoryMax = memoryBytes
    let vault = self.vault
    try Rebuild(views, log: log, limits: limits) {
      let arena = Arena()
      return { try vault.blinds(of: $0, in: $1, arena: arena) }
    }.run(to: position)
    return try body(views)
  }

  /// The digests of the log and of every table as they were when the log had so many events.
  package func digest(at position: LogPosition) throws -> LogDigest {
    let reader = try log.makeReader()
    defer { reader.end() }
    return LogDigest(
      position: position, events: try reader.digest(to: position),
      tables: try lend(to: position) { views in
        try views.environment.read { try views.digests($0) }
      })
  }
}

/// The digests of a log at a position, and of what is computed from it.
///
/// Two who hold the same log, or one that goes on from it, get the same, wherever its files are and
/// however they came there. The events' digest is over every byte of each event: what happened, who
/// recorded it and when, its source, and the SHA-256 of what was sealed with it (not that itself,
/// which may be erased). The tables' digests say what is computed from them; those of `ids` and
/// `identifiers` have keyed hashes, so that they need the registry's vault.
package struct LogDigest: Hashable, Sendable {
  package var position: LogPosition
  /// See `LogReader.digest(to:)`.
  package var events: [UInt8]
  package var tables: [Views.Digest]

  /// As `Audit.ViewDigest` and a rebuild say it.
  package var views: [UInt8] { Views.digest(of: tables) }
  package var all: [UInt8] { Views.digest(events: events, views: views) }
}

extension RegistryStore {
  package static func hex(_ bytes: [UInt8]) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The number of events in the log.
  package var events: LogPosition { unsafe log.end }
}

import LMDB
import Registry

extension EventLog {
  /// The format of the log in a folder; nil where none was begun, or not to the end.
  public static func format(
    in folder: String, mapSizeBytes: Int = 256 << 30, isReadOnly: Bool = false
  ) throws -> UInt8? {
    func row(checksums: Bool) throws -> [UInt8]? {
      try formatRow(folder, mapSizeBytes, rowChecksums: checksums, isReadOnly: isReadOnly)
    }
    // A row of format 1 has no checksum: there the format is one byte.
    guard let plain = try row(checksums: false) else { return nil }
    return plain.count == 1 ? plain.first : try row(checksums: true)?.first
  }

  private static func formatRow(
    _ folder: String, _ mapSizeBytes: Int, rowChecksums: Bool, isReadOnly: Bool
  ) throws -> [UInt8]? {
    let environment = try Environment(
      folder: folder,
      options: .init(
        tables: ["meta"], durability: .synced, mapSizeBytes: mapSizeBytes,
        rowChecksums: rowChecksums, isReadOnly: isReadOnly))
    defer { environment.close() }
    let meta = environment.table("meta")
    return try environment.read { try $0.copy(meta, Meta.format) }
  }

  static func unknown(_ format: UInt8, _ folder: String) -> LogFailure {
    LogFailure(
      "The log in \(folder) has format \(format); this program knows \(Self.format)"
        + (format < Self.format ? " and can upgrade 1. " : ". ")
        + "Use the program that wrote it, or a newer one.")
  }
}

/// A log of format 1, opened to be upgraded: `events` (u64 → bytes, in which the sealed data
/// stands), `checkpoints`, `meta` (format, log id), and no checksums.
public final class OlderLog {
  private let environment: Environment
  private let events: Table
  private let checkpoints: Table
  public let id: [UInt8]
  public let end: LogPosition

  public init(folder: String, mapSizeBytes: Int = 256 << 30) throws {
    environment = try Environment(
      folder: folder,
      options: .init(
        tables: ["meta"], integerTables: ["events", "checkpoints"], durability: .synced,
        mapSizeBytes: mapSizeBytes))
    events = environment.table("events")
    checkpoints = environment.table("checkpoints")
    do {
      let meta = environment.table("meta")
      let id = try environment.read { try $0.copy(meta, EventLog.Meta.id) }
      guard let id, id.count == EventLog.idLength else {
        throw LogFailure("The log in \(folder) has no id: it is damaged.")
      }
      self.id = id
      let events = self.events
      end = try environment.read { try $0.lastNumber(events).map { $0 + 1 } ?? 0 }
    } catch {
      environment.close()
      throw error
    }
  }

  /// Lends events from a position on while the body says `true`.
  public func read(
    from position: LogPosition, _ body: (LogPosition, RawSpan) -> Bool
  ) throws {
    try environment.read { snapshot in
      try snapshot.scan(events, from: .number(position)) { key, value in
        body(key.unsafeNumber, value)
      }
    }
  }

  /// What was signed over the log, by the log's size.
  func allCheckpoints() throws -> [(LogPosition, [UInt8])] {
    var all: [(LogPosition, [UInt8])] = []
    try environment.read { snapshot in
      try snapshot.scan(checkpoints, from: .first) { key, value in
        all.append((key.unsafeNumber, unsafe value.withUnsafeBytes { unsafe Array($0) }))
        return true
      }
    }
    return all
  }

  public func close() { environment.close() }
}

/// A log of this format that is written from an older one, in a folder beside it.
///
/// Until `finish` it has no format: whoever finds it after a crash throws it away.
public final class UpgradedLog {
  private let environment: Environment
  private let tables: EventLog.Tables
  private var next: LogPosition = 0

  /// - Parameter folder: exists and is empty.
  public init(folder: String, mapSizeBytes: Int = 256 << 30) throws {
    environment = try EventLog.open(folder, mapSizeBytes)
    tables = EventLog.Tables(environment)
  }

  public func append(_ batch: [LogEntry]) throws {
    try environment.write { transaction in
      for entry in batch {
        try transaction.append(tables.events, next, entry.event)
        if !entry.sealed.isEmpty { try transaction.append(tables.sealed, next, entry.sealed) }
        next += 1
      }
    }
  }

  /// Copies what was signed, and says which log it is: from here on it is one.
  public func finish(_ identity: LogIdentity, from older: OlderLog) throws {
    precondition(next == older.end, "all of the older log was brought over")
    let checkpoints = try older.allCheckpoints()
    try environment.write { transaction in
      for (size, bytes) in checkpoints {
        try transaction.append(tables.checkpoints, size, bytes)
      }
    }
    try EventLog.write(identity, in: environment)
  }

  public func close() { environment.close() }
}

extension RawSpan {
  /// A key of a table of numbers.
  fileprivate var unsafeNumber: UInt64 { unsafe unsafeLoadUnaligned(as: UInt64.self) }
}

import Failures
import LMDB
import Registry

/// How an append failed.
public enum AppendFailure: ExplainedError, Sendable {
  /// Nothing was recorded.
  case notRecorded(StoreFailure)
  /// The log must be reopened to see what was recorded.
  case outcomeUnknown(StoreFailure)

  private var failure: StoreFailure {
    switch self {
    case .notRecorded(let failure), .outcomeUnknown(let failure): failure
    }
  }

  public var sentence: String { failure.sentence }
  public var cause: Cause? { Cause(failure) }
  public var mayRetry: Bool {
    switch self {
    case .notRecorded(let failure): failure.mayRetry
    case .outcomeUnknown: false
    }
  }
}

/// Why a log cannot be used.
public struct LogFailure: ExplainedError, Hashable, Sendable {
  public var sentence: String
  public var cause: Cause?

  public init(_ sentence: String, cause: Cause? = nil) {
    self.sentence = sentence
    self.cause = cause
  }

  /// Of an event that must be there.
  public init(missing position: LogPosition) {
    sentence =
      "The event at position \(position) of the log is damaged or missing: put a backup of the log "
      + "in its place."
  }
}

/// An event as it is appended.
public struct LogEntry: Hashable, Sendable {
  /// The canonical bytes: see Protos/LOG.md.
  public var event: [UInt8]
  /// The personal data that came with it, sealed; empty where there was none.
  public var sealed: [UInt8]

  public init(event: [UInt8], sealed: [UInt8] = []) { (self.event, self.sealed) = (event, sealed) }
}

/// Which log it is, and what must be beside it.
public struct LogIdentity: Hashable, Sendable {
  /// 16 random bytes, chosen when the log was begun.
  public var id: [UInt8]
  /// Of the vault whose keys sealed what is in the log.
  public var vaultID: [UInt8]
  /// Key slots that the vault had used when the last event was appended: a vault that reaches less
  /// far is older than the log.
  public var vaultReach: UInt32

  public init(id: [UInt8], vaultID: [UInt8], vaultReach: UInt32 = 0) {
    (self.id, self.vaultID, self.vaultReach) = (id, vaultID, vaultReach)
  }
}

/// The append-only log: position → the event's bytes, synced at every commit.
///
/// Tables: `events` (u64 → canonical bytes), `sealed` (u64 → what was sealed with the event of that
/// position), `checkpoints` (log size → what was signed, in the same commit as its events), `meta`
/// (format, ids and reach of the parts). Protos/LOG.md describes all of it.
public final class EventLog {
  /// Grows when an older program could no longer read what is written.
  public static let format: UInt8 = 2
  static let idLength = 16

  public let folder: String
  private let mapSizeBytes: Int
  private var environment: Environment
  private var tables: Tables
  public private(set) var identity: LogIdentity
  /// The position that the next event gets.
  public private(set) var end: LogPosition
  /// Positions before the end that a damaged log lacks.
  private let gaps: UInt64

  public var id: [UInt8] { identity.id }

  struct Tables {
    let events: Table
    let sealed: Table
    let checkpoints: Table
    let meta: Table

    init(_ environment: Environment) {
      events = environment.table("events")
      sealed = environment.table("sealed")
      checkpoints = environment.table("checkpoints")
      meta = environment.table("meta")
    }
  }

  /// Opens the log in a folder that has one.
  ///
  /// - Throws: `LogFailure` where it has none, or one of another format: see `format(in:)`.
  ///
  /// - Parameters:
  ///   - withGaps: what is whole of a damaged log: positions may be missing.
  ///   - isReadOnly: nothing is written: see `Environment.Options`.
  public init(
    folder: String, mapSizeBytes: Int = 256 << 30, withGaps: Bool = false, isReadOnly: Bool = false
  ) throws {
    let format = try Self.format(in: folder, mapSizeBytes: mapSizeBytes, isReadOnly: isReadOnly)
    guard let format else { throw LogFailure("There is no log in \(folder).") }
    guard format == Self.format else { throw Self.unknown(format, folder) }
    self.folder = folder
    self.mapSizeBytes = mapSizeBytes
    environment = try Self.open(folder, mapSizeBytes, isReadOnly: isReadOnly)
    tables = Tables(environment)
    do {
      identity = try Self.identity(environment, tables.meta, folder)
      (end, gaps) = try Self.end(of: environment, tables.events, folder, withGaps: withGaps)
    } catch {
      environment.close()
      throw error
    }
  }

  /// Begins a log in a folder that exists and is empty.
  ///
  /// After a crash before this returns the folder has no format: it holds nothing, and is begun
  /// again.
  public static func begin(
    in folder: String, _ identity: LogIdentity, mapSizeBytes: Int = 256 << 30
  ) throws -> EventLog {
    let environment = try open(folder, mapSizeBytes)
    defer { environment.close() }
    try write(identity, in: environment)
    return try EventLog(folder: folder, mapSizeBytes: mapSizeBytes)
  }

  /// The last thing that is written of a log that is begun or upgraded, since it makes it one.
  static func write(_ identity: LogIdentity, in environment: Environment) throws {
    precondition(identity.id.count == idLength)
    let meta = environment.table("meta")
    try environment.write { transaction in
      try transaction.put(meta, Meta.format, [format])
      try transaction.put(meta, Meta.id, identity.id)
      try transaction.put(meta, Meta.vaultID, identity.vaultID)
      try transaction.put(meta, Meta.vaultReach, Meta.bytes(identity.vaultReach))
    }
  }

  /// Keys of the table `meta`.
  enum Meta {
    static let format = Array("format".utf8)
    static let id = Array("id".utf8)
    static let vaultID = Array("vault.id".utf8)
    static let vaultReach = Array("vault.reach".utf8)

    static func bytes(_ number: UInt32) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
  }

  static func open(
    _ folder: String, _ mapSizeBytes: Int, isReadOnly: Bool = false
  ) throws(StoreFailure) -> Environment {
    try Environment(
      folder: folder,
      options: .init(
        tables: ["meta"], integerTables: ["events", "sealed", "checkpoints"], durability: .synced,
        mapSizeBytes: mapSizeBytes, rowChecksums: true, isReadOnly: isReadOnly))
  }

  private static func identity(
    _ environment: Environment, _ meta: Table, _ folder: String
  ) throws -> LogIdentity {
    try environment.read { snapshot in
      guard let id = try snapshot.copy(meta, Meta.id), id.count == idLength,
        let vaultID = try snapshot.copy(meta, Meta.vaultID),
        let reach = try snapshot.copy(meta, Meta.vaultReach), reach.count == 4
      else {
        throw LogFailure(
          "The log in \(folder) does not say which one it is: it is damaged. Put a backup in its "
            + "place.")
      }
      return LogIdentity(
        id: id, vaultID: vaultID, vaultReach: reach.reduce(0) { $0 << 8 | UInt32($1) })
    }
  }

  private static func end(
    of environment: Environment, _ events: Table, _ folder: String, withGaps: Bool
  ) throws -> (end: LogPosition, gaps: UInt64) {
    try environment.read { snapshot in
      let last = try snapshot.lastNumber(events)
      // 2^64 − 1 is no position: there is always a next one.
      guard let end = last.map({ $0.addingReportingOverflow(1) }) else { return (0, 0) }
      guard !end.overflow else { throw damaged(folder, "its last position is \(last ?? 0)") }
      let count = try snapshot.count(events)
      guard withGaps || UInt64(count) == end.partialValue else {
        throw damaged(folder, "it has \(count) events, and the last is at \(last ?? 0)")
      }
      return (end.partialValue, end.partialValue - UInt64(count))
    }
  }

  static func damaged(_ folder: String, _ what: String) -> LogFailure {
    LogFailure("The log in \(folder) is damaged: \(what). Put a backup in its place.")
  }

  /// Appends events, what was sealed with them, and what was signed over the log with them, in one
  /// synced commit.
  ///
  /// When this returns, the events are on disk. After a crash before that, all of them are there or
  /// none: LMDB writes its meta page last.
  ///
  /// - Parameter vaultReach: how far the vault's keys reached when they were last synced: these
  ///   events need no key beyond it.
  public func append(
    _ batch: [LogEntry], vaultReach: UInt32 = 0, checkpoint: [UInt8]? = nil
  ) throws(AppendFailure) {
    do {
      try environment.write { transaction in
        var position = end
        for entry in batch {
          try transaction.append(tables.events, position, entry.event)
          if !entry.sealed.isEmpty {
            try transaction.append(tables.sealed, position, entry.sealed)
          }
          position += 1
        }
        if let checkpoint { try transaction.append(tables.checkpoints, position, checkpoint) }
        if vaultReach > identity.vaultReach {
          try transaction.put(tables.meta, Meta.vaultReach, Meta.bytes(vaultReach))
        }
      }
    } catch let failure as StoreFailure {
      throw failure.kind == .fatal ? .outcomeUnknown(failure) : .notRecorded(failure)
    } catch {
      preconditionFailure("only the store fails here: \(error)")
    }
    end += UInt64(batch.count)
    identity.vaultReach = max(identity.vaultReach, vaultReach)
  }

  /// Closes and opens the log after an unknown outcome: `end` then says what was recorded.
  /// Nobody else may be reading.
  public func reopen() throws {
    environment.close()
    environment = try Self.open(folder, mapSizeBytes)
    tables = Tables(environment)
    identity = try Self.identity(environment, tables.meta, folder)
    end = try Self.end(of: environment, tables.events, folder, withGaps: false).end
  }

  public func close() { environment.close() }

  /// Reads the log's tables slice by slice while it is in use; of `events` no position is missing.
  public func makeScans() throws -> [(table: String, isContiguous: Bool, scan: TableScan)] {
    [
      ("events", true, try TableScan(environment, tables.events)),
      ("sealed", false, try TableScan(environment, tables.sealed)),
      ("checkpoints", false, try TableScan(environment, tables.checkpoints)),
      ("meta", false, try TableScan(environment, tables.meta)),
    ]
  }

  public var usage: Environment.Usage { environment.usage }

  package func failNextCommit(_ fault: Environment.CommitFault) {
    environment.failNextCommit(fault)
  }

  /// A way to read for one thread at a time; ended before the log is closed.
  public func makeReader() throws(StoreFailure) -> LogReader {
    LogReader(try environment.makeReader(), tables, gaps: gaps)
  }
}

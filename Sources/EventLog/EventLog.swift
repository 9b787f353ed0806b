import LMDB
import Registry

/// How an append failed.
public enum AppendFailure: Error, Sendable {
  /// Nothing was recorded.
  case notRecorded(StoreFailure)
  /// The log must be reopened to see what was recorded.
  case outcomeUnknown(StoreFailure)

  public var cause: StoreFailure {
    switch self {
    case .notRecorded(let cause), .outcomeUnknown(let cause): cause
    }
  }
}

/// Why a log cannot be used.
public struct LogFailure: Error, Hashable, Sendable {
  public var sentence: String
  public init(_ sentence: String) { self.sentence = sentence }
}

/// The append-only log: position → the event's bytes, synced at every commit.
///
/// Tables: `events` (u64 → bytes), `checkpoints` (log size → what was signed, in the same commit
/// as its events), `meta` (format, log id).
public final class EventLog {
  /// Grows when an older program could no longer read what is written.
  static let format: UInt8 = 1
  static let idLength = 16

  private let folder: String
  private let mapSizeBytes: Int
  private var environment: Environment
  private var events: Table
  private var checkpoints: Table
  public let id: [UInt8]
  /// The position that the next event gets.
  public private(set) var end: LogPosition

  /// Opens the log, or begins one with a fresh id.
  ///
  /// - Parameter freshID: 16 random bytes, used only for a log that is begun.
  public init(folder: String, freshID: [UInt8], mapSizeBytes: Int = 256 << 30) throws {
    precondition(freshID.count == Self.idLength)
    self.folder = folder
    self.mapSizeBytes = mapSizeBytes
    environment = try Self.open(folder, mapSizeBytes)
    events = environment.table("events")
    checkpoints = environment.table("checkpoints")
    let meta = environment.table("meta")
    let known = try environment.read { snapshot in
      (try snapshot.copy(meta, Array("format".utf8)), try snapshot.copy(meta, Array("id".utf8)))
    }
    if let format = known.0, format != [Self.format] {
      throw LogFailure(
        "The log in \(folder) has format \(format); this program knows \(Self.format). Use the "
          + "program that wrote it, or a newer one.")
    }
    if let id = known.1 {
      self.id = id
    } else {
      try environment.write { transaction in
        try transaction.put(meta, Array("format".utf8), [Self.format])
        try transaction.put(meta, Array("id".utf8), freshID)
      }
      id = freshID
    }
    end = try Self.end(of: environment, events)
  }

  private static func open(_ folder: String, _ mapSizeBytes: Int) throws(StoreFailure)
    -> Environment
  {
    try Environment(
      folder: folder,
      options: .init(
        tables: ["meta"], integerTables: ["events", "checkpoints"], durability: .synced,
        mapSizeBytes: mapSizeBytes))
  }

  private static func end(of environment: Environment, _ events: Table) throws -> LogPosition {
    try environment.read { try $0.lastNumber(events).map { $0 + 1 } ?? 0 }
  }

  /// Appends events and what was signed over the log with them, in one synced commit.
  ///
  /// When this returns, the events are on disk.
  public func append(_ batch: [[UInt8]], checkpoint: [UInt8]? = nil) throws(AppendFailure) {
    do {
      try environment.write { transaction in
        var position = end
        for bytes in batch {
          try transaction.append(events, position, bytes)
          position += 1
        }
        if let checkpoint { try transaction.append(checkpoints, position, checkpoint) }
      }
    } catch let failure as StoreFailure {
      throw failure.kind == .fatal ? .outcomeUnknown(failure) : .notRecorded(failure)
    } catch {
      preconditionFailure("only the store fails here: \(error)")
    }
    end += UInt64(batch.count)
  }

  /// Closes and opens the log after an unknown outcome: `end` then says what was recorded.
  /// Nobody else may be reading.
  public func reopen() throws {
    environment.close()
    environment = try Self.open(folder, mapSizeBytes)
    events = environment.table("events")
    checkpoints = environment.table("checkpoints")
    end = try Self.end(of: environment, events)
  }

  public func close() { environment.close() }

  public var usage: Environment.Usage { environment.usage }

  package func failNextCommit(_ fault: Environment.CommitFault) {
    environment.failNextCommit(fault)
  }

  /// A way to read for one thread at a time; ended before the log is closed.
  public func makeReader() throws(StoreFailure) -> LogReader {
    LogReader(try environment.makeReader(), events)
  }
}

/// Reads the log, each time as it then is.
public final class LogReader {
  private let reader: Reader
  private let events: Table
  /// Events that are on their way to the log, as whoever sent them there reads them; those that the
  /// log has by now may be among them.
  public var awaited: (start: LogPosition, events: [[UInt8]]) = (0, [])

  init(_ reader: Reader, _ events: Table) {
    self.reader = reader
    self.events = events
  }

  /// Lends the bytes of an event; nil when the log ends before it.
  public func read<R>(_ position: LogPosition, _ body: (RawSpan) -> R) throws -> R? {
    if position >= awaited.start, position - awaited.start < UInt64(awaited.events.count) {
      let event = awaited.events[Int(position - awaited.start)]
      return unsafe body(event.span.bytes)
    }
    return try reader.read { try $0.get(events, position, body) }
  }

  /// Lends events from a position on while the body says `true`; of those that are awaited none.
  public func read(
    from position: LogPosition, _ body: (LogPosition, RawSpan) -> Bool
  ) throws {
    try reader.read { snapshot in
      var expected = position
      try snapshot.scan(events, from: .number(position)) { _, value in
        defer { expected += 1 }
        return body(expected, value)
      }
    }
  }

  public func end() { reader.end() }
}

import Crypto
import LMDB
import Registry

/// Reads the log: each read sees what is committed at that moment.
public final class LogReader {
  private let reader: Reader
  private let tables: EventLog.Tables
  /// Positions that a damaged log lacks.
  private let gaps: UInt64
  /// Events that are being appended, readable by the thread that appends them; some may be in the
  /// log by now.
  public var awaited: (start: LogPosition, entries: [LogEntry]) = (0, [])

  init(_ reader: Reader, _ tables: EventLog.Tables, gaps: UInt64) {
    (self.reader, self.tables, self.gaps) = (reader, tables, gaps)
  }

  /// The position that the log's next event gets, as committed now; no row is looked at for it.
  public func endPosition() throws -> LogPosition {
    gaps + UInt64(try reader.read { try $0.count(tables.events) })
  }

  private func awaitedEntry(_ position: LogPosition) -> LogEntry? {
    guard position >= awaited.start, position - awaited.start < UInt64(awaited.entries.count)
    else { return nil }
    return awaited.entries[Int(position - awaited.start)]
  }

  /// Lends the bytes of an event; nil when the log ends before it.
  public func read<R>(_ position: LogPosition, _ body: (RawSpan) -> R) throws -> R? {
    if let entry = awaitedEntry(position) { return unsafe body(entry.event.span.bytes) }
    return try reader.read { try $0.get(tables.events, position, body) }
  }

  /// Lends events from a position on while the body returns `true`; none of those that are still
  /// being appended.
  public func read(
    from position: LogPosition, _ body: (LogPosition, RawSpan) -> Bool
  ) throws {
    try reader.read { snapshot in
      var expected = position
      var isMissing = false
      try snapshot.scan(tables.events, from: .number(position)) { key, value in
        guard unsafe key.unsafeLoadUnaligned(as: UInt64.self) == expected else {
          isMissing = true
          return false
        }
        defer { expected += 1 }
        return body(expected, value)
      }
      if isMissing { throw LogFailure(missing: expected) }
    }
  }

  /// Lends the events of a range while the body says `true`.
  ///
  /// - Throws: `LogFailure` where the log ends before the range does: whoever goes from range to
  ///   range would otherwise look for ever for what is not there.
  public func read(
    _ range: Range<LogPosition>, _ body: (LogPosition, RawSpan) -> Bool
  ) throws {
    guard !range.isEmpty else { return }
    var next = range.lowerBound
    var isEnough = false
    try read(from: range.lowerBound) { position, event in
      next = position + 1
      isEnough = !body(position, event)
      return !isEnough && next < range.upperBound
    }
    guard isEnough || next == range.upperBound else { throw LogFailure(missing: next) }
  }

  /// What was sealed with an event; nil when there is nothing any more.
  ///
  /// - Parameter sha256: what the event says that it is.
  /// - Throws: `LogFailure` when it is not that.
  public func sealed(
    _ position: LogPosition, sha256: [UInt8]
  ) throws -> [UInt8]? {
    let sealed: [UInt8]?
    if let entry = awaitedEntry(position) {
      sealed = entry.sealed.isEmpty ? nil : entry.sealed
    } else {
      sealed = try reader.read { snapshot in
        try snapshot.get(tables.sealed, position) { bytes in bytes.copy }
      }
    }
    guard let sealed, !sha256.isEmpty else { return nil }
    guard SHA256.hash(data: sealed).elementsEqual(sha256) else {
      throw LogFailure(
        "What was sealed with the event at \(position) is not what the event says: it is damaged. "
          + "Put a backup of the log in its place.")
    }
    return sealed
  }

  /// The SHA-256 of an event's canonical bytes; nil when the log ends before it.
  public func sha256(_ position: LogPosition) throws -> [UInt8]? {
    try read(position) { bytes in Array(SHA256.hash(data: bytes.copy)) }
  }

  /// The digest of the events before a position: SHA-256 over the SHA-256 of each one's canonical
  /// bytes, in their order. Whoever is given the events can compute it; of a log of none it is that
  /// of nothing.
  public func digest(to end: LogPosition) throws -> [UInt8] {
    var hash = SHA256()
    try read(0..<end) { position, event in
      unsafe event.withUnsafeBytes { bytes in
        unsafe hash.update(data: Array(SHA256.hash(data: bytes)))
      }
      return position % 4096 != 0 || !Task.isCancelled
    }
    try Task.checkCancellation()
    return Array(hash.finalize())
  }

  public func end() { reader.end() }
}

extension RawSpan {
  fileprivate var copy: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }
}

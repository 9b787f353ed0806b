import EventLog
import Projections
import Registry
import RegistryStorage

/// A place in the log as clients keep it: it names the log, and the event that it stands on, so
/// that it is refused where an older log was put back, also when that has grown past the place.
///
/// ```
/// 0           8                  12                16                        24
/// position    ordinal + 1        log id (head 4)   SHA-256 of an event (8)   = 24
/// ```
/// Big-endian. Ordinal + 1 is 0 where it stands between events: behind the event before the
/// position; otherwise behind a change of the event at the position. The SHA-256 is that event's,
/// its first eight bytes; zero at the beginning of the log.
struct LogCursor: Hashable, Sendable {
  static let length = 24

  var position: LogPosition
  /// Of a change; nil between events.
  var ordinal: UInt32?

  /// The event that it stands on; nil at the beginning.
  private var event: LogPosition? {
    ordinal != nil ? position : position > 0 ? position - 1 : nil
  }

  init(_ position: LogPosition, ordinal: UInt32? = nil) {
    (self.position, self.ordinal) = (position, ordinal)
  }

  func bytes(of log: LogReader, id: [UInt8]) throws -> [UInt8] {
    bytes(head: try Self.head(of: event, log), id: id)
  }

  /// - Parameter head: of the event that it stands on.
  func bytes(head: [UInt8], id: [UInt8]) -> [UInt8] {
    var bytes = Self.bigEndian(position, 8)
    bytes += Self.bigEndian(ordinal.map { UInt64($0) + 1 } ?? 0, 4)
    return bytes + id.prefix(4) + head
  }

  /// The first eight bytes of an event's SHA-256.
  static func head(of event: LogPosition?, _ log: LogReader) throws -> [UInt8] {
    guard let event else { return [UInt8](repeating: 0, count: 8) }
    return Array(try log.sha256(event)?.prefix(8) ?? [])
  }

  private static func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
    (1...count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - $0))) }
  }

  /// Reads a cursor that was given for this log.
  ///
  /// - Throws: `QueryFailure` where it is none, of another registry, or of a log that went on
  ///   differently.
  init(
    _ bytes: [UInt8], of log: LogReader, id: [UInt8], end: LogPosition, field: String
  ) throws {
    guard bytes.count == Self.length else {
      throw QueryFailure.invalid("This is no cursor.", field: field, rule: .cursor)
    }
    position = bytes[0..<8].reduce(0) { $0 << 8 | LogPosition($1) }
    let number = bytes[8..<12].reduce(0) { $0 << 8 | UInt32($1) }
    ordinal = number == 0 ? nil : number - 1
    guard bytes[12..<16].elementsEqual(id.prefix(4)) else {
      throw QueryFailure.otherLog(
        "The cursor is of another registry's log: begin again, without it or from 0.", field: field)
    }
    try Self.check(
      event, is: Array(bytes[16...]), in: log, end: end, position: position, field: field)
  }

  /// - Parameter event: nil at the beginning, which every log has.
  static func check(
    _ event: LogPosition?, is head: [UInt8], in log: LogReader, end: LogPosition,
    position: LogPosition, field: String
  ) throws {
    guard let event else { return }
    guard event < end else {
      throw QueryFailure.outOfRange(
        "The log has \(end) events, and the cursor stands at \(position): an older log was put back "
          + "since it was given. Begin again, without it or from 0.", field: field, rule: .logEnd)
    }
    guard try Self.head(of: event, log) == head else {
      throw QueryFailure.otherLog(
        "The log is another, from event \(event) on or from before it: an older log was put back "
          + "since the cursor was given. What was told before may not stand: begin again, without "
          + "it or from 0.", field: field)
    }
  }
}

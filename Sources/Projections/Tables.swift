import Messages
import Registry

/// The tables of `data/views`, and how their keys are spelled.
///
/// Identifiers hold no byte 0x00, so that byte ends each part of a key; numbers are big-endian, so
/// that keys sort by them. Every table but `ids`, `chunks`, `subjects`, `documents` and `merged` is a
/// function of the streams' heads alone.
public enum ViewTable: String, CaseIterable, Sendable {
  /// `position` → the number of events that the views know (u64).
  case meta
  /// Event id → position (u64), keyed digest of the proposal (16 bytes).
  case ids
  /// Stream → `StreamHead` and the positions of its last events.
  case heads
  /// Stream, 0x00, chunk (u32) → 64 older positions (u64 each).
  case chunks
  /// Officer, 0x00, position (u64) → the stream whose event touched the officer.
  case subjects
  /// Keyed hash of an identifier → officer. Rebuilt only where the officers' keys are.
  case identifiers
  /// Issuer, 0x00, certificate number → credential.
  case certificates
  /// Officer, 0x00, credential → nothing.
  case held
  /// Credential → `VerifyRow`.
  case credentials
  /// Cohort, 0x00, officer, 0x00, enrolment → `RollRow`.
  case rolls
  /// `skill/FRAMEWORK/CODE` or `course/COURSE`, 0x00, officer, 0x00, stream → nothing: credentials,
  /// papers and claims that name it, whatever became of them.
  case attained
  /// Course, 0x00, officer, 0x00, stream → `CompletedRow`: enrolments that were ever completed, and
  /// papers that certify the course.
  case completed
  /// Mandate, 0x00, officer, 0x00, duty → `DutyRow`.
  case duties
  /// Officer → `RosterRow`: where the officer served as what, on every day.
  case roster
  /// `organisation/ORGANISATION` or `county/COUNTY`, 0x00, officer → nothing: wherever an officer
  /// ever was posted.
  case posted
  /// SHA-256 of a document (32 bytes), position (u64) of an event that cites it → nothing.
  case documents
  /// Officers whose record was ever merged into another → nothing.
  case merged
  /// Stream of a programme or agreement that it is or was counted under, or of a cohort that it was
  /// transferred from, 0x00, enrolment → nothing.
  case attributed
}

/// One row of a view.
public struct ViewRow: Hashable, Sendable {
  public var table: ViewTable
  public var key: [UInt8]
  public var value: [UInt8]

  public init(_ table: ViewTable, key: [UInt8], value: [UInt8] = []) {
    self.table = table
    self.key = key
    self.value = value
  }
}

extension [UInt8] {
  mutating func append(bigEndian value: some FixedWidthInteger) {
    unsafe Swift.withUnsafeBytes(of: value.bigEndian) { unsafe append(contentsOf: $0) }
  }
}

/// Keys, as `ViewTable` says.
public enum ViewKey {
  public static let position = Array("position".utf8)

  public static func of(_ stream: StreamID) -> [UInt8] { Array(stream.text.utf8) }

  public static func of(_ id: Identifier) -> [UInt8] { Array(id.text.utf8) }

  /// The parts, each but the last ended by 0x00.
  public static func parts(_ first: String, _ rest: String...) -> [UInt8] {
    var key = Array(first.utf8)
    for part in rest {
      key.append(0)
      key.append(contentsOf: part.utf8)
    }
    return key
  }

  /// What every key that begins with this part begins with.
  public static func prefix(_ first: String) -> [UInt8] {
    var key = Array(first.utf8)
    key.append(0)
    return key
  }

  public static func subject(_ officer: Identifier, _ position: LogPosition) -> [UInt8] {
    var key = prefix(officer.text)
    key.append(bigEndian: position)
    return key
  }

  public static func chunk(_ stream: StreamID, _ number: UInt32) -> [UInt8] {
    var key = prefix(stream.text)
    key.append(bigEndian: number)
    return key
  }

  public static func skill(_ framework: Identifier, _ code: Identifier) -> String {
    "skill/\(framework.text)/\(code.text)"
  }

  public static func copy(_ key: RawSpan) -> [UInt8] { key.bytes(0..<key.byteCount) }

  /// A key as text, where it is text.
  public static func text(_ key: RawSpan) -> String {
    String(decoding: key.bytes(0..<key.byteCount), as: UTF8.self)
  }

  public static func course(_ course: Identifier) -> String { "course/\(course.text)" }
  public static func organisation(_ id: Identifier) -> String { "organisation/\(id.text)" }
  public static func county(_ code: Identifier) -> String { "county/\(code.text)" }

  /// The position that a key of `documents` or `subjects` ends with.
  public static func position(of key: RawSpan) -> LogPosition {
    key.bigEndian(at: key.byteCount - 8, bytes: 8)
  }

  public static func document(_ sha256: [UInt8], _ position: LogPosition) -> [UInt8] {
    var key = sha256
    key.append(bigEndian: position)
    return key
  }
}

extension RawSpan {
  func bigEndian(at offset: Int, bytes: Int) -> UInt64 {
    var value: UInt64 = 0
    for at in offset..<(offset + bytes) {
      value = value << 8 | UInt64(self[at])
    }
    return value
  }

  subscript(_ offset: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  /// A copy of the bytes from an offset to an end.
  func bytes(_ range: Range<Int>) -> [UInt8] { Splice.bytes(extracting(range)) }
}

import Messages
import Registry

/// The tables of `data/views`, and how their keys are spelled.
///
/// Identifiers hold no byte 0x00, so that byte ends each part of a key; numbers are big-endian, so
/// that keys sort by them. Every table but `ids`, `chunks`, `subjects`, `identifiers`, `amended`,
/// `renumbered`, `documents`, `relied`, `merged` and `sealed` is a function of the streams' heads
/// alone.
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
  /// Keyed hash of an identifier (16 bytes), officer, 0x00, position (u64) of an event of the
  /// officer's record that names it → the event's day (u32). What was recorded stays; who has the
  /// identifier follows from it: see `RegistryReader.officer`. Rebuilt only where the officers' keys
  /// are.
  case identifiers
  /// Officer → nothing: some event of the record ends an identifier or amends another event, so that
  /// whose an identifier is follows from the fold and not from `identifiers` alone.
  case amended
  /// Issuer, 0x00, `NumberKey` of the certificate number, 0x00, credential → the number as written.
  case certificates
  /// Issuer, 0x00, `NumberKey`, 0x00, credential that once had such a number, and lost it by an
  /// event → nothing.
  case renumbered
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
  /// Stream of an agreement, authorisation or instrument, 0x00, position (u64) of an event that names
  /// it as its authority → the event's day (u32), its stream. Whether the event stands is not said.
  case relied
  /// Officers whose record was ever merged into another → nothing.
  case merged
  /// Stream of a programme or agreement that it is or was counted under, or of a cohort that it was
  /// transferred from, 0x00, enrolment → nothing.
  case attributed
  /// Officer → the position (u64) of the first event with which something was sealed: there must be
  /// a key, or must have been.
  case sealed
  /// Officer of whose record no event stands any more → nothing.
  case unregistered

  /// The place among the tables, so that no name is hashed or compared.
  var index: Int {
    switch self {
    case .meta: 0
    case .ids: 1
    case .heads: 2
    case .chunks: 3
    case .subjects: 4
    case .identifiers: 5
    case .certificates: 6
    case .held: 7
    case .credentials: 8
    case .rolls: 9
    case .attained: 10
    case .completed: 11
    case .duties: 12
    case .roster: 13
    case .posted: 14
    case .documents: 15
    case .merged: 16
    case .attributed: 17
    case .sealed: 18
    case .amended: 19
    case .renumbered: 20
    case .relied: 21
    case .unregistered: 22
    }
  }

  public static func == (a: ViewTable, b: ViewTable) -> Bool { a.index == b.index }
  public func hash(into hasher: inout Hasher) { hasher.combine(index) }
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

/// What a part of a key may be spelled from.
public protocol KeyPart {
  func append(to key: inout [UInt8])
}

extension Identifier: KeyPart {}
extension StreamID: KeyPart {}
extension String: KeyPart {
  public func append(to key: inout [UInt8]) { key.append(contentsOf: utf8) }
}

/// What an officer has attained, or where one was posted: the first part of a key of `attained`,
/// `completed` and `posted`.
enum KeyPrefix: KeyPart, Hashable {
  case skill(Identifier, Identifier)
  case course(Identifier)
  case organisation(Identifier)
  case county(Identifier)

  func append(to key: inout [UInt8]) {
    switch self {
    case .skill(let framework, let code):
      "skill/".append(to: &key)
      framework.append(to: &key)
      key.append(UInt8(ascii: "/"))
      code.append(to: &key)
    case .course(let course):
      "course/".append(to: &key)
      course.append(to: &key)
    case .organisation(let organisation):
      "organisation/".append(to: &key)
      organisation.append(to: &key)
    case .county(let county):
      "county/".append(to: &key)
      county.append(to: &key)
    }
  }
}

/// Keys, as `ViewTable` says.
public enum ViewKey {
  public static let position = Array("position".utf8)

  public static func of(_ part: some KeyPart) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(64)
    part.append(to: &key)
    return key
  }

  /// The parts, each but the last ended by 0x00.
  public static func parts(_ first: some KeyPart, _ second: some KeyPart) -> [UInt8] {
    var key: [UInt8] = []
    key.reserveCapacity(128)
    first.append(to: &key)
    key.append(0)
    second.append(to: &key)
    return key
  }

  public static func parts(
    _ first: some KeyPart, _ second: some KeyPart, _ third: some KeyPart
  ) -> [UInt8] {
    var key = parts(first, second)
    key.append(0)
    third.append(to: &key)
    return key
  }

  /// What every key that begins with this part begins with.
  public static func prefix(_ first: some KeyPart) -> [UInt8] {
    var key = of(first)
    key.append(0)
    return key
  }

  /// What the keys of an issuer's credentials with a number begin with, but for the last 0x00.
  public static func certificate(_ issuer: Identifier, _ number: String) -> [UInt8] {
    parts(issuer, NumberKey(number).text)
  }

  public static func subject(_ officer: Identifier, _ position: LogPosition) -> [UInt8] {
    var key = prefix(officer)
    key.append(bigEndian: position)
    return key
  }

  public static func chunk(_ stream: StreamID, _ number: UInt32) -> [UInt8] {
    var key = prefix(stream)
    key.append(bigEndian: number)
    return key
  }

  /// A number that is the whole of a value.
  public static func number(_ value: RawSpan) -> UInt64 { value.bigEndian(at: 0, bytes: 8) }

  static func number(_ number: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(bigEndian: number)
    return bytes
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

  /// The position that a key of `documents`, `relied` or `subjects` ends with.
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
  /// A number of one to eight bytes. Rows are checked before they are read; of one that a disk cut
  /// nevertheless, what is not there is zero.
  func bigEndian(at offset: Int, bytes: Int) -> UInt64 {
    guard has(bytes, at: offset) else { return 0 }
    var value: UInt64 = 0
    for at in offset..<(offset + bytes) {
      value = value << 8 | UInt64(self[at])
    }
    return value
  }

  /// Whether so many bytes stand from an offset on.
  func has(_ count: Int, at offset: Int) -> Bool {
    offset >= 0 && count >= 0 && offset <= byteCount - count
  }

  subscript(_ offset: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) }

  func equals(_ bytes: [UInt8]) -> Bool {
    guard byteCount == bytes.count else { return false }
    for at in 0..<byteCount where self[at] != bytes[at] { return false }
    return true
  }

  /// A copy of the bytes from an offset to an end.
  func bytes(_ range: Range<Int>) -> [UInt8] { RawFields.bytes(extracting(range)) }
}

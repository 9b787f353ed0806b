/// An event's place in the whole log, gapless from 0.
public typealias LogPosition = UInt64

/// What a stream is the history of.
public enum StreamKind: String, CaseIterable, Sendable {
  case registry, organisation, officer, framework, authorisation, instrument, agreement
  case programme, course, cohort, enrolment, submission, credential
  case skillClaim = "skill_claim"
  case mandate, duty

  /// The place among the kinds in the order of their names.
  @usableFromInline var rank: UInt8 {
    switch self {
    case .agreement: 0
    case .authorisation: 1
    case .cohort: 2
    case .course: 3
    case .credential: 4
    case .duty: 5
    case .enrolment: 6
    case .framework: 7
    case .instrument: 8
    case .mandate: 9
    case .officer: 10
    case .organisation: 11
    case .programme: 12
    case .registry: 13
    case .skillClaim: 14
    case .submission: 15
    }
  }

  /// Told by the rank, so that no name is compared or hashed.
  public static func == (a: StreamKind, b: StreamKind) -> Bool { a.rank == b.rank }
  public func hash(into hasher: inout Hasher) { hasher.combine(rank) }

  /// By its name's bytes.
  init?(utf8 name: RawSpan) {
    guard let first = name.byteCount > 2 ? Self.pair(name, 0) : nil else { return nil }
    let found: StreamKind
    switch first {
    case Self.pair("ag"): found = .agreement
    case Self.pair("au"): found = .authorisation
    case Self.pair("co"):
      found =
        name.byteCount == 6 && Self.pair(name, 2) == Self.pair("ho")
        ? .cohort : .course
    case Self.pair("cr"): found = .credential
    case Self.pair("du"): found = .duty
    case Self.pair("en"): found = .enrolment
    case Self.pair("fr"): found = .framework
    case Self.pair("in"): found = .instrument
    case Self.pair("ma"): found = .mandate
    case Self.pair("of"): found = .officer
    case Self.pair("or"): found = .organisation
    case Self.pair("pr"): found = .programme
    case Self.pair("re"): found = .registry
    case Self.pair("sk"): found = .skillClaim
    case Self.pair("su"): found = .submission
    default: return nil
    }
    let spelled = found.rawValue.utf8
    guard spelled.count == name.byteCount else { return nil }
    var at = 0
    for byte in spelled {
      guard unsafe name.unsafeLoad(fromByteOffset: at, as: UInt8.self) == byte else { return nil }
      at += 1
    }
    self = found
  }

  private static func pair(_ name: RawSpan, _ at: Int) -> UInt16 {
    unsafe name.unsafeLoadUnaligned(fromByteOffset: at, as: UInt16.self).bigEndian
  }

  @inline(__always)
  private static func pair(_ text: StaticString) -> UInt16 {
    unsafe UInt16(text.utf8Start[0]) << 8 | UInt16(text.utf8Start[1])
  }
}

/// A stream's name: its kind, a slash, the identifier of the thing, such as `agreement/mou-2024`.
public struct StreamID: Hashable, Comparable, Sendable {
  public let kind: StreamKind
  public let key: Identifier

  @inlinable
  public init(_ kind: StreamKind, _ key: Identifier) {
    self.kind = kind
    self.key = key
  }

  public init?(_ text: some StringProtocol) {
    self.init(utf8: String(text).utf8.span)
  }

  /// From bytes as they are kept.
  public init?(utf8 bytes: Span<UInt8>) { unsafe self.init(bytes.bytes) }

  public init?(_ bytes: RawSpan) {
    var slash = 0
    while slash < bytes.byteCount,
      unsafe bytes.unsafeLoad(fromByteOffset: slash, as: UInt8.self) != UInt8(ascii: "/")
    {
      slash += 1
    }
    guard slash < bytes.byteCount,
      let kind = StreamKind(utf8: bytes.extracting(first: slash)),
      let key = Identifier(bytes.extracting(droppingFirst: slash + 1))
    else { return nil }
    self.init(kind, key)
  }

  public var text: String { kind.rawValue + "/" + key.text }

  public func append(to bytes: inout [UInt8]) {
    bytes.append(contentsOf: kind.rawValue.utf8)
    bytes.append(UInt8(ascii: "/"))
    key.append(to: &bytes)
  }

  public static func < (a: StreamID, b: StreamID) -> Bool {
    a.kind.rank != b.kind.rank ? a.kind.rank < b.kind.rank : a.key < b.key
  }
}

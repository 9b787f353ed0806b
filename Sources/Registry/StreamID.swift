/// An event's place in the whole log, gapless from 0.
public typealias LogPosition = UInt64

/// What a stream is the history of.
public enum StreamKind: String, CaseIterable, Sendable {
  case registry, organisation, officer, framework, authorisation, instrument, agreement
  case programme, course, cohort, enrolment, submission, credential
  case skillClaim = "skill_claim"
  case mandate, duty
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

  @inlinable
  public init?(_ text: some StringProtocol) {
    self.init(utf8: String(text).utf8.span)
  }

  /// From bytes as they are kept.
  public init?(utf8 bytes: Span<UInt8>) {
    var slash = 0
    while slash < bytes.count, bytes[slash] != UInt8(ascii: "/") { slash += 1 }
    guard slash < bytes.count,
      let name = try? UTF8Span(validating: bytes.extracting(0..<slash)),
      let kind = StreamKind(rawValue: String(copying: name)),
      let key = Identifier(utf8: bytes.extracting((slash + 1)..<bytes.count))
    else { return nil }
    self.init(kind, key)
  }

  public var text: String { kind.rawValue + "/" + key.text }

  public static func < (a: StreamID, b: StreamID) -> Bool {
    (a.kind.rawValue, a.key) < (b.kind.rawValue, b.key)
  }
}

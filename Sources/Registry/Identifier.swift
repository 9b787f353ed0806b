/// A name that the registry gives or is given for a thing: 1 to 64 bytes of ASCII letters, digits
/// and `. _ : @ + ~ -`.
///
/// The bound keeps every key far under LMDB's 511 bytes, and the alphabet leaves 0x00 and `/` free
/// to end a part of a key.
public struct Identifier: Hashable, Comparable, Sendable {
  public static let lengthMax = 64

  public let text: String

  @inlinable
  public init?(_ text: some StringProtocol) { self.init(utf8: String(text).utf8.span) }

  /// From bytes as they are kept. Not generic: it is met several times in every event, and a
  /// generic one is looked up for each byte where another module calls it.
  public init?(utf8 bytes: Span<UInt8>) {
    guard (1...Identifier.lengthMax).contains(bytes.count) else { return nil }
    for at in bytes.indices where !Identifier.allows(bytes[at]) { return nil }
    // All are ASCII, which is valid UTF-8.
    guard let ascii = try? UTF8Span(validating: bytes) else { return nil }
    text = String(copying: ascii)
  }

  @inlinable
  public static func allows(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: ":"), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "~"),
      UInt8(ascii: "-"):
      true
    default: false
    }
  }

  public static func < (a: Identifier, b: Identifier) -> Bool { a.text < b.text }
}

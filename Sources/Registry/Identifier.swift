/// A name that the registry gives or is given for a thing: 1 to 64 bytes of ASCII letters, digits
/// and `. _ : @ + ~ -`.
///
/// The bound keeps every key far under LMDB's 511 bytes, and the alphabet leaves 0x00 and `/` free
/// to end a part of a key.
public struct Identifier: Hashable, Comparable, Sendable {
  public static let lengthMax = 64

  public let text: String

  @inlinable
  public init?(_ text: some StringProtocol) {
    let utf8 = text.utf8
    guard !utf8.isEmpty, utf8.count <= Identifier.lengthMax,
      utf8.allSatisfy(Identifier.allows)
    else { return nil }
    self.text = String(text)
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

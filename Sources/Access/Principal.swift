/// Who calls: a URI, from the certificate with which the connection was made.
///
/// Two principals are one when their bytes are the same; nothing is normalised.
package struct Principal: Hashable, Sendable, CustomStringConvertible {
  /// Bytes; the schema's limit of an event's actor.
  package static let lengthMax = 200
  /// Who is connected without TLS, from the same machine. No URI is spelled so.
  package static let loopback = Principal(checked: "loopback")

  package let text: String

  package var description: String { text }

  /// Nil when the text is no URI (RFC 3986) of at most `lengthMax` bytes.
  package init?(_ text: String) {
    guard text.utf8.count <= Self.lengthMax, let colon = text.utf8.firstIndex(of: UInt8(ascii: ":"))
    else { return nil }
    let scheme = text.utf8[..<colon]
    let rest = text.utf8[text.utf8.index(after: colon)...]
    guard let first = scheme.first, Self.isLetter(first), scheme.allSatisfy(Self.isOfScheme),
      !rest.isEmpty, rest.allSatisfy(Self.isOfURI)
    else { return nil }
    self.init(checked: text)
  }

  private init(checked text: String) { self.text = text }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isOfScheme(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || "+-.".utf8.contains(byte)
  }

  private static func isOfURI(_ byte: UInt8) -> Bool {
    (0x21...0x7E).contains(byte) && !"\"<>\\^`{|}".utf8.contains(byte)
  }
}

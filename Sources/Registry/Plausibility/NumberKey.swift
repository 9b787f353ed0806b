import Foundation

/// What numbers are compared by: of certificates, and of people.
///
/// People type one number in several ways, and sheets add what nobody sees. Two that have the same
/// key are one number, whichever way they are written: compatibility forms are one (full-width
/// digits), format characters go, and case, spaces and dashes say nothing.
public struct NumberKey: Hashable, Sendable {
  public let text: String

  private static let sayingNothing: Set<Unicode.GeneralCategory> = [
    .format, .control, .spaceSeparator, .lineSeparator, .paragraphSeparator, .dashPunctuation,
  ]

  public init(_ number: some StringProtocol) {
    if let plain = Self.ofASCII(number) {
      text = plain
      return
    }
    var key = String.UnicodeScalarView()
    let folded = String(number).precomposedStringWithCompatibilityMapping
    for scalar in folded.unicodeScalars {
      if Self.sayingNothing.contains(scalar.properties.generalCategory) { continue }
      // The minus, and the division slash that is printed as a slash.
      if scalar == "\u{2212}" { continue }
      if scalar == "\u{2215}" || scalar == "\u{2044}" {
        key.append("/")
      } else {
        key.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    var (bytes, end) = (0, key.startIndex)
    while end < key.endIndex {
      bytes += UTF8.width(key[end])
      guard bytes <= Self.bytesMax else { break }
      key.formIndex(after: &end)
    }
    text = String(key[..<end])
  }

  /// Nearly every number is ASCII, which has no compatibility forms: its key is made byte by byte.
  private static func ofASCII(_ number: some StringProtocol) -> String? {
    var key: [UInt8] = []
    key.reserveCapacity(number.utf8.count)
    for byte in number.utf8 {
      guard byte < 0x80 else { return nil }
      switch byte {
      // Control characters, the space, and the only dash.
      case 0...0x20, 0x7F, UInt8(ascii: "-"): continue
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): key.append(byte | 0x20)
      default: key.append(byte)
      }
    }
    return String(decoding: key.prefix(bytesMax), as: UTF8.self)
  }

  /// Of a key in a table, so that with what stands beside it it stays below what one may have. Only
  /// compatibility forms that expand make a longer one: it is compared by so much.
  private static let bytesMax = 200
}

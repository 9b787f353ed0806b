import Foundation

/// What numbers are compared by: of certificates, and of people.
///
/// People type one number in several ways, and sheets add what nobody sees. Two that have the same
/// key are one number, whichever way they are written: compatibility forms are one (full-width
/// digits), format characters go, and case, spaces and dashes say nothing.
public struct NumberKey: Hashable, Sendable {
  public let text: String

  public init(_ number: some StringProtocol) {
    // Nearly every number is ASCII, which has no compatibility forms.
    let isPlain = number.utf8.allSatisfy { $0 < 0x80 }
    var key = String.UnicodeScalarView()
    let folded = isPlain ? String(number) : String(number).precomposedStringWithCompatibilityMapping
    for scalar in folded.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .format, .control, .spaceSeparator, .lineSeparator, .paragraphSeparator,
        .dashPunctuation:
        continue
      // any other: characters that say something.
      default:
        // The minus, and the division slash that is printed as a slash.
        if scalar == "\u{2212}" { continue }
        if scalar == "\u{2215}" || scalar == "\u{2044}" {
          key.append("/")
          continue
        }
        key.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    text =
      key.count <= Self.charactersMax
      ? String(key) : String(key.prefix(Self.charactersMax).map(Character.init))
  }

  /// Of a key in a table, so that its bytes stay far below what one may have; longer ones, of which
  /// there are none but by compatibility forms that expand, are compared by so much.
  private static let charactersMax = 200
}

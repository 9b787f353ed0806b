import Foundation

/// How a number is written that is recorded from now on: of a certificate, or of a person.
///
/// Earlier ones are as they are: nothing here judges what was recorded before.
public enum NumberSpelling {
  /// Bytes of a number that is no URI.
  static let lengthMax = 64

  /// What is wrong with a number, as a clause that goes on from it; nil where nothing is.
  ///
  /// - Parameter allowsURI: it may be an absolute URI by RFC 3986, as some certificates have.
  public static func problem(of number: String, allowsURI: Bool = false) -> String? {
    if isPlaceholder(number) {
      return "says that there is no number: leave it out, or give the number that the paper bears"
    }
    if allowsURI, isURI(number) { return nil }
    for (at, scalar) in number.unicodeScalars.enumerated() where !allows(scalar) {
      return
        "has \(name(of: scalar)) as its character \(at + 1); ASCII letters, digits, spaces and "
        + "/ - . _ are taken: write it as it is printed"
    }
    if number.utf8.count > lengthMax {
      return "has \(number.utf8.count) characters; \(lengthMax) are the most"
        + (allowsURI ? " of what is no URI" : "")
    }
    return nil
  }

  private static func allows(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "A"..."Z", "a"..."z", "0"..."9", " ", "/", "-", ".", "_": true
    default: false
    }
  }

  // MARK: placeholders

  /// Words that people and spreadsheets write where there is no number.
  private static let placeholders: Set<String> = [
    "na", "n/a", "n.a", "n.a.", "null", "none", "nil", "nan", "tbc", "tba", "tbd", "pending", "yes",
    "no", "unknown", "undefined", "notavailable", "notapplicable", "notissued", "x", "?",
    "sansobjet",
    "hakuna", "#n/a", "#ref!", "#value!",
  ]

  /// Whether it stands for no number: a word for none, nothing but marks, or nothing but zeros.
  public static func isPlaceholder(_ number: some StringProtocol) -> Bool {
    let key = NumberKey(number).text
    return placeholders.contains(key)
      || key.unicodeScalars.allSatisfy { $0 == "0" || $0 == "/" || $0 == "." || $0 == "_" }
  }

  // MARK: URIs

  /// Whether it is a URI by RFC 3986: a scheme, and the characters that may follow.
  static func isURI(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 1, colon + 1 < bytes.count,
      isLetter(bytes[0]),
      bytes[..<colon].allSatisfy({ isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) })
    else { return false }
    var at = colon + 1
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "%") {
        guard at + 2 < bytes.count, isHexadecimal(bytes[at + 1]), isHexadecimal(bytes[at + 2])
        else { return false }
        at += 3
        continue
      }
      guard isLetter(bytes[at]) || isDigit(bytes[at]) || uriMarks.contains(bytes[at]) else {
        return false
      }
      at += 1
    }
    return true
  }

  /// Unreserved and reserved characters that are neither letters nor digits.
  private static let uriMarks = Set("-._~:/?#[]@!$&'()*+,;=".utf8)

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
  }

  // MARK: characters, for a person

  /// A character's number and name, and what it is taken for: whoever reads it cannot see it.
  private static func name(of scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let name = scalar.properties.name ?? scalar.properties.nameAlias ?? "a character without a name"
    return "\(code) (\(name)\(looks(scalar).map { ", \($0)" } ?? ""))"
  }

  private static func looks(_ scalar: Unicode.Scalar) -> String? {
    let category = scalar.properties.generalCategory
    if category == .format || category == .control { return "which nobody sees" }
    if category == .spaceSeparator { return "which looks like a space" }
    if category == .dashPunctuation { return "which looks like -" }
    if let like = alike[scalar] { return "which looks like \(like)" }
    let plain = String(scalar).precomposedStringWithCompatibilityMapping
    guard plain.unicodeScalars.count == 1, let first = plain.unicodeScalars.first, first != scalar,
      first.isASCII
    else { return nil }
    return "which looks like \(first)"
  }

  /// Cyrillic and Greek capitals that are drawn as Latin ones, and marks that are drawn alike.
  private static let alike: [Unicode.Scalar: Character] = {
    var alike: [Unicode.Scalar: Character] = [
      "\u{2212}": "-", "\u{2215}": "/", "\u{2044}": "/", "\u{29F8}": "/",
    ]
    let pairs: [(String, String)] = [
      ("АВЕЅІЈКМНОРСТУХЅаеорсухіј", "ABESIJKMHOPCTYXSaeopcyxij"),
      ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEZHIKMNOPTYXo"),
    ]
    for (others, latin) in pairs {
      for (other, letter) in zip(others.unicodeScalars, latin) { alike[other] = letter }
    }
    return alike
  }()
}

import Algorithms
import Foundation

/// What a cell says, without what a spreadsheet put around it.
enum CellText {
  /// Columns of numbers that are names of something, whose digits all count.
  static let numberColumns: Set<String> = ["personnel_no", "national_id", "certificate_no"]

  /// The text without space around it; `="000126"` and `'000126`, by which spreadsheets keep a
  /// number's zeros, are 000126.
  static func plain(_ cell: String, in column: String) -> String {
    let text = cell.trimmed
    guard let first = text.utf8.first else { return text }
    if first == UInt8(ascii: "="), text.utf8.count >= 3, text.utf8.last == UInt8(ascii: "\""),
      text.dropFirst().first == "\""
    {
      return String(text.dropFirst(2).dropLast()).replacing("\"\"", with: "\"").trimmed
    }
    guard first == UInt8(ascii: "'"), let second = text.dropFirst().first else { return text }
    // A name may begin with an apostrophe; a guard stands before what would be computed.
    return numberColumns.contains(column) || second.isNumber || "=+-@".contains(second)
      ? String(text.dropFirst()).trimmed : text
  }

  private static let firstOfPlaceholders = Set("nNtTpPuUaAhHyYxX0#-.?".utf8)

  private static let placeholders: Set<String> = [
    "n/a", "na", "#n/a", "null", "nil", "none", "-", "--", "—", "–", ".", "tbc", "tbd", "tba",
    "pending", "unknown", "not available", "neant", "néant", "aucun", "hakuna", "?", "nan",
  ]

  /// Whether it stands for nothing: `N/A` and the like. In a column of numbers so do 0, yes and no.
  static func isPlaceholder(_ text: String, in column: String) -> Bool {
    // Most cells are told by their first letter not to be one.
    guard let first = text.utf8.first, text.utf8.count <= 16,
      first >= 0x80 || Self.firstOfPlaceholders.contains(first)
    else { return false }
    let word = text.lowercased()
    return placeholders.contains(word)
      || numberColumns.contains(column) && ["0", "yes", "no", "x"].contains(word)
  }

  /// Whether a spreadsheet spelled a long number by its powers of ten, so that digits are lost.
  static func lostDigits(_ text: String) -> Bool {
    guard let first = text.utf8.first, 0x30...0x39 ~= first,
      text.utf8.contains(where: { $0 | 0x20 == 0x65 })
    else { return false }
    return text.wholeMatch(of: /[0-9](?:[.,][0-9]+)?[eE]\+?[0-9]{1,3}/) != nil
  }
}

extension String {
  /// Without space around it, nor marks of a text's beginning.
  var trimmed: String {
    guard let first = utf8.first, let last = utf8.last else { return self }
    if first > 0x20 && first < 0x80 && last > 0x20 && last < 0x80 { return self }
    return String(trimming { $0.isWhitespace || $0 == "\u{FEFF}" })
  }
}

extension String {
  /// Lower case, in the plain letters of which others are variants, without accents and without
  /// characters that nobody sees.
  var plainLetters: String {
    guard utf8.contains(where: { $0 >= 0x80 }) else { return lowercased() }
    var plain = UnicodeScalarView()
    for scalar in decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars
    where scalar.properties.generalCategory != .nonspacingMark
      && scalar.properties.generalCategory != .format
    {
      plain.append(scalar)
    }
    return String(plain)
  }
}

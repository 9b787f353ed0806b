/// One row of a CSV file.
public struct CSVRow: Hashable, Sendable {
  /// The line on which the row begins, from 1.
  public var line: Int
  public var cells: [String]
  /// The file ended within a quoted cell.
  public var isCut = false
}

/// CSV by RFC 4180, with the delimiter that the first line uses.
///
/// Ours, because each row must keep its line number, and a file cut in the middle of a quoted cell
/// must cost that row only.
public struct CSV: Sendable {
  public var rows: [CSVRow]
  public var delimiter: Character

  /// Bytes of one cell.
  public static let cellLengthMax = 10_000

  public init(_ text: String) throws(FileProblem) {
    let first = text.prefix { !$0.isNewline }
    delimiter =
      [",", ";", "\t"].max { a, b in
        first.count { $0 == a } < first.count { $0 == b }
      } ?? ","
    rows = []
    var row = CSVRow(line: 1, cells: [])
    var cell = ""
    var (line, quoted, wasQuoted) = (1, false, false)
    func blank(_ row: CSVRow) -> Bool { row.cells.allSatisfy { $0.allSatisfy(\.isWhitespace) } }
    var at = text.startIndex
    while at < text.endIndex {
      let character = text[at]
      at = text.index(after: at)
      if quoted {
        if character == "\"" {
          if at < text.endIndex, text[at] == "\"" {
            cell.append("\"")
            at = text.index(after: at)
          } else {
            quoted = false
          }
        } else {
          cell.append(character)
          if character.isNewline { line += 1 }
        }
      } else if character == "\"", cell.isEmpty, !wasQuoted {
        (quoted, wasQuoted) = (true, true)
      } else if character == delimiter {
        row.cells.append(cell)
        (cell, wasQuoted) = ("", false)
      } else if character.isNewline {
        row.cells.append(cell)
        if !blank(row) { rows.append(row) }
        line += 1
        row = CSVRow(line: line, cells: [])
        (cell, wasQuoted) = ("", false)
      } else {
        cell.append(character)
      }
      guard cell.utf8.count <= Self.cellLengthMax else {
        throw FileProblem(
          "A cell that begins on line \(row.line) has more than \(Self.cellLengthMax) bytes: is "
            + "a quotation mark missing there?")
      }
    }
    row.cells.append(cell)
    row.isCut = quoted
    if !blank(row) { rows.append(row) }
  }

  /// A row spelled again, quoted where it must be.
  public static func line(_ cells: [String], delimiter: Character = ",") -> String {
    cells.map { cell in
      let mustQuote =
        cell.contains(delimiter) || cell.contains("\"") || cell.contains(where: \.isNewline)
      return mustQuote ? "\"" + cell.replacing("\"", with: "\"\"") + "\"" : cell
    }.joined(separator: String(delimiter))
  }
}

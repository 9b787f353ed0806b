import Registry

/// A head line: which column is called what.
package struct SheetHeader: Sendable {
  package let cells: [String]
  /// Place by place, what each head means: a column of ours, or its own name, folded.
  package let names: [String]
  /// Whether its rows are filled in by people about people, who write N/A for nothing.
  let isOfPeople: Bool
  private let places: [String: Int]

  /// - Throws: `FileFormatFailure` when a name stands there twice.
  init(_ cells: [String], isOfPeople: Bool = false) throws(FileFormatFailure) {
    // What a publisher's columns are called is told by its own rules.
    let names = cells.map {
      isOfPeople
        ? ColumnNames.folded($0)
        : $0.trimmed.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
          .replacing(".", with: "")
    }
    try self.init(cells, names, isOfPeople)
  }

  private init(
    _ cells: [String], _ names: [String], _ isOfPeople: Bool
  ) throws(FileFormatFailure) {
    (self.cells, self.names, self.isOfPeople) = (cells, names, isOfPeople)
    var places: [String: Int] = [:]
    for (at, name) in names.enumerated() where !name.isEmpty {
      guard places.updateValue(at, forKey: name) == nil else {
        throw FileFormatFailure("The column \(name) stands there twice.")
      }
    }
    self.places = places
  }

  /// With the heads read as what they mean among these columns.
  ///
  /// - Parameter map: by a head as it is folded, the column that it is said to be.
  func resolved(
    for columns: [String], map: [String: String]
  ) throws(FileFormatFailure) -> SheetHeader {
    try SheetHeader(cells, ColumnNames.resolved(cells, for: columns, map: map), isOfPeople)
  }

  func place(of column: String) -> Int? { places[column] }

  /// The head as the file spells it.
  func spelling(of column: String) -> String {
    place(of: column).map { cells[$0].trimmed } ?? column
  }
}

/// A row under a head line.
package struct SheetRow: Sendable {
  package var line: Int
  package var cells: [String]
  /// Why it could not be read.
  package var problem: Rejection?
  /// How the file writes days.
  var order: DayOrder
  private let header: SheetHeader

  init(_ row: CSVRow, under header: SheetHeader, _ order: DayOrder) {
    (line, cells, problem) = (row.line, row.cells, row.problem)
    (self.header, self.order) = (header, order)
  }

  /// The cell without space around it; nil when it is empty, or says that there is nothing.
  package subscript(_ column: String) -> String? {
    guard let cell = written(column), !isPlaceholder(cell, column) else { return nil }
    return cell
  }

  /// The cell as it is written; nil when it is empty.
  func written(_ column: String) -> String? {
    guard let at = header.place(of: column), at < cells.count else { return nil }
    let cell = header.isOfPeople ? CellText.plain(cells[at], in: column) : cells[at].trimmed
    return cell.isEmpty ? nil : cell
  }

  private static let words: Set<String> = ["name", "result", "status", "change", "reason"]

  /// Somebody may be called None, and a result that is pending says something.
  private func isPlaceholder(_ cell: String, _ column: String) -> Bool {
    guard header.isOfPeople else { return false }
    return !Self.words.contains(column) && CellText.isPlaceholder(cell, in: column)
  }

  /// What stands in the cell in the place of nothing; nil: nothing, or something.
  func placeholder(_ column: String) -> String? {
    written(column).flatMap { isPlaceholder($0, column) ? $0 : nil }
  }

  /// - Throws: `Rejection` unless the row could be read and has all that is required.
  func check(_ columns: [(name: String, required: Bool)]) throws(Rejection) {
    if let problem { throw problem }
    guard cells.dropFirst(header.cells.count).allSatisfy(\.trimmed.isEmpty) else {
      throw Rejection(
        .malformed, "The row has \(cells.count) cells under \(header.cells.count) columns.")
    }
    for (name, required) in columns where required && self[name] == nil {
      throw Rejection(
        .malformed,
        placeholder(name).map { "\"\($0)\" in the column \(name) says nothing." }
          ?? "The column \(name) is empty.", field: name)
    }
  }

  /// - Throws: `Rejection` for a number of which a spreadsheet has dropped digits.
  func number(_ column: String) throws(Rejection) -> String? {
    guard let text = self[column] else { return nil }
    guard !CellText.lostDigits(text) else {
      throw Rejection(
        .malformed,
        "\"\(text)\" in \(column) is what a spreadsheet makes of a long number, and digits are lost: "
          + "format the column as text and fill it in again.", field: column)
    }
    return text
  }

  package func identifier(_ column: String) throws(Rejection) -> Identifier? {
    guard let text = self[column] else { return nil }
    guard let id = WrittenCode.identifier(text, in: column) else {
      throw Rejection(
        .malformed,
        "\"\(text.prefix(80))\" in \(column) is no code: at most 64 letters, digits and . _ : @ + ~ -.",
        field: column)
    }
    return id
  }

  func day(_ column: String) throws(Rejection) -> Day? {
    guard let text = self[column] else { return nil }
    do {
      return try SheetDay.parse(text, order)
    } catch {
      var error = error
      error.field = column
      throw error
    }
  }
}

extension SheetRow {
  /// Hundredths of a per cent, of a number from 0 to 100.
  func score(_ column: String) throws(Rejection) -> UInt32? {
    guard let text = self[column] else { return nil }
    let digits = (text.hasSuffix("%") ? String(text.dropLast()).trimmed : text)
      .replacing(",", with: ".")
    // Neither 0x50 nor 8E+1: nobody writes a score so who means it.
    guard digits.utf8.count <= 20, digits.utf8.allSatisfy({ 0x30...0x39 ~= $0 || $0 == 0x2E }),
      let value = Double(digits), (0...100).contains(value)
    else {
      throw Rejection(
        .malformed, "\"\(text.prefix(40))\" is no score: a number from 0 to 100.", field: column)
    }
    return UInt32((value * 100).rounded())  // fits: at most 10,000
  }

  func assessmentMode(_ column: String) throws(Rejection) -> AssessmentMode? {
    guard let text = self[column] else { return nil }
    guard let mode = AssessmentMode.allCases.first(where: { $0.name == text.lowercased() }) else {
      throw Rejection(
        .malformed,
        "\"\(text)\" is no assessment: "
          + AssessmentMode.allCases.map(\.name).joined(separator: ", ") + ".", field: column)
    }
    return mode
  }
}

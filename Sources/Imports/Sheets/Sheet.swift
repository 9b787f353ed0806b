import Algorithms
import Registry

/// The kinds of spreadsheet that are read.
package enum SheetKind: String, CaseIterable, Sendable {
  case completions, officers, credentials

  /// The columns; what is not required may be missing.
  package var columns: [(name: String, required: Bool)] {
    switch self {
    case .completions:
      [
        ("personnel_no", true), ("name", false), ("course", true), ("cohort", true),
        ("completed_on", true), ("result", true), ("score", false), ("certificate_no", false),
        ("valid_until", false), ("issuer", false), ("assessment", false), ("award", false),
      ]
    case .officers:
      [
        ("personnel_no", true), ("national_id", false), ("name", true), ("organisation", true),
        ("position", false), ("cadre", false), ("grade", false), ("county", false),
        ("posted_on", true), ("change", false), ("separated_on", false), ("separation", false),
        ("category", false),
      ]
    case .credentials:
      [
        ("certificate_no", true), ("issuer", true), ("personnel_no", true), ("course", true),
        ("awarded_on", true), ("valid_from", false), ("valid_until", false),
      ]
    }
  }

  /// The head line and an example row.
  package var template: String {
    let example: [String] =
      switch self {
      case .completions:
        [
          "2022-000001", "Example Achieng", "cyber-basics", "cyber-2022-1", "2022-06-30",
          "passed", "78", "HETA/2022/0001", "2025-06-29", "heta", "proctored", "",
        ]
      case .officers:
        [
          "2022-000001", "10000001", "Example Achieng", "moict", "ict-officer", "ict", "J",
          "nairobi", "2019-07-01", "", "", "",
        ]
      case .credentials:
        [
          "HETA/2022/0001", "heta", "2022-000001", "cyber-basics", "2022-06-30", "2022-06-30",
          "2025-06-29",
        ]
      }
    return CSV.line(columns.map(\.name)) + "\n" + CSV.line(example) + "\n"
  }

  /// The kind whose required columns a head line has.
  package init?(header: [String]) {
    let names = Set(header.map(SheetHeader.normal))
    let fits = Self.allCases.filter { kind in
      kind.columns.allSatisfy { !$0.required || names.contains($0.name) }
    }
    guard let fit = fits.first else { return nil }
    self = fit
  }
}

extension SheetKind {
  /// The day on which a row's personnel number says whose it is: that of its fact. Nil where the row
  /// has none that can be read.
  package func day(of row: SheetRow) -> Day? {
    let column =
      switch self {
      case .completions: "completed_on"
      case .officers: "posted_on"
      case .credentials: "awarded_on"
      }
    return (try? row.day(column)) ?? nil
  }
}

extension SheetRow {
  /// The last day that a row of officers speaks of; nil: today.
  package var lastDay: Day? { (try? day("separated_on")) ?? nil }
}

/// A head line: which column is called what.
package struct SheetHeader: Sendable {
  package var cells: [String]
  private let places: [String: Int]

  /// - Throws: `FileFormatFailure` when a name stands there twice.
  init(_ cells: [String]) throws(FileFormatFailure) {
    self.cells = cells
    var places: [String: Int] = [:]
    for (at, cell) in cells.enumerated() {
      let name = Self.normal(cell)
      guard !name.isEmpty else { continue }
      guard places.updateValue(at, forKey: name) == nil else {
        throw FileFormatFailure("The column \(name) stands there twice.")
      }
    }
    self.places = places
  }

  package var names: [String] { cells.map(Self.normal) }

  func place(of column: String) -> Int? { places[column] }

  /// Lower case, with underscores between words; a few usual names are read as ours.
  static func normal(_ name: String) -> String {
    let words = name.trimmed.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
      .replacing(".", with: "")
    return aliases[words] ?? words
  }

  private static let aliases = [
    "personnel_number": "personnel_no", "pf_no": "personnel_no", "pno": "personnel_no",
    "certificate_number": "certificate_no", "cert_no": "certificate_no",
    "date_completed": "completed_on", "completion_date": "completed_on", "id_no": "national_id",
    "full_name": "name", "mark": "score", "marks": "score", "grade_obtained": "result",
  ]
}

/// A row under a head line.
package struct SheetRow: Sendable {
  package var line: Int
  package var cells: [String]
  /// Why it could not be read.
  package var problem: Rejection?
  private let header: SheetHeader

  init(_ row: CSVRow, under header: SheetHeader) {
    (line, cells, problem) = (row.line, row.cells, row.problem)
    self.header = header
  }

  /// The cell without space around it; nil when it is empty.
  package subscript(_ column: String) -> String? {
    guard let at = header.place(of: column), at < cells.count else { return nil }
    let cell = cells[at].trimmed
    return cell.isEmpty ? nil : cell
  }

  /// - Throws: `Rejection` unless the row could be read and has all that is required.
  func check(_ columns: [(name: String, required: Bool)]) throws(Rejection) {
    if let problem { throw problem }
    guard cells.count <= header.cells.count else {
      throw Rejection(
        .malformed, "The row has \(cells.count) cells under \(header.cells.count) columns.")
    }
    for (name, required) in columns where required && self[name] == nil {
      throw Rejection(.malformed, "The column \(name) is empty.", field: name)
    }
  }

  func identifier(_ column: String) throws(Rejection) -> Identifier? {
    guard let text = self[column] else { return nil }
    guard
      let id = Identifier(text) ?? Identifier(text.lowercased().replacing(" ", with: "-"))
    else {
      throw Rejection(
        .malformed, "\"\(text)\" in \(column) is no code: letters, digits and . _ : @ + ~ - only.",
        field: column)
    }
    return id
  }

  func day(_ column: String) throws(Rejection) -> Day? {
    guard let text = self[column] else { return nil }
    do {
      return try SheetDay.parse(text)
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
    let digits = text.replacing("%", with: "").replacing(",", with: ".").trimmed
    guard let value = Double(digits), value.isFinite, (0...100).contains(value) else {
      throw Rejection(
        .malformed, "\"\(text)\" is no score: a number from 0 to 100.", field: column)
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

/// A CSV file under a head line, a row at a time.
package struct SheetReader {
  package let header: SheetHeader
  package let delimiter: Character
  /// What the lines before the head say, each begun with #.
  package let remarks: [String]
  private var csv: CSVReader
  private var notes: [String] = []

  /// What the file of rejected rows adds; ignored when it is sent again.
  package static let reasonColumn = "rejected_because"

  /// - Throws: `FileFormatFailure` when there is no head line.
  package init(_ source: TextDecoder) throws {
    var csv = CSVReader(source)
    guard let head = try csv.next() else { throw FileFormatFailure("The file is empty.") }
    if let problem = head.problem { throw FileFormatFailure(problem.sentence) }
    header = try SheetHeader(head.cells)
    delimiter = csv.delimiter
    remarks = csv.remarks
    self.csv = csv
    if delimiter != "," {
      notes.append("cells are separated by \(delimiter == ";" ? "semicolons" : "tabs")")
    }
  }

  /// Says which columns are not known.
  ///
  /// - Throws: `FileFormatFailure` when one that is required is missing.
  ///
  /// - Parameter besides: columns that are for whoever reads the sheet alone.
  package mutating func expect(
    _ columns: [(name: String, required: Bool)], besides: [String] = []
  ) throws(FileFormatFailure) {
    let names = header.names
    for (name, required) in columns where required && !names.contains(name) {
      throw FileFormatFailure("The column \(name) is missing.")
    }
    let known = Set(columns.map(\.name) + besides + [Self.reasonColumn])
    for name in names where !known.contains(name) && !name.isEmpty {
      notes.append("the column \(name) is not known and was left out")
    }
  }

  /// The kind of sheet that the columns are of.
  package mutating func recogniseKind() throws(FileFormatFailure) -> SheetKind {
    guard let kind = SheetKind(header: header.cells) else {
      throw FileFormatFailure(
        "The columns \(header.cells.joined(separator: ", ")) are none that are known: see "
          + "`ujuzi template completions`, `officers` or `credentials`.")
    }
    try expect(kind.columns)
    return kind
  }

  package var bytesRead: Int { csv.bytesRead }
  package var heldMax: Int { csv.heldMax }

  package mutating func takeNotes() -> [String] {
    defer { notes = [] }
    return csv.takeNotes() + notes
  }

  package mutating func next() throws -> SheetRow? {
    try csv.next().map { SheetRow($0, under: header) }
  }

  /// The row as it goes into the file of rejected rows, without an earlier reason.
  package func spelled(_ row: SheetRow) -> String {
    let kept = zip(header.cells, row.cells).filter { $0.0 != Self.reasonColumn }.map(\.1)
    return CSV.line(kept, delimiter: delimiter)
  }

  /// The head of the file of rejected rows.
  package var rejectedHead: String {
    CSV.line(
      header.cells.filter { $0 != Self.reasonColumn } + [Self.reasonColumn], delimiter: delimiter)
  }
}

extension String {
  /// Without space around it.
  var trimmed: String {
    guard let first = utf8.first, let last = utf8.last else { return self }
    if first > 0x20 && first < 0x80 && last > 0x20 && last < 0x80 { return self }
    return String(trimming(while: \.isWhitespace))
  }
}

/// Days as spreadsheets have them.
package enum SheetDay {
  /// Reads YYYY-MM-DD, and D/M/YYYY with slashes, hyphens or full stops. Month before day is never
  /// guessed.
  package static func parse(_ text: String) throws(Rejection) -> Day {
    if let day = Day(text) { return day }
    let parts = text.split(omittingEmptySubsequences: false) { "/-.".contains($0) }.map(String.init)
    guard parts.count == 3, parts[2].count == 4, let day = Int(parts[0]), let month = Int(parts[1]),
      let year = Int(parts[2])
    else {
      throw Rejection(
        .malformed, "\"\(text)\" is no day: write 2022-06-30 or 30/06/2022.")
    }
    guard let found = Day(year: year, month: month, day: day) else {
      throw Rejection(
        .malformed,
        month > 12 && day <= 12
          ? "\"\(text)\" has the month before the day: write the day first, or 2022-06-30."
          : "\"\(text)\" is no day that exists.")
    }
    return found
  }
}

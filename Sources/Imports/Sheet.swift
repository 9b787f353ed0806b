import Registry

/// The kinds of spreadsheet that are read.
public enum SheetKind: String, CaseIterable, Sendable {
  case completions, officers, credentials

  /// The columns; what follows a question mark may be missing.
  public var columns: [(name: String, required: Bool)] {
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
        ("posted_on", true),
      ]
    case .credentials:
      [
        ("certificate_no", true), ("issuer", true), ("personnel_no", true), ("course", true),
        ("awarded_on", true), ("valid_from", false), ("valid_until", false),
      ]
    }
  }

  /// The head line and an example row.
  public var template: String {
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
          "nairobi", "2019-07-01",
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
  public init?(header: [String]) {
    let names = Set(header.map(Sheet.normal))
    let fits = Self.allCases.filter { kind in
      kind.columns.allSatisfy { !$0.required || names.contains($0.name) }
    }
    guard let fit = fits.first else { return nil }
    self = fit
  }
}

/// A spreadsheet: its rows by column names.
public struct Sheet: Sendable {
  public struct Row: Sendable {
    public var line: Int
    public var cells: [String]
    fileprivate var byName: [String: String]
    public var isCut: Bool

    /// The cell without space around it; nil when it is empty.
    public subscript(_ column: String) -> String? {
      guard let cell = byName[column]?.trimmed, !cell.isEmpty else { return nil }
      return cell
    }
  }

  public var kind: SheetKind
  public var header: [String]
  public var rows: [Row]
  public var notes: [String]
  public var delimiter: Character

  /// What the file of rejected rows adds; ignored when it is sent again.
  public static let reasonColumn = "rejected_because"

  public init(_ bytes: [UInt8]) throws(FileProblem) {
    let file = try TextFile(bytes)
    let csv = try CSV(file.text)
    guard let head = csv.rows.first else { throw FileProblem("The file is empty.") }
    notes = file.notes
    delimiter = csv.delimiter
    if csv.delimiter != "," {
      notes.append("cells are separated by \(csv.delimiter == ";" ? "semicolons" : "tabs")")
    }
    let names = head.cells.map(Self.normal)
    guard let kind = SheetKind(header: head.cells) else {
      throw FileProblem(
        "The columns \(head.cells.joined(separator: ", ")) are none that are known: see "
          + "`ujuzi template completions`, `officers` or `credentials`.")
    }
    var seen: Set<String> = []
    for name in names where !name.isEmpty && !seen.insert(name).inserted {
      throw FileProblem("The column \(name) stands there twice.")
    }
    let known = Set(kind.columns.map(\.name) + [Self.reasonColumn])
    for name in names where !known.contains(name) && !name.isEmpty {
      notes.append("the column \(name) is not known and was left out")
    }
    self.kind = kind
    header = head.cells
    rows = csv.rows.dropFirst().map { row in
      var byName: [String: String] = [:]
      for (name, cell) in zip(names, row.cells) { byName[name] = cell }
      return Row(line: row.line, cells: row.cells, byName: byName, isCut: row.isCut)
    }
  }

  /// Lower case, with underscores between words; a few usual names are read as ours.
  static func normal(_ name: String) -> String {
    let words = name.trimmed.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
      .replacing(".", with: "")
    let aliases = [
      "personnel_number": "personnel_no", "pf_no": "personnel_no", "pno": "personnel_no",
      "certificate_number": "certificate_no", "cert_no": "certificate_no",
      "date_completed": "completed_on", "completion_date": "completed_on", "id_no": "national_id",
      "full_name": "name", "mark": "score", "marks": "score", "grade_obtained": "result",
    ]
    return aliases[words] ?? words
  }
}

extension String {
  var trimmed: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}

/// Days as spreadsheets have them.
public enum SheetDay {
  /// Reads YYYY-MM-DD, and D/M/YYYY with slashes, hyphens or full stops. Month before day is never
  /// guessed.
  public static func parse(_ text: String) throws(Rejection) -> Day {
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

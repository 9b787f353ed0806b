import Registry

/// The kinds of spreadsheet that are read.
package enum SheetKind: String, CaseIterable, Sendable {
  case completions, officers, credentials

  package typealias Columns = [(name: String, required: Bool)]

  /// The columns; what is not required may be missing.
  package var columns: Columns {
    switch self {
    case .completions: Self.ofCompletions
    case .officers: Self.ofOfficers
    case .credentials: Self.ofCredentials
    }
  }

  // Made once: each row asks for them.
  private static let ofCompletions: Columns = [
    ("personnel_no", true), ("name", false), ("course", true), ("cohort", true),
    ("completed_on", true), ("result", true), ("score", false), ("certificate_no", false),
    ("valid_until", false), ("issuer", false), ("assessment", false), ("award", false),
  ]
  private static let ofOfficers: Columns = [
    ("personnel_no", true), ("national_id", false), ("name", true), ("organisation", true),
    ("position", false), ("cadre", false), ("grade", false), ("county", false),
    ("posted_on", true), ("change", false), ("separated_on", false), ("separation", false),
    ("category", false),
  ]
  private static let ofCredentials: Columns = [
    ("certificate_no", true), ("issuer", true), ("personnel_no", true), ("course", true),
    ("awarded_on", true), ("valid_from", false), ("valid_until", false), ("status", false),
    ("revoked_on", false), ("reason", false),
  ]

  /// The columns that hold days.
  package var dayColumns: [String] {
    switch self {
    case .completions: Self.daysOfCompletions
    case .officers: Self.daysOfOfficers
    case .credentials: Self.daysOfCredentials
    }
  }

  private static let daysOfCompletions = ["completed_on", "valid_until"]
  private static let daysOfOfficers = ["posted_on", "separated_on"]
  private static let daysOfCredentials = ["awarded_on", "valid_from", "valid_until", "revoked_on"]

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
          "nairobi", "2019-07-01", "", "", "", "",
        ]
      case .credentials:
        [
          "HETA/2022/0001", "heta", "2022-000001", "cyber-basics", "2022-06-30", "2022-06-30",
          "2025-06-29", "valid", "", "",
        ]
      }
    return CSV.line(columns.map(\.name)) + "\n" + CSV.line(example) + "\n"
  }

  /// The day on which a row's personnel number says whose it is: that of its fact. Nil where the row
  /// has none that can be read.
  package func day(of row: SheetRow) -> Day? {
    (try? row.day(dayColumns[0])) ?? nil
  }

  /// Columns of those that are required which a head line lacks.
  func missing(in names: some Collection<String>) -> [String] {
    columns.filter { $0.required && !names.contains($0.name) }.map(\.name)
  }
}

extension SheetRow {
  /// The last day that a row of officers speaks of; nil: today.
  package var lastDay: Day? { (try? day("separated_on")) ?? nil }
}

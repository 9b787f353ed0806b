import ArgumentParser
import Imports

/// How a sheet is read, where it does not tell itself.
struct SheetOptions: ParsableArguments {
  @Option(
    help: """
      HEAD=COLUMN: a head that means one of the columns; may be repeated. It is remembered in \
      .ujuzi-columns.csv in the file's folder.
      """)
  var map: [String] = []
  @Option(
    help: """
      day-first or month-first: how days such as 03/04/2024 are written, where the file does not show.
      """)
  var days: String?
  @Flag(help: "Record row by row also what looks misread as a whole.") var anyway = false

  /// - Throws: `CLIError` for another word.
  func order() throws -> DayOrder? {
    try days.map { try CLIError.named($0, "order of days", DayOrder.allCases, \.rawValue) }
  }

  /// The heads that are said to be columns.
  ///
  /// - Throws: `CLIError` for what is no HEAD=COLUMN, or no column.
  func mapped() throws -> [(head: String, column: String)] {
    let known = Set(SheetKind.allCases.flatMap { $0.columns.map(\.name) })
    return try map.map { text in
      guard let sign = text.lastIndex(of: "="), sign != text.startIndex else {
        throw CLIError("--map \(text) is no HEAD=COLUMN, such as --map 'Class=cohort'.")
      }
      let (head, column) = (String(text[..<sign]), String(text[text.index(after: sign)...]))
      guard known.contains(column) else {
        throw CLIError.noSuch("column", column, among: known.sorted())
      }
      return (head, column)
    }
  }
}

import Files
import Foundation
import Messages

/// What is printed where.
enum Output {
  static func error(_ text: String) { note(text + "\n") }

  /// Text as it is on the standard error; where nobody can be told, nobody is.
  static func note(_ text: String) { try? File.standardError.append(Array(text.utf8)) }

  /// Standard output, unbuffered lines; a closed pipe ends the program quietly.
  static func line(_ text: String) {
    do {
      try File.standardOutput.append(Array((text + "\n").utf8))
    } catch {
      Foundation.exit(0)
    }
  }

  /// How far a long question has come, on the standard error for a person who watches.
  static func progress(_ progress: Messages.Progress?) {
    guard isTerminal, let progress, progress.of > 0 else { return }
    let end = progress.done == progress.of ? "\n" : ""
    note("\r\(progress.done) of \(progress.of)\(end)")
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Rows under heads, each column as wide as it must be.
  static func table(_ heads: [String], _ rows: [[String]]) -> String {
    var widths = heads.map(\.count)
    for row in rows {
      for (at, cell) in row.enumerated() { widths[at] = max(widths[at], cell.count) }
    }
    func line(_ cells: [String]) -> String {
      zip(cells, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }
        .joined(separator: "  ").trimmingCharacters(in: .whitespaces)
    }
    return ([line(heads)] + rows.map(line)).joined(separator: "\n")
  }

  /// Text from elsewhere, without what would steer a terminal.
  static func plain(_ text: String) -> String {
    String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "?" : Character($0) })
  }
}

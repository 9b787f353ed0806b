import Messages
import Registry

/// The time that institutions gave for a mandate, in words.
enum SupportText {
  /// Under its head in the table; whose it is, where it is not the organisation's own.
  static func cell(_ line: ComplianceLine) -> String {
    guard let given = line.support else { return "" }
    return "\(given.hours) h a week"
      + (given.organisation == line.organisation ? "" : " by \(given.organisation.text)")
  }

  /// An institution with what its reports say and which of them count.
  static func words(_ line: SupportLine, asked: UInt32) -> String {
    let given = line.given
    var text = "support    \(given.organisation.text): \(hours(given.minutes)) for each officer in "
    text += "\(given.days) days"
    text += asked > 0 ? " (asked: \(asked) h a week)" : ""
    text += ", " + line.counted.map(report).joined(separator: "; ")
    if !line.others.isEmpty {
      text += "; not added: " + line.others.map(report).joined(separator: "; ")
    }
    return text
  }

  static func csvCells(_ given: SupportGiven?) -> [String] {
    guard let given else { return Array(repeating: "", count: 5) }
    return [
      given.organisation.text, "\(given.hours)", given.from?.text ?? "", given.until?.text ?? "",
      tenths(given.minutes),
    ]
  }

  private static func report(_ report: MandateSupportReported) -> String {
    "\(report.hours) h a week from \(report.from.text) to \(report.until.text)"
  }

  private static func hours(_ minutes: UInt64) -> String { tenths(minutes) + " h" }

  /// Hours with one decimal, cut off.
  private static func tenths(_ minutes: UInt64) -> String {
    let tenths = minutes / 6
    return "\(tenths / 10).\(tenths % 10)"
  }
}

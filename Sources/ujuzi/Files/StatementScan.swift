import Imports
import JSON

/// What must be known of a whole file of statements before the first is recorded.
struct StatementScan {
  /// The ids of the statements that it voids.
  private(set) var voided: Set<String> = []
  /// Attempts that it says were failed, each with its activity; not those that it takes back.
  private(set) var failures: Set<String> = []
  /// Whether it takes anything back: that is done last, since stores answer with the latest first.
  private(set) var takesBack = false

  init(_ input: InputFile) throws {
    var items = JSONSplitter(input.text(), remarks: true)
    var failed: [(statement: String, attempt: String)] = []
    while let item = try items.next() {
      // Most say none of these, and need not be parsed twice.
      guard item.problem == nil, Self.isWorthReading(item.text),
        let json = try? JSONText(item.text.utf8),
        let statement = try? Statement(Statement.unwrapped(json)),
        let act = StatementAct(verb: statement.verb)
      else { continue }
      // What is of any other kind stands by itself.
      if act == .voided || act == .forfeited { takesBack = true }
      if act == .voided, case .statement(let id) = statement.object { voided.insert(id) }
      if act == .failed, case .activity(let activity, _) = statement.object,
        let registration = statement.registration
      {
        failed.append((statement.id, registration + " " + activity))
      }
    }
    // What voids a failure may stand before it or after it.
    failures = Set(failed.lazy.filter { [voided] in !voided.contains($0.statement) }.map(\.attempt))
  }

  private static let words = ["voided", "failed", "forfeited"].map { Array($0.utf8) }

  /// Whether a text ends with one of the verbs that are looked for; all end with the same letters.
  private static func isWorthReading(_ text: String) -> Bool {
    let bytes = text.utf8.span
    var at = 6
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\""), bytes[at - 1] == UInt8(ascii: "d"),
        bytes[at - 2] == UInt8(ascii: "e"),
        words.contains(where: { word in
          at >= word.count && word.indices.allSatisfy { bytes[at - word.count + $0] == word[$0] }
        })
      {
        return true
      }
      at += 1
    }
    return false
  }
}

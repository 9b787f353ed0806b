import Imports
import Messages

/// What was left out of a file of statements, and why: a CSV, once there is anything.
final class LeftOutFile {
  private let path: String
  private var file: LineFile?
  private var counts: [String: Int] = [:]

  init(_ path: String) { self.path = path }

  func add(line: Int, statement: String, _ reason: String, _ sentence: String) throws {
    if file == nil {
      file = try LineFile(path, what: "What was left out", first: "line,statement,reason,sentence")
    }
    counts[reason, default: 0] += 1
    try file?.write(CSV.line(["\(line)", statement, reason, sentence]))
  }

  /// Says how many of each reason there were.
  func close() throws {
    guard let file else { return }
    try file.close()
    let all = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }
    Output.error("left out: \(all.joined(separator: ", ")); each with its reason in \(path)")
  }
}

import Imports
import Messages

/// What was left out of a file of statements, and why: a CSV, once there is anything.
final class LeftOutFile {
  private let path: String
  private var file: LineFile?
  private var counts: [String: Int] = [:]
  /// Verbs of which nothing is recorded, with those statements apart that say a result.
  private var verbs: [Bool: [String: Int]] = [:]

  /// Verbs that are told apart.
  private static let verbsMax = 1000

  init(_ path: String) { self.path = path }

  func add(line: Int, statement: String, _ reason: String, _ sentence: String) throws {
    if file == nil {
      file = try LineFile(path, what: "What was left out", first: "line,statement,reason,sentence")
    }
    counts[reason, default: 0] += 1
    try file?.write(CSV.line(["\(line)", statement, reason, sentence]))
  }

  func count(verb: String, hasResult: Bool) {
    guard verbs[hasResult, default: [:]].count < Self.verbsMax || verbs[hasResult]?[verb] != nil
    else { return }
    verbs[hasResult, default: [:]][verb, default: 0] += 1
  }

  private static func spelled(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }

  /// Says how many of each reason there were.
  func close() throws {
    guard let file else { return }
    try file.close()
    Output.error(
      "left out: \(Self.spelled(counts)); each with its reason in \(path)")
    if let plain = verbs[false] {
      Output.error("verbs of which nothing is recorded: \(Self.spelled(plain))")
    }
    if let said = verbs[true] {
      Output.error(
        "verbs of which nothing is recorded, though they say a result: \(Self.spelled(said))")
    }
  }
}

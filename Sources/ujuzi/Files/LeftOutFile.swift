import Imports
import Messages

/// Which statements of a file were not recorded, or in spite of a doubt, and why: a CSV, once there
/// is anything.
final class LeftOutFile {
  /// What became of a statement. The summary counts by the same.
  enum Outcome: String, CaseIterable {
    /// Somebody must look at it.
    case rejected
    /// There is nothing to record of it.
    case leftOut = "left_out"
    /// It was recorded, or is recorded already, and something in it is odd.
    case doubted

    var words: String {
      switch self {
      case .rejected: "rejected"
      case .leftOut: "left out"
      case .doubted: "recorded in spite of a doubt"
      }
    }
  }

  private let path: String
  private let dryRun: Bool
  private let isNameOurs: Bool
  private var file: LineFile?
  private var counts: [Outcome: [String: Int]] = [:]
  /// Verbs of which nothing is recorded, with those statements apart that say a result.
  private var verbs: [Bool: [String: Int]] = [:]

  /// Verbs that are told apart.
  private static let verbsMax = 1000

  private static let what = "What was left out"

  /// - Parameter isNameOurs: whether the path is a name that nobody gave.
  init(_ path: String, isNameOurs: Bool, dryRun: Bool) {
    (self.path, self.isNameOurs, self.dryRun) = (path, isNameOurs, dryRun)
  }

  func add(
    line: Int, statement: String, _ outcome: Outcome, _ reason: String, _ sentence: String
  ) throws {
    if file == nil {
      file = try LineFile(
        path, what: Self.what, first: "line,statement,outcome,reason,sentence")
    }
    counts[outcome, default: [:]][reason, default: 0] += 1
    try file?.write(CSV.line(["\(line)", statement, outcome.rawValue, reason, sentence]))
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
    guard let file else {
      if !dryRun { try LineFile.clear(path, what: Self.what, keeping: isNameOurs) }
      return
    }
    try file.close()
    let said = Outcome.allCases.compactMap { outcome in
      counts[outcome].map { "\(outcome.words): \(Self.spelled($0))" }
    }
    Output.error("\(said.joined(separator: "; ")); each with its reason in \(path)")
    if let plain = verbs[false] {
      Output.error("verbs of which nothing is recorded: \(Self.spelled(plain))")
    }
    if let said = verbs[true] {
      Output.error(
        "verbs of which nothing is recorded, though they say a result: \(Self.spelled(said))")
    }
  }
}

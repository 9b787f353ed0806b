import Files
import Foundation
import Imports
import JSON
import Messages
import Registry

/// What became of each row of a file: counted, shown, and what was rejected written to a file of
/// its own as it happens, so that nothing piles up.
final class Report {
  private let json: Bool
  private let quiet: Bool
  private let dryRun: Bool
  private(set) var recorded = 0
  private(set) var events = 0
  private(set) var unchanged = 0
  private(set) var rejected = 0
  /// Rows that were recorded with a finding.
  private(set) var flagged = 0
  /// What there is nothing to record of; nil where that does not happen.
  private(set) var leftOut: Int?
  /// The head line of the rejected rows of a sheet; nil for lines of events.
  var rejectedHead: String?
  var delimiter: Character = ","
  /// What the numbers of rows count: items where all of them stand on one line.
  var unit = "line"
  private let rejectsPath: String?
  private var rejects: LineFile?
  private var shown = ""
  private var lastShown = Date.distantPast

  /// - Parameter rejects: where rejected rows are written, once there are any; nil: nowhere.
  init(json: Bool, quiet: Bool, dryRun: Bool, rejects: String?) {
    self.json = json
    self.quiet = quiet
    self.dryRun = dryRun
    rejectsPath = rejects
  }

  func say(notes: [String]) {
    for note in notes { Output.error("note: \(note)") }
  }

  /// A row's outcome is its first rejection, or that something of it was recorded.
  ///
  /// - Parameter lineOf: the line of an item of the request, where the rows know their places in it.
  func add(
    line: Int, _ outcomes: [RecordOutcome], lineOf: (UInt32) -> Int? = { _ in nil },
    row: () -> String
  ) throws {
    var (fresh, positions): (Int, [UInt64]) = (0, [])
    var findings: [Finding] = []
    var since: UInt64?
    for outcome in outcomes {
      switch outcome {
      case .rejected(let rejection):
        return try rejected(line: line, rejection.code, sentence(of: rejection), row)
      case .recorded(let at) where at.already: since = at.position
      case .recorded(let at):
        fresh += 1
        positions.append(at.position)
        findings += at.findings
      case .unchanged(let at): since = at.position
      case .notRecorded(let because):
        if outcomes.allSatisfy({ if case .notRecorded = $0 { true } else { false } }) {
          return try rejected(
            line: line, "not_recorded",
            Self.notRecorded(lineOf(because.becauseOf)), row)
        }
      }
    }
    guard fresh > 0 else { return unchanged(line: line, since: since) }
    recorded += 1
    events += fresh
    if !findings.isEmpty { flagged += 1 }
    guard !quiet else { return }
    let at = positions.count == 1 ? "\(positions[0])" : "\(positions[0])…\(positions.last!)"
    show(
      line,
      "\(dryRun ? "would be recorded" : "recorded") at \(at)"
        + findings.map { "; FLAGGED (\($0.finding.name)) \($0.sentence)" }.joined(),
      [
        ("outcome", .string(dryRun ? "would_be_recorded" : "recorded")),
        ("position", .number("\(positions[0])")), ("events", .number("\(fresh)")),
      ]
        + (findings.isEmpty
          ? []
          : [("flagged", .string(findings.map(\.finding.name).joined(separator: " ")))]))
  }

  private static func notRecorded(_ line: Int?) -> String {
    line.map { "Not recorded, because line \($0) was rejected." }
      ?? "Not recorded, because another event of its group was rejected."
  }

  /// A row of a sheet has no id that could be another one: it is known by what it is about, so that
  /// the one that says something else mends what was recorded.
  private func sentence(of rejection: Rejected) -> String {
    guard rejectedHead != nil, rejection.code == Rejection.Code.eventIDReused.rawValue else {
      return rejection.sentence
    }
    let known = rejection.position.map { " at position \($0)" } ?? ""
    return
      "This row was recorded before\(known), and said something else. A row that is mended is a "
      + "correction: `ujuzi correct \(rejection.eventInTheWay?.text ?? "EVENT") --reason REASON`, "
      + "with what is right."
  }

  func unchanged(line: Int, since: UInt64? = nil) {
    unchanged += 1
    guard !quiet else { return }
    show(
      line, "unchanged" + (since.map { " since \($0)" } ?? ""),
      [("outcome", .string("unchanged"))] + (since.map { [("since", .number("\($0)"))] } ?? []))
  }

  func rejected(line: Int, _ code: String, _ sentence: String, _ row: () -> String) throws {
    rejected += 1
    if !dryRun, let rejectsPath {
      if rejects == nil {
        rejects = try LineFile(rejectsPath, what: "The rejected rows", first: rejectedHead)
      }
      try rejects?.write(
        rejectedHead != nil
          ? row() + "\(delimiter)" + CSV.line([sentence], delimiter: delimiter)
          : "# \(unit) \(line): \(sentence)\n\(row())")
    }
    show(
      line, "REJECTED (\(code)) \(sentence)",
      [
        ("outcome", .string("rejected")), ("code", .string(code)),
        ("sentence", .string(sentence)),
      ])
  }

  func leftOut(line: Int, _ reason: String) {
    leftOut = (leftOut ?? 0) + 1
    guard !quiet else { return }
    show(
      line, "left out (\(reason))", [("outcome", .string("left_out")), ("code", .string(reason))])
  }

  private func show(_ line: Int, _ text: String, _ members: [(String, JSONText)]) {
    guard !quiet else { return }
    if json {
      let all = [(unit, JSONText.number("\(line)"))] + members
      shown += JSONText.object(all.map { (name: $0.0, value: $0.1) }).text + "\n"
    } else {
      shown += "\(unit) \(line): \(text)\n"
    }
    if shown.utf8.count > 32 << 10 || Output.isTerminal { flush() }
  }

  private func flush() {
    guard !shown.isEmpty else { return }
    shown.removeLast()
    Output.line(shown)
    shown = ""
  }

  /// A bar on the standard error, for a person who watches.
  func progress(_ done: Int, of all: Int) {
    guard Output.isTerminal, Date().timeIntervalSince(lastShown) > 0.1 || done == all else {
      return
    }
    lastShown = Date()
    let filled = 30 * done / max(all, 1)
    let bar = String(repeating: "#", count: filled) + String(repeating: "·", count: 30 - filled)
    let counts = "\(recorded) recorded, \(unchanged) unchanged, \(rejected) rejected"
    Output.status("\r[\(bar)] \(done / 1024) of \(all / 1024) KB, \(counts)")
    if done == all { Output.status("\n") }
  }

  func summary() throws {
    flush()
    if json {
      Output.line(
        JSONText.object(
          [
            ("recorded", .number("\(recorded)")), ("events", .number("\(events)")),
            ("unchanged", .number("\(unchanged)")), ("rejected", .number("\(rejected)")),
          ] + (flagged > 0 ? [("flagged", .number("\(flagged)"))] : [])
            + (leftOut.map { [("left_out", .number("\($0)"))] } ?? [])
        ).text)
    } else {
      Output.line(
        "\(recorded) \(dryRun ? "would be recorded" : "recorded") (\(events) events), "
          + "\(unchanged) unchanged, \(rejected) rejected"
          + (leftOut.map { ", \($0) left out" } ?? "")
          + (flagged > 0 ? ", \(flagged) flagged: see `ujuzi exceptions --open`" : ""))
    }
    if let rejects {
      try rejects.close()
      Output.error(
        "rejected rows are in \(rejects.path), each with its reason: mend them and send it")
    }
  }
}

/// A file that is written a line at a time.
final class LineFile {
  let path: String
  private let what: String
  private let file: File
  private var pending: [UInt8] = []

  /// - Parameter what: the subject of the sentence that says that it cannot be written.
  init(_ path: String, what: String, first: String?) throws {
    (self.path, self.what) = (path, what)
    do { file = try File(emptying: path, mode: 0o666) } catch {
      throw Self.failure(what, path, error)
    }
    if let first { try write(first) }
  }

  func write(_ line: String) throws {
    pending += line.utf8
    pending.append(0x0A)
    if pending.count > 32 << 10 { try flush() }
  }

  func close() throws {
    try flush()
    file.close()
  }

  private func flush() throws {
    do { try file.append(pending) } catch { throw Self.failure(what, path, error) }
    pending = []
  }

  private static func failure(_ what: String, _ path: String, _ why: FileFailure) -> CLIError {
    CLIError("\(what) could not be written to \(path): \(why.reason). Name another file.")
  }
}

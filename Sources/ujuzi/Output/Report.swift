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
  /// What was recorded in spite of a doubt; nil where that does not happen.
  private(set) var doubted: Int?
  /// What is said otherwise in the registry and was corrected; nil where that was not asked for.
  private(set) var updated: Int?
  private var isUpdateShown = false
  /// Rows of earlier files that are not in this one.
  private var gone = 0
  /// The head line of the rejected rows of a sheet; nil for lines of events.
  var rejectedHead: String?
  var delimiter: Character = ","
  /// What the numbers of rows count: items where all of them stand on one line.
  var unit = "line"
  /// What to do about rejected rows.
  var advice = "mend them and send it"
  private let rejectsPath: String
  private let isRejectsNameOurs: Bool
  private var rejects: LineFile?
  private var shown = ""
  private var lastShown = Date.distantPast

  /// - Parameters:
  ///   - rejects: where rejected rows are written, once there are any.
  ///   - isRejectsNameOurs: whether that is a name that nobody gave.
  init(json: Bool, quiet: Bool, dryRun: Bool, rejects: String, isRejectsNameOurs: Bool) {
    self.json = json
    self.quiet = quiet
    self.dryRun = dryRun
    (rejectsPath, self.isRejectsNameOurs) = (rejects, isRejectsNameOurs)
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
        return try rejected(line: line, rejection.code, rejection.sentence, row)
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

  func unchanged(line: Int, since: UInt64? = nil) {
    unchanged += 1
    guard !quiet else { return }
    show(
      line, "unchanged" + (since.map { " since \($0)" } ?? ""),
      [("outcome", .string("unchanged"))] + (since.map { [("since", .number("\($0)"))] } ?? []))
  }

  func rejected(line: Int, _ code: String, _ sentence: String, _ row: () -> String) throws {
    rejected += 1
    if !dryRun {
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

  /// A row that was recorded, or is recorded already, and in which something is odd.
  func doubt() { doubted = (doubted ?? 0) + 1 }

  /// A row that the registry had otherwise.
  ///
  /// - Parameter position: of what corrected it last; nil: that was only shown.
  func updated(line: Int, _ sentence: String, at position: UInt64?) {
    updated = (updated ?? 0) + 1
    if position == nil { isUpdateShown = true }
    show(
      line, (position.map { "corrected at \($0). " } ?? "would be corrected. ") + sentence,
      [("outcome", .string(position == nil ? "would_be_corrected" : "corrected"))]
        + (position.map { [("position", .number("\($0)"))] } ?? [])
        + [("sentence", .string(sentence))])
  }

  /// A row of an earlier file that is not in this one: nothing is done about it.
  func gone(_ stream: StreamID, _ event: EventID, _ sentence: String) {
    gone += 1
    guard !quiet else { return }
    shown +=
      json
      ? JSONText.object([
        ("outcome", .string("gone")), ("stream", .string(stream.text)),
        ("event_id", .string(event.text)), ("sentence", .string(sentence)),
      ]).text + "\n"
      : "gone: \(sentence)\n"
  }

  /// A row of a sheet in which something is odd: it is said where nobody reads on, too.
  func doubt(line: Int, _ doubts: [RowDoubt]) {
    doubt()
    for doubt in doubts {
      if json {
        show(
          line, doubt.sentence,
          [
            ("outcome", .string("doubted")), ("code", .string(doubt.code)),
            ("sentence", .string(doubt.sentence)),
          ])
      } else if (doubted ?? 0) <= Self.doubtsShownMax {
        Output.error("note: \(unit) \(line): \(doubt.sentence)")
      }
    }
  }

  private static let doubtsShownMax = 100

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

  /// - Parameter isCut: an error cut it short: what an earlier run rejected may still be so.
  func summary(isCut: Bool = false) throws {
    flush()
    if json {
      Output.line(
        JSONText.object(
          [
            ("recorded", .number("\(recorded)")), ("events", .number("\(events)")),
            ("unchanged", .number("\(unchanged)")), ("rejected", .number("\(rejected)")),
          ] + (flagged > 0 ? [("flagged", .number("\(flagged)"))] : [])
            + (leftOut.map { [("left_out", .number("\($0)"))] } ?? [])
            + (updated.map {
              [(isUpdateShown ? "would_be_corrected" : "corrected", .number("\($0)"))]
            } ?? [])
            + (gone > 0 ? [("gone", .number("\(gone)"))] : [])
            + (doubted.map { [("doubted", .number("\($0)"))] } ?? [])
        ).text)
    } else {
      Output.line(
        "\(recorded) \(dryRun ? "would be recorded" : "recorded") (\(events) events), "
          + "\(unchanged) unchanged, \(rejected) rejected"
          + (leftOut.map { ", \($0) left out" } ?? "")
          + (flagged > 0 ? ", \(flagged) flagged: see `ujuzi exceptions --open`" : "")
          + (updated.map { ", \($0) \(isUpdateShown ? "would be corrected" : "corrected")" } ?? "")
          + (gone > 0 ? ", \(gone) gone from the file" : "")
          + (doubted.map { ", \($0) in spite of a doubt" } ?? ""))
    }
    if let rejects {
      try rejects.close()
      Output.error(
        "rejected rows are in \(rejects.path), each with its reason: \(advice)")
    } else if !isCut, !dryRun {
      try LineFile.clear(rejectsPath, what: "The rejected rows", keeping: isRejectsNameOurs)
    }
  }
}

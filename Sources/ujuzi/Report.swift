import Crypto
import Foundation
import Imports
import Messages
import Registry

/// What became of each row of a file.
struct Report {
  let options: ServerOptions
  let quiet: Bool
  let dryRun: Bool
  private(set) var recorded = 0
  private(set) var events = 0
  private(set) var unchanged = 0
  private(set) var rejected = 0
  var rejectedHead: String?
  var delimiter: Character = ","
  private(set) var rejectedLines: [String] = []
  private var lastShown = Date.distantPast

  init(options: ServerOptions, quiet: Bool, dryRun: Bool) {
    self.options = options
    self.quiet = quiet
    self.dryRun = dryRun
  }

  func say(notes: [String]) {
    for note in notes { Output.error("note: \(note)") }
  }

  /// A row's outcome is its first rejection, or that something of it was recorded.
  mutating func add(line: Int, _ outcomes: [RecordOutcome], row: String) {
    var (fresh, positions): (Int, [UInt64]) = (0, [])
    var since: UInt64?
    for outcome in outcomes {
      switch outcome {
      case .rejected(let rejection):
        return rejected(
          line: line, rejection.code, rejection.sentence, row, isSheet: rejectedHead != nil,
          inTheWay: rejection.position)
      case .recorded(let at) where at.already: since = at.position
      case .recorded(let at):
        fresh += 1
        positions.append(at.position)
      case .unchanged(let at): since = at.position
      case .notRecorded(let because):
        if outcomes.count == 1
          || outcomes.allSatisfy({ if case .notRecorded = $0 { true } else { false } })
        {
          return rejected(
            line: line, "not_recorded",
            "Not recorded, because item \(because.becauseOf) was rejected.", row,
            isSheet: rejectedHead != nil)
        }
      }
    }
    guard fresh > 0 else { return unchanged(line: line, since: since) }
    recorded += 1
    events += fresh
    let at = positions.count == 1 ? "\(positions[0])" : "\(positions[0])…\(positions.last!)"
    show(
      line, "\(dryRun ? "would be recorded" : "recorded") at \(at)",
      [
        ("outcome", .string(dryRun ? "would_be_recorded" : "recorded")),
        ("position", .number("\(positions[0])")), ("events", .number("\(fresh)")),
      ])
  }

  mutating func unchanged(line: Int, since: UInt64? = nil) {
    unchanged += 1
    show(
      line, "unchanged" + (since.map { " since \($0)" } ?? ""),
      [("outcome", .string("unchanged"))] + (since.map { [("since", .number("\($0)"))] } ?? []))
  }

  mutating func rejected(
    line: Int, _ code: String, _ sentence: String, _ row: String, isSheet: Bool = false,
    inTheWay: UInt64? = nil
  ) {
    rejected += 1
    rejectedLines.append(
      isSheet
        ? row + "\(delimiter)" + CSV.line([sentence], delimiter: delimiter)
        : "# line \(line): \(sentence)\n\(row)")
    show(
      line, "REJECTED (\(code)) \(sentence)",
      [
        ("outcome", .string("rejected")), ("code", .string(code)),
        ("sentence", .string(sentence)),
      ])
  }

  private func show(_ line: Int, _ text: String, _ members: [(String, JSONText)]) {
    if options.json {
      let all = [("line", JSONText.number("\(line)"))] + members
      Output.line(JSONText.object(all.map { (name: $0.0, value: $0.1) }).text)
    } else if !quiet {
      Output.line("line \(line): \(text)")
    }
  }

  /// A bar on the standard error, for a person who watches.
  mutating func progress(_ done: Int, of all: Int) {
    guard Output.isTerminal, Date().timeIntervalSince(lastShown) > 0.1 || done == all else {
      return
    }
    lastShown = Date()
    let filled = 30 * done / max(all, 1)
    let bar = String(repeating: "#", count: filled) + String(repeating: "·", count: 30 - filled)
    FileHandle.standardError.write(Data("\r[\(bar)] \(done) of \(all)".utf8))
    if done == all { FileHandle.standardError.write(Data("\n".utf8)) }
  }

  func summary() {
    let text =
      "\(recorded) \(dryRun ? "would be recorded" : "recorded") (\(events) events), "
      + "\(unchanged) unchanged, \(rejected) rejected"
    if options.json {
      Output.line(
        JSONText.object([
          ("recorded", .number("\(recorded)")), ("events", .number("\(events)")),
          ("unchanged", .number("\(unchanged)")), ("rejected", .number("\(rejected)")),
        ]).text)
    } else {
      Output.line(text)
    }
  }
}

enum Digest {
  static func sha256(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

  /// Of a file of any size, read a piece at a time.
  static func sha256(file path: String) throws -> [UInt8] {
    guard let file = FileHandle(forReadingAtPath: path) else {
      throw Trouble("\(path) cannot be read: is it there, and may you read it?")
    }
    defer { try? file.close() }
    var hash = SHA256()
    do {
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(data: piece)
      }
    } catch {
      throw Trouble("\(path) cannot be read: \(error.localizedDescription)")
    }
    return Array(hash.finalize())
  }
}

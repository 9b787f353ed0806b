import ArgumentParser
import Foundation
import Messages
import Registry

struct ExceptionsVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "exceptions",
    abstract: "What does not fit: unrecognised trainings, facts that contradict each other, …",
    discussion: """
      Example: ujuzi exceptions --on 2024-12-31 --csv > exceptions.csv
               ujuzi exceptions --kind evidence_withdrawn --kind voided
               ujuzi exceptions --open --since 1200

      What contradicts what is known is open until somebody settles it: `ujuzi settle`.
      """)

  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    help: """
      Such as evidence_withdrawn, voided or after_death; several may be given (default: all). Another \
      word is answered with what there is.
      """)
  var kind: [String] = []
  @Flag(help: "Leave out what somebody settled.") var open = false
  @Option(
    parsing: .unconditional,
    help: """
      Only what was not there when the log had so many events, also of older events that became \
      wrong since.
      """, transform: WholeNumber.argument)
  var since: UInt64?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let kinds = try kind.map {
      try CLIError.named($0, "kind of exception", ExceptionKind.allCases, \.name)
    }
    let question = ExceptionsRequest(
      kinds: kinds, open: open, since: since, on: on, atPosition: atPosition)
    var counts: [ExceptionKind: Int] = [:]
    var asOf: UInt64 = 0
    if csv, !options.json {
      Output.line(
        CSVOutput.line([
          "kind", "stream", "event_id", "position", "effective", "officer", "by", "sentence",
          "settled", "reason", "settled_by",
        ]))
    }
    try await options.pages(.exceptions, question, ExceptionsPage.self) { page in
      asOf = page.asOf
      Output.progress(page.progress)
      for line in page.lines {
        counts[line.exceptionKind, default: 0] += 1
        Output.line(csv ? Self.cells(line) : Self.text(line))
      }
    }
    guard !options.json, !csv else { return }
    for kind in ExceptionKind.allCases where kinds.isEmpty || kinds.contains(kind) {
      // Of the many ways to contradict something only those are counted that there are.
      let isOne = kind.rawValue > ExceptionKind.nonCompliantBeforeDue.rawValue
      guard !isOne || kinds.contains(kind) || counts[kind] != nil else { continue }
      Output.line("\(kind.name): \(counts[kind] ?? 0)")
    }
    Output.line("as of \(asOf) events")
  }

  private static func cells(_ line: ExceptionLine) -> String {
    CSVOutput.line([
      line.exceptionKind.name, line.stream.text, line.eventID.text, "\(line.position)",
      line.effective.text, line.officer?.text, line.by?.text, line.sentence,
      line.settled?.name, line.reason?.text, line.settledBy?.text,
    ])
  }

  private static func text(_ line: ExceptionLine) -> String {
    "\(line.exceptionKind.name)  \(line.position)  \(line.effective.text)  \(line.stream.text)  "
      + Output.plain(line.sentence)
      + (line.officer.map { "  (officer \($0.text))" } ?? "") + "  (id \(line.eventID.text))"
      + (line.settled.map { "  \($0.name), \(line.reason?.text ?? "no reason")" } ?? "")
  }
}

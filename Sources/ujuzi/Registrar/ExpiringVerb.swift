import ArgumentParser
import Messages
import Registry

struct ExpiringVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "expiring",
    abstract: "Agreements, authorisations and credentials that run out soon.",
    discussion: """
      Example: ujuzi expiring --within 90
               ujuzi expiring --within 30 --kind credential --csv > soon.csv
      """)

  @Option(help: "Within so many days.") var within: UInt32
  @Option(help: "The day asked about (default: today).") var on: Day?
  @Option(help: "agreement, authorisation or credential; several may be given (default: all).")
  var kind: [Identifier] = []
  @Option(name: .customLong("at-position"), help: "As known when the log had so many events.")
  var atPosition: UInt64?
  @Option(help: "Print at most so many; all are counted.") var limit = Int.max
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    for kind in kind where !["agreement", "authorisation", "credential"].contains(kind.text) {
      throw CLIError("\(kind.text) does not run out: agreement, authorisation or credential.")
    }
    let question = ExpiringRequest(
      withinDays: within, streamKinds: kind, on: on, atPosition: atPosition)
    var (found, asOf): (Int, UInt64) = (0, 0)
    if csv, !options.json {
      Output.line(CSVOutput.line(["last_day", "stream", "title", "organisation", "holder"]))
    }
    try await options.stream(.expiring, question, ExpiringPage.self) { page in
      asOf = page.asOf
      Output.progress(page.progress)
      for line in page.lines {
        found += 1
        guard found <= limit else { continue }
        let cells = [
          line.lastDay.text, line.stream.text, line.title, line.organisation?.text,
          line.holder?.text,
        ]
        Output.line(
          csv
            ? CSVOutput.line(cells)
            : cells.map { $0.flatMap { $0.isEmpty ? nil : Output.plain($0) } ?? "–" }
              .joined(separator: "  "))
      }
    }
    if !options.json, !csv { Output.line("\(found) run out, as of \(asOf) events") }
  }
}

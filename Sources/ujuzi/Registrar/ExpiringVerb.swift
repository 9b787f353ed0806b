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
               ujuzi expiring --within 90 --officer 7f3c2a… --credential 1f0c…
      An agency names the credentials or the officers that it asks about; a registrar may.
      """)

  @Option(parsing: .unconditional, help: "Within so many days.", transform: WholeNumber.argument)
  var within: UInt32
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(help: "agreement, authorisation or credential; several may be given (default: all).")
  var kind: [Identifier] = []
  @Option(help: "Of credentials only this one; several may be given, and officers beside them.")
  var credential: [Identifier] = []
  @Option(help: "Of credentials only this officer's; several may be given.")
  var officer: [Identifier] = []
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @Option(
    parsing: .unconditional, help: "Print at most so many; all are counted.",
    transform: WholeNumber.argument) var limit = Int.max
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    for kind in kind {
      _ = try CLIError.named(
        kind.text, "kind that runs out", ["agreement", "authorisation", "credential"], \.self)
    }
    let question = ExpiringRequest(
      withinDays: within, streamKinds: kind, on: on, credentials: credential, officers: officer,
      atPosition: atPosition)
    var (limited, asOf) = (LineLimit(limit), UInt64(0))
    if csv, !options.json {
      Output.line(CSVOutput.line(["last_day", "stream", "title", "organisation", "holder"]))
    }
    try await options.pages(
      .expiring, question, ExpiringPage.self, cut: { limited.cut(&$0.lines) }
    ) { page in
      asOf = page.asOf
      Output.progress(page.progress)
      for line in page.lines {
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
    limited.end(json: options.json)
    if !options.json, !csv { Output.line("\(limited.counted) run out, as of \(asOf) events") }
  }
}

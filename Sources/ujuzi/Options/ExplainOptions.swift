import ArgumentParser
import Messages
import Registry

/// What every explanation takes, and how it is printed.
struct ExplainOptions: ParsableArguments {
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  static let heads = [
    "officer", "stream", "event_id", "position", "effective", "event", "standing", "because",
    "source_system", "source_reference", "source_sha256", "authority",
  ]

  func explain(_ what: ExplainRequest.What, _ sum: (UInt64) -> String?) async throws {
    let question = ExplainRequest(what: what, on: on, atPosition: atPosition)
    var (lines, counted, asOf): (Int, UInt64, UInt64) = (0, 0, 0)
    if csv, !options.json { Output.line(CSVOutput.line(Self.heads)) }
    try await options.pages(
      .explain, question, ExplainPage.self,
      cut: { page in
        lines += page.lines.count
        return true
      }
    ) { page in
      (counted, asOf) = (page.counted, page.asOf)
      for line in page.lines { Output.line(csv ? Self.cells(line) : Self.text(line)) }
    }
    guard lines > 0 else { throw CLIError.noSuch("There is nothing behind it.") }
    if !csv, !options.json {
      Output.line((sum(counted).map { $0 + ", " } ?? "") + "\(lines) events, as of \(asOf) events")
    }
  }

  private static func cells(_ line: ExplainLine) -> String {
    CSVOutput.line([
      line.officer?.text, line.stream.text, line.eventID.text, "\(line.position)",
      line.effective.text, line.event, line.standing.name, line.because, line.source?.system?.text,
      line.source?.reference, line.source.map { Hex.text($0.sha256) }, line.authority?.text,
    ])
  }

  private static func text(_ line: ExplainLine) -> String {
    var text = "\(line.position)  \(line.effective.text)  \(line.stream.text)  \(line.event)"
    if line.standing != .stands { text += "  \(line.standing.name.uppercased())" }
    text += "\n    \(Output.plain(line.because))"
    if let officer = line.officer { text += "\n    officer \(officer.text)" }
    if let source = line.source {
      let parts = [
        source.system?.text, source.reference.isEmpty ? nil : Output.plain(source.reference),
        source.sha256.isEmpty ? nil : "sha256 \(Hex.text(source.sha256))",
      ]
      text += "\n    source " + parts.compactMap { $0 }.joined(separator: ", ")
    }
    if let authority = line.authority { text += "\n    authority \(authority.text)" }
    return text + "\n    event \(line.eventID.text)"
  }
}

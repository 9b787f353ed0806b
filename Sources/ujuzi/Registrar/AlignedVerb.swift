import ArgumentParser
import Messages
import Registry

struct AlignedVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aligned",
    abstract: "What aligns with a plan, regulation or other instrument on a day.",
    discussion: """
      Example: ujuzi aligned digital-master-plan
               ujuzi aligned cii-regulations-2024 --on 2025-06-30

      Agreements, programmes and courses (in their last edition) that name the instrument,
      programmes that are counted under such an agreement, and mandates that rest on it.
      """)

  @Argument(help: "The instrument's id.") var instrument: Identifier
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Option(
    name: .customLong("at-position"), parsing: .unconditional,
    help: "As known when the log had so many events.", transform: WholeNumber.argument)
  var atPosition: UInt64?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = AlignedRequest(instrument: instrument, on: on, atPosition: atPosition)
    var (found, asOf) = (0, UInt64(0))
    var known: Instrument?
    try await options.pages(.aligned, question, AlignedPage.self) { page in
      asOf = page.asOf
      if let state = page.instrument {
        known = state
        Output.line(
          "\(Output.plain(state.title)) (\(instrument.text)), \(state.status.name) since "
            + state.since.day.text)
      }
      found += page.lines.count
      for line in page.lines { Output.line(Self.words(line)) }
    }
    guard known != nil else { throw CLIError.nothingStood(StreamID(.instrument, instrument)) }
    if !options.json { Output.line("\(found) aligned, as of \(asOf) events") }
  }

  private static func words(_ line: AlignedLine) -> String {
    "  \(line.stream.text)  \(line.status)  \(Output.plain(line.title))"
      + (line.through.map { ", through agreement/\($0.text)" } ?? "")
  }
}

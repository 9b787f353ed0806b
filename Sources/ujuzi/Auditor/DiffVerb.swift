import ArgumentParser
import Foundation
import Messages
import Registry

struct DiffVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "What the answers say at one position and not at another.",
    discussion: """
      Example: ujuzi diff 1000 1200
               ujuzi diff 1000 1200 --on 2023-01-01 --csv

      What events name is told one by one. What a course, a cohort, an authorisation, a policy, a
      mandate or another shared thing changed for people whom no event names is counted, where more
      than 8 have it in common.
      """)

  @Argument(help: "The log had so many events.") var from: UInt64
  @Argument(help: "And then so many (0: all there are).") var to: UInt64
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @Flag(help: "Print CSV.") var csv = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var (lines, more) = (0, UInt64(0))
    if csv, !options.json {
      Output.line(CSVOutput.line(["stream", "what", "before", "after", "positions", "count"]))
    }
    try await options.pages(
      .diff, DiffRequest(from: from, to: to, on: on), DiffPage.self
    ) { page in
      Output.progress(page.progress)
      for line in page.lines {
        lines += 1
        let positions = line.positions.map(String.init).joined(separator: " ")
        if csv {
          Output.line(
            CSVOutput.line([
              line.stream.text, line.what, line.before, line.after, positions,
              "\(max(line.count, 1))",
            ]))
        } else {
          Output.line(TextOutput.difference(line))
        }
      }
      more += page.more
    }
    if !options.json, more > 0 {
      // Not among the rows, which a program reads.
      csv ? Output.error("… and \(more) more differ") : Output.line("… and \(more) more differ")
    }
    if !options.json, !csv { Output.line("\(lines) lines differ") }
  }
}

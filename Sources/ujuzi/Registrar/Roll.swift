import ArgumentParser
import Messages
import Registry

struct Roll: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "A cohort's roll: who is in it, how far they came, and their credentials.",
    discussion: "Example: ujuzi roll cyber-2022-1 --on 2022-06-30")

  @Argument(help: "The cohort.") var cohort: Identifier
  @Option(help: "The day asked about (default: today).", transform: Day.argument) var on: Day?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var counts: [String: Int] = [:]
    var asOf: UInt64 = 0
    try await options.pages(
      .cohortRoll, CohortRollRequest(cohort: cohort, on: on), CohortRollPage.self
    ) { page in
      asOf = page.asOf
      for line in page.lines {
        counts[line.status.name, default: 0] += 1
        var text = "\(line.officer.text)  \(line.status.name)"
        if let completion = line.completion {
          text += ", \(completion.result.name) on \(completion.day.text)"
          if let score = completion.score { text += ", \(TextOutput.percent(UInt64(score)))" }
        }
        if !line.credentials.isEmpty {
          text += ", credential \(line.credentials.map(\.text).joined(separator: ", "))"
        }
        Output.line(text)
      }
    }
    guard !options.json else { return }
    guard !counts.isEmpty else {
      return Output.line("nobody is in the cohort \(cohort.text), as of \(asOf) events")
    }
    let summary = counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
    Output.line("\(summary.joined(separator: ", ")), as of \(asOf) events")
  }
}

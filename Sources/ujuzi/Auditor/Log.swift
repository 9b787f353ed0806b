import ArgumentParser
import Foundation
import Messages
import Registry

struct Log: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The log, event by event.",
    discussion: """
      Example: ujuzi log --from 0 --limit 20
               ujuzi log --follow --kind credential --json
               ujuzi log --actor loopback --recorded-later-than 30
      """)

  @Option(parsing: .unconditional, help: "The first position.", transform: WholeNumber.argument)
  var from: UInt64 = 0
  @Option(
    parsing: .unconditional, help: "At most so many events (0: all).",
    transform: WholeNumber.argument)
  var limit: UInt64 = 0
  @Option(help: "Only streams of this kind.") var kind: KindArgument?
  @Option(help: "Only what this actor recorded.") var actor: String?
  @Option(
    name: .customLong("recorded-later-than"),
    parsing: .unconditional,
    help: "Only what was recorded more than so many days after it took effect.",
    transform: WholeNumber.argument)
  var laterThan: UInt32 = 0
  @Flag(help: "Stay, and print what is recorded as it comes.") var follow = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let question = ReadLogRequest(
      from: from, follow: follow,
      streamKind: try kind.flatMap { Identifier(try $0.known().rawValue) }, limit: limit,
      actor: Array((actor ?? "").utf8),
      recordedLaterThanDays: laterThan)
    do {
      try await options.pages(.readLog, question, ReadLogPage.self) { page in
        for event in page.events { Output.line(try TextOutput.event(event)) }
      }
    } catch is CancellationError where follow {
      // Interrupted, which is how it ends.
    }
  }
}

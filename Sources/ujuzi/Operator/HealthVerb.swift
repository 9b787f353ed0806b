import ArgumentParser
import Foundation
import Messages
import UjuziClient

struct HealthVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health", abstract: "Whether the server answers and records.",
    discussion: """
      Example: ujuzi health --wait-ms 10000

      Exit status 0: it serves; 1: it answers, but records nothing or is stopping; 2: it is not
      there.
      """)

  @Option(
    name: .customLong("wait-ms"), parsing: .unconditional,
    help: "How long to wait for a server that is not there.", transform: WholeNumber.argument)
  var waitMs: UInt32 = 0
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let client = try options.client()
    let begun = Date()
    let answer = try await client.call(
      Method.check.rawValue, Codec.encode(HealthRequest()),
      CallOptions(timeoutMs: waitMs == 0 ? 5_000 : waitMs, waitForReady: waitMs > 0))
    let ms = Date().timeIntervalSince(begun) * 1000
    await client.close()
    let reply = try Codec.decode(HealthReply.self, from: answer)
    if options.json {
      Output.line(try JSONMapping.text(of: "HealthReply", answer).text)
    } else {
      let word =
        switch reply.serving {
        case .yes: "serving"
        case .draining: "stopping"
        case .readOnly: "answers, records nothing"
        }
      let detail = reply.detail.isEmpty ? "" : ": \(reply.detail)"
      Output.line("\(word)\(detail), as of \(reply.asOf) events (\(String(format: "%.1f", ms)) ms)")
    }
    if reply.serving != .yes { throw ExitCode.negative }
  }
}

import ArgumentParser
import Failures
import Foundation
import JSON
import Messages
import UjuziClient
import Wire

struct HealthVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "health", abstract: "Whether the server answers and records.",
    discussion: """
      Example: ujuzi health --wait-ms 10000

      It says one of: serving; read_only (it answers and records nothing: a disk is full, recording
      has stopped, the log is damaged); draining (it is stopping: open calls end, and none begins).
      Each but the first comes with its reason.

      Exit status 0: it serves; 1: it is read_only or draining; 2: it is not there.
      """)

  @Option(
    name: .customLong("wait-ms"), parsing: .unconditional,
    help: "How long to wait for a server that is not there.", transform: WholeNumber.argument)
  var waitMs: UInt32 = 0
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let client = try options.client()
    let begun = Date()
    let asked: Result<HealthReply?, any Error>
    do {
      let answer = try await client.call(
        Method.check.rawValue, Codec.encode(HealthRequest()),
        CallOptions(timeoutMs: waitMs == 0 ? 5_000 : waitMs, waitForReady: waitMs > 0))
      asked = .success(try Codec.decode(HealthReply.self, from: answer))
    } catch  where Self.isDraining(error) {
      // It tells whoever comes in place of a greeting, or of an answer.
      asked = .success(nil)
    } catch {
      asked = .failure(error)
    }
    let ms = Date().timeIntervalSince(begun) * 1000
    await client.close()
    let answered = try asked.get()
    let reply =
      answered
      ?? HealthReply(
        serving: .draining,
        detail: "The server is stopping: open calls end, and none begins.", asOf: 0)
    if options.json {
      Output.line(try JSONMapping.text(of: "HealthReply", Codec.encode(reply)).text)
    } else {
      let asOf = answered == nil ? "" : ", as of \(reply.asOf) events"
      Output.line(
        Self.words(reply.serving, asOf + " (\(String(format: "%.1f", ms)) ms)", reply.detail))
    }
    if reply.serving != .yes { throw ExitCode.negative }
  }

  private static func isDraining(_ error: any Error) -> Bool {
    switch error {
    case let status as CallStatus:
      status.code == .unavailable && status.rule == ProtocolRule.drain.rawValue
    case let failure as ConnectionFailure: failure.isStopping
    default: false
    }
  }

  /// What `health` and `status` say alike.
  static func words(_ serving: Serving, _ known: String, _ detail: String) -> String {
    let word =
      switch serving {
      case .yes: "serving"
      case .draining: "draining"
      case .readOnly: "read_only"
      }
    return word + known + (detail.isEmpty ? "" : ": \(detail)")
  }
}

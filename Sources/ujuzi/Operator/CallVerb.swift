import ArgumentParser
import Files
import Foundation
import JSON
import Messages
import UjuziClient
import Wire

/// Any method, by its name, with messages as JSON: for operators, and to learn the protocol.
struct CallVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Call any method of the protocol, with JSON.",
    discussion: """
      Examples:
        ujuzi call Health.Check
        ujuzi call Registry.GetProfile '{"officer": "…"}'
        ujuzi call Registrar.RecordMany - <requests.jsonl

      A message is in the form that `ujuzi describe METHOD` shows and `--json` prints elsewhere.
      The answer is printed as JSON; of a stream, a line each. With - the messages come from
      standard input, a line each. A status other than OK is printed as JSON on the standard error,
      and the exit status is 1 where it is NOT_FOUND, else 2: there is no answer.
      """)

  @Argument(help: "Such as Registry.GetProfile, or its number.")
  var method: String
  @Argument(help: "The request as JSON; - for standard input.")
  var request = "{}"
  @Option(
    name: .customLong("timeout-ms"), parsing: .unconditional,
    help: "Of the call; 0: the longest there is.", transform: WholeNumber.argument)
  var timeoutMs: UInt32 = 30_000
  @Option(help: "KEY=VALUE, said about the call; may be repeated.")
  var metadata: [String] = []
  @Option(help: "The caller's span, as W3C Trace Context spells it.")
  var traceparent = ""
  @Flag(help: "Wait until the server is there, within the timeout.")
  var wait = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let method = try Self.named(method)
    let asked = try CallOptions(
      timeoutMs: timeoutMs,
      metadata: metadata.map { pair in
        guard let equals = pair.firstIndex(of: "="), equals > pair.startIndex else {
          throw CLIError("\(pair) is no KEY=VALUE.")
        }
        return MetadataEntry(
          key: String(pair[..<equals]), value: Array(pair[pair.index(after: equals)...].utf8))
      }, waitForReady: wait, traceparent: traceparent)
    let client = try options.client()
    do {
      try await call(method, client, asked)
    } catch let status as CallStatus {
      await client.close()
      Output.error(Self.json(status))
      throw status.code == .notFound ? ExitCode.negative : .unanswered
    }
    await client.close()
  }

  static func named(_ name: String) throws -> Method {
    let folded = name.replacingOccurrences(of: "/", with: ".").lowercased()
    let found = Method.allCases.filter {
      $0.name.lowercased() == folded || "\($0.rawValue)" == folded
        || $0.name.lowercased().hasSuffix("." + folded)
    }
    guard found.count == 1 else {
      throw CLIError.noSuch("method", name, among: Method.allCases.map(\.name))
    }
    return found[0]
  }

  private func call(
    _ method: Method, _ client: RegistryClient, _ asked: CallOptions
  ) async throws {
    switch method.shape {
    case .onLoop, .deferred:
      let answer = try await client.answer(method.rawValue, try message(method), asked)
      try show(method, answer.message)
      for entry in answer.metadata {
        Output.error("metadata \(entry.key): \(String(decoding: entry.value, as: UTF8.self))")
      }
    case .stream:
      for try await bytes in client.stream(method.rawValue, try message(method), asked) {
        try show(method, bytes)
      }
    case .exchange:
      let exchange = try await client.exchange(method.rawValue, asked)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          do {
            try await send(method, exchange)
          } catch let status as CallStatus {
            // What ended the exchange is said by its answers.
            if status.code == .invalidArgument { throw status }
          }
        }
        for try await bytes in exchange.replies { try show(method, bytes) }
        try await group.waitForAll()
      }
    }
  }

  /// The one request.
  private func message(_ method: Method) throws -> [UInt8] {
    let text = request == "-" ? try File.standardInput.readToEnd() : Array(request.utf8)
    return try JSONMapping.bytes(of: method.messages.request, try JSONText(text))
  }

  private func send(_ method: Method, _ exchange: Exchange) async throws {
    if request == "-" {
      while let line = readLine() {
        guard !line.allSatisfy(\.isWhitespace) else { continue }
        try await exchange.send(
          try JSONMapping.bytes(of: method.messages.request, try JSONText(Array(line.utf8))))
      }
    } else {
      try await exchange.send(try message(method))
    }
    try await exchange.finish()
  }

  private func show(_ method: Method, _ bytes: [UInt8]) throws {
    let text: JSONText
    do {
      text = try JSONMapping.text(of: method.messages.reply, bytes)
    } catch {
      throw CLIError("The answer cannot be read: \(error.sentence)")
    }
    Output.line(method.shape == .onLoop || method.shape == .deferred ? text.pretty : text.text)
  }

  private static func json(_ status: CallStatus) -> String {
    let whole = Status(
      code: status.code.rawValue, message: status.message,
      detail: StatusDetail(field: status.field, rule: status.rule, state: status.state),
      retryAfterMs: status.retryAfterMs, notProcessed: status.notProcessed)
    let text = try? JSONMapping.text(of: "Status", Codec.encode(whole)).text
    return "\(status.code.name) \(text ?? status.message)"
  }
}

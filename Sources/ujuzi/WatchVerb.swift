import ArgumentParser
import Foundation
import Messages
import Registry
import UjuziClient
import Wire

struct WatchVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch",
    abstract: "What changes, a line a change, until it is interrupted.",
    discussion: """
      Example: ujuzi watch --credential k1 --credential k2
               ujuzi watch --officer pn:2022-000001 --from 0
               ujuzi watch --kind credential --kind enrolment --from 5557.0

      A line begins with its cursor: give the last one with --from, and nothing is missed or seen \
      twice. When the server goes away, the connection is made again. What runs out by its date \
      is no event: ask `ujuzi expiring` once a day.
      """)

  @Option(help: "Streams of this kind; several may be given (default: every kind).")
  var kind: [Identifier] = []
  @Option(help: "An officer, by id or SCHEME:VALUE; several may be given.")
  var officer: [WhoArgument] = []
  @Option(help: "A credential, by id; several may be given.") var credential: [Identifier] = []
  @Option(help: "A cursor that was printed, or 0 for the beginning (default: from now on).")
  var from: CursorArgument?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let what = try await self.what()
    var watching = Watching(what: what, cursor: from?.begin, options: options)
    try await watching.run()
  }

  private func what() async throws -> WatchRequest.What {
    guard [kind.isEmpty, officer.isEmpty, credential.isEmpty].filter({ !$0 }).count <= 1 else {
      throw Trouble("Watch kinds, officers or credentials: start one program for each.")
    }
    if !credential.isEmpty { return .credentials(WatchedIds(ids: credential)) }
    if officer.isEmpty { return .kinds(WatchedKinds(kinds: kind)) }
    var ids: [Identifier] = []
    for who in officer { ids.append(try await who.resolved(options)) }
    return .officers(WatchedIds(ids: ids))
  }
}

/// POSITION, or POSITION.ORDINAL of a change that was printed.
struct CursorArgument: ExpressibleByArgument {
  var begin: WatchRequest.Begin

  init?(argument: String) {
    let parts = argument.split(separator: ".", omittingEmptySubsequences: false)
    guard let position = UInt64(parts[0]) else { return nil }
    switch parts.count {
    case 1: begin = .from(position)
    case 2:
      guard let ordinal = UInt32(parts[1]) else { return nil }
      begin = .after(ChangeCursor(position: position, ordinal: ordinal))
    default: return nil
    }
  }
}

/// Watches on and on, over one connection after the other.
private struct Watching {
  /// Milliseconds before a connection is tried again, growing from the first to the last.
  private static let waitMs = 100...5_000

  let what: WatchRequest.What
  /// Where to go on; nil until the server has said where now is.
  var cursor: WatchRequest.Begin?
  let options: ServerOptions
  private var waitMs = Watching.waitMs.lowerBound
  /// An address that nobody listens on at first is a mistake; later, a server that comes back.
  private var isReached = false

  init(what: WatchRequest.What, cursor: WatchRequest.Begin?, options: ServerOptions) {
    self.what = what
    self.cursor = cursor
    self.options = options
  }

  mutating func run() async throws {
    defer { if let text { Output.error("go on with --from \(text)") } }
    while !Task.isCancelled {
      do {
        try await watchOnce()
      } catch  where Task.isCancelled {
        return
      } catch  where isReached && Self.mayRetry(error) {
        try? await Task.sleep(for: .milliseconds(waitMs))
        waitMs = min(2 * waitMs, Self.waitMs.upperBound)
      }
    }
  }

  /// Whether the same question may be answered another time.
  private static func mayRetry(_ error: any Error) -> Bool {
    guard let status = error as? CallStatus else { return error is ConnectionFailure }
    switch status.code {
    case .unavailable, .deadlineExceeded, .resourceExhausted, .internal, .unknown, .cancelled:
      return true
    default: return false
    }
  }

  private mutating func watchOnce() async throws {
    let client = try await options.connect()
    isReached = true
    do {
      let question = Codec.encode(WatchRequest(begin: cursor, what: what))
      for try await bytes in client.stream(Method.watch.rawValue, question) {
        try take(try Codec.decode(WatchPage.self, from: bytes))
      }
    } catch {
      await client.close()
      throw error
    }
    await client.close()
  }

  private mutating func take(_ page: WatchPage) throws {
    waitMs = Self.waitMs.lowerBound
    for change in page.changes {
      // Moved with each line: an interrupt may come between two.
      try print(change)
      cursor = .after(ChangeCursor(position: change.position, ordinal: change.ordinal))
      try Task.checkCancellation()
    }
    cursor = .from(page.readTo)
  }

  private func print(_ change: WatchedChange) throws {
    if options.json {
      return Output.line(try JSONForm.text(of: "WatchedChange", Codec.encode(change)).text)
    }
    var parts = [
      "\(change.position).\(change.ordinal)", change.effective.text, change.stream.text,
      change.event, change.cause.name,
    ]
    if let officer = change.officer { parts.append("officer \(officer.text)") }
    if let credential = change.credential, change.stream.kind != .credential {
      parts.append("credential \(credential.text)")
    }
    Output.line(parts.joined(separator: "  "))
  }

  private var text: String? {
    switch cursor {
    case nil: nil
    case .from(let position): "\(position)"
    case .after(let cursor): "\(cursor.position).\(cursor.ordinal)"
    }
  }
}

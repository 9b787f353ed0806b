import ArgumentParser
import Failures
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
               ujuzi watch --kind credential --kind enrolment --from 5557.0@6a1c09f2…

      A line begins with its cursor: give the last one with --from, and nothing is missed or seen \
      twice. What follows the @ names the log and the event, so that a cursor is refused once an \
      older log was put back; a bare position (--from 5557) is taken as it is, since nothing can be \
      told from it. When the server goes away, the connection is made again, and the standard error \
      says so. What runs out by its date is no event: ask `ujuzi expiring` once a day.

      Exit status 0: it was interrupted; 2: it would never go on (not permitted, no such method, a \
      cursor of another log, malformed, damaged), or nobody was there from the first.
      """)

  @Option(help: "Streams of this kind; several may be given (default: every kind).")
  var kind: [KindArgument] = []
  @Option(help: "An officer, by id or SCHEME:VALUE; several may be given.")
  var officer: [WhoArgument] = []
  @Option(help: "A credential, by id; several may be given.") var credential: [Identifier] = []
  @Option(help: "A cursor that was printed, or 0 for the beginning (default: from now on).")
  var from: CursorArgument?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let what = try await self.what()
    var watching = WatchLoop(what: what, cursor: from?.begin, options: options)
    try await watching.run()
  }

  private func what() async throws -> WatchRequest.What {
    guard [kind.isEmpty, officer.isEmpty, credential.isEmpty].filter({ !$0 }).count <= 1 else {
      throw CLIError("Watch kinds, officers or credentials: start one program for each.")
    }
    if !credential.isEmpty { return .credentials(WatchedIds(ids: credential)) }
    if officer.isEmpty {
      let kinds = try kind.map { try $0.known().rawValue }
      return .kinds(WatchedKinds(kinds: kinds.compactMap { Identifier($0) }))
    }
    var ids: [Identifier] = []
    for who in officer { ids.append(try await who.resolved(options)) }
    return .officers(WatchedIds(ids: ids))
  }
}

/// Where to begin: POSITION or POSITION.ORDINAL, and as the program prints it with `@` and what the
/// server's cursor has behind these two, in hexadecimal; or all of a cursor, as JSON has it.
struct CursorArgument: ExpressibleByArgument {
  enum Begin {
    case position(WatchRequest.Begin)
    case cursor([UInt8])
  }

  var begin: Begin

  init?(argument: String) {
    if argument.utf8.count == 2 * Self.length, let bytes = Hex.bytes(argument) {
      begin = .cursor(bytes)
      return
    }
    let halves = argument.split(separator: "@", omittingEmptySubsequences: false)
    let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    guard halves.count <= 2, parts.count <= 2, let position = UInt64(parts[0]) else { return nil }
    var ordinal: UInt32?
    if parts.count == 2 {
      ordinal = UInt32(parts[1])
      guard let ordinal, ordinal < .max else { return nil }
    }
    guard halves.count == 2 else {
      begin = .position(
        ordinal.map { .after(ChangeCursor(position: position, ordinal: $0)) } ?? .from(position))
      return
    }
    guard let rest = Hex.bytes(String(halves[1])), rest.count == Self.length - 12 else {
      return nil
    }
    begin = .cursor(
      Self.bigEndian(position, 8) + Self.bigEndian(ordinal.map { UInt64($0) + 1 } ?? 0, 4) + rest)
  }

  /// Bytes of a cursor: position 8, ordinal + 1 4, then what names log and event.
  private static let length = 24

  private static func bigEndian(_ number: UInt64, _ count: Int) -> [UInt8] {
    (1...count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - $0))) }
  }

  /// A server's cursor as an argument; nil where the server is an older one and gave none.
  static func text(_ cursor: [UInt8]) -> String? {
    guard cursor.count == length else { return nil }
    func number(_ range: Range<Int>) -> UInt64 { cursor[range].reduce(0) { $0 << 8 | UInt64($1) } }
    let ordinal = number(8..<12)
    return "\(number(0..<8))" + (ordinal > 0 ? ".\(ordinal - 1)" : "") + "@"
      + Hex.text(Array(cursor[12...]))
  }
}

/// Watches until interrupted, or until it could never go on, reconnecting as needed.
private struct WatchLoop {
  /// Milliseconds before a connection is tried again, growing from the first to the last.
  private static let waitMs = 100...5_000

  let what: WatchRequest.What
  /// Where to go on; nil until the server has said where now is.
  var cursor: CursorArgument.Begin?
  let options: ServerOptions
  private var waitMs = WatchLoop.waitMs.lowerBound
  /// It was told something: before that, the caller knows where to begin.
  private var isTold = false
  /// An address that nobody listens on at first is a mistake; later, a server that comes back.
  private var isReached = false
  /// What was said last of why it does not go on; nil while it does.
  private var notice: String?

  init(what: WatchRequest.What, cursor: CursorArgument.Begin?, options: ServerOptions) {
    self.what = what
    self.cursor = cursor
    self.options = options
  }

  mutating func run() async throws {
    defer { if isTold, let text { Output.error("go on with --from \(text)") } }
    while !Task.isCancelled {
      do {
        try await watchOnce()
        try await pause(after: "The server ended the stream.")
      } catch  where Task.isCancelled {
        return
      } catch  where isReached && Retry.mayResume(after: error) {
        try? await pause(after: ErrorSentence.of(error))
      }
    }
  }

  /// Waits before it goes on, and says so once for each reason.
  private mutating func pause(after reason: String) async throws {
    if notice != reason {
      notice = reason
      Output.error("ujuzi: \(reason) Going on as soon as it can be reached.")
    }
    try await Task.sleep(for: .milliseconds(waitMs))
    waitMs = min(2 * waitMs, Self.waitMs.upperBound)
  }

  private mutating func watchOnce() async throws {
    let client = try await options.connect()
    isReached = true
    do {
      var request = WatchRequest(what: what)
      switch cursor {
      case nil: break
      case .position(let begin): request.begin = begin
      case .cursor(let bytes): request.cursor = bytes
      }
      let question = Codec.encode(request)
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
    isTold = true
    if notice != nil {
      notice = nil
      Output.error("ujuzi: going on")
    }
    for change in page.changes {
      // Moved with each line: an interrupt may come between two.
      try print(change)
      cursor =
        change.cursor.isEmpty
        ? .position(.after(ChangeCursor(position: change.position, ordinal: change.ordinal)))
        : .cursor(change.cursor)
      try Task.checkCancellation()
    }
    cursor = page.cursor.isEmpty ? .position(.from(page.readTo)) : .cursor(page.cursor)
  }

  private func print(_ change: WatchedChange) throws {
    if options.json {
      return Output.line(try JSONMapping.text(of: "WatchedChange", Codec.encode(change)).text)
    }
    var parts = [
      CursorArgument.text(change.cursor) ?? "\(change.position).\(change.ordinal)",
      change.effective.text, change.stream.text,
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
    case .position(.from(let position)): "\(position)"
    case .position(.after(let cursor)): "\(cursor.position).\(cursor.ordinal)"
    case .cursor(let bytes): CursorArgument.text(bytes)
    }
  }
}

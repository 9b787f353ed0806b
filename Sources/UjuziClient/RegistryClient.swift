import Failures
import Locking
import Messages
import NIOCore
import Wire

/// Where a registry is served.
public struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
  public var host: String
  public var port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A registry, through one connection at a time that is made again when it ends.
///
/// Calls may come from any task. A call that was not begun is asked again, and so is one that may
/// safely happen twice: every question, and recording, whose events have ids.
public final class RegistryClient: RPCCaller {
  public struct Options: Sendable {
    /// What the client calls itself, for the server's log.
    public var name = "ujuzi-swift"
    /// Nil for a server on this machine that has no TLS.
    public var tls: ClientTLS?
    /// Milliseconds for one try to connect and greet.
    public var connectTimeoutMs: Int64 = 5_000
    /// The silence after which the server is asked for a sign of life; 0: as the server likes.
    public var keepaliveMs: UInt32 = 0
    public var backoff = Backoff()
    /// How often a call is asked at most, the first time included.
    public var triesMax = 5

    public init() {}
  }

  private struct State {
    var connection: Connection?
    var connecting: Task<Connection, any Error>?
    /// The address that the next try begins with.
    var next = 0
    /// Whether a server was ever there: what never was is not waited for unasked.
    var wasReached = false
    var throttle = RetryThrottle()
    var isClosed = false
  }

  public let addresses: [ServerAddress]
  public let options: Options
  private let group: any EventLoopGroup
  private let state = Mutex(State())

  /// Makes a client that connects at its first call.
  ///
  /// - Parameter addresses: of servers of the same registry; one that cannot be reached is passed
  ///   over for the next.
  public init(
    _ addresses: [ServerAddress], _ options: Options = Options(), group: any EventLoopGroup
  ) {
    precondition(!addresses.isEmpty, "a client needs an address")
    self.addresses = addresses
    self.options = options
    self.group = group
  }

  // MARK: the connection

  /// The open connection, or a new one.
  ///
  /// - Throws: `ConnectionFailure` when no address can be reached now, `CancellationError`.
  public func connection() async throws -> Connection {
    let found = try state.withLock { state throws -> (Connection?, Task<Connection, any Error>?) in
      guard !state.isClosed else {
        throw ConnectionFailure(sentence: "The client was closed.", mayRetry: false)
      }
      if let open = state.connection, open.isOpen { return (open, nil) }
      if let connecting = state.connecting { return (nil, connecting) }
      let connecting = Task { try await self.connect() }
      state.connecting = connecting
      return (nil, connecting)
    }
    if let open = found.0 { return open }
    return try await found.1!.value  // sure: an open connection or one that is being made
  }

  /// Tries each address once, beginning where it last went well, or after the one that failed.
  private func connect() async throws -> Connection {
    let first = state.withLock { $0.next }
    var failure = ConnectionFailure(sentence: "There is no address.")
    for at in 0..<addresses.count {
      let index = (first + at) % addresses.count
      let address = addresses[index]
      do {
        let connection = try await Connection.connect(
          host: address.host, port: address.port, name: options.name, tls: options.tls,
          keepaliveMs: options.keepaliveMs, group: group, timeoutMs: options.connectTimeoutMs)
        let old = state.withLock { state in
          defer {
            state.connection = connection
            state.connecting = nil
            state.next = index
            state.wasReached = true
          }
          return state.isClosed ? connection : nil
        }
        if let old { await old.close() }
        return connection
      } catch {
        let error =
          error as? ConnectionFailure
          ?? ConnectionFailure(sentence: ErrorSentence.of(error), cause: Cause(error))
        // The first server's word is kept when the others say less.
        if at == 0 || !error.mayRetry { failure = error }
      }
    }
    state.withLock { state in
      state.connecting = nil
      state.next = (first + 1) % addresses.count
    }
    throw failure
  }

  /// Waits until a server is there.
  ///
  /// - Throws: `ConnectionFailure` when no try will succeed or the deadline passes.
  public func ready(until deadline: NIODeadline = .distantFuture) async throws -> Connection {
    var tries = 0
    while true {
      do {
        return try await connection()
      } catch let failure as ConnectionFailure {
        tries += 1
        guard failure.mayRetry,
          try await pause(after: tries, atLeastMs: failure.retryAfterMs, until: deadline)
        else { throw failure }
      }
    }
  }

  /// Ends the connection; open calls fail, and no more are made.
  public func close() async {
    let connection = state.withLock { state in
      state.isClosed = true
      return state.connection
    }
    await connection?.close()
  }

  // MARK: calls

  /// Asks and waits for the one answer; asks again where that is safe.
  ///
  /// - Throws: `CallStatus` when the server said no, `ConnectionFailure` when it is not there or
  ///   went away, `CancellationError` when the task was cancelled: the server is told then.
  public func answer(
    _ method: UInt32, _ request: [UInt8], _ options: CallOptions = .init()
  ) async throws -> Answer {
    let deadline = Self.deadline(options)
    let isRepeatable = Method(rawValue: method) != nil
    var tries = 0
    while true {
      tries += 1
      do {
        let connection =
          options.waitForReady ? try await ready(until: deadline) : try await connection()
        let answer = try await connection.answer(
          method, request, Self.left(of: options, until: deadline))
        state.withLock { $0.throttle.succeeded() }
        return answer
      } catch {
        try await wait(after: error, tries, isRepeatable: isRepeatable, until: deadline)
      }
    }
  }

  /// Waits before another try.
  ///
  /// - Throws: the error when there is none.
  func wait(
    after error: any Error, _ tries: Int, isRepeatable: Bool, until deadline: NIODeadline
  ) async throws {
    guard case .after(let askedMs) = Retry(after: error, isRepeatable: isRepeatable),
      tries < options.triesMax
    else { throw error }
    // A connection that ended before the call was begun says nothing of the server: another is
    // tried at once, and it does not count among the failures.
    let isPassedOn = Retry.isPassedOn(error)
    guard state.withLock({ (isPassedOn || $0.throttle.failed()) && $0.wasReached }) else {
      throw error
    }
    if isPassedOn, tries == 1 { return }
    guard try await pause(after: tries, atLeastMs: askedMs ?? 0, until: deadline) else {
      throw error
    }
  }

  /// Waits as the backoff says; false, at once, when that would be beyond the deadline.
  private func pause(
    after tries: Int, atLeastMs: UInt32, until deadline: NIODeadline
  ) async throws -> Bool {
    let waitMs = max(options.backoff.waitMs(after: tries), Int64(atLeastMs))
    guard NIODeadline.now() + .milliseconds(waitMs) < deadline else { return false }
    try await Task.sleep(for: .milliseconds(waitMs))
    return true
  }

  static func deadline(_ options: CallOptions) -> NIODeadline {
    options.timeoutMs == 0 ? .distantFuture : .now() + .milliseconds(Int64(options.timeoutMs))
  }

  /// What is left of the call's time for another try.
  static func left(of options: CallOptions, until deadline: NIODeadline) -> CallOptions {
    guard options.timeoutMs > 0 else { return options }
    var left = options
    left.timeoutMs = UInt32(
      clamping: max((deadline - .now()).nanoseconds / 1_000_000, 1))
    return left
  }

  /// Asks and takes a stream of answers; the server sends on as they are consumed, and stops when
  /// the loop over them is left. Asked again only while no message has come.
  public func stream(
    _ method: UInt32, _ request: [UInt8], _ options: CallOptions = .init(timeoutMs: 0)
  ) -> AnswerStream {
    AnswerStream(client: self, method: method, request: request, options: options)
  }

  /// Begins an exchange on the open connection, or on a new one.
  ///
  /// - Throws: `ConnectionFailure`.
  public func exchange(
    _ method: UInt32, _ options: CallOptions = .init(timeoutMs: 0)
  ) async throws -> Exchange {
    let connection =
      options.waitForReady
      ? try await ready(until: Self.deadline(options)) : try await connection()
    return connection.exchange(method, options)
  }

  /// Whether a server answers.
  public func ping() async throws { try await connection().ping() }
}

/// A stream of answers that is asked for when its reader asks for the first.
public struct AnswerStream: AsyncSequence, Sendable {
  fileprivate let client: RegistryClient
  fileprivate let method: UInt32
  fileprivate let request: [UInt8]
  fileprivate let options: CallOptions

  public struct AsyncIterator: AsyncIteratorProtocol {
    fileprivate let stream: AnswerStream
    fileprivate var messages: MessageStream.AsyncIterator?

    /// - Throws: `CallStatus` when the server said no, `ConnectionFailure` when it went away.
    public mutating func next() async throws -> [UInt8]? {
      if messages != nil { return try await messages?.next() }
      let (client, options) = (stream.client, stream.options)
      let deadline = RegistryClient.deadline(options)
      var tries = 0
      while true {
        tries += 1
        do {
          let connection =
            options.waitForReady
            ? try await client.ready(until: deadline) : try await client.connection()
          var messages = connection.stream(
            stream.method, stream.request, RegistryClient.left(of: options, until: deadline)
          ).makeAsyncIterator()
          let first = try await messages.next()
          self.messages = messages
          return first
        } catch {
          try await client.wait(after: error, tries, isRepeatable: true, until: deadline)
        }
      }
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(stream: self) }
}

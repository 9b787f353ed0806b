import Failures
import Locking
import Messages
import NIOCore
import NIOPosix
import Wire

/// One connection to a registry: many calls at once, each answered by its id.
///
/// Calls may come from any task; all state belongs to the connection's event loop.
public final class Connection: RPCCaller {
  private let channel: any Channel
  private let handler: NIOLoopBound<ClientHandler>
  /// What the server said of itself and of the limits in force.
  public let greeting: HelloOk
  private let openFlag: OpenFlag

  /// Connects and greets.
  ///
  /// - Parameters:
  ///   - tls: nil for a server on this machine that has no TLS.
  ///   - keepaliveMs: the silence after which a sign of life shall be asked for; 0: as the server
  ///     likes.
  /// - Throws: `ConnectionFailure`.
  public static func connect(
    host: String, port: Int, name: String = "ujuzi-swift", tls: ClientTLS? = nil,
    keepaliveMs: UInt32 = 0, group: any EventLoopGroup, timeoutMs: Int64 = 5000
  ) async throws -> Connection {
    let security = try tls?.load()
    let eventLoop = group.next()
    let openFlag = OpenFlag()
    let greeted = eventLoop.makePromise(of: HelloOk.self)
    let bound: EventLoopFuture<NIOLoopBound<ClientHandler>> = eventLoop.submit {
      NIOLoopBound(
        ClientHandler(
          name: name, keepaliveMs: keepaliveMs, openFlag: openFlag, greeted: greeted,
          meter: security.map { _ in ReadMeter() }), eventLoop: eventLoop)
    }
    let handler: NIOLoopBound<ClientHandler>
    do {
      handler = try await bound.get()
    } catch {
      greeted.fail(error)
      throw ConnectionFailure(
        sentence: "The client's threads have ended.", mayRetry: false, cause: Cause(error))
    }
    let channel: any Channel
    do {
      channel = try await ClientBootstrap(group: eventLoop)
        .connectTimeout(.milliseconds(timeoutMs))
        .channelOption(.socketOption(.so_reuseaddr), value: 1)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let operations = channel.pipeline.syncOperations
            if let meter = handler.value.meter { try operations.addHandler(meter) }
            try operations.addHandlers(security?.handlers(host: host) ?? [PlaintextErrorMapper()])
            try operations.addHandler(handler.value)
          }
        }
        .connect(host: host, port: port).get()
    } catch {
      greeted.fail(error)
      throw ConnectionFailure(
        sentence: "Nobody listens at \(host):\(port). Is `ujuzi serve` running there?",
        cause: Cause(error))
    }
    let timeout = eventLoop.scheduleTask(in: .milliseconds(timeoutMs)) {
      handler.value.giveUpGreeting(
        ConnectionFailure(sentence: "\(host):\(port) does not greet: is it a ujuzi server?"))
    }
    defer { timeout.cancel() }
    do {
      let greeting = try await greeted.futureResult.get()
      return Connection(channel, handler, greeting, openFlag)
    } catch {
      try? await channel.close()
      throw error
    }
  }

  private init(
    _ channel: any Channel, _ handler: NIOLoopBound<ClientHandler>, _ greeting: HelloOk,
    _ openFlag: OpenFlag
  ) {
    self.channel = channel
    self.handler = handler
    self.greeting = greeting
    self.openFlag = openFlag
  }

  /// Whether calls may still be begun on it.
  public var isOpen: Bool { !openFlag.isOver }

  var eventLoop: any EventLoop { channel.eventLoop }

  /// Hands a call to the loop together with who waits for it, so that however early it is given
  /// up, whoever waits is told once.
  ///
  /// - Parameter waiting: made on the loop.
  func begin(
    _ call: OutgoingCall, _ asked: EncodedCall,
    for waiting: @escaping @Sendable () -> OutgoingCall.Waiting
  ) {
    eventLoop.execute { [handler] in
      call.wait(waiting())
      handler.value.begin(call, asked)
    }
  }

  /// Asks and waits for the one answer.
  ///
  /// More calls than the server takes at once wait here for their turn. When the task is
  /// cancelled, the server is told, and what it had begun may still happen.
  ///
  /// - Throws: `CallStatus` when the server said no, `ConnectionFailure` when it went away,
  ///   `CancellationError`.
  public func answer(
    _ method: UInt32, _ request: [UInt8], _ options: CallOptions = .init()
  ) async throws -> Answer {
    let call = OutgoingCall(.unary, on: eventLoop)
    let asked = EncodedCall(method, request, options)
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        begin(call, asked) { .unary { continuation.resume(with: $0) } }
      }
    } onCancel: {
      call.cancel()
      eventLoop.execute { [handler] in handler.value.cancel(call) }
    }
  }

  /// Asks and takes a stream of answers; the server sends on as they are consumed, and stops when
  /// the loop over them is left.
  public func stream(
    _ method: UInt32, _ request: [UInt8], _ options: CallOptions = .init(timeoutMs: 0)
  ) -> MessageStream {
    open(OutgoingCall(.stream, on: eventLoop), EncodedCall(method, request, options))
  }

  /// Begins an exchange: a stream of requests, and beside it a stream of answers.
  public func exchange(
    _ method: UInt32, _ options: CallOptions = .init(timeoutMs: 0)
  ) -> Exchange {
    let call = OutgoingCall(.exchange, on: eventLoop)
    return Exchange(
      replies: open(call, EncodedCall(method, [], options)), call: call, eventLoop: eventLoop,
      handler: handler)
  }

  private func open(_ call: OutgoingCall, _ asked: EncodedCall) -> MessageStream {
    let back = StreamBackpressure(eventLoop, handler, call)
    let producer = NIOThrowingAsyncSequenceProducer.makeSequence(
      elementType: [UInt8].self, failureType: (any Error).self,
      backPressureStrategy: CreditStrategy(), finishOnDeinit: false, delegate: back)
    let source = producer.source
    begin(call, asked) { .stream(source) }
    // A sixteenth of a stream's credit, so that what many readers owe does not use up the
    // connection's.
    return MessageStream(producer.sequence, back, step: max(1, Int(greeting.streamCredit) / 16))
  }

  /// Whether the server answers.
  ///
  /// - Throws: `ConnectionFailure` when it went away, `CancellationError`.
  public func ping() async throws {
    let ping = SentPing(on: eventLoop)
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        eventLoop.execute { [handler] in
          ping.wait { continuation.resume(with: $0) }
          handler.value.send(ping)
        }
      }
    } onCancel: {
      eventLoop.execute { ping.finish(.failure(CancellationError())) }
    }
  }

  /// Ends the connection; open calls fail.
  public func close() async {
    openFlag.end()
    try? await channel.close()
  }
}

/// A PING whose PONG somebody may wait for; its state belongs to the connection's loop.
final class SentPing: Sendable {
  typealias Answer = Result<Void, any Error>

  private enum State {
    case awaited((Answer) -> Void)
    case answered(Answer)
  }

  private let box: NIOLoopBoundBox<State?>

  init(on eventLoop: any EventLoop) { box = .makeEmptyBox(eventLoop: eventLoop) }

  func wait(_ tell: @escaping (Answer) -> Void) {
    if case .answered(let answer) = box.value { return tell(answer) }
    box.value = .awaited(tell)
  }

  /// What comes after the first answer is let go.
  func finish(_ answer: Answer) {
    let before = box.value
    if case .answered = before { return }
    box.value = .answered(answer)
    if case .awaited(let tell) = before { tell(answer) }
  }
}

/// Whether a connection is open for calls, readable from any thread.
final class OpenFlag: Sendable {
  private let over = Atomic(false)

  var isOver: Bool { over.load(ordering: .acquiring) }

  func end() { over.store(true, ordering: .releasing) }
}

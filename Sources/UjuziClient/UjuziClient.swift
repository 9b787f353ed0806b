import Messages
import NIOCore
import NIOPosix
import Wire

/// Why a connection could not be made, or ended.
public struct ConnectionFailure: Error, Hashable, Sendable {
  public var sentence: String
}

/// One connection to a registry: many calls at once, each answered by its id.
///
/// Calls may come from any task; all state belongs to the connection's event loop.
public final class UjuziClient: Sendable {
  private let channel: any Channel
  private let handler: NIOLoopBound<ClientHandler>
  /// What the server said of itself and of the limits in force.
  public let greeting: HelloOk

  /// Connects and greets.
  ///
  /// - Parameter tls: nil for a server on this machine that has no TLS.
  /// - Throws: `ConnectionFailure`.
  public static func connect(
    host: String, port: Int, name: String = "ujuzi-swift", tls: ClientTLS? = nil,
    group: any EventLoopGroup, timeoutMs: Int64 = 5000
  ) async throws -> UjuziClient {
    let security = try tls?.load()
    let eventLoop = group.next()
    let greeted = eventLoop.makePromise(of: HelloOk.self)
    let bound: EventLoopFuture<NIOLoopBound<ClientHandler>> = eventLoop.submit {
      NIOLoopBound(ClientHandler(name: name, greeted: greeted), eventLoop: eventLoop)
    }
    let handler = try await bound.get()
    let channel: any Channel
    do {
      channel = try await ClientBootstrap(group: eventLoop)
        .connectTimeout(.milliseconds(timeoutMs))
        .channelOption(.socketOption(.so_reuseaddr), value: 1)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandlers(
              security?.handlers(host: host) ?? [PlaintextSentences()])
            try channel.pipeline.syncOperations.addHandler(handler.value)
          }
        }
        .connect(host: host, port: port).get()
    } catch {
      greeted.fail(error)
      throw ConnectionFailure(
        sentence: "Nobody listens at \(host):\(port). Is `ujuzi serve` running there?")
    }
    let timeout = eventLoop.scheduleTask(in: .milliseconds(timeoutMs)) {
      handler.value.giveUpGreeting(
        ConnectionFailure(sentence: "\(host):\(port) does not greet: is it a ujuzi server?"))
    }
    defer { timeout.cancel() }
    do {
      let greeting = try await greeted.futureResult.get()
      return UjuziClient(channel, handler, greeting)
    } catch {
      try? await channel.close()
      throw error
    }
  }

  private init(
    _ channel: any Channel, _ handler: NIOLoopBound<ClientHandler>, _ greeting: HelloOk
  ) {
    self.channel = channel
    self.handler = handler
    self.greeting = greeting
  }

  /// Asks and waits for the one answer.
  ///
  /// More calls than the server takes at once wait here for their turn. When the task is
  /// cancelled, the server is told, and what it had begun may still happen.
  ///
  /// - Throws: `CallStatus` when the server said no, `ConnectionFailure` when it went away,
  ///   `CancellationError`.
  public func call(
    _ method: UInt32, _ request: [UInt8], timeoutMs: UInt32 = 30_000
  ) async throws -> [UInt8] {
    let call = OutgoingCall()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        call.waiting = .unary { continuation.resume(with: $0) }
        begin(call, method, request, timeoutMs)
      }
    } onCancel: {
      call.cancel()
      channel.eventLoop.execute { [handler] in handler.value.cancel(call) }
    }
  }

  var eventLoop: any EventLoop { channel.eventLoop }

  func begin(_ call: OutgoingCall, _ method: UInt32, _ request: [UInt8], _ timeoutMs: UInt32) {
    eventLoop.execute { [handler] in handler.value.begin(call, method, request, timeoutMs) }
  }

  /// Asks and takes a stream of answers; the server sends on as they are consumed, and stops when
  /// the loop over them is left.
  public func stream(
    _ method: UInt32, _ request: [UInt8], timeoutMs: UInt32 = 0
  ) -> MessageStream {
    let call = OutgoingCall()
    let back = StreamBack(channel.eventLoop, handler, call)
    let producer = NIOThrowingAsyncSequenceProducer.makeSequence(
      elementType: [UInt8].self, failureType: (any Error).self,
      backPressureStrategy: AsMuchAsCreditAllows(), finishOnDeinit: false, delegate: back)
    call.waiting = .stream(producer.source)
    begin(call, method, request, timeoutMs)
    // A quarter, so that a reader that keeps up is never waited for.
    let creditStep = max(1, Int(greeting.streamCredit) / 4)
    return MessageStream(producer.sequence, back, creditStep: creditStep)
  }

  /// Asks one message of the schema and decodes the answer as another.
  public func ask<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type, timeoutMs: UInt32 = 30_000
  ) async throws -> A {
    try Codec.decode(
      A.self, from: try await call(method.rawValue, Codec.encode(question), timeoutMs: timeoutMs))
  }

  /// Whether the server answers.
  public func ping() async throws {
    try await withCheckedThrowingContinuation { continuation in
      channel.eventLoop.execute { [handler] in
        handler.value.ping { continuation.resume(with: $0) }
      }
    }
  }

  /// Ends the connection; open calls fail.
  public func close() async {
    try? await channel.close()
  }
}

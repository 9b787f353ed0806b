import Failures
import Messages
import NIOCore
import Wire

/// The client's side of a connection.
final class ClientHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  struct QueuedCall {
    var call: OutgoingCall
    var asked: EncodedCall
  }

  var table = ClientConnection()
  var limits = Limits()
  let name: String
  var greeted: EventLoopPromise<HelloOk>?
  var context: ChannelHandlerContext?
  var partial = ByteBuffer()
  var out = ByteBuffer()
  var flushComes = false
  var calls: [UInt32: OutgoingCall] = [:]
  /// Calls queued because the server takes no more at once.
  var queue: CircularBuffer<QueuedCall> = []
  var pings: CircularBuffer<SentPing> = []
  var sweep: Scheduled<Void>?
  var ended: (any Error)?
  let openFlag: OpenFlag
  /// The silence after which the server is asked for a sign of life, and how long it has for it;
  /// the server says both, and where it says neither it is never asked.
  var keepalive: (everyMs: Int64, timeoutMs: Int64) = (1 << 40, 1 << 40)
  let keepaliveWanted: UInt32
  var watchTimer: Scheduled<Void>?
  /// How a frame that is cut comes in.
  var pace: FramePace?
  private var plainBytes: UInt64 = 0
  /// Counts what comes below TLS; nil without it.
  let meter: ReadMeter?
  var lastRead = NIODeadline.now()
  var askedForLife: NIODeadline?

  init(
    name: String, keepaliveMs: UInt32, openFlag: OpenFlag, greeted: EventLoopPromise<HelloOk>,
    meter: ReadMeter?
  ) {
    self.name = name
    self.meter = meter
    self.openFlag = openFlag
    self.greeted = greeted
    keepaliveWanted = keepaliveMs
    // Until the server says what it takes and sends.
    limits.frameLengthMax = limits.greetingLengthMax
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    let hello = Codec.encode(
      Hello(
        versionMin: Protocol.version, versionMax: Protocol.version, client: name,
        keepaliveMs: keepaliveWanted))
    out.writeBytes(Protocol.preface)
    write(FrameHeader(.hello, payloadLength: hello.count), hello)
    flush()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    end(ConnectionFailure(sentence: "The server closed the connection."))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    fail(
      error as? ConnectionFailure
        ?? ConnectionFailure(sentence: "The connection broke: \(error).", cause: Cause(error)))
  }

  func giveUpGreeting(_ failure: ConnectionFailure) {
    greeted?.fail(failure)
    greeted = nil
  }

  func fail(_ failure: ConnectionFailure) {
    end(failure)
    context?.close(promise: nil)
  }

  /// The server broke the protocol: it is told so, and has a second to read it, since a socket that
  /// is closed with bytes unread is reset.
  func fail(saying status: CallStatus) {
    end(
      ConnectionFailure(
        sentence: status.message, mayRetry: status.code == .unavailable, rule: status.rule,
        cause: Cause(status)))
    guard let context else { return }
    let goAway = Codec.encode(
      GoAway(code: status.code.rawValue, message: status.message, rule: status.rule))
    write(FrameHeader(.goAway, payloadLength: goAway.count), goAway)
    flush()
    context.close(mode: .output, promise: nil)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: .milliseconds(limits.lingerTimeoutMs)) {
      bound.value.close(promise: nil)
    }
  }

  /// Nothing more comes: everybody who waits is told, with the first reason there was.
  private func end(_ error: any Error) {
    let reason = ended ?? error
    ended = reason
    table.closed()
    openFlag.end()
    sweep?.cancel()
    watchTimer?.cancel()
    greeted?.fail(reason)
    greeted = nil
    let open = calls.values
    let queued = queue
    let pinged = pings
    calls = [:]
    queue = []
    pings = []
    for call in open { call.finish(.failure(reason)) }
    for turn in queued { turn.call.finish(.failure(Self.notBegun(reason))) }
    for ping in pinged { ping.finish(.failure(reason)) }
  }

  static func notBegun(_ reason: any Error) -> CallStatus {
    CallStatus(
      .unavailable, "Not sent: \(ErrorSentence.of(reason))", rule: .notSent,
      notProcessed: true)
  }

  // MARK: calls

  func begin(_ call: OutgoingCall, _ asked: EncodedCall) {
    guard !call.isCancelled else { return call.finish(.failure(CancellationError())) }
    guard asked.metadata.count <= limits.metadataLengthMax else {
      return call.finish(
        .failure(
          CallStatus(
            .resourceExhausted,
            "The call's metadata has \(asked.metadata.count) bytes; the server takes "
              + "\(limits.metadataLengthMax).", rule: .metadataLengthMax)))
    }
    guard asked.payloadLength <= limits.frameLengthMax else {
      return call.finish(
        .failure(
          CallStatus(
            .resourceExhausted,
            "The request has \(asked.request.count) bytes; the server takes "
              + "\(limits.frameLengthMax).", rule: .frameLengthMax)))
    }
    if asked.timeoutMs > 0 {
      // The server answers at the deadline; the second is for its answer to arrive.
      call.state.deadline = .now() + .milliseconds(Int64(asked.timeoutMs) + 1000)
      sweepSoon()
    }
    let turn = QueuedCall(call: call, asked: asked)
    if queue.isEmpty, send(turn) { return }
    queue.append(turn)
  }

  /// False when the server takes no more at once.
  private func send(_ turn: QueuedCall) -> Bool {
    let (call, asked) = (turn.call, turn.asked)
    switch table.begin(call.kind) {
    case .full: return false
    case .leaving:
      call.finish(
        .failure(
          Self.notBegun(ended ?? ConnectionFailure(sentence: "The connection was closed."))))
    case .call(let id):
      call.state.id = id
      calls[id] = call
      let header = FrameHeader(
        .call, payloadLength: asked.payloadLength,
        flags: call.kind == .exchange ? 0 : FrameHeader.end,
        metadataLength: asked.metadata.count, call: id, argument: asked.timeoutMs)
      let (first, second) = header.words
      out.writeMultipleIntegers(first, second)
      out.writeBytes(asked.metadata)
      out.writeMultipleIntegers(asked.method, asked.revision)
      out.writeBytes(asked.request)
      flushSoon()
      pump(call)
    }
    return true
  }

  func sendQueued() {
    while let turn = queue.first {
      guard !turn.call.isCancelled else {
        queue.removeFirst()
        turn.call.finish(.failure(CancellationError()))
        continue
      }
      guard send(turn) else { return }
      queue.removeFirst()
    }
  }

  func cancel(_ call: OutgoingCall) {
    giveUp(call, CancellationError())
  }

  func giveUp(_ call: OutgoingCall, _ reason: any Error) {
    // A queued call is dropped when its turn comes; its caller is told now.
    call.cancel()
    call.finish(.failure(reason))
    // The id may be another call's by now.
    guard calls[call.state.id] === call, table.cancel(call.state.id) else { return }
    calls[call.state.id] = nil
    write(FrameHeader(.cancel, call: call.state.id), [])
    flushSoon()
  }

  /// A stream's reader has taken so much.
  func consumed(_ bytes: Int, of call: OutgoingCall) {
    guard calls[call.state.id] === call else { return }
    if let due = table.consumed(call.state.id, bytes: bytes) {
      write(FrameHeader(.credit, call: call.state.id, argument: due), [])
    }
    flushSoon()
  }

  // MARK: exchanges

  func upload(_ upload: OutgoingCall.Upload, in call: OutgoingCall) {
    if let ended = call.state.ended { return upload.done(.failure(ended)) }
    guard upload.message.count <= limits.frameLengthMax else {
      return upload.done(
        .failure(
          CallStatus(
            .resourceExhausted,
            "The message has \(upload.message.count) bytes; the server takes "
              + "\(limits.frameLengthMax).", rule: .frameLengthMax)))
    }
    call.state.uploads.append(upload)
    pump(call)
  }

  /// Sends what waits in an exchange while the server gives credit and the socket takes it.
  func pump(_ call: OutgoingCall) {
    guard calls[call.state.id] === call else { return }
    while let next = call.state.uploads.first,
      next.isEnd && next.message.isEmpty || table.hasCredit(call.state.id),
      out.readableBytes < 1 << 20,
      context?.channel.isWritable ?? false
    {
      call.state.uploads.removeFirst()
      table.sent(call.state.id, bytes: next.message.count)
      write(
        FrameHeader(
          .data, payloadLength: next.message.count, flags: next.isEnd ? FrameHeader.end : 0,
          call: call.state.id), next.message)
      flushSoon()
      next.done(.success(()))
    }
  }

  func pumpAll() {
    for call in Array(calls.values) where !call.state.uploads.isEmpty { pump(call) }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { pumpAll() }
    context.fireChannelWritabilityChanged()
  }

  func send(_ ping: SentPing) {
    if let ended { return ping.finish(.failure(ended)) }
    pings.append(ping)
    write(FrameHeader(.ping), [])
    flushSoon()
  }

  /// A server that does not even say that time ran out: looked for once a second, so that a call
  /// sets no timer.
  private func sweepSoon() {
    guard sweep == nil, let context else { return }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    sweep = context.eventLoop.scheduleTask(in: .seconds(1)) {
      let handler = bound.value
      handler.sweep = nil
      let now = NIODeadline.now()
      let late =
        handler.calls.values.filter { $0.state.deadline < now }
        + handler.queue.lazy.map(\.call).filter { $0.state.deadline < now }
      for call in late {
        handler.giveUp(
          call, CallStatus(.deadlineExceeded, "No answer within the call's time.", rule: .timeout))
      }
      if !handler.calls.isEmpty || !handler.queue.isEmpty { handler.sweepSoon() }
    }
  }

  // MARK: reading and writing

  /// Bytes that have come on the socket.
  var received: UInt64 { meter?.bytes ?? plainBytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastRead = .now()
    askedForLife = nil
    var buffer = unwrapInboundIn(data)
    plainBytes &+= UInt64(buffer.readableBytes)
    if partial.readableBytes > 0 {
      partial.writeBuffer(&buffer)
      swap(&partial, &buffer)
      partial = ByteBuffer()
    }
    flushComes = true
    while table.phase != .closed, take(&buffer) {}
    sendQueued()
    guard buffer.readableBytes > 0, table.phase != .closed else { return pace = nil }
    pace = pace ?? FramePace(atMs: lastRead.ms, received: received)
    buffer.discardReadBytes()
    partial = buffer
  }

  func channelReadComplete(context: ChannelHandlerContext) { flush() }

  func write(_ header: FrameHeader, _ body: [UInt8]) {
    let (first, second) = header.words
    out.writeMultipleIntegers(first, second)
    out.writeBytes(body)
  }

  func flushSoon() {
    guard !flushComes, let context else { return }
    flushComes = true
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute { bound.value.flush() }
  }

  func flush() {
    flushComes = false
    if let due = table.connectionCreditDue() { write(FrameHeader(.credit, argument: due), []) }
    guard out.readableBytes > 0, let context else { return }
    // Taken first: the write may come back here.
    var whole = ByteBuffer()
    swap(&whole, &out)
    context.writeAndFlush(wrapOutboundOut(whole), promise: nil)
    guard out.capacity == 0, whole.capacity <= 256 << 10 else { return }
    whole.clear()
    out = whole
  }
}

/// Counts the bytes that come on a socket, below TLS.
final class ReadMeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private(set) var bytes: UInt64 = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes &+= UInt64(unwrapInboundIn(data).readableBytes)
    context.fireChannelRead(data)
  }
}

extension NIODeadline {
  /// Milliseconds of the clock that all deadlines share.
  var ms: Int64 { Int64(uptimeNanoseconds / 1_000_000) }
}

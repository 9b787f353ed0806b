import Messages
import NIOCore
import Wire

/// The client's side of a connection.
final class ClientHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private struct Turn {
    var call: OutgoingCall
    var asked: Asked
  }

  private var table = ClientConnection()
  private var limits = Limits()
  private let name: String
  private var greeted: EventLoopPromise<HelloOk>?
  private var context: ChannelHandlerContext?
  private var partial = ByteBuffer()
  private var out = ByteBuffer()
  private var flushComes = false
  private var calls: [UInt32: OutgoingCall] = [:]
  /// Calls beyond what the server takes at once, in their order.
  private var queue: CircularBuffer<Turn> = []
  private var pings: CircularBuffer<(Result<Void, any Error>) -> Void> = []
  private var sweep: Scheduled<Void>?
  private var ended: (any Error)?
  private let life: Life
  /// The silence after which the server is asked for a sign of life, and how long it has for it.
  private var keepalive: (everyMs: Int64, timeoutMs: Int64)?
  private let keepaliveWanted: UInt32
  private var keepaliveTimer: Scheduled<Void>?
  private var lastRead = NIODeadline.now()
  private var askedForLife: NIODeadline?

  init(name: String, keepaliveMs: UInt32, life: Life, greeted: EventLoopPromise<HelloOk>) {
    self.name = name
    self.life = life
    self.greeted = greeted
    keepaliveWanted = keepaliveMs
    limits.frameLengthMax = (1 << 24) - 1
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
        ?? ConnectionFailure(sentence: "The connection broke: \(error)."))
  }

  func giveUpGreeting(_ failure: ConnectionFailure) {
    greeted?.fail(failure)
    greeted = nil
  }

  private func fail(_ failure: ConnectionFailure) {
    end(failure)
    context?.close(promise: nil)
  }

  /// Nothing more comes: everybody who waits is told, with the first reason there was.
  private func end(_ error: any Error) {
    let reason = ended ?? error
    ended = reason
    table.closed()
    life.end()
    sweep?.cancel()
    keepaliveTimer?.cancel()
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
    for answer in pinged { answer(.failure(reason)) }
  }

  static func notBegun(_ reason: any Error) -> CallStatus {
    let why = (reason as? ConnectionFailure)?.sentence ?? "\(reason)"
    return CallStatus(.unavailable, "Not sent: \(why)", notProcessed: true)
  }

  // MARK: calls

  func begin(_ call: OutgoingCall, _ asked: Asked) {
    guard !call.isCancelled else { return call.finish(.failure(CancellationError())) }
    guard asked.metadata.count <= limits.metadataLengthMax else {
      return call.finish(
        .failure(
          CallStatus(
            .resourceExhausted,
            "The call's metadata has \(asked.metadata.count) bytes; the server takes "
              + "\(limits.metadataLengthMax).", rule: "metadata_length_max")))
    }
    guard asked.payloadLength <= limits.frameLengthMax else {
      return call.finish(
        .failure(
          CallStatus(
            .resourceExhausted,
            "The request has \(asked.request.count) bytes; the server takes "
              + "\(limits.frameLengthMax).", rule: "frame_length_max")))
    }
    if asked.timeoutMs > 0 {
      // The server answers at the deadline; the second is for its answer to arrive.
      call.deadline = .now() + .milliseconds(Int64(asked.timeoutMs) + 1000)
      sweepSoon()
    }
    let turn = Turn(call: call, asked: asked)
    if queue.isEmpty, send(turn) { return }
    queue.append(turn)
  }

  /// False when the server takes no more at once.
  private func send(_ turn: Turn) -> Bool {
    let (call, asked) = (turn.call, turn.asked)
    switch table.begin(call.kind) {
    case .full: return false
    case .leaving:
      call.finish(
        .failure(
          Self.notBegun(ended ?? ConnectionFailure(sentence: "The connection was closed."))))
    case .call(let id):
      call.id = id
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

  private func sendQueued() {
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

  private func giveUp(_ call: OutgoingCall, _ reason: any Error) {
    // One that waits for its turn is found there when the turn comes; its caller is told now.
    call.cancel()
    call.finish(.failure(reason))
    // The id may be another call's by now.
    guard calls[call.id] === call, table.cancel(call.id) else { return }
    calls[call.id] = nil
    write(FrameHeader(.cancel, call: call.id), [])
    flushSoon()
  }

  /// A stream's reader has taken so much.
  func consumed(_ bytes: Int, of call: OutgoingCall) {
    guard calls[call.id] === call else { return }
    if let due = table.consumed(call.id, bytes: bytes) {
      write(FrameHeader(.credit, call: call.id, argument: due), [])
    }
    flushSoon()
  }

  // MARK: exchanges

  func upload(_ upload: OutgoingCall.Upload, in call: OutgoingCall) {
    if let ended = call.ended { return upload.done(.failure(ended)) }
    guard upload.message.count <= limits.frameLengthMax else {
      return upload.done(
        .failure(
          CallStatus(
            .resourceExhausted,
            "The message has \(upload.message.count) bytes; the server takes "
              + "\(limits.frameLengthMax).", rule: "frame_length_max")))
    }
    call.uploads.append(upload)
    pump(call)
  }

  /// Sends what waits in an exchange while the server gives credit and the socket takes it.
  private func pump(_ call: OutgoingCall) {
    guard calls[call.id] === call else { return }
    while let next = call.uploads.first,
      next.message.isEmpty || table.hasCredit(call.id), out.readableBytes < 1 << 20,
      context?.channel.isWritable ?? false
    {
      call.uploads.removeFirst()
      table.sent(call.id, bytes: next.message.count)
      write(
        FrameHeader(
          .data, payloadLength: next.message.count, flags: next.isEnd ? FrameHeader.end : 0,
          call: call.id), next.message)
      flushSoon()
      next.done(.success(()))
    }
  }

  private func pumpAll() {
    for call in Array(calls.values) where !call.uploads.isEmpty { pump(call) }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { pumpAll() }
    context.fireChannelWritabilityChanged()
  }

  func ping(_ answer: @escaping (Result<Void, any Error>) -> Void) {
    if let ended { return answer(.failure(ended)) }
    pings.append(answer)
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
        handler.calls.values.filter { $0.deadline < now }
        + handler.queue.lazy.map(\.call).filter { $0.deadline < now }
      for call in late {
        handler.giveUp(
          call, CallStatus(.deadlineExceeded, "No answer within the call's time.", rule: "timeout"))
      }
      if !handler.calls.isEmpty || !handler.queue.isEmpty { handler.sweepSoon() }
    }
  }

  // MARK: reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastRead = .now()
    askedForLife = nil
    var buffer = unwrapInboundIn(data)
    if partial.readableBytes > 0 {
      partial.writeBuffer(&buffer)
      swap(&partial, &buffer)
      partial = ByteBuffer()
    }
    flushComes = true
    while table.phase != .closed, take(&buffer) {}
    sendQueued()
    guard buffer.readableBytes > 0, table.phase != .closed else { return }
    buffer.discardReadBytes()
    partial = buffer
  }

  func channelReadComplete(context: ChannelHandlerContext) { flush() }

  private func take(_ buffer: inout ByteBuffer) -> Bool {
    do throws(FrameError) {
      guard case .frame(let header) = try FrameCutter.cut(buffer.readableBytesSpan, limits: limits)
      else { return false }
      buffer.moveReaderIndex(forwardBy: FrameHeader.length)
      let metadata = buffer.readBytes(length: header.metadataLength) ?? []
      let body = buffer.readBytes(length: header.payloadLength - header.metadataLength) ?? []
      perform(table.receive(header), body, metadata)
      return true
    } catch {
      fail(ConnectionFailure(sentence: "This is no ujuzi server: \(error.sentence)"))
      return false
    }
  }

  private func perform(
    _ action: ClientConnection.Action, _ body: [UInt8], _ metadata: [UInt8]
  ) {
    switch action {
    case .none: break
    case .greeted: greet(body)
    case .refused:
      let no = try? Codec.decode(HelloNo.self, from: body)
      fail(
        ConnectionFailure(
          sentence: "The server refused the connection: \(no?.message ?? "no reason given")",
          mayRetry: no.map { $0.code == StatusCode.unavailable.rawValue } ?? true,
          retryAfterMs: no?.retryAfterMs ?? 0))
    case .result(let id):
      guard let call = calls.removeValue(forKey: id) else { break }
      let about = metadata.isEmpty ? nil : try? Codec.decode(Metadata.self, from: metadata)
      call.finish(.success(Answer(message: body, metadata: about?.entries ?? [])))
    case .resume(let id): if let call = calls[id] { pump(call) }
    case .resumeAll: pumpAll()
    case .message(let id):
      guard let call = calls[id], case .stream(let source) = call.waiting else { break }
      _ = source.yield(body)
    case .status(let id):
      guard let call = calls.removeValue(forKey: id) else { break }
      let status = Self.status(body)
      if status.code == .ok {
        call.finish(.success(Answer(message: [])))
      } else {
        call.finish(.failure(status))
      }
    case .pong(let argument): write(FrameHeader(.pong, argument: argument), [])
    case .ponged: if !pings.isEmpty { pings.removeFirst()(.success(())) }
    case .goingAway: leave(body)
    case .fail(let reason): fail(ConnectionFailure(sentence: reason))
    }
  }

  private func greet(_ body: [UInt8]) {
    guard let hello = try? Codec.decode(HelloOk.self, from: body) else {
      return fail(ConnectionFailure(sentence: "The server's greeting could not be read."))
    }
    if hello.frameLengthMax > 0 { limits.frameLengthMax = Int(hello.frameLengthMax) }
    if hello.metadataLengthMax > 0 { limits.metadataLengthMax = Int(hello.metadataLengthMax) }
    table.greeted(
      callsMax: hello.callsMax == 0 ? 1 : Int(hello.callsMax),
      streamsMax: hello.streamsMax == 0 ? 1 : Int(hello.streamsMax),
      streamCredit: Int(hello.streamCredit), connectionCredit: Int(hello.connectionCredit))
    if hello.keepaliveMs > 0 {
      keepalive = (Int64(hello.keepaliveMs), Int64(max(hello.keepaliveTimeoutMs, 1)))
      watchServer()
    }
    greeted?.succeed(hello)
    greeted = nil
  }

  /// A server that is gone without a word is noticed.
  private func watchServer() {
    guard let keepalive, let context else { return }
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let soonMs = min(keepalive.everyMs, keepalive.timeoutMs) / 2 + 1
    keepaliveTimer = context.eventLoop.scheduleTask(in: .milliseconds(soonMs)) {
      let handler = bound.value
      handler.look(keepalive.everyMs, keepalive.timeoutMs, at: .now())
      if handler.table.phase != .closed { handler.watchServer() }
    }
  }

  private func look(_ everyMs: Int64, _ timeoutMs: Int64, at now: NIODeadline) {
    if let askedForLife {
      guard now - askedForLife >= .milliseconds(timeoutMs) else { return }
      fail(
        ConnectionFailure(sentence: "The server gave no sign of life within \(timeoutMs) ms."))
    } else if now - lastRead >= .milliseconds(everyMs) {
      askedForLife = now
      pings.append { _ in }
      write(FrameHeader(.ping), [])
      flushSoon()
    }
  }

  /// What the server has begun it still answers; what waits here is told to go elsewhere.
  private func leave(_ body: [UInt8]) {
    let goAway = try? Codec.decode(GoAway.self, from: body)
    let reason = ConnectionFailure(
      sentence: "The server ends the connection: \(goAway?.message ?? "no reason given")")
    ended = ended ?? reason
    life.end()
    greeted?.fail(reason)
    greeted = nil
    let queued = queue
    queue = []
    for turn in queued { turn.call.finish(.failure(Self.notBegun(reason))) }
    for (id, call) in calls where id > goAway?.lastCall ?? FrameHeader.callMax {
      calls[id] = nil
      call.finish(.failure(Self.notBegun(reason)))
      _ = table.cancel(id)
    }
  }

  private static func status(_ body: [UInt8]) -> CallStatus {
    guard let status = try? Codec.decode(Status.self, from: body) else {
      return CallStatus(.internal, "The server's STATUS could not be read.")
    }
    return CallStatus(
      StatusCode(rawValue: status.code) ?? .unknown, status.message,
      field: status.detail?.field ?? "", rule: status.detail?.rule ?? "",
      state: status.detail?.state ?? "", retryAfterMs: status.retryAfterMs,
      notProcessed: status.notProcessed)
  }

  // MARK: writing

  private func write(_ header: FrameHeader, _ body: [UInt8]) {
    let (first, second) = header.words
    out.writeMultipleIntegers(first, second)
    out.writeBytes(body)
  }

  private func flushSoon() {
    guard !flushComes, let context else { return }
    flushComes = true
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute { bound.value.flush() }
  }

  private func flush() {
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

import Messages
import NIOCore
import NIOPosix
import Wire

/// One connection: takes every whole frame of a read, answers what it can at once and flushes
/// once. Nothing of a unary read leaves the event loop.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let shared: Shared
  private let limits: Limits
  private var table: ServerConnection
  private var desk: (any Desk)?
  private var context: ChannelHandlerContext?
  /// Bytes of a frame that a read has cut.
  private var partial: ByteBuffer?
  private var out = ByteBuffer()
  private var reply: [UInt8] = []
  private var batchOpen = false
  private var flushWanted = false
  private var reading = true
  private var work: [UInt32: OpenCall] = [:]
  private var streams = 0
  private var handshake: Scheduled<Void>?
  private var stalled: Scheduled<Void>?
  private var idle: Scheduled<Void>?
  private var lastRead = NIODeadline.now()
  private var principal = "loopback"

  init(_ shared: Shared) {
    self.shared = shared
    limits = shared.limits
    table = ServerConnection(limits: shared.limits)
    reply.reserveCapacity(4096)
  }

  // MARK: life cycle

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    guard shared.add(self, on: context.channel) else {
      let refusal = HelloNo(
        message: "The server has all the connections it takes.", versionMin: Protocol.version,
        versionMax: Protocol.version, retryAfterMs: 1000)
      send(.helloNo, Codec.encode(refusal))
      flush()
      context.close(promise: nil)
      return
    }
    do {
      desk = try shared.desk(for: context.eventLoop)
    } catch {
      shared.logger.error("no reader for a connection", metadata: ["why": "\(error)"])
      context.close(promise: nil)
      return
    }
    let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
    handshake = context.eventLoop.scheduleTask(in: .milliseconds(limits.handshakeTimeoutMs)) {
      loopBound.value.handshakeTimedOut()
    }
    watchIdle()
  }

  func channelInactive(context: ChannelHandlerContext) {
    for task in [handshake, stalled, idle] { task?.cancel() }
    for call in work.values { call.cancel() }
    work.removeAll()
    self.context = nil
    shared.remove(self)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func handshakeTimedOut() {
    guard table.phase == .preface || table.phase == .hello else { return }
    fail("No HELLO within \(limits.handshakeTimeoutMs) ms.")
  }

  /// A peer that has nothing open and says nothing is let go.
  private func watchIdle() {
    guard let context else { return }
    let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
    idle = context.eventLoop.scheduleTask(in: .milliseconds(limits.idleTimeoutMs)) {
      let handler = loopBound.value
      if handler.work.isEmpty,
        NIODeadline.now() - handler.lastRead >= .milliseconds(handler.limits.idleTimeoutMs)
      {
        handler.fail("Nothing was said for \(handler.limits.idleTimeoutMs) ms.")
      } else {
        handler.watchIdle()
      }
    }
  }

  /// The server stops: no new calls; the connection closes after the last open one.
  func drain() { perform(table.step(.drain)) }

  // MARK: reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastRead = .now()
    var buffer = unwrapInboundIn(data)
    if partial != nil {
      partial!.writeBuffer(&buffer)
      buffer = partial!
      partial = nil
    }
    while context.channel.isActive, table.phase != .closed, take(&buffer) {}
    guard buffer.readableBytes > 0, table.phase != .closed else { return }
    buffer.discardReadBytes()
    partial = buffer
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    if batchOpen {
      desk?.endBatch()
      batchOpen = false
    }
    flush()
  }

  /// Takes the preface or one frame; false when there is not enough.
  private func take(_ buffer: inout ByteBuffer) -> Bool {
    if table.phase == .preface {
      let have = buffer.readableBytesView.prefix(Protocol.preface.count)
      guard Protocol.preface.starts(with: have) else {
        fail(FrameError.wrongPreface.sentence)
        return false
      }
      guard have.count == Protocol.preface.count else { return false }
      buffer.moveReaderIndex(forwardBy: have.count)
      perform(table.step(.preface))
      return true
    }
    guard buffer.readableBytes >= FrameHeader.length,
      let first = buffer.getInteger(at: buffer.readerIndex, as: UInt64.self),
      let second = buffer.getInteger(at: buffer.readerIndex + 8, as: UInt64.self)
    else { return false }
    let header: FrameHeader
    do throws(FrameError) {
      header = try FrameHeader(first, second, limits: limits)
    } catch {
      fail(error.sentence)
      return false
    }
    guard buffer.readableBytes >= FrameHeader.length + header.payloadLength else { return false }
    buffer.moveReaderIndex(forwardBy: FrameHeader.length + header.metadataLength)
    let bodyLength = header.payloadLength - header.metadataLength
    let action = table.step(.frame(header))
    switch action {
    case .begin: begin(header, &buffer, bodyLength)
    case .greet: greet(buffer.readBytes(length: bodyLength) ?? [])
    default:
      buffer.moveReaderIndex(forwardBy: bodyLength)
      perform(action)
    }
    return true
  }

  private func perform(_ action: ServerConnection.Action) {
    switch action {
    case .none, .greet, .begin: break
    case .refuse(let call, let status): send(status, of: call)
    case .cancel(let call): work[call]?.cancel()
    case .credit(let call, let bytes):
      work[call]?.add(credit: Int(bytes), max: limits.streamCreditMax)
      pull(call)
    case .pong(let argument):
      out.write(FrameHeader(.pong, argument: argument))
      flushSoon()
    case .sendGoAway:
      let goAway = GoAway(
        lastCall: table.lastCall, code: StatusCode.unavailable.rawValue,
        message: "The server is stopping.")
      send(.goAway, Codec.encode(goAway))
      flush()
      perform(table.closeIfDrained())
    case .fail(let reason):
      let goAway = GoAway(
        lastCall: table.lastCall, code: StatusCode.invalidArgument.rawValue, message: reason)
      send(.goAway, Codec.encode(goAway))
      flush()
      close()
    case .close:
      flush()
      close()
    }
  }

  private func fail(_ reason: String) {
    shared.logger.debug("connection refused", metadata: ["why": "\(reason)"])
    _ = table.step(.drain)
    perform(.fail(reason))
  }

  private func close() {
    guard let context else { return }
    context.close(promise: nil)
  }

  private func greet(_ body: [UInt8]) {
    handshake?.cancel()
    let hello = try? Codec.decode(Hello.self, from: body)
    guard let hello, hello.versionMin <= Protocol.version, hello.versionMax >= Protocol.version
    else {
      let refusal = HelloNo(
        message: "This server speaks version \(Protocol.version).", versionMin: Protocol.version,
        versionMax: Protocol.version)
      send(.helloNo, Codec.encode(refusal))
      flush()
      close()
      return
    }
    send(.helloOK, shared.greeting)
    flushSoon()
  }

  // MARK: calls

  private func begin(_ header: FrameHeader, _ buffer: inout ByteBuffer, _ length: Int) {
    guard let method = buffer.readInteger(as: UInt32.self),
      buffer.readInteger(as: UInt32.self) != nil
    else { return }
    let requestLength = length - Protocol.callHeadLength
    defer { flushSoon() }
    guard let shape = shared.service.shape(of: method) else {
      buffer.moveReaderIndex(forwardBy: requestLength)
      return send(
        CallStatus(.unimplemented, "There is no method \(method).", notProcessed: true),
        of: header.call)
    }
    guard shape == .onLoop else {
      let request = buffer.readBytes(length: requestLength) ?? []
      return open(header, method, request, shape)
    }
    reply.removeAll(keepingCapacity: true)
    let status = openBatch() ?? answer(method, buffer, requestLength)
    buffer.moveReaderIndex(forwardBy: requestLength)
    if let status { return send(status, of: header.call) }
    out.write(FrameHeader(.result, payloadLength: reply.count, call: header.call))
    out.writeBytes(reply)
  }

  private func answer(_ method: UInt32, _ buffer: ByteBuffer, _ length: Int) -> CallStatus? {
    unsafe buffer.withUnsafeReadableBytes { bytes in
      let request = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(length))
      return desk!.answer(method, unsafe RawSpan(_unsafeBytes: request), into: &reply)
    }
  }

  /// All frames of a read are answered from one snapshot.
  private func openBatch() -> CallStatus? {
    guard !batchOpen else { return nil }
    do {
      try desk!.beginBatch()
      batchOpen = true
      return nil
    } catch {
      return CallStatus(.unavailable, "The registry cannot be read: \(error).", retryAfterMs: 100)
    }
  }

  private func open(
    _ header: FrameHeader, _ method: UInt32, _ request: [UInt8], _ shape: Shape
  ) {
    guard let eventLoop = context?.eventLoop else { return }
    let id = header.call
    let timeout = min(
      header.argument == 0 ? limits.timeoutMaxMs : header.argument, limits.timeoutMaxMs)
    let cancellation = Cancellation()
    let callContext = CallContext(
      principal: principal, deadline: .now() + .milliseconds(Int64(timeout)),
      cancelled: cancellation)
    let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
    let call = OpenCall(cancellation, credit: limits.streamCreditInitial)
    if shape == .stream {
      guard streams < limits.streamsMax else {
        return send(
          CallStatus(
            .resourceExhausted, "\(limits.streamsMax) streams are open on this connection.",
            rule: "streams_max", retryAfterMs: 100, notProcessed: true), of: id)
      }
      do throws(CallStatus) {
        call.pages = try shared.service.open(method, request, callContext)
      } catch {
        return send(error, of: id)
      }
      streams += 1
    }
    table.opened(id)
    work[id] = call
    call.deadline = eventLoop.scheduleTask(in: .milliseconds(Int64(timeout))) {
      loopBound.value.deadlinePassed(id)
    }
    if shape == .stream { return pull(id) }
    shared.service.begin(method, request, callContext) { result in
      eventLoop.execute { loopBound.value.finished(id, result) }
    }
  }

  private func finished(_ id: UInt32, _ result: Result<[UInt8], CallStatus>) {
    guard let call = work.removeValue(forKey: id) else { return }
    call.deadline?.cancel()
    if !call.isAnswered {
      switch result {
      case .success(let reply):
        if reply.count > limits.frameLengthMax {
          send(
            CallStatus(
              .resourceExhausted, "The answer has \(reply.count) bytes: ask for less at once.",
              rule: "frame_length_max"), of: id)
        } else {
          send(.result, reply, call: id)
        }
      case .failure(let status): send(status, of: id)
      }
    }
    end(id)
  }

  private func end(_ id: UInt32) {
    let action = table.step(.returned(id))
    flushSoon()
    perform(action)
  }

  private func deadlinePassed(_ id: UInt32) {
    guard let call = work[id], !call.isAnswered else { return }
    call.isAnswered = true
    call.cancel()
    send(
      CallStatus(.deadlineExceeded, "The call's time ran out; what it began may still happen."),
      of: id)
    flushSoon()
    if call.pages != nil, !call.isPulling { endStream(id, call) }
  }

  // MARK: streams

  /// Asks for the next message of a stream, while the peer takes what was sent.
  private func pull(_ id: UInt32) {
    guard let call = work[id], let pages = call.pages, !call.isPulling,
      let context
    else { return }
    if call.isCancelled {
      if !call.isAnswered { send(CallStatus(.cancelled, "Cancelled by the client."), of: id) }
      return endStream(id, call)
    }
    guard call.credit > 0, context.channel.isWritable else { return }
    call.isPulling = true
    let eventLoop = context.eventLoop
    let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
    shared.pool.submit { state in
      let page: Page = state == .active ? pages.next() : .end
      eventLoop.execute { loopBound.value.pulled(id, page) }
    }
  }

  private func pulled(_ id: UInt32, _ page: Page) {
    guard let call = work[id] else { return }
    call.isPulling = false
    guard !call.isAnswered, !call.isCancelled else { return pull(id) }
    switch page {
    case .message(let bytes):
      call.credit -= bytes.count
      send(.data, bytes, call: id)
      flush()
      pull(id)
    case .idle:
      guard let eventLoop = context?.eventLoop else { return }
      let loopBound = NIOLoopBound(self, eventLoop: eventLoop)
      call.pages?.whenMore { eventLoop.execute { loopBound.value.pull(id) } }
    case .end:
      send(CallStatus(.ok, ""), of: id)
      endStream(id, call)
    case .failed(let status):
      send(status, of: id)
      endStream(id, call)
    }
  }

  private func endStream(_ id: UInt32, _ call: OpenCall) {
    call.deadline?.cancel()
    call.pages?.close()
    work[id] = nil
    streams -= 1
    end(id)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      stalled?.cancel()
      stalled = nil
      if !reading {
        reading = true
        context.channel.setOption(.autoRead, value: true).whenFailure { _ in }
      }
      for id in work.keys { pull(id) }
    } else {
      // A peer that asks and does not read is not read from either.
      reading = false
      context.channel.setOption(.autoRead, value: false).whenFailure { _ in }
      let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
      stalled =
        stalled
        ?? context.eventLoop.scheduleTask(in: .milliseconds(limits.stalledTimeoutMs)) {
          loopBound.value.close()
        }
    }
    context.fireChannelWritabilityChanged()
  }

  // MARK: writing

  private func send(_ type: FrameType, _ payload: [UInt8], call: UInt32 = 0) {
    out.write(FrameHeader(type, payloadLength: payload.count, call: call))
    out.writeBytes(payload)
  }

  private func send(_ status: CallStatus, of call: UInt32) {
    let detail =
      status.field.isEmpty && status.rule.isEmpty
      ? nil : StatusDetail(field: status.field, rule: status.rule)
    let payload = Codec.encode(
      Status(
        code: status.code.rawValue, message: String(status.message.prefix(1500)), detail: detail,
        retryAfterMs: status.retryAfterMs, notProcessed: status.notProcessed),
      arena: shared.statusArena(of: self))
    send(.status, payload, call: call)
    flushSoon()
  }

  /// Flushes at the end of this turn of the loop, once, when no read is under way.
  private func flushSoon() {
    guard !flushWanted, let context else { return }
    flushWanted = true
    let loopBound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute { loopBound.value.flush() }
  }

  private func flush() {
    flushWanted = false
    guard out.readableBytes > 0, let context else { return }
    let whole = out
    out = context.channel.allocator.buffer(capacity: 4096)
    context.writeAndFlush(wrapOutboundOut(whole), promise: nil)
  }
}

extension ByteBuffer {
  mutating func write(_ header: FrameHeader) {
    let (first, second) = header.words
    writeInteger(first)
    writeInteger(second)
  }
}

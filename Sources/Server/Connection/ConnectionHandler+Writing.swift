import Messages
import NIOCore
import Wire

/// What the table says is to be done, and the bytes that do it.
extension ConnectionHandler {
  func perform(_ action: ServerConnection.Action) {
    switch action {
    case .none: break
    case .greet, .begin: preconditionFailure("needs the frame's bytes: done where they are")
    case .refuse(let call, let status): send(status, of: call)
    case .answerEarly(let call, let status): answerEarly(call, status)
    case .resume(let call): pull(call)
    case .resumeAll: for call in Array(work.keys) { pull(call) }
    case .take, .takeLast: preconditionFailure("needs the frame's bytes: done where they are")
    case .credit(let call, let bytes):
      out.write(FrameHeader(.credit, call: call, argument: bytes))
      flushSoon()
    case .ping:
      out.write(FrameHeader(.ping))
      flushSoon()
    case .pong(let argument):
      out.write(FrameHeader(.pong, argument: argument))
      flushSoon()
    case .announce:
      sendGoAway(lastCall: Protocol.everyCall, leaving)
      out.write(FrameHeader(.ping))
      flush()
      see(to: .announced, inMs: limits.announceTimeoutMs)
    case .goAway:
      sendGoAway(lastCall: table.lastCall, table.isLeft ? Self.left : leaving)
      endWaiting()
      see(to: .drained, inMs: limits.drainTimeoutMs)
    case .goAwayAndClose:
      sendGoAway(lastCall: table.lastCall, table.isLeft ? Self.left : leaving)
      closeAfterReason()
    case .fail(let status):
      shared.logger.debug("connection refused", metadata: ["why": "\(status.message)"])
      sendGoAway(lastCall: table.lastCall, status)
      closeAfterReason()
    case .close: closeAfterReason()
    }
  }

  static let stopping = CallStatus.stopped
  /// The answer to a client's GOAWAY: nothing is wrong on this side.
  static let left = CallStatus(.ok, "The client leaves.", rule: .leaving)
  static let old = CallStatus(
    .unavailable, "The connection is old: begin another.", rule: .connectionAge)

  private func sendGoAway(lastCall: UInt32, _ status: CallStatus) {
    let goAway = GoAway(
      lastCall: lastCall, code: status.code.rawValue, message: status.message.cut(to: 500),
      rule: status.rule)
    send(.goAway, Codec.encode(goAway))
  }

  /// Ends our side and lets the peer read the reason: a socket that is closed with bytes unread
  /// is reset, and what was sent is lost with it.
  func closeAfterReason() {
    table.close()
    forgetWaiting()
    flush()
    guard let context else { return }
    leave()
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let sent = context.eventLoop.makePromise(of: Void.self)
    sent.futureResult.whenComplete { _ in
      bound.value.see(to: .lingering, inMs: bound.value.limits.lingerTimeoutMs)
    }
    context.close(mode: .output, promise: sent)
  }

  /// Our side ends only when all was written: a peer that reads nothing would keep its socket for
  /// ever.
  func leave() {
    bytesLeft = pendingBytes
    see(to: .leaving, inMs: limits.stalledTimeoutMs)
  }

  func send(
    _ type: FrameType, _ payload: [UInt8], metadata: [UInt8] = [], call: UInt32 = 0
  ) {
    out.write(
      FrameHeader(
        type, payloadLength: metadata.count + payload.count, metadataLength: metadata.count,
        call: call))
    if !metadata.isEmpty { out.writeBytes(metadata) }
    out.writeBytes(payload)
    flushSoon()
  }

  func send(_ status: CallStatus, of call: UInt32) {
    let isBare = status.field.isEmpty && status.rule.isEmpty && status.state.isEmpty
    let detail =
      isBare
      ? nil : StatusDetail(field: status.field, rule: status.rule, state: status.state)
    let payload = Codec.encode(
      Status(
        code: status.code.rawValue, message: status.message.cut(to: 2000), detail: detail,
        retryAfterMs: status.retryAfterMs, notProcessed: status.notProcessed),
      arena: loop?.arena ?? Arena(budget: 64 << 10))
    send(.status, payload, call: call)
  }

  /// Flushes at the end of this turn of the loop, once, when no read is under way.
  func flushSoon() {
    guard !flushComes, let context else { return }
    flushComes = true
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute { bound.value.flush() }
  }

  func flush() {
    flushComes = false
    if let bytes = table.connectionCreditDue() {
      out.write(FrameHeader(.credit, argument: bytes))
    }
    counters.bytesWritten &+= UInt64(out.readableBytes)
    guard out.readableBytes > 0, let context else { return }
    // Taken first: the write may tell at once that the socket is full or free again, and more is
    // written then.
    var whole = ByteBuffer()
    swap(&whole, &out)
    context.writeAndFlush(wrapOutboundOut(whole), promise: nil)
    if !isWritable { countUnread() }
    // The same storage again when the socket took it all; what one large answer took is given
    // back.
    guard out.capacity == 0, whole.capacity <= 64 << 10 else { return }
    whole.clear()
    out = whole
  }
}

extension ConnectionHandler {
  /// Counts what a peer that does not read has not read, with all others'. Calls that were begun
  /// before are answered all the same, so that it may be much.
  func countUnread() {
    let now = isWritable ? 0 : pendingBytes
    let more = now - unread
    guard more != 0 else { return }
    unread = now
    guard !shared.unread.take(more), more > 0 else { return }
    shared.refusals.log(
      "all connections together have too many answers unread", from: context?.remoteAddress,
      did: "cut off")
    context?.close(promise: nil)
  }
}

extension HelloNo {
  /// What is said to a peer that is not let in.
  init(_ status: CallStatus) {
    self.init(
      message: status.message.cut(to: 500), versionMin: Protocol.version,
      versionMax: Protocol.version, retryAfterMs: status.retryAfterMs, code: status.code.rawValue,
      rule: status.rule)
  }
}

extension ByteBuffer {
  mutating func write(_ header: FrameHeader) {
    let (first, second) = header.words
    writeMultipleIntegers(first, second)
  }
}

extension String {
  /// At most so many bytes, whole characters.
  func cut(to bytesMax: Int) -> String {
    guard utf8.count > bytesMax else { return self }
    var cut = String(prefix(bytesMax))
    while cut.utf8.count > bytesMax { cut.removeLast() }
    return cut
  }
}

extension CallStatus {
  static let stopped = CallStatus(.unavailable, "The server is stopping.", rule: .drain)
  static let noSuchMethod = CallStatus(
    .unimplemented, "There is no such method.", rule: .unknownMethod, notProcessed: true)
}

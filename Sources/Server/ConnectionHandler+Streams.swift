import Messages
import NIOCore
import NIOPosix
import Wire

/// Streams: pulled from the service while the peer takes them; and what an exchange is sent.
extension ConnectionHandler {
  /// Asks for the next message of a stream, while the peer takes what was sent.
  func pull(_ id: UInt32) {
    guard let context, let call = work[id], let pages = call.pages, !call.isPulling,
      !call.isWaiting, table.hasCredit(id), isWritable
    else { return }
    if let unsent = call.unsent {
      call.unsent = nil
      return message(call, unsent)
    }
    call.isPulling = true
    let eventLoop = context.eventLoop
    let bound = NIOLoopBound((handler: self, call: call), eventLoop: eventLoop)
    let cancellation = call.cancellation
    shared.pool.submit { state in
      // Whoever cancels as fast as it asks would have the pool read pages for nobody.
      let page: Page =
        state != .active
        ? .failed(CallStatus(.unavailable, "The server is stopping."))
        : cancellation.isCancelled ? .idle : pages.next()
      eventLoop.execute { bound.value.handler.pulled(bound.value.call, page) }
    }
  }

  private func pulled(_ call: OpenCall, _ page: Page) {
    call.isPulling = false
    guard context != nil, !call.isAnswered else {
      // Answered early, or the peer is gone, while the page was read.
      call.pages?.close()
      if context != nil { perform(table.step(.returned)) }
      return
    }
    switch page {
    case .message(let bytes): message(call, bytes)
    case .idle: wait(call)
    case .end: endStream(call, CallStatus(.ok, ""))
    case .failed(let status): endStream(call, status)
    }
  }

  private func message(_ call: OpenCall, _ bytes: [UInt8]) {
    guard bytes.count <= limits.frameLengthMax else {
      return endStream(
        call,
        CallStatus(
          .resourceExhausted, "A message of \(bytes.count) bytes: ask for less at once.",
          rule: "frame_length_max"))
    }
    // Several streams are read at once, and each was asked for while there was credit for one.
    guard table.hasCredit(call.id) else {
      call.unsent = bytes
      return
    }
    perform(table.step(.sent(call.id, bytes: bytes.count)))
    send(.data, bytes, call: call.id)
    // Now, so that the socket's state is known before more is asked for.
    flush()
    pull(call.id)
  }

  private func wait(_ call: OpenCall) {
    guard let eventLoop = context?.eventLoop else { return }
    // What waits for something to happen would keep a connection that ends open for ever.
    if table.phase == .draining, call.exchange == nil { return endStream(call, Self.ending) }
    call.isWaiting = true
    let bound = NIOLoopBound((handler: self, call: call), eventLoop: eventLoop)
    call.pages?.whenMore {
      eventLoop.execute {
        bound.value.call.isWaiting = false
        if !bound.value.call.isAnswered { bound.value.handler.pull(bound.value.call.id) }
      }
    }
  }

  static let ending = CallStatus(
    .unavailable, "The connection is ending: go on with another.", rule: "drain")

  /// The connection drains: streams that only wait are ended.
  func endWaiting() {
    for call in Array(work.values) where call.isWaiting && call.exchange == nil {
      endStream(call, Self.ending)
    }
  }

  /// Whatever is still open is answered that the connection ends.
  func endCalls() {
    for call in Array(table.openCalls) { perform(table.step(.callEnded(call, Self.ending))) }
  }

  func endStream(_ call: OpenCall, _ status: CallStatus) {
    settle(call, status)
    call.pages?.close()
    send(status, of: call.id)
    perform(table.step(.answered(call.id)))
  }

  // MARK: exchanges

  /// A message of an exchange has come; the table has seen to its credit.
  func take(_ id: UInt32, _ message: [UInt8], isLast: Bool) {
    guard let call = work[id], let exchange = call.exchange else { return }
    if !isLast || !message.isEmpty {
      call.untaken += message.count
      guard shared.uploads.take(message.count) else {
        return perform(
          table.step(
            .callEnded(
              id,
              CallStatus(
                .resourceExhausted, "Too much waits to be taken from all callers together.",
                rule: "upload_bytes_max", retryAfterMs: 500))))
      }
      exchange.take(message)
    }
    if isLast { exchange.takeEnd() }
  }

  /// The service has done with so many bytes.
  func taken(_ call: OpenCall, _ bytes: Int) {
    guard context != nil, !call.isAnswered else { return }
    call.untaken -= bytes
    shared.uploads.take(-bytes)
    perform(table.step(.consumed(call.id, bytes: bytes)))
    flushSoon()
  }
}

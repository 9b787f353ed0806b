import Messages
import NIOCore
import NIOPosix
import Queries
import Wire

/// Streams: asked for their next message while the peer takes them; and what an exchange is sent.
extension ConnectionHandler {
  /// The stream goes on in its turn, if there is credit for it: else when there is.
  func pull(_ id: UInt32) {
    guard let call = work[id], call.stream != nil, !call.isPulling, !call.isWaiting,
      !call.isReady, table.hasCredit(id)
    else { return }
    // An exchange hands on what others have computed.
    call.kind =
      call.exchange != nil ? .question : call.stream?.cost == .heavy ? .heavyStep : .step
    call.isReady = true
    ready.append(call)
    pullReady()
  }

  private func mayBeAsked(_ call: OpenCall) -> Bool {
    switch call.kind {
    case _ where call.unsent != nil: true
    case .question: true
    case .step: steps < limits.stepsMax
    // It may wait long for its turn, and the others shall not wait for it.
    case .heavyStep: heavySteps == 0
    }
  }

  private func count(_ call: OpenCall, _ more: Int) {
    switch call.kind {
    case .question: break
    case .step: steps += more
    case .heavyStep: heavySteps += more
    }
  }

  /// Asks streams for their next step, a few at once, and none while the socket has not taken what
  /// was computed before: so a peer that does not read has one message or two of all its streams
  /// together, whatever it asked for.
  func pullReady() {
    while isWritable, ahead == 0, let next = ready.firstIndex(where: mayBeAsked) {
      let call = ready.remove(at: next)
      call.isReady = false
      // Another stream took the credit: it comes back when there is more.
      guard table.hasCredit(call.id) else { continue }
      if let unsent = call.unsent {
        call.unsent = nil
        message(call, unsent.message, isLast: unsent.isLast)
      } else if let stream = call.stream {
        ask(call, stream)
      }
    }
  }

  private func ask(_ call: OpenCall, _ stream: any ResponseStream) {
    guard let eventLoop = context?.eventLoop else { return }
    call.isPulling = true
    count(call, 1)
    let bound = NIOLoopBound((handler: self, call: call), eventLoop: eventLoop)
    let cancellation = call.cancellation
    let ms = call.messages == 0 ? TimeSlice.firstMs : TimeSlice.standardMs
    let bytesMax = messageBytes(of: call)
    submit(call.kind) { isActive in
      let step: Result<StreamStep, CallStatus>
      if !isActive {
        step = .failure(.stopped)
      } else if cancellation.isCancelled {
        // Whoever cancels as fast as it asks would have messages computed for nobody.
        step = .success(.idle)
      } else {
        step = Result { () throws(CallStatus) in
          try stream.next(TimeSlice(ms: ms, bytesMax: bytesMax))
        }
      }
      eventLoop.execute { bound.value.handler.pulled(bound.value.call, step) }
    }
  }

  /// In this connection's turn, off the loop.
  func submit(_ kind: FairScheduler.Kind, _ work: @escaping FairScheduler.Work) {
    shared.turns.submit(kind, of: ObjectIdentifier(self), peer.principal.text, work)
  }

  /// Has the next slice of a unary answer computed, in this connection's turn; the answer is the
  /// one message.
  func work(
    on call: OpenCall, _ stream: any ResponseStream, _ kind: FairScheduler.Kind
  ) {
    guard let eventLoop = context?.eventLoop else { return }
    call.isPulling = true
    let ms = kind == .question ? TimeSlice.firstMs : TimeSlice.standardMs
    let bound = NIOLoopBound((handler: self, call: call, stream: stream), eventLoop: eventLoop)
    let cancellation = call.cancellation
    submit(kind) { isActive in
      let step: Result<StreamStep, CallStatus>
      if !isActive {
        step = .failure(.stopped)
      } else if cancellation.isCancelled {
        step = .failure(CallStatus(.cancelled, "Cancelled by the client.", rule: .cancelled))
      } else {
        step = Result { () throws(CallStatus) in try stream.next(TimeSlice(ms: ms)) }
      }
      eventLoop.execute {
        let (handler, call, stream) = bound.value
        handler.worked(on: call, stream, step)
      }
    }
  }

  private func worked(
    on call: OpenCall, _ stream: any ResponseStream, _ step: Result<StreamStep, CallStatus>
  ) {
    let answer: Result<Reply, CallStatus>
    switch step {
    case .success(.working) where context != nil && !call.isAnswered:
      // What takes longer has the threads of those that do: short questions keep theirs.
      return work(on: call, stream, .step)
    case .success(.working): answer = .failure(.stopped)
    case .success(.end(let message?)), .success(.message(let message)):
      answer = .success(Reply(message))
    case .success(.idle), .success(.end(nil)):
      answer = .failure(CallStatus(.internal, "The question was given no answer.", rule: .failure))
    case .failure(let status): answer = .failure(status)
    }
    call.isPulling = false
    stream.close()
    returned(call, answer)
  }

  /// Begins with little, so that who opens streams and takes nothing costs little.
  private func messageBytes(of call: OpenCall) -> Int {
    let most =
      shared.ahead.isExceeded ? limits.messageBytesMin : limits.messageBytesMax
    return min(limits.messageBytesMin << min(call.messages, 16), most)
  }

  private func pulled(_ call: OpenCall, _ step: Result<StreamStep, CallStatus>) {
    call.isPulling = false
    count(call, -1)
    defer { pullReady() }
    guard context != nil, !call.isAnswered else {
      // Answered early, or the peer is gone, while the message was computed.
      call.stream?.close()
      if context != nil { perform(table.step(.returned)) }
      return
    }
    switch step {
    case .success(.message(let bytes)): message(call, bytes, isLast: false)
    case .success(.working): pull(call.id)
    case .success(.idle): wait(call)
    case .success(.end(let bytes?)): message(call, bytes, isLast: true)
    case .success(.end(nil)): endStream(call, CallStatus(.ok, ""))
    case .failure(let status): endStream(call, status)
    }
  }

  private func message(_ call: OpenCall, _ bytes: [UInt8], isLast: Bool) {
    guard bytes.count <= limits.frameLengthMax else {
      return endStream(
        call,
        CallStatus(
          .resourceExhausted, "A message of \(bytes.count) bytes: ask for less at once.",
          rule: .frameLengthMax))
    }
    // Two streams are asked at once, each while there was credit for one.
    guard table.hasCredit(call.id) else {
      call.unsent = (bytes, isLast)
      return
    }
    call.messages += 1
    perform(table.step(.sent(call.id, bytes: bytes.count)))
    write(bytes, of: call.id)
    if isLast { endStream(call, CallStatus(.ok, "")) } else { pull(call.id) }
  }

  /// Writes a message in a buffer of its own, which is freed when the socket has taken it. Now, so
  /// that the socket's state is known before more is asked for.
  private func write(_ message: [UInt8], of id: UInt32) {
    flush()
    guard let context else { return }
    var buffer = context.channel.allocator.buffer(
      capacity: FrameHeader.length + message.count)
    buffer.write(FrameHeader(.data, payloadLength: message.count, call: id))
    buffer.writeBytes(message)
    counters.bytesWritten &+= UInt64(buffer.readableBytes)
    let bytes = buffer.readableBytes
    ahead += bytes
    shared.countAhead(bytes)
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    let taken = context.eventLoop.makePromise(of: Void.self)
    taken.futureResult.whenComplete { _ in
      bound.value.ahead -= bytes
      bound.value.shared.countAhead(-bytes)
      if bound.value.context != nil { bound.value.pullReady() }
    }
    context.writeAndFlush(wrapOutboundOut(buffer), promise: taken)
    if !isWritable { countUnread() }
  }

  private func wait(_ call: OpenCall) {
    guard let eventLoop = context?.eventLoop else { return }
    // What waits for something to happen would keep a connection that ends open for ever.
    if table.phase == .draining, call.exchange == nil { return endStream(call, Self.ending) }
    call.isWaiting = true
    let bound = NIOLoopBound((handler: self, call: call), eventLoop: eventLoop)
    call.stream?.whenReady {
      eventLoop.execute {
        bound.value.call.isWaiting = false
        if !bound.value.call.isAnswered { bound.value.handler.pull(bound.value.call.id) }
      }
    }
  }

  static let ending = CallStatus(
    .unavailable, "The connection is ending: go on with another.", rule: .drain)

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
    call.stream?.close()
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
                rule: .uploadBytesMax, retryAfterMs: 500))))
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

import Access
import Messages
import NIOCore
import NIOPosix
import Wire

/// Calls: answered at once, later, or as a stream.
extension ConnectionHandler {
  /// - Parameter end: where the call's message ends in the buffer.
  func begin(_ header: FrameHeader, _ buffer: inout ByteBuffer, _ end: Int) {
    guard let method = buffer.readInteger(as: UInt32.self),
      buffer.readInteger(as: UInt32.self) != nil
    else { preconditionFailure("a CALL has its head: the frame's door saw to it") }
    let length = end - buffer.readerIndex
    guard let shape = shared.service.shape(of: method) else {
      return send(
        CallStatus(.unimplemented, "There is no method \(method).", notProcessed: true),
        of: header.call)
    }
    let opens = shared.service.roles(of: method)
    guard !roles.isDisjoint(with: opens) else {
      let name = shared.service.name(of: method)
      return send(peer.refusal(of: name, for: opens, having: roles), of: header.call)
    }
    guard shape == .onLoop else {
      return open(header, method, buffer.readBytes(length: length) ?? [], shape, opens)
    }
    reply.removeAll(keepingCapacity: true)
    if let status = openBatch() ?? answer(method, buffer, length) {
      return send(status, of: header.call)
    }
    finish(header.call, reply)
    if reply.capacity > 256 << 10 { reply = [] }
  }

  private func answer(_ method: UInt32, _ buffer: ByteBuffer, _ length: Int) -> CallStatus? {
    desk!.answer(method, buffer.readableBytesSpan.extracting(first: length), into: &reply)
  }

  /// Sends a RESULT, or says that it is too long for a frame.
  private func finish(_ call: UInt32, _ answer: [UInt8]) {
    guard answer.count <= limits.frameLengthMax else {
      return send(
        CallStatus(
          .resourceExhausted, "The answer has \(answer.count) bytes: ask for less at once.",
          rule: "frame_length_max"), of: call)
    }
    send(.result, answer, call: call)
  }

  private func open(
    _ header: FrameHeader, _ method: UInt32, _ request: [UInt8], _ shape: Shape,
    _ opens: Roles
  ) {
    guard let eventLoop = context?.eventLoop else { return }
    let id = header.call
    let asked = header.argument == 0 ? limits.timeoutMaxMs : header.argument
    let timeoutMs = Int64(min(asked, limits.timeoutMaxMs))
    let call = OpenCall(id, method, for: opens)
    let callContext = CallContext(
      principal: peer.principal.text, deadline: .now() + .milliseconds(timeoutMs),
      cancelled: call.cancellation)
    if shape == .stream {
      if let refusal = table.refusesStream { return send(refusal, of: id) }
      do throws(CallStatus) {
        call.pages = try shared.service.open(method, request, callContext)
      } catch {
        return send(error, of: id)
      }
    }
    perform(table.step(.opened(id, stream: shape == .stream)))
    work[id] = call
    let bound = NIOLoopBound((handler: self, call: call), eventLoop: eventLoop)
    call.deadline = eventLoop.scheduleTask(in: .milliseconds(timeoutMs)) {
      let (handler, call) = bound.value
      guard !call.isAnswered else { return }
      handler.perform(handler.table.step(.deadline(call.id)))
    }
    if shape == .stream { return pull(id) }
    shared.service.begin(method, request, callContext) { result in
      eventLoop.execute { bound.value.handler.returned(bound.value.call, result) }
    }
  }

  /// The handler of a deferred call has returned.
  private func returned(_ call: OpenCall, _ result: Result<[UInt8], CallStatus>) {
    guard context != nil else { return }
    guard !call.isAnswered else { return perform(table.step(.returned)) }
    call.isAnswered = true
    call.deadline?.cancel()
    work[call.id] = nil
    switch result {
    case .success(let answer): finish(call.id, answer)
    case .failure(let status): send(status, of: call.id)
    }
    perform(table.step(.answered(call.id)))
  }

  /// A call is cancelled or out of time: its STATUS goes out now, its slot is kept until its
  /// handler returns.
  func answerEarly(_ id: UInt32, _ status: CallStatus) {
    guard let call = work.removeValue(forKey: id) else { return }
    call.abandon()
    send(status, of: id)
    guard let pages = call.pages, !call.isPulling else { return }
    pages.close()
    perform(table.step(.returned))
  }

  // MARK: streams

  /// Asks for the next message of a stream, while the peer takes what was sent.
  func pull(_ id: UInt32) {
    guard let context, let call = work[id], let pages = call.pages, !call.isPulling,
      !call.isWaiting, table.hasCredit(id), context.channel.isWritable
    else { return }
    call.isPulling = true
    let eventLoop = context.eventLoop
    let bound = NIOLoopBound((handler: self, call: call), eventLoop: eventLoop)
    shared.pool.submit { state in
      let page: Page =
        state == .active
        ? pages.next() : .failed(CallStatus(.unavailable, "The server is stopping."))
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
    perform(table.step(.sent(call.id, bytes: bytes.count)))
    send(.data, bytes, call: call.id)
    // Now, so that the socket's state is known before more is asked for.
    flush()
    pull(call.id)
  }

  private func wait(_ call: OpenCall) {
    guard let eventLoop = context?.eventLoop else { return }
    call.isWaiting = true
    let bound = NIOLoopBound((handler: self, call: call), eventLoop: eventLoop)
    call.pages?.whenMore {
      eventLoop.execute {
        bound.value.call.isWaiting = false
        if !bound.value.call.isAnswered { bound.value.handler.pull(bound.value.call.id) }
      }
    }
  }

  private func endStream(_ call: OpenCall, _ status: CallStatus) {
    call.isAnswered = true
    call.deadline?.cancel()
    call.pages?.close()
    work[call.id] = nil
    send(status, of: call.id)
    perform(table.step(.answered(call.id)))
  }
}

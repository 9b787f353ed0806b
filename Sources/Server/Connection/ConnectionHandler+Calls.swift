import Access
import Logging
import Messages
import NIOCore
import NIOPosix
import Tracing
import Wire

/// Calls: begun, answered at once or later.
extension ConnectionHandler {
  /// - Parameters:
  ///   - buffer: stands at the call's metadata.
  ///   - end: where the call's message ends in it.
  func begin(_ header: FrameHeader, _ buffer: inout ByteBuffer, _ end: Int) {
    var metadata: Metadata?
    if header.metadataLength > 0 {
      let bytes = buffer.readBytes(length: header.metadataLength) ?? []
      guard let read = loop?.decode(Metadata.self, from: bytes) else {
        return send(
          CallStatus(
            .internal, "The call's metadata cannot be read.", rule: .metadata,
            notProcessed: true), of: header.call)
      }
      metadata = read
    }
    guard let method = buffer.readInteger(as: UInt32.self),
      let revision = buffer.readInteger(as: UInt32.self)
    else { preconditionFailure("a CALL has its head: the frame's door saw to it") }
    guard let info = shared.method(method) else {
      return send(
        CallStatus(
          .unimplemented, "There is no method \(method).", rule: .unknownMethod,
          notProcessed: true), of: header.call)
    }
    guard !roles.isDisjoint(with: info.opens) else {
      let name = shared.service.name(of: method)
      return send(peer.refusal(of: name, for: info.opens, having: roles), of: header.call)
    }
    let length = end - buffer.readerIndex
    if let refusal = misfit(header, method, revision, info, length) {
      return send(refusal, of: header.call)
    }
    counters.calls &+= 1
    guard info.mode == .onLoop else {
      let request = buffer.readBytes(length: length) ?? []
      var opens = info.opens
      if let narrowed = shared.service.roles(of: method, asking: request) {
        opens = narrowed.opens
        guard !roles.isDisjoint(with: opens) else {
          let name = "This of " + shared.service.name(of: method)
          return send(
            peer.refusal(of: name, for: opens, having: roles, narrowed.advice), of: header.call)
        }
      }
      let call = OpenCall(
        header.call, method, for: opens, timeoutMs: Int64(limits.timeoutMs(asked: header.argument)))
      return open(call, request, info.mode, metadata)
    }
    reply.removeAll(keepingCapacity: true)
    let span: CallSpan? = metadata == nil ? nil : span(of: method, metadata)
    let status = openBatch() ?? answer(method, buffer, length)
    span?.end(status)
    if let metadata { log(method, metadata, status, since: lastRead) }
    if let status { return send(status, of: header.call) }
    finish(header.call, reply)
    if reply.capacity > 64 << 10 { reply = [] }
  }

  /// Why a CALL does not fit its method.
  private func misfit(
    _ header: FrameHeader, _ method: UInt32, _ revision: UInt32, _ info: ServerState.MethodInfo,
    _ length: Int
  ) -> CallStatus? {
    let isExchange = info.mode == .exchange
    guard header.isEnd == !isExchange else {
      return CallStatus(
        .unimplemented,
        isExchange
          ? "Method \(method) is an exchange: its CALL has no END."
          : "Method \(method) takes no stream of messages: set END on CALL.", rule: .callEnd,
        notProcessed: true)
    }
    guard !isExchange || length == 0 else {
      return CallStatus(
        .unimplemented, "The messages of an exchange stand in DATA, none in its CALL.",
        rule: .callMessage, notProcessed: true)
    }
    guard revision == 0 || revision == info.revision else {
      return CallStatus(
        .unimplemented,
        "Method \(method) is served in revision \(info.revision), not \(revision).",
        rule: .methodRevision, notProcessed: true)
    }
    return nil
  }

  private func answer(_ method: UInt32, _ buffer: ByteBuffer, _ length: Int) -> CallStatus? {
    // sure: a call comes after the greeting
    loop!.session.answer(method, buffer.readableBytesSpan.extracting(first: length), into: &reply)
  }

  /// Sends a RESULT, or says that it is too long for a frame.
  func finish(_ call: UInt32, _ answer: [UInt8], metadata: [UInt8] = []) {
    guard answer.count + metadata.count <= limits.frameLengthMax else {
      return send(
        CallStatus(
          .resourceExhausted, "The answer has \(answer.count) bytes: ask for less at once.",
          rule: .frameLengthMax), of: call)
    }
    send(.result, answer, metadata: metadata, call: call)
  }

  private func open(
    _ call: OpenCall, _ request: [UInt8], _ mode: ExecutionMode, _ metadata: Metadata?
  ) {
    guard let eventLoop = context?.eventLoop else { return }
    let isStream = mode.kind.isStream
    if isStream, let refusal = table.refusesStream { return send(refusal, of: call.id) }
    call.span = span(of: call.method, metadata)
    call.metadata = metadata
    let callContext = CallContext(
      principal: peer.principal.text, deadline: call.deadline, cancelled: call.cancellation,
      metadata: metadata?.entries ?? [], trace: call.span?.context ?? .topLevel)
    let bound = NIOLoopBound((handler: self, call: call), eventLoop: eventLoop)
    if mode == .exchange {
      do throws(CallStatus) {
        let exchange = try shared.service.exchange(call.method, callContext) { bytes in
          eventLoop.execute { bound.value.handler.taken(bound.value.call, bytes) }
        }
        (call.exchange, call.stream) = (exchange, exchange)
      } catch {
        settle(call, error)
        return send(error, of: call.id)
      }
    }
    perform(table.step(.opened(call.id, mode.kind)))
    work[call.id] = call
    timer?.wake(by: call.deadline)
    let (service, method) = (shared.service, call.method)
    @Sendable func ask() {
      service.begin(method, request, callContext) { result in
        eventLoop.execute { bound.value.handler.returned(bound.value.call, result) }
      }
    }
    switch mode {
    case .onLoop: preconditionFailure("is answered at once")
    case .exchange: pull(call.id)
    case .queued: ask()
    case .deferred:
      call.begin = { handler in
        handler.running += 1
        call.isRunning = true
        handler.submit(.question) { isActive in
          if isActive { return ask() }
          eventLoop.execute { bound.value.handler.returned(bound.value.call, .failure(.stopped)) }
        }
      }
      unasked.append(call)
    case .sliced:
      call.begin = { handler in
        do throws(CallStatus) {
          let stream = try handler.shared.service.open(call.method, request, callContext)
          call.stream = stream
          handler.running += 1
          call.isRunning = true
          // Most are answered by their first slice, which waits no longer than other questions do.
          handler.work(on: call, stream, .question)
        } catch {
          handler.returned(call, .failure(error))
        }
      }
      unasked.append(call)
    case .stream:
      call.begin = { handler in
        do throws(CallStatus) {
          call.stream = try handler.shared.service.open(call.method, request, callContext)
          handler.pull(call.id)
        } catch {
          handler.endStream(call, error)
        }
      }
      unasked.append(call)
    }
  }

  /// Asks the service what it was not asked yet, at the end of a read: who begins calls and cancels
  /// them in one breath has nothing done. A peer that does not read its answers has no more made.
  func askNext() {
    while running < limits.runningMax, !unasked.isEmpty, canWrite, let call = unasked.popFirst() {
      let begin = call.begin
      call.begin = nil
      begin?(self)
    }
  }

  /// The handler of a deferred or sliced call has returned.
  func returned(_ call: OpenCall, _ result: Result<Reply, CallStatus>) {
    guard context != nil else { return }
    if call.isRunning { running -= 1 }
    defer { askNext() }
    guard !call.isAnswered else { return perform(table.step(.returned)) }
    switch result {
    case .success(let reply):
      settle(call, nil)
      finish(
        call.id, reply.message,
        metadata: reply.metadata.isEmpty ? [] : Codec.encode(Metadata(entries: reply.metadata)))
    case .failure(let status):
      settle(call, status)
      send(status, of: call.id)
    }
    perform(table.step(.answered(call.id)))
  }

  /// A call is cancelled or out of time: its STATUS goes out now, its slot is kept until its
  /// handler returns.
  func answerEarly(_ id: UInt32, _ status: CallStatus) {
    guard let call = work[id] else { return }
    let isUnasked = call.begin != nil
    settle(call, status)
    call.cancellation.cancel()
    send(status, of: id)
    if isUnasked {
      // Its slot is free, so that others would wait behind it without end.
      unasked.removeAll { $0 === call }
      return perform(table.step(.returned))
    }
    guard let stream = call.stream, !call.isPulling else { return }
    stream.close()
    perform(table.step(.returned))
  }

  /// A call has its answer, or nobody waits for one: it is told of, and nothing is kept for it.
  func settle(_ call: OpenCall, _ status: CallStatus?) {
    work[call.id] = nil
    call.isAnswered = true
    call.unsent = nil
    if call.isReady { ready.removeAll { $0 === call } }
    // It holds the call.
    call.begin = nil
    shared.uploads.take(-call.untaken)
    call.span?.end(status)
    call.span = nil
    log(call.method, call.metadata, status, since: call.begun)
  }

  // MARK: spans and log lines

  private func span(of method: UInt32, _ metadata: Metadata?) -> CallSpan? {
    guard shared.isTraced else { return nil }
    return CallSpan(
      shared.service.name(of: method), metadata, principal: peer.principal.text, peer: address)
  }

  private func log(
    _ method: UInt32, _ metadata: Metadata?, _ status: CallStatus?, since begun: NIODeadline
  ) {
    guard shared.logger.logLevel <= .debug else { return }
    var about: Logger.Metadata = [
      "method": "\(shared.service.name(of: method))", "principal": "\(peer.principal)",
      "status": "\((status?.code ?? .ok).name)",
      "us": "\((NIODeadline.now() - begun).nanoseconds / 1000)",
    ]
    if let trace = metadata?.traceID { about["trace_id"] = "\(trace)" }
    if let status, status.code != .ok { about["why"] = "\(status.message)" }
    shared.logger.debug("call", metadata: about)
  }
}

extension ExecutionMode {
  var kind: ServerConnection.CallKind {
    switch self {
    case .onLoop, .deferred, .sliced, .queued: .unary
    case .stream: .stream
    case .exchange: .exchange
    }
  }
}

import Failures

/// What each frame of a client means once the connection is open.
extension ServerConnection {
  mutating func frame(_ header: FrameHeader) -> Action {
    switch header.type {
    case .call: return call(header)
    case .data: return data(header)
    case .cancel:
      cancels += 1
      guard cancels <= limits.cancelsMax else {
        return fail(
          "more than \(limits.cancelsMax) CANCELs, and \(limits.cancelsPerSecond) in each second",
          rule: .cancelsMax)
      }
      // The answer may have crossed the CANCEL: then there is nothing to do.
      guard calls[header.call] != nil else { return .none }
      return answerEarly(
        header.call, CallStatus(.cancelled, "Cancelled by the client.", rule: .cancelled))
    case .credit: return header.call == 0 ? connectionCredit(header) : credit(header)
    case .ping: return idle() ?? .pong(header.argument)
    case .pong:
      if let failure = idle() { return failure }
      return phase == .announced ? drain() : .none
    case .goAway:
      // The client begins no more; a second GOAWAY of its own changes nothing.
      guard phase != .draining else { return idle() ?? .none }
      isLeft = phase == .open
      return drain()
    case .hello: return fail("a second HELLO", rule: .phase)
    case .helloOK, .helloNo, .result, .status:
      return fail("a client sends no \(header.type.name)", rule: .direction)
    }
  }

  private mutating func call(_ header: FrameHeader) -> Action {
    guard calls[header.call] == nil else {
      return fail("call id \(header.call) is in use", rule: .callInUse)
    }
    guard phase != .draining else {
      return .refuse(
        header.call,
        CallStatus(
          .unavailable, "This connection is ending: ask on another.", rule: .drain,
          retryAfterMs: 1000, notProcessed: true))
    }
    guard slots < limits.callsMax else {
      return .refuse(
        header.call,
        CallStatus(
          .resourceExhausted, "\(limits.callsMax) calls are open on this connection.",
          rule: .callsMax, retryAfterMs: 50, notProcessed: true))
    }
    lastCall = max(lastCall, header.call)
    return .begin(header)
  }

  private mutating func data(_ header: FrameHeader) -> Action {
    let bytes = header.messageLength
    if bytes == 0, !header.isEnd, let failure = idle() { return failure }
    guard receiving.spend(header) else {
      return fail("DATA beyond the connection's credit", rule: .connectionCredit)
    }
    guard var call = calls[header.call] else {
      // Of an exchange that was refused or ended meanwhile; an END asks for nothing either.
      receiving.consumed(bytes)
      return (bytes == 0 && header.isEnd ? idle() : nil) ?? .none
    }
    guard !call.isEnded else {
      return fail("DATA after the END of call \(header.call)", rule: .end)
    }
    guard call.receiving.spend(header) else {
      return fail("DATA beyond the credit of call \(header.call)", rule: .streamCredit)
    }
    call.untaken += bytes
    call.isEnded = header.isEnd
    calls[header.call] = call
    return header.isEnd ? .takeLast(header.call) : .take(header.call)
  }

  private mutating func credit(_ header: FrameHeader) -> Action {
    // The stream may have ended while its CREDIT was under way.
    guard var call = calls[header.call], call.kind.isStream else { return idle() ?? .none }
    if header.argument == 0 || !call.owesCredit, let failure = idle() { return failure }
    call.owesCredit = false
    let isWithin = call.sending.add(header.argument, max: limits.streamCreditHeldMax)
    calls[header.call] = call
    guard isWithin else {
      return answerEarly(
        header.call,
        CallStatus(
          .resourceExhausted, "More than \(limits.streamCreditHeldMax) bytes of credit.",
          rule: .streamCreditMax))
    }
    return .resume(header.call)
  }

  private mutating func connectionCredit(_ header: FrameHeader) -> Action {
    if header.argument == 0 || !owesCredit, let failure = idle() { return failure }
    owesCredit = false
    guard sending.add(header.argument, max: limits.connectionCreditHeldMax) else {
      return fail(
        "more than \(limits.connectionCreditHeldMax) bytes of credit for the connection",
        rule: .connectionCreditMax)
    }
    return .resumeAll
  }

  /// Counts a frame that asks for nothing.
  private mutating func idle() -> Action? {
    idleFrames += 1
    guard idleFrames > limits.idleFramesMax else { return nil }
    return fail(
      "more than \(limits.idleFramesMax) frames in a second that ask for nothing",
      rule: .idleFramesMax)
  }
}

/// A connection as its server sees it: a table from (phase, input) to what is to be done.
///
/// Only calls that do not end at once are remembered. Buffers, clocks and sockets stay outside.
public struct ServerConnection: Sendable {
  public enum Phase: Hashable, Sendable, CaseIterable {
    /// The preface is awaited, then HELLO.
    case preface, hello
    case open
    /// The first GOAWAY was sent: the client is asked to begin no more; what it had already sent
    /// is still begun.
    case announced
    /// The second GOAWAY was sent: open calls end, none begin.
    case draining
    case closed
  }

  public enum Input: Hashable, Sendable {
    case preface
    case frame(FrameHeader)
    /// The bytes are no frame.
    case broken(FrameError)
    /// The server stops: no new calls.
    case drain
    /// The client had its time to learn of the drain.
    case announcementExpired
    case handshakeExpired
    /// Nothing was read for long.
    case idleExpired
    /// A frame was begun and not ended.
    case frameExpired
    /// The peer may not have this call open any longer.
    case denied(UInt32, CallStatus)
    /// The peer may not be connected any longer.
    case ended(CallStatus)
    /// A call that was begun is answered later.
    case opened(UInt32, stream: Bool)
    /// A stream's message was sent.
    case sent(UInt32, bytes: Int)
    /// The handler of an open call returned, and its RESULT or STATUS was sent.
    case answered(UInt32)
    /// A call's time ran out while its handler runs.
    case deadline(UInt32)
    /// The handler of a call that was answered early has returned.
    case returned
  }

  public enum Action: Hashable, Sendable {
    case none
    /// HELLO was read: answer it.
    case greet
    /// A call begins.
    case begin(FrameHeader)
    /// A call is not begun; the connection goes on.
    case refuse(UInt32, CallStatus)
    /// The call's STATUS goes out now, though its handler runs: `returned` frees the slot.
    case answerEarly(UInt32, CallStatus)
    /// A stream may go on.
    case resume(UInt32)
    case pong(UInt32)
    /// The first GOAWAY, and a PING whose PONG says that the client has read it.
    case announce
    /// The second GOAWAY.
    case goAway
    /// The second GOAWAY, then close: nothing is open.
    case goAwayAndClose
    /// Send a GOAWAY that says why, and close.
    case fail(CallStatus)
    /// Flush and close: the peer is done, or the last open call has ended.
    case close
  }

  /// What is remembered of an open call.
  private struct Call {
    let isStream: Bool
    /// Bytes that may still be sent; below zero after a message that was larger.
    var credit: Int
    /// A message was sent since the last CREDIT.
    var owesCredit = false
  }

  public private(set) var phase = Phase.preface
  /// The highest id of a call that was begun.
  public private(set) var lastCall: UInt32 = 0
  private var calls: [UInt32: Call] = [:]
  /// Calls that were answered early and whose handlers still run: they keep their slots, not
  /// their ids.
  private var lingering = 0
  private var streams = 0
  private var second: Int64 = 0
  private var idleFrames = 0
  private var cancels = 0
  private let limits: Limits

  public init(limits: Limits) { self.limits = limits }

  /// Slots in use.
  public var slots: Int { calls.count + lingering }
  public var openCalls: some Collection<UInt32> { calls.keys }

  /// Whether a stream's next message may be sent.
  public func hasCredit(_ call: UInt32) -> Bool { calls[call].map { $0.credit > 0 } ?? false }

  /// Tells the time, for the limits that are per second.
  public mutating func clock(second: Int64) {
    guard second != self.second else { return }
    self.second = second
    idleFrames = 0
    cancels = 0
  }

  /// The socket is closing for a reason that lies outside of the table.
  public mutating func close() { phase = .closed }

  public mutating func step(_ input: Input) -> Action {
    switch (phase, input) {
    case (_, .returned):
      precondition(lingering > 0, "no call was answered early")
      lingering -= 1
      return closeIfDrained()
    case (.closed, _): return .none

    case (.preface, .preface):
      phase = .hello
      return .none
    case (.hello, .frame(let header)) where header.type == .hello:
      phase = .open
      return .greet
    case (_, .broken(let error)): return fail(error.status)
    case (_, .preface): return fail("a second preface", rule: "phase")
    case (.preface, .frame), (.hello, .frame):
      return fail("the connection begins with the preface and HELLO", rule: "phase")
    case (.preface, .handshakeExpired), (.hello, .handshakeExpired):
      return fail(
        "no HELLO within \(limits.handshakeTimeoutMs) ms", .deadlineExceeded,
        rule: "handshake_timeout")
    case (_, .handshakeExpired): return .none
    case (.preface, .drain), (.hello, .drain):
      return fail("the server is stopping", .unavailable, rule: "drain")

    case (_, .frameExpired):
      return fail(
        "a frame was begun and not ended within \(limits.frameTimeoutMs) ms", .deadlineExceeded,
        rule: "frame_timeout")
    case (_, .denied(let call, let status)): return answerEarly(call, status)
    case (_, .ended(let status)): return fail(status)
    case (_, .idleExpired):
      guard slots == 0 else { return .none }
      return fail(
        "nothing was said for \(limits.idleTimeoutMs) ms", .unavailable, rule: "idle_timeout")

    case (.open, .drain):
      phase = .announced
      return .announce
    case (_, .drain): return .none
    case (.announced, .announcementExpired): return drain()
    case (_, .announcementExpired): return .none

    case (.open, .frame(let header)), (.announced, .frame(let header)),
      (.draining, .frame(let header)):
      return frame(header)

    case (_, .opened(let call, let stream)):
      precondition(calls[call] == nil && slots < limits.callsMax)
      calls[call] = Call(isStream: stream, credit: limits.streamCreditInitial)
      if stream { streams += 1 }
      return .none
    case (_, .sent(let call, let bytes)):
      calls[call]?.credit -= bytes
      calls[call]?.owesCredit = true
      return .none
    case (_, .answered(let call)):
      forget(call)
      return closeIfDrained()
    case (_, .deadline(let call)):
      return answerEarly(
        call,
        CallStatus(
          .deadlineExceeded, "The call's time ran out; what it began may still happen.",
          rule: "timeout"))
    }
  }

  /// Whether one more stream may be opened; a service is asked only then.
  public var refusesStream: CallStatus? {
    guard streams >= limits.streamsMax else { return nil }
    return CallStatus(
      .resourceExhausted, "\(limits.streamsMax) streams are open on this connection.",
      rule: "streams_max", retryAfterMs: 100, notProcessed: true)
  }

  private mutating func frame(_ header: FrameHeader) -> Action {
    switch header.type {
    case .call: return call(header)
    case .cancel:
      cancels += 1
      guard cancels <= limits.cancelsMax else {
        return fail("more than \(limits.cancelsMax) CANCELs in a second", rule: "cancels_max")
      }
      // The answer may have crossed the CANCEL: then there is nothing to do.
      guard calls[header.call] != nil else { return .none }
      return answerEarly(header.call, CallStatus(.cancelled, "Cancelled by the client."))
    case .credit: return credit(header)
    case .ping: return idle() ?? .pong(header.argument)
    case .pong:
      if let failure = idle() { return failure }
      return phase == .announced ? drain() : .none
    case .goAway:
      // The client begins no more; a second GOAWAY of its own changes nothing.
      guard phase != .draining else { return idle() ?? .none }
      return drain()
    case .data:
      // No method takes a stream of messages yet: a CALL without END was refused, and what
      // follows it is let go.
      guard calls[header.call] == nil else {
        return fail("DATA after the END of call \(header.call)", rule: "end")
      }
      return idle() ?? .none
    case .hello: return fail("a second HELLO", rule: "phase")
    case .helloOK, .helloNo, .result, .status:
      return fail("a client sends no \(header.type.name)", rule: "direction")
    }
  }

  private mutating func call(_ header: FrameHeader) -> Action {
    guard calls[header.call] == nil else {
      return fail("call id \(header.call) is in use", rule: "call_in_use")
    }
    guard header.isEnd else {
      return .refuse(
        header.call,
        CallStatus(
          .unimplemented, "No method takes a stream of messages: set END on CALL.", rule: "end",
          notProcessed: true))
    }
    guard phase != .draining else {
      return .refuse(
        header.call,
        CallStatus(
          .unavailable, "The server is stopping: ask another, or again later.", rule: "drain",
          retryAfterMs: 1000, notProcessed: true))
    }
    guard slots < limits.callsMax else {
      return .refuse(
        header.call,
        CallStatus(
          .resourceExhausted, "\(limits.callsMax) calls are open on this connection.",
          rule: "calls_max", retryAfterMs: 50, notProcessed: true))
    }
    lastCall = max(lastCall, header.call)
    return .begin(header)
  }

  private mutating func credit(_ header: FrameHeader) -> Action {
    // The stream may have ended while its CREDIT was under way.
    guard var call = calls[header.call], call.isStream else { return idle() ?? .none }
    if header.argument == 0 || !call.owesCredit, let failure = idle() { return failure }
    call.owesCredit = false
    call.credit += Int(header.argument)
    calls[header.call] = call
    guard call.credit <= limits.streamCreditMax else {
      return answerEarly(
        header.call,
        CallStatus(
          .resourceExhausted, "More than \(limits.streamCreditMax) bytes of credit.",
          rule: "stream_credit_max"))
    }
    return .resume(header.call)
  }

  /// Counts a frame that asks for nothing.
  private mutating func idle() -> Action? {
    idleFrames += 1
    guard idleFrames > limits.idleFramesMax else { return nil }
    return fail(
      "more than \(limits.idleFramesMax) frames in a second that ask for nothing",
      rule: "idle_frames_max")
  }

  private mutating func answerEarly(_ call: UInt32, _ status: CallStatus) -> Action {
    guard calls[call] != nil else { return .none }
    forget(call)
    lingering += 1
    return .answerEarly(call, status)
  }

  private mutating func forget(_ call: UInt32) {
    guard let known = calls.removeValue(forKey: call) else { return }
    if known.isStream { streams -= 1 }
  }

  private mutating func drain() -> Action {
    guard slots == 0 else {
      phase = .draining
      return .goAway
    }
    phase = .closed
    return .goAwayAndClose
  }

  private mutating func closeIfDrained() -> Action {
    guard phase == .draining, slots == 0 else { return .none }
    phase = .closed
    return .close
  }

  private mutating func fail(
    _ reason: String, _ code: StatusCode? = nil, rule: String
  ) -> Action {
    let isLimit = rule.hasSuffix("_max")
    return fail(
      CallStatus(
        code ?? (isLimit ? .resourceExhausted : .internal), "The connection ends: \(reason).",
        rule: rule))
  }

  private mutating func fail(_ status: CallStatus) -> Action {
    phase = .closed
    return .fail(status)
  }
}

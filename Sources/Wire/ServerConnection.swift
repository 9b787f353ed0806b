import Failures

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
    /// The server stops, or the connection is old: no new calls.
    case drain
    /// The client had its time to learn of the drain.
    case announcementExpired
    case handshakeExpired
    /// Nothing was asked for long.
    case idleExpired
    /// A frame was begun and does not come to its end.
    case frameExpired(FramePace.Late)
    /// Nothing was read for long: is the peer there?
    case silent
    /// Nor was anything after it was asked.
    case lost
    /// All connections together keep too much of what is begun and not ended.
    case overloaded
    /// The peer may not be connected any longer.
    case ended(CallStatus)
    /// A call that was begun is answered later.
    case opened(UInt32, CallKind)
    /// A stream's message was sent.
    case sent(UInt32, bytes: Int)
    /// An exchange's message was taken by its service.
    case consumed(UInt32, bytes: Int)
    /// The handler of an open call returned, and its RESULT or STATUS was sent.
    case answered(UInt32)
    /// A call's time ran out while its handler runs.
    case deadline(UInt32)
    /// A call is ended by the server for a reason that lies outside of it.
    case callEnded(UInt32, CallStatus)
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
    /// Every stream may.
    case resumeAll
    /// A message of an exchange came.
    case take(UInt32)
    /// The exchange's last, unless it is empty: then it is none.
    case takeLast(UInt32)
    /// CREDIT for an exchange is due.
    case credit(UInt32, UInt32)
    case ping
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

  public enum CallKind: Hashable, Sendable, CaseIterable {
    case unary, stream, exchange

    public var isStream: Bool { self != .unary }
  }

  /// What is remembered of an open call.
  struct Call {
    let kind: CallKind
    var sending: SendCredit
    var receiving: ReceiveCredit
    /// Bytes that the service has not taken.
    var untaken = 0
    /// A message was sent since the last CREDIT.
    var owesCredit = false
    /// The client sends nothing more in it.
    var isEnded: Bool
  }

  public internal(set) var phase = Phase.preface
  /// The highest id of a call that was begun.
  public internal(set) var lastCall: UInt32 = 0
  var calls: [UInt32: Call] = [:]
  /// Calls that were answered early and whose handlers still run: they keep their slots, not
  /// their ids.
  var lingering = 0
  public internal(set) var streams = 0
  var sending: SendCredit
  var receiving: ReceiveCredit
  var owesCredit = false
  private var second: Int64 = 0
  var idleFrames = 0
  var cancels = 0
  let limits: Limits

  public init(limits: Limits) {
    self.limits = limits
    sending = SendCredit(limits.connectionCreditInitial)
    receiving = ReceiveCredit(limits.connectionCreditInitial)
  }

  /// The client said GOAWAY before the server did.
  public internal(set) var isLeft = false

  /// Slots in use.
  public var slots: Int { calls.count + lingering }
  public var openCalls: some Collection<UInt32> { calls.keys }

  /// Whether a stream's next message may be sent.
  public func hasCredit(_ call: UInt32) -> Bool {
    guard let call = calls[call] else { return false }
    return call.sending.isThere && sending.isThere
  }

  /// The argument of a CREDIT for the connection that is due.
  public mutating func connectionCreditDue() -> UInt32? { receiving.due() }

  /// Tells the time, for the limits that are per second.
  public mutating func clock(second: Int64) {
    guard second != self.second else { return }
    let passed = max(second - self.second, 0)
    self.second = second
    idleFrames = 0
    cancels = max(cancels - limits.cancelsPerSecond * Int(min(passed, 1_000_000)), 0)
  }

  /// The socket is closing for a reason that lies outside of the table.
  public mutating func close() { phase = .closed }

  public mutating func step(_ input: Input) -> Action {
    defer { assert(violations().isEmpty, "\(violations())") }
    switch (phase, input) {
    case (_, .returned):
      precondition(lingering > 0, Invariant.handlersReturnOnce.rawValue)
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
    case (_, .preface): return fail("a second preface", rule: .phase)
    case (.preface, .frame), (.hello, .frame):
      return fail("the connection begins with the preface and HELLO", rule: .phase)
    case (.preface, .handshakeExpired), (.hello, .handshakeExpired):
      return fail(
        "no HELLO within \(limits.handshakeTimeoutMs) ms",
        rule: .handshakeTimeout)
    case (_, .handshakeExpired): return .none
    case (.preface, .drain), (.hello, .drain):
      return fail("the server is stopping", rule: .drain)

    case (_, .frameExpired(let late)):
      return fail(late.sentence(limits), rule: .frameTimeout)
    case (_, .ended(let status)): return fail(status)
    // Until then the time for HELLO holds.
    case (.preface, .idleExpired), (.hello, .idleExpired): return .none
    case (_, .idleExpired):
      guard slots == 0 else { return .none }
      return fail(
        "nothing was asked for \(limits.idleTimeoutMs) ms", rule: .idleTimeout)

    case (.open, .drain):
      phase = .announced
      return .announce
    case (_, .drain): return .none
    case (.announced, .announcementExpired): return drain()
    case (_, .announcementExpired): return .none

    case (.open, .frame(let header)), (.announced, .frame(let header)),
      (.draining, .frame(let header)):
      return frame(header)

    case (_, .silent): return .ping
    case (_, .lost):
      return fail(
        "no sign of life within \(limits.keepaliveTimeoutMs) ms", rule: .keepalive)
    case (_, .overloaded):
      return fail(
        "all connections together have begun too much and not ended it",
        rule: .partialBytesMax)

    case (_, .opened(let call, let kind)):
      precondition(calls[call] == nil, "an id is of one call at a time")
      precondition(slots < limits.callsMax, Invariant.slotsWithinMax.rawValue)
      calls[call] = Call(
        kind: kind, sending: SendCredit(limits.streamCreditInitial),
        receiving: ReceiveCredit(limits.streamCreditInitial), isEnded: kind != .exchange)
      if kind.isStream { streams += 1 }
      return .none
    case (_, .sent(let call, let bytes)):
      sending.spend(bytes)
      owesCredit = true
      calls[call]?.sending.spend(bytes)
      calls[call]?.owesCredit = true
      return .none
    case (_, .consumed(let call, let bytes)): return consumed(call, bytes)
    case (_, .answered(let call)):
      forget(call)
      return closeIfDrained()
    case (_, .deadline(let call)):
      return answerEarly(
        call,
        CallStatus(
          .deadlineExceeded, "The call's time ran out; what it began may still happen.",
          rule: .timeout))
    case (_, .callEnded(let call, let status)): return answerEarly(call, status)
    }
  }

  /// Why no further stream or exchange may be opened; a service is asked only when there is no
  /// reason.
  public var refusesStream: CallStatus? {
    guard streams >= limits.streamsMax else { return nil }
    return CallStatus(
      .resourceExhausted, "\(limits.streamsMax) streams are open on this connection.",
      rule: .streamsMax, retryAfterMs: 100, notProcessed: true)
  }

  private mutating func consumed(_ id: UInt32, _ bytes: Int) -> Action {
    // What an ended call had not taken was given back when it ended.
    guard var call = calls[id] else { return .none }
    precondition(call.untaken >= bytes, "more was taken than came")
    call.untaken -= bytes
    call.receiving.consumed(bytes)
    receiving.consumed(bytes)
    let due = call.isEnded ? nil : call.receiving.due()
    calls[id] = call
    return due.map { .credit(id, $0) } ?? .none
  }

  mutating func answerEarly(_ call: UInt32, _ status: CallStatus) -> Action {
    guard calls[call] != nil else { return .none }
    forget(call)
    lingering += 1
    return .answerEarly(call, status)
  }

  private mutating func forget(_ call: UInt32) {
    guard let known = calls.removeValue(forKey: call) else { return }
    if known.kind.isStream { streams -= 1 }
    receiving.consumed(known.untaken)
  }

  mutating func drain() -> Action {
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

  mutating func fail(_ reason: String, rule: ProtocolRule) -> Action {
    fail(CallStatus(rule.code, "The connection ends: \(reason).", rule: rule))
  }

  private mutating func fail(_ status: CallStatus) -> Action {
    phase = .closed
    return .fail(status)
  }
}

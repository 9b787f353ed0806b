import Failures

/// A connection as its client sees it: which calls are open, and what each frame means to them.
public struct ClientConnection: Sendable {
  public enum Phase: Hashable, Sendable, CaseIterable {
    /// HELLO was sent.
    case greeting
    case open
    /// GOAWAY was received: open calls end, none begin.
    case leaving
    case closed
  }

  public typealias Kind = ServerConnection.CallKind

  public enum Beginning: Hashable, Sendable {
    case call(UInt32)
    /// The server takes no more at once: begin again after a call has ended.
    case full
    /// Not on this connection any more.
    case leaving
  }

  public enum Action: Hashable, Sendable {
    case none
    /// HELLO_OK or HELLO_NO was read.
    case greeted, refused
    /// The one answer of a unary call, which has ended.
    case result(UInt32)
    /// A message of a stream.
    case message(UInt32)
    /// More of an exchange's messages may be sent.
    case resume(UInt32)
    /// More of every exchange's.
    case resumeAll
    /// How a call ended.
    case status(UInt32)
    /// An answer of another shape than the call's: it has failed. True: a CANCEL is to be sent.
    case misfit(UInt32, cancel: Bool)
    case pong(UInt32)
    case ponged(UInt32)
    /// GOAWAY was read.
    case goingAway
    /// What came is not this protocol: say so, and close.
    case fail(CallStatus)
  }

  struct Call {
    let kind: Kind
    var sending: SendCredit
    var receiving: ReceiveCredit
    /// CANCEL was sent: what still comes is let go, and the id is free after it.
    var isAbandoned = false
    /// Bytes that the reader has not consumed.
    var unread = 0
  }

  public private(set) var phase = Phase.greeting
  /// Calls that the server takes at once; from its greeting.
  private(set) var callsMax = Int.max
  private var streamsMax = Int.max
  /// Nil: it is not counted.
  private(set) var streamCredit: Int? = 1 << 20
  private(set) var connectionCredit: Int? = 0
  private var sending = SendCredit(0)
  var receiving = ReceiveCredit(0)
  var calls: [UInt32: Call] = [:]
  var streams = 0
  private var nextID: UInt32 = 1

  // Made once: each CREDIT asks for them.
  private static let usual = Limits()
  /// Bytes of credit that a side may hold of a stream, and of a connection: where it began with more,
  /// so many.
  private var streamCreditMax: Int { max(Self.usual.streamCreditMax, streamCredit ?? 0) }
  private var connectionCreditMax: Int {
    max(Self.usual.connectionCreditMax, connectionCredit ?? 0)
  }

  public init() {}

  public var openCalls: Int { calls.count }

  /// Takes what HELLO_OK said.
  public mutating func greeted(
    callsMax: Int, streamsMax: Int = .max, streamCredit: Int? = 1 << 20,
    connectionCredit: Int? = 16 << 20
  ) {
    self.callsMax = max(callsMax, 1)
    self.streamsMax = max(streamsMax, 1)
    (self.streamCredit, self.connectionCredit) = (streamCredit, connectionCredit)
    sending = SendCredit(connectionCredit)
    receiving = ReceiveCredit(connectionCredit)
  }

  public mutating func begin(_ kind: Kind) -> Beginning {
    defer { assert(violations().isEmpty, "\(violations())") }
    switch phase {
    case .leaving, .closed: return .leaving
    case .greeting: return .full
    case .open: break
    }
    guard calls.count < callsMax, kind == .unary || streams < streamsMax else { return .full }
    while calls[nextID] != nil { nextID = Self.after(nextID) }
    let id = nextID
    nextID = Self.after(id)
    if kind != .unary { streams += 1 }
    calls[id] = Call(
      kind: kind, sending: SendCredit(streamCredit), receiving: ReceiveCredit(streamCredit))
    return .call(id)
  }

  /// Gives a call up: true when a CANCEL is to be sent.
  public mutating func cancel(_ call: UInt32) -> Bool {
    defer { assert(violations().isEmpty, "\(violations())") }
    guard var known = calls[call], !known.isAbandoned else { return false }
    known.isAbandoned = true
    receiving.consumed(known.unread)
    known.unread = 0
    calls[call] = known
    return phase != .closed
  }

  /// Whether the exchange's next message may be sent.
  public func hasCredit(_ call: UInt32) -> Bool {
    guard let call = calls[call], !call.isAbandoned else { return false }
    return call.sending.isThere && sending.isThere
  }

  /// A message of an exchange was sent.
  public mutating func sent(_ call: UInt32, bytes: Int) {
    calls[call]?.sending.spend(bytes)
    sending.spend(bytes)
  }

  /// A stream's reader has taken so much.
  ///
  /// - Returns: the argument of a CREDIT for the stream that is due.
  public mutating func consumed(_ call: UInt32, bytes: Int) -> UInt32? {
    defer { assert(violations().isEmpty, "\(violations())") }
    // What an ended call had unread was given back when it ended.
    guard var known = calls[call], !known.isAbandoned else { return nil }
    known.unread -= bytes
    known.receiving.consumed(bytes)
    receiving.consumed(bytes)
    defer { calls[call] = known }
    return known.receiving.due()
  }

  /// The argument of a CREDIT for the connection that is due.
  public mutating func connectionCreditDue() -> UInt32? { receiving.due() }

  public mutating func closed() {
    phase = .closed
    calls = [:]
  }

  public mutating func receive(_ header: FrameHeader) -> Action {
    defer { assert(violations().isEmpty, "\(violations())") }
    switch (phase, header.type) {
    case (.closed, _): return .none
    case (.greeting, .helloOK):
      phase = .open
      return .greeted
    case (.greeting, .helloNo):
      phase = .closed
      return .refused
    case (.greeting, .goAway):
      phase = .leaving
      return .goingAway
    case (.greeting, _): return fail("\(header.type.name) came before the greeting", .phase)
    case (_, .helloOK), (_, .helloNo): return fail("a second greeting", .phase)
    case (_, .credit): return credit(header)
    case (_, .hello), (_, .call), (_, .cancel):
      return fail("a server sends no \(header.type.name)", .direction)
    case (_, .ping): return .pong(header.argument)
    case (_, .pong): return .ponged(header.argument)
    case (_, .goAway):
      phase = .leaving
      return .goingAway
    case (_, .result), (_, .status), (_, .data): return answer(header)
    }
  }

  private mutating func credit(_ header: FrameHeader) -> Action {
    guard header.call != 0 else {
      guard sending.add(header.argument, max: connectionCreditMax) else {
        return fail("more credit than a connection may hold", .connectionCreditMax)
      }
      return .resumeAll
    }
    // The exchange may have ended while its CREDIT was under way.
    guard var call = calls[header.call] else { return .none }
    let isWithin = call.sending.add(header.argument, max: streamCreditMax)
    calls[header.call] = call
    guard isWithin || call.kind != .exchange || call.isAbandoned else {
      // It ends with what the CANCEL brings.
      calls[header.call]?.isAbandoned = true
      receiving.consumed(call.unread)
      calls[header.call]?.unread = 0
      return .misfit(header.call, cancel: true)
    }
    return .resume(header.call)
  }

  private mutating func answer(_ header: FrameHeader) -> Action {
    let id = header.call
    let bytes = header.messageLength
    if header.type == .data {
      guard receiving.spend(header) else {
        return fail("DATA beyond the connection's credit", .connectionCredit)
      }
      // Of a call that ended, was given up or is unary it is let go.
      let isKept = calls[id].map { $0.kind != .unary && !$0.isAbandoned } ?? false
      if !isKept { receiving.consumed(bytes) }
    }
    guard var call = calls[id] else { return .none }
    switch (call.kind, header.type) {
    case (.stream, .data), (.exchange, .data):
      guard call.receiving.spend(header) else {
        return fail("DATA beyond the credit of call \(id)", .streamCredit)
      }
      if !call.isAbandoned { call.unread += bytes }
      calls[id] = call
      return call.isAbandoned ? .none : .message(id)
    case (.unary, .result):
      end(id, call)
      return call.isAbandoned ? .none : .result(id)
    case (_, .status):
      end(id, call)
      return call.isAbandoned ? .none : .status(id)
    case (_, .data):
      // It ends with what the CANCEL brings.
      defer { calls[id]?.isAbandoned = true }
      return call.isAbandoned ? .none : .misfit(id, cancel: true)
    case (_, _):
      end(id, call)
      return call.isAbandoned ? .none : .misfit(id, cancel: false)
    }
  }

  private mutating func end(_ id: UInt32, _ call: Call) {
    calls[id] = nil
    if call.kind != .unary { streams -= 1 }
    receiving.consumed(call.unread)
  }

  private mutating func fail(_ reason: String, _ rule: ProtocolRule) -> Action {
    phase = .closed
    return .fail(
      CallStatus(
        rule.code, "This is no ujuzi server, or not of this version: \(reason).", rule: rule))
  }

  private static func after(_ id: UInt32) -> UInt32 {
    id == FrameHeader.callMax ? 1 : id + 1
  }
}

/// A connection as its server sees it: a table from (phase, input) to what is to be done.
///
/// Only calls that do not end at once are remembered. Buffers, clocks and sockets stay outside.
public struct ServerConnection: Sendable {
  public enum Phase: Hashable, Sendable, CaseIterable {
    /// The preface is awaited, then HELLO.
    case preface, hello
    case open
    /// GOAWAY was sent: open calls end, none begin.
    case draining
    case closed
  }

  public enum Input: Hashable, Sendable {
    case preface
    case frame(FrameHeader)
    /// The server stops: no new calls.
    case drain
    /// The handler of an open call has returned.
    case returned(UInt32)
  }

  public enum Action: Hashable, Sendable {
    case none
    /// HELLO was read: answer it.
    case greet
    /// A call begins.
    case begin(FrameHeader)
    /// A call is refused; the connection goes on.
    case refuse(UInt32, CallStatus)
    case cancel(UInt32)
    case credit(UInt32, bytes: UInt32)
    case pong(UInt32)
    case sendGoAway
    /// Send a GOAWAY that says why, and close.
    case fail(String)
    /// Flush and close: the peer is done, or the last open call has ended.
    case close
  }

  public private(set) var phase = Phase.preface
  /// Open calls: true once cancelled.
  public private(set) var calls: [UInt32: Bool] = [:]
  /// The highest id of a call that was begun.
  public private(set) var lastCall: UInt32 = 0
  /// Frames in a row that asked for nothing.
  private var idleFrames = 0
  private let limits: Limits

  public init(limits: Limits) { self.limits = limits }

  public mutating func step(_ input: Input) -> Action {
    switch (phase, input) {
    case (.closed, _): return .none
    case (.preface, .preface):
      phase = .hello
      return .none
    case (.hello, .frame(let header)) where header.type == .hello:
      phase = .open
      return .greet
    case (.preface, .drain), (.hello, .drain):
      phase = .closed
      return .close
    case (.preface, _), (.hello, _):
      return fail("The connection must begin with the preface and HELLO.")
    case (.open, .drain):
      phase = .draining
      return calls.isEmpty ? .sendGoAway : .sendGoAway
    case (.draining, .drain): return .none
    case (.open, .preface), (.draining, .preface): return fail("A second preface.")
    case (.open, .returned(let call)), (.draining, .returned(let call)):
      calls[call] = nil
      guard phase == .draining, calls.isEmpty else { return .none }
      phase = .closed
      return .close
    case (.open, .frame(let header)), (.draining, .frame(let header)):
      return frame(header)
    }
  }

  /// Closes after a drain when no call is open.
  public mutating func closeIfDrained() -> Action {
    guard phase == .draining, calls.isEmpty else { return .none }
    phase = .closed
    return .close
  }

  /// A call that will not be answered at once is open until its handler has returned.
  public mutating func opened(_ call: UInt32) { calls[call] = false }

  private mutating func frame(_ header: FrameHeader) -> Action {
    if header.type == .call {
      idleFrames = 0
      return call(header)
    }
    idleFrames += 1
    guard idleFrames <= limits.idleFramesMax else {
      return fail("More than \(limits.idleFramesMax) frames in a row that ask for nothing.")
    }
    switch header.type {
    case .cancel:
      guard let cancelled = calls[header.call] else { return .none }
      calls[header.call] = true
      return cancelled ? .none : .cancel(header.call)
    case .credit:
      guard calls[header.call] != nil else { return .none }
      return .credit(header.call, bytes: header.argument)
    case .ping: return .pong(header.argument)
    case .pong: return .none
    case .goAway:
      phase = .draining
      return closeIfDrained()
    case .data:
      return .refuse(
        header.call,
        CallStatus(.unimplemented, "This server takes no stream of messages from a client."))
    case .hello, .helloOK, .helloNo, .result, .status, .call:
      return fail("A client sends no \(header.type) here.")
    }
  }

  private mutating func call(_ header: FrameHeader) -> Action {
    guard header.call != 0, calls[header.call] == nil else {
      return fail("Call id \(header.call) is zero or in use.")
    }
    guard header.payloadLength - header.metadataLength >= Protocol.callHeadLength else {
      return fail("A CALL without method and schema revision.")
    }
    if phase == .draining {
      return .refuse(
        header.call,
        CallStatus(
          .unavailable, "The server is stopping: ask another, or again later.",
          retryAfterMs: 1000, notProcessed: true))
    }
    guard calls.count < limits.callsMax else {
      return .refuse(
        header.call,
        CallStatus(
          .resourceExhausted, "\(limits.callsMax) calls are open on this connection.",
          rule: "calls_max", retryAfterMs: 50, notProcessed: true))
    }
    lastCall = max(lastCall, header.call)
    return .begin(header)
  }

  private mutating func fail(_ reason: String) -> Action {
    phase = .closed
    return .fail(reason)
  }
}

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

  public enum Kind: Hashable, Sendable { case unary, stream }

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
    /// How a call ended.
    case status(UInt32)
    case pong(UInt32)
    case ponged(UInt32)
    /// GOAWAY was read.
    case goingAway
    /// What came is not this protocol: close.
    case fail(String)
  }

  private enum Call: Sendable {
    case unary, stream
    /// CANCEL was sent: what still comes is let go, and the id is free after it.
    case abandoned
  }

  public private(set) var phase = Phase.greeting
  /// Calls that the server takes at once; from its greeting.
  private var callsMax = Int.max
  private var calls: [UInt32: Call] = [:]
  private var nextID: UInt32 = 1

  public init() {}

  public var openCalls: Int { calls.count }

  /// Takes what HELLO_OK said.
  public mutating func greeted(callsMax: Int) { self.callsMax = max(callsMax, 1) }

  public mutating func begin(_ kind: Kind) -> Beginning {
    switch phase {
    case .leaving, .closed: return .leaving
    case .greeting: return .full
    case .open: break
    }
    guard calls.count < callsMax else { return .full }
    while calls[nextID] != nil { nextID = Self.after(nextID) }
    let id = nextID
    nextID = Self.after(id)
    calls[id] = kind == .unary ? .unary : .stream
    return .call(id)
  }

  /// Gives a call up: true when a CANCEL is to be sent.
  public mutating func cancel(_ call: UInt32) -> Bool {
    switch calls[call] {
    case nil, .abandoned: return false
    case .unary, .stream:
      calls[call] = .abandoned
      return phase != .closed
    }
  }

  public mutating func closed() {
    phase = .closed
    calls = [:]
  }

  public mutating func receive(_ header: FrameHeader) -> Action {
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
    case (.greeting, _): return fail("\(header.type.name) came before the greeting")
    case (_, .helloOK), (_, .helloNo): return fail("a second greeting")
    case (_, .hello), (_, .call), (_, .cancel), (_, .credit):
      return fail("a server sends no \(header.type.name)")
    case (_, .ping): return .pong(header.argument)
    case (_, .pong): return .ponged(header.argument)
    case (_, .goAway):
      phase = .leaving
      return .goingAway
    case (_, .result), (_, .status), (_, .data): return answer(header)
    }
  }

  private mutating func answer(_ header: FrameHeader) -> Action {
    let id = header.call
    switch (calls[id], header.type) {
    case (nil, _): return fail("\(header.type.name) of call \(id), which is not open")
    case (.abandoned, .data): return .none
    case (.abandoned, _):
      calls[id] = nil
      return .none
    case (.unary, .result):
      calls[id] = nil
      return .result(id)
    case (.stream, .data): return .message(id)
    case (_, .status):
      calls[id] = nil
      return .status(id)
    case (_, _): return fail("\(header.type.name) does not answer call \(id)")
    }
  }

  private mutating func fail(_ reason: String) -> Action {
    phase = .closed
    return .fail("This is no ujuzi server, or not of this version: \(reason).")
  }

  private static func after(_ id: UInt32) -> UInt32 {
    id == FrameHeader.callMax ? 1 : id + 1
  }
}

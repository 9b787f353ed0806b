import Wire

/// A connection's table beside a book of what it owes: calls, slots and credit.
///
/// Each byte chooses what happens next, those after it with what. The server's side keeps its word:
/// it opens only calls that it was told to begin, takes only what came, sends only with credit.
enum ConnectionFuzz {
  static func run(_ bytes: [UInt8]) throws {
    var book = ConnectionBook(bytes)
    while !book.isDone { try book.turn() }
  }

  static let limits: Limits = {
    var limits = Limits()
    limits.frameLengthMax = 4096
    limits.callsMax = 4
    limits.streamsMax = 2
    limits.streamCreditInitial = 64
    limits.streamCreditMax = 256
    limits.connectionCreditInitial = 200
    limits.connectionCreditMax = 1000
    limits.idleFramesMax = 6
    limits.cancelsMax = 4
    return limits
  }()
}

private struct ConnectionBook {
  struct Call {
    var kind: ServerConnection.CallKind
    /// Bytes: that came, that the service took, that credit was given for.
    var received = 0
    var taken = 0
    var given = 0
    var sendable = ConnectionFuzz.limits.streamCreditInitial
    var isEnded: Bool
    var untaken: Int { received - taken }
  }

  let limits = ConnectionFuzz.limits
  private var input: ArraySlice<UInt8>
  private var table = ServerConnection(limits: ConnectionFuzz.limits)
  private var calls: [UInt32: Call] = [:]
  private var lingering = 0
  /// Of all calls together.
  private var (received, given) = (0, 0)
  private var sendable = ConnectionFuzz.limits.connectionCreditInitial
  private var second: Int64 = 0

  init(_ bytes: [UInt8]) {
    input = bytes[...]
    // Most inputs begin as a client does, so that they get further.
    if byte() & 1 == 0 {
      _ = table.step(.preface)
      _ = table.step(.frame(FrameHeader(.hello)))
    }
  }

  var isDone: Bool { input.isEmpty }
  private mutating func byte() -> UInt8 { input.popFirst() ?? 0 }
  private mutating func id() -> UInt32 { UInt32(byte() % 6) + 1 }
  private var status: CallStatus { CallStatus(.unavailable, "It ends.", rule: "end") }

  mutating func turn() throws {
    switch byte() % 28 {
    case 0: try raw()
    case 1:
      try step(
        .frame(
          FrameHeader(.call, payloadLength: 8, flags: byte() & FrameHeader.end, call: id())))
    case 2: try data()
    case 3: try step(.frame(FrameHeader(.cancel, call: id())))
    case 4: try credit()
    case 5: try step(.frame(FrameHeader(.ping, argument: UInt32(byte()))))
    case 6: try step(.frame(FrameHeader(.pong)))
    case 7: try step(.frame(FrameHeader(.goAway)))
    case 8: try step(.frame(FrameHeader(.hello)))
    case 9: try step(.frame(FrameHeader(.result, call: id())))
    case 10: try step(.preface)
    case 11: try step(.drain)
    case 12: try step(.announcementExpired)
    case 13: try step(.handshakeExpired)
    case 14: try step(.idleExpired)
    case 15: try step(.frameExpired(byte() % 2 == 0 ? .stalled : .tooLong))
    case 16: try step(.silent)
    case 17: try step(.lost)
    case 18: try step(.overloaded)
    case 19: try step(.ended(status))
    case 20: try send()
    case 21: try take()
    case 22:
      let call = id()
      if calls[call] != nil { try step(.answered(call)) }
    case 23: try step(.deadline(id()))
    case 24: try step(.callEnded(id(), status))
    case 25: if lingering > 0 { try step(.returned) }
    case 26:
      second += 1
      table.clock(second: second)
    default: try giveConnectionCredit()
    }
  }

  /// Whatever 16 bytes say.
  private mutating func raw() throws {
    var words: (UInt64, UInt64) = (0, 0)
    for _ in 0..<8 { words.0 = words.0 << 8 | UInt64(byte()) }
    for _ in 0..<8 { words.1 = words.1 << 8 | UInt64(byte()) }
    let header: FrameHeader
    do throws(FrameError) {
      header = try FrameHeader(words.0, words.1, limits: limits)
    } catch {
      return try step(.broken(error))
    }
    try step(.frame(header))
  }

  private mutating func data() throws {
    let length = Int(byte()) * (byte() & 1 == 0 ? 1 : 8)
    try step(
      .frame(
        FrameHeader(
          .data, payloadLength: length, flags: byte() & FrameHeader.end,
          // Now and then some of it is metadata, or all.
          metadataLength: length % 5 == 0 ? min(length, 100) : 0, call: id())))
  }

  private mutating func credit() throws {
    let arguments: [UInt32] = [0, 1, 50, 200, 1000, .max]
    let argument = arguments[Int(byte()) % arguments.count]
    try step(.frame(FrameHeader(.credit, call: UInt32(byte() % 7), argument: argument)))
  }

  private mutating func send() throws {
    let (call, bytes) = (id(), Int(byte()))
    let mayBe = calls[call].map { $0.sendable > 0 && sendable > 0 } ?? false
    try hold(table.hasCredit(call) == mayBe, "credit to send: \(table.hasCredit(call))")
    guard mayBe, calls[call]!.kind.isStreaming else { return }
    try step(.sent(call, bytes: bytes))
  }

  private mutating func take() throws {
    let (call, bytes) = (id(), Int(byte()))
    guard let known = calls[call] else { return try step(.consumed(call, bytes: bytes)) }
    try step(.consumed(call, bytes: min(bytes, known.untaken)))
  }

  private mutating func giveConnectionCredit() throws {
    guard table.phase != .closed else { return }
    given += Int(table.connectionCreditDue() ?? 0)
    let untaken = calls.values.reduce(0) { $0 + $1.untaken }
    try hold(given <= received - untaken, "the connection gave \(given) of \(received) received")
    try hold(
      received - untaken - given < limits.connectionCreditInitial / 4,
      "the connection keeps credit back: \(received) received, \(untaken) wait, \(given) given")
  }

  private mutating func step(_ input: ServerConnection.Input) throws {
    let before = (phase: table.phase, last: table.lastCall)
    let action = table.step(input)
    if before.phase == .closed {
      if input == .returned { lingering -= 1 }
      try hold(table.phase == .closed && action == .none, "a closed table did \(action)")
      return
    }
    try note(input)
    try note(action)
    try hold(table.lastCall >= before.last, "the highest call fell")
    guard table.phase != .closed else { return }
    try hold(Set(table.openCalls) == Set(calls.keys), "open: \(table.openCalls), not \(calls)")
    try hold(table.slots == calls.count + lingering, "\(table.slots) slots")
    try hold(table.slots <= limits.callsMax, "\(table.slots) slots, over the limit")
    let streams = calls.values.count { $0.kind.isStreaming }
    try hold(table.streams == streams && streams <= limits.streamsMax, "\(table.streams) streams")
    for (id, call) in calls {
      try hold(call.given <= call.taken, "call \(id) gave \(call.given) of \(call.taken) taken")
    }
  }

  /// What an input means by itself.
  private mutating func note(_ input: ServerConnection.Input) throws {
    switch input {
    case .answered(let call): calls[call] = nil
    case .returned: lingering -= 1
    case .consumed(let call, let bytes): calls[call]?.taken += bytes
    case .sent(let call, let bytes):
      sendable -= bytes
      calls[call]?.sendable -= bytes
    case .frame(let header) where header.type == .credit && table.phase != .closed:
      if header.call == 0 {
        sendable += Int(header.argument)
        try hold(sendable <= limits.connectionCreditMax, "\(sendable) bytes of credit")
      } else if calls[header.call]?.kind.isStreaming == true {
        calls[header.call]!.sendable += Int(header.argument)
      }
    case .frame(let header) where header.type == .data && table.phase != .closed:
      try receive(header)
    default: break
    }
  }

  private mutating func receive(_ header: FrameHeader) throws {
    // Of all DATA an END without a payload alone needs no credit; metadata is taken as it comes.
    let isFree = header.isEnd && header.payloadLength == 0
    let left = limits.connectionCreditInitial + given - received
    try hold(isFree || left > 0, "DATA was let in beyond the connection's credit")
    received += header.payloadLength
    guard let call = calls[header.call] else { return }
    try hold(!call.isEnded, "DATA was let in after the END")
    try hold(
      isFree || limits.streamCreditInitial + call.given > call.received,
      "DATA was let in beyond the call's credit")
    calls[header.call]!.received += header.payloadLength
    calls[header.call]!.taken += header.metadataLength
    calls[header.call]!.isEnded = header.isEnd
  }

  /// What an action means, which the server does.
  private mutating func note(_ action: ServerConnection.Action) throws {
    switch action {
    case .begin(let header):
      try hold(
        table.phase == .open || table.phase == .announced, "a call began in \(table.phase)")
      try hold(calls[header.call] == nil, "call \(header.call) began twice")
      try hold(calls.count + lingering < limits.callsMax, "a call began without a slot")
      try open(header.call)
    case .answerEarly(let call, _):
      let known = calls.removeValue(forKey: call)
      try hold(known != nil, "call \(call) was answered and is not open")
      lingering += 1
    case .take(let call), .takeLast(let call):
      try hold(calls[call]?.kind == .exchange, "call \(call) takes messages and is no exchange")
    case .credit(let call, let bytes):
      guard calls[call] != nil else { throw Violation(description: "credit for no call") }
      calls[call]!.given += Int(bytes)
    case .resume(let call):
      try hold(calls[call]?.kind.isStreaming == true, "call \(call) goes on and is no stream")
    case .fail, .close, .goAwayAndClose:
      try hold(table.phase == .closed, "\(action) and not closed")
      if action == .close || action == .goAwayAndClose {
        try hold(calls.isEmpty && lingering == 0, "closed with calls open")
      }
    case .none, .greet, .refuse, .resumeAll, .ping, .pong, .announce, .goAway: break
    }
  }

  /// As the server does with a call that it is told to begin.
  private mutating func open(_ call: UInt32) throws {
    let kinds: [ServerConnection.CallKind?] = [nil, .unary, .stream, .exchange]
    guard let kind = kinds[Int(byte()) % kinds.count] else { return }
    if kind.isStreaming, table.refusesStream != nil { return }
    try hold(table.step(.opened(call, kind)) == .none, "opening did something")
    calls[call] = Call(kind: kind, isEnded: kind != .exchange)
  }
}

extension ServerConnection.CallKind {
  fileprivate var isStreaming: Bool { self != .unary }
}

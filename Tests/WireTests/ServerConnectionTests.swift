import Testing
import Wire

private func call(_ id: UInt32, end: Bool = true) -> FrameHeader {
  FrameHeader(.call, payloadLength: 8, flags: end ? FrameHeader.end : 0, call: id)
}

/// A table in each phase, with calls 1 (a stream), 2 (unary) and 4 (an exchange) open where calls
/// can be.
private func table(_ phase: ServerConnection.Phase, limits: Limits = .init()) -> ServerConnection {
  var table = ServerConnection(limits: limits)
  if phase == .preface { return table }
  _ = table.step(.preface)
  if phase == .hello { return table }
  _ = table.step(.frame(FrameHeader(.hello)))
  for (id, kind) in [(1, .stream), (2, .unary), (4, .exchange)]
    as [(UInt32, ServerConnection.CallKind)]
  {
    _ = table.step(.frame(call(id, end: kind != .exchange)))
    _ = table.step(.opened(id, kind))
  }
  switch phase {
  case .preface, .hello, .open: break
  case .announced: _ = table.step(.drain)
  case .draining:
    _ = table.step(.drain)
    _ = table.step(.announcementExpired)
  case .closed: _ = table.step(.broken(.reservedBit))
  }
  precondition(table.phase == phase)
  return table
}

/// What is done, in a word: as `Protos/vectors/sessions.json` says it.
private func word(_ action: ServerConnection.Action) -> String {
  switch action {
  case .none: "ignore"
  case .greet: "greet"
  case .begin: "begin"
  case .refuse: "refuse"
  case .answerEarly: "cancel"
  case .resume, .resumeAll: "credit"
  case .take: "message"
  case .takeLast: "last"
  case .credit: "give"
  case .ping: "ping"
  case .pong: "pong"
  case .announce: "announce"
  case .goAway: "go_away"
  case .goAwayAndClose: "go_away, close"
  case .fail(let status): "end \(status.rule)"
  case .close: "close"
  }
}

/// Every input, and what it does in the phases preface, hello, open, announced, draining.
private let everyInput: [(String, ServerConnection.Input, [String])] = [
  ("preface", .preface, ["ignore", "end phase", "end phase", "end phase", "end phase"]),
  (
    "HELLO", .frame(FrameHeader(.hello)),
    ["end phase", "greet", "end phase", "end phase", "end phase"]
  ),
  (
    "HELLO_OK", .frame(FrameHeader(.helloOK)),
    ["end phase", "end phase", "end direction", "end direction", "end direction"]
  ),
  (
    "HELLO_NO", .frame(FrameHeader(.helloNo)),
    ["end phase", "end phase", "end direction", "end direction", "end direction"]
  ),
  ("CALL", .frame(call(3)), ["end phase", "end phase", "begin", "begin", "refuse"]),
  (
    "CALL in use", .frame(call(2)),
    ["end phase", "end phase", "end call_in_use", "end call_in_use", "end call_in_use"]
  ),
  (
    "CALL without END", .frame(call(3, end: false)),
    ["end phase", "end phase", "begin", "begin", "refuse"]
  ),
  (
    "DATA", .frame(FrameHeader(.data, call: 3)),
    ["end phase", "end phase", "ignore", "ignore", "ignore"]
  ),
  (
    "DATA after END", .frame(FrameHeader(.data, call: 2)),
    ["end phase", "end phase", "end end", "end end", "end end"]
  ),
  (
    "DATA of an exchange", .frame(FrameHeader(.data, payloadLength: 9, call: 4)),
    ["end phase", "end phase", "message", "message", "message"]
  ),
  (
    "the last DATA of an exchange", .frame(FrameHeader(.data, flags: FrameHeader.end, call: 4)),
    ["end phase", "end phase", "last", "last", "last"]
  ),
  (
    "RESULT", .frame(FrameHeader(.result, call: 2)),
    ["end phase", "end phase", "end direction", "end direction", "end direction"]
  ),
  (
    "STATUS", .frame(FrameHeader(.status, call: 2)),
    ["end phase", "end phase", "end direction", "end direction", "end direction"]
  ),
  (
    "CANCEL", .frame(FrameHeader(.cancel, call: 2)),
    ["end phase", "end phase", "cancel", "cancel", "cancel"]
  ),
  (
    "CANCEL of nothing", .frame(FrameHeader(.cancel, call: 3)),
    ["end phase", "end phase", "ignore", "ignore", "ignore"]
  ),
  (
    "CREDIT", .frame(FrameHeader(.credit, call: 1, argument: 5)),
    ["end phase", "end phase", "credit", "credit", "credit"]
  ),
  (
    "CREDIT of a unary call", .frame(FrameHeader(.credit, call: 2, argument: 5)),
    ["end phase", "end phase", "ignore", "ignore", "ignore"]
  ),
  (
    "CREDIT for the connection", .frame(FrameHeader(.credit, argument: 5)),
    ["end phase", "end phase", "credit", "credit", "credit"]
  ),
  ("PING", .frame(FrameHeader(.ping)), ["end phase", "end phase", "pong", "pong", "pong"]),
  ("PONG", .frame(FrameHeader(.pong)), ["end phase", "end phase", "ignore", "go_away", "ignore"]),
  (
    "GOAWAY", .frame(FrameHeader(.goAway)),
    ["end phase", "end phase", "go_away", "go_away", "ignore"]
  ),
  (
    "no frame", .broken(.callHeadCut),
    Array(repeating: "end call_head_cut", count: 5)
  ),
  ("drain", .drain, ["end drain", "end drain", "announce", "ignore", "ignore"]),
  (
    "announcement expired", .announcementExpired,
    ["ignore", "ignore", "ignore", "go_away", "ignore"]
  ),
  (
    "handshake expired", .handshakeExpired,
    ["end handshake_timeout", "end handshake_timeout", "ignore", "ignore", "ignore"]
  ),
  (
    "frame expired", .frameExpired(.tooLong),
    Array(repeating: "end frame_timeout", count: 5)
  ),
  (
    "frame stalled", .frameExpired(.stalled),
    Array(repeating: "end frame_timeout", count: 5)
  ),
  (
    "idle expired", .idleExpired,
    ["ignore", "ignore", "ignore", "ignore", "ignore"]
  ),
  ("silent", .silent, ["ping", "ping", "ping", "ping", "ping"]),
  ("lost", .lost, Array(repeating: "end keepalive", count: 5)),
  ("overloaded", .overloaded, Array(repeating: "end partial_bytes_max", count: 5)),
  ("consumed", .consumed(4, bytes: 0), Array(repeating: "ignore", count: 5)),
  ("answered", .answered(2), ["ignore", "ignore", "ignore", "ignore", "ignore"]),
  ("deadline", .deadline(1), ["ignore", "ignore", "cancel", "cancel", "cancel"]),
  ("deadline of nothing", .deadline(3), ["ignore", "ignore", "ignore", "ignore", "ignore"]),
  (
    "a call is ended", .callEnded(1, CallStatus(.permissionDenied, "", rule: "role")),
    ["ignore", "ignore", "cancel", "cancel", "cancel"]
  ),
  (
    "ended", .ended(CallStatus(.unauthenticated, "", rule: "certificate")),
    Array(repeating: "end certificate", count: 5)
  ),
  ("sent", .sent(1, bytes: 10), ["ignore", "ignore", "ignore", "ignore", "ignore"]),
]

@Test func `Every input does in every phase what its row says`() {
  let phases: [ServerConnection.Phase] = [.preface, .hello, .open, .announced, .draining]
  for (name, input, expected) in everyInput {
    for (phase, does) in zip(phases, expected) {
      var table = table(phase)
      let action = table.step(input)
      #expect(word(action) == does, "\(name) in \(phase)")
      if does.hasPrefix("end") { #expect(table.phase == .closed, "\(name) in \(phase)") }
    }
    var closed = table(.closed)
    #expect(closed.step(input) == .none, "\(name) after the end")
    #expect(closed.phase == .closed)
  }
}

@Test func `Every session among the vectors goes as it says`() throws {
  let rows = try Vectors<SessionRow>("sessions").rows
  #expect(rows.count >= 18)
  for row in rows {
    var table = ServerConnection(limits: Limits())
    _ = table.step(.preface)
    _ = table.step(.frame(FrameHeader(.hello)))
    for step in row.steps {
      let cut = try FrameDecoder.cut(Hex.bytes(step.bytes), limits: Limits())
      guard case .frame(let header) = cut else {
        Issue.record("\(row.name): no whole frame")
        continue
      }
      let action = table.step(.frame(header))
      #expect(word(action) == step.does, "\(row.name)")
      if case .begin = action {
        _ = table.step(.opened(header.call, header.isEnd ? .stream : .exchange))
      }
    }
  }
}

@Test func `A cancelled call keeps its slot, not its id, until its handler returned`() {
  var limits = Limits()
  limits.callsMax = 3
  var table = table(.open, limits: limits)
  #expect(word(table.step(.frame(call(3)))) == "refuse")
  #expect(word(table.step(.frame(FrameHeader(.cancel, call: 2)))) == "cancel")
  #expect(word(table.step(.frame(call(2)))) == "refuse", "the slot is taken, the id is free")
  #expect(table.slots == 3)
  #expect(table.step(.returned) == .none)
  #expect(word(table.step(.frame(call(2)))) == "begin")
}

@Test func `A call id is free again once it was answered`() {
  var table = table(.open)
  #expect(table.step(.answered(2)) == .none)
  #expect(word(table.step(.frame(call(2)))) == "begin")
}

@Test func `A drain begins what was sent before the PONG, refuses what comes after, and ends`() {
  var table = table(.open)
  #expect(table.step(.drain) == .announce)
  #expect(table.step(.frame(call(9))) == .begin(call(9)))
  #expect(table.step(.frame(FrameHeader(.pong))) == .goAway)
  #expect(table.lastCall == 9)
  guard case .refuse(10, let status) = table.step(.frame(call(10))) else {
    Issue.record("call 10 was begun")
    return
  }
  #expect(status.code == .unavailable && status.notProcessed)
  #expect(table.step(.answered(1)) == .none)
  #expect(table.step(.answered(4)) == .none)
  #expect(table.step(.answered(2)) == .close)
  #expect(table.phase == .closed)
}

@Test func `A drain without calls ends with the second GOAWAY`() {
  var table = table(.open)
  for call: UInt32 in [1, 2, 4] { _ = table.step(.answered(call)) }
  _ = table.step(.drain)
  #expect(table.step(.announcementExpired) == .goAwayAndClose)
}

@Test func `A drain waits for the handler of a cancelled call`() {
  var table = table(.draining)
  for call: UInt32 in [1, 4] { _ = table.step(.answered(call)) }
  #expect(word(table.step(.frame(FrameHeader(.cancel, call: 2)))) == "cancel")
  #expect(table.phase == .draining)
  #expect(table.step(.returned) == .close)
}

@Test func `Credit is counted in bytes and ends a stream that has too much`() {
  var limits = Limits()
  limits.streamCreditInitial = 100
  limits.streamCreditMax = 300
  var table = table(.open, limits: limits)
  #expect(table.hasCredit(1))
  _ = table.step(.sent(1, bytes: 150))
  #expect(!table.hasCredit(1))
  #expect(table.step(.frame(FrameHeader(.credit, call: 1, argument: 50))) == .resume(1))
  #expect(!table.hasCredit(1), "50 bytes only pay for what was overdrawn")
  #expect(table.step(.frame(FrameHeader(.credit, call: 1, argument: 300))) == .resume(1))
  #expect(table.hasCredit(1))
  #expect(word(table.step(.frame(FrameHeader(.credit, call: 1, argument: 1)))) == "cancel")
  #expect(!table.hasCredit(1))
}

@Test(arguments: [FrameType.ping, .pong, .data, .credit])
func `A flood of frames that ask for nothing ends the connection`(type: FrameType) {
  var limits = Limits()
  limits.idleFramesMax = 50
  let frame = FrameHeader(type, call: type.isOfCall ? 7 : 0)
  var table = table(.open, limits: limits)
  for second in 1...3 as ClosedRange<Int64> {
    table.clock(second: second)
    for _ in 0..<50 {
      let does = word(table.step(.frame(frame)))
      #expect(!does.hasPrefix("end"))
    }
  }
  #expect(word(table.step(.frame(frame))) == "end idle_frames_max")
}

@Test func `CREDIT for each message of a long stream is no flood`() {
  var limits = Limits()
  limits.idleFramesMax = 50
  var table = table(.open, limits: limits)
  for _ in 0..<1000 {
    _ = table.step(.sent(1, bytes: 10))
    #expect(table.step(.frame(FrameHeader(.credit, call: 1, argument: 10))) == .resume(1))
  }
}

@Test func `Calls that are cancelled as they come end the connection`() {
  var limits = Limits()
  limits.cancelsMax = 20
  var table = table(.open, limits: limits)
  var words: [String] = []
  for id: UInt32 in 10..<40 {
    _ = table.step(.frame(call(id)))
    words.append(word(table.step(.frame(FrameHeader(.cancel, call: id)))))
  }
  #expect(words[19] == "ignore" && words[20] == "end cancels_max")
}

@Test func `CANCELs have a burst, and a pace in which it comes back`() {
  var limits = Limits()
  (limits.cancelsMax, limits.cancelsPerSecond) = (20, 5)
  var table = table(.open, limits: limits)
  func cancels(_ count: Int, in second: Int64) -> [String] {
    table.clock(second: second)
    return (0..<count).map { _ in word(table.step(.frame(FrameHeader(.cancel, call: 99)))) }
  }
  #expect(cancels(20, in: 1_000).allSatisfy { !$0.hasPrefix("end") })
  #expect(cancels(5, in: 1_001).allSatisfy { !$0.hasPrefix("end") })
  #expect(cancels(10, in: 1_003).allSatisfy { !$0.hasPrefix("end") })
  // However long nothing is cancelled, no more than the burst comes back.
  #expect(cancels(20, in: 5_000).allSatisfy { !$0.hasPrefix("end") })
  #expect(cancels(6, in: 5_001).last == "end cancels_max")
}

@Test func `Streams have a limit of their own`() {
  var limits = Limits()
  limits.streamsMax = 2
  var table = table(.open, limits: limits)
  #expect(table.refusesStream?.rule == "streams_max")
  _ = table.step(.frame(FrameHeader(.cancel, call: 1)))
  #expect(table.refusesStream == nil)
}

@Test(arguments: 0..<200 as Range<UInt64>)
func `No history of inputs takes more slots than there are`(seed: UInt64) {
  var random = Seeded(seed)
  var limits = Limits()
  limits.callsMax = 4
  var table = ServerConnection(limits: limits)
  _ = table.step(.preface)
  _ = table.step(.frame(FrameHeader(.hello)))
  var lingering = 0
  for _ in 0..<300 where table.phase != .closed {
    let id = UInt32.random(in: 1...6, using: &random)
    let open = Array(table.openCalls)
    switch Int.random(in: 0..<100, using: &random) {
    case 0..<40 where !open.contains(id):
      if case .begin = table.step(.frame(call(id))) {
        _ = table.step(.opened(id, id.isMultiple(of: 2) ? .stream : .unary))
      }
    case 40..<60:
      if case .answerEarly = table.step(.frame(FrameHeader(.cancel, call: id))) {
        lingering += 1
      }
    case 60..<80: _ = table.step(.answered(id))
    case 80..<90 where lingering > 0:
      lingering -= 1
      _ = table.step(.returned)
    case 99: _ = table.step(.drain)
    default: _ = table.step(.frame(FrameHeader(.ping)))
    }
    #expect(table.slots == table.openCalls.count + lingering)
    #expect(table.slots <= limits.callsMax)
  }
}

import Testing
import Wire

private func data(_ bytes: Int, _ call: UInt32 = 1, end: Bool = false) -> FrameHeader {
  FrameHeader(.data, payloadLength: bytes, flags: end ? FrameHeader.end : 0, call: call)
}

/// A server's table with an exchange open under each of the ids.
private func exchanges(_ ids: [UInt32], _ limits: Limits) -> ServerConnection {
  var table = ServerConnection(limits: limits)
  _ = table.step(.preface)
  _ = table.step(.frame(FrameHeader(.hello)))
  for id in ids {
    _ = table.step(.frame(FrameHeader(.call, payloadLength: 8, call: id)))
    _ = table.step(.opened(id, .exchange))
  }
  return table
}

private var small: Limits {
  var limits = Limits()
  limits.streamCreditInitial = 100
  limits.connectionCreditInitial = 150
  return limits
}

@Test func `DATA is taken while there is credit, and ends the connection when there is none`() {
  var table = exchanges([1], small)
  #expect(table.step(.frame(data(60))) == .take(1))
  #expect(table.step(.frame(data(60))) == .take(1), "below zero by part of a message")
  guard case .fail(let status) = table.step(.frame(data(1))) else {
    Issue.record("a message without credit was taken")
    return
  }
  #expect(status.rule == "stream_credit")
}

@Test func `All exchanges together have the connection's credit`() {
  var table = exchanges([1, 2, 3], small)
  #expect(table.step(.frame(data(90, 1))) == .take(1))
  #expect(table.step(.frame(data(90, 2))) == .take(2))
  guard case .fail(let status) = table.step(.frame(data(1, 3))) else {
    Issue.record("a message without credit was taken")
    return
  }
  #expect(status.rule == "connection_credit")
}

@Test func `What was consumed is given back in steps`() {
  var table = exchanges([1], small)
  _ = table.step(.frame(data(90)))
  #expect(table.step(.consumed(1, bytes: 20)) == .none)
  #expect(table.step(.consumed(1, bytes: 20)) == .credit(1, 40))
  #expect(table.connectionCreditDue() == 40)
  #expect(table.connectionCreditDue() == nil)
  #expect(table.step(.frame(data(50))) == .take(1))
}

@Test func `An exchange that ends gives back the connection's credit for what nobody took`() {
  var table = exchanges([1], small)
  _ = table.step(.frame(data(90)))
  _ = table.step(.frame(FrameHeader(.cancel, call: 1)))
  #expect(table.connectionCreditDue() == 90)
  #expect(table.step(.consumed(1, bytes: 90)) == .none, "it was given back already")
  #expect(table.connectionCreditDue() == nil)
}

@Test func `DATA that crosses the end of its call is let go and paid back`() {
  var table = exchanges([1], small)
  _ = table.step(.answered(1))
  #expect(table.step(.frame(data(50))) == .none)
  #expect(table.connectionCreditDue() == 50)
}

@Test func `After its END an exchange is given no more credit`() {
  var table = exchanges([1], small)
  #expect(table.step(.frame(data(90, 1, end: true))) == .takeLast(1))
  #expect(table.step(.consumed(1, bytes: 90)) == .none)
  #expect(table.connectionCreditDue() == 90)
}

@Test func `A stream waits for the connection's credit as well as for its own`() {
  var table = exchanges([1, 2], small)
  _ = table.step(.sent(1, bytes: 90))
  _ = table.step(.sent(2, bytes: 90))
  #expect(!table.hasCredit(1) && !table.hasCredit(2), "the connection's 150 bytes are spent")
  #expect(table.step(.frame(FrameHeader(.credit, argument: 100))) == .resumeAll)
  #expect(table.hasCredit(1) && table.hasCredit(2))
}

@Test(arguments: 0..<100 as Range<UInt64>)
func `Two tables never disagree on the credit between them`(seed: UInt64) {
  var random = Seeded(seed)
  let limits = small
  var server = exchanges([1, 2], limits)
  var client = ClientConnection()
  _ = client.receive(FrameHeader(.helloOK))
  client.greeted(
    callsMax: 8, streamsMax: 8, streamCredit: limits.streamCreditInitial,
    connectionCredit: limits.connectionCreditInitial)
  for _ in 0..<2 { _ = client.begin(.exchange) }
  var untaken: [UInt32: Int] = [1: 0, 2: 0]
  var unread: [UInt32: Int] = [1: 0, 2: 0]
  var sent = 0
  for _ in 0..<500 {
    let id = UInt32.random(in: 1...2, using: &random)
    let bytes = Int.random(in: 0...80, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0 where client.hasCredit(id) && bytes > 0:
      client.sent(id, bytes: bytes)
      #expect(server.step(.frame(data(bytes, id))) == .take(id), "seed \(seed)")
      untaken[id]! += bytes
      sent += bytes
    case 1 where untaken[id]! > 0:
      let some = Int.random(in: 1...untaken[id]!, using: &random)
      untaken[id]! -= some
      if case .credit(let call, let due) = server.step(.consumed(id, bytes: some)) {
        _ = client.receive(FrameHeader(.credit, call: call, argument: due))
      }
      if let due = server.connectionCreditDue() {
        _ = client.receive(FrameHeader(.credit, argument: due))
      }
    case 2 where server.hasCredit(id) && bytes > 0:
      _ = server.step(.sent(id, bytes: bytes))
      #expect(client.receive(data(bytes, id)) == .message(id), "seed \(seed)")
      unread[id]! += bytes
    case 3 where unread[id]! > 0:
      let some = unread[id]!
      unread[id] = 0
      if let due = client.consumed(id, bytes: some) {
        _ = server.step(.frame(FrameHeader(.credit, call: id, argument: due)))
      }
      if let due = client.connectionCreditDue() {
        _ = server.step(.frame(FrameHeader(.credit, argument: due)))
      }
    default: break
    }
    #expect(server.phase == .open, "seed \(seed)")
  }
  #expect(sent > limits.connectionCreditInitial, "seed \(seed): credit came back")
}

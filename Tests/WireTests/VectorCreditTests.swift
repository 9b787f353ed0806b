import Testing
import Wire

struct CreditRow: Decodable {
  struct Step: Decodable {
    var call: UInt32?
    /// A frame of the other side, and what it does.
    var comes: String?
    var does: String?
    /// Bytes of messages that were used.
    var consumed: Int?
    /// A message of so many bytes.
    var sends: Int?
    /// CREDIT that goes out after the step.
    var gives: String?
    var maySend: Bool?

    enum CodingKeys: String, CodingKey {
      case call, comes, does, consumed, sends, gives
      case maySend = "may_send"
    }
  }

  var name: String
  var side: String
  var streamCredit: Int
  var connectionCredit: Int
  var exchanges: [UInt32]
  var steps: [Step]

  enum CodingKeys: String, CodingKey {
    case name, side, exchanges, steps
    case streamCredit = "stream_credit"
    case connectionCredit = "connection_credit"
  }
}

/// One side of a connection, as the vectors of credit see it.
private protocol CreditSide {
  /// What a frame does, in a word of the vectors.
  mutating func take(_ header: FrameHeader) -> String
  mutating func consumed(_ call: UInt32, _ bytes: Int) -> UInt32?
  mutating func connectionCreditDue() -> UInt32?
  mutating func sends(_ call: UInt32, _ bytes: Int)
  func hasCredit(_ call: UInt32) -> Bool
}

extension ServerConnection: CreditSide {
  mutating func take(_ header: FrameHeader) -> String {
    switch step(.frame(header)) {
    case .none: "let_go"
    case .take, .takeLast: "message"
    case .resume, .resumeAll: "credit"
    case .fail(let status): "end \(status.rule)"
    case let other: "\(other)"
    }
  }

  mutating func consumed(_ call: UInt32, _ bytes: Int) -> UInt32? {
    if case .credit(_, let due) = step(.consumed(call, bytes: bytes)) { due } else { nil }
  }

  mutating func sends(_ call: UInt32, _ bytes: Int) { _ = step(.sent(call, bytes: bytes)) }
}

extension ClientConnection: CreditSide {
  mutating func take(_ header: FrameHeader) -> String {
    switch receive(header) {
    case .none: "let_go"
    case .message: "message"
    case .resume, .resumeAll: "credit"
    case .fail(let status): "end \(status.rule)"
    case let other: "\(other)"
    }
  }

  mutating func consumed(_ call: UInt32, _ bytes: Int) -> UInt32? {
    consumed(call, bytes: bytes)
  }

  mutating func sends(_ call: UInt32, _ bytes: Int) { sent(call, bytes: bytes) }
}

private func server(_ row: CreditRow) -> ServerConnection {
  var limits = Limits()
  (limits.streamCreditInitial, limits.connectionCreditInitial) = (
    row.streamCredit, row.connectionCredit
  )
  var table = ServerConnection(limits: limits)
  _ = table.step(.preface)
  _ = table.step(.frame(FrameHeader(.hello)))
  for id in row.exchanges {
    _ = table.step(.frame(FrameHeader(.call, payloadLength: 8, call: id)))
    _ = table.step(.opened(id, .exchange))
  }
  return table
}

private func client(_ row: CreditRow) -> ClientConnection {
  var table = ClientConnection()
  _ = table.receive(FrameHeader(.helloOK))
  table.greeted(
    callsMax: 8, streamCredit: row.streamCredit == 0 ? nil : row.streamCredit,
    connectionCredit: row.connectionCredit == 0 ? nil : row.connectionCredit)
  for id in row.exchanges { #expect(table.begin(.exchange) == .call(id)) }
  return table
}

private func replay(_ row: CreditRow, on side: some CreditSide) throws {
  var side = side
  for step in row.steps {
    let call = step.call ?? 1
    var given: [UInt8] = []
    if let comes = step.comes {
      guard case .frame(let header) = try FrameDecoder.cut(Hex.bytes(comes), limits: Limits())
      else {
        Issue.record("\(row.name): no whole frame")
        return
      }
      #expect(side.take(header) == step.does, "\(row.name)")
    } else if let bytes = step.consumed {
      if let due = side.consumed(call, bytes) {
        given += FrameHeader(.credit, call: call, argument: due).bytes
      }
    } else if let bytes = step.sends {
      #expect(side.hasCredit(call), "\(row.name)")
      side.sends(call, bytes)
    } else {
      #expect(side.hasCredit(call) == step.maySend, "\(row.name)")
    }
    if let due = side.connectionCreditDue() {
      given += FrameHeader(.credit, argument: due).bytes
    }
    if let gives = step.gives { #expect(Hex.text(given) == gives, "\(row.name)") }
  }
}

@Test func `Credit is counted as the vectors say, on either side`() throws {
  let rows = try Vectors<CreditRow>("credit").rows
  #expect(rows.count >= 15 && rows.allSatisfy { ["both", "server", "client"].contains($0.side) })
  for row in rows {
    if row.side != "client" { try replay(row, on: server(row)) }
    if row.side != "server" { try replay(row, on: client(row)) }
  }
}

struct TimeoutRow: Decodable {
  struct Look: Decodable {
    var atMs: Int64
    var received: UInt64
    var late: Bool

    enum CodingKeys: String, CodingKey {
      case received, late
      case atMs = "at_ms"
    }
  }

  var name: String
  var of: String
  var bytes: String?
  var timeoutMaxMs: UInt32?
  var asksMs: UInt32?
  var holdsMs: Int64?
  var looks: [Look]?

  enum CodingKeys: String, CodingKey {
    case name, of, bytes, looks
    case timeoutMaxMs = "timeout_max_ms"
    case asksMs = "asks_ms"
    case holdsMs = "holds_ms"
  }
}

@Test func `Times are what the vectors say`() throws {
  var limits = Limits()
  for row in try Vectors<TimeoutRow>("timeouts").rows {
    switch row.of {
    case "call":
      limits.timeoutMaxMs = try #require(row.timeoutMaxMs)
      let bytes = Hex.bytes(try #require(row.bytes))
      guard case .frame(let header) = try FrameDecoder.cut(bytes, limits: limits) else {
        Issue.record("\(row.name): no whole frame")
        continue
      }
      #expect(Int64(limits.timeoutMs(asked: header.argument)) == row.holdsMs, "\(row.name)")
    case "keepalive":
      #expect(limits.keepaliveMs(asked: try #require(row.asksMs)) == row.holdsMs, "\(row.name)")
    case "frame":
      let looks = try #require(row.looks)
      var pace = FramePace(atMs: looks[0].atMs, received: looks[0].received)
      for look in looks {
        let late = pace.look(atMs: look.atMs, received: look.received, limits: Limits())
        #expect((late != nil) == look.late, "\(row.name) at \(look.atMs) ms")
      }
    default: Issue.record("\(row.name): of \(row.of)")
    }
  }
}

import Testing
import Wire

/// A client's table, greeted, with call 1 (unary), 2 (a stream) and 3 (given up).
private func greeted(callsMax: Int = 10) -> ClientConnection {
  var table = ClientConnection()
  _ = table.receive(FrameHeader(.helloOK))
  table.greeted(callsMax: callsMax)
  _ = table.begin(.unary)
  _ = table.begin(.stream)
  _ = table.begin(.unary)
  precondition(table.cancel(3))
  return table
}

@Test func `Before the greeting only a greeting is taken`() {
  for type in FrameType.allCases {
    var table = ClientConnection()
    let action = table.receive(FrameHeader(type, call: type.isOfCall ? 1 : 0))
    switch type {
    case .helloOK: #expect(action == .greeted)
    case .helloNo: #expect(action == .refused)
    case .goAway: #expect(action == .goingAway)
    default:
      guard case .fail = action else {
        Issue.record("\(type.name) was taken")
        continue
      }
      #expect(table.phase == .closed)
    }
  }
}

@Test func `Every frame means to every call what its row says`() {
  typealias Action = ClientConnection.Action
  let rows: [(FrameType, unary: Action?, stream: Action?, abandoned: Action?, unknown: Action?)] = [
    (.result, .result(1), .misfit(2, cancel: false), Action.none, Action.none),
    (.data, .misfit(1, cancel: true), .message(2), Action.none, Action.none),
    (.status, .status(1), .status(2), Action.none, Action.none),
    (.credit, .resume(1), .resume(2), .resume(3), Action.none),
    (.call, nil, nil, nil, nil),
    (.cancel, nil, nil, nil, nil),
  ]
  for row in rows {
    for (id, expected) in [(1, row.unary), (2, row.stream), (3, row.abandoned), (4, row.unknown)] {
      var table = greeted()
      let action = table.receive(FrameHeader(row.0, call: UInt32(id)))
      if let expected {
        #expect(action == expected, "\(row.0.name) of call \(id)")
      } else if case .fail = action {
        #expect(table.phase == .closed)
      } else {
        Issue.record("\(row.0.name) of call \(id) was taken: \(action)")
      }
    }
  }
}

@Test func `A second greeting is refused, PING is answered, GOAWAY lets open calls end`() {
  for type in [FrameType.helloOK, .helloNo, .hello] {
    var table = greeted()
    guard case .fail = table.receive(FrameHeader(type)) else {
      Issue.record("\(type.name) was taken")
      continue
    }
  }
  var table = greeted()
  #expect(table.receive(FrameHeader(.ping, argument: 8)) == .pong(8))
  #expect(table.receive(FrameHeader(.pong, argument: 9)) == .ponged(9))
  #expect(table.receive(FrameHeader(.goAway)) == .goingAway)
  #expect(table.begin(.unary) == .leaving)
  #expect(table.receive(FrameHeader(.result, call: 1)) == .result(1))
}

@Test func `A server that began with more credit than a side may hold goes on with what it began`()
{
  let back = 128 << 20
  for (stream, connection) in [(back, 2 << 30), (1 << 20, 2 << 30), (back, 16 << 20)] {
    var table = ClientConnection()
    _ = table.receive(FrameHeader(.helloOK))
    table.greeted(callsMax: 10, streamCredit: stream, connectionCredit: connection)
    #expect(table.begin(.exchange) == .call(1))
    table.sent(1, bytes: 1 << 20)
    #expect(table.receive(FrameHeader(.credit, call: 1, argument: 1 << 20)) == .resume(1))
    #expect(table.receive(FrameHeader(.credit, argument: 1 << 20)) == .resumeAll)
  }
}

@Test func `No more calls are begun than the server takes`() {
  var table = ClientConnection()
  #expect(table.begin(.unary) == .full, "before the greeting")
  _ = table.receive(FrameHeader(.helloOK))
  table.greeted(callsMax: 2)
  #expect(table.begin(.unary) == .call(1))
  #expect(table.begin(.unary) == .call(2))
  #expect(table.begin(.unary) == .full)
  _ = table.receive(FrameHeader(.result, call: 1))
  #expect(table.begin(.unary) == .call(3), "ids count upward")
}

@Test func `A call that was given up keeps its id until the server has answered`() {
  var table = greeted(callsMax: 3)
  #expect(table.begin(.unary) == .full)
  #expect(table.cancel(3) == false, "one CANCEL is enough")
  #expect(table.receive(FrameHeader(.data, call: 3)) == .none)
  #expect(table.receive(FrameHeader(.status, call: 3)) == .none)
  #expect(table.begin(.unary) == .call(4))
}

@Test func `After the end nothing means anything`() {
  for type in FrameType.allCases {
    var table = greeted()
    table.closed()
    #expect(table.receive(FrameHeader(type, call: 1)) == .none)
    #expect(table.begin(.unary) == .leaving)
    #expect(table.cancel(1) == false)
  }
}

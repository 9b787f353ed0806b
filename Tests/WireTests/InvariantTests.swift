import Testing

@testable import Wire

/// Tables that no history of inputs leads to.
struct InvariantTests {
  /// Open, with calls 1 (a stream), 2 (unary) and 4 (an exchange).
  private static func server() -> ServerConnection {
    var table = ServerConnection(limits: Limits())
    _ = table.step(.preface)
    _ = table.step(.frame(FrameHeader(.hello)))
    for (id, kind) in [(1, .stream), (2, .unary), (4, .exchange)]
      as [(UInt32, ServerConnection.CallKind)]
    {
      let flags = kind == .exchange ? 0 : FrameHeader.end
      _ = table.step(.frame(FrameHeader(.call, payloadLength: 8, flags: flags, call: id)))
      _ = table.step(.opened(id, kind))
    }
    return table
  }

  @Test(arguments: ServerConnection.Invariant.allCases)
  func `A server's table that breaks an invariant says which one`(
    invariant: ServerConnection.Invariant
  ) {
    var table = Self.server()
    #expect(table.violations().isEmpty)
    switch invariant {
    case .slotsWithinMax: table.lingering = table.limits.callsMax - 2
    case .handlersReturnOnce: table.lingering = -1
    case .streamsAreCounted: table.streams += 1
    case .lastCallIsHighest: table.lastCall = 3
    case .drainsWhileOpen: (table.phase, table.calls, table.streams) = (.draining, [:], 0)
    case .onlyExchangesReceive: table.calls[2]?.isEnded = false
    case .callCreditIsConserved: table.calls[4]?.receiving.consumed(1)
    case .connectionCreditIsConserved: table.receiving.consumed(1)
    case .sendCreditWithinMax:
      table.calls[1]?.sending = SendCredit(table.limits.streamCreditMax + 1)
    }
    #expect(table.violations() == [invariant])
  }

  @Test(arguments: ClientConnection.Invariant.allCases)
  func `A client's table that breaks an invariant says which one`(
    invariant: ClientConnection.Invariant
  ) {
    var table = ClientConnection()
    _ = table.receive(FrameHeader(.helloOK))
    table.greeted(callsMax: 2)
    _ = table.begin(.unary)
    _ = table.begin(.exchange)
    #expect(table.violations().isEmpty)
    switch invariant {
    case .callsWithinMax: table.calls[3] = table.calls[1]
    case .streamsAreCounted: table.streams = 0
    case .callCreditIsConserved: table.calls[2]?.receiving.consumed(1)
    case .connectionCreditIsConserved: table.receiving.consumed(1)
    }
    #expect(table.violations() == [invariant])
  }

  @Test func `A table that breaks an invariant stops the process`() async {
    await #expect(processExitsWith: .failure) {
      var table = InvariantTests.server()
      _ = table.step(.returned)
    }
    await #expect(processExitsWith: .failure) {
      var table = ClientConnection()
      _ = table.receive(FrameHeader(.helloOK))
      table.greeted(callsMax: 2)
      table.streams = 1
      _ = table.begin(.unary)
    }
  }
}

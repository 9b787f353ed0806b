import NIOCore
import Testing
import Wire

@testable import Server

/// Streams whose callers take nothing, and whoever else is there.
@Suite(.serialized) struct UnreadStreamTests {
  @Test func `Questions are answered while streams keep every thread that they may have`()
    async throws
  {
    try await withServer { server, service in
      let first = try await RawClient.connect(server)
      let second = try await RawClient.connect(server)
      try await first.send(RawClient.call(.stuck, id: 1) + RawClient.call(.stuck, id: 2))
      try await second.send((1...8).flatMap { RawClient.call(.heavyStuck, id: $0) })
      try await eventually("not begun") { service.state.withLock { $0.stuck == 2 } }
      let other = try await connect(server)
      #expect(try await other.call(1, [1, 2]) == [2, 1])
      #expect(try await other.call(4, [7]) == [7])
      #expect(service.state.withLock { $0.stuck } == 2)
      service.release()
      for id: UInt32 in 1...8 {
        #expect(try await second.frame { $0.header.call == id }.status?.code == 0)
      }
      await other.close()
    }
  }

  @Test func `Questions over everybody leave a thread to other streams, of the same caller too`()
    async throws
  {
    try await withServer { server, service in
      let heavy = try await RawClient.connect(server)
      try await heavy.send((1...8).flatMap { RawClient.call(.heavyStuck, id: $0) })
      try await eventually("not begun") { service.state.withLock { $0.stuck == 1 } }
      for client in [heavy, try await RawClient.connect(server)] {
        try await client.send(RawClient.call(.count, [5], id: 21))
        #expect(
          try await client.frame { $0.header.call == 21 && $0.status != nil }.status?.code == 0)
      }
      #expect(service.state.withLock { $0.stuck } == 1)
      service.release()
      try await eventually("not ended") { service.state.withLock { $0.pagesClosed == 10 } }
      await heavy.close()
    }
  }

  @Test func `Of streams that nobody reads a message or two is computed ahead, and is let go`()
    async throws
  {
    var limits = Limits.patient
    limits.streamCreditInitial = 64 << 20
    limits.connectionCreditInitial = 512 << 20
    limits.messagesAheadMax = 1 << 20
    let connections = 20
    try await withServer(limits: limits) { server, service in
      let reader = try await connect(server)
      var clients: [RawClient] = []
      for _ in 0..<connections {
        let client = try await RawClient.connect(server)
        try await client.setReading(false)
        try await client.send((1...32).flatMap { RawClient.call(.endless, id: $0) })
        clients.append(client)
      }
      // Until the sockets' buffers are full and nothing is computed any more.
      var before = -1
      try await eventually("the server computes on") {
        try await Task.sleep(nanoseconds: 100_000_000)
        let now = service.state.withLock { $0.endlessBytes }
        defer { before = now }
        return now > 0 && now == before
      }
      let ahead = server.shared.ahead.used
      // Two of each connection may have been under way at once.
      #expect(ahead <= connections * 2 * (limits.messageBytesMax + 64))
      // And the kernel took no more than what it may, and what the peer's own kernel has room for.
      let taken = service.state.withLock { $0.endlessBytes } - ahead
      #expect(taken <= connections * (limits.unsentInKernelMax + 512 << 10), "\(taken)")
      #expect(try await reader.call(4, [7]) == [7])
      for client in clients { await client.close() }
      try await eventually("it is not let go") { server.shared.ahead.used == 0 }
      try await eventually("streams are open") {
        service.state.withLock { $0.pagesClosed == $0.pagesOpened }
      }
      await reader.close()
    }
  }

  @Test func `Messages are short at first, and stay so while too much is unsent`() async throws {
    var limits = Limits.patient
    limits.streamCreditInitial = 64 << 20
    limits.connectionCreditInitial = 64 << 20
    try await withServer(limits: limits) { server, service in
      func lengths(_ count: Int) async throws -> [Int] {
        let client = try await RawClient.connect(server)
        try await client.send(RawClient.call(.endless, id: 1))
        try await eventually("they do not come") {
          client.frames.count { $0.header.type == .data } >= count
        }
        await client.close()
        return client.frames.filter { $0.header.type == .data }.prefix(count).map(\.payload.count)
      }
      let (least, most) = (limits.messageBytesMin, limits.messageBytesMax)
      let growing = try await lengths(6)
      #expect(growing == [least, 2 * least, 4 * least, 8 * least, most, most])
      server.shared.ahead.take(limits.messagesAheadMax + 1)
      let short = try await lengths(4)
      #expect(short == [least, least, least, least])
      server.shared.ahead.take(-limits.messagesAheadMax - 1)
    }
  }

  @Test func `The end of a burst is noticed once`() {
    let burst = HighWaterMark(from: 100)
    #expect([10, 90, 20, 0].map(burst.note) == [false, false, false, false])
    #expect([50, 400, 300, 101].map(burst.note) == [false, false, false, false])
    #expect([100, 99, 0].map(burst.note) == [true, false, false])
    #expect([200, 49].map(burst.note) == [false, true])
  }
}

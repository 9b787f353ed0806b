import Server
import Testing
import UjuziClient
import Wire

@Test func `A stream gives every message in order, then ends`() async throws {
  try await withServer { server, service in
    let client = try await connect(server)
    var count = 0
    // More than the credit that a stream begins with.
    for try await message in client.stream(6, [0x0F, 0xA0]) {
      count += 1
      #expect(message == Array(repeating: UInt8(truncatingIfNeeded: count), count: 1000))
    }
    #expect(count == 4000)
    #expect(service.state.withLock { $0.pagesClosed } == 1)
    await client.close()
  }
}

@Test func `A stream that fails says so after its messages`() async throws {
  try await withServer { server, _ in
    let client = try await connect(server)
    var messages = 0
    let broken = await #expect(throws: CallStatus.self) {
      for try await _ in client.stream(9, []) { messages += 1 }
    }
    #expect(broken?.code == .dataLoss && messages == 1)
    let closed = await #expect(throws: CallStatus.self) {
      for try await _ in client.stream(8, []) {}
    }
    #expect(closed == CallStatus(.failedPrecondition, "Closed today.", field: "day", rule: "open"))
    await client.close()
  }
}

@Test func `A reader that gives no credit stops the server's pulling`() async throws {
  var limits = Limits.patient
  limits.streamCreditInitial = 10_000
  try await withServer(limits: limits) { server, service in
    let client = try await RawClient.connect(server)
    try await client.send(RawClient.call(.count, [0x10, 0], id: 1))
    try await eventually("nothing came") { client.frames.count == 11 }
    try await client.send(RawClient.call(.reverse, id: 2))
    _ = try await client.frame { $0.header.type == .result }
    #expect(service.state.withLock { $0.pulled } == 10)
    try await client.send(RawClient.frame(.credit, call: 1, argument: 5000))
    try await eventually("no more came") { client.frames.count == 17 }
    #expect(service.state.withLock { $0.pulled } == 15)
  }
}

@Test func `Streams that are read at once keep to the connection's credit together`() async throws {
  var limits = Limits.patient
  limits.connectionCreditInitial = 500
  try await withServer(limits: limits) { server, service in
    let client = try await RawClient.connect(server)
    // Two of them are asked for a message while there is credit.
    try await client.send((1...3).flatMap { RawClient.call(.count, [2], id: $0) })
    try await eventually("nothing was read") { service.state.withLock { $0.pulled > 0 } }
    func answered(_ argument: UInt32) async throws -> Int {
      try await client.send(RawClient.frame(.ping, argument: argument))
      _ = try await client.frame { $0.header.type == .pong && $0.header.argument == argument }
      return client.frames.count { $0.header.type == .data }
    }
    #expect(try await answered(1) == 1)
    #expect(service.state.withLock { $0.pulled } <= 2)
    // 500 bytes are owed: there is credit for two messages.
    try await client.send(RawClient.frame(.credit, argument: 1_600))
    try await eventually("no more came") { try await answered(2) >= 3 }
    #expect(try await answered(3) == 3)
    try await client.send(RawClient.frame(.credit, argument: 10_000))
    try await eventually("they do not end") {
      client.frames.count { $0.header.type == .status } == 3
    }
    #expect(client.frames.count { $0.header.type == .data } == 6)
    await client.close()
  }
}

@Test func `A reader that does not read stops the server's pulling, and others go on`()
  async throws
{
  var limits = Limits.patient
  limits.streamCreditInitial = 64 << 20
  limits.connectionCreditInitial = 64 << 20
  limits.writeBufferHigh = 64 << 10
  try await withServer(limits: limits) { server, service in
    let client = try await RawClient.connect(server)
    try await client.setReading(false)
    try await client.send(RawClient.call(.count, [0x4E, 0x20], id: 1))
    var before = -1
    try await eventually("the server pulls on") {
      let now = service.state.withLock { $0.pulled }
      defer { before = now }
      return now > 0 && now == before
    }
    #expect(service.state.withLock { $0.pulled } < 20_000)
    let other = try await connect(server)
    #expect(try await other.call(1, [1, 2]) == [2, 1])
    await other.close()
    try await client.setReading(true)
    _ = try await client.frame { $0.header.type == .status }
    #expect(service.state.withLock { $0.pulled } == 20_000)
  }
}

@Test func `Who asks and does not read its answers is not answered without end, and is cut off`()
  async throws
{
  var limits = Limits.patient
  limits.writeBufferHigh = 64 << 10
  limits.stalledTimeoutMs = 200
  try await withServer(limits: limits) { server, _ in
    let client = try await RawClient.connect(server)
    try await client.setReading(false)
    // Each asks for 64 KiB.
    try await client.send((1...2000).flatMap { RawClient.call(.grow, [1, 0, 0], id: $0) })
    try await eventually("not cut off") { server.connections == 0 }
    await client.close()
  }
}

@Test func `Answers held back for a slow reader all come when it reads`() async throws {
  var limits = Limits.patient
  limits.writeBufferHigh = 64 << 10
  try await withServer(limits: limits) { server, _ in
    let client = try await RawClient.connect(server)
    try await client.setReading(false)
    try await client.send((1...500).flatMap { RawClient.call(.grow, [1, 0, 0], id: $0) })
    try await Task.sleep(nanoseconds: 50_000_000)
    try await client.setReading(true)
    try await eventually("not all came") { client.frames.count == 501 }
    #expect(client.frames.dropFirst().map(\.header.call) == Array(1...500))
    await client.close()
  }
}

@Test func `A follower gets what is published, and leaving ends the stream on the server`()
  async throws
{
  try await withServer { server, service in
    let client = try await connect(server)
    let reader = Task {
      var seen: [[UInt8]] = []
      for try await message in client.stream(7, []) {
        seen.append(message)
        if seen.count == 3 { break }
      }
      return seen
    }
    for number: UInt8 in 1...3 {
      try await Task.sleep(nanoseconds: 5_000_000)
      service.publish([number])
    }
    #expect(try await reader.value == [[1], [2], [3]])
    try await eventually("the stream is still open") {
      service.state.withLock { $0.pagesClosed == 1 }
    }
    #expect(try await client.call(1, [1, 2]) == [2, 1])
    await client.close()
  }
}

@Test func `An idle stream is cancelled and runs out of time without another message`()
  async throws
{
  try await withServer { server, service in
    let client = try await RawClient.connect(server)
    try await client.send(
      RawClient.call(.follow, id: 1) + RawClient.call(.follow, id: 2, timeoutMs: 30))
    try await eventually("not followed") { service.state.withLock { !$0.followers.isEmpty } }
    try await client.send(RawClient.frame(.cancel, call: 1))
    let cancelled = try await client.frame { $0.header.call == 1 }.status
    #expect(cancelled?.code == StatusCode.cancelled.rawValue)
    let late = try await client.frame { $0.header.call == 2 }.status
    #expect(late?.code == StatusCode.deadlineExceeded.rawValue)
    try await eventually("pages open") { service.state.withLock { $0.pagesClosed == 2 } }
  }
}

@Test func `A client that vanishes leaves nothing open`() async throws {
  try await withServer { server, service in
    let client = try await RawClient.connect(server)
    try await client.send(RawClient.call(.follow, id: 1) + RawClient.call(.held, id: 2))
    try await eventually("not begun") {
      service.state.withLock { !$0.followers.isEmpty && !$0.held.isEmpty }
    }
    await client.close()
    try await eventually("still there") { server.connections == 0 }
    try await eventually("pages open") { service.state.withLock { $0.pagesClosed == 1 } }
    #expect(service.state.withLock { $0.held[0].context.cancelled.isCancelled })
    service.release()
    service.publish([1])
    let other = try await connect(server)
    #expect(try await other.call(1, [1, 2]) == [2, 1])
    await other.close()
  }
}

@Test func `A drain lets what was begun end, begins no more, and closes`() async throws {
  try await withServer { server, service in
    let client = try await connect(server)
    let begun = Task { try await client.call(5, []) }
    try await eventually("not begun") { service.state.withLock { $0.held.count == 1 } }
    let raw = try await RawClient.connect(server)
    try await raw.send(RawClient.call(.held, id: 6))
    try await eventually("not begun") { service.state.withLock { $0.held.count == 2 } }
    async let drained: Void = server.drain(grace: .seconds(5))
    let first = try await raw.frame { $0.header.type == .goAway }.goAway
    #expect(first?.lastCall == Protocol.everyCall)
    try await raw.send(RawClient.call(.reverse, [1, 2], id: 7) + RawClient.frame(.pong))
    #expect(try await raw.frame { $0.header.call == 7 }.payload == [2, 1])
    let second = try await raw.frame { $0.goAway?.lastCall == 7 && $0.header.type == .goAway }
    #expect(second.goAway?.code == StatusCode.unavailable.rawValue)
    try await raw.send(RawClient.call(.reverse, id: 8))
    let refused = try await raw.frame { $0.header.call == 8 }.status
    #expect(refused?.notProcessed == true)
    // Until it has read the first GOAWAY it may begin calls.
    try await eventually("the client was not told") { !client.isOpen }
    let late = await #expect(throws: CallStatus.self) { _ = try await client.call(1, []) }
    #expect(late?.code == .unavailable && late?.notProcessed == true)
    service.release([42])
    #expect(try await begun.value == [42])
    await drained
    #expect(server.connections == 0)
    try await eventually("not closed") { raw.isClosed }
  }
}

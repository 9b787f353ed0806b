import Messages
import NIOPosix
import Server
import Testing
import UjuziClient
import Wire

@Test func `A unary call is answered on the loop, and a deferred one from another thread`()
  async throws
{
  try await withServer { server, _ in
    let client = try await connect(server)
    #expect(client.greeting.callsMax == 256)
    #expect(try await client.call(1, [1, 2, 3]) == [3, 2, 1])
    #expect(try await client.call(1, []) == [])
    #expect(try await client.call(4, [9]) == [9])
    try await client.ping()
    await client.close()
  }
}

@Test func `Many calls at once are each given their own answer`() async throws {
  try await withServer { server, _ in
    let client = try await connect(server)
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for number in 0..<2000 {
        group.addTask {
          let request = [UInt8(number & 255), UInt8(number >> 8)]
          let method: UInt32 = number.isMultiple(of: 3) ? 4 : 1
          let answer = try await client.call(method, request)
          return answer == (method == 4 ? request : request.reversed())
        }
      }
      for try await right in group { #expect(right) }
    }
    await client.close()
  }
}

@Test func `All frames of a read are answered from one batch`() async throws {
  try await withServer { server, service in
    let client = try await RawClient.connect(server)
    try await client.send((1...50).flatMap { RawClient.call(.reverse, [UInt8($0)], id: $0) })
    try await eventually("not all were answered") { client.frames.count == 51 }
    #expect(service.state.withLock { $0.batches } < 50)
    #expect(client.frames.dropFirst().map(\.header.call) == Array(1...50))
  }
}

@Test func `A status arrives with its code, sentence and details`() async throws {
  try await withServer { server, _ in
    let client = try await connect(server)
    let status = await #expect(throws: CallStatus.self) { _ = try await client.call(3, [0, 0]) }
    #expect(
      status
        == CallStatus(
          .notFound, "No such thing: “2” — über ✓.", field: "items[3].id", rule: "known"))
    let unknown = await #expect(throws: CallStatus.self) { _ = try await client.call(4711, []) }
    #expect(unknown?.code == .unimplemented && unknown?.notProcessed == true)
    await client.close()
  }
}

@Test func `Where no batch can begin, the call is refused with the reason's own status`()
  async throws
{
  try await withServer { server, service in
    let damaged = CallStatus(.dataLoss, "The row \"position\" is damaged.", rule: "views_ahead")
    service.state.withLock { $0.batchFailure = damaged }
    let client = try await connect(server)
    let status = await #expect(throws: CallStatus.self) { _ = try await client.call(1, [1]) }
    #expect(status == damaged)
    service.state.withLock { $0.batchFailure = nil }
    #expect(try await client.call(1, [1, 2]) == [2, 1], "the next read begins another")
    await client.close()
  }
}

@Test func `A message over the limit is refused on either way, and the connection goes on`()
  async throws
{
  try await withServer { server, _ in
    let client = try await connect(server)
    let tooLong = [UInt8](repeating: 0, count: 4 << 20)
    let request = await #expect(throws: CallStatus.self) { _ = try await client.call(1, tooLong) }
    #expect(request?.code == .resourceExhausted)
    let answer = await #expect(throws: CallStatus.self) {
      _ = try await client.call(2, [0x40, 0, 1])
    }
    #expect(answer?.rule == "frame_length_max")
    #expect(try await client.call(2, [0x40, 0, 0]).count == 4 << 20, "the longest there is")
    #expect(try await client.call(4, Array(tooLong.dropLast(8))).count == (4 << 20) - 8)
    await client.close()
  }
}

@Test func `A call whose time runs out is answered so, and keeps its slot till it returns`()
  async throws
{
  var limits = Limits.patient
  limits.callsMax = 1
  try await withServer(limits: limits) { server, service in
    let client = try await RawClient.connect(server)
    try await client.send(RawClient.call(.held, id: 1, timeoutMs: 20))
    let status = try await client.frame { $0.header.type == .status }.status
    #expect(status?.code == StatusCode.deadlineExceeded.rawValue)
    #expect(service.state.withLock { $0.held[0].context.cancelled.isCancelled })
    try await client.send(RawClient.call(.held, id: 2))
    let full = try await client.frame { $0.header.call == 2 }.status
    #expect(full?.code == StatusCode.resourceExhausted.rawValue && full?.notProcessed == true)
    service.release()
    try await eventually("the slot is not free") {
      try await client.send(RawClient.call(.reverse, id: 3))
      return client.frames.contains { $0.header.type == .result }
    }
    #expect(!client.frames.contains { $0.header.type == .result && $0.header.call == 1 })
  }
}

@Test func `A cancelled task cancels its call on the server`() async throws {
  try await withServer { server, service in
    let client = try await connect(server)
    let task = Task { try await client.call(5, []) }
    try await eventually("not begun") { service.state.withLock { $0.held.count == 1 } }
    task.cancel()
    await #expect(throws: CancellationError.self) { _ = try await task.value }
    try await eventually("not cancelled") {
      service.state.withLock { $0.held[0].context.cancelled.isCancelled }
    }
    let early = Task {
      unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
      return try await client.call(5, [])
    }
    await #expect(throws: CancellationError.self) { _ = try await early.value }
    #expect(try await client.call(1, [1, 2]) == [2, 1])
    #expect(service.state.withLock { $0.held.count } == 1, "a call given up is not sent")
    await client.close()
  }
}

@Test func `A client whose server goes away is told`() async throws {
  try await withServer { server, service in
    let client = try await connect(server)
    let task = Task { try await client.call(5, []) }
    try await eventually("not begun") { service.state.withLock { $0.held.count == 1 } }
    await client.close()
    await #expect(throws: ConnectionFailure.self) { _ = try await task.value }
    let after = await #expect(throws: CallStatus.self) { _ = try await client.call(1, []) }
    #expect(after?.notProcessed == true)
    try await eventually("the call is not abandoned") {
      service.state.withLock { $0.held[0].context.cancelled.isCancelled }
    }
  }
}

@Test func `Nobody listening is said in a sentence`() async throws {
  let failure = await #expect(throws: ConnectionFailure.self) {
    // A port that a test has given back may be another test's server by now; this one is nobody's.
    _ = try await Connection.connect(
      host: "127.0.0.1", port: 1, group: MultiThreadedEventLoopGroup.singleton)
  }
  #expect(failure?.sentence.contains("ujuzi serve") == true)
}

import Messages
import Server
import Testing
import UjuziClient
import Wire

/// gRPC's interoperability cases, over a socket. Where another file has one already:
/// client_streaming, ping_pong, empty_stream, cancel_after_begin and cancel_after_first_response
/// in ExchangeTests; custom_metadata in SessionTests; a stream's status in StreamTests. Those of
/// compression, of HTTP and of tokens have no counterpart: there is none of them on this wire.
@Suite struct InteropTests {
  /// empty_unary
  @Test func `Nothing is asked and nothing is answered, on the loop and off it`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      for method: ToyService.Toy in [.reverse, .later] {
        #expect(try await client.call(method.rawValue, []) == [])
      }
      await client.close()
    }
  }

  /// large_unary
  @Test func `A large question has a larger answer`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      var question = [UInt8](repeating: 0, count: 271_828)
      question.replaceSubrange(question.count - 3..<question.count, with: [0x04, 0xCB, 0x2F])
      let answer = try await client.call(ToyService.Toy.grow.rawValue, question)
      #expect(answer.count == 314_159 && answer.allSatisfy { $0 == 7 })
      await client.close()
    }
  }

  /// server_streaming
  @Test func `A stream's messages have the sizes that were asked for`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      let sizes = [31_415, 9, 2_653, 58_979]
      let request = sizes.flatMap { size in (0..<4).map { UInt8(size >> (24 - $0 * 8) & 0xFF) } }
      var seen: [Int] = []
      for try await message in client.stream(ToyService.Toy.sizes.rawValue, request) {
        seen.append(message.count)
      }
      #expect(seen == sizes)
      await client.close()
    }
  }

  /// slow_consumer
  @Test func `A stream waits for who reads it slowly, and loses nothing`() async throws {
    var limits = Limits.patient
    limits.streamCreditInitial = 10_000
    // A PING for each of a hundred messages, which may all be within a second.
    limits.idleFramesMax = 1_000
    try await withServer(limits: limits) { server, service in
      let client = try await connect(server)
      var read = 0
      for try await message in client.stream(ToyService.Toy.count.rawValue, [100]) {
        read += 1
        #expect(message == Array(repeating: UInt8(read), count: 1_000))
        // An answer comes only after the loop has seen to what was read.
        try await client.ping()
        let ahead = service.state.withLock { $0.pulled } - read
        #expect(ahead <= 11, "what is sent ahead is bounded by the credit")
      }
      #expect(read == 100)
      await client.close()
    }
  }

  /// status_code_and_message, special_status_message
  @Test(arguments: [
    "test status message", "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
    "\u{1} \u{7F} \u{FEFF} e\u{301} \u{10FFFF}", "",
  ])
  func `A status message arrives as it was written`(message: String) async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      let status = await #expect(throws: CallStatus.self) {
        _ = try await client.call(ToyService.Toy.sentence.rawValue, Array(message.utf8))
      }
      #expect(status?.code == .unknown)
      #expect(status.map { Array($0.message.utf8) } == Array(message.utf8))
      await client.close()
    }
  }

  /// unimplemented_method; unimplemented_service is the same where methods are numbers.
  @Test func `A method that is not there is not begun, in any shape`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      for method: UInt32 in [0, 4_711, .max] {
        let unary = await #expect(throws: CallStatus.self) { _ = try await client.call(method, []) }
        let stream = await #expect(throws: CallStatus.self) {
          for try await _ in client.stream(method, []) {}
        }
        let exchange = await #expect(throws: CallStatus.self) {
          for try await _ in client.exchange(method).replies {}
        }
        for status in [unary, stream, exchange] {
          #expect(status?.code == .unimplemented && status?.notProcessed == true)
        }
      }
      #expect(try await client.call(1, [1, 2]) == [2, 1])
      await client.close()
    }
  }

  /// timeout_on_sleeping_server
  @Test func `A call, a stream and an exchange that nobody answers run out of time`() async throws {
    try await withServer { server, service in
      let client = try await connect(server)
      let soon = CallOptions(timeoutMs: 30)
      let unary = await #expect(throws: CallStatus.self) {
        _ = try await client.call(ToyService.Toy.held.rawValue, [], soon)
      }
      let stream = await #expect(throws: CallStatus.self) {
        for try await _ in client.stream(ToyService.Toy.follow.rawValue, [], soon) {}
      }
      let exchange = client.exchange(ToyService.Toy.hoard.rawValue, soon)
      try? await exchange.send(Array(repeating: 0, count: 27_182))
      let both = await #expect(throws: CallStatus.self) {
        for try await _ in exchange.replies {}
      }
      for status in [unary, stream, both] { #expect(status?.code == .deadlineExceeded) }
      try await eventually("pages open") { service.state.withLock { $0.pagesClosed == 2 } }
      await client.close()
    }
  }

  /// rpc_soak, concurrent_large_unary
  @Test func `A hundred large calls at once are each given their own answer`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number: UInt8 in 0..<100 {
          group.addTask {
            let request = Array(repeating: number, count: 300_000)
            return try await client.call(ToyService.Toy.later.rawValue, request) == request
          }
        }
        for try await right in group { #expect(right) }
      }
      await client.close()
    }
  }

  /// max_concurrent_streams_connection, as the client keeps to it
  @Test func `Streams over the limit wait in the client for their turn`() async throws {
    var limits = Limits.patient
    limits.streamsMax = 2
    try await withServer(limits: limits) { server, service in
      let client = try await connect(server)
      let open = (0..<2).map { _ in client.exchange(ToyService.Toy.echo.rawValue) }
      for exchange in open { try await exchange.send([1]) }
      try await eventually("not begun") { service.state.withLock { $0.pagesOpened == 2 } }
      let third = Task {
        var messages = 0
        for try await _ in client.stream(ToyService.Toy.count.rawValue, [3]) { messages += 1 }
        return messages
      }
      try await client.ping()
      #expect(service.state.withLock { $0.pagesOpened } == 2)
      try await open[0].finish()
      #expect(try await third.value == 3)
      try await open[1].finish()
      await client.close()
    }
  }

  /// max_concurrent_streams_connection, as the server keeps to it
  @Test func `A stream over the limit is not begun, and the connection goes on`() async throws {
    var limits = Limits.patient
    limits.streamsMax = 2
    try await withServer(limits: limits) { server, service in
      let raw = try await RawClient.connect(server)
      try await raw.send(
        RawClient.call(.follow, id: 1) + RawClient.exchange(.echo, id: 2)
          + RawClient.call(.follow, id: 3) + RawClient.exchange(.echo, id: 4))
      for id: UInt32 in [3, 4] {
        let status = try await raw.frame { $0.header.type == .status && $0.header.call == id }
          .status
        #expect(status?.code == StatusCode.resourceExhausted.rawValue)
        #expect(status?.detail?.rule == "streams_max" && status?.notProcessed == true)
      }
      #expect(service.state.withLock { $0.pagesOpened } == 2)
      try await raw.send(RawClient.call(.reverse, [1, 2], id: 5))
      #expect(try await raw.frame { $0.header.call == 5 }.payload == [2, 1])
      await raw.close()
    }
  }
}

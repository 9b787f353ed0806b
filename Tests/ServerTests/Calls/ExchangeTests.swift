import Messages
import NIOCore
import NIOPosix
import Server
import Testing
import UjuziClient
import Wire

private func value(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

/// Requests and answers side by side, and what about them gRPC's interoperability tests ask.
@Suite struct ExchangeTests {
  @Test func `What is sent in an exchange is answered with one message and OK`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      let exchange = client.exchange(ToyService.Toy.sum.rawValue)
      for size in [27_182, 8, 1_828, 45_904] {
        try await exchange.send(Array(repeating: 1, count: size))
      }
      try await exchange.finish()
      var answers: [[UInt8]] = []
      for try await answer in exchange.replies { answers.append(answer) }
      #expect(answers.map(value) == [74_922])
      await client.close()
    }
  }

  @Test func `Each message is answered before the next is sent`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      let exchange = client.exchange(ToyService.Toy.echo.rawValue)
      var replies = exchange.replies.makeAsyncIterator()
      for size in [31_415, 9, 0, 2_653, 58_979] {
        try await exchange.send(Array(repeating: 9, count: size))
        #expect(try await replies.next()?.count == size)
      }
      try await exchange.finish()
      #expect(try await replies.next() == nil)
      await client.close()
    }
  }

  @Test func `An exchange without a message ends well`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      let exchange = client.exchange(ToyService.Toy.echo.rawValue)
      try await exchange.finish()
      for try await _ in exchange.replies { Issue.record("an answer to nothing") }
      await client.close()
    }
  }

  @Test func `Far more is exchanged than there is credit at once`() async throws {
    var limits = Limits.patient
    limits.streamCreditInitial = 10_000
    limits.connectionCreditInitial = 15_000
    try await withServer(limits: limits) { server, _ in
      let client = try await connect(server)
      try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 0..<3 {
          group.addTask {
            let exchange = client.exchange(ToyService.Toy.echo.rawValue)
            async let sending: Void = {
              for _ in 0..<200 {
                try await exchange.send(Array(repeating: UInt8(number), count: 1_000))
              }
              try await exchange.finish()
            }()
            var bytes = 0
            for try await message in exchange.replies {
              #expect(message.allSatisfy { $0 == UInt8(number) })
              bytes += message.count
            }
            try await sending
            return bytes
          }
        }
        for try await bytes in group { #expect(bytes == 200_000) }
      }
      await client.close()
    }
  }

  @Test func `A sender whose answers are not read is held back`() async throws {
    var limits = Limits.patient
    limits.streamCreditInitial = 10_000
    try await withServer(limits: limits) { server, _ in
      let raw = try await RawClient.connect(server)
      try await raw.send(RawClient.exchange(.echo, id: 1))
      try await raw.send(
        (0..<10).flatMap { _ in RawClient.frame(.data, Array(repeating: 5, count: 1_000), call: 1) }
      )
      // The answers take the server's credit, and no more is taken of what it was sent.
      try await eventually("not all that credit allows came") {
        raw.frames.count { $0.header.type == .data } == 10
      }
      let given = raw.frames.filter { $0.header.type == .credit && $0.header.call == 1 }
      #expect(given.reduce(0) { $0 + Int($1.header.argument) } <= 10_000)
      await raw.close()
    }
  }

  @Test func `An exchange is cancelled after it began, and after its first answer`() async throws {
    try await withServer { server, service in
      let client = try await connect(server)
      let fresh = client.exchange(ToyService.Toy.echo.rawValue)
      fresh.cancel()
      await #expect(throws: CancellationError.self) {
        for try await _ in fresh.replies {}
      }
      let begun = client.exchange(ToyService.Toy.echo.rawValue)
      try await begun.send([1])
      var replies = begun.replies.makeAsyncIterator()
      #expect(try await replies.next() == [1])
      begun.cancel()
      await #expect(throws: CancellationError.self) { _ = try await replies.next() }
      await #expect(throws: CancellationError.self) { try await begun.send([2]) }
      try await eventually("not closed") { service.state.withLock { $0.pagesClosed } >= 1 }
      #expect(try await client.call(1, [1, 2]) == [2, 1])
      await client.close()
    }
  }

  @Test func `A task that is cancelled while it waits for credit ends its exchange`() async throws {
    var limits = Limits.patient
    limits.streamCreditInitial = 1_000
    try await withServer(limits: limits) { server, _ in
      let client = try await connect(server)
      let exchange = client.exchange(ToyService.Toy.echo.rawValue)
      let sending = Task {
        while true { try await exchange.send(Array(repeating: 1, count: 800)) }
      }
      var replies = exchange.replies.makeAsyncIterator()
      _ = try await replies.next()
      sending.cancel()
      await #expect(throws: CancellationError.self) { try await sending.value }
      await client.close()
    }
  }

  @Test func `A CALL whose END does not fit its method is not begun`() async throws {
    try await withServer { server, _ in
      let raw = try await RawClient.connect(server)
      try await raw.send(RawClient.call(.echo, id: 1) + RawClient.exchange(.reverse, id: 2))
      for id: UInt32 in [1, 2] {
        let status = try await raw.frame { $0.header.type == .status && $0.header.call == id }
          .status
        #expect(status?.code == StatusCode.unimplemented.rawValue)
        #expect(status?.detail?.rule == "call_end" && status?.notProcessed == true)
      }
      try await raw.send(RawClient.exchange(.echo, [1], id: 3))
      let status = try await raw.frame { $0.header.type == .status && $0.header.call == 3 }.status
      #expect(status?.detail?.rule == "call_message")
      await raw.close()
    }
  }

  @Test(arguments: [("stream_credit", 1), ("connection_credit", 3)])
  func `Who sends beyond the credit is cut off with the reason`(
    rule: String, exchanges: UInt32
  ) async throws {
    var limits = Limits.patient
    limits.streamCreditInitial = 1_000
    limits.connectionCreditInitial = 1_500
    try await withServer(limits: limits) { server, _ in
      let raw = try await RawClient.connect(server)
      // Answers are not read beyond the client's credit, so that nothing is given back.
      var bytes: [UInt8] = []
      for id in 1...exchanges { bytes += RawClient.exchange(.hoard, id: id) }
      for round in 0..<4 {
        for id in 1...exchanges where round < 1 || exchanges == 1 || id == 3 {
          bytes += RawClient.frame(.data, Array(repeating: 1, count: 900), call: id)
        }
      }
      try await raw.send(bytes)
      let goAway = try await raw.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.message.contains("credit") == true, "\(goAway?.message ?? "")")
      try await eventually("not closed") { raw.isClosed }
    }
  }

  @Test func `What all callers together leave untaken is bounded`() async throws {
    var limits = Limits.patient
    limits.uploadBytesMax = 50_000
    try await withServer(limits: limits) { server, service in
      let raw = try await RawClient.connect(server)
      try await raw.setReading(false)
      try await raw.send(RawClient.exchange(.hoard, id: 1))
      try await raw.send(RawClient.frame(.data, Array(repeating: 1, count: 60_000), call: 1))
      try await raw.setReading(true)
      let status = try await raw.frame { $0.header.type == .status }.status
      #expect(status?.detail?.rule == "upload_bytes_max")
      #expect(status?.code == StatusCode.resourceExhausted.rawValue)
      // What was given back is there for others.
      let client = try await connect(server)
      let exchange = client.exchange(ToyService.Toy.echo.rawValue)
      try await exchange.send(Array(repeating: 1, count: 40_000))
      try await exchange.finish()
      var answered = 0
      for try await message in exchange.replies { answered += message.count }
      #expect(answered == 40_000)
      await client.close()
      await raw.close()
    }
  }
}

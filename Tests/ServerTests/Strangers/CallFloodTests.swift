import Messages
import Testing
import Wire

@testable import Server

/// Calls that are begun in numbers, and given up: none of it adds up.
@Suite(.serialized) struct CallFloodTests {
  @Test func `Calls that are cancelled as fast as they are made do not add up`() async throws {
    var limits = Limits.patient
    limits.callsMax = 8
    (limits.cancelsMax, limits.cancelsPerSecond) = (200, 20)
    try await withServer(limits: limits) { server, service in
      let offender = try await RawClient.connect(server)
      try await offender.send((1...8).flatMap { RawClient.call(.held, id: $0) })
      try await eventually("not begun") { service.state.withLock { $0.held.count } == 8 }
      // A call that was cancelled keeps its slot while its work goes on.
      try await offender.send(
        (1...8).flatMap { RawClient.frame(.cancel, call: $0) }
          + (9...100).flatMap {
            RawClient.call(.held, id: $0) + RawClient.frame(.cancel, call: $0)
          })
      let last = try await offender.frame { $0.header.call == 100 }.status
      #expect(last?.detail?.rule == "calls_max" && last?.notProcessed == true)
      #expect(service.state.withLock { $0.held.count } == 8)
      let bystander = try await connect(server)
      #expect(try await bystander.call(4, [1]) == [1])
      try await offender.send(
        (101...5_000).flatMap {
          RawClient.call(.held, id: $0) + RawClient.frame(.cancel, call: $0)
        })
      let goAway = try await offender.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.message.contains("200 CANCELs") == true)
      #expect(service.state.withLock { $0.held.count } == 8)
      try await eventually("not closed") { offender.isClosed }
      #expect(try await bystander.call(4, [2]) == [2])
      await bystander.close()
    }
  }

  @Test func `What is begun and cancelled in one breath is not begun`() async throws {
    var limits = Limits.patient
    limits.callsMax = 8
    try await withServer(limits: limits) { server, service in
      let offender = try await RawClient.connect(server)
      let methods: [ToyService.Toy] = [.held, .follow]
      try await offender.send(
        (1...200).flatMap {
          RawClient.call(methods[Int($0) % 2], id: $0) + RawClient.frame(.cancel, call: $0)
        })
      for id: UInt32 in 1...200 {
        let status = try await offender.frame { $0.header.call == id }.status
        #expect(status?.code == StatusCode.cancelled.rawValue, "\(id)")
      }
      // A read may end between the two.
      let (begun, opened) = service.state.withLock { ($0.held.count, $0.pagesOpened) }
      #expect(begun + opened < 5)
      try await offender.send(RawClient.call(.reverse, [1, 2], id: 501))
      #expect(try await offender.frame { $0.header.call == 501 }.payload == [2, 1])
      await offender.close()
    }
  }

  @Test func `Of one connection's calls so many run at once, and all are answered`() async throws {
    var limits = Limits.patient
    limits.runningMax = 3
    try await withServer(limits: limits) { server, service in
      let client = try await RawClient.connect(server)
      try await client.send((1...10).flatMap { RawClient.call(.held, id: $0) })
      for answered in stride(from: 0, to: 10, by: 3) {
        let count = min(3, 10 - answered)
        try await eventually("not begun") { service.state.withLock { $0.held.count } == count }
        let held = service.state.withLock { state in
          defer { state.held = [] }
          return state.held
        }
        for call in held { call.complete(.success(Reply([UInt8(answered)]))) }
      }
      for id: UInt32 in 1...10 {
        #expect(try await client.frame { $0.header.call == id }.payload == [UInt8(id - 1) / 3 * 3])
      }
      await client.close()
    }
  }

  @Test func `A call that waits for others ends when it is cancelled or out of time`()
    async throws
  {
    var limits = Limits.patient
    limits.runningMax = 1
    limits.callsMax = 3
    try await withServer(limits: limits) { server, service in
      let client = try await RawClient.connect(server)
      try await client.send(
        RawClient.call(.held, id: 1) + RawClient.call(.held, id: 2)
          + RawClient.call(.held, id: 3, timeoutMs: 50))
      try await eventually("not begun") { service.state.withLock { $0.held.count } == 1 }
      let late = try await client.frame { $0.header.call == 3 }.status
      #expect(late?.code == StatusCode.deadlineExceeded.rawValue)
      try await client.send(RawClient.frame(.cancel, call: 2))
      let cancelled = try await client.frame { $0.header.call == 2 }.status
      #expect(cancelled?.code == StatusCode.cancelled.rawValue)
      // Their slots are free.
      try await client.send(RawClient.call(.later, [4], id: 4) + RawClient.call(.later, [5], id: 5))
      service.release()
      for id: UInt32 in 4...5 {
        #expect(try await client.frame { $0.header.call == id }.payload == [UInt8(id)])
      }
      await client.close()
    }
  }

  private struct Weak: @unchecked Sendable { weak var call: OpenCall? }

  @Test func `Of calls that were never begun nothing is left, however they end`() async throws {
    var limits = Limits.patient
    limits.runningMax = 1
    try await withServer(limits: limits) { server, service in
      let client = try await RawClient.connect(server)
      try await client.send((1...20).flatMap { RawClient.call(.held, [1], id: $0) })
      try await eventually("not begun") { service.state.withLock { $0.held.count } == 1 }
      let connected = try #require(server.shared.open.first)
      func waiting() async throws -> [Weak] {
        try await connected.channel.eventLoop.submit {
          connected.handler.value.unasked.map { Weak(call: $0) }
        }.get()
      }
      let calls = try await waiting()
      #expect(calls.count == 19)
      try await client.send((2...10).flatMap { RawClient.frame(.cancel, call: $0) })
      _ = try await client.frame { $0.header.call == 10 }
      #expect(try await waiting().count == 10)
      await client.close()
      try await eventually("calls are kept") { calls.allSatisfy { $0.call == nil } }
    }
  }

  @Test func `Streams that are cancelled as soon as they are open are all closed`() async throws {
    try await withServer { server, service in
      let offender = try await RawClient.connect(server)
      for round in 0..<10 as Range<UInt32> {
        let ids = (1 + round * 30)...(30 + round * 30)
        try await offender.send(ids.flatMap { RawClient.call(.follow, id: $0) })
        try await eventually("not opened") {
          service.state.withLock { $0.pagesOpened == Int(ids.upperBound) }
        }
        try await offender.send(ids.flatMap { RawClient.frame(.cancel, call: $0) })
        // A slot is free once the loop has heard that the stream was closed.
        try await eventually("some are open") {
          service.state.withLock { $0.pagesOpened == $0.pagesClosed }
        }
        _ = try await offender.frame { $0.header.call == ids.upperBound }
      }
      try await offender.send(RawClient.call(.reverse, [1, 2], id: 501))
      #expect(try await offender.frame { $0.header.call == 501 }.payload == [2, 1])
      await offender.close()
    }
  }

  @Test func `No page is read for a stream that was cancelled while it waited for a thread`()
    async throws
  {
    try await withServer { server, service in
      let client = try await RawClient.connect(server)
      // As many as the server has threads for pages.
      try await client.send(RawClient.call(.stuck, id: 1) + RawClient.call(.stuck, id: 2))
      try await eventually("not begun") { service.state.withLock { $0.stuck == 2 } }
      try await client.send((3...20).flatMap { RawClient.call(.count, [100], id: $0) })
      try await eventually("not opened") { service.state.withLock { $0.pagesOpened == 20 } }
      try await client.send((3...20).flatMap { RawClient.frame(.cancel, call: $0) })
      let status = try await client.frame { $0.header.call == 20 }.status
      #expect(status?.code == StatusCode.cancelled.rawValue)
      service.release()
      try await eventually("streams are open") { service.state.withLock { $0.pagesClosed == 20 } }
      #expect(service.state.withLock { $0.pulled } == 0)
      await client.close()
    }
  }
}

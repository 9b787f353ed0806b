import Instrumentation
import InMemoryTracing
import Locking
import Logging
import Messages
import NIOCore
import NIOPosix
import Server
import Testing
import Tracing
import UjuziClient
import Wire

/// What the two sides agree on, and how a connection comes to its end.
@Suite struct SessionTests {
  @Test func `The greeting says every limit in force, and who the client is`() async throws {
    var limits = Limits.patient
    limits.streamCreditInitial = 1_234
    limits.connectionCreditInitial = 5_678
    limits.streamsMax = 7
    limits.keepaliveMs = 4_321
    try await withServer(limits: limits) { server, _ in
      let client = try await connect(server)
      let said = client.greeting
      #expect(said.streamCredit == 1_234 && said.connectionCredit == 5_678)
      #expect(said.streamsMax == 7 && said.keepaliveMs == 4_321)
      #expect(said.metadataLengthMax == 8_192 && said.principal == "loopback")
      #expect(said.logID == ToyService.logID)
      await client.close()
    }
  }

  @Test(
    arguments: [(1_000, 10_000), (30_000, 30_000), (UInt32.max, 3_600_000)] as [(UInt32, UInt32)])
  func `A client asks for a keepalive and has it within bounds`(
    asked: UInt32, given: UInt32
  ) async throws {
    try await withServer { server, _ in
      let client = try await Connection.connect(
        host: "127.0.0.1", port: server.port, keepaliveMs: asked,
        group: MultiThreadedEventLoopGroup.singleton)
      #expect(client.greeting.keepaliveMs == given)
      await client.close()
    }
  }

  @Test func `A silent peer is asked for a sign of life, and lives on when it gives one`()
    async throws
  {
    var limits = Limits.patient
    limits.keepaliveMs = 50
    limits.keepaliveTimeoutMs = 60_000
    try await withServer(limits: limits) { server, _ in
      let raw = try await RawClient.connect(server)
      _ = try await raw.frame { $0.header.type == .ping }
      try await raw.send(RawClient.frame(.pong))
      try await eventually("not asked again") {
        raw.frames.count { $0.header.type == .ping } >= 2
      }
      #expect(!raw.isClosed)
      await raw.close()
    }
  }

  @Test func `A peer that gives no sign of life is let go`() async throws {
    var limits = Limits.patient
    limits.keepaliveMs = 3_000
    limits.keepaliveTimeoutMs = 1_000
    try await withServer(limits: limits) { server, _ in
      let raw = try await RawClient.connect(server)
      let goAway = try await raw.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.message.contains("no sign of life") == true)
      try await eventually("not closed") { server.connections == 0 }
    }
  }

  @Test func `A connection that is old is drained: what is open ends, streams that wait are told`()
    async throws
  {
    var limits = Limits.patient
    limits.connectionAgeMs = 4_000
    try await withServer(limits: limits) { server, service in
      let raw = try await RawClient.connect(server)
      try await raw.send(RawClient.call(.held, id: 1) + RawClient.call(.follow, id: 2))
      let first = try await raw.frame { $0.header.type == .goAway }.goAway
      #expect(first?.lastCall == Protocol.everyCall)
      #expect(first?.message == "The connection is old: begin another.")
      try await raw.send(RawClient.frame(.pong))
      let status = try await raw.frame { $0.header.type == .status && $0.header.call == 2 }.status
      #expect(status?.code == StatusCode.unavailable.rawValue && status?.detail?.rule == "drain")
      #expect(!raw.isClosed, "a call is open")
      service.release([7])
      #expect(try await raw.frame { $0.header.type == .result }.payload == [7])
      try await eventually("not closed") { raw.isClosed }
    }
  }

  @Test func `What does not end in the grace of a drain is ended`() async throws {
    var limits = Limits.patient
    limits.connectionAgeMs = 4_000
    limits.announceTimeoutMs = 10
    limits.drainTimeoutMs = 100
    try await withServer(limits: limits) { server, service in
      let raw = try await RawClient.connect(server)
      try await raw.send(RawClient.call(.held, id: 1))
      let status = try await raw.frame { $0.header.type == .status }.status
      #expect(status?.detail?.rule == "drain" && status?.notProcessed == false)
      service.release()
      try await eventually("not closed") { raw.isClosed }
    }
  }

  @Test func `A method that is served in another revision is not begun`() async throws {
    try await withServer { server, _ in
      let raw = try await RawClient.connect(server)
      func call(_ revision: UInt8, id: UInt32) -> [UInt8] {
        RawClient.frame(
          .call, [0, 0, 0, 12, 0, 0, 0, revision, 0x61], flags: FrameHeader.end, call: id)
      }
      try await raw.send(call(2, id: 1) + call(3, id: 2) + call(0, id: 3))
      let status = try await raw.frame { $0.header.type == .status }.status
      #expect(status?.code == StatusCode.unimplemented.rawValue && status?.notProcessed == true)
      #expect(status?.detail?.rule == "method_revision")
      for id: UInt32 in [2, 3] {
        #expect(
          try await raw.frame { $0.header.type == .result && $0.header.call == id }.payload
            == [0x61])
      }
      await raw.close()
    }
  }

  @Test func `Metadata goes to the service and comes back, on RESULT`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      let about = [
        MetadataEntry(key: "x-test", value: [0, 1, 0xFF]), MetadataEntry(key: "x-test", value: []),
      ]
      let answer = try await client.answer(
        ToyService.Toy.later.rawValue, [1], CallOptions(metadata: about))
      #expect(answer.message == [1] && answer.metadata == about)
      await client.close()
    }
  }

  @Test func `Metadata that cannot be read, or is too long, is refused by its rule`() async throws {
    try await withServer { server, _ in
      let raw = try await RawClient.connect(server)
      let head: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 1]
      let cut = FrameHeader(
        .call, payloadLength: 2 + head.count, flags: FrameHeader.end, metadataLength: 2, call: 1)
      try await raw.send(cut.bytes + [0x0A, 0x50] + head)
      let status = try await raw.frame { $0.header.type == .status }.status
      #expect(status?.detail?.rule == "metadata" && status?.notProcessed == true)
      #expect(status?.code == StatusCode.internal.rawValue)
      let client = try await connect(server)
      let long = CallOptions(
        metadata: (0..<3).map {
          MetadataEntry(key: "k\($0)", value: Array(repeating: 1, count: 4_000))
        })
      let refused = await #expect(throws: CallStatus.self) {
        _ = try await client.call(1, [], long)
      }
      #expect(refused?.rule == "metadata_length_max")
      await client.close()
      await raw.close()
    }
  }

  @Test func `A failure says its field, rule, state and when to come again`() async throws {
    try await withServer { server, _ in
      let client = try await connect(server)
      let status = await #expect(throws: CallStatus.self) {
        _ = try await client.call(ToyService.Toy.detailed.rawValue, [])
      }
      #expect(
        status
          == CallStatus(
            .failedPrecondition, "Not now.", field: "a.b[0]", rule: "open", state: "suspended",
            retryAfterMs: 7))
      await client.close()
    }
  }

  @Test func `Who is connected is told, with what it did`() async throws {
    try await withServer { server, service in
      let client = try await connect(server)
      _ = try await client.call(1, [1, 2, 3])
      let held = client.send(ToyService.Toy.held.rawValue, [])
      try await eventually("not begun") { service.state.withLock { !$0.held.isEmpty } }
      let lines = await server.lines()
      #expect(lines.count == 1)
      let line = try #require(lines.first)
      #expect(line.client == "test" && line.principal == "loopback" && line.phase == "open")
      #expect(line.calls == 2 && line.callsOpen == 1 && line.streamsOpen == 0)
      #expect(line.bytesRead > 50 && line.bytesWritten > 20)
      #expect(line.peer.hasPrefix("127.0.0.1:"))
      service.release()
      _ = try await held.bytes()
      await client.close()
    }
  }
}

/// Log lines as they are written.
private final class Lines: Sendable {
  let all = Mutex<[(String, Logger.Metadata)]>([])
}

private struct LinesHandler: LogHandler {
  let lines: Lines
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.debug

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    lines.all.withLock { $0.append(("\(event.message)", event.metadata ?? [:])) }
  }
}

/// The process has one tracer: tests tell their spans apart by the trace.
private let tracer: InMemoryTracer = {
  let tracer = InMemoryTracer()
  InstrumentationSystem.bootstrap(tracer)
  return tracer
}()

@Suite(.serialized) struct TraceTests {
  private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

  @Test func `A trace's id stands in the log line of its call`() async throws {
    let lines = Lines()
    let logger = Logger(label: "test") { _ in LinesHandler(lines: lines) }
    try await withServer(logger: logger) { server, _ in
      let client = try await connect(server)
      for method: ToyService.Toy in [.reverse, .later] {
        _ = try await client.call(
          method.rawValue, [1],
          CallOptions(traceparent: "00-\(Self.trace)-00f067aa0ba902b7-01"))
      }
      await client.close()
    }
    let calls = lines.all.withLock { all in
      all.filter { $0.0 == "call" && $0.1["trace_id"] == "\(Self.trace)" }
    }
    #expect(calls.map { "\($0.1["method"]!)" } == ["Toy.1", "Toy.4"])
    #expect(calls.allSatisfy { $0.1["status"] == "OK" })
  }

  @Test func `The span of a call belongs to its caller's trace`() async throws {
    _ = tracer
    try await withServer { server, _ in
      let client = try await connect(server)
      try await withSpan("agency") { _ in
        _ = try await client.call(ToyService.Toy.later.rawValue, [1])
        _ = try? await client.call(ToyService.Toy.refuse.rawValue, [1])
        for try await _ in client.stream(ToyService.Toy.count.rawValue, [2]) {}
      }
      await client.close()
    }
    let spans = tracer.finishedSpans
    let parent = try #require(spans.last { $0.operationName == "agency" })
    let children = spans.filter {
      $0.spanContext.traceID == parent.spanContext.traceID && $0.operationName != "agency"
    }
    #expect(Set(children.map(\.operationName)) == ["Toy.3", "Toy.4", "Toy.6"])
    #expect(children.allSatisfy { $0.spanContext.parentSpanID == parent.spanContext.spanID })
    let refused = try #require(children.first { $0.operationName == "Toy.3" })
    #expect(refused.status?.code == .error)
  }
}

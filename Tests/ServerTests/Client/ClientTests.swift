import Locking
import Logging
import Messages
import NIOCore
import NIOPosix
import Server
import Testing
import UjuziClient
import Wire

private var group: any EventLoopGroup { MultiThreadedEventLoopGroup.singleton }

private func serve(_ service: ToyService, port: Int = 0, _ limits: Limits = .patient) async throws
  -> UjuziServer
{
  // A port that was just left may be held for a moment.
  for _ in 0..<200 {
    do {
      return try await UjuziServer(
        service, host: "127.0.0.1", port: port, limits: limits, group: group,
        logger: Logger(label: "test"))
    } catch { try await Task.sleep(for: .milliseconds(10)) }
  }
  return try await UjuziServer(
    service, host: "127.0.0.1", port: port, limits: limits, group: group,
    logger: Logger(label: "test"))
}

private func client(_ ports: [Int], _ change: (inout RegistryClient.Options) -> Void = { _ in })
  -> RegistryClient
{
  var options = RegistryClient.Options()
  options.backoff = Backoff(firstMs: 20, maxMs: 100)
  options.connectTimeoutMs = 60_000 * Int64(timeFactor)
  change(&options)
  return RegistryClient(
    ports.map { ServerAddress(host: "127.0.0.1", port: $0) }, options, group: group)
}

/// A registry's client over connections that come and go.
@Suite struct ClientTests {
  @Test func `A client goes on after its server was restarted`() async throws {
    let service = ToyService()
    var server = try await serve(service)
    let port = server.port
    let client = client([port])
    #expect(try await client.call(1, [1, 2]) == [2, 1])
    await server.drain(grace: .seconds(1))
    server = try await serve(service, port: port)
    #expect(try await client.call(1, [1, 2]) == [2, 1])
    await client.close()
    await server.drain(grace: .seconds(1))
  }

  @Test func `A call waits for a server when it is asked to`() async throws {
    let service = ToyService()
    let taken = try await serve(service)
    let port = taken.port
    await taken.drain(grace: .seconds(1))
    let client = client([port])
    await #expect(throws: ConnectionFailure.self) { _ = try await client.call(1, [1]) }
    async let answer = client.call(1, [1, 2], CallOptions(timeoutMs: 60_000, waitForReady: true))
    try await Task.sleep(for: .milliseconds(60))
    let server = try await serve(service, port: port)
    #expect(try await answer == [2, 1])
    await client.close()
    await server.drain(grace: .seconds(1))
  }

  @Test func `Waiting for a server ends at the call's deadline`() async throws {
    let client = client([1])
    await #expect(throws: ConnectionFailure.self) {
      _ = try await client.call(1, [1], CallOptions(timeoutMs: 200, waitForReady: true))
    }
    await client.close()
  }

  @Test func `Of several addresses one that answers is used`() async throws {
    let service = ToyService()
    let server = try await serve(service)
    let client = client([1, 2, server.port])
    #expect(try await client.call(1, [1, 2]) == [2, 1])
    #expect(try await client.call(1, [3]) == [3])
    #expect(server.connections == 1, "one connection carries all calls")
    await client.close()
    await server.drain(grace: .seconds(1))
  }

  @Test func `A client moves to another server when its own stops`() async throws {
    let (first, second) = (ToyService(), ToyService())
    let one = try await serve(first)
    let other = try await serve(second)
    let client = client([one.port, other.port])
    #expect(try await client.call(1, [1]) == [1])
    #expect(one.connections == 1)
    let draining = Task { await one.drain(grace: .seconds(5)) }
    for _ in 0..<50 { #expect(try await client.call(1, [1, 2]) == [2, 1]) }
    await draining.value
    #expect(try await client.call(1, [1, 2]) == [2, 1])
    #expect(other.connections == 1)
    await client.close()
    await other.drain(grace: .seconds(1))
  }

  @Test func `Calls at the end of a connection's life are all answered`() async throws {
    var limits = Limits.patient
    limits.connectionAgeMs = 300
    limits.announceTimeoutMs = 20
    let server = try await serve(ToyService(), port: 0, limits)
    let client = client([server.port])
    for round in 0..<40 {
      let replies = (0..<20).map { _ in client.send(ToyService.Toy.later.rawValue, [UInt8(round)]) }
      for reply in replies { #expect(try await reply.bytes() == [UInt8(round)]) }
      try await Task.sleep(for: .milliseconds(20))
    }
    await client.close()
    await server.drain(grace: .seconds(1))
  }

  @Test func `A stream that was not begun is asked for again, one that was is not`() async throws {
    let service = ToyService()
    var limits = Limits.patient
    limits.streamsMax = 1
    let server = try await serve(service, port: 0, limits)
    let port = server.port
    let client = client([port])
    var messages = client.stream(ToyService.Toy.follow.rawValue, []).makeAsyncIterator()
    service.publish([1])
    #expect(try await messages.next() == [1])
    await server.drain(grace: .seconds(1))
    let again = try await serve(service, port: port)
    // It had begun: what was missed is not known here, and its reader is told.
    await #expect(throws: (any Error).self) { _ = try await messages.next() }
    var count = 0
    for try await _ in client.stream(ToyService.Toy.count.rawValue, [5]) { count += 1 }
    #expect(count == 5)
    await client.close()
    await again.drain(grace: .seconds(1))
  }

  @Test func `A cancelled task cancels its call on the server`() async throws {
    let service = ToyService()
    let server = try await serve(service)
    let client = client([server.port])
    let held = Task { try await client.call(ToyService.Toy.held.rawValue, []) }
    try await eventually("not begun") { service.state.withLock { !$0.held.isEmpty } }
    held.cancel()
    await #expect(throws: CancellationError.self) { _ = try await held.value }
    try await eventually("not told") {
      service.state.withLock { $0.held.first?.context.cancelled.isCancelled == true }
    }
    service.release()
    await client.close()
    await server.drain(grace: .seconds(1))
  }

  @Test func `A client that was closed makes no connection any more`() async throws {
    let server = try await serve(ToyService())
    let client = client([server.port])
    _ = try await client.call(1, [1])
    await client.close()
    await #expect(throws: ConnectionFailure.self) { _ = try await client.call(1, [1]) }
    await server.drain(grace: .seconds(1))
  }

  @Test func `What is asked again, by what went wrong`() {
    let refused = CallStatus(.resourceExhausted, "", retryAfterMs: 9, notProcessed: true)
    let gone = ConnectionFailure(sentence: "gone")
    let rows: [(any Error, repeatable: Retry, other: Retry)] = [
      (refused, .after(ms: 9), .after(ms: 9)),
      (CallStatus(.unavailable, "", notProcessed: true), .after(ms: 0), .after(ms: 0)),
      (CallStatus(.unavailable, ""), .after(ms: 0), .no),
      (CallStatus(.unimplemented, "", notProcessed: true), .no, .no),
      (CallStatus(.permissionDenied, "", notProcessed: true), .no, .no),
      (CallStatus(.deadlineExceeded, ""), .no, .no),
      (CallStatus(.internal, ""), .no, .no),
      (gone, .after(ms: 0), .no),
      (ConnectionFailure(sentence: "no", mayRetry: false), .no, .no),
      (CancellationError(), .no, .no),
    ]
    for (error, repeatable, other) in rows {
      #expect(Retry(after: error, isRepeatable: true) == repeatable, "\(error)")
      #expect(Retry(after: error, isRepeatable: false) == other, "\(error)")
    }
  }

  @Test func `Waits grow up to their bound, and no two clients wait alike`() {
    let backoff = Backoff(firstMs: 100, factor: 2, maxMs: 1_000, jitter: 0.2)
    for (tries, middle) in [(1, 100.0), (2, 200), (3, 400), (4, 800), (5, 1_000), (50, 1_000)] {
      for _ in 0..<100 {
        let wait = Double(backoff.waitMs(after: tries))
        #expect(wait >= middle * 0.8 - 1 && wait <= middle * 1.2)
      }
    }
    #expect(Set((0..<50).map { _ in backoff.waitMs(after: 5) }).count > 5)
  }

  @Test func `Many failures in a row are not asked again`() {
    var throttle = RetryThrottle()
    var again = 0
    while throttle.failed() { again += 1 }
    #expect(again == 4)
    for _ in 0..<20 { throttle.succeeded() }
    let asksAgain = throttle.failed()
    #expect(asksAgain)
  }
}

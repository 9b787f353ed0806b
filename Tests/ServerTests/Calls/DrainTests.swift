import Locking
import Logging
import Messages
import NIOCore
import NIOPosix
import Server
import Testing
import UjuziClient
import Wire

/// A server that stops: what is open ends, or is told.
@Suite(.timeLimit(.minutes(30))) struct DrainTests {
  private static func serve(_ service: ToyService) async throws -> UjuziServer {
    try await UjuziServer(
      service, host: "127.0.0.1", port: 0, limits: .patient,
      group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
  }

  private static func held(
    _ service: ToyService, _ server: UjuziServer
  ) async throws -> (client: Connection, answer: Task<[UInt8], any Error>) {
    let client = try await connect(server)
    let answer = Task { try await client.call(ToyService.Toy.held.rawValue, []) }
    try await eventually("not begun") { service.state.withLock { !$0.held.isEmpty } }
    return (client, answer)
  }

  @Test func `A drain whose task was cancelled waits for what is open all the same`() async throws {
    let service = ToyService()
    let server = try await Self.serve(service)
    let (client, answer) = try await Self.held(service, server)
    let drain = Task { await server.drain(grace: .hours(1)) }
    drain.cancel()
    try await eventually("goes on") { !client.isOpen }
    service.release([7])
    #expect(try await answer.value == [7])
    await drain.value
    #expect(server.connections == 0)
  }

  @Test(arguments: [true, false])
  func `A server that hurries tells open calls that it stops`(isBefore: Bool) async throws {
    let service = ToyService()
    let server = try await Self.serve(service)
    let (_, answer) = try await Self.held(service, server)
    if isBefore { server.hurry() }
    // An hour, were it not for the hurry.
    let drain = Task { await server.drain(grace: .hours(1)) }
    if !isBefore { server.hurry() }
    let failure = await #expect(throws: CallStatus.self) { _ = try await answer.value }
    #expect(failure?.code == .unavailable && failure?.rule == "drain", "\(failure as Any)")
    await drain.value
    #expect(server.connections == 0)
    service.release()
  }

  @Test func `Who comes while a server stops is told so, and may try again`() async throws {
    let service = ToyService()
    let server = try await Self.serve(service)
    let (client, answer) = try await Self.held(service, server)
    let drain = Task { await server.drain(grace: .hours(1)) }
    try await eventually("goes on") { !client.isOpen }
    for _ in 0..<3 {
      let refused = await #expect(throws: ConnectionFailure.self) { _ = try await connect(server) }
      #expect(refused?.isStopping == true && refused?.mayRetry == true, "\(refused as Any)")
    }
    // Who was told keeps nobody waiting.
    service.release([7])
    #expect(try await answer.value == [7])
    await drain.value
    #expect(server.connections == 0)
  }

  @Test func `A grace that is over ends what is open, and the drain`() async throws {
    let service = ToyService()
    let server = try await Self.serve(service)
    let (_, answer) = try await Self.held(service, server)
    await server.drain(grace: .milliseconds(20))
    let failure = await #expect(throws: CallStatus.self) { _ = try await answer.value }
    #expect(failure?.rule == "drain")
    #expect(server.connections == 0)
    service.release()
  }

  @Test func `An address is taken before a server is there, and nobody is kept waiting by it`()
    async throws
  {
    let logger = Logger(label: "test")
    // Below those that the system gives to whoever connects: none of them takes it in between.
    let chosen = try #require(
      (0..<100).lazy.compactMap { _ in
        try? Endpoint(host: "127.0.0.1", port: .random(in: 20_000..<32_000), logger: logger)
      }.first)
    let first = try await UjuziServer(
      ToyService(), on: chosen, limits: .patient, group: MultiThreadedEventLoopGroup.singleton,
      logger: logger)
    let port = first.port
    let taken = #expect(throws: ListenFailure.self) {
      _ = try Endpoint(host: "127.0.0.1", port: port, logger: logger)
    }
    #expect(taken?.sentence.contains("cannot be listened on") == true)
    await first.drain()
    let endpoint = try Endpoint(host: "127.0.0.1", port: port, logger: logger)
    let nobody = await #expect(throws: ConnectionFailure.self) {
      _ = try await Connection.connect(
        host: "127.0.0.1", port: port, group: MultiThreadedEventLoopGroup.singleton)
    }
    #expect(nobody?.sentence.contains("Nobody listens") == true)
    let server = try await UjuziServer(
      ToyService(), on: endpoint, limits: .patient, group: MultiThreadedEventLoopGroup.singleton,
      logger: logger)
    #expect(server.port == port)
    let client = try await connect(server)
    #expect(try await client.call(1, [1, 2]) == [2, 1])
    await client.close()
    await server.drain()
  }
}

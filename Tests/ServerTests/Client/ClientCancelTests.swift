import Messages
import NIOCore
import NIOEmbedded
import NIOPosix
import Server
import Testing
import Wire

@testable import UjuziClient

/// A call ends once for its caller, whenever it is given up and on whatever thread.
struct ClientCancelTests {
  /// How a call ended for who made it.
  private enum End: Hashable { case answered, cancelled, otherwise }

  private static func end(_ body: () async throws -> Void) async -> End {
    do {
      try await body()
      return .answered
    } catch is CancellationError {
      return .cancelled
    } catch {
      return .otherwise
    }
  }

  /// Cancels a task at a random moment: before it runs, while it runs, after it has ended.
  private static func cancelled(
    _ random: inout Seeded, _ body: @escaping @Sendable () async throws -> Void
  ) async -> End {
    let turns = Int.random(in: 0..<20, using: &random)
    let task = Task { await end(body) }
    for _ in 0..<turns { await Task.yield() }
    task.cancel()
    return await task.value
  }

  @Test(.timeLimit(.minutes(30)), arguments: 0..<6 as Range<UInt64>)
  func `A call that is cancelled at any moment comes to an end`(seed: UInt64) async throws {
    // More PINGs and CANCELs than a client that means well sends.
    var limits = Limits.patient
    limits.idleFramesMax = 1_000_000
    limits.cancelsMax = 1_000_000
    try await withServer(limits: limits) { server, _ in
      let client = try await connect(server)
      let ends = await withTaskGroup(of: [End].self) { group in
        for part in 0..<4 as Range<UInt64> {
          group.addTask {
            var random = Seeded(seed << 8 | part)
            var ends: [End] = []
            for turn in 0..<100 {
              ends.append(
                await Self.cancelled(&random) {
                  switch turn % 5 {
                  case 0: _ = try await client.call(1, [1, 2])
                  case 1: _ = try await client.call(ToyService.Toy.later.rawValue, [1])
                  case 2: try await client.ping()
                  case 3:
                    for try await _ in client.stream(ToyService.Toy.count.rawValue, [3]) {}
                  default:
                    let exchange = client.exchange(ToyService.Toy.sum.rawValue)
                    try await exchange.send([1, 2, 3])
                    try await exchange.finish()
                    for try await _ in exchange.replies {}
                  }
                })
            }
            return ends
          }
        }
        return await group.reduce(into: [End: Int]()) { counts, ends in
          for end in ends { counts[end, default: 0] += 1 }
        }
      }
      #expect(ends.values.reduce(0, +) == 400, "seed \(seed): \(ends)")
      #expect(ends[.otherwise] == nil, "seed \(seed): \(ends)")
      // Whatever was given up, the connection goes on.
      #expect(try await client.call(1, [1, 2]) == [2, 1])
      await client.close()
    }
  }

  private let loop = EmbeddedEventLoop()

  /// The order that two threads can bring about: the call is given up before it has come to the
  /// loop with who waits for it.
  @Test func `Who waits for a call that was given up before is told at once, and once`() {
    let call = OutgoingCall(.unary, on: loop)
    var told: [Result<Answer, any Error>] = []
    call.cancel()
    call.finish(.failure(CancellationError()))
    call.wait(.unary { told.append($0) })
    #expect(told.count == 1)
    #expect(throws: CancellationError.self) { try told[0].get() }
    call.finish(.success(Answer(message: [1])))
    #expect(told.count == 1)
  }

  @Test func `Who waits for a PING is told once, whatever comes first`() {
    for isEarly in [true, false] {
      let ping = SentPing(on: loop)
      var told = 0
      if isEarly { ping.finish(.failure(CancellationError())) }
      ping.wait { _ in told += 1 }
      ping.finish(.success(()))
      ping.finish(.failure(CancellationError()))
      #expect(told == 1)
    }
  }
}

/// A server that does not end what it begins is left.
struct ClientPaceTests {
  @Test(
    arguments: [
      // Bytes that come every second, and the second in which the client leaves; nil: it stays.
      (bytes: 0, leaves: 10), (bytes: 60, leaves: 10), (bytes: 110, leaves: nil),
    ] as [(bytes: Int, leaves: Int?)])
  func `A frame that does not come on ends the connection`(bytes: Int, leaves: Int?) throws {
    let channel = EmbeddedChannel()
    let greeted = channel.eventLoop.makePromise(of: HelloOk.self)
    let handler = ClientHandler(
      name: "test", keepaliveMs: 0, openFlag: OpenFlag(), greeted: greeted, meter: nil)
    try channel.pipeline.syncOperations.addHandler(handler)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    let hello = Codec.encode(HelloOk(version: 1, frameLengthMax: 1 << 20, callsMax: 1))
    try channel.writeInbound(
      ByteBuffer(bytes: FrameHeader(.helloOK, payloadLength: hello.count).bytes + hello))
    _ = try greeted.futureResult.wait()
    let header = FrameHeader(.result, payloadLength: 100_000, call: 1).bytes
    try channel.writeInbound(ByteBuffer(bytes: header))
    let begun = NIODeadline.now()
    var left: Int?
    for second in 1...40 where left == nil {
      if bytes > 0 { try channel.writeInbound(ByteBuffer(repeating: 0, count: bytes)) }
      handler.look(at: begun + .milliseconds(Int64(second) * 1_000))
      if handler.table.phase == .closed { left = second }
    }
    // The clock of the test may stand a moment before that of the handler.
    #expect(
      leaves.map { [$0, $0 + 1].contains(left) } ?? (left == nil), "\(String(describing: left))")
    _ = try? channel.finish()
  }
}

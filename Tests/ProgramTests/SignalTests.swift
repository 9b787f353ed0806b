import Foundation
import Messages
import Registry
import Testing
import UjuziClient
import Wire

/// The program is asked to stop by signals, as an operator, a service manager and a terminal do.
@Suite(.serialized) struct SignalTests {
  /// How the views were left: nil when no registry was begun.
  private static func mark(_ program: Program) throws -> String? {
    let path = program.folder + "/data/views.mark"
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let mark = try JSONSerialization.jsonObject(with: data) as? [String: Any]
    return mark?["state"] as? String
  }

  /// From before the program's first line to well after it is ready: the first rounds make the
  /// registry, the later ones open it.
  @Test(arguments: 0..<3 as Range<UInt64>)
  func `A server that is asked to stop at any moment stops cleanly`(seed: UInt64) async throws {
    var random = Seeded(state: seed)
    let program = try Program()
    var wasReady = 0
    for round in 0..<12 {
      let server = try program.begin("serve", "--listen", "127.0.0.1:0", "--map-size", "1")
      // Half of them at the very moment of being ready.
      if round % 2 == 0 {
        try await Task.sleep(for: .microseconds(Int.random(in: 0...600_000, using: &random)))
      } else {
        _ = server.lines { $0.contains("ready") }
      }
      server.ask(SIGTERM)
      let ended = server.wait()
      // The system may still be loading the program, which has said and done nothing then.
      let isUnbegun = server.wasKilled && ended.status == SIGTERM && ended.error.isEmpty
      if !isUnbegun || round % 2 == 1 {
        #expect(ended.status == 0, "seed \(seed), round \(round): \(ended)")
        #expect(!server.wasKilled, "seed \(seed), round \(round): \(ended)")
      }
      #expect(try [nil, "clean"].contains(Self.mark(program)), "seed \(seed), round \(round)")
      if ended.error.contains("stopped; everything acknowledged is kept") { wasReady += 1 }
    }
    #expect(wasReady >= 6)
    try program.serve()
    #expect(program.terminate() == 0)
    try program.end()
  }

  @Test func `A second signal hurries, and the store is closed all the same`() async throws {
    let program = try Program()
    let server = try program.begin("serve", "--listen", "127.0.0.1:0", "--map-size", "1")
    let ready = try #require(server.lines { $0.contains("ready") }.last)
    let port = try #require(ready.firstMatch(of: /127\.0\.0\.1:(\d+)/).flatMap { Int($0.1) })
    program.use(port: port)
    let client = try await program.connect()
    _ = try await ProgramTests.record(ProgramTests.established, client)
    // Open, and never ended by its client.
    let exchange = try await client.exchange(Method.recordMany.rawValue)
    try await exchange.send(Codec.encode(RecordRequest(items: [])))
    server.ask(SIGTERM)
    server.ask(SIGINT)
    let failure = await #expect(throws: CallStatus.self) { for try await _ in exchange.replies {} }
    #expect(failure?.code == .unavailable, "\(failure as Any)")
    let ended = server.wait()
    #expect(ended.status == 0 && !server.wasKilled, "\(ended)")
    #expect(ended.error.contains("hurrying"), "\(ended.error)")
    #expect(ended.error.contains("everything acknowledged is kept"), "\(ended.error)")
    #expect(try Self.mark(program) == "clean")
    await client.close()
    try program.end()
  }

  @Test func `A hangup looks at the files and stops nothing`() async throws {
    let program = try Program()
    try program.serve()
    kill(program.processID, SIGHUP)
    kill(program.processID, SIGHUP)
    let client = try await program.connect()
    #expect(try await ProgramTests.record(ProgramTests.established, client)?.position == 0)
    await client.close()
    #expect(program.terminate() == 0)
    try program.end()
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `What follows ends well when it is interrupted`(number: Int32) async throws {
    let program = try Program()
    try program.serve()
    let client = try await program.connect()
    _ = try await ProgramTests.record(ProgramTests.established, client)
    let follower = try program.start("log", "--follow")
    _ = follower.lines { $0.contains("registry/ke") }
    follower.ask(number)
    let ended = follower.wait()
    #expect(ended.status == 0 && !follower.wasKilled, "\(ended)")
    await client.close()
    #expect(program.terminate() == 0)
    try program.end()
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `A verb that is cut short ends by its signal, as a shell expects`(number: Int32) throws {
    let program = try Program()
    try program.serve()
    // Waits for a file that does not come to its end.
    let verb = try program.start("record", "-", input: Pipe())
    Thread.sleep(forTimeInterval: 0.3)
    verb.ask(number)
    let ended = verb.wait()
    #expect(verb.wasKilled && ended.status == number, "\(ended)")
    #expect(program.terminate() == 0)
    try program.end()
  }

  @Test func `What stands in the way of a first start leaves nothing`() throws {
    let program = try Program()
    try program.serve()
    let other = try Program()
    let uses: [[String]] = [
      ["--listen", "127.0.0.1:\(program.port)"], ["--listen", "192.0.2.1:7601"],
      ["--listen", "127.0.0.1:0", "--log-level", "loud"],
      ["--listen", "127.0.0.1:0", "--map-size", "0"],
      [
        "--listen", "127.0.0.1:0", "--tls-certificate", "/no/such", "--tls-key", "/no/such",
        "--tls-roots", "/no/such", "--roles", "/no/such",
      ],
    ]
    for use in uses {
      let got = try other.run(["serve", "--data", other.folder + "/data"] + use)
      #expect(got.status == 2, "\(use): \(got)")
      let left = try FileManager.default.contentsOfDirectory(atPath: other.folder)
      #expect(left.isEmpty, "\(use): \(left)")
    }
    #expect(program.terminate() == 0)
    try program.end()
    try other.end()
  }
}

/// SplitMix64: the same numbers from the same seed.
private struct Seeded: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

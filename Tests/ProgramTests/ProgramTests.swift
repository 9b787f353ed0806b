import Foundation
import Locking
import Messages
import Registry
import Testing
import UjuziClient

/// The program as its users meet it: a process that is killed, stopped and asked wrongly.
struct ProgramTests {
  static func organisation(_ key: Int) -> Proposal {
    Proposal(
      eventID: EventID(high: 7, low: UInt64(key)),
      stream: StreamID("organisation/o\(key)")!, effective: Day("2022-01-01")!,
      body: .organisation(.registered(OrganisationRegistered(name: "Example \(key)"))))
  }

  /// Somebody with personal data, whose key is made with the event.
  static func officer(_ key: Int) -> Proposal {
    var registered = Proposal(
      eventID: EventID(high: 8, low: UInt64(key)), stream: StreamID("officer/p\(key)")!,
      effective: Day("2022-01-01")!, body: .officer(.registered(OfficerRegistered())))
    registered.personal = Personal(
      name: "Example \(key)",
      identifiers: [SchemeValue(scheme: Identifier("pn")!, value: "\(key + 1)")])
    return registered
  }

  static let established = Proposal(
    eventID: EventID(high: 1, low: 1), stream: StreamID("registry/ke")!,
    effective: Day("2022-01-01")!,
    body: .registry(
      .established(
        RegistryEstablished(jurisdiction: Identifier("ke")!, timeZone: "Africa/Nairobi"))))

  static func record(
    _ proposal: Proposal, _ client: RegistryClient
  ) async throws -> RecordedAt? {
    let reply = try await client.record(
      RecordRequest(items: [RecordItem(proposal: Codec.encode(proposal))]))
    if case .recorded(let at) = reply.outcomes[0] { return at }
    return nil
  }

  @Test func `Nothing acknowledged is lost when the server is killed, again and again`()
    async throws
  {
    let program = try Program()
    var acknowledged: [Int: UInt64] = [:]
    var key = 0
    for round in 0..<5 {
      try program.serve()
      let client = try await program.connect()
      _ = try await Self.record(Self.established, client)
      for (known, position) in acknowledged {
        let at = try await Self.record(Self.organisation(known), client)
        #expect(at?.position == position && at?.already == true, "round \(round), event \(known)")
      }
      let processID = program.processID
      var killer: Task<Void, any Error>?
      let first = key
      while let at = try? await Self.record(Self.organisation(key), client) {
        acknowledged[key] = at.position
        key += 1
        // Then at some moment: between two, or in the midst of one.
        guard key == first + 5, killer == nil else { continue }
        killer = Task {
          try await Task.sleep(for: .microseconds(700 * round + 100))
          kill(processID, SIGKILL)
        }
      }
      // The one that was under way may or may not have been recorded.
      key += 1
      _ = try await killer?.value
      program.waitUntilExit()
      await client.close()
    }
    #expect(acknowledged.count >= 25)
    let rebuilt = try program.run("rebuild", "--data", program.folder + "/data")
    #expect(rebuilt.status == 0, "\(rebuilt)")
    try program.end()
  }

  /// By key.
  private final class Acknowledged: Sendable {
    let positions = Mutex<[Int: UInt64]>([:])
  }

  /// So many in flight that while a batch is on its way to the disk there is another: whenever the
  /// kill falls, it falls between what the one and the other did.
  @Test func `Nothing acknowledged is lost when the server is killed with batches that overlap`()
    async throws
  {
    let program = try Program()
    let inFlight = 96
    let acknowledged = Acknowledged()
    for round in 0..<6 {
      try program.serve()
      let client = try await program.connect()
      _ = try await Self.record(Self.established, client)
      let known = acknowledged.positions.withLock { $0 }
      await withTaskGroup { group in
        for part in 0..<inFlight {
          group.addTask {
            for key in known.keys where key % inFlight == part {
              let at = try? await Self.record(Self.officer(key), client)
              #expect(at?.position == known[key] && at?.already == true, "round \(round), \(key)")
            }
          }
        }
      }
      let (processID, delay) = (program.processID, 60 + 35 * round)
      let killer = Task {
        try await Task.sleep(for: .milliseconds(delay))
        kill(processID, SIGKILL)
      }
      await withTaskGroup { group in
        for part in 0..<inFlight {
          group.addTask {
            for turn in 0... {
              let key = (round * 1000 + turn) * inFlight + part
              guard let at = try? await Self.record(Self.officer(key), client) else { return }
              acknowledged.positions.withLock { $0[key] = at.position }
            }
          }
        }
      }
      _ = try await killer.value
      program.waitUntilExit()
      await client.close()
    }
    let positions = acknowledged.positions.withLock { Array($0.values) }
    #expect(positions.count > inFlight)
    #expect(Set(positions).count == positions.count)
    // Opens what was sealed: the key of everybody who was acknowledged is there.
    let rebuilt = try program.run("rebuild", "--data", program.folder + "/data")
    #expect(rebuilt.status == 0, "\(rebuilt)")
    try program.end()
  }

  @Test func `A server that is asked to stop ends what is open and exits with 0`() async throws {
    let program = try Program()
    try program.serve()
    let client = try await program.connect()
    let at = try await Self.record(Self.established, client)
    #expect(at?.position == 0)
    let second = try program.run(
      "serve", "--data", program.folder + "/data", "--listen", "127.0.0.1:0")
    #expect(second.status == 2)
    #expect(second.error.contains("in use by another process"))
    await client.close()
    #expect(program.terminate() == 0)
    let nobody = try program.run("status")
    #expect(nobody.status == 2)
    #expect(nobody.error.contains("Is `ujuzi serve` running"))
    try program.end()
  }

  @Test func `A wrong use is one sentence and exit status 2`() throws {
    let program = try Program()
    let uses: [(arguments: [String], says: String)] = [
      (["serve", "--data", program.folder + "/data", "--listen", "0.0.0.0:0"], "loopback"),
      (["serve", "--data", "/proc/no/such", "--listen", "127.0.0.1:0"], "cannot be made"),
      (["record", "/no/such/file"], "there is no such file"),
      (["rebuild", "--data", program.folder + "/none"], "no registry"),
      (["verify"], "Name a credential"),
      (["find", "--skill", "x"], "is no skill"),
    ]
    for use in uses {
      let got = try program.run(use.arguments)
      #expect(got.status == 2, "\(use.arguments): \(got)")
      #expect(got.error.contains(use.says), "\(use.arguments): \(got.error)")
    }
    for verb in ["completions", "officers", "credentials"] {
      #expect(try program.run("template", verb).status == 0)
    }
    #expect(try program.run("--version").out.contains("0.1.0"))
    try program.end()
  }
}

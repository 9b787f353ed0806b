import Foundation
import Messages
import Registry
import Server
import Testing
import UjuziClient
import Wire

/// What `Protos/WIRE.md` says beside the frames, held over a socket and against the schema.
@Suite(.timeLimit(.minutes(30))) struct WireBehaviourTests {
  private static func page() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("Protos/WIRE.md"), encoding: .utf8)
  }

  private static func call(_ method: Method, _ request: [UInt8], id: UInt32) -> [UInt8] {
    RawClient.frame(
      .call, [0, 0, 0, UInt8(method.rawValue), 0, 0, 0, 0] + request, flags: FrameHeader.end,
      call: id)
  }

  @Test func `A request without fields is read as any other`() async throws {
    try await WatchTests().withRegistry { server, _ in
      let client = try await RawClient.connect(server)
      var id: UInt32 = 0
      for method in [Method.check, .describe, .viewDigest, .status, .connections] {
        // A field that is not known is passed over.
        id += 1
        try await client.send(Self.call(method, [0x7A, 0x02, 0x6F, 0x6B], id: id))
        let known = id
        let answer = try await client.frame {
          $0.header.call == known && [.result, .status].contains($0.header.type)
        }
        #expect(answer.header.type == .result, "\(method.name): \(answer.status as Any)")
        // One that ends too early is refused.
        id += 1
        try await client.send(Self.call(method, [0x7A, 0x05, 0x6F], id: id))
        let cut = id
        let status = try await client.frame {
          $0.header.call == cut && $0.header.type == .status
        }.status
        #expect(status?.code == StatusCode.invalidArgument.rawValue, "\(method.name)")
        #expect(status?.detail?.rule == "truncated", "\(method.name)")
      }
      await client.close()
    }
  }

  @Test func `A client that leaves is answered that nothing is wrong, and its calls are ended`()
    async throws
  {
    try await withServer { server, service in
      let client = try await RawClient.connect(server)
      try await client.send(RawClient.call(.held, id: 3))
      try await eventually("not begun") { service.state.withLock { !$0.held.isEmpty } }
      try await client.send(RawClient.frame(.goAway, Codec.encode(GoAway())))
      let goAway = try await client.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.code == StatusCode.ok.rawValue && goAway?.rule == "leaving")
      #expect(goAway?.lastCall == 3)
      service.release([7])
      let answer = try await client.frame { $0.header.type == .result }
      #expect(answer.header.call == 3 && answer.payload == [7])
      try await eventually("closed") { client.isClosed }
      // One that has nothing open is let go at once.
      let idle = try await RawClient.connect(server)
      try await idle.send(RawClient.frame(.goAway, Codec.encode(GoAway())))
      let last = try await idle.frame { $0.header.type == .goAway }.goAway
      #expect(last?.rule == "leaving")
      try await eventually("closed") { idle.isClosed }
    }
  }

  @Test func `HELLO_NO says its rule`() async throws {
    try await withServer { server, _ in
      func refusal(_ hello: [UInt8]) async throws -> HelloNo {
        let client = try await RawClient.connect(server, greet: false)
        try await client.send(Protocol.preface + RawClient.frame(.hello, hello))
        let frame = try await client.frame { $0.header.type == .helloNo }
        await client.close()
        return try Codec.decode(HelloNo.self, from: frame.payload)
      }
      let version = try await refusal(Codec.encode(Hello(versionMin: 2, versionMax: 3)))
      #expect(version.code == StatusCode.unimplemented.rawValue && version.rule == "version")
      let unreadable = try await refusal([0x1A, 0x09, 0x61])
      #expect(unreadable.code == StatusCode.internal.rawValue && unreadable.rule == "payload")
    }
    var limits = Limits.patient
    limits.connectionsMax = 1
    try await withServer(limits: limits) { server, _ in
      let first = try await RawClient.connect(server)
      let second = try await RawClient.connect(server, greet: false)
      let frame = try await second.frame { $0.header.type == .helloNo }
      let full = try Codec.decode(HelloNo.self, from: frame.payload)
      #expect(full.code == StatusCode.unavailable.rawValue && full.rule == "connections_max")
      #expect(full.retryAfterMs > 0)
      let failure = await #expect(throws: ConnectionFailure.self) { try await connect(server) }
      #expect(failure?.rule == "connections_max" && failure?.mayRetry == true)
      for client in [first, second] { await client.close() }
    }
  }

  @Test func `The revisions of the page are those of the schema`() throws {
    let listed = try Self.page().matches(of: /(?m)^\| `(\w+\.\w+)` \| (\d+) \| `.+` \|$/)
    let page = Dictionary(
      uniqueKeysWithValues: listed.map { (String($0.output.1), UInt32($0.output.2)!) })
    let schema = Method.allCases.filter { $0.revision != 1 }.map { ($0.name, $0.revision) }
    #expect(page == Dictionary(uniqueKeysWithValues: schema))
  }

  @Test func `The alphabet of ids on the page is the one that is read`() throws {
    let row = try #require(
      try Self.page().firstMatch(of: /(?m)^\| `id`, `code` \| 1 to (\d+) bytes: (.+), compared/))
    #expect(Int(row.output.1) == Identifier.lengthMax)
    var allowed: Set<UInt8> = []
    for part in row.output.2.matches(of: /`(.)`(?: to `(.)`)?/) {
      let first = try #require(part.output.1.utf8.first)
      let last = part.output.2?.utf8.first ?? first
      allowed.formUnion(first...last)
    }
    for byte in 0...255 as ClosedRange<UInt8> {
      let bytes = [byte]
      let isRead = Identifier(utf8: bytes.span) != nil
      #expect(isRead == allowed.contains(byte), "byte \(byte)")
    }
    for kind in StreamKind.allCases {
      let longest = kind.rawValue + "/" + String(repeating: "a", count: Identifier.lengthMax)
      #expect(StreamID(longest) != nil && longest.utf8.count <= 80, "\(kind.rawValue)")
    }
    #expect(StreamID("officer/a/b") == nil && StreamID("officers/a") == nil)
    #expect(StreamID("officer/") == nil && StreamID("officer") == nil)
  }

  @Test func `The messages of a RecordMany are answered in their order`() async throws {
    try await WatchTests().withRegistry { server, _ in
      let client = try await connect(server)
      let exchange = client.exchange(Method.recordMany.rawValue)
      let sending = Task {
        for key in 0..<40 {
          // Every fourth names no kind of its stream's: it is rejected, and stops none behind it.
          var proposal = WatchTests.organisation(key)
          if key % 4 == 3 { proposal.stream = StreamID("officer/x\(key)")! }
          try await exchange.send(
            Codec.encode(RecordRequest(items: [RecordItem(proposal: Codec.encode(proposal))])))
        }
        try await exchange.finish()
      }
      var answered = 0
      for try await message in exchange.replies {
        let reply = try Codec.decode(RecordReply.self, from: message)
        switch reply.outcomes.first {
        case .recorded(let at)?:
          #expect(answered % 4 != 3 && at.position == UInt64(1 + answered - answered / 4))
        case .rejected?: #expect(answered % 4 == 3)
        case let other: Issue.record("\(other as Any)")
        }
        answered += 1
      }
      try await sending.value
      #expect(answered == 40)
      await client.close()
    }
  }
}

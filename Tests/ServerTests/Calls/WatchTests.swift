import Foundation
import Logging
import Messages
import NIOPosix
import Queries
import Recording
import Registry
import RegistryStorage
import Server
import Testing
import UjuziClient
import Vault
import Wire

/// Watching over a real socket: those who are slow, who leave, and whose server stops.
struct WatchTests {
  /// A server of a real registry in a folder of its own.
  func withRegistry(
    limits: Limits = .patient, tls: (server: ServerTLS, registrar: ClientTLS)? = nil,
    _ body: (UjuziServer, RegistryService) async throws -> Void
  ) async throws {
    let folder = NSTemporaryDirectory() + "ujuzi-watch-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try MasterKey.create(at: folder + "/key")
    var options = RegistryStore.Options(
      folder: folder + "/data", masterKey: try MasterKey(at: folder + "/key"))
    options.mapSizeBytes = 1 << 30
    let store = try RegistryStore(
      options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let service = RegistryService(store)
    service.start()
    let server = try await UjuziServer(
      service, host: "127.0.0.1", port: 0, limits: limits, tls: tls?.server,
      group: MultiThreadedEventLoopGroup.singleton, logger: store.logger)
    func stop() async throws {
      await server.drain(grace: .seconds(2))
      await service.stop()
      try store.close()
      try FileManager.default.removeItem(atPath: folder)
    }
    do {
      try await record(
        [Self.established], try await TLSTests.connect(server, tls?.registrar))
      try await body(server, service)
    } catch {
      try? await stop()
      throw error
    }
    try await stop()
  }

  static let established = Proposal(
    eventID: EventID(high: 1, low: 1), stream: StreamID("registry/ke")!,
    effective: Day("2022-01-01")!,
    body: .registry(
      .established(
        RegistryEstablished(jurisdiction: Identifier("ke")!, timeZone: "Africa/Nairobi"))))

  static func organisation(_ key: Int) -> Proposal {
    Proposal(
      eventID: EventID(high: 7, low: UInt64(key)), stream: StreamID("organisation/o\(key)")!,
      effective: Day("2022-01-01")!,
      body: .organisation(.registered(OrganisationRegistered(name: "Example \(key)"))))
  }

  private func record(_ proposals: [Proposal], _ client: Connection) async throws {
    let items = proposals.map { RecordItem(proposal: Codec.encode($0)) }
    let reply = try Codec.decode(
      RecordReply.self,
      from: try await client.call(
        Method.record.rawValue, Codec.encode(RecordRequest(items: items)),
        .init(timeoutMs: 120_000)))
    for case .rejected(let why) in reply.outcomes { Issue.record("\(why.sentence)") }
  }

  private func watch(
    _ kinds: [String] = [], from begin: WatchRequest.Begin? = nil, id: UInt32
  ) -> [UInt8] {
    let request = WatchRequest(
      begin: begin, what: .kinds(WatchedKinds(kinds: kinds.map { Identifier($0)! })))
    return RawClient.frame(
      .call, [0, 0, 0, UInt8(Method.watch.rawValue), 0, 0, 0, 1] + Codec.encode(request),
      flags: FrameHeader.end, call: id)
  }

  private func changes(_ client: RawClient) throws -> [WatchedChange] {
    try client.frames.filter { $0.header.type == .data }.flatMap {
      try Codec.decode(WatchPage.self, from: $0.payload).changes
    }
  }

  @Test func `A watcher that does not read costs a bounded buffer, and misses nothing`()
    async throws
  {
    var limits = Limits.patient
    limits.streamCreditInitial = 64 << 10
    try await withRegistry(limits: limits) { server, _ in
      let slow = try await RawClient.connect(server)
      try await slow.send(watch(from: .from(1), id: 1))
      _ = try await slow.frame { $0.header.type == .data }
      try await slow.setReading(false)
      let client = try await connect(server)
      let events = 50_000
      for part in 0..<50 {
        try await record((0..<1000).map { Self.organisation(part * 1000 + $0) }, client)
      }
      // Others on the same server go on, and so do the slow one's other calls.
      #expect(try await client.check(HealthRequest()).asOf == 50_001)
      try await slow.setReading(true)
      try await slow.send(
        RawClient.frame(
          .call, [0, 0, 0, 1, 0, 0, 0, 1], flags: FrameHeader.end, call: 2))
      _ = try await slow.frame { $0.header.type == .result }
      // Everything that the server held for it: its credit, and a part of one message.
      let held = slow.frames.filter { $0.header.type == .data }.map(\.payload.count)
      let longest = held.max() ?? 0
      #expect(held.reduce(0, +) < limits.streamCreditInitial + longest && longest < 128 << 10)
      #expect(try changes(slow).count < events)
      try await slow.send(RawClient.frame(.credit, call: 1, argument: 60 << 20))
      // Each page is decoded once: all of them at each look would take longer than they do to come.
      var (looked, came) = (0, 0)
      try await eventually("not all changes came") {
        let pages = slow.frames.filter { $0.header.type == .data }
        for page in pages[looked...] {
          came += try Codec.decode(WatchPage.self, from: page.payload).changes.count
        }
        looked = pages.count
        return came >= events
      }
      let told = try changes(slow)
      #expect(told.map(\.position) == (1...UInt64(events)).map { $0 })
      #expect(told.allSatisfy { $0.ordinal == 0 && $0.event == "organisation.registered" })
      await slow.close()
      await client.close()
    }
  }

  @Test func `A watcher is told of what is committed while it waits, and no more once it leaves`()
    async throws
  {
    try await withRegistry { server, _ in
      let (raw, client) = (try await RawClient.connect(server), try await connect(server))
      try await raw.send(watch(["organisation"], id: 1))
      _ = try await raw.frame { $0.header.type == .data }
      for key in 0..<20 {
        try await record([Self.organisation(key)], client)
        if key % 5 == 0 {
          try await eventually("not told of \(key)") { try changes(raw).count == key + 1 }
        }
      }
      try await eventually("not told of all") { try changes(raw).count == 20 }
      try await raw.send(RawClient.frame(.cancel, call: 1))
      let status = try await raw.frame { $0.header.type == .status }.status
      #expect(status?.code == StatusCode.cancelled.rawValue)
      try await record([Self.organisation(20)], client)
      try await raw.send(watch(["organisation"], from: .from(20), id: 2))
      try await eventually("the second was not told") { try changes(raw).count >= 22 }
      #expect(try changes(raw).suffix(2).map(\.position) == [20, 21])
      await raw.close()
      await client.close()
    }
  }

  @Test func `Many who watch at once are each told of theirs alone, once and in order`()
    async throws
  {
    try await withRegistry { server, _ in
      let client = try await connect(server)
      let kinds = ["organisation", "officer", "credential", "registry"]
      var watchers: [RawClient] = []
      for at in 0..<40 {
        let watcher = try await RawClient.connect(server)
        try await watcher.send(watch([kinds[at % 4]], id: 1))
        _ = try await watcher.frame { $0.header.type == .data }
        watchers.append(watcher)
      }
      for part in 0..<100 {
        try await record((0..<3).map { Self.organisation(part * 3 + $0) }, client)
      }
      for (at, watcher) in watchers.enumerated() {
        let expected = at % 4 == 0 ? Array(1...300) : []
        try await eventually("watcher \(at) was not told of all") {
          try changes(watcher).count == expected.count
        }
        #expect(try changes(watcher).map { Int($0.position) } == expected)
        await watcher.close()
      }
      await client.close()
    }
  }

  @Test func `A cursor moves on where nothing is told`() async throws {
    try await withRegistry { server, _ in
      let (raw, client) = (try await RawClient.connect(server), try await connect(server))
      try await raw.send(watch(["officer"], id: 1))
      _ = try await raw.frame { $0.header.type == .data }
      for key in 0..<50 { try await record([Self.organisation(key)], client) }
      try await eventually("the cursor stands") {
        try raw.frames.last { $0.header.type == .data }.map {
          try Codec.decode(WatchPage.self, from: $0.payload).readTo == 51
        } ?? false
      }
      // Far fewer pages than commits.
      #expect(raw.frames.filter { $0.header.type == .data }.count < 25)
      await raw.close()
      await client.close()
    }
  }

  /// Waits for a frame of a call.
  private func frame(_ type: FrameType, of call: UInt32, _ client: RawClient) async throws
    -> RawFrame
  {
    try await client.frame { $0.header.type == type && $0.header.call == call }
  }

  @Test
  func `A server that stops ends a watch and a log that is followed alike, once it has said so`()
    async throws
  {
    try await withRegistry { server, _ in try await watchAndFollow(server) }
  }

  private func watchAndFollow(_ server: UjuziServer) async throws {
    let client = try await RawClient.connect(server)
    let follow = Codec.encode(ReadLogRequest(follow: true))
    try await client.send(watch(from: .from(0), id: 1))
    try await client.send(
      RawClient.frame(
        .call, [0, 0, 0, UInt8(Method.readLog.rawValue), 0, 0, 0, 1] + follow,
        flags: FrameHeader.end, call: 2))
    _ = try await frame(.data, of: 1, client)
    _ = try await frame(.data, of: 2, client)
    let drain = Task { await server.drain(grace: .seconds(60)) }
    _ = try await frame(.ping, of: 0, client)
    #expect(!client.frames.contains { $0.header.type == .status }, "before GOAWAY was read")
    try await client.send(RawClient.frame(.pong))
    let watched = try await frame(.status, of: 1, client).status
    let followed = try await frame(.status, of: 2, client).status
    for status in [watched, followed] {
      #expect(status?.code == StatusCode.unavailable.rawValue)
      #expect(status?.detail?.rule == "drain" && status?.notProcessed == false)
    }
    let said = client.frames.map(\.header.type.name)
    #expect(
      said.filter { $0 != "DATA" && $0 != "HELLO_OK" }
        == ["GOAWAY", "PING", "GOAWAY", "STATUS", "STATUS"])
    await drain.value
  }
}

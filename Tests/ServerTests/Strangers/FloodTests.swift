import LMDB
import Messages
import Server
import Testing
import UjuziClient
import Wire

/// Peers that keep to the letter of the protocol and ask for too much, or take nothing.
@Suite(.serialized) struct FloodTests {
  private static let floods: [(String, begin: [UInt8], frame: [UInt8], rule: String)] = {
    let idle = "ask for nothing"
    return [
      ("PING", [], RawClient.frame(.ping), idle),
      ("PONG", [], RawClient.frame(.pong), idle),
      ("CREDIT of 0 for the connection", [], RawClient.frame(.credit), idle),
      ("CREDIT that no message called for", [], RawClient.frame(.credit, argument: 1), idle),
      (
        "CREDIT of 0 for a stream", RawClient.call(.follow, id: 1),
        RawClient.frame(.credit, call: 1), idle
      ),
      ("CREDIT for no stream", [], RawClient.frame(.credit, call: 9, argument: 1), idle),
      (
        "DATA without a message", RawClient.exchange(.hoard, id: 1),
        RawClient.frame(.data, call: 1), idle
      ),
      ("the END of no call", [], RawClient.frame(.data, flags: FrameHeader.end, call: 9), idle),
      ("CANCEL of no call", [], RawClient.frame(.cancel, call: 9), "100 CANCELs"),
    ]
  }()

  @Test func `A flood of frames that ask for nothing ends its connection alone`() async throws {
    var limits = Limits.patient
    limits.idleFramesMax = 100
    (limits.cancelsMax, limits.cancelsPerSecond) = (100, 10)
    try await withServer(limits: limits) { server, _ in
      let bystander = try await connect(server)
      for (name, begin, frame, rule) in Self.floods {
        let offender = try await RawClient.connect(server)
        // So many that they are no part of two seconds each within the limit.
        try await offender.send(begin + Array(repeating: frame, count: 5_000).flatMap { $0 })
        let goAway = try await offender.frame { $0.header.type == .goAway }.goAway
        #expect(goAway?.message.contains(rule) == true, "\(name): \(goAway?.message ?? "")")
        #expect(goAway?.code == StatusCode.resourceExhausted.rawValue, "\(name)")
        try await eventually("\(name): not closed") { offender.isClosed }
        #expect(try await bystander.call(1, [1, 2]) == [2, 1], "\(name)")
      }
      await bystander.close()
    }
  }

  @Test func `What one connection sent is taken a part at a time, and all of it in order`()
    async throws
  {
    try await withServer { server, service in
      let client = try await RawClient.connect(server)
      let count = 5_000
      try await client.send(
        (1...UInt32(count)).flatMap { RawClient.call(.reverse, [UInt8($0 & 0xFF)], id: $0) })
      try await eventually("not all were answered") {
        client.frames.count { $0.header.type == .result } == count
      }
      #expect(client.frames.dropFirst().map(\.header.call) == Array(1...UInt32(count)))
      // Frames of a turn are a batch.
      #expect(service.state.withLock { $0.batches } >= count / 256)
      await client.close()
    }
  }

  @Test func `A frame that comes a byte at a time has the time of a frame, not of a byte`()
    async throws
  {
    var limits = Limits.patient
    limits.frameTimeoutMs = 100
    try await withServer(limits: limits) { server, _ in
      let bystander = try await connect(server)
      let slow = try await RawClient.connect(server)
      try? await slow.send(FrameHeader(.call, payloadLength: 100_000, flags: 1, call: 1).bytes)
      for _ in 0..<10_000 where !slow.frames.contains(where: { $0.header.type == .goAway }) {
        try? await slow.send([0])
        try await Task.sleep(nanoseconds: 1_000_000)
      }
      let goAway = try await slow.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.message.contains("not ended within 100 ms") == true)
      #expect(try await bystander.call(1, [1, 2]) == [2, 1])
      await bystander.close()
    }
  }

  @Test func `A greeting that comes a byte at a time has the time of a greeting`() async throws {
    var limits = Limits.patient
    limits.handshakeTimeoutMs = 100
    try await withServer(limits: limits) { server, _ in
      let slow = try await RawClient.connect(server, greet: false)
      // The greeting's time may be over before this is sent.
      try? await slow.send(Protocol.preface + FrameHeader(.hello, payloadLength: 4_000).bytes)
      for _ in 0..<4_000 where !slow.frames.contains(where: { $0.header.type == .goAway }) {
        try? await slow.send([0])
        try await Task.sleep(nanoseconds: 1_000_000)
      }
      let goAway = try await slow.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.message.contains("no HELLO within 100 ms") == true)
      try await eventually("not closed") { server.connections == 0 }
    }
  }

  @Test func `Who never reads is cut off also when less waits for it than holds its calls back`()
    async throws
  {
    var limits = Limits.patient
    limits.writeBufferHigh = 64 << 20
    limits.keepaliveMs = 50
    limits.keepaliveTimeoutMs = 50
    limits.stalledTimeoutMs = 200
    try await withServer(limits: limits) { server, _ in
      let offender = try await RawClient.connect(server)
      try await offender.setReading(false)
      // More than the kernel keeps on both sides.
      try await offender.send((1...10).flatMap { RawClient.call(.grow, [0x40, 0, 0], id: $0) })
      try await eventually("not cut off") { server.connections == 0 }
      await offender.close()
    }
  }

  @Test func `Half frames of all together are bounded, and whoever fits goes on`() async throws {
    var limits = Limits.patient
    limits.partialBytesMax = 110_000
    try await withServer(limits: limits) { server, _ in
      let request = Array(repeating: UInt8(1), count: 30_000)
      let whole = RawClient.call(.reverse, request, id: 1)
      var begun: [RawClient] = []
      // One after another, so that it is known whose bytes are too many.
      for number in 1...8 {
        let client = try await RawClient.connect(server)
        let before = await server.lines().last?.bytesRead ?? 0
        try await client.send(Array(whole.prefix(20_000)))
        if number <= 5 {
          try await eventually("not read") {
            await server.lines().last?.bytesRead == before + 20_000
          }
          begun.append(client)
        } else {
          let goAway = try await client.frame { $0.header.type == .goAway }.goAway
          #expect(goAway?.code == StatusCode.resourceExhausted.rawValue)
          #expect(goAway?.message.contains("begun too much") == true)
          try await eventually("not closed") { client.isClosed }
        }
      }
      let bystander = try await connect(server)
      #expect(try await bystander.call(1, [1, 2]) == [2, 1])
      for client in begun {
        try await client.send(Array(whole.dropFirst(20_000)))
        #expect(try await client.frame { $0.header.call == 1 }.payload == request)
        await client.close()
      }
      await bystander.close()
    }
  }

  @Test func `Answers that nobody reads are bounded of all together`() async throws {
    var limits = Limits.patient
    limits.writeBufferHigh = 64 << 10
    limits.unreadBytesMax = 12 << 20
    let log = LogLines()
    try await withServer(limits: limits, logger: log.logger) { server, service in
      let bystander = try await connect(server)
      // Small calls, so that all are begun; what they send is known only when they are answered,
      // and is more than the kernel keeps on both sides.
      let answer = Reply([UInt8](repeating: 1, count: 1 << 20))
      func ask(_ client: RawClient) async throws {
        try await client.setReading(false)
        try await client.send((1...10).flatMap { RawClient.call(.held, id: $0) })
        try await eventually("not begun") { service.state.withLock { $0.held.count } == 10 }
        let held = service.state.withLock { state in
          defer { state.held = [] }
          return state.held
        }
        for call in held { call.complete(.success(answer)) }
      }
      var offenders: [RawClient] = []
      for _ in 0..<4 {
        let offender = try await RawClient.connect(server)
        offenders.append(offender)
        try await ask(offender)
      }
      try await eventually("none is cut off") { server.connections < 5 }
      #expect(
        log.all.allSatisfy {
          $0 == "connection cut off: all connections together have too many answers unread"
        } && !log.all.isEmpty, "\(log.all)")
      #expect(try await bystander.call(1, [1, 2]) == [2, 1])
      for offender in offenders { await offender.close() }
      try await eventually("still counted") { server.connections == 1 }
      // What was counted is given back: another may leave as much unread, and read it then.
      let late = try await RawClient.connect(server)
      try await ask(late)
      try await late.setReading(true)
      for id: UInt32 in 1...10 { _ = try await late.frame { $0.header.call == id } }
      await late.close()
      await bystander.close()
    }
  }

  @Test func `What was kept of a peer is given back when it is refused, not when it leaves`()
    async throws
  {
    var limits = Limits.patient
    limits.partialBytesMax = 50_000
    limits.lingerTimeoutMs = 120_000
    try await withServer(limits: limits) { server, _ in
      let offender = try await RawClient.connect(server)
      try await offender.stay()
      try await offender.send(
        RawClient.call(.reverse, Array(repeating: 1, count: 70_000), id: 1).dropLast())
      try await eventually("not refused") { await server.lines().first?.phase == "closed" }
      #expect(server.connections == 1)
      let other = try await RawClient.connect(server)
      let bytes = RawClient.call(.reverse, Array(repeating: 1, count: 40_000), id: 1)
      try await other.send(Array(bytes.dropLast()))
      try await eventually("not read") { await server.lines().last?.bytesRead ?? 0 >= 40_000 }
      try await other.send(Array(bytes.suffix(1)))
      #expect(try await other.frame { $0.header.call == 1 }.payload.count == 40_000)
      await other.close()
      await offender.close()
    }
  }

  @Test func `A thousand idle connections keep nobody from an answer, and go when they leave`()
    async throws
  {
    // Each is two of this process's files, and other tests have theirs.
    let files = FileSystem.raiseOpenFilesMax() ?? 1_024
    let count = min(1_000, (files - 300) / 2)
    try #require(count >= 100, "this process may open \(files) files")
    try await withServer { server, _ in
      let bystander = try await connect(server)
      let idle = try await withThrowingTaskGroup(of: RawClient.self) { group in
        var idle: [RawClient] = []
        for number in 0..<count {
          if number >= 50, let client = try await group.next() { idle.append(client) }
          // Half of them say nothing at all.
          group.addTask {
            try await RawClient.connect(server, greet: number.isMultiple(of: 2))
          }
        }
        for try await client in group { idle.append(client) }
        return idle
      }
      try await eventually("not all are there") { server.connections == count + 1 }
      for number: UInt8 in 0..<50 {
        #expect(try await bystander.call(4, [number]) == [number])
      }
      let newcomer = try await connect(server)
      #expect(try await newcomer.call(1, [1, 2]) == [2, 1])
      await newcomer.close()
      for client in idle { await client.close() }
      try await eventually("some are left") { server.connections == 1 }
      await bystander.close()
    }
  }
}

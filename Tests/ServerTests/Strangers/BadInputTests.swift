import Messages
import Server
import Testing
import UjuziClient
import Wire

/// What a peer sends after its greeting, and the rule that GOAWAY names for it.
private let offences: [(String, [UInt8], String)] = [
  ("byte 0", [1] + FrameHeader(.ping).bytes.dropFirst(), "began with 1"),
  ("type", FrameHeader(.ping).bytes.replacing(4, 13), "no frame type 13"),
  ("flag", FrameHeader(.ping).bytes.replacing(5, 2), "flags 2"),
  ("length", FrameHeader(.call, payloadLength: 5 << 20, call: 1).bytes, "the limit is 4194304"),
  ("call id 0", RawClient.frame(.cancel, call: 0), "needs a call id"),
  ("R", FrameHeader(.cancel, call: 1).bytes.replacing(8, 0x80), "highest bit"),
  (
    "call id in use",
    RawClient.call(.held, id: 4) + RawClient.call(.held, id: 4), "call id 4 is in use"
  ),
  ("a server's frame", RawClient.frame(.result, call: 1), "sends no RESULT"),
  ("a second HELLO", RawClient.frame(.hello), "second HELLO"),
  ("a CALL without its head", RawClient.frame(.call, [0, 0], flags: 1, call: 1), "8 bytes"),
  (
    "a flood", Array(repeating: RawClient.frame(.ping), count: 3000).flatMap { $0 },
    "ask for nothing"
  ),
]

extension [UInt8] {
  fileprivate func replacing(_ index: Int, _ byte: UInt8) -> [UInt8] {
    var bytes = self
    bytes[index] = byte
    return bytes
  }
}

@Test func `Each offence ends its own connection with a reason, and no other`() async throws {
  try await withServer { server, _ in
    let bystander = try await connect(server)
    for (name, bytes, reason) in offences {
      let offender = try await RawClient.connect(server)
      try await offender.send(bytes)
      let goAway = try await offender.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.message.contains(reason) == true, "\(name): \(goAway?.message ?? "")")
      try await eventually("\(name): not closed") { offender.isClosed }
      #expect(try await bystander.call(1, [1, 2, 3]) == [3, 2, 1], "\(name)")
    }
    await bystander.close()
  }
}

@Test func `A connection that begins otherwise is refused at once`() async throws {
  try await withServer { server, _ in
    let prefaces: [[UInt8]] = [
      Array("GET / HTTP/1.1\r\n\r\n".utf8), [0x16, 3, 1], [0x89, 0x55, 0x4A, 0x5A, 0x0A],
    ]
    for bytes in prefaces {
      let offender = try await RawClient.connect(server, greet: false)
      try await offender.send(bytes)
      let goAway = try await offender.frame { $0.header.type == .goAway }.goAway
      #expect(goAway?.message.contains("preface") == true)
      try await eventually("not closed") { offender.isClosed }
    }
    let early = try await RawClient.connect(server, greet: false)
    try await early.send(Protocol.preface + RawClient.call(.reverse, id: 1))
    let goAway = try await early.frame { $0.header.type == .goAway }.goAway
    #expect(goAway?.message.contains("HELLO") == true)
  }
}

@Test func `A version that the server does not speak, and a HELLO that is none, get HELLO_NO`()
  async throws
{
  try await withServer { server, _ in
    for hello in [Codec.encode(Hello(versionMin: 2, versionMax: 9)), [0xFF, 0xFF, 0xFF]] {
      let client = try await RawClient.connect(server, greet: false)
      try await client.send(Protocol.preface + RawClient.frame(.hello, hello))
      let no = try await client.frame { $0.header.type == .helloNo }
      let message = try Codec.decode(HelloNo.self, from: no.payload)
      #expect(message.versionMax == Protocol.version && !message.message.isEmpty)
      try await eventually("not closed") { client.isClosed }
    }
  }
}

@Test func `Who sends no HELLO is let go`() async throws {
  var limits = Limits.patient
  limits.handshakeTimeoutMs = 50
  try await withServer(limits: limits) { server, _ in
    let silent = try await RawClient.connect(server, greet: false)
    let goAway = try await silent.frame { $0.header.type == .goAway }.goAway
    #expect(goAway?.message.contains("HELLO") == true)
    try await eventually("not closed") { silent.isClosed }
  }
}

@Test(arguments: [true, false]) func `Who sends half a frame is let go`(isStalled: Bool)
  async throws
{
  var limits = Limits.patient
  if isStalled { limits.frameProgressMs = 50 } else { limits.frameTimeoutMs = 50 }
  try await withServer(limits: limits) { server, _ in
    let cut = try await RawClient.connect(server)
    try await cut.send(Array(RawClient.call(.reverse, [1, 2, 3], id: 1).dropLast()))
    let goAway = try await cut.frame { $0.header.type == .goAway }.goAway
    let says = isStalled ? "less than 1024 bytes came within 50 ms" : "not ended within 50 ms"
    #expect(goAway?.message.contains(says) == true, "\(goAway?.message ?? "nothing")")
    try await eventually("not closed") { cut.isClosed }
  }
}

@Test func `Who says nothing for long is let go, unless a call is open`() async throws {
  var limits = Limits.patient
  limits.idleTimeoutMs = 200
  try await withServer(limits: limits) { server, service in
    // In one write: it is idle from HELLO on, and a busy machine leaves no gap before the call.
    let busy = try await RawClient.connect(server, greet: false)
    try await busy.send(RawClient.greeting + RawClient.call(.held, id: 1))
    try await eventually("not begun") { service.state.withLock { !$0.held.isEmpty } }
    let idle = try await RawClient.connect(server)
    _ = try await idle.frame { $0.header.type == .goAway }
    try await eventually("not closed") { idle.isClosed }
    #expect(!busy.isClosed)
    service.release()
    _ = try await busy.frame { $0.header.type == .result }
  }
}

@Test func `A connection beyond the limit gets HELLO_NO`() async throws {
  var limits = Limits.patient
  limits.connectionsMax = 1
  try await withServer(limits: limits) { server, _ in
    let first = try await connect(server)
    await #expect(throws: ConnectionFailure.self) { _ = try await connect(server) }
    await first.close()
    try await eventually("no room again") { server.connections == 0 }
    let second = try await connect(server)
    #expect(try await second.call(1, [1, 2]) == [2, 1])
    await second.close()
  }
}

@Test func `A client that sends one byte at a time is served`() async throws {
  try await withServer { server, _ in
    let client = try await RawClient.connect(server, greet: false)
    let bytes = RawClient.greeting + RawClient.call(.reverse, [1, 2, 3], id: 1)
    for byte in bytes { try await client.send([byte]) }
    let result = try await client.frame { $0.header.type == .result }
    #expect(result.payload == [3, 2, 1] && result.header.call == 1)
    await client.close()
  }
}

@Test func `Only a loopback address is listened on, and a port only once`() async throws {
  for host in ["0.0.0.0", "::", "192.0.2.1", "no such host"] {
    await #expect(throws: ListenFailure.self) {
      try await listen(host, 0)
    }
  }
  try await withServer { server, _ in
    await #expect(throws: ListenFailure.self) { try await listen("127.0.0.1", server.port) }
  }
}

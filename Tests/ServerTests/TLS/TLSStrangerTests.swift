import NIOSSL
import Server
import Testing
import Wire

/// Peers that are no ujuzi client, or no ujuzi server, or not of these days.
struct TLSStrangerTests {
  /// How a client's handshake differs, what the client sees and what the server's log says.
  static let clients:
    [(
      name: String, certificate: String?, change: @Sendable (inout TLSConfiguration) -> Void,
      sees: String, log: String
    )] = [
      (
        "TLS 1.2", "agency",
        { tls in
          tls.applicationProtocols = ["ujuzi/1"]
          (tls.minimumTLSVersion, tls.maximumTLSVersion) = (.tlsv12, .tlsv12)
        }, "PROTOCOL_VERSION", "connection refused: the client does not speak TLS 1.3"
      ),
      (
        "no certificate", nil, { $0.applicationProtocols = ["ujuzi/1"] }, "CERTIFICATE_REQUIRED",
        "connection refused: the client sent no certificate"
      ),
      (
        "no ALPN", "agency", { _ in }, "",
        "connection refused: the client did not name ujuzi/1 in ALPN"
      ),
      (
        "another ALPN", "agency", { $0.applicationProtocols = ["h2", "ujuzi/2"] }, "",
        "connection refused: the client did not name ujuzi/1 in ALPN"
      ),
    ]

  @Test(arguments: clients.indices)
  func `A client that does not speak as it must is closed, and the log says why`(row: Int)
    async throws
  {
    let (name, certificate, change, sees, line) = Self.clients[row]
    let authority = try Authority()
    let log = LogLines()
    try await withServer(tls: try authority.server(), logger: log.logger) { server, _ in
      let met = try await TLSStranger.meet(
        port: server.port, authority, certificate: certificate, change)
      #expect(met.bytes.isEmpty, "\(name)")
      if sees.isEmpty {
        #expect(met.agreed == "nothing" && met.errors.isEmpty, "\(name): \(met)")
      } else {
        #expect(met.errors.contains { $0.contains(sees) }, "\(name): \(met)")
      }
      try await eventually("\(name): \(log.all)") { log.all == [line] }
    }
  }

  @Test func `Who says nothing inside of TLS is closed with a reason, in one time for both`()
    async throws
  {
    let authority = try Authority()
    var limits = Limits.patient
    limits.handshakeTimeoutMs = 500
    let log = LogLines()
    try await withServer(
      limits: limits, tls: try authority.server(), logger: log.logger
    ) { server, _ in
      let met = try await TLSStranger.meet(
        port: server.port, authority, certificate: "agency"
      ) { $0.applicationProtocols = ["h2", "ujuzi/1"] }
      // On a busy machine the handshake alone may take the time.
      let heard = String(decoding: met.bytes, as: UTF8.self)
      #expect(
        met.agreed == "ujuzi/1" && heard.contains("no HELLO within 500 ms")
          || log.all == ["connection refused: no TLS handshake within 500 ms"],
        "\(met), \(log.all)")
    }
  }

  @Test func `Who does not even shake hands is closed in the time for HELLO`() async throws {
    let authority = try Authority()
    var limits = Limits.patient
    limits.handshakeTimeoutMs = 50
    let log = LogLines()
    try await withServer(
      limits: limits, tls: try authority.server(), logger: log.logger
    ) { server, _ in
      let silent = try await RawClient.connect(server, greet: false)
      try await eventually("not closed") { silent.isClosed }
      try await eventually("still counted") { server.connections == 0 }
      #expect(log.all == ["connection refused: no TLS handshake within 50 ms"])
    }
  }

  @Test(arguments: [true, false])
  func `Of too many that shake no hands the oldest gives its place to the next`(isFull: Bool)
    async throws
  {
    let authority = try Authority()
    var limits = Limits.patient
    if isFull { limits.connectionsMax = 2 } else { limits.handshakesMax = 2 }
    let log = LogLines()
    try await withServer(
      limits: limits, tls: try authority.server(), logger: log.logger
    ) { server, _ in
      let first = try await RawClient.connect(server, greet: false)
      try await eventually("the first is not counted") { server.connections == 1 }
      let second = try await RawClient.connect(server, greet: false)
      try await eventually("the second is not counted") { server.connections == 2 }
      try await TLSTests.expect("let in", server, authority.client("agency"))
      try await eventually("the oldest is still there") { first.isClosed }
      #expect(!second.isClosed)
      #expect(
        log.all == [
          "connection refused: too many TLS handshakes were not done, and this was the oldest of "
            + "the address with the most"
        ])
      await second.close()
      try await eventually("still counted") { server.connections == 0 }
    }
  }

  @Test func `Who begins many handshakes takes no place of another address`() async throws {
    let authority = try Authority()
    var limits = Limits.patient
    limits.handshakesMax = 4
    try await withServer(limits: limits, tls: try authority.server()) { server, _ in
      // The oldest of all, over a slow line.
      let slow = try await RawClient.connect(server, greet: false, from: "127.0.0.2")
      try await eventually("not counted") { server.connections == 1 }
      var many: [RawClient] = []
      for number in 1...12 {
        many.append(try await RawClient.connect(server, greet: false))
        try await eventually("not counted") { server.connections == min(1 + number, 4) }
      }
      try await eventually("still there") { many.count { $0.isClosed } == 9 }
      #expect(!slow.isClosed)
      await slow.close()
      for one in many { await one.close() }
    }
  }

  @Test func `When all places are taken by those that are in, a handshake is not begun`()
    async throws
  {
    let authority = try Authority()
    var limits = Limits.patient
    limits.connectionsMax = 1
    try await withServer(limits: limits, tls: try authority.server()) { server, _ in
      let inside = try await TLSTests.connect(server, authority.client("agency"))
      try await TLSTests.expect(
        "The server closed the connection before it greeted: it has no room, or does not speak "
          + "ujuzi/1.", server, authority.client("agency"))
      await inside.close()
      try await eventually("still counted") { server.connections == 0 }
      try await TLSTests.expect("let in", server, authority.client("agency"))
    }
  }

  @Test func `One principal does not take the places of others`() async throws {
    let authority = try Authority()
    var limits = Limits.patient
    limits.connectionsOfOneMax = 2
    try await withServer(limits: limits, tls: try authority.server()) { server, _ in
      let first = try await TLSTests.connect(server, authority.client("agency"))
      let second = try await TLSTests.connect(server, authority.client("agency"))
      let said = try await TLSTests.refusal(server, authority.client("agency"))
      #expect(said.contains("urn:test:agency has 2 connections open"), "\(said)")
      try await TLSTests.expect("let in", server, authority.client("registrar"))
      await first.close()
      try await eventually("still counted") {
        try await TLSTests.refusal(server, authority.client("agency")) == "let in"
      }
      await second.close()
    }
  }

  /// How a server differs, and what the client says of it.
  static let servers:
    [(days: Days, change: @Sendable (inout TLSConfiguration) -> Void, says: String)] = [
      (.expired, { _ in }, "The server's certificate expired on "),
      (.notYet, { _ in }, "The server's certificate is not valid before "),
      (Days(), { $0.maximumTLSVersion = .tlsv12 }, "The server does not speak TLS 1.3."),
      (
        Days(), { $0.applicationProtocols = [] },
        "The server speaks TLS, but not ujuzi/1: is it a ujuzi server?"
      ),
    ]

  @Test(arguments: servers.indices)
  func `A client says what is wrong with a server`(row: Int) async throws {
    let (days, change, says) = Self.servers[row]
    let authority = try Authority()
    _ = try authority.server()
    try authority.issue("server", Authority.thisMachine, days)
    try await TLSStranger.serve(authority, certificate: "server", change) { port in
      let said = try await TLSTests.refusal(port: port, authority.client("agency"))
      #expect(said.hasPrefix(says), "\(said)")
    }
  }
}

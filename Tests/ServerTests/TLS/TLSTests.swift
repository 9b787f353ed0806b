import Access
import Messages
import NIOPosix
import Server
import Testing
import UjuziClient
import Wire

/// Who is let in, and what is said to whoever is not.
struct TLSTests {
  static func connect(
    _ server: UjuziServer, _ tls: ClientTLS?, host: String = "127.0.0.1"
  ) async throws -> Connection {
    try await Connection.connect(
      host: host, port: server.port, name: "test", tls: tls,
      group: MultiThreadedEventLoopGroup.singleton, timeoutMs: 60_000)
  }

  /// Tries to connect, and holds what is said against what should be.
  static func expect(
    _ sentence: String, _ server: UjuziServer, _ tls: ClientTLS?, host: String = "127.0.0.1",
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    let said = try await refusal(server, tls, host: host)
    #expect(said == sentence, sourceLocation: sourceLocation)
  }

  /// What a client is told that is not let in.
  static func refusal(
    _ server: UjuziServer, _ tls: ClientTLS?, host: String = "127.0.0.1"
  ) async throws -> String {
    try await refusal(port: server.port, tls, host: host)
  }

  static func refusal(
    port: Int, _ tls: ClientTLS?, host: String = "127.0.0.1"
  ) async throws -> String {
    do {
      let client = try await Connection.connect(
        host: host, port: port, name: "test", tls: tls,
        group: MultiThreadedEventLoopGroup.singleton, timeoutMs: 60_000)
      await client.close()
      return "let in"
    } catch let failure as ConnectionFailure {
      return failure.sentence
    }
  }

  @Test(arguments: ["127.0.0.1", "localhost"])
  func `A client with a certificate is who its certificate says`(host: String) async throws {
    let authority = try Authority()
    try await withServer(tls: try authority.server()) { server, service in
      let client = try await Self.connect(server, authority.client("registrar"), host: host)
      #expect(try await client.call(1, [1, 2, 3]) == [3, 2, 1])
      let held = client.send(5, [])
      try await eventually("the call did not arrive") {
        service.state.withLock { !$0.held.isEmpty }
      }
      #expect(service.state.withLock { $0.held[0].context.principal } == "urn:test:registrar")
      service.release()
      _ = try await held.bytes()
      await client.close()
    }
  }

  @Test func `Many calls and long streams go over TLS as they do without`() async throws {
    let authority = try Authority()
    try await withServer(tls: try authority.server()) { server, _ in
      let agency = try await Self.connect(server, authority.client("agency"))
      let large = [UInt8](repeating: 5, count: 300_000)
      async let long = agency.call(1, large)
      async let grown = agency.call(2, [0x04, 0, 0])
      for number in 0..<100 {
        #expect(try await agency.call(4, [UInt8(number)]) == [UInt8(number)])
      }
      #expect(try await long == large)
      #expect(try await grown.count == 4 << 16)
      await agency.close()
      let auditor = try await Self.connect(server, authority.client("auditor"))
      var messages = 0
      for try await message in auditor.stream(6, [0x07, 0xD0]) {
        messages += 1
        #expect(message.count == 1000)
      }
      #expect(messages == 2000)
      await auditor.close()
    }
  }

  @Test func `A method that the principal's roles do not open is not begun`() async throws {
    let authority = try Authority()
    try await withServer(tls: try authority.server()) { server, service in
      let client = try await Self.connect(server, authority.client("auditor"))
      for method: UInt32 in [1, 4] {
        let status = await #expect(throws: CallStatus.self) {
          _ = try await client.call(method, [])
        }
        #expect(
          status
            == CallStatus(
              .permissionDenied,
              "Toy.\(method) is for registrar, agency; urn:test:auditor is auditor.",
              rule: "role", notProcessed: true))
      }
      #expect(service.state.withLock { $0.batches } == 0)
      let stream = try await Self.connect(server, authority.client("agency"))
      let status = await #expect(throws: CallStatus.self) {
        for try await _ in stream.stream(6, [1]) {}
      }
      #expect(status?.code == .permissionDenied && status?.rule == "role")
      await client.close()
      await stream.close()
    }
  }

  @Test func `Every method is for somebody, and whether the server is well is for everybody`() {
    for method in Method.allCases {
      #expect(Roles(words: method.roles)?.isEmpty == false, "\(method.name)")
    }
    for method in [Method.check, .describe] { #expect(Roles(words: method.roles) == .every) }
    #expect(Method.record.roles == "registrar")
  }

  @Test func `A certificate out of its days, or of another authority, is refused`() async throws {
    let authority = try Authority()
    let other = try Authority("another")
    try other.issue("registrar", [.uniformResourceIdentifier("urn:test:registrar")])
    let files = try authority.server()
    try authority.issue("old", [.uniformResourceIdentifier("urn:test:registrar")], .expired)
    try authority.issue("early", [.uniformResourceIdentifier("urn:test:registrar")], .notYet)
    try await withServer(tls: files) { server, _ in
      let old = try await Self.refusal(server, authority.client("old"))
      #expect(
        old.wholeMatch(of: /The server refused the client's certificate: it expired on .*Z\./)
          != nil, "\(old)")
      let early = try await Self.refusal(server, authority.client("early"))
      #expect(
        early.wholeMatch(
          of: /The server refused the client's certificate: it is not valid before .*Z\./) != nil,
        "\(early)")
      try await Self.expect(
        "The server refused the client's certificate: it comes from no authority that the server "
          + "knows (it was signed by another).", server, authority.client("registrar", of: other))
    }
  }

  @Test func `The principal is the one URI of the certificate`() async throws {
    let authority = try Authority()
    let files = try authority.server()
    let registrar = "urn:test:registrar"
    try authority.issue("none", [.dnsName("localhost")])
    try authority.issue("bare", [])
    try authority.issue(
      "two", [.uniformResourceIdentifier(registrar), .uniformResourceIdentifier("urn:test:agency")])
    try authority.issue(
      "twice", [.uniformResourceIdentifier(registrar), .uniformResourceIdentifier(registrar)])
    try authority.issue(
      "long", [.uniformResourceIdentifier("urn:" + String(repeating: "a", count: 197))])
    try authority.issue("unknown", [.uniformResourceIdentifier("urn:test:stranger")])
    try authority.issue(
      "beside", [.dnsName("localhost"), .uniformResourceIdentifier(registrar), .rfc822Name("a@b")])
    let no = "The server refused the connection: "
    let count =
      " in its subjectAltName, and the principal is the one that there must be."
    try await withServer(tls: files) { server, _ in
      for (name, sentence) in [
        ("none", "You are not authenticated: the client certificate has no URI" + count),
        ("bare", "You are not authenticated: the client certificate has no URI" + count),
        ("two", "You are not authenticated: the client certificate has 2 URIs" + count),
        ("twice", "You are not authenticated: the client certificate has 2 URIs" + count),
        (
          "long",
          "You are not authenticated: the URI in the client certificate's subjectAltName is longer "
            + "than 200 bytes, or no URI."
        ),
        ("unknown", "The principal urn:test:stranger has no role in this registry."),
      ] {
        try await Self.expect(no + sentence, server, authority.client(name))
      }
      try await Self.expect("let in", server, authority.client("beside"))
    }
  }

  @Test func `A server whose certificate is for another host is not believed`() async throws {
    let authority = try Authority()
    let files = try authority.server()
    try authority.issue("server", [.dnsName("registry.example")])
    try await withServer(tls: files) { server, _ in
      for host in ["127.0.0.1", "localhost"] {
        try await Self.expect(
          "The server's certificate is not for \(host).", server, authority.client("registrar"),
          host: host)
      }
    }
  }

  @Test func `A server of an unknown authority is not believed`() async throws {
    let authority = try Authority()
    let other = try Authority("another")
    try other.issue("registrar", [.uniformResourceIdentifier("urn:test:registrar")])
    try await withServer(tls: try authority.server()) { server, _ in
      try await Self.expect(
        "The server's certificate comes from an authority, and neither that authority nor, with "
          + "what was sent, one above it is among the roots.", server, other.client("registrar"))
    }
  }

  @Test func `Plaintext and TLS tell each other`() async throws {
    let authority = try Authority()
    let files = try authority.server()
    try await withServer(tls: files) { server, _ in
      try await Self.expect(
        "The server speaks TLS: connect with certificates (--tls-roots, --tls-certificate, "
          + "--tls-key).", server, nil)
    }
    try await withServer { server, _ in
      try await Self.expect(
        "The server does not speak TLS: connect without the certificates (without --tls-…).",
        server, authority.client("registrar"))
    }
  }
}

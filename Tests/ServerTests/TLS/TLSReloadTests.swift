import Foundation
import Locking
import Logging
import NIOPosix
import NIOSSL
import Server
import Testing
import UjuziClient
import Wire
import X509

/// Files that change while the server runs, and time that passes.
struct TLSReloadTests {
  @Test func `A new certificate is shown to new connections, once its key is there too`()
    async throws
  {
    let authority = try Authority()
    let log = LogLines()
    let files = try authority.server()
    try authority.issue("server", [.dnsName("registry.example")])
    try await withServer(tls: files, logger: log.logger) { server, _ in
      let agency = authority.client("agency")
      try await TLSTests.expect(
        "The server's certificate is not for localhost.", server, agency,
        host: "localhost")
      try authority.issue("next", Authority.thisMachine)
      try authority.copy("next.pem", to: "server.pem")
      await server.reload()
      await server.reload()
      try await TLSTests.expect(
        "The server's certificate is not for localhost.", server, agency,
        host: "localhost")
      try authority.copy("next.key", to: "server.key")
      await server.reload()
      try await TLSTests.expect("let in", server, agency, host: "localhost")
      #expect(
        Self.sentences(log).filter { !$0.contains("refused") } == [
          "the credentials stay as they were: the key in \(files.key) is not that of the "
            + "certificate in \(files.certificate).",
          "new credentials are in force",
        ])
    }
  }

  /// The lines without the reason that TLS's library gave for them.
  private static func sentences(_ log: LogLines) -> [String] {
    log.all.map { $0.replacing(#/ \(failed\w+\)$/#, with: "") }
  }

  @Test(arguments: [
    ("server.pem", "nothing", "server.pem holds no certificate in PEM."),
    ("server.key", "nothing", "server.key holds no private key in PEM."),
    ("roots.pem", "", "roots.pem holds no certificate in PEM."),
    ("roles.json", "{}", "roles.json, line 1: the key \"principals\" is missing."),
  ])
  func `A broken file leaves the old in force, and the log says why once`(
    name: String, text: String, sentence: String
  ) async throws {
    let authority = try Authority()
    let log = LogLines()
    try await withServer(tls: try authority.server(), logger: log.logger) { server, _ in
      let whole = try authority.read(name)
      try authority.write(name, text)
      await server.reload()
      await server.reload()
      // The client's own roots may be the broken file.
      let agency = try await connect(authority, server, name, whole)
      #expect(try await agency.call(1, [1]) == [1])
      try authority.write(name, whole)
      await server.reload()
      let part = name == "roles.json" ? "roles" : "credentials"
      #expect(
        Self.sentences(log) == ["the \(part) stay as they were: \(authority.path(sentence))"],
        "\(log.all)")
      await agency.close()
    }
  }

  private func connect(
    _ authority: Authority, _ server: UjuziServer, _ name: String, _ whole: String
  ) async throws -> Connection {
    try authority.write("believed.pem", name == "roots.pem" ? whole : authority.read("roots.pem"))
    var tls = authority.client("agency")
    tls.roots = authority.path("believed.pem")
    return try await TLSTests.connect(server, tls)
  }

  @Test func `A file that went away leaves the old in force`() async throws {
    let authority = try Authority()
    let log = LogLines()
    let files = try authority.server()
    try await withServer(tls: files, logger: log.logger) { server, _ in
      try authority.remove("roles.json")
      await server.reload()
      try await TLSTests.expect("let in", server, authority.client("agency"))
      let line = try #require(log.all.first)
      #expect(line.hasPrefix("the roles stay as they were: \(files.roles) cannot be read: "))
    }
  }

  @Test func `New roots hold for new connections`() async throws {
    let authority = try Authority()
    let other = try Authority("another")
    try other.issue("agency", [.uniformResourceIdentifier("urn:test:agency")])
    var files = try authority.server()
    try authority.write("believed.pem", try authority.read("roots.pem"))
    files.roots = authority.path("believed.pem")
    try await withServer(tls: files) { server, _ in
      let open = try await TLSTests.connect(server, authority.client("agency"))
      try authority.write("believed.pem", try other.read("roots.pem"))
      await server.reload()
      try await TLSTests.expect("let in", server, authority.client("agency", of: other))
      try await TLSTests.expect(
        "The server refused the client's certificate: it comes from no authority that the server "
          + "knows (it was signed by an authority).", server, authority.client("agency"))
      #expect(try await open.call(1, [1, 2]) == [2, 1])
      await open.close()
    }
  }

  @Test func `New roles hold for the next call of an open connection, and end what they close`()
    async throws
  {
    let authority = try Authority()
    try await withServer(tls: try authority.server()) { server, service in
      let client = try await TLSTests.connect(server, authority.client("auditor"))
      var messages = client.stream(7, []).makeAsyncIterator()
      service.publish([1])
      #expect(try await messages.next() == [1])
      try authority.grant(#""urn:test:auditor": ["agency"]"#)
      await server.reload()
      #expect(try await client.call(1, [1, 2]) == [2, 1])
      let refused = await #expect(throws: CallStatus.self) { () async throws in
        _ = try await messages.next()
      }
      #expect(
        refused
          == CallStatus(
            .permissionDenied, "Toy.7 is for auditor; urn:test:auditor is agency.", rule: "role"))
      try await eventually("the stream is open") { service.state.withLock { $0.pagesClosed == 1 } }
      await client.close()
    }
  }

  @Test func `Who has no role any longer is told, and the connection ends`() async throws {
    let authority = try Authority()
    try await withServer(tls: try authority.server()) { server, service in
      let client = try await TLSTests.connect(server, authority.client("agency"))
      let held = client.send(5, [])
      try await eventually("not begun") { service.state.withLock { !$0.held.isEmpty } }
      try authority.grant(#""urn:test:auditor": ["auditor"]"#)
      await server.reload()
      let ended = await #expect(throws: ConnectionFailure.self) { () async throws in
        _ = try await held.bytes()
      }
      #expect(
        ended?.sentence
          == "The server ends the connection: The principal urn:test:agency has no role in this "
          + "registry.")
      try await eventually("still open") { server.connections == 0 }
    }
  }

  @Test func `An open connection ends when its certificate expires`() async throws {
    let authority = try Authority()
    let clock = Mutex(WallClock.now())
    try await withServer(
      tls: try authority.server(), clock: { clock.withLock { $0 } }
    ) { server, service in
      let client = try await TLSTests.connect(server, authority.client("agency"))
      let held = client.send(5, [])
      try await eventually("not begun") { service.state.withLock { !$0.held.isEmpty } }
      await server.reload()
      #expect(server.connections == 1)
      // The certificate holds for a day.
      clock.withLock { $0 += 2 * 86_400 }
      await server.reload()
      let ended = await #expect(throws: ConnectionFailure.self) { () async throws in
        _ = try await held.bytes()
      }
      let sentence = ended?.sentence ?? ""
      #expect(
        sentence.wholeMatch(
          of:
            /The server ends the connection: The connection ends: the client certificate expired on .*Z\./
        ) != nil, "\(sentence)")
      try await eventually("still open") { server.connections == 0 }
    }
  }

  @Test func `A certificate's last second ends its connection without anybody's doing`()
    async throws
  {
    let authority = try Authority()
    let files = try authority.server()
    try authority.issue("server", Authority.thisMachine, Days(until: 3))
    let clock = Mutex(try authority.lastSecond("agency"))
    try await withServer(tls: files, clock: { clock.withLock { $0 } }) { server, service in
      let client = try await TLSTests.connect(server, authority.client("agency"))
      let held = client.send(5, [])
      try await eventually("not begun") { service.state.withLock { !$0.held.isEmpty } }
      clock.withLock { $0 += 1 }
      let ended = await #expect(throws: ConnectionFailure.self) { () async throws in
        _ = try await held.bytes()
      }
      #expect(ended?.sentence.contains("the client certificate expired on ") == true)
    }
  }

  @Test func `The server looks at its files by itself`() async throws {
    let authority = try Authority()
    var files = try authority.server()
    files.lookEveryMs = 20
    try await withServer(tls: files) { server, _ in
      try authority.grant(#""urn:test:auditor": ["auditor"]"#)
      try await eventually("the old roles are in force") {
        try await TLSTests.refusal(server, authority.client("agency"))
          .contains("The principal urn:test:agency has no role")
      }
    }
  }

  @Test func `A server does not start with files that it could not put in force`() async throws {
    let authority = try Authority()
    let files = try authority.server()
    try authority.issue("old", Authority.thisMachine, .expired)
    try authority.issue("early", Authority.thisMachine, .notYet)
    try authority.write("empty.json", "")
    for (change, sentence) in [
      ({ $0.certificate = authority.path("none.pem") }, "none.pem cannot be read: "),
      ({ $0.certificate = authority.path("old.pem") }, "old.pem: the certificate expired on "),
      (
        { $0.certificate = authority.path("early.pem") },
        "early.pem: the certificate is not valid before "
      ),
      ({ $0.key = authority.path("agency.key") }, "agency.key is not that of the certificate in "),
      ({ $0.roles = authority.path("empty.json") }, "empty.json, line 1: { is missing: "),
    ] as [((inout ServerTLS) -> Void, String)] {
      var changed = files
      change(&changed)
      let given = changed
      let failure = await #expect(throws: ListenFailure.self) { () async throws in
        _ = try await UjuziServer(
          ToyService(), host: "127.0.0.1", port: 0, tls: given,
          group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
      }
      #expect(failure?.sentence.contains(sentence) == true, "\(failure?.sentence ?? "none")")
    }
  }

  @Test func `With TLS any address may be listened on`() async throws {
    let authority = try Authority()
    let server = try await UjuziServer(
      ToyService(), host: "0.0.0.0", port: 0, tls: try authority.server(),
      group: MultiThreadedEventLoopGroup.singleton, logger: Logger(label: "test"))
    try await TLSTests.expect("let in", server, authority.client("agency"))
    await server.drain()
    let refused = await #expect(throws: ListenFailure.self) { try await listen("0.0.0.0", 0) }
    #expect(
      refused?.sentence
        == "0.0.0.0 is not a loopback address: without TLS only 127.0.0.1 or ::1 may be listened "
        + "on.")
  }
}

extension Authority {
  func read(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  /// Until when a certificate holds, in seconds since 1970.
  func lastSecond(_ name: String) throws -> Int64 {
    Int64(try NIOSSLCertificate.fromPEMFile(path(name + ".pem"))[0].notValidAfter)
  }

  func copy(_ name: String, to other: String) throws { try write(other, try read(name)) }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(atPath: path(name))
  }
}

import Foundation
import Registry
import Testing
import UjuziClient

/// Certificates that the program makes, and who may do what with them.
struct KeysTests {
  static func tls(_ keys: String) -> [String] {
    [
      "--tls-certificate", keys + "/server.pem", "--tls-key", keys + "/server.key",
      "--tls-roots", keys + "/ca.pem", "--roles", keys + "/roles.json",
    ]
  }

  static func identity(_ keys: String, _ name: String) -> [String: String] {
    [
      "UJUZI_TLS_ROOTS": keys + "/ca.pem", "UJUZI_TLS_CERTIFICATE": "\(keys)/\(name).pem",
      "UJUZI_TLS_KEY": "\(keys)/\(name).key",
    ]
  }

  @Test func `Development keys serve and ask, each principal within its roles`() throws {
    let program = try Program()
    let keys = program.folder + "/keys"
    let made = try program.run("keys", "dev", "--out", keys)
    #expect(made.status == 0 && made.error.isEmpty, "\(made)")
    for name in ["registrar", "agency", "auditor"] {
      #expect(made.out.contains("as urn:ujuzi:dev:\(name) (\(name)):"))
      #expect(made.out.contains("UJUZI_TLS_CERTIFICATE=\(keys)/\(name).pem"))
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: keys)
    where name.hasSuffix(".key") {
      let attributes = try FileManager.default.attributesOfItem(atPath: keys + "/" + name)
      #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
    }

    try program.serve(Self.tls(keys))
    let bare = try program.run("status")
    #expect(bare.status == 2)
    #expect(
      bare.error
        == "ujuzi: The server speaks TLS: connect with certificates (--tls-roots, "
        + "--tls-certificate, --tls-key).\n")

    let events = program.folder + "/events.jsonl"
    let line =
      #"{"stream": "registry/ke", "effective": "2022-01-01", "registry": {"established": "#
      + #"{"jurisdiction": "ke", "time_zone": "Africa/Nairobi"}}}"#
    try Data((line + "\n").utf8).write(to: URL(fileURLWithPath: events))
    program.environment = Self.identity(keys, "agency")
    let denied = try program.run("record", events)
    #expect(
      denied.error.contains(
        "Registrar.RecordMany is for registrar; urn:ujuzi:dev:agency is agency. (PERMISSION_DENIED)"
      ),
      "\(denied)")
    program.environment = Self.identity(keys, "registrar")
    let recorded = try program.run("record", events)
    #expect(recorded.status == 0 && recorded.out.contains("1 recorded"), "\(recorded)")

    // The actor is who recorded.
    program.environment = Self.identity(keys, "auditor")
    let log = try program.run("log", "--actor", "urn:ujuzi:dev:registrar")
    #expect(log.status == 0 && log.out.contains("registry/ke"), "\(log)")
    let loopback = try program.run("log", "--actor", "loopback")
    #expect(!loopback.out.contains("registry/ke"), "\(loopback)")

    // A server's certificate is for servers.
    program.environment = Self.identity(keys, "server")
    let server = try program.run("status")
    #expect(
      server.error
        == "ujuzi: The server refused the client's certificate: unsupported_certificate.\n")
    #expect(program.terminate() == 0)
    try program.end()
  }

  @Test func `Roles that change are taken at SIGHUP`() throws {
    let program = try Program()
    let keys = program.folder + "/keys"
    _ = try program.run(
      "keys", "dev", "--out", keys, "--principal", "urn:example:hr=registrar,auditor",
      "--principal", "https://example.org/audit=auditor", "--host", "registry.example")
    program.environment = Self.identity(keys, "hr")
    try program.serve(Self.tls(keys))
    #expect(try program.run("status").status == 0)
    let roles = URL(fileURLWithPath: keys + "/roles.json")
    try Data(#"{"principals": {"https://example.org/audit": ["auditor"]}}"#.utf8).write(to: roles)
    kill(program.processID, SIGHUP)
    var said = ""
    for _ in 0..<200 where !said.contains("has no role") { said = try program.run("status").error }
    #expect(
      said
        == "ujuzi: The server refused the connection: The principal urn:example:hr has no role in "
        + "this registry.\n")
    program.environment = Self.identity(keys, "audit")
    #expect(try program.run("status").status == 0)
    #expect(program.terminate() == 0)
    try program.end()
  }

  @Test func `Nothing is written over, and what is half given is refused`() throws {
    let program = try Program()
    let keys = program.folder + "/keys"
    #expect(try program.run("keys", "dev", "--out", keys).status == 0)
    let before = try Data(contentsOf: URL(fileURLWithPath: keys + "/ca.pem"))
    let again = try program.run("keys", "dev", "--out", keys)
    #expect(again.status == 2)
    #expect(
      again.error
        == "ujuzi: \(keys)/ca.pem is there already: nothing was written. Choose a new folder.\n")
    #expect(try Data(contentsOf: URL(fileURLWithPath: keys + "/ca.pem")) == before)

    for (arguments, sentence) in [
      (["--host", "no_host"], "no_host is no name or address of a host."),
      (["--days", "0"], "--days is 1 to 3650."),
      (
        ["--principal", "urn:a:b=agency", "--principal", "urn:a:b=auditor"],
        "A principal is there twice: give all its roles at once, URI=ROLE,ROLE."
      ),
      (["--principal", "urn:a:b=admin"], "urn:a:b=admin"),
    ] {
      let refused = try program.run(["keys", "dev", "--out", keys + "2"] + arguments)
      #expect(refused.status == 2 && refused.error.contains(sentence), "\(refused)")
    }
    let half = try program.run(
      "serve", "--data", program.folder + "/data", "--tls-key", keys + "/server.key")
    #expect(
      half.error
        == "ujuzi: --tls-certificate, --tls-key, --tls-roots and --roles go together: give all "
        + "four, or none.\n")
    let partly = try program.run("status", "--tls-roots", keys + "/ca.pem")
    #expect(partly.error.contains("go together: give all three."), "\(partly)")
    try program.end()
  }
}

import Files
import Foundation
import Locking
import Logging
import Messages
import Recording
import Registry
import RegistryStorage
import Testing
import Vault

/// What a start makes, what one that fails leaves, and which clock it believes.
struct StartTests {
  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func `A first start that fails leaves nothing, and the second one works`() throws {
    let program = try Program()
    try program.serve()
    let taken = "127.0.0.1:\(program.port)"
    let other = try Program()
    let data = other.folder + "/data"
    for (arguments, word) in [
      (["--listen", taken], "cannot be listened on"), (["--listen", "nowhere"], "HOST:PORT"),
      (["--listen", "8.8.8.8:7601"], "loopback"), (["--log-level", "loud"], "--log-level"),
      (["--map-size", "0"], "--map-size"), (["--answers-mib", "-1"], "--answers-mib"),
      (["--tls-key", "x"], "go together"),
      (
        ["--tls-key", "x", "--tls-certificate", "y", "--tls-roots", "z", "--roles", "w"],
        "cannot be read"
      ),
      (["--spans", other.folder + "/none/spans"], "spans"),
      (["--master-key", other.folder + "/none/key"], "master key"),
    ] {
      let listen = arguments.contains("--listen") ? [] : ["--listen", "127.0.0.1:0"]
      let run = try other.run(["serve", "--data", data] + arguments + listen)
      #expect(run.status == 2, "\(arguments): \(run.out) \(run.error)")
      #expect(run.error.contains(word), "\(arguments): \(run.error)")
      #expect(try Self.names(in: other.folder) == [], "\(arguments)")
    }
    // A folder and a key that somebody else made stay.
    _ = try File.makeFolder(data)
    try MasterKey.create(at: data + ".key")
    let key = try File.contents(of: data + ".key")
    #expect(try other.run(["serve", "--data", data, "--listen", taken]).status == 2)
    #expect(try Self.names(in: other.folder) == ["data", "data.key"])
    #expect(try Self.names(in: data) == [])
    #expect(try File.contents(of: data + ".key") == key)
    try other.serve()
    #expect(try other.run("health").status == 0)
    #expect(other.terminate() == 0)
    #expect(program.terminate() == 0)
    try program.end()
    try other.end()
  }

  @Test func `A master key is not made anew beside a log, even where the vault is gone`() throws {
    let program = try Program()
    try program.serve()
    #expect(try program.run("health").status == 0)
    #expect(program.terminate() == 0)
    let key = try File.contents(of: program.folder + "/data.key")
    try FileManager.default.removeItem(atPath: program.folder + "/data.key")
    for gone in ["", "/vault/officers", "/vault"] {
      if !gone.isEmpty {
        try FileManager.default.removeItem(atPath: program.folder + "/data" + gone)
      }
      let run = try program.run([
        "serve", "--data", program.folder + "/data", "--listen", "127.0.0.1:0",
      ])
      #expect(run.status == 2)
      // Of several things that are missing the gravest is named.
      let says =
        gone == "/vault"
        ? "The vault of the registry in" : "is missing: give it with --master-key"
      #expect(run.error.contains(says), "\(run.error)")
      #expect(try !File.isThere(program.folder + "/data.key"))
    }
    try File.make(program.folder + "/data.key", with: key)
    for verb in [["serve", "--listen", "127.0.0.1:0"], ["rebuild"], ["digest"]] {
      let run = try program.run([verb[0], "--data", program.folder + "/data"] + verb.dropFirst())
      #expect(run.status == 2)
      #expect(run.error.contains("or a backup of the whole folder, in its place"), "\(run.error)")
      #expect(try !File.isThere(program.folder + "/data/vault"))
    }
    try program.end()
  }

  /// A registry whose last event was recorded in 2020.
  static func old(_ folder: String) throws {
    try MasterKey.create(at: folder + "/data.key")
    var options = RegistryStore.Options(
      folder: folder + "/data", masterKey: try MasterKey(at: folder + "/data.key"))
    options.mapSizeBytes = 1 << 30
    options.clock = TimeSource { 1_577_880_000_000 }
    let store = try RegistryStore(
      options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    let writer = Writer(store)
    writer.start()
    let proposal = Proposal(
      eventID: EventID(high: 1, low: 2), stream: StreamID("registry/ke")!,
      effective: Day("2020-01-01")!,
      body: .registry(
        .established(
          RegistryEstablished(
            jurisdiction: Identifier("ke")!, timeZone: "Africa/Nairobi",
            identifierSchemes: [Identifier("pn")!]))))
    let done = DispatchSemaphore(value: 0)
    let request = RecordRequest(items: [RecordItem(proposal: Codec.encode(proposal))])
    writer.submit(
      EncodedRequest(request: Codec.encode(request), isPreview: false, actor: "tester") { _ in
        done.signal()
      })
    done.wait()
    writer.stop()
    #expect(store.events == 1)
    try store.close()
  }

  @Test func `A clock more than a year ahead of the last event is refused, unless it is right`()
    throws
  {
    let program = try Program()
    try Self.old(program.folder)
    let run = try program.run([
      "serve", "--data", program.folder + "/data", "--listen", "127.0.0.1:0",
    ])
    #expect(run.status == 2)
    #expect(run.error.contains("2020-01-01T12:00:00Z"), "\(run.error)")
    #expect(run.error.contains("--clock-is-right"))
    // Who only reads is not asked.
    #expect(try program.run(["digest", "--data", program.folder + "/data"]).status == 0)
    try program.serve(["--clock-is-right"])
    #expect(try program.run("health").status == 0)
    #expect(program.terminate() == 0)
    try program.end()
  }
}

import ArgumentParser
import EventLog
import Files
import Foundation
import LMDB
import Logging
import NIOPosix
import Registrar
import Server
import Tracing
import Vault
import Wire

struct Serve: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve a registry from a folder.",
    discussion: """
      Example: ujuzi serve --data ./registry --listen 127.0.0.1:7601

      With TLS, any address may be listened on: give all of --tls-certificate, --tls-key,
      --tls-roots and --roles (`ujuzi keys dev` makes them for development). The files are looked
      at every few seconds, and at SIGHUP: what changed is taken without a restart. Without TLS,
      only this machine may ask, and may do everything.

      The master key wraps every officer's key. Keep it apart from the folder: whoever has both
      can read the people's names, and without it nobody can. It is made at the first start.
      """)

  @Option(help: "The registry's folder; made when it does not exist.")
  var data: String
  @Option(help: "The address to listen on; loopback only, without TLS.")
  var listen = "127.0.0.1:7601"
  @Option(name: .customLong("master-key"), help: "The file of the master key (default: DATA.key).")
  var masterKey: String?
  @Option(help: "Threads that answer (default: as many as there are cores).")
  var threads = ProcessInfo.processInfo.activeProcessorCount
  @Option(
    name: .customLong("answers-mib"),
    help:
      "Memory for answers about credentials and officers that were given before, in MiB; 0: none (default: a sixteenth of the machine's, at most 512)."
  )
  var answersMiB: Int?
  @Option(name: .customLong("map-size"), help: "Address space for each map, in GiB.")
  var mapSizeGiB = 256

  @Flag(
    name: .customLong("clock-is-right"),
    help: "Start though the clock is more than a year ahead of the last event.")
  var clockIsRight = false
  @Option(help: "Spans of calls are written to this file, a line of JSON each.")
  var spans: String?
  @Option(name: .customLong("log-level"), help: "trace, debug (a line a call), info, notice, …")
  var logLevel = "notice"

  @Option(name: .customLong("tls-certificate"), help: "The server's certificate chain, PEM.")
  var tlsCertificate: String?
  @Option(name: .customLong("tls-key"), help: "Its key, PEM.")
  var tlsKey: String?
  @Option(name: .customLong("tls-roots"), help: "The authorities of clients' certificates, PEM.")
  var tlsRoots: String?
  @Option(help: "Which principal has which roles: {\"principals\": {\"URI\": [\"ROLE\"]}}.")
  var roles: String?

  func run() async throws {
    let address = try Address.parse(listen)
    let tls = try tlsFiles()
    let answersMiB = answersMiB ?? min(512, Int(ProcessInfo.processInfo.physicalMemory >> 24))
    guard (0...1_048_576).contains(answersMiB) else {
      throw Trouble("--answers-mib is in MiB, 0 to 1048576.")
    }
    guard let logLevel = Logger.Level(rawValue: logLevel) else {
      throw Trouble(
        "--log-level is one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    // Before anything is made: a start that fails leaves nothing behind.
    try await UjuziServer.check(host: address.host, port: address.port, tls: tls)
    let spanFile = try spans.map { path in
      do { return try SpanFile(path: path) } catch let failure as FileFailure {
        throw Trouble(failure.sentence)
      }
    }
    if let spanFile { InstrumentationSystem.bootstrap(spanFile) }
    let store = try Opening.store(
      data: data, masterKey: masterKey, mapSizeGiB: mapSizeGiB, logLevel: logLevel)
    try checkClock(of: store)
    Self.makeRoomForConnections()
    let threads = max(1, self.threads)
    let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let service = RegistryService(store, answerBytes: (answersMiB << 20) / threads)
    let server: UjuziServer
    do {
      server = try await UjuziServer(
        service, host: address.host, port: address.port, tls: tls, group: group,
        logger: store.logger)
    } catch {
      await service.stop()
      try store.close()
      throw error
    }
    service.connections { await server.lines() }
    let status = try store.summary()
    Output.line(
      "ujuzi: ready on \(address.host):\(server.port)\(tls == nil ? "" : " with TLS"), \(status), data in "
        + "\(data) (stop with SIGTERM)")
    let reloading = Self.reloading(server)
    await Self.signalled()
    reloading.cancel()
    Output.error("ujuzi: stopping: open calls end, no new ones begin")
    service.endWatching()
    await server.drain()
    await service.stop()
    try await group.shutdownGracefully()
    try store.close()
    spanFile?.forceFlush()
    Output.error("ujuzi: stopped; everything acknowledged is kept")
  }

  /// Refuses a clock that is far ahead; one that was set back costs only that events carry a later
  /// time.
  private func checkClock(of store: RegistryStore) throws {
    do {
      if !clockIsRight { try store.clock.check(lastRecordedAtMs: store.lastRecordedAtMs) }
    } catch {
      try store.close()
      throw error
    }
    if let sentence = store.clock.setBack(lastRecordedAtMs: store.lastRecordedAtMs) {
      store.logger.warning("\(sentence)")
    }
  }

  private func tlsFiles() throws -> ServerTLS? {
    switch (tlsCertificate, tlsKey, tlsRoots, roles) {
    case (nil, nil, nil, nil): return nil
    case (let certificate?, let key?, let roots?, let roles?):
      return ServerTLS(certificate: certificate, key: key, roots: roots, roles: roles)
    default:
      throw Trouble(
        "--tls-certificate, --tls-key, --tls-roots and --roles go together: give all four, or none."
      )
    }
  }

  /// A connection is a file of this process, and many a system's shells and services begin with
  /// 1,024 of them, though they are allowed more.
  private static func makeRoomForConnections() {
    // Those of the log, the views and the vault, and of the threads' own.
    let others = 100
    let wanted = Limits().connectionsMax + others
    guard let files = FileSystem.raiseOpenFilesMax(), files < wanted else { return }
    Output.error(
      "ujuzi: this process may open \(files) files, so that it takes about "
        + "\(max(files - others, 0)) connections at once, not \(Limits().connectionsMax) "
        + "(ulimit -n \(wanted), or LimitNOFILE=)")
  }

  /// Looks at the TLS files at SIGHUP.
  private static func reloading(_ server: UjuziServer) -> any DispatchSourceSignal {
    signal(SIGHUP, SIG_IGN)
    let source = DispatchSource.makeSignalSource(
      signal: SIGHUP, queue: DispatchQueue(label: "reload"))
    source.setEventHandler { Task { await server.reload() } }
    source.resume()
    return source
  }

  /// Waits for SIGTERM or SIGINT.
  private static func signalled() async {
    await withCheckedContinuation { continuation in
      let queue = DispatchQueue(label: "signals")
      var sources: [any DispatchSourceSignal] = []
      var waiting: CheckedContinuation<Void, Never>? = continuation
      for number in [SIGTERM, SIGINT] {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
        source.setEventHandler {
          waiting?.resume()
          waiting = nil
          sources.forEach { $0.cancel() }
        }
        sources.append(source)
        source.resume()
      }
    }
  }
}

/// Opening a registry's folder for a command that needs it.
enum Opening {
  static func store(
    data: String, masterKey: String?, mapSizeGiB: Int, rebuild: Bool = false,
    rebuildMemoryMiB: Int? = nil, logLevel: Logger.Level = .notice
  ) throws -> RegistryStore {
    guard (1...65536).contains(mapSizeGiB) else {
      throw Trouble("--map-size is in GiB, 1 to 65536.")
    }
    let folder = data.count > 1 && data.hasSuffix("/") ? String(data.dropLast()) : data
    let keyPath = masterKey ?? folder + ".key"
    let isNewKey = try makeKey(keyPath, for: folder)
    do {
      var logger = Logger(label: "ujuzi") { StreamLogHandler.standardError(label: $0) }
      logger.logLevel = logLevel
      var options = RegistryStore.Options(folder: folder, masterKey: try MasterKey(at: keyPath))
      options.mapSizeBytes = mapSizeGiB << 30
      if let rebuildMemoryMiB { options.rebuildMemoryBytes = rebuildMemoryMiB << 20 }
      let store = try RegistryStore(options, logger: logger, rebuild: rebuild)
      if isNewKey {
        Output.error("ujuzi: made a master key in \(keyPath); keep a copy of it elsewhere")
      }
      return store
    } catch {
      // Nothing was sealed with it: what it was made for is gone again too.
      if isNewKey { try? FileManager.default.removeItem(atPath: keyPath) }
      throw error
    }
  }

  /// Makes a master key where there is none and nothing was ever sealed.
  private static func makeKey(_ path: String, for folder: String) throws -> Bool {
    guard try !File.isThere(path) else { return false }
    guard try !File.isThere(folder + "/vault/registry"), try !DataFolder.hasLog(folder) else {
      throw Trouble("The master key \(path) is missing: give it with --master-key.")
    }
    try MasterKey.create(at: path)
    return true
  }
}

struct RebuildVerb: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rebuild",
    abstract: "Compute every view again from the log, and compare with what was there.",
    discussion: "Example: ujuzi rebuild --data ./registry   (with no server on that folder)")

  @Option(help: "The registry's folder.")
  var data: String
  @Option(name: .customLong("master-key"), help: "The file of the master key (default: DATA.key).")
  var masterKey: String?
  @Option(
    name: .customLong("memory-mib"),
    help: "Memory for events and rows, in MiB; what is more goes to files beside the views.")
  var memoryMiB = 256

  func run() async throws {
    guard (1...1_048_576).contains(memoryMiB) else {
      throw Trouble("--memory-mib is in MiB, 1 to 1048576.")
    }
    guard try DataFolder.hasLog(data) else { throw Trouble("There is no registry in \(data).") }
    let live = try Opening.store(
      data: data, masterKey: masterKey, mapSizeGiB: 256, logLevel: .error)
    let before = try live.digest()
    try live.close()
    let begun = Date()
    let store = try Opening.store(
      data: data, masterKey: masterKey, mapSizeGiB: 256, rebuild: true, rebuildMemoryMiB: memoryMiB,
      logLevel: .error)
    let seconds = max(Date().timeIntervalSince(begun), 0.001)
    let after = try store.digest()
    try store.close()
    Output.line(
      "rebuilt \(after.asOf) events in \(String(format: "%.2f", seconds)) s "
        + "(\(Int(Double(after.asOf) / seconds)) events/s)")
    Output.line("digest  \(after.hex)")
    guard before.hex == after.hex else {
      Output.line("DIFFERENT from what was there: \(before.hex)")
      for table in after.tables where !before.tables.contains(table) {
        Output.line("  table \(table.table.rawValue): now \(table.rows) rows")
      }
      throw ExitCode(1)
    }
    Output.line("equal to what was there, key for key and value for value")
  }
}

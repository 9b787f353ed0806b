import ArgumentParser
import Files
import Foundation
import LMDB
import Locking
import Logging
import NIOPosix
import Projections
import Recording
import RegistryStorage
import Server
import Tracing
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
    name: .customLong("older-log"),
    help:
      "Go on from a log that is older than the views, since it was put back from a backup: what was recorded after it is given up."
  )
  var olderLog = false
  @Flag(
    name: .customLong("clock-is-right"),
    help: "Start though the clock is more than a year ahead of the last event.")
  var clockIsRight = false
  @Flag(
    name: .customLong("despite-damage"),
    help: "Answer from what is whole of a damaged log, and record nothing.")
  var despiteDamage = false
  @Option(
    name: .customLong("scrub-every"),
    help: "Hours from one reading of everything that is stored to the next; 0: never.")
  var scrubEveryHours = 24
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
    let requests = StopRequests()
    Signals.handle {
      requests.take($0)
      return .taken
    }
    let address = try Address.parse(listen)
    let tls = try tlsFiles()
    let answersMiB = answersMiB ?? min(512, Int(ProcessInfo.processInfo.physicalMemory >> 24))
    guard (0...1_048_576).contains(answersMiB) else {
      throw CLIError("--answers-mib is in MiB, 0 to 1048576.")
    }
    guard (1...1024).contains(threads) else { throw CLIError("--threads is 1 to 1024.") }
    let logger = try logger()
    // The address and the files of TLS are seen to before anything is made in the folder.
    let endpoint = try Endpoint(
      host: address.host, port: address.port, tls: tls, logger: logger)
    let spanFile = try spans.map { try SpanFile(path: $0) }
    if let spanFile { InstrumentationSystem.bootstrap(spanFile) }
    guard (0...8760).contains(scrubEveryHours) else {
      throw CLIError("--scrub-every is in hours, 0 to 8760.")
    }
    guard let store = try await open(requests) else {
      return Output.error("ujuzi: stopped before it was ready")
    }
    if let damage = store.logDamage {
      Output.error(
        "ujuzi: the log is damaged: \(damage). What is whole is answered from; nothing is recorded")
    }
    if store.isNew {
      Output.error(
        "ujuzi: nothing was in \(data): a new registry begins, log id \(Hex.text(store.logID))")
    }
    try checkClock(of: store)
    Self.makeRoomForConnections()
    let loops = MultiThreadedEventLoopGroup(numberOfThreads: threads)
    let registry = RegistryService(store, answerBytes: (answersMiB << 20) / threads)
    let secured = tls == nil ? "" : " with TLS"
    let status = "\(try store.summary()), data in \(data) (stop with SIGTERM)"
    // Whoever waits for the line and cannot have it is not served; what is open is closed first.
    let unwritten = Mutex<Output.WriteFailure?>(nil)
    let served = ServedRegistry(
      spans: spanFile, store: store, loops: loops, registry: registry, endpoint: endpoint
    ) { port in
      do throws(Output.WriteFailure) {
        try Output.write("ujuzi: ready on \(address.host):\(port)\(secured), \(status)\n")
      } catch {
        unwritten.withLock { $0 = error }
        requests.take(SIGTERM)
      }
    }
    try await served.run(until: requests, logger: logger)
    if let failure = unwritten.withLock({ $0 }) { throw failure }
    Output.error("ujuzi: stopped; everything acknowledged is kept")
  }

  private func logger() throws -> Logger {
    guard let level = Logger.Level(rawValue: logLevel) else {
      throw CLIError(
        "--log-level is one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    var logger = Logger(label: "ujuzi") { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = level
    return logger
  }

  /// The registry's folder, opened; nil when it was asked to stop meanwhile. A rebuild of the views
  /// ends early then, and begins anew at the next start; what makes the folder is not interrupted.
  private func open(_ requests: StopRequests) async throws -> RegistryStore? {
    let level = Logger.Level(rawValue: logLevel) ?? .notice
    let every = scrubEveryHours == 0 ? nil : Double(scrubEveryHours) * 3600
    let opening = Task { [data, masterKey, mapSizeGiB, olderLog, despiteDamage] in
      try RegistryOpener.store(
        data: data, masterKey: masterKey, mapSizeGiB: mapSizeGiB, mayBegin: true, logLevel: level
      ) { options in
        options.acceptsOlderLog = olderLog
        options.acceptsDamage = despiteDamage
        options.scrubEverySeconds = every
      }
    }
    requests.act(.init(stop: { opening.cancel() }))
    do {
      // Asked before anything was made: nothing is.
      let store = try await opening.value
      guard requests.isAsked else { return store }
      try store.close()
      return nil
    } catch is CancellationError {
      return nil
    }
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
      throw CLIError(
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
}

import Foundation
import Messages
import NIOPosix
import Registry
import UjuziClient

/// The built program, run as a process of its own.
final class Program {
  let folder: String
  private var process = Process()
  private(set) var port = 0
  /// What verbs find in their environment besides the server's address.
  var environment: [String: String] = [:]

  static var path: String {
    // The tests' bundle and the program are built into one folder.
    var url = URL(fileURLWithPath: ProcessInfo.processInfo.arguments[0]).resolvingSymlinksInPath()
    while url.path != "/" {
      url.deleteLastPathComponent()
      let candidate = url.appendingPathComponent("ujuzi").path
      if FileManager.default.isExecutableFile(atPath: candidate),
        (try? FileManager.default.contentsOfDirectory(atPath: candidate)) == nil
      {
        return candidate
      }
    }
    return "ujuzi"
  }

  init() throws {
    folder = NSTemporaryDirectory() + "ujuzi-program-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Starts a server and waits for its line that says it is ready.
  ///
  /// - Parameter port: zero for one that is free.
  func serve(port wanted: Int = 0, _ more: [String] = []) throws {
    process = Process()
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments =
      [
        "serve", "--data", folder + "/data", "--listen", "127.0.0.1:\(wanted)", "--map-size", "1",
      ] + more
    let out = Pipe()
    process.standardOutput = out
    process.standardError = FileHandle.nullDevice
    try process.run()
    var line = ""
    while !line.contains("\n") {
      let part = out.fileHandleForReading.availableData
      guard !part.isEmpty else { throw NotReady(line: line) }
      line += String(decoding: part, as: UTF8.self)
    }
    guard let found = line.firstMatch(of: /ready on 127\.0\.0\.1:(\d+)/), let port = Int(found.1)
    else { throw NotReady(line: line) }
    self.port = port
  }

  struct NotReady: Error { var line: String }

  var processID: Int32 { process.processIdentifier }

  func waitUntilExit() { process.waitUntilExit() }

  /// Asks the server to stop, and gives its exit status.
  func terminate() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  func connect() async throws -> RegistryClient {
    RegistryClient(
      [ServerAddress(host: "127.0.0.1", port: port)], group: MultiThreadedEventLoopGroup.singleton)
  }

  /// Runs a verb to its end.
  func run(_ arguments: String...) throws -> (status: Int32, out: String, error: String) {
    try run(arguments)
  }

  func run(_ arguments: [String]) throws -> (status: Int32, out: String, error: String) {
    try start(arguments).wait()
  }

  /// A verb that runs beside others. What it prints is little: it is read once it has ended.
  struct Running {
    fileprivate let process: Process
    fileprivate let out: Pipe
    fileprivate let error: Pipe

    /// The lines that it prints, until one that is waited for.
    func lines(until isLast: (Substring) -> Bool) -> [Substring] {
      var text = ""
      while true {
        let part = out.fileHandleForReading.availableData
        text += String(decoding: part, as: UTF8.self)
        // The last may not be whole yet.
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        if part.isEmpty || lines.contains(where: isLast) { return Array(lines) }
      }
    }

    func interrupt() { process.interrupt() }

    func ask(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Whether a signal ended it, which is then its status; known once it was waited for.
    var wasKilled: Bool { process.terminationReason == .uncaughtSignal }

    func terminate() { process.terminate() }

    func wait() -> (status: Int32, out: String, error: String) {
      let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      let trouble = String(
        decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, text, trouble)
    }
  }

  func start(_ arguments: String..., input: Pipe? = nil) throws -> Running {
    try start(arguments, input: input)
  }

  /// A verb over the registry's folder, of which nothing is waited for.
  func begin(_ verb: String, _ more: String...) throws -> Running {
    try start([verb, "--data", folder + "/data"] + more)
  }

  /// Names the server that the verbs ask, where `begin` began it.
  func use(port: Int) { self.port = port }

  private func start(_ arguments: [String], input: Pipe? = nil) throws -> Running {
    let verb = Process()
    if let input { verb.standardInput = input }
    verb.executableURL = URL(fileURLWithPath: Self.path)
    verb.arguments = arguments
    verb.environment = environment.merging(["UJUZI_SERVER": "127.0.0.1:\(port)"]) { own, _ in own }
    let (out, error) = (Pipe(), Pipe())
    (verb.standardOutput, verb.standardError) = (out, error)
    try verb.run()
    return Running(process: verb, out: out, error: error)
  }

  func end() throws { try FileManager.default.removeItem(atPath: folder) }
}

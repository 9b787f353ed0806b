import ArgumentParser
import Foundation
import Locking
import Messages
import NIOPosix
import Recording
import Registry
import RegistryStorage
import UjuziClient

/// Records events in requests of a thousand, four of them on their way.
final class BenchRecorder {
  private static let inFlight = 4

  private let writer: Writer
  private let arena = Arena()
  private var items: [RecordItem] = []
  private let failures = Failures()
  private let free = DispatchSemaphore(value: BenchRecorder.inFlight)

  private final class Failures: Sendable {
    let sentences = Mutex<[String]>([])
    func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
  }

  init(_ store: RegistryStore) {
    writer = Writer(store)
    writer.start()
  }

  var firstFailure: String? { failures.sentences.withLock { $0.first } }

  func add(_ proposal: Proposal) {
    items.append(RecordItem(proposal: Codec.encode(proposal, arena: arena)))
    if items.count == 1000 { send() }
  }

  private func send() {
    guard !items.isEmpty else { return }
    free.wait()
    writer.submit(
      EncodedRequest(
        request: Codec.encode(RecordRequest(items: items), arena: arena), isPreview: false,
        actor: "bench"
      ) { [failures, free] result in
        switch result {
        case .success(let reply):
          for case .rejected(let why) in reply.outcomes {
            failures.add(why.sentence)
          }
        case .failure(let failure): failures.add("\(failure)")
        }
        free.signal()
      })
    items.removeAll(keepingCapacity: true)
  }

  /// Waits for everything and ends the writer.
  func finish() {
    send()
    for _ in 0..<Self.inFlight { free.wait() }
    for _ in 0..<Self.inFlight { free.signal() }
    writer.stop()
  }
}

/// Requests, each with its length before it.
final class RequestFile {
  private let file: FileHandle
  private var buffer: [UInt8] = []

  init(_ path: String) throws {
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
  }

  func write(_ request: [UInt8]) throws {
    for shift in [24, 16, 8, 0] {
      buffer.append(UInt8(truncatingIfNeeded: request.count >> shift))
    }
    buffer += request
    if buffer.count > 1 << 20 { try flush() }
  }

  private func flush() throws {
    try file.write(contentsOf: buffer)
    buffer.removeAll(keepingCapacity: true)
  }

  func close() throws {
    try flush()
    try file.close()
  }
}

/// Sends a file of requests to record over one connection, as an import does. Prints one line of
/// JSON.
struct BenchSend: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send requests of data and count what was recorded.")

  @Argument var file: String
  @Option(name: .customLong("in-flight")) var inFlight = 6
  @OptionGroup var options: ServerOptions

  func run() async throws {
    guard let requests = FileHandle(forReadingAtPath: file) else {
      throw CLIError("\(file) cannot be read.")
    }
    let client = try await options.connect()
    let recording = BulkRecording(client)
    var (events, recorded, peakKB) = (0, 0, 0)
    var firstRejection: String?
    func take() async throws {
      for outcome in try await recording.reply().outcomes {
        events += 1
        if case .recorded = outcome { recorded += 1 }
        if case .rejected(let why) = outcome { firstRejection = firstRejection ?? why.sentence }
      }
      peakKB = max(peakKB, Self.anonymousKB())
    }
    let begun = Date()
    while let head = try requests.read(upToCount: 4), head.count == 4 {
      let length = head.reduce(0) { $0 << 8 | Int($1) }
      guard let request = try requests.read(upToCount: length), request.count == length else {
        throw CLIError("\(file) is cut.")
      }
      if recording.inFlight == inFlight { try await take() }
      try await recording.send(Array(request))
    }
    while recording.inFlight > 0 { try await take() }
    try await recording.finish()
    let seconds = Date().timeIntervalSince(begun)
    await client.close()
    if let firstRejection { throw CLIError("rejected: \(firstRejection)") }
    Output.line(
      "{\"events\": \(events), \"recorded\": \(recorded), \"seconds\": \(seconds), "
        + "\"per_second\": \(Double(events) / seconds), \"peak_kb\": \(peakKB)}")
  }

  /// Memory of this process that is no mapped file.
  private static func anonymousKB() -> Int {
    let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
    for line in String(decoding: status, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("RssAnon:") {
      return Int(line.split(separator: " ").dropFirst().first ?? "") ?? 0
    }
    return 0
  }
}

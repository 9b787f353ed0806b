import ArgumentParser
import Foundation
import Locking
import Messages
import Registry
import UjuziClient

/// Records at a steady rate while others watch, and tells how long after a recording was
/// acknowledged a watcher was told of it. Prints one line of JSON.
struct BenchWatch: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watch", abstract: "Time what a watcher is told.")

  /// Streams of one connection, as the server takes them.
  private static let streamsMax = 32

  @Argument(help: "Requests of data that record one event each.") var file: String
  @Option(help: "Events a second.") var rate = 5000
  @Option var seconds = 10.0
  @Option(help: "Requests of the file that were sent before.") var skip = 0
  @Option(help: "Watchers beside it, each of a credential to which nothing happens.") var idle = 0
  @OptionGroup var options: ServerOptions

  /// When each position was sent, acknowledged and told, in seconds of one clock.
  private final class Times: Sendable {
    let acknowledged = Mutex<[UInt64: (sent: Double, at: Double)]>([:])
    let told = Mutex<[UInt64: Double]>([:])

    static var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
  }

  func run() async throws {
    let requests = try self.requests()
    let idlers = try await startIdle()
    let (recorder, watcher) = (try await options.connect(), try await options.connect())
    let times = Times()
    let (begun, hasBegun) = AsyncStream<Void>.makeStream()
    let watching = Task {
      let question = Codec.encode(WatchRequest(what: .kinds(WatchedKinds())))
      for try await bytes in watcher.stream(Method.watch.rawValue, question) {
        let now = Times.now
        let page = try Codec.decode(WatchPage.self, from: bytes)
        hasBegun.yield()
        times.told.withLock { told in
          for change in page.changes { told[change.position] = now }
        }
      }
    }
    for await _ in begun { break }
    let (sent, took) = try await record(requests, recorder, times)
    // The last are on their way.
    for _ in 0..<200 where times.told.withLock({ $0.count }) < sent {
      try await Task.sleep(for: .milliseconds(10))
    }
    watching.cancel()
    for client in [recorder, watcher] + idlers { await client.close() }
    try report(times, sent: sent, seconds: took)
  }

  private func requests() throws -> [[UInt8]] {
    guard let file = FileHandle(forReadingAtPath: file) else {
      throw CLIError("\(self.file) cannot be read.")
    }
    let wanted = Int(Double(rate) * seconds)
    var requests: [[UInt8]] = []
    var passed = 0
    while requests.count < wanted, let head = try file.read(upToCount: 4), head.count == 4 {
      let length = head.reduce(0) { $0 << 8 | Int($1) }
      guard let request = try file.read(upToCount: length), request.count == length else { break }
      passed += 1
      if passed > skip { requests.append(Array(request)) }
    }
    guard !requests.isEmpty else { throw CLIError("\(self.file) has no such requests.") }
    return requests
  }

  private func startIdle() async throws -> [RegistryClient] {
    var clients: [RegistryClient] = []
    for number in 0..<idle {
      if number % Self.streamsMax == 0 { clients.append(try await options.connect()) }
      let question = WatchRequest(
        what: .credentials(WatchedIds(ids: [Identifier("idle-\(number)")!])))
      let stream = clients.last!.stream(Method.watch.rawValue, Codec.encode(question))
      Task { for try await _ in stream {} }
    }
    return clients
  }

  /// Sends each request at its time, whatever became of those before it.
  private func record(
    _ requests: [[UInt8]], _ client: RegistryClient, _ times: Times
  ) async throws -> (recorded: Int, seconds: Double) {
    let begun = Times.now
    return try await withThrowingTaskGroup(of: Void.self) { group in
      for (at, request) in requests.enumerated() {
        let due = begun + Double(at) / Double(rate)
        let wait = due - Times.now
        if wait > 0.0005 { try await Task.sleep(for: .seconds(wait)) }
        let sent = Times.now
        let pending = client.send(Method.record.rawValue, request)
        group.addTask {
          let reply = try Codec.decode(RecordReply.self, from: try await pending.bytes())
          guard case .recorded(let recorded) = reply.outcomes.first, !recorded.already else {
            throw CLIError("not recorded: \(reply.outcomes)")
          }
          let now = Times.now
          times.acknowledged.withLock { $0[recorded.position] = (sent, now) }
        }
      }
      try await group.waitForAll()
      return (requests.count, Times.now - begun)
    }
  }

  private func report(_ times: Times, sent: Int, seconds: Double) throws {
    let told = times.told.withLock { $0 }
    var (lags, wholes): ([Double], [Double]) = ([], [])
    for (position, times) in times.acknowledged.withLock({ $0 }) {
      guard let at = told[position] else { throw CLIError("\(position) was not told.") }
      lags.append(max(0, at - times.at) * 1000)
      wholes.append((at - times.sent) * 1000)
    }
    func at(_ share: Double, _ values: [Double]) -> Double {
      let sorted = values.sorted()
      return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
    }
    Output.line(
      "{\"events\": \(sent), \"per_second\": \(Double(sent) / seconds), "
        + "\"p50_ms\": \(at(0.5, lags)), \"p99_ms\": \(at(0.99, lags)), "
        + "\"since_sent_p50_ms\": \(at(0.5, wholes)), "
        + "\"since_sent_p99_ms\": \(at(0.99, wholes))}")
  }
}

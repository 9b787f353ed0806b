import Foundation
import JSON
import Locking
import Logging
import Messages
import Projections
import Recording
import Registry
import RegistryStorage
import Vault

/// A small registry in a folder of its own, with something of every kind in it.
final class FuzzFixture {
  /// Of memory where there is such a folder: a sync then costs nothing.
  private static let base: String = {
    let folder =
      FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    return folder + "/ujuzi-fuzz-\(ProcessInfo.processInfo.processIdentifier)"
  }()

  private static let quiet = Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() }

  private let folder: String
  private let options: RegistryStore.Options
  private(set) var store: RegistryStore
  private var writer: Writer

  private static let made = Atomic<Int>(0)

  init() throws {
    folder = Self.base + "-\(Self.made.add(1, ordering: .relaxed).newValue)"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try MasterKey.create(at: folder + "/key")
    var options = RegistryStore.Options(
      folder: folder + "/data", masterKey: try MasterKey(at: folder + "/key"))
    options.mapSizeBytes = 1 << 30
    options.rebuildMemoryBytes = 8 << 20
    self.options = options
    (store, writer) = try Self.open(options, rebuild: false)
  }

  private static func open(
    _ options: RegistryStore.Options, rebuild: Bool
  ) throws -> (RegistryStore, Writer) {
    let store = try RegistryStore(options, logger: quiet, rebuild: rebuild)
    let writer = Writer(store)
    writer.start()
    return (store, writer)
  }

  /// Stops and starts, as an operator does.
  func reopen(rebuild: Bool) throws {
    writer.stop()
    try store.close()
    (store, writer) = try Self.open(options, rebuild: rebuild)
  }

  func close() throws {
    writer.stop()
    try store.close()
    try FileManager.default.removeItem(atPath: folder)
  }

  // MARK: recording

  private func outcomes(
    _ submit: (@escaping @Sendable (Result<PreviewReply, RecordFailure>) -> Void) -> Void
  ) throws -> [RecordOutcome] {
    let answer = Mutex<Result<PreviewReply, RecordFailure>?>(nil)
    let done = DispatchSemaphore(value: 0)
    submit { result in
      answer.withLock { $0 = result }
      done.signal()
    }
    done.wait()
    guard let result = answer.withLock({ $0 }) else { return [] }
    return try result.get().outcomes
  }

  func record(
    _ job: (@escaping @Sendable (Result<PreviewReply, RecordFailure>) -> Void) -> DecodedRequest
  )
    throws -> [RecordOutcome]
  {
    try outcomes { writer.submit(job($0)) }
  }

  /// As it is sent over the wire.
  func record(request: [UInt8], isPreview: Bool) throws -> [RecordOutcome] {
    try outcomes {
      writer.submit(
        EncodedRequest(request: request, isPreview: isPreview, actor: "fuzzer", complete: $0))
    }
  }

  /// Records what every input finds, and tells the events by stream.
  func begin() throws -> [String: [EventID]] {
    var events: [String: [EventID]] = [:]
    let arena = Arena()
    var items: [PendingItem] = []
    for (at, line) in Self.lines.split(separator: "\n").enumerated() {
      var proposal = try Codec.decode(
        Proposal.self,
        from: JSONMapping.bytes(of: "Proposal", JSONText(Self.identified(line, at).utf8)))
      proposal.source = proposal.source ?? Source(reference: "a letter")
      events[proposal.stream.text, default: []].append(proposal.eventID)
      items.append(PendingItem(RecordItem(proposal: Codec.encode(proposal)), arena: arena))
    }
    let all = items
    let outcomes = try record {
      DecodedRequest(items: all, atomic: false, purpose: .record, actor: "fuzzer", complete: $0)
    }
    for (at, outcome) in outcomes.enumerated() {
      guard case .recorded = outcome else {
        throw Violation(description: "line \(at + 1) of the world: \(outcome)")
      }
    }
    return events
  }

  private static func identified(_ line: Substring, _ at: Int) -> String {
    let number = String(at, radix: 16)
    let id = "00000000-0000-0000-0000-" + String(repeating: "0", count: 12 - number.count) + number
    return "{\"event_id\":\"\(id)\"," + line.dropFirst()
  }
}

import Foundation
import Locking
import Logging
import Messages
import Registry
import Server
import Vault

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A registry in a folder of its own, for one history.
final class OracleRegistry {
  private let folder: String
  private(set) var store: RegistryStore
  private var writer: Writer

  init() throws {
    folder = NSTemporaryDirectory() + "ujuzi-oracle-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try MasterKey.create(at: folder + "/key")
    store = try Self.open(folder, rebuild: false)
    writer = Writer(store)
    writer.start()
  }

  private static func open(_ folder: String, rebuild: Bool) throws -> RegistryStore {
    var options = RegistryStore.Options(
      folder: folder + "/data", masterKey: try MasterKey(at: folder + "/key"))
    options.mapSizeBytes = 1 << 30
    options.rebuildMemoryBytes = 64 << 20
    return try RegistryStore(
      options, logger: Logger(label: "oracle") { _ in SwiftLogNoOpLogHandler() }, rebuild: rebuild)
  }

  func reopen(rebuild: Bool) throws {
    writer.stop()
    try store.close()
    store = try Self.open(folder, rebuild: rebuild)
    writer = Writer(store)
    writer.start()
  }

  func end() throws {
    writer.stop()
    try store.close()
    try FileManager.default.removeItem(atPath: folder)
  }

  /// What became of each proposal, and with a preview what it would change.
  func submit(
    _ proposals: [Proposal], atomic: Bool = false, purpose: DecodedRequest.Purpose = .record
  ) throws -> PreviewReply {
    let answer = Mutex<Result<PreviewReply, RecordFailure>?>(nil)
    let done = DispatchSemaphore(value: 0)
    let arena = Arena()
    writer.submit(
      DecodedRequest(
        items: proposals.map {
          PendingItem(RecordItem(proposal: Codec.encode($0)), arena: arena)
        }, atomic: atomic, purpose: purpose, actor: "oracle"
      ) { result in
        answer.withLock { $0 = result }
        done.signal()
      })
    done.wait()
    guard let result = answer.withLock({ $0 }) else { throw Unanswered() }
    return try result.get()
  }

  struct Unanswered: Error {}
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func one<C: Collection>(of choices: C) -> C.Element {
    // sure: lists to choose from are never empty
    choices.randomElement(using: &self)!
  }

  mutating func isLucky(_ one: Int, in of: Int) -> Bool {
    Int.random(in: 0..<of, using: &self) < one
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

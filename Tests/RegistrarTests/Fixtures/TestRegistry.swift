import Foundation
import Locking
import Logging
import Messages
import Projections
import Registry
import Server
import Vault

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A registry in a folder of its own, for one test.
final class TestRegistry {
  let folder: String
  var store: RegistryStore
  var writer: Writer

  private let change: (inout RegistryStore.Options) -> Void

  /// - Parameter change: makes limits small enough to be met.
  init(_ change: @escaping (inout RegistryStore.Options) -> Void = { _ in }) throws {
    self.change = change
    folder = NSTemporaryDirectory() + "ujuzi-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try MasterKey.create(at: folder + "/key")
    store = try Self.open(folder, change: change)
    writer = Writer(store)
    writer.start()
  }

  static func open(
    _ folder: String, rebuild: Bool = false, rebuildMemoryBytes: Int = 64 << 20,
    change: (inout RegistryStore.Options) -> Void = { _ in }
  ) throws -> RegistryStore {
    var options = RegistryStore.Options(
      folder: folder + "/data", masterKey: try MasterKey(at: folder + "/key"))
    options.mapSizeBytes = 1 << 30
    options.rebuildMemoryBytes = rebuildMemoryBytes
    change(&options)
    let store = try RegistryStore(
      options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, rebuild: rebuild)
    store.start()
    return store
  }

  /// - Parameter meanwhile: done to the folder while nobody has it open.
  func reopen(
    rebuild: Bool = false, rebuildMemoryBytes: Int = 64 << 20, meanwhile: () throws -> Void = {}
  ) throws {
    writer.stop()
    try store.close()
    try meanwhile()
    store = try Self.open(
      folder, rebuild: rebuild, rebuildMemoryBytes: rebuildMemoryBytes, change: change)
    writer = Writer(store)
    writer.start()
  }

  func end() throws {
    writer.stop()
    try store.close()
    try FileManager.default.removeItem(atPath: folder)
  }

  func submit(
    _ items: [RecordItem], atomic: Bool = false, purpose: DecodedRequest.Purpose = .record
  ) -> Result<PreviewReply, RecordFailure> {
    let answer = Mutex<Result<PreviewReply, RecordFailure>?>(nil)
    let done = DispatchSemaphore(value: 0)
    let arena = Arena()
    writer.submit(
      DecodedRequest(
        items: items.map { PendingItem($0, arena: arena) }, atomic: atomic, purpose: purpose,
        actor: "tester"
      ) { result in
        answer.withLock { $0 = result }
        done.signal()
      })
    done.wait()
    return answer.withLock { $0! }
  }

  /// Sends proposals as a connection does, and goes on.
  func send(
    _ proposals: [Proposal],
    _ complete: @escaping @Sendable (Result<PreviewReply, RecordFailure>) -> Void
  ) {
    let items = proposals.map { RecordItem(proposal: Codec.encode($0)) }
    writer.submit(
      EncodedRequest(
        request: Codec.encode(RecordRequest(items: items)), isPreview: false, actor: "tester",
        complete: complete))
  }

  /// Records proposals one by one and gives what became of each.
  @discardableResult
  func record(
    _ proposals: [Proposal], atomic: Bool = false, purpose: DecodedRequest.Purpose = .record
  ) throws -> [RecordOutcome] {
    try submit(
      proposals.map { RecordItem(proposal: Codec.encode($0)) }, atomic: atomic, purpose: purpose
    ).get().outcomes
  }

  /// Records what must be recorded.
  func given(_ proposals: Proposal...) throws {
    for (proposal, outcome) in zip(proposals, try record(proposals)) {
      guard case .recorded = outcome else {
        throw Unexpected("\(proposal.stream.text): \(outcome)")
      }
    }
  }

  func session<R>(_ body: (ReadSession) throws -> R) throws -> R {
    let session = try ReadSession(store)
    defer { session.end() }
    return try session.read { _ in try body(session) }
  }

  func verify(
    _ credential: String, on day: Day? = nil, at position: UInt64? = nil
  ) throws -> VerifyCredentialReply {
    let question = VerifyCredentialRequest(
      which: .credential(id(credential)), on: day, atPosition: position)
    return try session { session in
      var reply: [UInt8] = []
      let request = Codec.encode(question)
      if let status = session.answer(
        Method.verifyCredential.rawValue, unsafe request.span.bytes, into: &reply)
      {
        throw status
      }
      return try Codec.decode(VerifyCredentialReply.self, from: reply)
    }
  }

  func profile(_ officer: String, on day: Day? = nil) throws -> GetProfileReply {
    try session { session in
      var reply: [UInt8] = []
      let request = Codec.encode(GetProfileRequest(who: .officer(id(officer)), on: day))
      if let status = session.answer(
        Method.getProfile.rawValue, unsafe request.span.bytes, into: &reply)
      {
        throw status
      }
      return try Codec.decode(GetProfileReply.self, from: reply)
    }
  }
}

struct Unexpected: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

func id(_ text: String) -> Identifier { Identifier(text)! }
func day(_ text: String) -> Day { Day(text)! }

extension RecordOutcome {
  var code: String? { if case .rejected(let rejected) = self { rejected.code } else { nil } }
  var position: UInt64? { if case .recorded(let at) = self { at.position } else { nil } }
  var isAlready: Bool { if case .recorded(let at) = self { at.already } else { false } }
  var isUnchanged: Bool { if case .unchanged = self { true } else { false } }
}

/// A generator that gives the same numbers for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(_ seed: UInt64) { state = seed &+ 0x9E37_79B9_7F4A_7C15 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

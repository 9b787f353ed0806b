import Foundation
import Locking
import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A writer that waits for others before it syncs: with a policy that would have it wait for hours,
/// so that only what ends a wait ends it.
struct GatheringTests {
  /// - Returns: what was recorded.
  @discardableResult
  static func patient(_ registry: TestRegistry, inFlight: Int) throws -> Proposal {
    let established = Fixture.established()
    try registry.given(established)
    registry.writer.stop()
    registry.writer = Writer(registry.store)
    registry.writer.commitDelay.synced(inNs: 10_000_000_000_000)
    registry.writer.commitDelay.decided(requests: 1, inNs: 1000)
    registry.writer.commitDelay.answered(requests: inFlight, others: 0)
    registry.writer.start()
    return established
  }

  static func call(
    _ proposals: [Proposal], dryRun: Bool = false,
    complete: @escaping @Sendable (Result<PreviewReply, RecordFailure>) -> Void
  ) -> EncodedRequest {
    let items = proposals.map { RecordItem(proposal: Codec.encode($0)) }
    return EncodedRequest(
      request: Codec.encode(RecordRequest(items: items, dryRun: dryRun)), isPreview: false,
      actor: "tester", complete: complete)
  }

  /// Sends requests at once, and gives the positions when all are answered.
  static func positions(_ registry: TestRegistry, _ keys: Range<Int>) throws -> [UInt64?] {
    let answers = Mutex<[Int: UInt64?]>([:])
    let done = DispatchSemaphore(value: 0)
    for key in keys {
      registry.writer.submit(
        call([Fixture.organisation("o\(key)")]) { result in
          answers.withLock { $0[key] = try? result.get().outcomes[0].position }
          done.signal()
        })
    }
    for _ in keys { done.wait() }
    return answers.withLock { answers in keys.map { answers[$0]! } }
  }

  @Test func `A batch is synced once all requests in flight are in it`() throws {
    let registry = try TestRegistry()
    try Self.patient(registry, inFlight: 40)
    #expect(try Self.positions(registry, 0..<40) == (1...40).map { UInt64($0) })
    #expect(registry.writer.batchCount == 1)
    try registry.end()
  }

  @Test func `A request without an event is answered at once`() throws {
    let registry = try TestRegistry()
    let established = try Self.patient(registry, inFlight: 40)
    let outcome = try registry.record([Fixture.organisation("x")], purpose: .dryRun)[0]
    #expect(outcome.position == 1)
    #expect(try registry.submit([]).get().outcomes.isEmpty)
    #expect(try registry.record([established])[0].isAlready)
    try registry.end()
  }

  @Test func `A writer that is stopped waits no longer, and records what it has`() throws {
    let registry = try TestRegistry()
    try Self.patient(registry, inFlight: 40)
    let position = Mutex<UInt64?>(nil)
    registry.writer.submit(
      Self.call([Fixture.organisation("x")]) { result in
        position.withLock { $0 = try? result.get().outcomes[0].position }
      })
    registry.writer.stop()
    #expect(position.withLock { $0 } == 1)
    #expect(try registry.store.digest().asOf == 2)
    try registry.end()
  }
}

import Foundation
import LMDB
import Locking
import Messages
import Registry
import Testing

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Faults of a commit while the next batch is decided already: each twice.
struct MeanwhileFaultTests {
  enum Fault: CaseIterable { case log, logUnknown, views }

  static let requests = 60

  /// Sends requests that each need the one before, with others between, without waiting.
  private static func send(_ registry: TestRegistry) -> [Result<PreviewReply, RecordFailure>] {
    let target = Fixture.organisation("target")
    let answers = Mutex<[Int: Result<PreviewReply, RecordFailure>]>([:])
    let done = DispatchSemaphore(value: 0)
    for at in 0..<requests {
      let act =
        at == 0 ? target : at % 2 == 1 ? Fixture.voided(target) : Fixture.restored(target)
      let others = (0..<12).map { Fixture.organisation("other-\(at)-\($0)") }
      registry.send([act] + others) { result in
        answers.withLock { $0[at] = result }
        done.signal()
      }
    }
    for _ in 0..<requests { done.wait() }
    return answers.withLock { answers in (0..<requests).map { answers[$0]! } }
  }

  @Test(arguments: Fault.allCases, [true, false])
  func `What was begun on a batch that failed is decided anew, and nothing else is acknowledged`(
    fault: Fault, happened: Bool
  ) throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    let why = fault == .logUnknown ? FaultTests.fatal : FaultTests.mapFull
    switch fault {
    // A commit of the log that did happen is never said to have failed for good.
    case .log: unsafe registry.store.log.failNextCommit(.before(why))
    case .logUnknown:
      unsafe registry.store.log.failNextCommit(happened ? .after(why) : .before(why))
    case .views:
      unsafe registry.store.views.environment.failNextCommit(
        happened ? .after(why) : .before(why))
    }
    let answers = Self.send(registry)
    var positions: [UInt64] = []
    var failed = 0
    for answer in answers {
      guard case .success(let reply) = answer else {
        failed += 1
        continue
      }
      #expect(fault != .views || reply.outcomes.allSatisfy { $0.position != nil })
      positions += reply.outcomes.compactMap(\.position)
    }
    switch fault {
    case .log: #expect((1..<Self.requests).contains(failed))
    case .logUnknown: #expect(failed == Self.requests)
    case .views: #expect(failed == 0)
    }
    // Every event that is acknowledged is in the log once, and in its order.
    #expect(positions == positions.sorted() && Set(positions).count == positions.count)
    let live = try registry.store.digest()
    if fault != .logUnknown {
      #expect(positions == Array(1..<live.asOf))
    }
    try registry.reopen(rebuild: true)
    let rebuilt = try registry.store.digest()
    if fault != .logUnknown { #expect(rebuilt.hex == live.hex) }
    #expect(rebuilt.asOf > 1 || fault == .logUnknown && !happened)
    try registry.end()
  }
}

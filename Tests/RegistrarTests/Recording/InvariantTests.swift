import Locking
import Messages
import Registry
import Testing

@testable import EventLog
@testable import Projections
@testable import Recording
@testable import RegistryStorage

/// The writer's parts as no history of requests leaves them.
struct InvariantTests {
  @Test(arguments: RecordQueue.Invariant.allCases)
  func `A queue that breaks an invariant says which one`(invariant: RecordQueue.Invariant) throws {
    let registry = try TestRegistry()
    var limits = Writer.Limits()
    limits.queuedRequestsMax = 2
    let queue = RecordQueue(limits: limits, vault: registry.store.vault, random: RandomBytes())
    let request = Codec.encode(
      RecordRequest(items: [RecordItem(proposal: Codec.encode(Fixture.established()))]))
    func add(to queue: RecordQueue) {
      queue.add(
        EncodedRequest(request: request, isPreview: false, actor: "tester") { _ in })
    }
    for _ in 0..<2 { add(to: queue) }
    #expect(queue.violations().isEmpty && queue.count == 2)
    switch invariant {
    case .waitingWithinLimits: queue.limits.queuedRequestsMax = 1
    case .bytesAreCounted: queue.bytes += 1
    case .readyItemsAreCounted: queue.readyItems += 1
    case .sentAreCounted: queue.sentCount -= 1
    }
    #expect(queue.violations() == [invariant])
    try registry.end()
  }

  @Test(arguments: CommitPoint.Invariant.allCases)
  func `A commit that breaks an invariant says which one`(invariant: CommitPoint.Invariant) throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    let log = unsafe registry.store.log
    let views = unsafe registry.store.views
    let reader = try log.makeReader()
    var point = try views.write { transaction in
      CommitPoint(
        UnitOfWork(
          views, transaction, log: reader, sharedStreams: registry.store.sharedStreams,
          next: log.end, arena: Arena()), kept: 0)
    }
    reader.end()
    #expect(point.violations().isEmpty && point.violations(appended: true).isEmpty)
    switch invariant {
    case .batchBeginsAtLogEnd:
      point.logEnd += 1
      #expect(point.violations() == [invariant])
    case .keptIsWhatWasAdded:
      point.kept = 1
      #expect(point.violations() == [invariant])
    case .vaultReachesLog:
      point.logReach = 1
      #expect(point.violations() == [invariant])
    case .viewsEndAtLogEnd:
      point.logEnd += 1
      #expect(point.violations(appended: true) == [invariant])
    }
    try registry.end()
  }

  @Test(arguments: UnitOfWork.Invariant.allCases)
  func `A unit of work that breaks an invariant says which one`(
    invariant: UnitOfWork.Invariant
  ) async {
    var undoLog = UndoLog()
    var batch = Overlay(start: 7)
    #expect(UnitOfWork.violations(undoLog, batch).isEmpty)
    switch invariant {
    case .savepointsNest: undoLog.open = -1
    case .stepsOnlyInSavepoints: undoLog.steps.append(.registryStream(nil))
    case .idsAreOfEvents: batch.events.append(Fixture.freshID())
    case .eventsFollowTheLog:
      await #expect(processExitsWith: .failure) {
        InvariantTests.withUnitOfWork { unitOfWork in
          unitOfWork.add(
            StreamEvent(Fixture.established(), at: 5), in: StreamID("registry/ke")!, head: nil,
            digest: [], identifiers: [], isSealed: false)
        }
      }
      return
    case .flushedOutsideSavepoints:
      await #expect(processExitsWith: .failure) {
        InvariantTests.withUnitOfWork { unitOfWork in
          try unitOfWork.tentatively { (keep: true, try unitOfWork.flush()) }
        }
      }
      return
    }
    #expect(UnitOfWork.violations(undoLog, batch) == [invariant])
  }

  /// On the empty views of a registry of its own. An error is no trap: the process ends well.
  private static func withUnitOfWork(_ body: (UnitOfWork) throws -> Void) {
    do {
      let registry = try TestRegistry()
      let reader = try unsafe registry.store.log.makeReader()
      let views = unsafe registry.store.views
      try views.write { transaction in
        try body(
          UnitOfWork(
            views, transaction, log: reader, sharedStreams: registry.store.sharedStreams, next: 0,
            arena: Arena()))
      }
    } catch {}
  }

  @Test(arguments: PublishedStreams.Invariant.allCases)
  func `Published streams that break an invariant say which one`(
    invariant: PublishedStreams.Invariant
  ) throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    var published = PublishedStreams(SharedStreams())
    published.publish(registry.store.sharedStreams)
    #expect(published.violations().isEmpty && published.current.changedAt == 1)
    switch invariant {
    case .publishedNeverGoesBack:
      (published.current, published.previous) = (published.previous, published.current)
    }
    #expect(published.violations() == [invariant])
    try registry.end()
  }
}

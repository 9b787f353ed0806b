import EventLog
import Failures
import Foundation
import LMDB
import Locking
import Logging
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// The one writer: a thread of its own that decides a batch after the other. While one is appended
/// to the log and synced, by a thread beside it, the next is decided already, on rows of the views
/// that are flushed and not yet committed: nobody else sees them.
package final class Writer: @unchecked Sendable {
  package struct Limits: Sendable {
    /// Bytes of the requests that wait; one beyond is answered `busy`.
    package var queuedBytesMax = 64 << 20
    package var queuedRequestsMax = 100_000
    /// Items that wait decoded: those behind stay as they were sent.
    package var readyItemsMax = 8192
    /// Items in one batch.
    package var batchItemsMax = 4096
    /// Items from which on a batch does not wait for more to be decoded.
    package var batchItemsWanted = 512
    /// Items up to which a batch behind which nothing waits is synced by the writer itself: handing
    /// it over would take longer than anything that may be done meanwhile.
    package var aloneItemsMax = 8

    package init() {}
  }

  private let store: RegistryStore
  private let limits: Limits
  private let queue: RecordQueue
  /// Appends batches, syncs and answers them, one after the other.
  private let logThread = LogThread()
  private let worker = Worker("writer", stackBytes: 4 << 20)
  private let decoder = Worker("decoder", stackBytes: 4 << 20)
  private let batches = Atomic<UInt64>(0)
  /// Of the last batch, or of the log's last event; milliseconds since 1970.
  private var lastMs: UInt64
  var commitDelay = GroupCommitDelay()
  /// Of the writer's thread.
  private let longStreams = LongStreamCache()
  private let onCommit: @Sendable (LogPosition) -> Void

  /// - Parameter onCommit: called from the writer's thread with the log's new end.
  package init(
    _ store: RegistryStore, limits: Limits = .init(),
    onCommit: @escaping @Sendable (LogPosition) -> Void = { _ in }
  ) {
    self.store = store
    self.limits = limits
    lastMs = store.lastRecordedAtMs
    queue = RecordQueue(limits: limits, vault: store.vault, random: store.random)
    self.onCommit = onCommit
  }

  package func start() {
    if let damage = store.logDamage {
      close("The log is damaged, and what is whole of it is only read: \(damage).")
    }
    logThread.start()
    worker.start { [self] in run() }
    decoder.start { [queue] in queue.decodeAhead() }
  }

  /// Queues a request as it was sent; it is answered once, and decided after all that were queued
  /// before it. Does not block.
  package func submit(_ call: EncodedRequest) { queue.add(call) }

  /// Queues a request that is decoded already.
  package func submit(_ job: DecodedRequest) { queue.add(job) }

  /// Finishes what is queued and ends the threads.
  package func stop() {
    queue.stop()
    decoder.join()
    worker.join()
  }

  /// Why nothing is recorded any more; nil while recording goes on.
  package var isClosed: String? { queue.isClosed }
  package var batchCount: UInt64 { batches.load(ordering: .relaxed) }

  private func run() {
    let arena = Arena(budget: 64 << 20)
    var following: Batch?
    do {
      let reader = try unsafe store.log.makeReader()
      while let batch = following ?? firstBatch(arena) {
        following = record(batch, arena, log: reader)
        arena.reset()
      }
      reader.end()
    } catch {
      close("The log cannot be read: \(ErrorSentence.withCauses(of: error))")
      while let batch = firstBatch(arena) { fail(batch, error) }
    }
    logThread.stop()
  }

  private func firstBatch(_ arena: Arena) -> Batch? {
    guard case .job(let job, let bytes) = queue.next(arena, for: .init()) else { return nil }
    let batch = Batch()
    batch.add(job, bytes: bytes)
    return batch
  }

  /// Signals that a batch has nothing to keep: its transaction is dropped.
  private struct NothingToKeep: Error {}

  /// Decides a batch, brings it to the disk, makes it visible and answers it. Gives the batch that
  /// was begun meanwhile.
  ///
  /// Where a crash leaves things: before the keys' sync, the vault may have slots that are torn,
  /// for officers of whom the log knows nothing; after it, keys that nothing is sealed with, which
  /// the officers' next events take. Before the log's commit, nothing happened, and of the batch
  /// that was begun nothing ever left the memory. After it, the events are recorded, with what was
  /// sealed and how far the keys reach, and the views, which are committed only then, catch up with
  /// the log at the next start.
  private func record(_ batch: Batch, _ arena: Arena, log reader: LogReader) -> Batch? {
    if let reason = queue.isClosed {
      fail(batch, by: .closed(reason))
      return nil
    }
    let views = unsafe store.views
    var following: Batch?
    var appended = false
    defer { reader.awaited = (0, []) }
    do {
      try views.write { transaction in
        batch.decide(on: transaction) {
          deciding(
            transaction, reader, arena, sharedStreams: store.sharedStreams,
            next: unsafe store.log.end)
        }
        batch.decideAll()
        gather(batch, arena)
        if let failure = batch.failure { throw failure }
        guard let unitOfWork = batch.unitOfWork, !batch.kept.isEmpty else { throw NothingToKeep() }
        commitDelay.decided(requests: batch.size.requests, inNs: batch.decidedInNs)
        if batch.size.items <= limits.aloneItemsMax, queue.count == 0 {
          try unitOfWork.flush()
          let begun = DispatchTime.now()
          let reach = try store.vault.syncReach()
          var point = CommitPoint(unitOfWork, kept: batch.kept.count)
          try unsafe point.append(batch.kept, to: store.log, vaultReach: reach)
          commitDelay.synced(inNs: begun.nsUntilNow)
        } else {
          // While the rows are written.
          let reach = Mutex<UInt32>(0)
          let keys = logThread.send { [store] in
            let synced = try store.vault.syncReach()
            reach.withLock { $0 = synced }
          }
          try unitOfWork.flush()
          let (brought, begun) = decideMeanwhile(
            batch, keys, { reach.withLock(\.self) }, unitOfWork, transaction, reader, arena)
          following = begun
          try brought.get()
        }
        appended = true
        store.aggregates.note(unitOfWork.touchedOfficers, end: unitOfWork.next)
        // Published before the commit: a reader of the new snapshot finds it.
        store.publish(unitOfWork.sharedStreams)
      }
    } catch is NothingToKeep {
    } catch  where appended {
      // Recorded, but not in the views: catch up, then acknowledge.
      longStreams.removeAll()
      store.logger.error(
        "the views fell behind the log: catching up",
        metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
      following?.forget()
      guard catchUp() else {
        fail(batch, by: .outcomeUnknown("This was recorded, but cannot be shown yet."))
        return following
      }
    } catch {
      longStreams.removeAll()
      following?.forget()
      fail(batch, error)
      return following
    }
    answer(batch, appended: appended, begun: following?.size.requests ?? 0)
    return following
  }

  private func deciding(
    _ transaction: WriteTransaction, _ reader: LogReader, _ arena: Arena,
    sharedStreams: SharedStreams,
    next: LogPosition
  ) -> RequestDecider {
    lastMs = max(lastMs, store.clock.recordedAtMs)
    let unitOfWork = UnitOfWork(
      unsafe store.views, transaction, log: reader, sharedStreams: sharedStreams,
      longStreams: longStreams, next: next, arena: arena)
    // By the time that the events will carry.
    unitOfWork.today = TimeSource.day(
      of: Int64(clamping: lastMs), in: RegistryStore.timeZone(in: sharedStreams))
    return RequestDecider(
      store: store, unitOfWork: unitOfWork, arena: arena, recordedAtMs: lastMs, start: next)
  }

  /// Fills a batch from the queue, waiting as the group-commit delay says, and decides it.
  private func gather(_ batch: Batch, _ arena: Arena) {
    let had = batch.size.requests
    let target = commitDelay.target(having: had)
    let awaited = target.map {
      RecordQueue.BatchTarget(requests: $0.requests, until: .now + .nanoseconds($0.waitNs))
    }
    // One that keeps nothing is answered without a sync, so that nothing is gained by a wait.
    while batch.failure == nil,
      case .job(let job, let bytes) = queue.next(
        arena, for: batch.size, awaiting: batch.kept.isEmpty ? nil : awaited)
    {
      batch.add(job, bytes: bytes)
      batch.decideAll()
    }
    if let target, !batch.kept.isEmpty {
      commitDelay.waited(target, having: had, got: batch.size.requests)
    }
  }

  /// Has a batch appended and synced, and decides the next one meanwhile.
  ///
  /// - Parameters:
  ///   - keys: on disk before the batch, since without them what they sealed would be lost.
  ///   - reach: how far they reach, once they are.
  /// - Returns: whether it was brought, and the batch that was begun, if any.
  private func decideMeanwhile(
    _ batch: Batch, _ keys: LogThread.Outcome, _ reach: @escaping @Sendable () -> UInt32,
    _ unitOfWork: UnitOfWork,
    _ transaction: WriteTransaction, _ reader: LogReader, _ arena: Arena
  ) -> (LogThread.Outcome, Batch?) {
    let kept = batch.kept
    reader.awaited = (unitOfWork.next - UInt64(kept.count), kept)
    let sent = DispatchTime.now()
    let syncNs = Atomic(0)
    let decided = CommitPoint(unitOfWork, kept: kept.count)
    let brought = logThread.send { [store] in
      try keys.get()
      var point = decided
      try unsafe point.append(kept, to: store.log, vaultReach: reach())
    } then: { [queue] in
      syncNs.store(sent.nsUntilNow, ordering: .relaxed)
      queue.call()
    }
    let following = Batch()
    while case .job(let job, let bytes) = queue.nextMeanwhile(arena, for: following.size) {
      following.add(job, bytes: bytes)
      following.decide(on: transaction) {
        deciding(
          transaction, reader, arena, sharedStreams: unitOfWork.sharedStreams, next: unitOfWork.next
        )
      }
      following.decideAll()
    }
    commitDelay.synced(inNs: syncNs.load(ordering: .relaxed))
    return (brought, following.jobs.isEmpty ? nil : following)
  }

  /// Whether the views know what the log does.
  private func catchUp() -> Bool {
    let opening = unsafe ViewsRecovery(
      folder: store.folder, log: store.log, vault: store.vault, logger: store.logger,
      mapSizeBytes: 0)
    do {
      // First, so that no reader takes an aggregate for exact meanwhile.
      unsafe store.aggregates.forget(until: store.log.end)
      store.publish(try opening.catchUp(unsafe store.views))
      return true
    } catch {
      close("The views cannot follow the log: \(ErrorSentence.of(error)) Start the server again.")
      return false
    }
  }

  private struct Answered: @unchecked Sendable {
    let batch: Batch
    let end: LogPosition

    func answer() {
      for (job, reply) in zip(batch.jobs, batch.replies) {
        var reply = reply
        reply.asOf = end
        job.complete(.success(reply))
      }
    }
  }

  /// - Parameter begun: requests of the batch that was begun meanwhile.
  private func answer(_ batch: Batch, appended: Bool, begun: Int) {
    batches.add(1, ordering: .relaxed)
    let end = unsafe store.log.end
    if appended {
      onCommit(end)
      // What failed before goes on: a full disk has room again.
      store.readiness.recorded()
    }
    let others = begun + queue.count
    commitDelay.answered(requests: batch.size.requests, others: others)
    let answered = Answered(batch: batch, end: end)
    // On the log thread, which also frees the batch's memory, while there is more to decide.
    if batch.size.items > limits.aloneItemsMax, others > 0 {
      logThread.send { answered.answer() }
    } else {
      answered.answer()
    }
  }

  private func close(_ reason: String) {
    queue.close(reason)
    store.readiness.close(reason)
    store.logger.critical("recording has stopped: \(reason)")
  }

  private func fail(_ batch: Batch, _ error: any Error) {
    store.logger.error(
      "a batch failed", metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
    switch error {
    case AppendFailure.outcomeUnknown(let cause):
      close("\(cause.sentence) Start the server again: it finds out what was recorded.")
      fail(
        batch,
        by: .outcomeUnknown(
          "It is unknown whether this was recorded: ask again with the same event ids."))
    case AppendFailure.notRecorded(let cause), let cause as StoreFailure:
      store.readiness.failed(cause.sentence, isForRoom: cause.kind == .diskFull)
      fail(batch, by: .notRecorded(cause.sentence, mayRetry: cause.mayRetry))
    case let cause as VaultFailure:
      // As of a log that cannot be written: a full disk may have room again, one that fails is not
      // trusted any more.
      if cause.kind == .io { close(cause.sentence) }
      store.readiness.failed(cause.sentence, isForRoom: cause.kind == .full)
      fail(batch, by: .notRecorded(cause.sentence, mayRetry: cause.mayRetry))
    default:
      fail(
        batch,
        by: .notRecorded("Nothing was recorded: \(ClientSentence.of(error))", mayRetry: false)
      )
    }
  }

  private func fail(_ batch: Batch, by failure: RecordFailure) {
    for job in batch.jobs { job.complete(.failure(failure)) }
  }
}

import EventLog
import Foundation
import LMDB
import Logging
import Messages
import Projections
import Registry
import Vault

/// The one writer: a thread of its own that decides, appends and syncs a batch after the other.
/// A batch is what came in while the last one was synced.
public final class Writer: @unchecked Sendable {
  public struct Limits: Sendable {
    /// Bytes of the requests that wait; one beyond is answered `busy`.
    public var queuedBytesMax = 64 << 20
    public var queuedRequestsMax = 100_000
    /// Items that wait decoded: those behind stay as they were sent.
    public var readyItemsMax = 8192
    /// Items in one batch.
    public var batchItemsMax = 4096
    /// Items from which on a batch does not wait for more to be decoded.
    public var batchItemsWanted = 512

    public init() {}
  }

  private let store: RegistryStore
  private let queue: RecordQueue
  private let condition = NSCondition()
  private var stopped = false
  private var batches: UInt64 = 0
  private let onCommit: @Sendable (LogPosition) -> Void

  /// - Parameter onCommit: called from the writer's thread with the log's new end.
  public init(
    _ store: RegistryStore, limits: Limits = .init(),
    onCommit: @escaping @Sendable (LogPosition) -> Void = { _ in }
  ) {
    self.store = store
    queue = RecordQueue(limits: limits)
    self.onCommit = onCommit
  }

  public func start() {
    let queue = self.queue
    let threads = [Thread { [self] in run() }, Thread { queue.decodeAhead() }]
    for (thread, name) in zip(threads, ["writer", "decoder"]) {
      thread.name = name
      thread.stackSize = 4 << 20
      thread.start()
    }
  }

  /// Queues a request as it was sent; it is answered once, and decided after all that were queued
  /// before it. Does not block.
  public func submit(_ call: RecordCall) { queue.add(call) }

  /// Queues a request that is decoded already.
  public func submit(_ job: RecordJob) { queue.add(job) }

  /// Finishes what is queued and ends the threads.
  public func stop() {
    queue.stop()
    condition.withLock {
      while !stopped { condition.wait() }
    }
  }

  /// Why nothing is recorded any more; nil while recording goes on.
  public var isClosed: String? { queue.isClosed }
  public var batchCount: UInt64 { condition.withLock { batches } }

  private func run() {
    let arena = Arena(budget: 64 << 20)
    var lastMs: UInt64 = 0
    var reader: LogReader?
    while let jobs = queue.nextBatch(arena) {
      do {
        if reader == nil { reader = try unsafe store.log.makeReader() }
        let clock = UInt64(max(0, Date().timeIntervalSince1970 * 1000))
        lastMs = max(lastMs, clock)
        try write(jobs, arena: arena, log: reader!, recordedAtMs: lastMs)
      } catch {
        fail(jobs, error)
      }
      arena.reset()
    }
    reader?.end()
    condition.lock()
    stopped = true
    condition.broadcast()
    condition.unlock()
  }

  /// Signals that a batch has nothing to keep: its transaction is dropped.
  private struct NothingToKeep: Error {}

  /// Where a crash leaves things: before the log's commit, nothing happened; after it, the events
  /// are recorded and the views catch up with the log at the next start.
  private func write(
    _ jobs: [RecordJob], arena: Arena, log reader: LogReader, recordedAtMs: UInt64
  ) throws {
    let (log, views) = unsafe (store.log, store.views)
    var replies: [PreviewReply] = []
    var appended = false
    do {
      try views.environment.write { transaction in
        let workspace = Workspace(
          views, transaction, log: reader, catalogue: store.catalogue, next: log.end,
          arena: arena)
        let deciding = Deciding(
          store: store, workspace: workspace, arena: arena, recordedAtMs: recordedAtMs)
        var kept: [[UInt8]] = []
        for job in jobs { replies.append(try answer(job, deciding, keeping: &kept)) }
        guard !kept.isEmpty else { throw NothingToKeep() }
        try store.vault.sync()
        try workspace.flush()
        try log.append(kept)
        appended = true
        store.tallies.note(workspace.touchedOfficers, end: workspace.next)
        // Published before the commit: a reader of the new snapshot finds it.
        store.publish(workspace.catalogue)
      }
    } catch is NothingToKeep {
    } catch let failure where appended {
      // Recorded, but not in the views: catch up, then acknowledge.
      store.logger.error(
        "the views fell behind the log: catching up", metadata: ["why": "\(failure)"])
      try catchUp()
    }
    condition.withLock { batches += 1 }
    let end = log.end
    if appended { onCommit(end) }
    for (job, reply) in zip(jobs, replies) {
      var reply = reply
      reply.asOf = end
      job.complete(.success(reply))
    }
  }

  private func answer(
    _ job: RecordJob, _ deciding: Deciding, keeping kept: inout [[UInt8]]
  ) throws -> PreviewReply {
    let workspace = deciding.workspace
    if job.purpose == .record {
      return PreviewReply(outcomes: try deciding.decide(job, keeping: &kept))
    }
    return try workspace.tentatively {
      var dropped: [[UInt8]] = []
      guard job.purpose == .preview else {
        return (keep: false, PreviewReply(outcomes: try deciding.decide(job, keeping: &dropped)))
      }
      let previewing = Previewing(
        workspace, today: RegistryStore.today(in: workspace.catalogue))
      let streams = Previewing.streams(of: job.items)
      let before = try previewing.facts(about: streams)
      let outcomes = try deciding.decide(job, keeping: &dropped)
      let changes = Previewing.changes(from: before, to: try previewing.facts(about: streams))
      return (
        keep: false,
        PreviewReply(
          outcomes: outcomes, changes: Array(changes.prefix(Previewing.changesMax)),
          truncated: changes.count > Previewing.changesMax)
      )
    }
  }

  private func catchUp() throws {
    let opening = unsafe ViewsOpening(
      folder: store.folder, log: store.log, vault: store.vault, logger: store.logger,
      mapSizeBytes: 0)
    do {
      // First: whoever reads meanwhile must not take a tally for exact.
      unsafe store.tallies.forget(until: store.log.end)
      store.publish(try opening.catchUp(unsafe store.views))
    } catch {
      close("The views cannot follow the log: \(error). Start the server again.")
      throw error
    }
  }

  private func close(_ reason: String) {
    queue.close(reason)
    store.logger.critical("recording has stopped: \(reason)")
  }

  private func fail(_ jobs: [RecordJob], _ error: any Error) {
    let failure: RecordFailure
    switch error {
    case AppendFailure.outcomeUnknown(let cause):
      close("\(cause.sentence) Start the server again: it finds out what was recorded.")
      failure = .outcomeUnknown(
        "It is unknown whether this was recorded: ask again with the same event ids.")
    case AppendFailure.notRecorded(let cause), let cause as StoreFailure:
      failure = .notRecorded(cause.sentence, mayRetry: cause.mayRetry)
    case let cause as VaultFailure:
      failure = .notRecorded(cause.sentence, mayRetry: false)
    default:
      failure = .notRecorded("Nothing was recorded: \(error).", mayRetry: false)
    }
    store.logger.error("a batch failed", metadata: ["why": "\(error)"])
    for job in jobs { job.complete(.failure(failure)) }
  }
}

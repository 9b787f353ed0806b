import EventLog
import Foundation
import LMDB
import Messages
import Registry

/// Computes every table from the log, through sorted runs.
///
/// One pass over the log partitions the undecoded events by ranges of stream names. Then threads
/// take one range after the other, sort it by stream, fold each stream with the same `evolve` as
/// the writer, and add its rows to a sorted run per table; meanwhile this thread appends the heads
/// of the ranges in order, and then it merges the runs of the other tables. The result equals the
/// live tables key for key and value for value.
///
/// What depends on other streams waits: shared streams are folded first and stay in memory, as in a
/// server; the answers about credentials with evidence are joined after all streams are folded.
public final class Rebuild {
  public struct Limits: Sendable {
    /// Bytes that events and rows take in memory; what is more goes to files in the generation's
    /// folder.
    public var memoryMax = 256 << 20
    public var threads = max(2, ProcessInfo.processInfo.activeProcessorCount)

    public init() {}

    /// Of all partitioned events together.
    var shelvedMax: Int { memoryMax / 3 }
    /// Of the events of one range, about.
    var rangeMax: Int { max(1, memoryMax / 16 / threads) }
    /// Of the ids of events.
    var idsMax: Int { memoryMax / 6 }
    /// Of the rows of one table of one thread; most tables stay far under it.
    var runMax: Int { memoryMax / 16 / threads }
  }

  private let views: Views
  private let log: EventLog
  private let limits: Limits
  private let blinds: StreamFold.MakeBlinds

  /// - Parameters:
  ///   - views: a fresh, empty generation.
  ///   - blinds: makes, for each thread, what gives the identifiers that came with an event, where
  ///     the officer's key is to be had.
  public init(
    _ views: Views, log: EventLog, limits: Limits = .init(),
    blinds: @escaping @Sendable () -> (StoredEvent, LogReader) throws -> [BlindIdentifier]
  ) {
    self.views = views
    self.log = log
    self.limits = limits
    self.blinds = blinds
  }

  /// Reads the log up to an end and fills the tables; ends early, with `CancellationError`, where
  /// the task is cancelled.
  ///
  /// - Parameter progress: told the number of events read, now and then.
  public func run(to end: LogPosition, progress: (LogPosition) -> Void = { _ in }) throws {
    // Views that nothing was recorded to have no row either.
    guard end > 0 else { return }
    let changes = RowChanges(views)
    let partitions = try EventPartitions(log, to: end, folder: views.folder, limits: limits)
    let ids = ExternalSorter(folder: views.folder, memoryMax: limits.idsMax)
    try partitions.fill(ids: ids, progress: progress)

    var context = FoldContext()
    let shared = StreamFold(
      context, log: log, folder: views.folder, limits: limits, blinds: blinds())
    defer { shared.close() }
    let sharedRows = try shared.fold(try partitions.shared.take())
    context.courses = shared.courses
    let workers = RebuildWorkers(
      partitions, context, log: log, folder: views.folder, limits: limits, blinds: blinds)
    workers.start()
    do {
      try views.environment.append(to: views[.ids], ids.finish(), observer: changes)
      try appendHeads(sharedRows, workers, changes)
    } catch {
      workers.stop()
      throw error
    }
    var results = try workers.finish()
    results.add(shared.finish())
    try join(&results, merged: partitions.merged)
    for table in ViewTable.allCases {
      try Task.checkCancellation()
      if let runs = results.tables[table] {
        try views.environment.append(to: views[table], runs, observer: changes)
      }
    }
    try views.environment.write { transaction in
      transaction.observer = changes
      try views.write(position: end, transaction)
      try changes.write(transaction)
    }
  }

  /// Heads and chunks, range after range, those of shared streams between them.
  private func appendHeads(
    _ shared: StreamFold.Rows, _ workers: RebuildWorkers, _ changes: RowChanges
  ) throws {
    let (heads, chunks) = (views[.heads], views[.chunks])
    let (sharedHeads, sharedChunks) = (RowQueue(shared.heads), RowQueue(shared.chunks))
    for range in 0..<workers.count {
      try Task.checkCancellation()
      let rows = try workers.range(range)
      for (table, own, other) in [
        (heads, rows.heads, sharedHeads), (chunks, rows.chunks, sharedChunks),
      ] {
        let last = range == workers.count - 1
        try views.environment.append(
          to: table, own, between: other, all: last, observer: changes)
      }
    }
  }

  /// What streams that were folded one by one say of each other.
  private func join(_ results: inout StreamFold.Results, merged: Set<Identifier>) throws {
    let rows = ExternalSorter(folder: views.folder, memoryMax: limits.runMax)
    for officer in merged { try rows.add(ViewKey.of(officer), []) }
    results.tables[.merged] = rows.finish()
    let joining = EvidenceJoin(views, folder: views.folder, limits: limits)
    results.tables[.credentials, default: []] += try joining.rows(results.evidence)
    results.evidence = []
  }
}

/// What the fold of one stream may know of other streams before those are folded.
struct FoldContext: Sendable {
  /// Cohort → its course, as last known.
  var courses: [Identifier: Identifier] = [:]
}

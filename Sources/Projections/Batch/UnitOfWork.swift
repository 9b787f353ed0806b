import EventLog
import LMDB
import Messages
import Registry

/// The writer's unit of work: the committed views with an overlay of the batch's changes so far. A
/// part of a batch that is rejected or only tried is rolled back.
///
/// A unit of work stays on the thread of its write transaction. It may begin on the flushed but
/// uncommitted transaction of the batch before it, and continues in the next transaction once that
/// one was committed.
public final class UnitOfWork: HistoryReader {
  let views: Views
  private(set) var transaction: WriteTransaction
  public let log: LogReader
  let arena: Arena
  public internal(set) var sharedStreams: SharedStreams
  /// The first storage failure that a rule's query ran into: it invalidates every decision.
  public private(set) var failure: (any Error)?

  /// The streams that the batch has loaded, without shared ones that it only queried.
  var loaded: [StreamID: LoadedStream] = [:]
  /// The one that was asked for last: a proposal's own stream is asked for several times.
  private var latest: LoadedStream?
  var batch: Overlay
  var undoLog = UndoLog()
  /// Those of the batches before; see `LongStreamCache`.
  let longStreams: LongStreamCache
  /// Officers whose completions count for another course, since their cohort has one.
  var movedOfficers: Set<Identifier> = []
  var committedSeats: [Identifier: Int] = [:]
  /// The registry's day, by the clock of what is recorded: what a replay applies was judged before.
  public var today = Day.distantFuture

  public init(
    _ views: Views, _ transaction: WriteTransaction, log: LogReader, sharedStreams: SharedStreams,
    longStreams: LongStreamCache = LongStreamCache(), next: LogPosition, arena: Arena
  ) {
    self.views = views
    self.transaction = transaction
    self.log = log
    self.sharedStreams = sharedStreams
    self.arena = arena
    self.longStreams = longStreams
    batch = Overlay(start: next)
  }

  /// Continues in another transaction, which must hold what the one before it held.
  public func go(on transaction: WriteTransaction) { self.transaction = transaction }

  /// The position of the batch's first event.
  public var start: LogPosition { batch.start }

  /// The position of the next event.
  public var next: LogPosition { batch.start + UInt64(batch.events.count) }

  /// Runs a part of the batch; when it says that nothing of it is to be kept, what it added is
  /// forgotten. Parts may nest.
  public func tentatively<R>(_ body: () throws -> (keep: Bool, R)) rethrows -> R {
    let mark = undoLog.begin(batch)
    defer {
      undoLog.end()
      assert(violations().isEmpty, "\(violations())")
    }
    let (keep, result) = try body()
    if !keep { undoLog.undo(to: mark, &batch) }
    return result
  }

  public var isEmpty: Bool { batch.events.isEmpty }

  func ask<R>(_ body: () throws -> R, otherwise: R) -> R {
    do {
      return try body()
    } catch {
      failure = failure ?? error
      return otherwise
    }
  }

  // MARK: streams

  /// The stream as the batch sees it, loaded at first use.
  func open(_ stream: StreamID) -> LoadedStream {
    if let latest, latest.stream == stream { return latest }
    let opened = loaded[stream] ?? load(stream)
    latest = opened
    return opened
  }

  private func load(_ stream: StreamID) -> LoadedStream {
    let row = ask({ try views.headRow(stream, transaction, arena: arena) }, otherwise: nil)
    let opened = LoadedStream(stream, row.map { sharedStreams.completed($0, of: stream) })
    loaded[stream] = opened
    return opened
  }

  public func head(of stream: StreamID) -> StreamHead? {
    if stream.kind.isShared, loaded[stream]?.added.isEmpty ?? true {
      return sharedStreams.head(of: stream)
    }
    return open(stream).row?.head
  }

  public func history(of stream: StreamID) -> ChunkedArray<StreamEvent> {
    if stream.kind.isShared, loaded[stream]?.added.isEmpty ?? true {
      return sharedStreams.history(of: stream)
    }
    let opened = open(stream)
    if let known = opened.history { return known }
    var history = stream.kind.isShared ? sharedStreams.history(of: stream) : committed(opened)
    history.append(contentsOf: opened.added)
    opened.history = history
    return history
  }

  public func effectiveHistory(of stream: StreamID) -> EffectiveHistory {
    let opened = open(stream)
    if let known = opened.standing { return known }
    let standing =
      longStreams.effectiveHistory(of: stream, adding: opened.added, to: opened.committed)
      ?? EffectiveHistory(history(of: stream))
    opened.standing = standing
    return standing
  }

  private func committed(_ opened: LoadedStream) -> ChunkedArray<StreamEvent> {
    guard let row = opened.committed else { return [] }
    if let known = longStreams.effectiveHistory(of: opened.stream, adding: [], to: row) {
      return known.events
    }
    return ask(
      { try self.read(views.positions(of: opened.stream, row, transaction)) }, otherwise: [])
  }

  private func read(_ positions: [LogPosition]) throws -> ChunkedArray<StreamEvent> {
    var events: ChunkedArray<StreamEvent> = []
    for position in positions {
      let read = try log.read(position) { bytes in
        Result { () throws(DecodeFailure) in try StoredEvent(bytes, arena: arena).event }
      }
      guard let read else { throw LogFailure(missing: position) }
      events.append(try read.get())
    }
    return events
  }

  public func state(of stream: StreamID, on day: Day) -> StreamState? {
    guard let head = head(of: stream) else { return nil }
    if head.last.map({ $0.effective <= day }) ?? true { return head.state }
    if stream.kind.isShared, loaded[stream]?.added.isEmpty ?? true {
      return sharedStreams.state(of: stream, on: day)
    }
    return effectiveHistory(of: stream).fold(until: day).state
  }

  public var registryStream: StreamID? {
    sharedStreams.registryStream ?? batch.registryStream
  }
}

extension UnitOfWork {
  /// The streams that the batch's events from a position on stand in.
  package func streams(addedFrom position: LogPosition) -> Set<StreamID> {
    // fits: no more than the batch has.
    let first = Int(min(max(position, batch.start), next) - batch.start)
    return Set(batch.events[first...].compactMap { batch.ids[$0]?.stream })
  }

  /// Everybody whom the batch's events touch so far.
  package var touchedSoFar: Set<Identifier> { Set(batch.subjects.map(\.officer)) }

  /// The streams of the batch's events so far that rely on what changed.
  package func reliersAdded(on changes: [RelianceChange], until day: Day) -> Set<StreamID> {
    Set(
      batch.relied.filter { row in
        row.day <= day
          && changes.contains { $0.authority == row.authority && $0.concerns(row.day) }
      }.map(\.stream))
  }

  /// What was committed, or flushed, before the batch: for scans of the tables' rows.
  package var committed: RegistryReader {
    RegistryReader(
      views: views, snapshot: transaction, sharedStreams: sharedStreams, log: log, arena: arena,
      asOf: batch.start)
  }

  /// The id of the event at a position.
  public func id(at position: LogPosition) throws -> EventID? {
    if position >= batch.start, position < next {
      return batch.events[Int(position - batch.start)]
    }
    return try log.read(position) { bytes in
      Result { () throws(DecodeFailure) in try StoredEvent(bytes, arena: arena).proposal.eventID }
    }?.get()
  }

  /// The shared streams and the merges with what the batch adds to them.
  public var pendingSharedStreams: SharedStreams {
    var pending = sharedStreams
    for (stream, opened) in loaded where !opened.added.isEmpty {
      guard let head = opened.row?.head else { continue }
      if stream.kind.isShared {
        pending.update(stream, head, history: history(of: stream))
      } else if stream.kind == .officer,
        batch.merged.contains(stream.key) || sharedStreams.merges.knows(stream.key)
      {
        pending.update(merged: stream.key, head, history: history(of: stream))
      }
    }
    return pending
  }
}

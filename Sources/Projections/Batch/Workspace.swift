import EventLog
import LMDB
import Messages
import Registry

/// The registry as one batch of the writer sees it: what is committed, and over it what the batch
/// has added so far. A part of a batch that is rejected or only tried leaves nothing.
///
/// One workspace stays on the thread of its write transaction. It may begin on what the batch before
/// it has flushed into a transaction and go on in the next one, once that was committed.
public final class Workspace: Annals {
  let views: Views
  private(set) var transaction: WriteTransaction
  public let log: LogReader
  let arena: Arena
  public internal(set) var catalogue: Catalogue
  /// The first failure of the store that a rule's question met: nothing that was judged counts.
  public private(set) var failure: (any Error)?

  /// The streams that the batch has met, but for shared ones that it only asked about.
  var met: [StreamID: OpenStream] = [:]
  /// The one that was asked for last: a proposal's own stream is asked for several times.
  private var latest: OpenStream?
  var batch: Layer
  var undoing = Undoing()
  /// Those of the batches before; see `LongStreams`.
  let longStreams: LongStreams
  /// Officers whose completions count for another course, since their cohort has one.
  var movedOfficers: Set<Identifier> = []
  var committedSeats: [Identifier: Int] = [:]

  public init(
    _ views: Views, _ transaction: WriteTransaction, log: LogReader, catalogue: Catalogue,
    longStreams: LongStreams = LongStreams(), next: LogPosition, arena: Arena
  ) {
    self.views = views
    self.transaction = transaction
    self.log = log
    self.catalogue = catalogue
    self.arena = arena
    self.longStreams = longStreams
    batch = Layer(start: next)
  }

  /// Goes on in another transaction, which must hold what the one before it held.
  public func go(on transaction: WriteTransaction) { self.transaction = transaction }

  /// The position of the next event.
  public var next: LogPosition { batch.start + UInt64(batch.events.count) }

  /// Runs a part of the batch; when it says that nothing of it is to be kept, what it added is
  /// forgotten. Parts may nest.
  public func tentatively<R>(_ body: () throws -> (keep: Bool, R)) rethrows -> R {
    let mark = undoing.begin(batch)
    defer { undoing.end() }
    let (keep, result) = try body()
    if !keep { undoing.undo(to: mark, &batch) }
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

  /// The stream as the batch has it, read when it is first met.
  func open(_ stream: StreamID) -> OpenStream {
    if let latest, latest.stream == stream { return latest }
    let opened = met[stream] ?? meet(stream)
    latest = opened
    return opened
  }

  private func meet(_ stream: StreamID) -> OpenStream {
    let row = ask({ try views.headRow(stream, transaction, arena: arena) }, otherwise: nil)
    let opened = OpenStream(stream, row.map { catalogue.completed($0, of: stream) })
    met[stream] = opened
    return opened
  }

  public func head(of stream: StreamID) -> StreamHead? {
    if stream.kind.isCatalogued, met[stream]?.added.isEmpty ?? true {
      return catalogue.head(of: stream)
    }
    return open(stream).row?.head
  }

  public func history(of stream: StreamID) -> ChunkedArray<StreamEvent> {
    if stream.kind.isCatalogued, met[stream]?.added.isEmpty ?? true {
      return catalogue.history(of: stream)
    }
    let opened = open(stream)
    if let known = opened.history { return known }
    var history = stream.kind.isCatalogued ? catalogue.history(of: stream) : committed(opened)
    history.append(contentsOf: opened.added)
    opened.history = history
    return history
  }

  public func standing(of stream: StreamID) -> Standing {
    let opened = open(stream)
    if let known = opened.standing { return known }
    let standing =
      longStreams.standing(of: stream, adding: opened.added, to: opened.committed)
      ?? Standing(history(of: stream))
    opened.standing = standing
    return standing
  }

  private func committed(_ opened: OpenStream) -> ChunkedArray<StreamEvent> {
    guard let row = opened.committed else { return [] }
    if let known = longStreams.standing(of: opened.stream, adding: [], to: row) {
      return known.events
    }
    return ask(
      { try self.read(views.positions(of: opened.stream, row, transaction)) }, otherwise: [])
  }

  private func read(_ positions: [LogPosition]) throws -> ChunkedArray<StreamEvent> {
    var events: ChunkedArray<StreamEvent> = []
    for position in positions {
      let read = try log.read(position) { bytes in
        Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).event }
      }
      guard let read else { throw LogFailure(missing: position) }
      events.append(try read.get())
    }
    return events
  }

  public func state(of stream: StreamID, on day: Day) -> StreamState? {
    guard let head = head(of: stream) else { return nil }
    if head.last.map({ $0.effective <= day }) ?? true { return head.state }
    if stream.kind.isCatalogued, met[stream]?.added.isEmpty ?? true {
      return catalogue.state(of: stream, on: day)
    }
    return standing(of: stream).fold(until: day).state
  }

  public var registryStream: StreamID? {
    catalogue.registryStream ?? batch.registryStream
  }
}

extension Workspace {
  /// The id of the event at a position.
  public func id(at position: LogPosition) throws -> EventID? {
    if position >= batch.start, position < next {
      return batch.events[Int(position - batch.start)]
    }
    return try log.read(position) { bytes in
      Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).proposal.eventID }
    }?.get()
  }

  /// The shared streams and the merges with what the batch adds to them.
  public var pendingCatalogue: Catalogue {
    var pending = catalogue
    for (stream, opened) in met where !opened.added.isEmpty {
      guard let head = opened.row?.head else { continue }
      if stream.kind.isCatalogued {
        pending.update(stream, head, history: history(of: stream))
      } else if stream.kind == .officer,
        batch.merged.contains(stream.key) || catalogue.merges.knows(stream.key)
      {
        pending.update(merged: stream.key, head, history: history(of: stream))
      }
    }
    return pending
  }
}

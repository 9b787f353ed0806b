import EventLog
import Failures
import LMDB
import Messages
import Registry

/// The read model as of one log position: a snapshot of the views, the shared streams, and the log
/// for what has no row in the views.
public protocol ReadModel {
  var sharedStreams: SharedStreams { get }
  func streams(touching officer: Identifier, before position: LogPosition) throws -> [StreamID]
  /// The state on a day as known before a position.
  func state(
    of stream: StreamID, on day: Day, knownAt position: LogPosition
  ) throws -> StreamState?
}

/// The committed read model, for one reader on one thread.
public struct RegistryReader: ReadModel {
  public let views: Views
  public let snapshot: Snapshot
  public let sharedStreams: SharedStreams
  public let log: LogReader
  public let arena: Arena
  /// The number of events that this snapshot knows.
  public let asOf: LogPosition

  public init(
    views: Views, snapshot: Snapshot, sharedStreams: SharedStreams, log: LogReader, arena: Arena,
    asOf: LogPosition
  ) {
    self.views = views
    self.snapshot = snapshot
    self.sharedStreams = sharedStreams
    self.log = log
    self.arena = arena
    self.asOf = asOf
  }

  public func streams(
    touching officer: Identifier, before position: LogPosition
  ) throws -> [StreamID] {
    try views.streams(touching: officer, before: position, snapshot)
  }

  public func row(of stream: StreamID) throws -> HeadRow? {
    try views.headRow(stream, snapshot, arena: arena).map {
      sharedStreams.completed($0, of: stream)
    }
  }

  public func state(
    of stream: StreamID, on day: Day, knownAt position: LogPosition = .max
  ) throws -> StreamState? {
    if stream.kind.isShared {
      return sharedStreams.state(of: stream, on: day, knownAt: min(position, asOf))
    }
    guard let row = try row(of: stream) else { return nil }
    return try state(of: stream, row, on: day, knownAt: position)
  }

  /// The same for a stream whose stored row is at hand.
  public func state(
    of stream: StreamID, _ row: HeadRow, on day: Day, knownAt position: LogPosition
  ) throws -> StreamState? {
    // The stored head is exact when it knows no more than was asked about.
    let last =
      position < asOf ? try views.positions(of: stream, row, snapshot).last : nil
    let knowsMore = last.map { $0 >= position } ?? false
    if !knowsMore, row.head.last.map({ $0.effective <= day }) ?? true { return row.head.state }
    let known = try history(of: stream, row).filter { $0.metadata.position < position }
    return EffectiveHistory(known).fold(until: day).state
  }

  public func history(of stream: StreamID, _ row: HeadRow) throws -> [StreamEvent] {
    try views.positions(of: stream, row, snapshot).map { try stored($0).event }
  }

  public func stored(_ position: LogPosition) throws -> StoredEvent {
    let read = try log.read(position) { bytes in
      Result { () throws(DecodeFailure) in try StoredEvent(bytes, arena: arena) }
    }
    guard let read else { throw LogFailure(missing: position) }
    do { return try read.get() } catch {
      // It was read back whole, and is no event all the same: nobody asked wrongly.
      throw LogFailure(
        "The event at position \(position) of the log cannot be read: \(error.sentence)",
        cause: Cause(error))
    }
  }

  /// Where an event's stream is, by its id.
  public func stream(of id: EventID) throws -> StreamID? {
    guard let found = try views.event(id, snapshot) else { return nil }
    return try stored(found.position).stream
  }

  /// What a credential's evidence is worth on a day, as known before a position.
  public func evidence(
    of credential: Identifier, _ state: Credential, on day: Day, knownAt position: LogPosition
  ) throws -> EvidenceState {
    var failure: (any Error)?
    let holder = sharedStreams.merges.owner(
      of: StreamID(.credential, credential), naming: state.terms.holder, on: day,
      knownAt: position)
    let worth = EvidenceState(
      state.terms.evidence,
      isHolders: { stream, officer in
        sharedStreams.merges.owner(of: stream, naming: officer, on: day, knownAt: position)
          == holder
      }
    ) { id in
      do {
        guard let stream = try stream(of: id) else { return nil }
        return try self.state(of: stream, on: day, knownAt: position).map { (stream, $0) }
      } catch let error {
        failure = error
        return nil
      }
    }
    if let failure { throw failure }
    return worth
  }
}

extension UnitOfWork: ReadModel {
  public func streams(
    touching officer: Identifier, before position: LogPosition
  ) throws -> [StreamID] {
    var streams = try views.streams(touching: officer, before: position, transaction)
    for subject in batch.subjects
    where subject.officer == officer && !streams.contains(subject.stream) {
      streams.append(subject.stream)
    }
    return streams
  }

  public func state(
    of stream: StreamID, on day: Day, knownAt position: LogPosition
  ) throws -> StreamState? {
    guard position < next else { return state(of: stream, on: day) }
    return EffectiveHistory(history(of: stream).known(before: position)).fold(until: day).state
  }
}

extension RegistryReader {
  /// The positions of a stream's events, oldest first.
  public func positions(of stream: StreamID) throws -> [LogPosition] {
    try row(of: stream).map { try views.positions(of: stream, $0, snapshot) } ?? []
  }

  /// Which of a stream's events stand, by what was known before a position.
  public func effectiveHistory(of stream: StreamID, knownAt position: LogPosition) throws
    -> EffectiveHistory
  {
    if stream.kind.isShared {
      let history = sharedStreams.history(of: stream)
      return history.last.map { $0.metadata.position < position } ?? true
        ? EffectiveHistory(history) : EffectiveHistory(history.known(before: position))
    }
    return EffectiveHistory(
      try positions(of: stream).filter { $0 < position }.map { try stored($0).event })
  }

  /// The streams of a kind after a key, in the order of their keys, with their stored rows.
  public func rows(
    of kind: StreamKind, after: Identifier?, limit: Int
  ) throws -> [(stream: StreamID, row: HeadRow)] {
    var rows: [(StreamID, HeadRow)] = []
    var failure: StoreFailure?
    let prefix = Array((kind.rawValue + "/").utf8)
    let start = after.map { prefix + ViewKey.of($0) } ?? prefix
    try snapshot.scan(views[.heads], from: .key(start), prefix: prefix) { key, value in
      guard let stream = StreamID(ViewKey.text(key)), stream.key != after else { return true }
      do throws(DecodeFailure) {
        rows.append((stream, try HeadRow(value, arena: arena)))
      } catch {
        failure = views.unreadable(stream)
        return false
      }
      return rows.count < limit
    }
    if let failure { throw failure }
    return rows
  }
}

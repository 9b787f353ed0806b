import EventLog
import LMDB
import Messages
import Registry

/// Computes every table from the log, in memory, and writes each in the order of its keys.
///
/// It folds by the same `evolve` as the writer; what it gives equals the live tables key for key
/// and value for value. Its memory grows with the streams, not with the events: about a kilobyte
/// for each.
public final class Rebuild {
  private let views: Views
  private let log: LogReader
  private let lateFacts: LogReader
  private let arena = Arena()
  private let blinds: (StoredEvent) throws -> [[UInt8]]

  private var heads: [StreamID: HeadRow] = [:]
  private var chunks: [StreamID: [[UInt8]]] = [:]
  private var older: [StreamID: [LogPosition]] = [:]
  private var ids: [(id: EventID, position: LogPosition, digest: [UInt8])] = []
  private var subjects: [Identifier: [(position: LogPosition, stream: StreamID)]] = [:]
  private var identifiers: [[UInt8]: Identifier] = [:]
  /// Where the events stand that a credential may rest on.
  private var evidence: [EventID: StreamID] = [:]

  /// - Parameters:
  ///   - views: a fresh, empty generation.
  ///   - lateFacts: a second reader, for the histories that are asked for within the scan.
  ///   - blinds: the blind indexes of the identifiers that an event gives its officer, where the
  ///     officer's key is to be had.
  public init(
    _ views: Views, log: LogReader, lateFacts: LogReader,
    blinds: @escaping (StoredEvent) throws -> [[UInt8]]
  ) {
    self.views = views
    self.log = log
    self.lateFacts = lateFacts
    self.blinds = blinds
  }

  /// Reads the log up to an end and fills the tables.
  ///
  /// - Parameter progress: told the number of events read, now and then.
  public func run(to end: LogPosition, progress: (LogPosition) -> Void = { _ in }) throws {
    ids.reserveCapacity(Int(end))
    var failure: (any Error)?
    var next: LogPosition = 0
    while next < end {
      // A short snapshot at a time: a long one would keep old pages of the log alive.
      let stop = min(next + 50_000, end)
      try log.read(from: next) { position, bytes in
        guard position == next, position < stop else { return false }
        do {
          try take(try StoredEvent(bytes, arena: arena))
        } catch {
          failure = error
          return false
        }
        next += 1
        return true
      }
      if let failure { throw failure }
      guard next == stop else { throw LogFailure("The log has a gap at \(next).") }
      progress(next)
    }
    try write(end)
  }

  private func take(_ stored: StoredEvent) throws {
    let (event, stream) = (stored.event, stored.stream)
    let position = event.occasion.position
    var row =
      heads[stream]
      ?? HeadRow(
        head: StreamHead(state: nil, events: 0, last: nil, amended: false), positions: [])
    let before = row.head.state?.subject(of: stream)
    var failure: (any Error)?
    row.head = StreamHead.advanced(row.head.events == 0 ? nil : row.head, by: event) {
      do {
        return try history(older[stream, default: []] + row.positions)
      } catch let error {
        failure = error
        return []
      }
    }
    if let failure { throw failure }
    let positions = row.positions
    if let (_, chunk) = row.append(position) {
      chunks[stream, default: []].append(chunk)
      older[stream, default: []] += positions + [position]
    }
    heads[stream] = row
    ids.append((event.occasion.eventID, position, stored.recorded.digest))
    let after = row.head.state?.subject(of: stream)
    if let before, before != after { subjects[before, default: []].append((position, stream)) }
    if let after { subjects[after, default: []].append((position, stream)) }
    switch event.body {
    case .enrolment(.completed), .submission(.verified):
      evidence[event.occasion.eventID] = stream
    default: break
    }
    for blind in try blinds(stored) { identifiers[blind] = stream.key }
  }

  private func history(_ positions: [LogPosition]) throws -> [StreamEvent] {
    try positions.map { position in
      let read = try lateFacts.read(position) { bytes in
        Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).event }
      }
      guard let read else { throw LogFailure("The log has no event at \(position).") }
      return try read.get()
    }
  }

  // MARK: writing

  private func write(_ end: LogPosition) throws {
    ids.sort { $0.id < $1.id }
    try append(
      .ids,
      ids.lazy.map { entry in
        var value: [UInt8] = []
        value.reserveCapacity(24)
        value.append(bigEndian: entry.position)
        value += entry.digest
        return (entry.id.bytes, value)
      })
    ids = []
    let officers = subjects.map { ($0.key, $0.value) }
      .sorted { ViewKey.of($0.0).lexicographicallyPrecedes(ViewKey.of($1.0)) }
    subjects = [:]
    try append(
      .subjects,
      officers.lazy.flatMap { officer, entries in
        entries.lazy.map { (ViewKey.subject(officer, $0.position), ViewKey.of($0.stream)) }
      })
    try append(sorted: .identifiers, identifiers.map { ($0.key, ViewKey.of($0.value)) })
    try append(
      sorted: .chunks,
      chunks.flatMap { stream, rows in
        rows.enumerated().map { (ViewKey.chunk(stream, UInt32($0.offset)), $0.element) }
      })
    try append(
      sorted: .heads, heads.map { (ViewKey.of($0.key), $0.value.encoded(arena: arena)) })
    var derived: [ViewTable: [([UInt8], [UInt8])]] = [:]
    for (stream, row) in heads {
      for row in DerivedRows.of(stream, row.head) {
        derived[row.table, default: []].append((row.key, row.value))
      }
      if stream.kind == .credential, let state = row.head.state?.credential,
        let last = row.head.last?.effective
      {
        let worth = EvidenceState(state.terms.evidence) { id in
          evidence[id].flatMap { heads[$0]?.head.state }
        }
        derived[.credentials, default: []].append(
          (
            ViewKey.of(stream.key),
            VerifyRow.encoded(state, stream.key, last: last, evidence: worth, arena: arena)
          ))
      }
    }
    for (table, rows) in derived { try append(sorted: table, rows) }
    try views.environment.write { try views.write(position: end, $0) }
  }

  private func append(sorted table: ViewTable, _ rows: [([UInt8], [UInt8])]) throws {
    try append(table, rows.sorted { $0.0.lexicographicallyPrecedes($1.0) })
  }

  private func append(
    _ table: ViewTable, _ rows: some Sequence<(_: [UInt8], _: [UInt8])>
  ) throws {
    try views.environment.write { transaction in
      for (key, value) in rows { try transaction.append(views[table], key, value) }
    }
  }
}

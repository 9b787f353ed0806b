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

  /// A stream as far as it was read. A class, so that an event changes it where it stands.
  private final class Entry {
    let stream: StreamID
    var row = HeadRow(
      head: StreamHead(state: nil, events: 0, last: nil, amended: false), positions: [])
    var chunks: [[UInt8]] = []
    var older: [LogPosition] = []
    /// Whose record the stream is part of, and what touched that record.
    var subject: Subject?

    init(_ stream: StreamID) { self.stream = stream }
  }

  private final class Subject {
    let officer: Identifier
    var touches: [(position: LogPosition, stream: StreamID)] = []

    init(_ officer: Identifier) { self.officer = officer }
  }

  private var entries: [StreamID: Entry] = [:]
  private var ids: [(id: EventID, position: LogPosition, digest: [UInt8])] = []
  private var subjects: [Identifier: Subject] = [:]
  private var identifiers: [[UInt8]: Identifier] = [:]
  private var documents: Rows = []
  /// Records that were ever merged, with their histories.
  private var merges = Merges()
  private var mergedRecords: Set<Identifier> = []
  /// Where the events stand that a credential may rest on.
  private var evidence: [EventID: Entry] = [:]

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
    let entry: Entry
    if let known = entries[stream] {
      entry = known
    } else {
      entry = Entry(stream)
      entries[stream] = entry
    }
    var failure: (any Error)?
    entry.row.head = StreamHead.advanced(
      entry.row.head.events == 0 ? nil : entry.row.head, by: event
    ) {
      do {
        return try history(entry.older + entry.row.positions)
      } catch let error {
        failure = error
        return []
      }
    }
    if let failure { throw failure }
    if entry.row.positions.count == HeadRow.positionsMax - 1 {
      entry.older += entry.row.positions + [position]
    }
    if let (_, chunk) = entry.row.append(position) { entry.chunks.append(chunk) }
    ids.append((event.occasion.eventID, position, stored.recorded.digest))
    for document in event.documents {
      documents.append((ViewKey.document(document, position), []))
    }
    try noteMerge(entry, event)
    touch(entry, position)
    switch event.body {
    case .enrolment(.completed), .submission(.verified),
      .skillClaim(.priorLearningRecognised):
      evidence[event.occasion.eventID] = entry
    default: break
    }
    for blind in try blinds(stored) { identifiers[blind] = stream.key }
  }

  /// Notes whose record an event touched: who it was about before, and who it is about now.
  private func touch(_ entry: Entry, _ position: LogPosition) {
    let after = entry.row.head.state?.subject(of: entry.stream)
    if let before = entry.subject, before.officer != after {
      before.touches.append((position, entry.stream))
      entry.subject = nil
    }
    guard let after else { return }
    let subject = entry.subject ?? subjects[after] ?? Subject(after)
    if entry.subject == nil {
      subjects[after] = subject
      entry.subject = subject
    }
    subject.touches.append((position, entry.stream))
  }

  private func noteMerge(_ entry: Entry, _ event: StreamEvent) throws {
    guard entry.stream.kind == .officer else { return }
    if case .officer(.mergedInto) = event.body { mergedRecords.insert(entry.stream.key) }
    guard mergedRecords.contains(entry.stream.key) else { return }
    merges.update(
      entry.stream.key, entry.row.head, history: try history(entry.older + entry.row.positions))
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

  private typealias Rows = [(key: [UInt8], value: [UInt8])]

  private func write(_ end: LogPosition) throws {
    ids.sort { $0.id < $1.id }
    try append(
      .ids,
      ids.lazy.map { entry in
        var (key, value): ([UInt8], [UInt8]) = ([], [])
        key.reserveCapacity(16)
        key.append(bigEndian: entry.id.high)
        key.append(bigEndian: entry.id.low)
        value.reserveCapacity(24)
        value.append(bigEndian: entry.position)
        value += entry.digest
        return (key, value)
      })
    ids = []
    let officers = Self.sorted(subjects.values.map { (ViewKey.of($0.officer), $0) })
    try append(
      .subjects,
      officers.lazy.flatMap { _, subject in
        subject.touches.lazy.map {
          (ViewKey.subject(subject.officer, $0.position), ViewKey.of($0.stream))
        }
      })
    try append(sorted: .documents, documents)
    try append(sorted: .merged, mergedRecords.map { (ViewKey.of($0), []) })
    try append(sorted: .identifiers, identifiers.map { ($0.key, ViewKey.of($0.value)) })
    try append(
      sorted: .chunks,
      entries.values.flatMap { entry in
        entry.chunks.enumerated().map {
          (ViewKey.chunk(entry.stream, UInt32($0.offset)), $0.element)
        }
      })
    let sorted = Self.sorted(entries.values.map { (ViewKey.of($0.stream), $0) })
    try append(.heads, sorted.lazy.map { ($0.0, $0.1.row.encoded(arena: self.arena)) })
    try writeDerived(sorted.map(\.1))
    try views.environment.write { try views.write(position: end, $0) }
  }

  private func writeDerived(_ entries: [Entry]) throws {
    var derived: [ViewTable: Rows] = [:]
    let cohorts = self.entries
    for entry in entries {
      let rows = DerivedRows.of(entry.stream, entry.row.head) {
        cohorts[StreamID(.cohort, $0)]?.row.head.state?.cohort?.terms.course
      }
      for row in rows {
        derived[row.table, default: []].append((row.key, row.value))
      }
      guard entry.stream.kind == .credential, let state = entry.row.head.state?.credential,
        let last = entry.row.head.last?.effective
      else { continue }
      let worth = EvidenceState(
        state.terms.evidence, isHolders: { $1 == state.terms.holder }
      ) { id in
        evidence[id].flatMap { entry in entry.row.head.state.map { (entry.stream, $0) } }
      }
      derived[.credentials, default: []].append(
        (
          ViewKey.of(entry.stream.key),
          VerifyRow.encoded(
            state, entry.stream.key, last: last, evidence: worth,
            held: merges.lastOwner(of: entry.stream, naming: state.terms.holder), arena: arena)
        ))
    }
    for (table, rows) in derived { try append(sorted: table, rows) }
  }

  private func append(sorted table: ViewTable, _ rows: Rows) throws {
    try append(table, Self.sorted(rows.map { ($0.key, $0.value) }))
  }

  /// In the order of the keys. Many are told apart by their first eight bytes, which compare at
  /// once.
  private static func sorted<V>(_ rows: [([UInt8], V)]) -> [([UInt8], V)] {
    var order = rows.enumerated().map { at, row in
      var head: UInt64 = 0
      for byte in row.0.prefix(8) { head = head << 8 | UInt64(byte) }
      return (head: head << UInt64(8 * max(0, 8 - row.0.count)), at: at)
    }
    order.sort { a, b in
      a.head != b.head
        ? a.head < b.head : rows[a.at].0.lexicographicallyPrecedes(rows[b.at].0)
    }
    return order.map { rows[$0.at] }
  }

  private func append(
    _ table: ViewTable, _ rows: some Sequence<(_: [UInt8], _: [UInt8])>
  ) throws {
    try views.environment.write { transaction in
      for (key, value) in rows { try transaction.append(views[table], key, value) }
    }
  }
}

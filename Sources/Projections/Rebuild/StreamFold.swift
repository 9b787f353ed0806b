import EventLog
import LMDB
import Messages
import Registry

/// Folds the streams of a range, one after the other, and spells their rows. Belongs to one thread.
final class StreamFold {
  /// Given an event with something sealed, and the log that has that.
  typealias Blinds = (StoredEvent, LogReader) throws -> [BlindIdentifier]
  typealias MakeBlinds = @Sendable () -> Blinds

  /// The rows of a range that are in their tables' order already.
  struct Rows: Sendable {
    var heads = RowBuffer()
    var chunks = RowBuffer()
  }

  /// What one thread, or all of them, made.
  struct Results: Sendable {
    var tables: [ViewTable: [SortedRun]] = [:]
    /// See `EvidenceJoin`.
    var evidence: [SortedRun] = []

    mutating func add(_ other: Results) {
      tables.merge(other.tables, uniquingKeysWith: +)
      evidence += other.evidence
    }
  }

  private let context: FoldContext
  private let arena = Arena()
  private let blinds: Blinds
  private let log: EventLog
  /// Made for the first event with something sealed.
  private var reader: LogReader?
  /// In the order of `ViewTable.index`.
  private let runs: [ExternalSorter]
  private let evidence: ExternalSorter
  private var results = Results()
  private var rows = Rows()
  private(set) var courses: [Identifier: Identifier] = [:]

  // The stream at hand.
  private var stream: StreamID?
  private var name: [UInt8] = []
  private var row = StreamFold.empty
  private var events: ChunkedArray<StreamEvent> = []
  /// Of `events`, once one of them did not simply come last.
  private var standing: EffectiveHistory?
  /// Whom the stream names.
  private var named: Identifier?
  /// The key in `certificates` that it has, as a credential, and those that it once had.
  private var number: (current: [UInt8]?, earlier: Set<[UInt8]>) = (nil, [])
  /// An event amends the identifiers of the officer whose record it is.
  private var isAmended = false
  /// Something was sealed with an event of it.
  private var isSealed = false

  private static let empty = HeadRow(head: .none, positions: [])

  init(
    _ context: FoldContext, log: EventLog, folder: String, limits: Rebuild.Limits,
    blinds: @escaping Blinds
  ) {
    self.context = context
    self.log = log
    self.blinds = blinds
    evidence = ExternalSorter(folder: folder, memoryMax: limits.runMax)
    runs = ViewTable.allCases.map { _ in ExternalSorter(folder: folder, memoryMax: limits.runMax) }
  }

  /// Everything but what `fold` gave.
  func finish() -> Results {
    for table in ViewTable.allCases {
      let finished = runs[table.index].finish()
      if !finished.isEmpty { results.tables[table, default: []] += finished }
    }
    results.evidence += evidence.finish()
    defer { results = Results() }
    return results
  }

  /// Gives up what it holds of the log; nothing is folded after it.
  func close() {
    reader?.end()
    reader = nil
  }

  private func add(_ table: ViewTable, _ key: [UInt8], _ value: [UInt8]) throws(StoreFailure) {
    try runs[table.index].add(key, value)
  }

  /// - Parameter range: packed events by stream, 0x00, position.
  func fold(_ range: RowBuffer) throws -> Rows {
    rows = Rows()
    try range.forEach { key, value in
      let named = key.extracting(first: key.byteCount - 9)
      if stream == nil || !named.equals(name) {
        try finishStream()
        name = RawFields.bytes(named)
        stream = StreamID(named)
      }
      try take(value, at: key.bigEndian(at: key.byteCount - 8, bytes: 8))
    }
    try finishStream()
    return rows
  }

  private func take(_ recorded: RawSpan, at position: LogPosition) throws {
    guard let stream else { throw DecodeFailure(damaged: "the stream of the event at \(position)") }
    let event = try StoredEvent.event(in: recorded, at: position, arena: arena)
    advance(by: event, in: stream)
    if let (number, chunk) = row.append(position) {
      rows.chunks.add(ViewKey.chunk(stream, number), chunk)
    }
    for document in event.documents {
      try add(.documents, ViewKey.document(document, position), [])
    }
    if let row = RelianceRow(event) { try add(.relied, row.key, row.value) }
    if StoredEvent.isSealed(recorded) {
      if !isSealed { try add(.sealed, ViewKey.of(stream.key), ViewKey.number(position)) }
      isSealed = true
      let reader = try self.reader ?? log.makeReader()
      self.reader = reader
      let row = IdentifierRow(
        officer: stream.key, position: position, day: event.metadata.effective)
      for blind in Set(try blinds(try StoredEvent(recorded, arena: arena), reader)) {
        try add(.identifiers, row.key(below: blind.hash), row.value)
      }
    }
    if event.amendsIdentifiers { isAmended = true }
    if stream.kind == .credential {
      let now = row.head.state?.credential.map {
        ViewKey.certificate($0.terms.issuer, $0.terms.number)
      }
      if let old = number.current, old != now { number.earlier.insert(old) }
      number.current = now
    }
    let after = row.head.state?.subject(of: stream)
    // Whose record it touched: who it names, before and after.
    if let after { try add(.subjects, ViewKey.subject(after, position), name) }
    if let named, named != after { try add(.subjects, ViewKey.subject(named, position), name) }
    named = after
  }

  private func advance(by event: StreamEvent, in stream: StreamID) {
    events.append(event)
    guard !stream.kind.isShared else {
      // Names nobody, so that its state is asked for only at the end.
      row.head.events += 1
      return
    }
    if standing != nil || !row.head.isFollowed(by: event) {
      if standing == nil { standing = EffectiveHistory(events) } else { standing?.append(event) }
    }
    row.head.advance(by: event) { standing ?? EffectiveHistory(events) }
  }

  /// Spells the rows of the stream at hand, whose events were all taken.
  private func finishStream() throws {
    guard let stream else { return }
    if stream.kind.isShared { row.head = StreamHead(folding: events) }
    rows.heads.add(name, row.encoded(of: stream, arena: arena))
    for derived in DerivedRows.of(stream, row.head, course: { context.courses[$0] }) {
      try add(derived.table, derived.key, derived.value)
    }
    switch row.head.state {
    case .cohort(let state): courses[stream.key] = state.terms.course
    case .credential(let state): try credential(stream, state, row.head)
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .enrolment, .submission, .skillClaim, .mandate, .duty, nil:
      break
    }
    if let state = row.head.state, let given = state.evidence {
      let worth = EvidenceJoin.worth(given, state)
      for id in [given.event] + given.standsFor { try evidence.add(EvidenceJoin.key(id), worth) }
    }
    if isAmended { try add(.amended, ViewKey.of(stream.key), []) }
    for number in number.earlier { try add(.renumbered, number + [0] + ViewKey.of(stream.key), []) }
    self.stream = nil
    row = Self.empty
    events.removeAll()
    standing = nil
    named = nil
    number = (nil, [])
    (isSealed, isAmended) = (false, false)
  }

  /// The answer about a credential, or what joins it with its evidence.
  private func credential(_ stream: StreamID, _ state: Credential, _ head: StreamHead) throws {
    guard let last = head.last?.effective else { return }
    for (at, id) in state.terms.evidence.enumerated() {
      try evidence.add(EvidenceJoin.key(id, asked: stream.key, at), [])
    }
    guard state.terms.evidence.isEmpty else { return }
    try add(
      .credentials, ViewKey.of(stream.key),
      VerifyRow.encoded(state, stream.key, last: last, evidence: EvidenceState(), arena: arena))
  }
}

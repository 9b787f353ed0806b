import LMDB
import Messages
import Registry

/// Folds the streams of a range, one after the other, and spells their rows. Belongs to one thread.
final class StreamFold {
  typealias Blinds = (StoredEvent) throws -> [[UInt8]]
  typealias MakeBlinds = @Sendable () -> Blinds

  /// The rows of a range that are in their tables' order already.
  struct Rows: Sendable {
    var heads = RowBuffer()
    var chunks = RowBuffer()
  }

  /// What one thread, or all of them, made.
  struct Results: Sendable {
    var tables: [ViewTable: [RowRun]] = [:]
    /// See `EvidenceJoin`.
    var evidence: [RowRun] = []
    var merges = Merges()
    var mergeSteps = MergeSteps()
    var deferredTouches: [DeferredTouch] = []

    mutating func add(_ other: Results) {
      tables.merge(other.tables, uniquingKeysWith: +)
      evidence += other.evidence
      merges.add(other.merges)
      mergeSteps.add(other.mergeSteps)
      deferredTouches += other.deferredTouches
    }
  }

  private let ground: SharedGround
  private let arena = Arena()
  private let blinds: Blinds
  /// In the order of `ViewTable.index`.
  private let runs: [RowRuns]
  private let evidence: RowRuns
  private var results = Results()
  private var rows = Rows()
  private(set) var courses: [Identifier: Identifier] = [:]

  // The stream at hand.
  private var stream: StreamID?
  private var name: [UInt8] = []
  private var row = StreamFold.empty
  private var events: [StreamEvent] = []
  /// Whom the stream names, and into whom its own officer is merged.
  private var named: Identifier?
  private var into: Identifier?

  private static let empty = HeadRow(
    head: StreamHead(state: nil, events: 0, last: nil, amended: false), positions: [])

  init(
    _ ground: SharedGround, folder: String, limits: Rebuild.Limits, blinds: @escaping Blinds
  ) {
    self.ground = ground
    self.blinds = blinds
    evidence = RowRuns(folder: folder, memoryMax: limits.runMax)
    runs = ViewTable.allCases.map { _ in RowRuns(folder: folder, memoryMax: limits.runMax) }
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
        name = Splice.bytes(named)
        stream = StreamID(named)
      }
      try take(value, at: key.bigEndian(at: key.byteCount - 8, bytes: 8))
    }
    try finishStream()
    return rows
  }

  private func take(_ recorded: RawSpan, at position: LogPosition) throws {
    guard let stream else { throw Refusal(damaged: "the stream of the event at \(position)") }
    let event = try StoredEvent.event(in: recorded, at: position, arena: arena)
    let known = events
    row.head.advance(by: event) { known }
    if let (number, chunk) = row.append(position) {
      rows.chunks.add(ViewKey.chunk(stream, number), chunk)
    }
    for document in event.documents {
      try add(.documents, ViewKey.document(document, position), [])
    }
    if StoredEvent.isSealed(recorded) {
      for blind in try blinds(try StoredEvent(recorded, arena: arena)) {
        try add(.identifiers, blind, ViewKey.of(stream.key))
      }
    }
    let after = row.head.state?.subject(of: stream)
    let intoAfter = stream.kind == .officer ? row.head.state?.officer?.mergedInto : nil
    try touch(stream, position, after, intoAfter)
    if intoAfter != into { results.mergeSteps.add(stream.key, intoAfter, at: position) }
    (named, into) = (after, intoAfter)
    events.append(event)
  }

  /// Spells the rows of the stream at hand, whose events were all taken.
  private func finishStream() throws {
    guard let stream else { return }
    rows.heads.add(name, row.encoded(arena: arena))
    for derived in DerivedRows.of(stream, row.head, course: { ground.courses[$0] }) {
      try add(derived.table, derived.key, derived.value)
    }
    switch row.head.state {
    case .cohort(let state): courses[stream.key] = state.terms.course
    case .credential(let state): try credential(stream, state, row.head)
    default: break
    }
    if let state = row.head.state, let worth = EvidenceJoin.worth(state) {
      for id in state.evidenceIDs { try evidence.add(EvidenceJoin.key(id), worth) }
    }
    if stream.kind == .officer, ground.merged.contains(stream.key) {
      results.merges.update(stream.key, row.head, history: events)
    }
    self.stream = nil
    row = Self.empty
    events.removeAll(keepingCapacity: true)
    (named, into) = (nil, nil)
  }

  /// Whose record an event touched; known only later where merges have a part in it.
  private func touch(
    _ stream: StreamID, _ position: LogPosition, _ after: Identifier?, _ intoAfter: Identifier?
  ) throws {
    if !ground.merged.isEmpty {
      let touch = DeferredTouch(
        stream: stream, position: position, named: (named, after), into: (into, intoAfter))
      if touch.concerns(ground.merged) { return results.deferredTouches.append(touch) }
    }
    if let after { try add(.subjects, ViewKey.subject(after, position), name) }
    if let named, named != after { try add(.subjects, ViewKey.subject(named, position), name) }
  }

  /// The answer about a credential, or what joins it with its evidence and its holder.
  private func credential(_ stream: StreamID, _ state: Credential, _ head: StreamHead) throws {
    let isRelated = ground.related.contains(state.terms.holder)
    guard let last = head.last?.effective else { return }
    guard state.terms.evidence.isEmpty, !isRelated else {
      for (at, id) in state.terms.evidence.enumerated() {
        try evidence.add(EvidenceJoin.key(id, asked: stream.key, at), [])
      }
      if state.terms.evidence.isEmpty {
        try evidence.add(EvidenceJoin.keyWithoutEvidence(stream.key), [])
      }
      return
    }
    try add(
      .credentials, ViewKey.of(stream.key),
      VerifyRow.encoded(
        state, stream.key, last: last, evidence: EvidenceState(), holder: state.terms.holder,
        arena: arena))
  }
}

/// An event that touches officers' records, of whom some are or were merged.
struct DeferredTouch: Sendable {
  var stream: StreamID
  var position: LogPosition
  /// Whom the stream names before and after.
  var named: (Identifier?, Identifier?)
  /// Whom the stream's own officer is merged into before and after.
  var into: (Identifier?, Identifier?)

  func concerns(_ merged: Set<Identifier>) -> Bool {
    if into.0 != nil || into.1 != nil { return true }
    if let before = named.0, before != named.1, merged.contains(before) { return true }
    return named.1.map { merged.contains($0) } ?? false
  }

  /// The same set as the writer's `touched`.
  func officers(_ steps: MergeSteps) -> Set<Identifier> {
    let officers = [named.0, named.1, into.0, into.1].compactMap { $0 }
    return Set(officers).union(officers.map { steps.survivor(of: $0, at: position) })
  }
}

/// Into whom each officer was merged, from which event on.
struct MergeSteps: Sendable {
  private var steps: [Identifier: [(position: LogPosition, into: Identifier?)]] = [:]

  mutating func add(_ officer: Identifier, _ into: Identifier?, at position: LogPosition) {
    steps[officer, default: []].append((position, into))
  }

  mutating func add(_ other: MergeSteps) { steps.merge(other.steps) { $1 } }

  /// The record in which the person is found, by all that was known after an event.
  func survivor(of officer: Identifier, at position: LogPosition) -> Identifier {
    var current = officer
    for _ in 0..<Officer.mergesMax {
      guard let next = steps[current]?.last(where: { $0.position <= position })?.into else { break }
      current = next
    }
    return current
  }
}

import LMDB
import Messages
import Registry

/// The rows of one officer after the other, joined by officer: `roster`, `duties` of the mandate,
/// `completed` of each of its courses. Officers are asked for in rising order of their ids.
///
/// What is not exact on the measure's day is folded.
public final class DutyRowJoin {
  private let reader: DutyReader
  private let readModel: RegistryReader
  private let roster: Cursor
  /// The rest: the duties first, then the courses.
  private var sources: [Source]

  private struct Source {
    var cursor: Cursor
    var prefix: [UInt8]
    var isBegun = false
    var isOver = false
  }

  /// - Parameter body: lent the join, which is void after it.
  public static func lend<R>(
    _ reader: DutyReader, _ readModel: RegistryReader, _ body: (DutyRowJoin) throws -> R
  ) throws -> R {
    let measure = reader.measure
    let views = readModel.views
    let tables =
      [views[.roster], views[.duties]] + measure.terms.courses.map { _ in views[.completed] }
    return try readModel.snapshot.withCursors(tables) { cursors in
      let prefixes =
        [ViewKey.prefix(measure.mandate.text)]
        + measure.terms.courses.map { ViewKey.prefix($0.text) }
      let join = DutyRowJoin(
        reader, readModel, roster: cursors[0],
        zip(cursors.dropFirst(), prefixes).map { Source(cursor: $0, prefix: $1) })
      return try body(join)
    }
  }

  private init(
    _ reader: DutyReader, _ readModel: RegistryReader, roster: Cursor, _ sources: [Source]
  ) {
    self.reader = reader
    self.readModel = readModel
    self.roster = roster
    self.sources = sources
  }

  /// The first officer of the roster from a key on.
  public func seek(_ key: [UInt8]) throws -> [UInt8]? {
    try roster.seek(key)
    return roster.part(after: [])
  }

  /// The officer after the one that `seek` or this gave.
  public func next() throws -> [UInt8]? {
    try roster.step()
    return roster.part(after: [])
  }

  /// Fills the reader with the officer's rows; the roster stands at the officer already.
  public func readHere(_ officer: [UInt8]) throws {
    reader.begin()
    _ = roster.read { _, value in reader.take(roster: value) }
    for at in sources.indices { try read(officer, at) }
  }

  /// Fills the reader with the rows of an officer; with nothing where there are none.
  public func read(_ officer: [UInt8]) throws {
    reader.begin()
    try roster.seek(officer)
    guard roster.compare(part: officer, after: []) == 0 else { return }
    _ = roster.read { _, value in reader.take(roster: value) }
    for at in sources.indices { try read(officer, at) }
  }

  private func read(_ officer: [UInt8], _ at: Int) throws {
    let (cursor, prefix) = (sources[at].cursor, sources[at].prefix)
    guard !sources[at].isOver else { return }
    if !sources[at].isBegun {
      sources[at].isBegun = true
      try cursor.seek(prefix + officer)
    }
    var order = cursor.compare(part: officer, after: prefix)
    if let known = order, known < 0 {
      try cursor.seek(prefix + officer)
      order = cursor.compare(part: officer, after: prefix)
    }
    while order == 0 {
      let stream = try cursor.read { key, value in
        guard key.has(1, at: prefix.count + officer.count) else {
          throw DecodeFailure(damaged: at == 0 ? "duties" : "completed")
        }
        return try take(
          at, key.extracting(droppingFirst: prefix.count + officer.count + 1), value)
      }
      if let stream = stream ?? nil { try fold(stream, at) }
      try cursor.step()
      order = cursor.compare(part: officer, after: prefix)
    }
    if order == nil { sources[at].isOver = true }
  }

  /// Takes a row; gives the stream where the row is not exact on the day.
  private func take(_ at: Int, _ stream: RawSpan, _ value: RawSpan) throws -> StreamID? {
    let day = reader.measure.day.number
    if at == 0 {
      guard let row = DutyRow(value) else { throw DecodeFailure(damaged: "duties") }
      guard row.lastEffective.number <= day else { return StreamID("duty/" + ViewKey.text(stream)) }
      reader.take(duty: row.status, exemptedUntil: row.exemptedUntil)
      reader.take(asked: row.status, since: row.since)
      return nil
    }
    guard value.byteCount == CompletedRow.byteCount else {
      throw DecodeFailure(damaged: "completed")
    }
    let row = CompletedRow.numbers(
      value, policy: reader.measure.passMarks, editions: reader.measure.editionMarks[at - 1])
    guard row.lastEffective <= day, let strength = row.strength else {
      return StreamID(ViewKey.text(stream))
    }
    reader.take(course: at - 1, on: row.completedOn, strength: strength, event: row.evidence)
    return nil
  }

  private func fold(_ stream: StreamID, _ at: Int) throws {
    let measure = reader.measure
    if stream.kind == .duty, let duty = try readModel.state(of: stream, on: measure.asked)?.duty {
      reader.take(asked: duty.status, since: duty.since.day)
    }
    switch try readModel.state(of: stream, on: measure.day) {
    case .duty(let duty): reader.take(duty: duty.status, exemptedUntil: duty.exemptedUntil)
    case .enrolment(let state):
      guard state.status == .completed, let completion = state.completion else { return }
      reader.take(
        course: at - 1, on: completion.day.number,
        strength: state.strength(
          by: measure.policy, passMark: readModel.sharedStreams.passMark(of: state.seat.cohort)
        ).rawValue, event: completion.eventID)
    case .submission(let state):
      guard state.status == .verified else { return }
      reader.take(
        course: at - 1, on: (state.paper.awardedOn ?? state.since.day).number,
        strength: (state.paper.assessment?.strength ?? .portfolio).rawValue,
        event: state.verifiedByEvent)
    // A void may have left nothing of it; the table has rows of those three alone.
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .credential, .skillClaim, .mandate, nil:
      break
    }
  }
}

import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// What the answers of a day say at one position and not at another. Only streams that events in
/// between touched are looked at, and the people whose records those touched.
///
/// It goes through the log between the two in portions. A stream is told of in the portion of its
/// first event there, a person in that of the first event that touched their record, so that
/// nothing is kept from one portion to the next.
package struct DiffQuery: Query {
  /// Events of a portion, at most: fewer where these took longer than a slice.
  static let eventsMax = 500
  static let positionsMax = 16
  static let pageLinesMax = 1_000

  private let question: DiffRequest
  private var asOf: AsOf
  private var cursor: LogPosition
  private var events: UInt64 = 16
  /// Lines that the last page had no room for.
  private var found = LineQueue<DiffLine>()

  package init(_ question: DiffRequest) {
    self.question = question
    cursor = question.from
    asOf = AsOf(on: question.on, atLeast: question.atLeast)
  }

  package var cost: QueryCost { .heavy }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let (day, asOf) = try self.asOf.pin(session)
    let to = question.to == 0 ? asOf : question.to
    guard question.from <= to else {
      throw QueryFailure.invalid(
        "The first position, \(question.from), comes after \(to).", field: "from")
    }
    guard to <= asOf else {
      throw QueryFailure.outOfRange("The log has \(asOf) events.", field: "to")
    }
    if found.isEmpty, cursor < to {
      let upTo = min(cursor + events, to)
      let portion = DiffPortion(
        readModel: session.readModel, from: question.from, to: to, day: day, portion: cursor..<upTo)
      found.append(try portion.lines())
      cursor = upTo
      events = slice.isOver ? max(events / 2, 1) : min(events * 2, UInt64(Self.eventsMax))
    }
    let page = DiffPage(
      lines: found.take(Self.pageLinesMax, slice, session),
      progress: Progress(done: cursor - question.from, of: to - question.from), asOf: asOf)
    let bytes = Codec.encode(page, arena: session.arena)
    return cursor >= to && found.isEmpty ? .end(bytes) : .message(bytes)
  }
}

/// A portion of the log between two positions.
struct DiffPortion {
  let readModel: RegistryReader
  let from: LogPosition
  let to: LogPosition
  let day: Day
  let portion: Range<LogPosition>

  /// In the order of the first events that changed them, whatever the portion: what is said of a
  /// stream follows from its own events, and what is said of a person from those that touched the
  /// record.
  func lines() throws -> [DiffLine] {
    var touches: [StreamID: [LogPosition]] = [:]
    var (before, after) = (AnswerLines(on: day, knownAt: from), AnswerLines(on: day, knownAt: to))
    var candidates: Set<Identifier> = []
    for stream in try streams() {
      candidates.formUnion(try officers(of: stream))
      let own = try readModel.positions(of: stream).filter { (from..<to).contains($0) }
      guard let first = own.first, portion.contains(first) else { continue }
      touches[stream] = Array(own.prefix(DiffQuery.positionsMax))
      _ = try before.add(stream, from: readModel)
      _ = try after.add(stream, from: readModel)
    }
    var lines = AnswerLines.changes(from: before.lines, to: after.lines).map { change in
      line(change, touches[change.stream])
    }
    var people: [Identifier: [LogPosition]] = [:]
    (before, after) = (AnswerLines(on: day, knownAt: from), AnswerLines(on: day, knownAt: to))
    for group in Set(
      candidates.map { readModel.sharedStreams.merges.related(to: $0, knownAt: to) })
    {
      let touched = try self.touches(of: group)
      guard let first = touched.first, portion.contains(first) else { continue }
      for officer in group { people[officer] = touched }
      try before.add(people: group, from: readModel)
      try after.add(people: group, from: readModel)
    }
    let others = owners(before, people).merging(owners(after, people)) { a, _ in a }
    lines += AnswerLines.changes(from: before.lines, to: after.lines).map { change in
      line(change, others[change.stream])
    }
    return lines.sorted {
      ($0.positions.first ?? 0, $0.stream, $0.what)
        < ($1.positions.first ?? 0, $1.stream, $1.what)
    }
  }

  private func line(_ change: AnswerLines.Change, _ positions: [LogPosition]?) -> DiffLine {
    DiffLine(
      stream: change.stream, what: change.what, before: change.before, after: change.after,
      positions: positions ?? [])
  }

  /// The streams that the portion's events stand in.
  private func streams() throws -> [StreamID] {
    var streams: Set<StreamID> = []
    try readModel.log.read(portion) { _, event in
      if let stream = EventFields.stream(of: event) { streams.insert(stream) }
      return true
    }
    return streams.sorted()
  }

  /// Every officer whom an event of a stream names, standing or not.
  private func officers(of stream: StreamID) throws -> Set<Identifier> {
    guard !stream.kind.isShared else { return [] }
    var officers: Set<Identifier> = []
    for at in try readModel.positions(of: stream) where at < to {
      officers.formUnion(try readModel.stored(at).event.officers)
    }
    return officers
  }

  /// The first events between the two positions that touched one of some records.
  private func touches(of group: [Identifier]) throws -> [LogPosition] {
    var touches: Set<LogPosition> = []
    for officer in group {
      var found = 0
      try readModel.snapshot.scan(
        readModel.views[.subjects], from: .key(ViewKey.subject(officer, from)),
        prefix: ViewKey.prefix(officer.text)
      ) { key, _ in
        let at = ViewKey.position(of: key)
        guard at < to else { return false }
        touches.insert(at)
        found += 1
        return found < DiffQuery.positionsMax
      }
    }
    return Array(touches.sorted().prefix(DiffQuery.positionsMax))
  }

  /// What touched the people in whose records streams are found.
  private func owners(
    _ answerLines: AnswerLines, _ people: [Identifier: [LogPosition]]
  ) -> [StreamID: [LogPosition]] {
    var found: [StreamID: [LogPosition]] = [:]
    for (stream, lines) in answerLines.lines {
      let text = lines["record"].map { $0.hasPrefix("in ") ? String($0.dropFirst(3)) : "" }
      let owner = text.flatMap { Identifier($0) } ?? stream.key
      if let touched = people[owner] { found[stream] = touched }
    }
    return found
  }
}

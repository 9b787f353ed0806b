import Messages
import Projections
import Registry
import RegistryStorage

/// What the events of a portion of the log between two positions changed, of the streams that they
/// stand in and of the people whose records they touched.
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
    var lines: [DiffLine] = []
    var candidates: Set<Identifier> = []
    let (old, new) = (reader(from), reader(to))
    for stream in try streams() {
      candidates.formUnion(try readModel.officers(of: stream, knownAt: to))
      let own = try readModel.positions(of: stream).filter { (from..<to).contains($0) }
      guard let first = own.first, portion.contains(first) else { continue }
      var (before, after) = (AnswerLines(), AnswerLines())
      try old.add(stream, to: &before)
      try new.add(stream, to: &after)
      lines += before.changes(to: after).map {
        line($0, Array(own.prefix(DiffQuery.positionsMax)))
      }
    }
    var seen: Set<Identifier> = []
    for candidate in candidates.sorted() where !seen.contains(candidate) {
      let unit = try DiffUnit(of: candidate, from: from, to: to, readModel)
      seen.formUnion(unit.officers)
      guard let first = unit.touches.first, portion.contains(first) else { continue }
      lines += try changes(of: unit.officers, old, new).map { line($0, unit.touches) }
    }
    return lines.sorted {
      ($0.positions.first ?? 0, $0.stream, $0.what)
        < ($1.positions.first ?? 0, $1.stream, $1.what)
    }
  }

  func reader(_ position: LogPosition) -> AnswerReader<RegistryReader> {
    AnswerReader(readModel, on: day, knownAt: position)
  }

  func changes(
    of people: [Identifier], _ old: AnswerReader<RegistryReader>,
    _ new: AnswerReader<RegistryReader>
  ) throws -> [AnswerChange] {
    var (before, after) = (AnswerLines(), AnswerLines())
    try old.add(people: people, to: &before)
    try new.add(people: people, to: &after)
    return before.changes(to: after)
  }

  private func line(_ change: AnswerChange, _ positions: [LogPosition]) -> DiffLine {
    DiffLine(
      stream: change.stream, what: change.what, before: change.before?.text ?? "",
      after: change.after?.text ?? "", positions: positions)
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
}

/// Records that are told of together, since events between the two positions may have brought
/// something from one to another: they are merged, or a correction gave a stream away.
struct DiffUnit {
  private(set) var officers: [Identifier]
  /// The first events between the two positions that touched one of them.
  private(set) var touches: [LogPosition]

  init(
    of officer: Identifier, from: LogPosition, to: LogPosition, _ readModel: RegistryReader
  ) throws {
    var (found, next): (Set<Identifier>, [Identifier]) = ([], [officer])
    var touches: Set<LogPosition> = []
    while let current = next.popLast() {
      guard found.insert(current).inserted else { continue }
      next += readModel.sharedStreams.merges.related(to: current, knownAt: to)
      var count = 0
      var streams: Set<StreamID> = []
      try readModel.snapshot.scan(
        readModel.views[.subjects], from: .key(ViewKey.subject(current, from)),
        prefix: ViewKey.prefix(current.text)
      ) { key, value in
        let at = ViewKey.position(of: key)
        guard at < to else { return false }
        if count < DiffQuery.positionsMax { touches.insert(at) }
        count += 1
        if let stream = StreamID(value), stream.kind != .officer { streams.insert(stream) }
        return true
      }
      // Nothing but an event that amends another gives a stream to somebody else.
      for stream in streams where try readModel.row(of: stream)?.head.amended ?? false {
        next += try readModel.officers(of: stream, knownAt: to)
      }
    }
    officers = found.sorted()
    self.touches = Array(touches.sorted().prefix(DiffQuery.positionsMax))
  }
}

extension RegistryReader {
  /// Every officer whom an event of a stream names, standing or not; of a shared stream nobody.
  func officers(of stream: StreamID, knownAt position: LogPosition) throws -> Set<Identifier> {
    guard !stream.kind.isShared else { return [] }
    var officers: Set<Identifier> = []
    for at in try positions(of: stream) where at < position {
      officers.formUnion(try stored(at).event.officers)
    }
    return officers
  }
}

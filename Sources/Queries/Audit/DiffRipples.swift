import Messages
import Projections
import Registry
import RegistryStorage

/// What events of shared streams between two positions changed for people whom no event there
/// names: what many have in common is counted.
struct DiffRipples: Sendable {
  /// Of the events that may have changed it.
  private let positions: [LogPosition]
  /// Of those that may have changed what relies on them.
  private let positionsOfReliers: [LogPosition]
  private var collector: PeopleCollector
  private var reliers: RelierCollector
  /// Streams that rely on what changed and are still to be looked at; nil: being gathered.
  private var relying: [StreamID]?
  /// Who is still to be looked at, in falling order; nil: they are still being gathered.
  private var waiting: [Identifier]?
  private var reached: Set<Identifier> = []
  private var count = 0
  private var groups = ChangeGroups()
  /// What relies on what changed.
  private var fallen = ChangeGroups()
  private let from: LogPosition
  private let to: LogPosition
  private let day: Day
  /// Officers of whom the tables know more than was known at the later position; nil: nobody is
  /// reached, or everybody.
  private var changed: ChangedSince?

  init(_ session: ReadSession, from: LogPosition, to: LogPosition, on day: Day) {
    (self.from, self.to, self.day) = (from, to, day)
    let readModel = session.readModel
    let sharedStreams = readModel.sharedStreams
    let (before, after) = (
      KnownStreams(sharedStreams, knownAt: from), KnownStreams(sharedStreams, knownAt: to)
    )
    var (affected, positions) = (AffectedPeople(), [LogPosition]())
    var positionsOfReliers: [LogPosition] = []
    var changes: [RelianceChange] = []
    for kind in StreamKind.allCases where kind.isShared {
      for stream in sharedStreams.streams(of: kind) {
        let touches = sharedStreams.history(of: stream).reversed()
          .prefix { $0.metadata.position >= from }.map(\.metadata.position).filter { $0 < to }
        guard !touches.isEmpty else { continue }
        var reached = AffectedPeople()
        reached.add(stream, from: before, to: after, on: day)
        let change = RelianceChange(of: stream, from: before, to: after)
        if let change { changes.append(change) }
        if change != nil { positionsOfReliers += touches }
        guard !reached.isNobody else { continue }
        affected.formUnion(reached)
        positions += touches
      }
    }
    self.positions = Array(positions.sorted().prefix(DiffQuery.positionsMax))
    self.positionsOfReliers = Array(positionsOfReliers.sorted().prefix(DiffQuery.positionsMax))
    if !affected.isNobody, to < readModel.asOf {
      if readModel.asOf - to > session.store.eventsBehindMax {
        affected.addEverybody()
      } else if !affected.isEverybody {
        changed = ChangedSince(to)
      }
    }
    collector = PeopleCollector(affected)
    reliers = RelierCollector(changes)
  }

  var gatheredBytes: Int {
    (collector.officers.count + reached.count + reliers.streams.count) * 160 + groups.bytesAbout
      + fallen.bytesAbout
  }

  var progress: Progress {
    let left = (relying?.count ?? 0) + (waiting?.count ?? 0)
    return Progress(done: UInt64(count - left), of: UInt64(count))
  }

  /// Looks at some; true when all lines are there.
  mutating func work(_ session: ReadSession, _ slice: TimeSlice) throws -> Bool {
    let (readModel, day, to) = (session.readModel, self.day, self.to)
    guard try lookAtReliers(readModel, slice) else { return false }
    guard var waiting else {
      guard try changed?.catchUp(session, slice) ?? true else { return false }
      if !collector.isDone {
        try collector.work(
          readModel, state: { try readModel.state(of: $0, on: day, knownAt: to) },
          until: { slice.isOver })
      }
      if collector.isDone {
        reached = collector.officers.union(changed?.officers ?? [])
        waiting = reached.sorted(by: >)
        count += reached.count
      }
      return false
    }
    let portion = DiffPortion(
      readModel: readModel, from: from, to: to, day: day, portion: from..<from)
    let (old, new) = (portion.reader(from), portion.reader(to))
    while let officer = waiting.popLast() {
      let group = readModel.sharedStreams.merges.related(to: officer, knownAt: to)
      // The first of those who are merged stands for all; whom events name is told of by them.
      if group.first(where: reached.contains) == officer,
        try DiffUnit(of: officer, from: from, to: to, readModel).touches.isEmpty
      {
        groups.add(try portion.changes(of: group, old, new))
      }
      if slice.isOver { break }
    }
    self.waiting = waiting
    return waiting.isEmpty
  }

  /// Looks at some of the streams that rely on what changed; true when that is done.
  private mutating func lookAtReliers(_ readModel: RegistryReader, _ slice: TimeSlice) throws
    -> Bool
  {
    guard var relying else {
      try reliers.work(readModel, on: day, knownAt: to, until: { slice.isOver })
      if reliers.isDone {
        self.relying = reliers.streams.sorted(by: >)
        count += reliers.streams.count
      }
      return false
    }
    let portion = DiffPortion(
      readModel: readModel, from: from, to: to, day: day, portion: from..<from)
    let (old, new) = (portion.reader(from), portion.reader(to))
    while let stream = relying.popLast() {
      // What an event there changed itself is told by the portion of that event.
      if try !readModel.positions(of: stream).contains(where: { (from..<to).contains($0) }) {
        var (before, after) = (AnswerLines(), AnswerLines())
        try old.add(stream, to: &before)
        try new.add(stream, to: &after)
        fallen.add(before.changes(to: after))
      }
      if slice.isOver { break }
    }
    self.relying = relying
    return relying.isEmpty
  }

  var lines: [DiffLine] {
    [(fallen, positionsOfReliers), (groups, positions)].flatMap { groups, positions in
      groups.lines.map {
        DiffLine(
          stream: $0.stream, what: $0.what, before: $0.before, after: $0.after,
          positions: positions, count: $0.count, streams: $0.streams)
      }
    }
  }

  var more: UInt64 { groups.more + fallen.more }
}

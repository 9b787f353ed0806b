import Messages
import Projections
import Registry
import RegistryStorage

/// Builds a preview: how a request would change answers, as a difference of the read model without
/// it and with it. What is compared, and of whom, is what `Diff` compares of two positions.
///
/// It runs on the writer's thread, so that its work has a limit; where that was reached the answer
/// says of how many people it is.
struct PreviewBuilder {
  /// Lines listed at most: what many have in common is one.
  static let changesMax = 500

  let unitOfWork: UnitOfWork
  /// The day asked about.
  let day: Day
  /// People looked at, at most.
  let peopleMax: Int

  /// What a request changed, and whom that may reach.
  private struct Scope {
    var streams: Set<StreamID> = []
    /// In the order in which they are looked at: those first whom events name.
    var people: [Identifier] = []
    /// Altogether, where not all are looked at.
    var peopleCount = 0
    /// Streams whose events rely on an authority that changed and that are not looked at.
    var reliersLeft = 0
  }

  /// - Parameter decide: decides the request on the unit of work, which is rolled back.
  func reply(deciding decide: () throws -> [RecordOutcome]) throws -> PreviewReply {
    let start = unitOfWork.next
    let before = KnownStreams(unitOfWork.pendingSharedStreams)
    var (reply, scope, after) = (PreviewReply(), Scope(), AnswerLines())
    try unitOfWork.tentatively {
      reply.outcomes = try decide()
      let model = PendingReadModel(unitOfWork)
      scope = try self.scope(from: start, before, model)
      let reader = AnswerReader(model, on: day, knownAt: .max)
      for stream in scope.streams { try reader.add(stream, to: &after) }
      try reader.add(people: scope.people, to: &after)
      return (keep: false, ())
    }
    let reader = AnswerReader(PendingReadModel(unitOfWork), on: day, knownAt: .max)
    var without = AnswerLines()
    for stream in scope.streams { try reader.add(stream, to: &without) }
    try reader.add(people: scope.people, to: &without)
    var groups = ChangeGroups()
    groups.add(without.changes(to: after))
    tell(groups, scope, in: &reply)
    return reply
  }

  private func tell(_ groups: ChangeGroups, _ scope: Scope, in reply: inout PreviewReply) {
    let lines = groups.lines
    reply.changes = lines.prefix(Self.changesMax).map {
      PreviewChange(
        stream: $0.stream, what: $0.what, before: $0.before, after: $0.after, count: $0.count,
        streams: $0.streams)
    }
    reply.more = groups.more + UInt64(lines.count - reply.changes.count)
    if scope.peopleCount > 0 {
      reply.lookedAt = Progress(
        done: UInt64(scope.people.count), of: UInt64(scope.peopleCount))
    }
    reply.more += UInt64(scope.reliersLeft)
    reply.truncated = reply.more > 0 || scope.people.count < scope.peopleCount
    reply.on = day
  }

  private func scope(
    from start: LogPosition, _ before: KnownStreams, _ model: PendingReadModel
  ) throws -> Scope {
    var scope = Scope()
    scope.streams = unitOfWork.streams(addedFrom: start)
    let after = KnownStreams(model.sharedStreams)
    var (named, affected) = (Set<Identifier>(), AffectedPeople())
    var changes: [RelianceChange] = []
    for stream in scope.streams {
      if stream.kind.isShared {
        if let change = RelianceChange(of: stream, from: before, to: after) {
          changes.append(change)
        }
        affected.add(stream, from: before, to: after, on: day)
      } else {
        for event in unitOfWork.history(of: stream) { named.formUnion(event.officers) }
      }
    }
    named = Set(named.flatMap(model.sharedStreams.merges.related))
    var reached: Set<Identifier> = []
    var count = named.count
    if !affected.isNobody {
      var collector = PeopleCollector(
        affected, everybodyMax: peopleMax + named.count)
      try collector.work(
        unitOfWork.committed, state: { try model.state(of: $0, on: day, knownAt: .max) },
        until: { false })
      // What the batch has added has no rows yet.
      reached = collector.officers.union(unitOfWork.touchedSoFar)
      reached = Set(reached.flatMap(model.sharedStreams.merges.related)).subtracting(named)
      count += reached.count
      if affected.isEverybody { count = max(count, try unitOfWork.committed.officersCount) }
    }
    try addReliers(on: changes, to: &scope)
    scope.people = Array((named.sorted() + reached.sorted()).prefix(peopleMax))
    if !affected.isNobody || scope.people.count < count { scope.peopleCount = count }
    return scope
  }

  /// Adds the streams whose events rely on what changed.
  private func addReliers(on changes: [RelianceChange], to scope: inout Scope) throws {
    var collector = RelierCollector(changes)
    try collector.work(
      unitOfWork.committed, on: day, knownAt: .max, until: { false })
    // What the batch has added has no rows yet.
    let found = collector.streams.union(unitOfWork.reliersAdded(on: changes, until: day))
      .subtracting(scope.streams)
    scope.streams.formUnion(found.sorted().prefix(peopleMax))
    scope.reliersLeft = max(found.count - peopleMax, 0)
  }
}

/// The read model with a request's uncommitted events: its changes of shared streams and merges are
/// already in `sharedStreams`.
private struct PendingReadModel: AnswerModel {
  let unitOfWork: UnitOfWork
  let sharedStreams: SharedStreams

  init(_ unitOfWork: UnitOfWork) {
    self.unitOfWork = unitOfWork
    sharedStreams = unitOfWork.pendingSharedStreams
  }

  func streams(touching officer: Identifier, before position: LogPosition) throws -> [StreamID] {
    try unitOfWork.streams(touching: officer, before: position)
  }

  func state(of stream: StreamID, on day: Day, knownAt position: LogPosition) throws -> StreamState?
  {
    try unitOfWork.state(of: stream, on: day, knownAt: position)
  }

  func effectiveHistory(of stream: StreamID, knownAt position: LogPosition) throws
    -> EffectiveHistory
  {
    unitOfWork.effectiveHistory(of: stream)
  }
}

extension DecodedRequest {
  /// The day that a preview is asked about: today, or the last on which one of its events takes
  /// effect, where that is yet to come.
  func previewDay(today: Day) -> Day {
    items.compactMap { try? $0.proposal.get().effective }.max().map { max($0, today) } ?? today
  }
}

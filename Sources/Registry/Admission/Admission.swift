/// The head of a stream, as a decision needs it: its last event and its state there.
public struct StreamHead: Hashable, Sendable {
  /// Nil when no event of the stream stands.
  public var state: StreamState?
  /// The number of events, standing or not; the next event's version.
  public var events: UInt32
  /// The order of the last standing event.
  public var last: FoldOrder?
  /// Some event voids, restores or corrects another.
  public var amended: Bool

  public init(state: StreamState?, events: UInt32, last: FoldOrder?, amended: Bool) {
    self.state = state
    self.events = events
    self.last = last
    self.amended = amended
  }
}

/// A decision context that also reads whole streams: heads and histories.
public protocol HistoryReader: DecisionContext {
  func head(of stream: StreamID) -> StreamHead?
  /// The stream's events in the order of their positions.
  func history(of stream: StreamID) -> ChunkedArray<StreamEvent>
  /// The same with what became of each.
  func effectiveHistory(of stream: StreamID) -> EffectiveHistory
}

extension HistoryReader {
  public func effectiveHistory(of stream: StreamID) -> EffectiveHistory {
    EffectiveHistory(history(of: stream))
  }

  public func turns(of stream: StreamID) -> [Day] { effectiveHistory(of: stream).turns }
}

/// The outcome of admitting a proposal, with the stream's new head.
public enum Admission: Sendable {
  case record(StreamHead)
  case unchanged(since: LogPosition)

  /// Decides whether a proposal is recorded at a position.
  ///
  /// - Parameters:
  ///   - companion: where another event of the stream will stand that is admitted right after this
  ///     one, both or none: what stands from there on is held against both by the other's admission.
  ///   - flag: is told how what is recorded contradicts what is known, where the policy lets it be.
  ///   - writer: checks what only the writer can, at each of the stages that are not this type's.
  /// - Throws: the first of the reasons not to record it, in the order of `AdmissionStage`.
  public static func admit(
    _ proposal: Proposal, at position: LogPosition, before companion: FoldOrder? = nil,
    given reader: some HistoryReader, flag: (Contradiction) -> Void = { _ in },
    writer: (AdmissionStage) throws(Rejection) -> Void = { (_) throws(Rejection) in }
  ) throws(Rejection) -> Admission {
    let (stream, event) = (proposal.stream, StreamEvent(proposal, at: position))
    let head = reader.head(of: stream)
    var target: (index: Int, among: EffectiveHistory)?
    // What the event makes of it, once the rules have let it.
    var after = head ?? StreamHead.none
    for stage in AdmissionStage.order {
      switch stage {
      case .form, .eventID, .version, .identifiers, .officerKey: try writer(stage)
      case .jurisdiction: try checkJurisdiction(of: stream, given: reader)
      case .streamKind: try checkKind(of: proposal)
      case .personalData: try checkPersonal(of: proposal, given: reader)
      case .length: try checkLength(of: stream, head, adding: event)
      case .target: target = try self.target(of: event, in: stream, head: head, given: reader)
      case .rules:
        let admission = try judge(
          event, target, head: head, before: companion, given: reader)
        guard case .record(let next) = admission else { return admission }
        after = next
      case .growth: try checkGrowth(of: stream, from: head, to: after)
      case .rewrittenRows: try checkRows(of: proposal, from: head, to: after, given: reader)
      case .certificateNumber where event.corrects != nil:
        try checkNumber(of: stream, from: head, to: after, given: reader)
      case .certificateNumber: break
      case .cycles: try checkCycles(adding: event, given: reader)
      case .authority: try checkAuthority(of: proposal, given: reader)
      case .attribution: try checkAttribution(of: proposal, given: reader)
      case .plausibility:
        try checkPlausible(event, of: proposal, in: after.state, given: reader, flag)
        if case .registry(.findingSettled(let given)) = event.body {
          try checkSettled(given, event.metadata, given: reader)
        }
      }
    }
    return .record(after)
  }

  private static func judge(
    _ event: StreamEvent, _ target: (index: Int, among: EffectiveHistory)?, head: StreamHead?,
    before companion: FoldOrder?, given reader: some HistoryReader
  ) throws(Rejection) -> Admission {
    let order = FoldOrder(
      effective: event.metadata.effective, rank: event.metadata.position)
    if event.corrects == nil, head?.last.map({ $0 < order }) ?? true {
      return try admitLast(event, order: order, after: head, given: reader)
    }
    return try admitAmong(
      event, target?.among ?? reader.effectiveHistory(of: event.metadata.stream),
      target: target?.index, head: head, before: companion, given: reader)
  }

  /// The usual case: no event in force takes effect after it.
  private static func admitLast(
    _ event: StreamEvent, order: FoldOrder, after head: StreamHead?,
    given reader: some HistoryReader
  ) throws(Rejection) -> Admission {
    if case .unchanged(let since) = try StreamState.decide(event, in: head?.state, given: reader),
      try !isAttributedAnew(event, since: since, in: head?.state, given: reader)
    {
      return .unchanged(since: since)
    }
    return .record(
      StreamHead(
        state: StreamState.evolve(head?.state, by: event),
        events: (head?.events ?? 0).saturatingAdding(1),
        last: order, amended: head?.amended ?? false))
  }

  /// A late fact, a correction, a void or a restoration: checked on its own day, and then every
  /// later event must still be allowed.
  private static func admitAmong(
    _ event: StreamEvent, _ before: EffectiveHistory, target: Int?, head: StreamHead?,
    before companion: FoldOrder?, given reader: some HistoryReader
  ) throws(Rejection) -> Admission {
    if case .restored = event.body, let target, before.stands(target) {
      return .unchanged(since: before.events[target].metadata.position)
    }
    if case .voided = event.body, let target, case .voided(let by) = before.disposition(of: target)
    {
      return .unchanged(since: by)
    }
    let after = before.appending(event)
    let added = before.events.count
    let stood = after.events.indices.map { $0 < added && before.stands($0) }
    // The fold differs from the first event on that comes, goes or returns: a void of a correction
    // also brings back what it corrected, perhaps on an earlier day.
    let from = after.events.indices.filter { stood[$0] != after.stands($0) }
      .map { after.orders[$0] }.min()
    let judged: Int? = if case .restored = event.body { target } else { added }

    var state: StreamState?
    var last: FoldOrder?
    for at in after.foldOrder {
      let standing = after.event(at)
      if at == judged {
        if case .unchanged(let since) = try StreamState.decide(standing, in: state, given: reader),
          event.corrects == nil,
          try !isAttributedAnew(event, since: since, in: state, given: reader)
        {
          return .unchanged(since: since)
        }
      } else if let from, after.orders[at] >= from, companion.map({ after.orders[at] < $0 }) ?? true
      {
        try checkAllowed(standing, in: state, returns: !stood[at])
      }
      state = StreamState.evolve(state, by: standing)
      last = after.orders[at]
    }
    return .record(
      StreamHead(
        state: state, events: (head?.events ?? 0).saturatingAdding(1), last: last,
        amended: (head?.amended ?? false) || event.corrects != nil))
  }

  /// - Parameter returns: it stood no longer, and would stand again.
  private static func checkAllowed(
    _ standing: StreamEvent, in state: StreamState?, returns: Bool
  ) throws(Rejection) {
    do {
      _ = try StreamState.decide(standing, in: state, given: PermissiveContext())
    } catch {
      let position = standing.metadata.position
      let day = standing.metadata.effective.text
      throw Rejection(
        .contradictsLater,
        returns
          ? "The event at position \(position), effective \(day), would stand again, but cannot: "
            + "\(error.sentence) Correct instead of voiding, or void what contradicts it first."
          : "The event at position \(position), effective \(day), stands in the way: "
            + "\(error.sentence) Correct or void that one first, or, where something happened between "
            + "the two, send that in the same request.",
        inTheWay: position)
    }
  }
}

extension StreamHead {
  /// Of a stream that has no events yet.
  public static let none = StreamHead(state: nil, events: 0, last: nil, amended: false)

  /// After all of a stream's events.
  public init(folding history: ChunkedArray<StreamEvent>) {
    let (state, last) = EffectiveHistory(history).fold()
    self.init(
      state: state, events: UInt32(history.count), last: last,
      amended: history.contains { $0.corrects != nil })
  }

  /// Whether an event simply comes last: nothing that stands takes effect after it.
  public func isFollowed(by event: StreamEvent) -> Bool {
    let order = FoldOrder(effective: event.metadata.effective, rank: event.metadata.position)
    return event.corrects == nil && last.map { $0 < order } ?? true
  }

  /// Applies an event that was recorded, without checking it: what a replay does.
  ///
  /// - Parameter standing: the stream's events with this one as the last; asked for only when it
  ///   does not simply come last.
  public mutating func advance(by event: StreamEvent, among standing: () -> EffectiveHistory) {
    let follows = isFollowed(by: event)
    events = events.saturatingAdding(1)
    if event.corrects != nil { amended = true }
    if follows {
      // Taken out, so that what it holds is changed where it stands.
      let before = state.take()
      state = StreamState.evolve(before, by: event)
      last = FoldOrder(effective: event.metadata.effective, rank: event.metadata.position)
    } else {
      (state, last) = standing().fold()
    }
  }
}

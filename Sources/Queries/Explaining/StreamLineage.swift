import Messages
import Projections
import Registry
import RegistryStorage

/// A stream: each of its events and what became of it, then what it rests on. A stream may have
/// thousands: they are read in slices, folded in their order one by one, and of each only a few
/// words are kept.
struct StreamLineage: Sendable {
  private let stream: StreamID
  private var dispositions: DispositionScan
  /// Events whose place in the order of the fold is known.
  private var ordered = 0
  /// Those that stand, in the order of the fold once all are there.
  private var order: [(order: FoldOrder, position: LogPosition)] = []
  private var isSorted = false
  private var folded = 0
  private var state: StreamState?
  /// The state as of the day.
  private var dayState: StreamState?
  private var because: [LogPosition: String] = [:]
  private var lineage: [Lineage.Item] = []

  init(_ stream: StreamID, _ explanation: Explanation) throws {
    self.stream = stream
    dispositions = try DispositionScan(
      of: stream, knownAt: explanation.position, explanation.readModel)
  }

  /// The lineage; nil when the slice was over first.
  mutating func work(
    _ explanation: Explanation, _ slice: TimeSlice
  ) throws -> [Lineage.Item]? {
    let readModel = explanation.readModel
    guard try dispositions.read(readModel, slice) else { return nil }
    while ordered < dispositions.positions.count {
      let at = dispositions.positions[ordered]
      if dispositions.disposition(at: at) == .stands {
        order.append((dispositions.order(of: try readModel.stored(at).event), at))
      }
      ordered += 1
      if ordered < dispositions.positions.count, slice.isOver { return nil }
    }
    if !isSorted {
      order.sort { $0.order < $1.order }
      isSorted = true
    }
    while folded < order.count {
      let event = dispositions.whole(try readModel.stored(order[folded].position).event)
      fold(event, explanation.day)
      folded += 1
      if folded < order.count, slice.isOver { return nil }
    }
    // Whose record it is in, also where it says nothing of the day.
    let officer = explanation.owner(of: stream, dayState ?? state)
    while lineage.count < dispositions.positions.count {
      let at = dispositions.positions[lineage.count]
      let text = try explanation.text(of: at, dispositions.disposition(at: at), because[at])
      lineage.append(.event(at, .init(officer: officer, because: text)))
      if lineage.count < dispositions.positions.count, slice.isOver { return nil }
    }
    return lineage + (try explanation.supports(stream, dayState, officer))
  }

  private mutating func fold(_ event: StreamEvent, _ day: Day) {
    let at = event.metadata.position
    let before = state
    state = StreamState.evolve(before, by: event)
    guard event.metadata.effective <= day else {
      because[at] = "takes effect after \(day.text): says nothing of that day"
      return
    }
    dayState = state
    because[at] =
      switch (before?.statusName, state?.statusName) {
      case (nil, let status?): "begins it: \(status)"
      case (let old?, let new?) where old != new: "makes \(old) into \(new)"
      case (_, let status?): "adds to it; it stays \(status)"
      case (_, nil): "says nothing by itself"
      }
  }
}

extension Explanation {
  /// What became of an event.
  fileprivate func text(
    of position: LogPosition, _ disposition: EffectiveHistory.Disposition, _ because: String?
  ) throws -> String {
    switch disposition {
    case .stands: return because ?? "says nothing by itself"
    case .voided(let by): return "no longer stands: voided \(try readModel.stored(by).byWhom)"
    case .corrected(let by):
      return "no longer stands: corrected \(try readModel.stored(by).byWhom)"
    case .act:
      let event = try readModel.stored(position).event
      let named = event.corrects?.text ?? "another"
      return event.body == .voided(Voided()) ? "voids event \(named)" : "restores event \(named)"
    }
  }

  /// What a stream's answer rests on besides its own events.
  fileprivate func supports(
    _ stream: StreamID, _ state: StreamState?, _ officer: Identifier?
  ) throws -> [Lineage.Item] {
    switch state {
    case .credential(let state):
      return try state.terms.evidence.compactMap { id in
        guard let at = try place(of: id) else { return nil }
        let found = try readModel.stored(at)
        let now = try readModel.state(of: found.stream, on: day, knownAt: position)
        let stands = now?.evidence?.isCited(by: id) ?? false
        return .event(
          at,
          .init(
            officer: officer,
            because: stands
              ? "the credential rests on it"
              : "the credential rests on it, but it does not stand that day: evidence withdrawn"))
      }
    case .enrolment(let state): return try training(state, officer)
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .submission, .skillClaim, .mandate, .duty, nil:
      return []
    }
  }

  /// What makes a training what it is: its cohort, the edition it taught, who was authorised.
  func training(_ state: Enrolment, _ officer: Identifier?) throws -> [Lineage.Item] {
    let cohort = StreamID(.cohort, state.seat.cohort)
    guard
      let terms = readModel.sharedStreams.state(of: cohort, knownAt: position)?.cohort?.terms
    else { return [] }
    var lineage: [Lineage.Item] = []
    if let at = first(of: cohort) {
      lineage.append(
        .event(
          at,
          .init(
            because: "the cohort teaches \(terms.course.text) edition \(terms.edition), by "
              + terms.organisation.text)))
    }
    let published = readModel.sharedStreams.history(of: StreamID(.course, terms.course))
    let standing = EffectiveHistory(published.known(before: position))
    for at in standing.foldOrder {
      guard case .course(.published(let given)) = standing.events[at].body,
        given.edition == terms.edition
      else { continue }
      let taught = given.outcomes.map {
        "\($0.framework.text)/\($0.skill.text) level \($0.level)"
      }
      lineage.append(
        .event(
          standing.events[at].metadata.position,
          .init(
            because: "the edition teaches "
              + (taught.isEmpty ? "no skill that is named" : taught.joined(separator: ", ")))))
    }
    guard let completion = state.completion,
      let edition = readModel.sharedStreams.edition(of: terms, knownAt: position)
    else { return lineage }
    for (id, authorisation) in readModel.sharedStreams.authorisations(
      of: terms.organisation, on: completion.day, knownAt: position)
    where authorisation.covers(terms.course, edition, on: completion.day) {
      lineage.append(
        .event(
          authorisation.since.position,
          .init(
            because: "\(terms.organisation.text) was authorised for it on "
              + "\(completion.day.text): authorisation/\(id.text) \(authorisation.status.name)")))
    }
    return lineage
  }

  /// The event that begins a shared stream, of those that stand.
  func first(of stream: StreamID) -> LogPosition? {
    let standing = EffectiveHistory(
      readModel.sharedStreams.history(of: stream).known(before: position))
    return standing.foldOrder.first.map { standing.events[$0].metadata.position }
  }
}

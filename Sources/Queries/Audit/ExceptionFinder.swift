import Messages
import Projections
import Registry

/// Examines events and streams, one at a time.
struct ExceptionFinder {
  let readModel: RegistryReader
  let day: Day
  let position: LogPosition
  let kinds: Set<ExceptionKind>
  let slice: TimeSlice
  /// What facts are held against.
  let facts: RecordedFacts
  /// What findings mean, by the policy of the day.
  let table: FindingTable

  init(
    readModel: RegistryReader, day: Day, today: Day, position: LogPosition,
    kinds: Set<ExceptionKind>, slice: TimeSlice
  ) {
    self.readModel = readModel
    self.day = day
    self.position = position
    self.kinds = kinds
    self.slice = slice
    facts = RecordedFacts(readModel, knownAt: position, today: today)
    table = FindingTable(
      readModel.sharedStreams.establishment(on: day, knownAt: position)?.policy)
  }

  /// The same by what was known at another position.
  func known(at position: LogPosition) -> ExceptionFinder {
    ExceptionFinder(
      readModel: readModel, day: day, today: facts.today, position: position, kinds: kinds,
      slice: slice)
  }

  /// Examines a portion of the log.
  ///
  /// - Returns: the position to go on from.
  func readLog(
    from: LogPosition, until end: LogPosition, into lines: inout [ExceptionLine]
  ) throws -> LogPosition {
    let acts = kinds.contains(.voided) || kinds.contains(.corrected)
    let authorities = kinds.contains(.authorityNotStanding)
    guard acts || authorities else { return end }
    var next = from
    var found: [LogPosition] = []
    try readModel.log.read(from..<max(from, end)) { at, event in
      guard found.count < ExceptionsQuery.pageLinesMax else { return false }
      if acts && EventFields.corrects(event) || authorities && EventFields.namesAuthority(event) {
        found.append(at)
      }
      next = at + 1
      return next % 64 != 0 || !slice.isOver
    }
    var known: [StreamID: EffectiveHistory] = [:]
    for (index, at) in found.enumerated() {
      // At least one, so that a slice that is over goes on.
      if index > 0, slice.isOver { return at }
      let stored = try readModel.stored(at)
      let standing: EffectiveHistory
      if let read = known[stored.stream] {
        standing = read
      } else {
        standing = try readModel.effectiveHistory(of: stored.stream, knownAt: position)
        // One long stream among many short ones must not be read for each of its events.
        if known.count > 100 { known.removeAll() }
        known[stored.stream] = standing
      }
      if authorities { try authority(stored, standing, into: &lines) }
      if acts, stored.proposal.corrects != nil { ended(by: stored, standing, into: &lines) }
    }
    return next
  }

  /// The events that no longer stand because of one: each is named once, with what ended it last.
  private func ended(
    by act: StoredEvent, _ standing: EffectiveHistory, into lines: inout [ExceptionLine]
  ) {
    let state = standing.fold(until: day).state ?? standing.fold().state
    for (at, event) in standing.events.enumerated() where event.metadata.effective <= day {
      let (kind, word): (ExceptionKind, String)
      switch standing.disposition(of: at) {
      case .voided(let by) where by == act.recorded.position: (kind, word) = (.voided, "voided")
      case .corrected(let by) where by == act.recorded.position:
        (kind, word) = (.corrected, "corrected")
      case .stands, .voided, .corrected, .act: continue
      }
      guard kinds.contains(kind) else { continue }
      lines.append(
        line(
          kind, event, owner(act.stream, state),
          "\(event.body.eventName) was \(word) \(act.byWhom)", by: act.proposal.eventID))
    }
  }

  private func authority(
    _ stored: StoredEvent, _ standing: EffectiveHistory, into lines: inout [ExceptionLine]
  ) throws {
    guard let authority = stored.proposal.authority, stored.proposal.effective <= day,
      let at = standing.index(of: stored.proposal.eventID), standing.stands(at)
    else { return }
    let state = try readModel.state(
      of: authority, on: stored.proposal.effective, knownAt: position)
    let day = stored.proposal.effective
    guard !(state?.mayBeReliedOn(on: day) ?? false) else { return }
    lines.append(
      line(
        .authorityNotStanding, standing.events[at],
        owner(stored.stream, standing.fold(until: self.day).state),
        "relies, on \(day.text), on \(authority.text), which "
          + (state.map { $0.whyNotReliedOn(on: day) ?? "is no authority" } ?? "was not there")))
  }

  /// A credential that rests on what no longer stands: a line for each such event.
  func credential(
    _ stream: StreamID, _ row: HeadRow, into lines: inout [ExceptionLine]
  ) throws {
    guard
      let state = try readModel.state(of: stream, row, on: day, knownAt: position)?.credential,
      try readModel.evidence(of: stream.key, state, on: day, knownAt: position).isWithdrawn
    else { return }
    let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
    let issued = standing.foldOrder.first { at in
      if case .credential(.issued) = standing.events[at].body { true } else { false }
    }
    guard let issued else { return }
    for id in state.terms.evidence {
      let (sentence, by) = try withdrawal(of: id, owner(stream, .credential(state)))
      guard let sentence else { continue }
      lines.append(
        line(
          .evidenceWithdrawn, standing.events[issued], owner(stream, .credential(state)),
          sentence, by: by))
    }
  }

  /// Why an event is no evidence any more; nil where it still is.
  private func withdrawal(
    of id: EventID, _ holder: Identifier?
  ) throws -> (sentence: String?, by: EventID?) {
    guard let place = try readModel.views.event(id, readModel.snapshot)?.position, place < position
    else { return ("rests on event \(id.text), which is not there", nil) }
    let stored = try readModel.stored(place)
    let state = try readModel.state(of: stored.stream, on: day, knownAt: position)
    if let state, state.evidence?.isCited(by: id) == true {
      let officer = owner(stored.stream, state)
      guard officer != holder else { return (nil, nil) }
      return (
        "rests on event \(id.text), which is officer \(officer?.text ?? "nobody")'s, not the holder's",
        nil
      )
    }
    let standing = try readModel.effectiveHistory(of: stored.stream, knownAt: position)
    let text =
      "rests on \(stored.proposal.body.eventName) of \(stored.stream.text), event \(id.text),"
    switch standing.index(of: id).map(standing.disposition) {
    case .voided(let by):
      let act = try readModel.stored(by)
      return ("\(text) voided \(act.byWhom)", act.proposal.eventID)
    case .corrected(let by):
      let act = try readModel.stored(by)
      return ("\(text) corrected \(act.byWhom)", act.proposal.eventID)
    case .stands, .act, nil:
      let isEarly = standing.events.contains {
        $0.metadata.eventID == id && $0.metadata.effective > day
      }
      return (
        text + (isEarly ? " which takes effect later" : " which a later event took back"), nil
      )
    }
  }

  func line(
    _ kind: ExceptionKind, _ event: StreamEvent, _ officer: Identifier?, _ sentence: String,
    by: EventID? = nil
  ) -> ExceptionLine {
    ExceptionLine(
      exceptionKind: kind, stream: event.metadata.stream, eventID: event.metadata.eventID,
      position: event.metadata.position, effective: event.metadata.effective, officer: officer,
      sentence: sentence, by: by)
  }

  func owner(_ stream: StreamID, _ state: StreamState?) -> Identifier? {
    state?.subject(of: stream).map {
      readModel.sharedStreams.merges.owner(of: stream, naming: $0, on: day, knownAt: position)
    }
  }
}

extension StreamState {
  /// Whether something may rely on it as its authority; the state is the one of that day.
  package func mayBeReliedOn(on day: Day) -> Bool {
    switch self {
    case .agreement(let state): state.mayBeReliedOn(on: day)
    case .authorisation(let state): state.stands(on: day)
    case .instrument(let state): state.mayBeReliedOn(on: day)
    case .registry, .organisation, .officer, .framework, .programme, .course, .cohort, .enrolment,
      .submission, .credential, .skillClaim, .mandate, .duty:
      false
    }
  }
}

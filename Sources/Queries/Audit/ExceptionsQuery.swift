import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// What does not fit, over the whole registry as known at one position: first a pass over the log
/// (what was voided, corrected, or relied on what did not stand), then one over the enrolments
/// (trainings that nobody was authorised for, or that were passed below their mark), one over the
/// credentials (evidence withdrawn), one over the duties (non-compliances before they were due,
/// exemptions after the closing) and one over the officers' keys, which are as they are now at any position. Each page says how far
/// it has come.
package struct ExceptionsQuery: Query {
  /// Rows that are read at once.
  static let streamsMax = 128
  static let pageLinesMax = 500

  enum Stage: Sendable {
    case log(LogPosition)
    case enrolments(after: Identifier?)
    case credentials(after: Identifier?)
    case duties(after: Identifier?)
    case keys(after: Identifier?)
    case over
  }

  private let kinds: Set<ExceptionKind>
  private var asOf: AsOf
  private var stage = Stage.log(0)
  /// Streams examined so far, for the progress.
  private var examined: UInt64 = 0
  /// Events of the log read so far.
  private var read: LogPosition = 0
  /// Lines that the last page had no room for.
  private var found = LineQueue<ExceptionLine>()

  package init(_ question: ExceptionsRequest) {
    kinds = question.kinds.isEmpty ? Set(ExceptionKind.allCases) : Set(question.kinds)
    asOf = AsOf(on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
  }

  package var cost: QueryCost { .heavy }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let readModel = session.readModel
    let (day, position) = try asOf.pin(session)
    var page = ExceptionsPage(asOf: position)
    if found.isEmpty {
      try find(
        ExceptionFinder(
          readModel: readModel, day: day, position: position, kinds: kinds, slice: slice),
        session.store.vault)
    }
    page.progress = try progress(position, readModel)
    page.lines = found.take(Self.pageLinesMax, slice, session)
    guard found.isEmpty, case .over = stage else {
      return .message(Codec.encode(page, arena: session.arena))
    }
    if let all = page.progress?.of { page.progress?.done = all }
    return .end(Codec.encode(page, arena: session.arena))
  }

  private mutating func find(_ finder: ExceptionFinder, _ vault: Vault) throws {
    let (readModel, position) = (finder.readModel, finder.position)
    var lines: [ExceptionLine] = []
    switch stage {
    case .log(let from):
      let next = try finder.readLog(from: from, into: &lines)
      read = next
      stage = next < position ? .log(next) : .enrolments(after: nil)
    case .enrolments(let after):
      let last =
        ExceptionFinder.looksAtEnrolments(kinds)
        ? try scan(.enrolment, after, readModel, finder.slice) { stream, row in
          try finder.enrolment(stream, row, into: &lines)
        } : nil
      stage = last.map { .enrolments(after: $0) } ?? .credentials(after: nil)
    case .credentials(let after):
      let last =
        kinds.contains(.evidenceWithdrawn)
        ? try scan(.credential, after, readModel, finder.slice) { stream, row in
          try finder.credential(stream, row, into: &lines)
        } : nil
      stage = last.map { .credentials(after: $0) } ?? .duties(after: nil)
    case .duties(let after):
      let last =
        ExceptionFinder.looksAtDuties(kinds)
        ? try scan(.duty, after, readModel, finder.slice) { stream, row in
          try finder.duty(stream, row, into: &lines)
        } : nil
      stage = last.map { .duties(after: $0) } ?? .keys(after: nil)
    case .keys(let after):
      if kinds.contains(.keyDamaged) {
        let keys = try finder.keys(after: after, in: vault, into: &lines)
        examined += UInt64(keys.examined)
        stage = keys.next.map { .keys(after: $0) } ?? .over
      } else {
        stage = .over
      }
    case .over: break
    }
    found.append(lines)
  }

  /// Examines the next streams of a kind.
  ///
  /// - Returns: where to go on; nil after the last.
  private mutating func scan(
    _ kind: StreamKind, _ after: Identifier?, _ readModel: RegistryReader, _ slice: TimeSlice,
    _ examine: (StreamID, HeadRow) throws -> Void
  ) throws -> Identifier? {
    let rows = try readModel.rows(of: kind, after: after, limit: Self.streamsMax)
    for (at, (stream, row)) in rows.enumerated() {
      try examine(stream, row)
      examined += 1
      if slice.isOver, at + 1 < rows.count { return stream.key }
    }
    return rows.count == Self.streamsMax ? rows.last?.stream.key : nil
  }

  private func progress(
    _ position: LogPosition, _ readModel: RegistryReader
  ) throws -> Progress {
    var all = position
    if ExceptionFinder.looksAtEnrolments(kinds) {
      all += UInt64(try readModel.snapshot.count(readModel.views[.rolls]))
    }
    if kinds.contains(.evidenceWithdrawn) {
      all += UInt64(try readModel.snapshot.count(readModel.views[.credentials]))
    }
    if ExceptionFinder.looksAtDuties(kinds) {
      all += UInt64(try readModel.snapshot.count(readModel.views[.duties]))
    }
    if kinds.contains(.keyDamaged) {
      all += UInt64(try readModel.views.sealedCount(readModel.snapshot))
    }
    return Progress(done: min(read + examined, all), of: all)
  }
}

/// Examines events and streams, one at a time.
struct ExceptionFinder {
  let readModel: RegistryReader
  let day: Day
  let position: LogPosition
  let kinds: Set<ExceptionKind>
  let slice: TimeSlice

  /// Examines a portion of the log.
  ///
  /// - Returns: the position to go on from.
  func readLog(from: LogPosition, into lines: inout [ExceptionLine]) throws -> LogPosition {
    let acts = kinds.contains(.voided) || kinds.contains(.corrected)
    let authorities = kinds.contains(.authorityNotStanding)
    guard acts || authorities else { return position }
    var next = from
    var found: [LogPosition] = []
    try readModel.log.read(from..<max(from, position)) { at, event in
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

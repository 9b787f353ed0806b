import LMDB
import Messages
import Projections
import Registry
import Wire

/// People and completions under an agreement: counted from the cohorts' rolls.
extension ReadDesk {
  func agreement(_ question: GetAgreementRequest) throws -> GetAgreementReply {
    try check(atLeast: question.atLeast, at: question.atPosition)
    let position = question.atPosition ?? records.asOf
    let day = question.on ?? today
    let stream = StreamID(.agreement, question.agreement)
    var reply = GetAgreementReply(agreement: question.agreement, asOf: position)
    guard
      let state = try records.state(of: stream, on: day, knownAt: position)?.agreement
    else { return reply }
    reply.state = state
    reply.mayBeReliedOn = state.mayBeReliedOn(on: day)
    reply.expired = state.isExpired(on: day)

    var people: Set<Identifier> = []
    var counted: Set<Identifier> = []
    for id in records.catalogue.programmes(under: question.agreement) {
      let programme = StreamID(.programme, id)
      guard
        let known = try records.state(of: programme, on: day, knownAt: position)?.programme,
        known.agreements.contains(question.agreement)
      else { continue }
      var line = ProgrammeLine(
        programme: id, title: known.terms.title, status: known.status, pilot: known.pilot)
      try count(programme, day, position, into: &line, &people, &counted)
      reply.completions += line.completions
      reply.programmes.append(line)
    }
    var direct = ProgrammeLine(programme: question.agreement, title: "counted directly")
    try count(stream, day, position, into: &direct, &people, &counted)
    if direct.enrolled > 0 {
      reply.completions += direct.completions
      reply.programmes.append(direct)
    }
    reply.people = UInt64(people.count)
    reply.targets = state.targets.map { target in
      var line = TargetLine(target: target, actual: reply.people)
      if let wanted = target.count.number, wanted > 0 {
        line.reached = UInt32(min(reply.people * 10_000 / wanted, UInt64(UInt32.max)))
      }
      return line
    }
    return reply
  }

  /// Counts what is attributed to a programme or agreement: whole cohorts, and single enrolments.
  private func count(
    _ stream: StreamID, _ day: Day, _ position: LogPosition, into line: inout ProgrammeLine,
    _ people: inout Set<Identifier>, _ counted: inout Set<Identifier>
  ) throws {
    var own: Set<Identifier> = []
    var organisations: Set<Identifier> = []
    for id in records.catalogue.cohorts(under: stream) {
      guard
        let cohort = try records.state(
          of: StreamID(.cohort, id), on: day, knownAt: position)?.cohort
      else { continue }
      line.cohorts += 1
      let track = records.catalogue.edition(of: cohort.terms, knownAt: position)?.track
      for entry in try roll(of: id, on: day, knownAt: position) {
        guard counted.insert(entry.row.enrolment).inserted else { continue }
        try add(entry, track, day, position, to: &line, &own, &organisations)
      }
    }
    for enrolment in try attributed(to: stream) {
      guard counted.insert(enrolment).inserted,
        let state = try records.state(
          of: StreamID(.enrolment, enrolment), on: day, knownAt: position)?.enrolment
      else { continue }
      let cohort = records.catalogue.state(of: StreamID(.cohort, state.seat.cohort))?.cohort
      let track = cohort.flatMap { records.catalogue.edition(of: $0.terms) }?.track
      let entry = RollEntry(
        officer: state.seat.officer, row: RollRow(state, enrolment, last: day))
      try add(entry, track, day, position, to: &line, &own, &organisations)
    }
    line.people = UInt64(own.count)
    line.organisations = UInt64(organisations.count)
    people.formUnion(own)
  }

  private func add(
    _ entry: RollEntry, _ track: Track?, _ day: Day, _ position: LogPosition,
    to line: inout ProgrammeLine, _ own: inout Set<Identifier>,
    _ organisations: inout Set<Identifier>
  ) throws {
    if entry.row.status.takesSeat { line.enrolled += 1 }
    line.awards += UInt64(entry.row.awards)
    guard entry.row.completedOn != nil else { return }
    line.completions += 1
    switch track {
    case .technical: line.technical += 1
    case .nonTechnical: line.nonTechnical += 1
    case nil: break
    }
    guard own.insert(entry.officer).inserted else { return }
    let officer = try records.state(
      of: StreamID(.officer, entry.officer), on: day, knownAt: position)?.officer
    if let organisation = officer?.posting?.organisation { organisations.insert(organisation) }
  }

  struct RollEntry {
    var officer: Identifier
    var row: RollRow
  }

  /// A cohort's enrolments on a day as known before a position. The stored rows are exact unless
  /// something later is known or took effect; then the stream is folded.
  func roll(of cohort: Identifier, on day: Day, knownAt position: LogPosition) throws -> [RollEntry]
  {
    var entries: [RollEntry] = []
    let prefix = ViewKey.prefix(cohort.text)
    let views = unsafe store.views
    try records.snapshot.scan(views[.rolls], prefix: prefix) { key, value in
      let rest = ViewKey.text(key.extracting(droppingFirst: prefix.count))
      if let officer = Identifier(rest.prefix { $0 != "\0" }), let row = RollRow(value) {
        entries.append(RollEntry(officer: officer, row: row))
      }
      return true
    }
    guard position < records.asOf || entries.contains(where: { $0.row.lastEffective > day }) else {
      return entries
    }
    return try entries.compactMap { entry in
      let stream = StreamID(.enrolment, entry.row.enrolment)
      guard
        let state = try records.state(of: stream, on: day, knownAt: position)?.enrolment,
        state.seat.cohort == cohort
      else { return nil }
      return RollEntry(
        officer: state.seat.officer, row: RollRow(state, entry.row.enrolment, last: day))
    }
  }

  private func attributed(to stream: StreamID) throws -> [Identifier] {
    var enrolments: [Identifier] = []
    let prefix = ViewKey.prefix(stream.text)
    let views = unsafe store.views
    try records.snapshot.scan(views[.attributed], prefix: prefix) { key, _ in
      if let id = Identifier(ViewKey.text(key.extracting(droppingFirst: prefix.count))) {
        enrolments.append(id)
      }
      return true
    }
    return enrolments
  }
}

extension Count {
  /// The number that was said; nil where it was said in words.
  public var number: UInt64? {
    switch self {
    case .exactly(let number), .atLeast(let number), .about(let number): number
    case .words: nil
    }
  }
}

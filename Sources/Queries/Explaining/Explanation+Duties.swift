import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// An officer under a mandate, and the events that make the standing what it is.
struct ExplainedDuty: Sendable {
  var events: [(position: LogPosition, finding: Lineage.Finding)]
}

enum ExplainedDuties {
  /// Where the next portion of a mandate's officers begins.
  typealias Cursor = [UInt8]
  static let start: Cursor = []
  /// Officers judged for one portion.
  static let judgedMax = 2_000
}

/// A number of a compliance table: the same judgement of each officer that the table counts, and
/// behind each the completions, the exemption, or the posting that the duty follows from.
extension Explanation {
  /// The events of the mandate itself, by the day asked about.
  func mandateReasons(_ number: ComplianceNumber) throws -> [Lineage.Item] {
    let standing = try readModel.effectiveHistory(
      of: StreamID(.mandate, number.mandate), knownAt: position)
    return standing.foldOrder.compactMap { at in
      let event = standing.events[at]
      guard event.metadata.effective <= day else { return nil }
      let text: String
      switch event.body {
      case .mandate(.issued(let given)):
        text = "asks it of \(given.terms.population.words), by \(given.terms.deadline.text)"
      case .mandate(.extended(let given)): text = "moves the deadline to \(given.deadline.text)"
      // Nobody owes more or less for it.
      case .mandate(.supportReported): return nil
      case .mandate(let event): text = "\(event.name): changes what the mandate asks or whether"
      // A mandate's stream has its own events and acts upon them, which are not folded.
      case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
        .programme, .course, .cohort, .enrolment, .submission, .credential, .skillClaim, .duty,
        .voided, .restored:
        return nil
      }
      return .event(event.metadata.position, .init(because: text))
    }
  }

  /// The next officers of the number; `next` is nil after the last.
  func duties(
    _ number: ComplianceNumber, from place: ExplainedDuties.Cursor, _ slice: TimeSlice
  ) throws -> (duties: [ExplainedDuty], judged: UInt64, next: ExplainedDuties.Cursor?) {
    let sharedStreams = readModel.sharedStreams
    let asked = try ResolvedMandate(number.mandate, on: day, knownAt: position, sharedStreams)
    guard !asked.isWithdrawn else { return ([], 0, nil) }
    let reader = DutyReader(asked.measure)
    let judge = DutyEvaluator(
      asked.measure, deadline: asked.deadline, names: reader.names, sharedStreams: sharedStreams,
      knownAt: position)
    let hierarchy = Hierarchy(sharedStreams, on: asked.measure.day, knownAt: position)
    var (found, judged): ([ExplainedDuty], UInt64) = ([], 0)
    func judgeOfficer(_ key: [UInt8]) throws {
      judged += 1
      guard let officer = Identifier(utf8: key.span),
        let duty = reader.dutyClass(collapsing: false), let verdict = judge.verdict(of: duty),
        number.standing.map({ isOf($0, verdict) }) ?? true
      else { return }
      if let wanted = number.organisation {
        guard let serves = reader.names.name(duty.organisation),
          number.below ? hierarchy.isBelow(serves, wanted) : serves == wanted
        else { return }
      }
      let line = reader.line(of: officer, verdict, posting: nil)
      found.append(ExplainedDuty(events: try events(of: line, under: number.mandate)))
    }
    let next: ExplainedDuties.Cursor? =
      position < readModel.asOf
      ? try foldOfficers(reader, from: place, slice, judgeOfficer)
      : try readOfficers(reader, from: place, slice, judgeOfficer)
    return (found, judged, next)
  }

  private func isOf(_ standing: DutyStanding, _ verdict: DutyResult) -> Bool {
    // Who is recorded as not compliant is counted among those outstanding.
    standing == .nonCompliant
      ? verdict.standing == .outstanding && verdict.isNonCompliant : verdict.standing == standing
  }

  /// From the rows, which are exact but for records that were ever merged.
  private func readOfficers(
    _ reader: DutyReader, from place: ExplainedDuties.Cursor, _ slice: TimeSlice,
    _ judge: ([UInt8]) throws -> Void
  ) throws -> ExplainedDuties.Cursor? {
    let merged = readModel.sharedStreams.merges.everybody
    return try DutyRowJoin.lend(reader, readModel) { join in
      var judged = 0
      var officer = try join.seek(place)
      while let key = officer {
        guard judged < ExplainedDuties.judgedMax, judged == 0 || !slice.isOver else { return key }
        if let id = Identifier(utf8: key.span), merged.contains(id) {
          try reader.fold(id, readModel, knownAt: position)
        } else {
          try join.readHere(key)
        }
        try judge(key)
        judged += 1
        officer = try join.next()
      }
      return nil
    }
  }

  private func foldOfficers(
    _ reader: DutyReader, from place: ExplainedDuties.Cursor, _ slice: TimeSlice,
    _ judge: ([UInt8]) throws -> Void
  ) throws -> ExplainedDuties.Cursor? {
    try OfficerSource.everybodyEver.lend(readModel) { search in
      var (from, judged) = (place, 0)
      while case .officer(let key) = try search.first(from: from, { false }) {
        guard judged == 0 || !slice.isOver else { return key }
        guard let officer = Identifier(utf8: key.span) else { break }
        try reader.fold(officer, readModel, knownAt: position)
        try judge(key)
        judged += 1
        from = OfficerSource.after(key)
      }
      return nil
    }
  }

  private func events(
    of line: DutyLine, under mandate: Identifier
  ) throws -> [(position: LogPosition, finding: Lineage.Finding)] {
    let due = line.due.map { ", due on \($0.text)" } ?? ""
    func finding(_ text: String) -> Lineage.Finding {
      Lineage.Finding(officer: line.officer, because: text)
    }
    if !line.evidence.isEmpty {
      let text =
        "\(line.standing.name): completed on \(line.completedOn?.text ?? "?")\(due)"
        + (line.strength.map { ", \($0.name)" } ?? "")
      return try line.evidence.compactMap { id in
        try place(of: id).map { ($0, finding(text)) }
      }
    }
    let profile = try Profile(of: line.officer, on: day, knownAt: position, from: readModel)
    var events: [(LogPosition, Lineage.Finding)] = []
    for (id, duty) in profile.duties where duty.holder.mandate == mandate {
      let text =
        duty.status == .exempted
        ? "exempted until \(duty.exemptedUntil?.text ?? "it is ended")"
        : "\(duty.status.name) since \(duty.since.day.text)"
      events.append((duty.since.position, finding("duty/\(id.text): \(text)")))
    }
    if let state = profile.state, let posting = state.posting {
      let since = state.posted ?? state.since
      events.append(
        (
          since.position,
          finding(
            "\(line.standing.name): serves at \(posting.organisation.text) since "
              + "\(since.day.text)\(due)")
        ))
    }
    return events
  }
}

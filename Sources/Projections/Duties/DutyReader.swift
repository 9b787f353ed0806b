import LMDB
import Messages
import Registry

/// Collects what counts for one officer under one mandate on its day, from rows or from a profile,
/// and gives the officer's class. Reused from officer to officer, so that it allocates little.
public final class DutyReader {
  public let measure: CompiledMandate
  public let names: Interner
  private var spans: [Span] = []
  /// Per course the completion that counts: the earliest by the day, of several the strongest.
  private var done: [Completion?]
  private var exemption: (until: Day?, Bool) = (nil, false)
  private var nonCompliantOn: UInt32 = 0

  private struct Span {
    var from: UInt32
    var serves: Bool
    var organisation: UInt32
    var pattern: UInt64
  }

  private struct Completion {
    var day: UInt32
    var strength: UInt32
    var event: EventID?
  }

  public init(_ measure: CompiledMandate, names: Interner = Interner()) {
    self.measure = measure
    self.names = names
    done = Array(repeating: nil, count: measure.terms.courses.count)
  }

  /// Forgets the officer before.
  public func begin() {
    spans.removeAll(keepingCapacity: true)
    for at in done.indices { done[at] = nil }
    exemption = (nil, false)
    nonCompliantOn = 0
  }

  // MARK: what is taken in

  public func take(roster row: RawSpan) {
    var at = 0
    while at + 11 <= row.byteCount {
      let from = UInt32(row.bigEndian(at: at, bytes: 4))
      let status = OfficerStatus(rawValue: UInt32(row[at + 4]))
      at += 5
      var (organisation, pattern): (UInt32, UInt64) = (0, 0)
      for part in 0..<6 {
        guard row.has(1, at: at), row.has(Int(row[at]), at: at + 1) else { return }
        let length = Int(row[at])
        if part == 0 {
          organisation = names.number(row.extracting((at + 1)..<(at + 1 + length)))
        } else {
          for (bit, leaf) in measure.leaves.enumerated()
          where leaf.part == part && isEqual(row, at + 1, length, leaf.code) {
            pattern |= 1 << UInt64(bit)
          }
        }
        at += 1 + length
      }
      spans.append(
        Span(
          from: from, serves: status?.serves ?? false, organisation: organisation,
          pattern: pattern))
    }
  }

  private func isEqual(_ row: RawSpan, _ from: Int, _ length: Int, _ code: [UInt8]) -> Bool {
    guard length == code.count else { return false }
    for at in 0..<length where row[from + at] != code[at] { return false }
    return true
  }

  public func take(course at: Int, on day: UInt32, strength: UInt32, event: EventID?) {
    guard day != 0, day <= measure.day.number else { return }
    let last = EventID(high: .max, low: .max)
    if let known = done[at],
      (known.day, strength, known.event ?? last) <= (day, known.strength, event ?? last)
    {
      return
    }
    done[at] = Completion(day: day, strength: strength, event: event)
  }

  /// Takes a duty as it is on the measure's day.
  public func take(duty status: DutyStatus, exemptedUntil: Day?) {
    guard status == .exempted, measure.day <= exemptedUntil ?? .distantFuture else { return }
    let known = exemption.1 ? exemption.until ?? .distantFuture : .distantPast
    let later = max(known, exemptedUntil ?? .distantFuture)
    exemption = (later == .distantFuture ? nil : later, true)
  }

  /// Takes a duty as it is on the day asked about: what was not done by the day on which a mandate
  /// was closed may be recorded after it.
  public func take(asked status: DutyStatus, since: Day) {
    if status == .nonCompliant { nonCompliantOn = max(nonCompliantOn, since.number) }
  }

  /// Fills the reader with what was known of an officer at a position, by fold: exact on every day
  /// at every position. With nothing where the record is found under another one.
  ///
  /// - Parameter asked: the officer's profile of the day asked about, where that is at hand.
  /// - Returns: the posting of the day.
  @discardableResult
  public func fold(
    _ officer: Identifier, _ readModel: some ReadModel, knownAt position: LogPosition,
    asked: Profile? = nil
  ) throws -> Posting? {
    let profile = try Profile(of: officer, on: measure.day, knownAt: position, from: readModel)
    guard profile.officer == officer else {
      begin()
      return nil
    }
    return try fold(profile, asked: asked, readModel)
  }

  /// The same of a profile of the measure's day that is at hand.
  ///
  /// - Parameter asked: the profile of the day asked about, where that is at hand too.
  @discardableResult
  public func fold(
    _ profile: Profile, asked: Profile? = nil, _ readModel: some ReadModel
  ) throws -> Posting? {
    begin()
    guard let state = profile.state else { return nil }
    var spans = state.spans
    if let posted = measure.terms.population.postedOn, posted > measure.day {
      // The rule names a day that comes after the one asked about.
      let later = try readModel.state(
        of: StreamID(.officer, profile.officer), on: posted, knownAt: profile.position)
      spans = later?.officer?.spans ?? spans
    }
    take(profile, spans)
    let asked =
      try asked
      ?? (measure.asked == measure.day
        ? profile
        : Profile(
          of: profile.officer, on: measure.asked, knownAt: profile.position, from: readModel))
    for (_, duty) in asked.duties where duty.holder.mandate == measure.mandate {
      take(asked: duty.status, since: duty.since.day)
    }
    return state.posting
  }

  private func take(_ profile: Profile, _ spans: [PostingSpan]) {
    let row = RosterRow.encoded(spans)
    take(roster: unsafe row.span.bytes)
    for (_, enrolment) in profile.enrolments {
      guard enrolment.status == .completed, let completion = enrolment.completion,
        let course = profile.cohort(enrolment.seat.cohort)?.terms.course,
        let at = measure.terms.courses.firstIndex(of: course)
      else { continue }
      take(
        course: at, on: completion.day.number,
        strength: enrolment.strength(by: measure.policy, passMark: profile.passMark(enrolment))
          .rawValue, event: completion.eventID)
    }
    for (_, submission) in profile.submissions where submission.status == .verified {
      for course in submission.paper.courses {
        guard let at = measure.terms.courses.firstIndex(of: course) else { continue }
        take(
          course: at, on: (submission.paper.awardedOn ?? submission.since.day).number,
          strength: (submission.paper.assessment?.strength ?? .portfolio).rawValue,
          event: submission.verifiedByEvent)
      }
    }
    for (_, duty) in profile.duties where duty.holder.mandate == measure.mandate {
      take(duty: duty.status, exemptedUntil: duty.exemptedUntil)
    }
  }

  // MARK: what follows

  /// Nil: the officer does not serve on the day, or nowhere.
  ///
  /// - Parameter collapsing: tells no days apart that make no difference to a count.
  public func dutyClass(collapsing: Bool) -> DutyClass? {
    let day = measure.day.number
    guard let at = spans.lastIndex(where: { $0.from <= day }), spans[at].serves,
      spans[at].organisation != 0
    else { return nil }
    var duty = DutyClass(organisation: spans[at].organisation, pattern: spans[at].pattern)
    let deadline = measure.terms.deadline
    if let posted = measure.terms.population.postedOn {
      if let span = spans.last(where: { $0.from <= posted.number }), span.serves {
        (duty.postedOrganisation, duty.postedPattern) = (span.organisation, span.pattern)
      }
      if let days = measure.terms.joinerDays {
        addRun(to: &duty, endingAt: at, days: Int(days), collapsing: collapsing)
      } else {
        // Without joiners the posting of the day only says where to count.
        duty.pattern = 0
      }
    }
    if let completion = counted {
      let isEarly = collapsing && completion.day <= deadline.number
      duty.completedOn = isEarly ? DutyClass.early : completion.day
      duty.strength = completion.strength
    } else {
      duty.isExempted = exemption.1
      duty.nonCompliantOn = nonCompliantOn
    }
    return duty
  }

  private func addRun(
    to duty: inout DutyClass, endingAt end: Int, days: Int, collapsing: Bool
  ) {
    func since(_ at: Int) -> UInt32 {
      guard collapsing, let from = Day(yyyymmdd: spans[at].from),
        from.adding(days: days) <= measure.terms.deadline
      else { return spans[at].from }
      return DutyClass.early
    }
    duty.since = since(end)
    var before: [DutyClass.Part] = []
    defer { duty.before = names.number(before) }
    var at = end - 1
    while at >= 0, spans[at].serves {
      let last = before.last?.since ?? duty.since
      if last == DutyClass.early { return }
      let (organisation, pattern) = (spans[at].organisation, spans[at].pattern)
      let known = before.last.map { ($0.organisation, $0.pattern) }
      if known ?? (duty.organisation, duty.pattern) == (organisation, pattern) {
        // The same posting under another standing, such as leave.
        if before.isEmpty {
          duty.since = since(at)
        } else {
          before[before.count - 1].since = since(at)
        }
      } else {
        before.append(.init(since: since(at), organisation: organisation, pattern: pattern))
      }
      at -= 1
    }
  }

  /// The completion that counts for the mandate, once what it asks is done.
  private var counted: (day: UInt32, strength: UInt32, events: [EventID])? {
    let known = done.compactMap(\.self)
    guard measure.terms.anyCourse ? !known.isEmpty : known.count == done.count else { return nil }
    guard measure.terms.anyCourse else {
      // Of a mandate without courses, which none may be, nothing is completed.
      guard let day = known.map(\.day).max(), let strength = known.map(\.strength).min() else {
        return nil
      }
      return (day, strength, known.compactMap(\.event))
    }
    guard let first = known.min(by: { ($0.day, $1.strength) < ($1.day, $0.strength) }) else {
      return nil
    }
    return (first.day, first.strength, first.event.map { [$0] } ?? [])
  }

  /// The line of an officer whom the mandate means.
  public func line(
    of officer: Identifier, _ verdict: DutyResult, posting: Posting?
  ) -> DutyLine {
    let counted = verdict.strength == nil ? nil : counted
    let standing =
      verdict.standing == .outstanding && verdict.isNonCompliant
      ? .nonCompliant : verdict.standing
    return DutyLine(
      officer: officer, posting: posting, standing: standing, due: verdict.due,
      completedOn: counted.flatMap { Day(yyyymmdd: $0.day) }, strength: verdict.strength,
      evidence: counted?.events ?? [], joined: verdict.joined,
      exemptedUntil: verdict.standing == .exempted ? exemption.until : nil)
  }
}

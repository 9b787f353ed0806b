import Messages
import Registry

/// A mandate on a day.
struct Order {
  var terms: MandateTerms
  var status: MandateStatus
  var closed: Day?
}

extension Ledger {
  func order(_ mandate: Identifier, _ day: Day) -> Order? {
    var order: Order?
    for fact in history(StreamID(.mandate, mandate), day) {
      guard case .mandate(let event) = fact.body else { continue }
      switch event {
      case .issued(let given): order = order ?? Order(terms: given.terms, status: .issued)
      case .enteredIntoForce(let given):
        order = order ?? given.terms.map { Order(terms: $0, status: .inForce) }
        order?.status = .inForce
      case .extended(let given): order?.terms.deadline = given.deadline
      case .amended(let given): order?.terms = given.terms
      case .closed:
        order?.status = .closed
        if order?.closed == nil { order?.closed = fact.day }
      case .withdrawn: order?.status = .withdrawn
      // Asks nothing of anybody.
      case .supportReported: break
      }
    }
    return order
  }

  /// Whether a rule means a posting, by the organisations as they stood on a day.
  func isMeant(_ posting: Posting, by rule: PopulationRule, _ day: Day) -> Bool {
    var said: [Bool] = []
    for step in rule.steps {
      switch step {
      case .organisation(let above): said.append(isBelow(posting.organisation, above, day))
      case .cadre(let code): said.append(posting.cadre == code)
      case .grade(let code): said.append(posting.grade == code)
      case .position(let code): said.append(posting.position == code)
      case .county(let code): said.append(posting.county == code)
      case .everybody: said.append(true)
      case .allOf(let count):
        let joined = said.suffix(Int(count))
        said.removeLast(Int(count))
        said.append(!joined.contains(false))
      case .anyOf(let count):
        let joined = said.suffix(Int(count))
        said.removeLast(Int(count))
        said.append(joined.contains(true))
      case .negated: said.append(!said.removeLast())
      }
    }
    return said.last ?? false
  }

  private func isMeant(_ person: Identifier, by rule: PopulationRule, _ day: Day) -> Bool {
    guard let record = record(person, day), record.serves, let posting = record.posting else {
      return false
    }
    return isMeant(posting, by: rule, day)
  }

  /// How somebody stands to a mandate on a day; nil: it does not mean them.
  struct Standing {
    var officer: Identifier
    var posting: Posting
    var standing: DutyStanding
    var due: Day
    var joined: Day?
    var completedOn: Day?
    var strength: Strength?
    var evidence: [EventID] = []
    var exemptedUntil: Day?
    var isOverdue = false
  }

  /// The first day of the unbroken run of days in which somebody was meant.
  private func joined(_ person: Identifier, _ rule: PopulationRule, _ day: Day) -> Day {
    // Between the days on which something takes effect nothing changes.
    var since = day
    for turn in days.reversed() where turn <= day {
      guard isMeant(person, by: rule, turn) else { break }
      since = turn
    }
    return since
  }

  /// What somebody completed of what a mandate asks: course by course the earliest by a day, and of
  /// one day the strongest.
  private func done(
    _ person: Identifier, _ course: Identifier, _ day: Day
  ) -> (day: Day, strength: Strength, event: EventID)? {
    var all: [(day: Day, strength: Strength, event: EventID)] = []
    for (_, place) in places(of: person, day)
    where place.status == .completed && plan(place.cohort)?.course == course {
      if let fact = place.completed { all.append((fact.day, strength(place, day), fact.id)) }
    }
    for (_, handed) in papers(of: person, day)
    where handed.status == .verified && handed.paper.courses.contains(course) {
      guard let fact = handed.verified else { continue }
      all.append(
        (
          handed.paper.awardedOn ?? handed.since,
          handed.paper.assessment.map(Self.strength) ?? .portfolio, fact.id
        ))
    }
    return all.filter { $0.day <= day }.min {
      ($0.day, $1.strength.rawValue, $0.event) < ($1.day, $0.strength.rawValue, $1.event)
    }
  }

  func standing(_ person: Identifier, _ mandate: Identifier, _ day: Day) -> Standing? {
    guard let order = order(mandate, day), order.status != .withdrawn,
      let record = record(person, day), record.serves, let posting = record.posting
    else { return nil }
    let rule = order.terms.population
    var joinedOn: Day?
    if let posted = rule.postedOn {
      if !isMeant(person, by: rule, posted) {
        guard order.terms.joinerDays != nil, isMeant(person, by: rule, day) else { return nil }
        joinedOn = joined(person, rule, day)
      }
    } else if !isMeant(person, by: rule, day) {
      return nil
    }
    var due = order.terms.deadline
    if let joinedOn, let days = order.terms.joinerDays {
      due = max(due, joinedOn.adding(days: Int(days)))
    }
    var line = Standing(
      officer: person, posting: posting, standing: .outstanding, due: due, joined: joinedOn)
    let done = order.terms.courses.map { self.done(person, $0, day) }
    let known = done.compactMap(\.self)
    if order.terms.anyCourse,
      let first = known.min(by: {
        ($0.day, $1.strength.rawValue) < ($1.day, $0.strength.rawValue)
      })
    {
      (line.completedOn, line.strength, line.evidence) = (first.day, first.strength, [first.event])
    } else if !order.terms.anyCourse, known.count == done.count {
      line.completedOn = known.map(\.day).max()
      line.strength = known.map(\.strength).min { $0.rawValue < $1.rawValue }
      line.evidence = known.map(\.event)
    }
    func said(_ day: Day) -> [Said] {
      own(.duty, of: person, day, duty) { $0.holder.officer }
        .map(\.state).filter { $0.holder.mandate == mandate }
    }
    // Once it is closed nobody needs to be exempted any more.
    let exempted = said(min(day, order.closed ?? day)).filter { $0.isExempted }
    if let completed = line.completedOn {
      line.standing = completed <= due ? .completed : .late
    } else if !exempted.isEmpty {
      line.standing = .exempted
      let ends = exempted.map(\.until)
      line.exemptedUntil = ends.contains(nil) ? nil : ends.compactMap(\.self).max()
    } else {
      line.isOverdue = due < day
      // Nobody is non-compliant before they are due.
      if line.isOverdue, said(day).contains(where: { $0.isNonCompliant }) {
        line.standing = .nonCompliant
      }
    }
    return line
  }

  struct Said {
    var holder: DutyHolder
    var isExempted = false
    var until: Day?
    var isNonCompliant = false
  }

  /// What is on record of a duty; *an exemption is over after its last day*.
  func duty(_ stream: StreamID, _ day: Day) -> Said? {
    var said: Said?
    for fact in history(stream, day) {
      guard case .duty(let event) = fact.body else { continue }
      switch event {
      case .exemptionGranted(let given):
        let holder = said?.holder ?? given.duty
        said = Said(holder: holder, isExempted: true, until: given.until)
      case .exemptionEnded: said?.isExempted = false
      case .nonComplianceRecorded(let given):
        let holder = said?.holder ?? given.duty
        said = Said(holder: holder, isNonCompliant: true)
      case .nonComplianceCleared: said?.isNonCompliant = false
      }
    }
    if let until = said?.until, until < day { said?.isExempted = false }
    return said
  }

  func line(_ standing: Standing) -> String {
    "\(standing.officer.text) \(Words.posting(standing.posting)) \(standing.standing.name) due "
      + "\(standing.due.text) completed \(Words.day(standing.completedOn)) "
      + "\(standing.strength?.name ?? "-") by \(Words.list(standing.evidence)) joined "
      + "\(Words.day(standing.joined)) exempted until \(Words.day(standing.exemptedUntil))"
  }

  /// The officers under a mandate.
  func meant(_ mandate: Identifier, _ day: Day) -> [String] {
    guard order(mandate, day) != nil else { return ["there is none"] }
    return people(day).compactMap { standing($0, mandate, day).map(line) }
  }

  /// The mandate by organisation, *those posted there and not below it*.
  func compliance(_ mandate: Identifier, below above: Identifier?, _ day: Day) -> [String] {
    guard order(mandate, day) != nil else { return ["there is none"] }
    let all = people(day).compactMap { standing($0, mandate, day) }
      .filter { standing in above.map { isBelow(standing.posting.organisation, $0, day) } ?? true }
    func row(_ name: String, _ some: [Standing]) -> String {
      func count(_ standing: DutyStanding) -> Int { some.count { $0.standing == standing } }
      let strengths = Strength.allCases.map { strength in
        some.count { $0.strength == strength }
      }
      return
        "\(name): \(some.count) required, \(count(.completed)) completed, \(count(.late)) late, "
        + "\(count(.exempted)) exempted, \(count(.outstanding) + count(.nonCompliant)) outstanding, "
        + "\(some.count { $0.isOverdue }) overdue, \(count(.nonCompliant)) non-compliant, by "
        + strengths.map(String.init).joined(separator: " ")
    }
    let organisations = Set(all.map(\.posting.organisation)).sorted { $0.text < $1.text }
    return [row("all", all)]
      + organisations.map { name in
        row(name.text, all.filter { $0.posting.organisation == name })
      }
  }
}

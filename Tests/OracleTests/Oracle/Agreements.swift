import Messages
import Registry

/// An agreement on a day.
struct Deal {
  var status: AgreementStatus
  var terms: AgreementTerms
  var paused: AgreementStatus?
  var targets: [Identifier: TargetSet] = [:]
  var order: [Identifier] = []
  var reports: [AggregateReported] = []
}

extension Ledger {
  func deal(_ agreement: Identifier, _ day: Day) -> Deal? {
    var deal: Deal?
    for fact in history(StreamID(.agreement, agreement), day) {
      guard case .agreement(let event) = fact.body else { continue }
      func turn(_ status: AgreementStatus, _ terms: AgreementTerms?) {
        var next = deal ?? Deal(status: status, terms: AgreementTerms())
        next.status = status
        if let terms {
          let known = next.terms
          next.terms = terms
          // What is not said again is as it was.
          if terms.agreementKind == nil { next.terms.agreementKind = known.agreementKind }
          if terms.title.isEmpty { next.terms.title = known.title }
          if terms.parties.isEmpty { next.terms.parties = known.parties }
          next.terms.validFrom = terms.validFrom ?? known.validFrom
          next.terms.validUntil = terms.validUntil ?? known.validUntil
        }
        deal = next
      }
      switch event {
      case .engagementRecorded(let given): turn(.exploratory, given.terms)
      case .proposed(let given): turn(.proposed, given.terms)
      case .reviewStarted(let given): turn(.underReview, given.terms)
      case .signed(let given): turn(.signed, given.terms)
      case .enteredIntoForce(let given): turn(.inForce, given.terms)
      case .amended(let given): turn(deal?.status ?? .signed, given.terms)
      case .extended(let given): deal?.terms.validUntil = given.validUntil
      case .suspended:
        guard deal?.status != .suspended else { continue }
        let before = deal?.status
        deal?.paused = before
        deal?.status = .suspended
      case .resumed: if let paused = deal?.paused { deal?.status = paused }
      case .terminated: deal?.status = .terminated
      case .completed: deal?.status = .completed
      case .superseded: deal?.status = .superseded
      case .lapsed: deal?.status = .lapsed
      case .targetSet(let given):
        if deal?.targets[given.target] == nil { deal?.order.append(given.target) }
        deal?.targets[given.target] = given
      case .aggregateReported(let given):
        deal?.reports.removeAll { $0.report == given.report }
        deal?.reports.append(given)
      case .targetClaimed, .resultClaimed, .claimsReconciled, .obligationMet, .obligationMissed:
        break
      }
    }
    return deal
  }

  /// *An agreement that is not signed is no authority*; nor is one whose term has run out.
  func mayBeReliedOn(_ stream: StreamID, _ day: Day) -> Bool {
    switch stream.kind {
    case .agreement:
      guard let deal = deal(stream.key, day), [.signed, .inForce].contains(deal.status) else {
        return false
      }
      return (deal.terms.validFrom ?? .distantPast) <= day
        && day <= (deal.terms.validUntil ?? .distantFuture)
    case .authorisation: return right(stream, day)?.stands(day) ?? false
    case .instrument:
      let events = history(stream, day)
      func was(_ said: (InstrumentEvent) -> Bool) -> Bool {
        events.contains { if case .instrument(let event) = $0.body { said(event) } else { false } }
      }
      return was { if case .enteredIntoForce = $0 { true } else { false } }
        && !was { if case .repealed = $0 { true } else { false } }
    default: return false
    }
  }

  /// A programme's agreements by a day.
  func agreements(of programme: Identifier, _ day: Day) -> Set<Identifier> {
    Set(
      history(StreamID(.programme, programme), day).compactMap {
        if case .programme(.linkedToAgreement(let given)) = $0.body { given.agreement } else { nil }
      })
  }

  /// What a cohort is counted under besides its programme.
  func attribution(of cohort: Identifier, _ day: Day) -> StreamID? {
    history(StreamID(.cohort, cohort), day).compactMap(\.said.attributedTo).last
  }

  /// The programmes and agreements that a training is counted under.
  func counted(_ place: Place, _ day: Day) -> [StreamID] {
    [
      plan(place.cohort, day)?.programme.map { StreamID(.programme, $0) },
      attribution(of: place.cohort, day), place.attributedTo,
    ].compactMap(\.self)
  }

  /// The agreements that a training is counted under: *the trainings are attributed to the MoU
  /// afterwards*.
  func agreements(of place: Place, _ day: Day) -> [Identifier] {
    var found: Set<Identifier> = []
    for stream in counted(place, day) {
      if stream.kind == .agreement { found.insert(stream.key) }
      if stream.kind == .programme { found.formUnion(agreements(of: stream.key, day)) }
    }
    return found.sorted { $0.text < $1.text }
  }

  /// *Agreement dashboard (people and completions, targets against actuals)*, without the lines of
  /// the programmes.
  func dashboard(_ agreement: Identifier, _ day: Day) -> [String] {
    guard let deal = deal(agreement, day) else { return ["there is none"] }
    let own = streams(.enrolment, day).compactMap { stream -> (StreamID, Place)? in
      guard let place = place(stream, day), agreements(of: place, day).contains(agreement) else {
        return nil
      }
      return (stream, place)
    }
    let completions = own.filter { $0.1.status == .completed }
    /// Officers with a completion by a day, each once.
    func people(by last: Day) -> Set<Identifier> {
      Set(
        completions.filter { $0.1.completed.map { $0.day <= last } ?? false }
          .map { owner($0.0, $0.1.officer, day) })
    }
    let runsOut =
      [.signed, .inForce, .suspended].contains(deal.status)
      && (deal.terms.validUntil ?? .distantFuture) < day
    var lines = [
      "status \(deal.status.name)",
      mayBeReliedOn(StreamID(.agreement, agreement), day) ? "may be relied on" : "no authority",
      runsOut ? "expired" : "not expired", "people \(people(by: day).count)",
      "completions \(completions.count)",
      "enrolled \(own.count { [.enrolled, .active, .completed, .notCompleted, .deferred].contains($0.1.status) })",
      "awards \(own.reduce(0) { $0 + $1.1.awards.count })",
    ]
    for code in deal.order {
      guard let target = deal.targets[code] else { continue }
      let last = min(target.by ?? day, day)
      let actual =
        switch target.population {
        case .civilServants, .publicEmployees, .mixed, .graduates: people(by: last).count
        case .organisations:
          Set(people(by: last).compactMap { record($0, day)?.posting?.organisation }).count
        case .awards:
          own.reduce(0) { sum, training in
            let then = place(training.0, last)?.awards ?? []
            return sum + Set(then).intersection(training.1.awards).count
          }
        case .professionals, .students: 0
        }
      lines.append("target \(code.text) \(target.population.name) actual \(actual)")
    }
    return lines
  }

  /// *Expiring soon*: what stands on a day and has its last day within so many days.
  func expiring(within days: Int, _ day: Day) -> [String] {
    let until = day.adding(days: days)
    var lines: [String] = []
    func add(_ stream: StreamID, _ last: Day?, _ whose: String) {
      guard let last, last <= until else { return }
      lines.append("\(stream.text) \(last.text) \(whose)")
    }
    for stream in streams(.agreement, day) where mayBeReliedOn(stream, day) {
      add(stream, deal(stream.key, day)?.terms.validUntil, "-")
    }
    for stream in streams(.authorisation, day) where mayBeReliedOn(stream, day) {
      guard let right = right(stream, day), right.status == .granted else { continue }
      add(stream, right.until, "-")
    }
    for stream in streams(.credential, day) {
      guard let paperwork = paperwork(stream, day), worth(paperwork, day).status == .valid else {
        continue
      }
      add(stream, paperwork.issued.validUntil, owner(stream, paperwork.issued.holder, day).text)
    }
    return lines
  }

  /// A cohort's roll.
  func roll(_ cohort: Identifier, _ day: Day) -> [String] {
    streams(.enrolment, day).compactMap { stream in
      guard let place = place(stream, day), place.cohort == cohort else { return nil }
      let person = owner(stream, place.officer, day)
      let completed = place.status == .completed ? place.completed : nil
      let facts = completed.map { [$0] + place.saidAgain } ?? []
      let resting = credentials(of: person, day).filter { credential in
        credential.state.issued.evidence.contains { cited in
          facts.contains { isMeant($0, by: cited) }
        }
      }
      return "\(stream.key.text) \(person.text) \(place.status.name) "
        + "\(completed.map { "\($0.day.text) event \($0.position)" } ?? "not completed") "
        + Words.list(resting.map(\.stream.key).sorted { $0.text < $1.text })
    }
  }
}

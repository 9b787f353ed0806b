/// Who has a duty under a mandate, until when, and what of it was done.
extension Duty {
  static func check(
    _ holder: DutyHolder, _ metadata: EventMetadata, _ field: String,
    given context: some DecisionContext
  ) throws(Rejection) {
    guard context.checksReferences else { return }
    try context.need(.officer, holder.officer, "\(field).officer")
    try context.need(.mandate, holder.mandate, "\(field).mandate")
    // Whoever has two records has one duty.
    for record in context.records(ofPersonWith: holder.officer) {
      guard let other = context.duty(of: record, under: holder.mandate),
        other != metadata.stream.key
      else { continue }
      throw Rejection(
        .alreadyTaken,
        "The officer's duty under \(holder.mandate.text) is stream duty/\(other.text): record it "
          + "there.", field: field)
    }
  }

  /// A duty is under a mandate that was issued by that day and neither closed nor withdrawn.
  ///
  /// - Parameter afterwards: also under one that was closed, since what was not done by then has
  ///   its consequences after.
  static func checkMandate(
    _ holder: DutyHolder, _ metadata: EventMetadata, _ field: String, afterwards: Bool = false,
    given context: some DecisionContext
  ) throws(Rejection) {
    guard context.checksReferences else { return }
    let day = metadata.effective
    guard let mandate = context.mandate(holder.mandate, on: day) else {
      throw Rejection(
        .noSuchReference, "The mandate \(holder.mandate.text) was not issued by \(day.text).",
        field: "\(field).mandate")
    }
    switch mandate.status {
    case .issued, .inForce: return
    case .closed where afterwards: return
    case .closed, .withdrawn: break
    }
    throw Rejection(
      .inconsistent,
      "The mandate \(holder.mandate.text) was \(mandate.status.name) on \(mandate.since.day.text): "
        + "nobody had a duty under it on \(day.text).", field: "\(field).mandate")
  }

  /// Nobody is non-compliant who is not meant, before the deadline, or who completed by then.
  static func checkOverdue(
    _ holder: DutyHolder, _ metadata: EventMetadata, given context: some DecisionContext
  ) throws(Rejection) {
    guard context.checksReferences,
      let terms = context.mandate(holder.mandate, on: metadata.effective)?.terms
    else { return }
    let day = metadata.effective
    let field = "duty.non_compliance_recorded"
    let records = context.records(ofPersonWith: holder.officer)
    guard let joined = terms.joined(records, by: day, given: context) else {
      throw Rejection(
        .inconsistent,
        "The mandate \(holder.mandate.text) does not mean the officer by the rule "
          + "\"\(terms.population.words)\": record the posting that it does, or nothing.",
        field: "\(field).duty")
    }
    let deadline = terms.deadline(joined: joined)
    guard deadline < day else {
      throw Rejection(
        .inconsistent,
        "The officer's deadline is \(deadline.text): nobody is non-compliant on \(day.text).",
        field: "effective")
    }
    let done = terms.courses.filter {
      context.completion(of: $0, by: holder.officer, on: day) != nil
    }
    if terms.anyCourse ? !done.isEmpty : done.count == terms.courses.count {
      throw Rejection(
        .inconsistent,
        "The officer completed what the mandate asks by \(day.text), if late: that needs no event.",
        field: field)
    }
  }
}

extension MandateTerms {
  /// The day on which an officer's duty ends: the deadline, and for who joined after the day whose
  /// postings count no fewer days than joiners are given.
  public func deadline(joined: Day) -> Day {
    guard let joinerDays, let posted = population.postedOn, joined > posted else { return deadline }
    return max(deadline, joined.adding(days: Int(joinerDays)))
  }

  /// The day from which somebody was meant, at the latest the given one; nil when never until then.
  func joined(_ records: [Identifier], by day: Day, given context: some DecisionContext) -> Day? {
    var first: Day?
    for record in records {
      let spans = context.officer(record, on: .distantFuture)?.spans ?? []
      for (at, span) in spans.enumerated() where span.from <= day {
        let until = at + 1 < spans.count ? spans[at + 1].from.adding(days: -1) : Day.distantFuture
        guard let on = counts(from: span.from, until: min(until, day), day),
          span.status.serves, let posting = span.posting,
          population.includes(posting, isBelow: { context.isBelow($0, $1, on: on) })
        else { continue }
        first = min(first ?? on, on)
      }
    }
    return first
  }

  /// The first day of a span whose postings count; nil when none does.
  private func counts(from: Day, until: Day, _ asked: Day) -> Day? {
    guard let posted = population.postedOn else { return until >= asked ? asked : nil }
    if from <= posted { return posted <= until ? posted : nil }
    return joinerDays == nil ? nil : from
  }
}

extension DecisionContext {
  /// Whether an organisation is another, or stands below it on a day.
  func isBelow(_ organisation: Identifier, _ above: Identifier, on day: Day) -> Bool {
    var current = organisation
    for _ in 0...Organisation.depthMax {
      if current == above { return true }
      guard let parent = self.organisation(current, on: day)?.parent else { return false }
      current = parent
    }
    return false
  }
}

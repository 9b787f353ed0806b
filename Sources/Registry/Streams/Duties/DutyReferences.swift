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
      let mandate = context.mandate(holder.mandate, on: metadata.effective)
    else { return }
    let (day, terms) = (metadata.effective, mandate.terms)
    let field = "duty.non_compliance_recorded"
    let counted = mandate.counted(on: day)
    guard let membership = context.membership(holder, on: day) else {
      throw Rejection(
        .inconsistent,
        "The mandate \(holder.mandate.text) does not mean the officer by the rule "
          + "\"\(terms.population.words)\" on \(counted.text): record the posting that it does, or "
          + "nothing.",
        field: "\(field).duty")
    }
    guard membership.due < day else {
      throw Rejection(
        .inconsistent,
        "The officer's deadline is \(membership.due.text): nobody is non-compliant on \(day.text).",
        field: "effective")
    }
    if let closed = mandate.closedOn {
      guard membership.due <= closed else {
        throw Rejection(
          .inconsistent,
          "The mandate was closed on \(closed.text), before the officer's deadline "
            + "(\(membership.due.text)): nothing was due.", field: field)
      }
      let then = context.state(of: metadata.stream, on: closed)?.duty
      if then?.isExempted(on: closed) == true {
        throw Rejection(
          .inconsistent,
          "The officer was exempted when the mandate was closed on \(closed.text): nothing was due.",
          field: field)
      }
    }
    let done = terms.courses.filter {
      context.completion(of: $0, by: holder.officer, on: counted) != nil
    }
    if terms.anyCourse ? !done.isEmpty : done.count == terms.courses.count {
      throw Rejection(
        .inconsistent,
        "The officer completed what the mandate asks by \(counted.text), if late: that needs no "
          + "event.",
        field: field)
    }
  }
}

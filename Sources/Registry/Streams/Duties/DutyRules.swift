extension Duty: StreamRules {
  public static func step(_ status: DutyStatus?, _ event: DutyEvent) -> Transition<DutyStatus> {
    switch (status, event) {
    // Whoever is in the population has the duty: no event begins it.
    case (nil, .exemptionGranted): .begins(.exempted)
    case (nil, .nonComplianceRecorded): .begins(.nonCompliant)
    case (nil, .exemptionEnded), (nil, .nonComplianceCleared): .no
    case (.required, .exemptionGranted), (.nonCompliant, .exemptionGranted): .to(.exempted)
    case (.exempted, .exemptionGranted): .stays
    case (.exempted, .exemptionEnded): .to(.required)
    case (.required, .exemptionEnded): .already
    case (.nonCompliant, .exemptionEnded): .no
    case (.required, .nonComplianceRecorded): .to(.nonCompliant)
    // One that was recorded before it was due does not count: see `isRecorded`.
    case (.nonCompliant, .nonComplianceRecorded): .stays
    case (.exempted, .nonComplianceRecorded): .no
    case (.nonCompliant, .nonComplianceCleared): .to(.required)
    case (.required, .nonComplianceCleared): .already
    case (.exempted, .nonComplianceCleared): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: DutyStatus?) -> [String] {
    switch status {
    case nil: ["exemption_granted", "non_compliance_recorded"]
    case .required: ["exemption_granted", "non_compliance_recorded"]
    case .exempted: ["exemption_granted", "exemption_ended"]
    case .nonCompliant:
      ["exemption_granted", "non_compliance_recorded", "non_compliance_cleared"]
    }
  }

  private static func holder(_ event: DutyEvent) -> DutyHolder? {
    switch event {
    case .exemptionGranted(let given): given.duty
    case .nonComplianceRecorded(let given): given.duty
    case .exemptionEnded, .nonComplianceCleared: nil
    }
  }

  public static func decide(
    _ event: DutyEvent, _ metadata: EventMetadata, in state: Duty?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let day = metadata.effective
    let known = state?.lapsed(by: day) ?? state
    let field = "duty.\(event.name).duty"
    let verdict = try step(known?.status, event).judge(
      event.name, of: "duty", in: known?.status.name, since: known?.since, metadata,
      following: following(known?.status))
    if let holder = holder(event), let known, holder != known.holder {
      throw Rejection(
        .inconsistent,
        "This duty is officer \(known.holder.officer.text)'s under mandate "
          + "\(known.holder.mandate.text); another one is another stream.", field: field)
    }
    if let verdict { return verdict }
    switch event {
    case .exemptionGranted(let given):
      if let until = given.until, until < day {
        throw Rejection(
          .inconsistent, "The exemption would end (\(until.text)) before it begins.",
          field: "duty.exemption_granted.until")
      }
      if let known, known.status == .exempted, known.exemptedUntil == given.until {
        return .unchanged(since: known.since.position)
      }
      if state == nil { try check(given.duty, metadata, field, given: context) }
      try checkMandate(given.duty, metadata, field, given: context)
    case .nonComplianceRecorded(let given):
      if let known, known.isRecorded(by: day, given: context) {
        return .unchanged(since: known.since.position)
      }
      if state == nil { try check(given.duty, metadata, field, given: context) }
      try checkMandate(given.duty, metadata, field, afterwards: true, given: context)
      try checkOverdue(given.duty, metadata, given: context)
    case .exemptionEnded, .nonComplianceCleared: break
    }
    return .record
  }

  /// This with an exemption that had run out by a day behind it; nil where none had. No event says
  /// that an exemption ran out.
  private func lapsed(by day: Day) -> Duty? {
    guard status == .exempted, let until = exemptedUntil, until < day else { return nil }
    var next = self
    next.status = .required
    next.exemptedUntil = nil
    next.since = Since(day: until.adding(days: 1), position: since.position, reason: since.reason)
    return next
  }

  public static func evolve(
    _ state: Duty?, by event: DutyEvent, _ metadata: EventMetadata
  ) -> Duty? {
    let known = state?.lapsed(by: metadata.effective) ?? state
    let cell = step(known?.status, event)
    guard cell != .no, cell != .already, let status = cell.target(from: known?.status),
      let holder = known?.holder ?? holder(event)
    else { return state }
    var next = known ?? Duty(status: status, since: metadata.since, holder: holder)
    if case .exemptionGranted(let given) = event {
      next.exemptedUntil = given.until
    } else {
      next.exemptedUntil = nil
    }
    let isRecorded = if case .nonComplianceRecorded = event { true } else { false }
    if next.status != status || isRecorded {
      next.status = status
      next.since = metadata.since
    }
    return next
  }

  /// Whether it is on record already that the officer did not comply, by a record that counts: one
  /// of a day after the one by which it was due.
  private func isRecorded(by day: Day, given context: some DecisionContext) -> Bool {
    guard status == .nonCompliant else { return false }
    guard context.checksReferences, let due = context.membership(holder, on: day)?.due else {
      return true
    }
    return due < since.day
  }

  /// Whether an exemption holds on a day; the state is the one of that day.
  public func isExempted(on day: Day) -> Bool {
    status == .exempted && day <= (exemptedUntil ?? .distantFuture)
  }
}

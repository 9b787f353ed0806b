extension Duty: StreamRules {
  public static func step(_ status: DutyStatus?, _ event: DutyEvent) -> Step<DutyStatus> {
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
    case (.nonCompliant, .nonComplianceRecorded): .already
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
    case .nonCompliant: ["exemption_granted", "non_compliance_cleared"]
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
    _ event: DutyEvent, _ occasion: Occasion, in state: Duty?, given world: some World
  ) throws(Rejection) -> Verdict {
    let field = "duty.\(event.name).duty"
    if let holder = holder(event), let state, holder != state.holder {
      throw Rejection(
        .inconsistent,
        "This duty is officer \(state.holder.officer.text)'s under mandate "
          + "\(state.holder.mandate.text); another one is another stream.", field: field)
    }
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "duty", in: state?.status.name, since: state?.since, occasion,
      following: following(state?.status))
    {
      return verdict
    }
    if let holder = holder(event), state == nil {
      try check(holder, occasion, field, given: world)
    }
    let day = occasion.effective
    switch event {
    case .exemptionGranted(let given):
      if let until = given.until, until < day {
        throw Rejection(
          .inconsistent, "The exemption would end before it begins.",
          field: "duty.exemption_granted.until")
      }
      if let state, state.status == .exempted, state.exemptedUntil == given.until {
        return .unchanged(since: state.since.position)
      }
    case .nonComplianceRecorded(let given):
      try checkOverdue(given.duty, occasion, given: world)
    case .exemptionEnded, .nonComplianceCleared: break
    }
    return .record
  }

  private static func check(
    _ holder: DutyHolder, _ occasion: Occasion, _ field: String, given world: some World
  ) throws(Rejection) {
    guard world.questionsReferences else { return }
    try world.need(.officer, holder.officer, "\(field).officer")
    try world.need(.mandate, holder.mandate, "\(field).mandate")
    if let other = world.duty(of: holder.officer, under: holder.mandate),
      other != occasion.stream.key
    {
      throw Rejection(
        .alreadyTaken,
        "The officer's duty under \(holder.mandate.text) is stream duty/\(other.text).",
        field: field)
    }
  }

  /// Nobody is non-compliant before the deadline, nor who completed by then.
  private static func checkOverdue(
    _ holder: DutyHolder, _ occasion: Occasion, given world: some World
  ) throws(Rejection) {
    guard world.questionsReferences else { return }
    let day = occasion.effective
    let field = "duty.non_compliance_recorded"
    guard let terms = world.mandate(holder.mandate, on: day)?.terms else {
      throw Rejection(
        .noSuchReference, "The mandate \(holder.mandate.text) was not issued by \(day.text).",
        field: "\(field).duty.mandate")
    }
    guard terms.deadline < day else {
      throw Rejection(
        .inconsistent,
        "The mandate's deadline is \(terms.deadline.text): nobody is non-compliant on "
          + "\(day.text).", field: "effective")
    }
    let done = terms.courses.filter {
      world.completion(of: $0, by: holder.officer, on: day) != nil
    }
    if terms.anyCourse ? !done.isEmpty : done.count == terms.courses.count {
      throw Rejection(
        .inconsistent, "The officer completed what the mandate asks by \(day.text).",
        field: field)
    }
  }

  public static func evolve(
    _ state: Duty?, by event: DutyEvent, _ occasion: Occasion
  ) -> Duty? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status),
      let holder = state?.holder ?? holder(event)
    else { return state }
    var next = state ?? Duty(status: status, since: occasion.since, holder: holder)
    if case .already = cell { return next }
    if case .exemptionGranted(let given) = event {
      next.exemptedUntil = given.until
    } else {
      next.exemptedUntil = nil
    }
    if next.status != status {
      next.status = status
      next.since = occasion.since
    }
    return next
  }

  /// Whether an exemption holds on a day; the state is the one of that day.
  public func isExempted(on day: Day) -> Bool {
    status == .exempted && day <= (exemptedUntil ?? .distantFuture)
  }
}

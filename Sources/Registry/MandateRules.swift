extension Mandate: StreamRules {
  public static func step(
    _ status: MandateStatus?, _ event: MandateEvent
  ) -> Step<MandateStatus> {
    switch (status, event) {
    case (nil, .issued): .begins(.issued)
    case (nil, .enteredIntoForce(let given)):
      given.terms == nil ? .no : .beginsVouched(.inForce)
    case (nil, _): .no
    case (.issued, .issued): .no
    case (.issued, .enteredIntoForce): .to(.inForce)
    case (.inForce, .enteredIntoForce): .already
    case (.issued, .extended), (.issued, .amended), (.inForce, .extended), (.inForce, .amended):
      .stays
    case (.inForce, .closed): .to(.closed)
    case (.issued, .closed): .no
    case (.issued, .withdrawn), (.inForce, .withdrawn): .to(.withdrawn)
    case (.inForce, .issued): .no
    case (.closed, .closed), (.withdrawn, .withdrawn): .already
    case (.closed, _), (.withdrawn, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: MandateStatus?) -> [String] {
    switch status {
    case nil: ["issued", "entered_into_force"]
    case .issued: ["entered_into_force", "extended", "amended", "withdrawn"]
    case .inForce: ["extended", "amended", "closed", "withdrawn"]
    case .closed, .withdrawn: []
    }
  }

  private static func terms(_ event: MandateEvent) -> MandateTerms? {
    switch event {
    case .issued(let given): given.terms
    case .enteredIntoForce(let given): given.terms
    case .amended(let given): given.terms
    case .extended, .closed, .withdrawn: nil
    }
  }

  public static func decide(
    _ event: MandateEvent, _ occasion: Occasion, in state: Mandate?, given world: some World
  ) throws(Rejection) -> Verdict {
    let unchanged = Verdict.unchanged(since: state?.since.position ?? occasion.position)
    if let state, case .issued(let given) = event, state.terms == given.terms { return unchanged }
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "mandate", in: state?.status.name, since: state?.since, occasion,
      following: following(state?.status))
    {
      if case .enteredIntoForce(let given) = event {
        try refuseOthers(
          given.terms, than: state?.terms, event.name, of: "mandate", since: state?.since)
      }
      return verdict
    }
    switch event {
    case .extended(let given):
      guard let known = state?.terms.deadline else { break }
      if given.deadline == known { return unchanged }
      guard given.deadline > known else {
        throw Rejection(
          .inconsistent,
          "The deadline is \(known.text) already: an extension names a later day; to bring it "
            + "forward, record `amended`.", field: "mandate.extended.deadline")
      }
    case .amended(let given):
      if state?.terms == given.terms { return unchanged }
      try check(given.terms, event.name, occasion, given: world)
    case .issued(let given): try check(given.terms, event.name, occasion, given: world)
    case .enteredIntoForce(let given):
      if let terms = given.terms { try check(terms, event.name, occasion, given: world) }
    case .closed, .withdrawn: break
    }
    return .record
  }

  private static func check(
    _ terms: MandateTerms, _ event: String, _ occasion: Occasion, given world: some World
  ) throws(Rejection) {
    let field = "mandate.\(event).terms"
    try terms.population.check("\(field).population", given: world)
    guard !terms.courses.isEmpty else {
      throw Rejection(
        .inconsistent, "A mandate names at least one course.", field: "\(field).courses")
    }
    guard Set(terms.courses).count == terms.courses.count else {
      throw Rejection(.inconsistent, "A course is named twice.", field: "\(field).courses")
    }
    for course in terms.courses { try world.need(.course, course, "\(field).courses") }
    try world.need(.organisation, terms.issuer, "\(field).issuer")
    try world.need(.instrument, terms.directive, "\(field).directive")
    if terms.joinerDays != nil, terms.population.postedOn == nil {
      throw Rejection(
        .inconsistent,
        "Joiners are told by a posting day: give `population.posted_on`, or leave `joiner_days` "
          + "out.", field: "\(field).joiner_days")
    }
  }

  public static func evolve(
    _ state: Mandate?, by event: MandateEvent, _ occasion: Occasion
  ) -> Mandate? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status),
      let terms = terms(event) ?? state?.terms
    else { return state }
    var next = state ?? Mandate(status: status, since: occasion.since, terms: terms)
    if case .already = cell { return next }
    next.terms = terms
    if case .extended(let given) = event {
      if next.firstDeadline == nil { next.firstDeadline = next.terms.deadline }
      next.terms.deadline = given.deadline
      next.extensions += 1
    }
    if next.status != status {
      next.status = status
      next.since = occasion.since
    }
    return next
  }
}

extension Mandate: StreamRules {
  public static func step(
    _ status: MandateStatus?, _ event: MandateEvent
  ) -> Transition<MandateStatus> {
    switch (status, event) {
    case (nil, .issued): .begins(.issued)
    case (nil, .enteredIntoForce(let given)):
      given.terms == nil ? .no : .beginsVouched(.inForce)
    case (nil, _): .no
    // What was given is often told of after the end.
    case (_, .supportReported): .stays
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
    case .issued: ["entered_into_force", "extended", "amended", "withdrawn", "support_reported"]
    case .inForce: ["extended", "amended", "closed", "withdrawn", "support_reported"]
    case .closed, .withdrawn: ["support_reported"]
    }
  }

  private static func terms(_ event: MandateEvent) -> MandateTerms? {
    switch event {
    case .issued(let given): given.terms
    case .enteredIntoForce(let given): given.terms
    case .amended(let given): given.terms
    case .extended, .closed, .withdrawn, .supportReported: nil
    }
  }

  public static func decide(
    _ event: MandateEvent, _ metadata: EventMetadata, in state: Mandate?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let unchanged = Verdict.unchanged(since: state?.since.position ?? metadata.position)
    if let state, case .issued(let given) = event, state.says(given.terms) { return unchanged }
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "mandate", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      if case .enteredIntoForce(let given) = event, let terms = given.terms,
        state?.says(terms) != true
      {
        try rejectOthers(
          terms, than: state?.terms, event.name, of: "mandate", since: state?.since)
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
      try checkDeadline(given.deadline, metadata, "mandate.extended.deadline")
    case .amended(let given):
      if state?.terms == given.terms { return unchanged }
      try check(given.terms, event.name, metadata, in: state, given: context)
    case .issued(let given):
      try check(given.terms, event.name, metadata, in: state, given: context)
    case .enteredIntoForce(let given):
      guard let terms = given.terms else { break }
      guard let state else {
        try check(terms, event.name, metadata, in: nil, given: context)
        break
      }
      guard state.says(terms) else {
        throw Rejection(
          .inconsistent,
          "The mandate was issued with other terms: leave `terms` out, and record `amended` for "
            + "what changed since.", field: "mandate.entered_into_force.terms",
          inTheWay: state.since.position)
      }
    case .supportReported(let given):
      if state?.support.contains(given) == true { return unchanged }
      try check(given, metadata, in: state, given: context)
    case .closed, .withdrawn: break
    }
    return .record
  }

  /// Whether terms are its own, be it with the deadline that there was before it was extended.
  private func says(_ given: MandateTerms) -> Bool {
    var original = terms
    original.deadline = firstDeadline ?? terms.deadline
    return given == terms || given == original
  }

  /// Nobody can be asked to have done something already.
  private static func checkDeadline(
    _ deadline: Day, _ metadata: EventMetadata, _ field: String
  ) throws(Rejection) {
    guard deadline >= metadata.effective else {
      throw Rejection(
        .inconsistent,
        "On \(metadata.effective.text) the deadline \(deadline.text) had passed: name a later day.",
        field: field)
    }
  }

  private static func check(
    _ terms: MandateTerms, _ event: String, _ metadata: EventMetadata, in state: Mandate?,
    given context: some DecisionContext
  ) throws(Rejection) {
    let field = "mandate.\(event).terms"
    if terms.deadline != state?.terms.deadline {
      try checkDeadline(terms.deadline, metadata, "\(field).deadline")
    }
    if let posted = terms.population.postedOn, posted > terms.deadline {
      throw Rejection(
        .inconsistent,
        "Who is posted somewhere on \(posted.text) cannot have a deadline before it "
          + "(\(terms.deadline.text)).", field: "\(field).population.posted_on")
    }
    guard !terms.courses.isEmpty else {
      throw Rejection(
        .inconsistent, "A mandate asks for something: name at least one course.",
        field: "\(field).courses")
    }
    guard Set(terms.courses).count == terms.courses.count else {
      throw Rejection(
        .inconsistent, "A course is named twice: name each once.", field: "\(field).courses")
    }
    if terms.joinerDays != nil, terms.population.postedOn == nil {
      throw Rejection(
        .inconsistent,
        "Joiners are told by a posting day: give `population.posted_on`, or leave `joiner_days` "
          + "out.", field: "\(field).joiner_days")
    }
    try terms.population.check("\(field).population", given: context)
    for course in terms.courses { try context.need(.course, course, "\(field).courses") }
    try context.needOpen(terms.issuer, on: metadata.effective, "\(field).issuer")
    try context.need(.instrument, terms.directive, "\(field).directive")
  }

  public static func evolve(
    _ state: Mandate?, by event: MandateEvent, _ metadata: EventMetadata
  ) -> Mandate? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status),
      let terms = state?.terms ?? terms(event)
    else { return state }
    var next = state ?? Mandate(status: status, since: metadata.since, terms: terms)
    if case .already = cell { return next }
    if state == nil, case .issued = event { next.issuedOn = metadata.effective }
    if case .supportReported(let given) = event, !next.support.contains(given) {
      next.support.append(given)
    }
    if case .amended(let given) = event { next.terms = given.terms }
    if case .extended(let given) = event, given.deadline != next.terms.deadline {
      if next.firstDeadline == nil { next.firstDeadline = next.terms.deadline }
      next.terms.deadline = given.deadline
      next.extensions = next.extensions.saturatingAdding(1)
    }
    if next.status != status {
      next.status = status
      next.since = metadata.since
    }
    return next
  }
}

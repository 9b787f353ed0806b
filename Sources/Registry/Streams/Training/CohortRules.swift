extension Cohort: StreamRules {
  public static func step(_ status: CohortStatus?, _ event: CohortEvent) -> Transition<CohortStatus>
  {
    switch (status, event) {
    case (nil, .planned): .begins(.planned)
    // Of a cohort that a source tells of in the middle of its life, the event must say what it is:
    // its course, its days, its organisation.
    case (nil, .opened(let given)): given.terms == nil ? .no : .beginsVouched(.open)
    case (nil, .started(let given)): given.terms == nil ? .no : .beginsVouched(.running)
    case (nil, .ended(let given)): given.terms == nil ? .no : .beginsVouched(.ended)
    case (nil, .graduated(let given)): given.terms == nil ? .no : .beginsVouched(.graduated)
    case (nil, .cancelled): .no
    // A plan may be changed until the cohort opens; what has begun is not planned anew.
    case (.planned, .planned): .stays
    case (.planned, .opened): .to(.open)
    case (.planned, .started), (.open, .started): .to(.running)
    case (.planned, .cancelled), (.open, .cancelled), (.running, .cancelled): .to(.cancelled)
    case (.planned, _): .no
    case (.open, .opened): .already
    case (.open, _): .no
    case (.running, .started): .already
    // Not from `open`: what never ran cannot have ended; it was cancelled.
    case (.running, .ended): .to(.ended)
    case (.running, _): .no
    case (.ended, .ended): .already
    case (.ended, .graduated): .to(.graduated)
    case (.ended, _): .no
    case (.graduated, .graduated): .already
    case (.graduated, _): .no
    case (.cancelled, .cancelled): .already
    case (.cancelled, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: CohortStatus?) -> [String] {
    switch status {
    case nil: ["planned", "opened", "started", "ended", "graduated"]
    case .planned: ["planned", "opened", "started", "cancelled"]
    case .open: ["started", "cancelled"]
    case .running: ["ended", "cancelled"]
    case .ended: ["graduated"]
    case .graduated, .cancelled: []
    }
  }

  public static func decide(
    _ event: CohortEvent, _ metadata: EventMetadata, in state: Cohort?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let terms = event.terms
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "cohort", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      // What is already so may be said again, but not with other terms.
      try rejectOthers(terms, than: state?.terms, event.name, of: "cohort", since: state?.since)
      return verdict
    }
    guard let terms else { return .record }
    if let state, event.name == "planned", state.terms == terms {
      return .unchanged(since: state.since.position)
    }
    guard terms.starts <= terms.ends else {
      throw Rejection(
        .inconsistent, "The cohort would end before it starts.",
        field: "cohort.\(event.name).terms.ends")
    }
    // Also of a plan that is changed: no seat that somebody has may be planned away.
    let taken = context.seatsTaken(in: metadata.stream.key)
    guard terms.capacity == 0 || taken <= Int(terms.capacity) else {
      throw Rejection(
        .full, "\(taken) seats of the cohort are taken: it cannot have \(terms.capacity).",
        field: "cohort.\(event.name).terms.capacity")
    }
    try context.need(.organisation, terms.organisation, "cohort.\(event.name).terms.organisation")
    try context.need(.programme, terms.programme, "cohort.\(event.name).terms.programme")
    try context.need(.course, terms.course, "cohort.\(event.name).terms.course")
    // On any day: a cohort is often planned before its edition is published, and recorded after.
    if context.checksReferences,
      context.course(terms.course, on: .distantFuture)?.edition(terms.edition) == nil
    {
      throw Rejection(
        .noSuchReference,
        "The course \(terms.course.text) has no edition \(terms.edition): publish it first.",
        field: "cohort.\(event.name).terms.edition")
    }
    return .record
  }

  public static func evolve(
    _ state: Cohort?, by event: CohortEvent, _ metadata: EventMetadata
  ) -> Cohort? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status),
      let terms = event.terms ?? state?.terms
    else { return state }
    var next = state ?? Cohort(status: status, since: metadata.since, terms: terms)
    next.terms = terms
    // Attributed once, it stays attributed until another event says otherwise.
    next.attributedTo = metadata.attributedTo ?? next.attributedTo
    if next.status != status {
      next.status = status
      next.since = metadata.since
    }
    return next
  }
}

extension CohortEvent {
  /// The terms that the event gives, if any.
  public var terms: CohortTerms? {
    switch self {
    case .planned(let given): given.terms
    case .opened(let given): given.terms
    case .started(let given): given.terms
    case .ended(let given): given.terms
    case .graduated(let given): given.terms
    case .cancelled: nil
    }
  }
}

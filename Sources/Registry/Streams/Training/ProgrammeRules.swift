extension Programme: StreamRules {
  public static func step(
    _ status: ProgrammeStatus?, _ event: ProgrammeEvent
  ) -> Transition<ProgrammeStatus> {
    switch (status, event) {
    case (nil, .drafted): .begins(.draft)
    // A source may know a programme only from when it was approved, opened or closed: then the
    // event says what it is.
    case (nil, .approved(let given)): given.terms == nil ? .no : .beginsVouched(.approved)
    case (nil, .opened(let given)): given.terms == nil ? .no : .beginsVouched(.open)
    case (nil, .closed(let given)): given.terms == nil ? .no : .beginsVouched(.closed)
    case (nil, _): .no
    // The agreement may come long after the training.
    case (_, .linkedToAgreement): .stays
    case (.draft, .drafted): .stays
    case (_, .drafted): .no
    case (.draft, .approved): .to(.approved)
    // Declared before it ends; concluded once it has run, also after its end.
    case (.draft, .pilotDeclared), (.approved, .pilotDeclared), (.open, .pilotDeclared): .stays
    case (.draft, _): .no
    case (.approved, .approved): .already
    case (.approved, .opened): .to(.open)
    // One that never opened may be closed, and not paused.
    case (.approved, .closed): .to(.closed)
    case (.approved, _): .no
    case (.open, .opened): .already
    case (.open, .paused): .to(.paused)
    case (.open, .closed), (.paused, .closed): .to(.closed)
    case (.open, .pilotConcluded), (.paused, .pilotConcluded), (.closed, .pilotConcluded): .stays
    case (.open, .resumed): .already
    case (.open, _): .no
    case (.paused, .paused): .already
    case (.paused, .resumed): .to(.open)
    case (.paused, _): .no
    case (.closed, .closed): .already
    case (.closed, .evaluated): .to(.evaluated)
    case (.closed, _): .no
    case (.evaluated, .evaluated): .already
    case (.evaluated, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: ProgrammeStatus?) -> [String] {
    switch status {
    case nil: ["drafted", "approved", "opened", "closed"]
    case .draft: ["drafted", "approved", "pilot_declared", "linked_to_agreement"]
    case .approved: ["opened", "closed", "pilot_declared", "linked_to_agreement"]
    case .open:
      ["paused", "closed", "pilot_declared", "pilot_concluded", "linked_to_agreement"]
    case .paused: ["resumed", "closed", "pilot_concluded", "linked_to_agreement"]
    case .closed: ["evaluated", "pilot_concluded", "linked_to_agreement"]
    case .evaluated: ["linked_to_agreement"]
    }
  }

  private static func terms(_ event: ProgrammeEvent) -> ProgrammeTerms? {
    switch event {
    case .drafted(let given): given.terms
    case .approved(let given): given.terms
    case .opened(let given): given.terms
    case .closed(let given): given.terms
    case .paused, .resumed, .evaluated, .linkedToAgreement, .pilotDeclared, .pilotConcluded: nil
    }
  }

  public static func decide(
    _ event: ProgrammeEvent, _ metadata: EventMetadata, in state: Programme?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let terms = Self.terms(event)
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "programme", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      // What is already so may be said again, but not with other terms.
      try rejectOthers(terms, than: state?.terms, event.name, of: "programme", since: state?.since)
      return verdict
    }
    let unchanged = Verdict.unchanged(since: state?.since.position ?? metadata.position)
    switch event {
    case .drafted:
      if let state, state.terms == terms { return unchanged }
      fallthrough
    case .approved, .opened, .closed:
      try context.need(
        .organisation, terms?.organisation, "programme.\(event.name).terms.organisation")
      for instrument in terms?.instruments ?? [] {
        try context.need(.instrument, instrument, "programme.\(event.name).terms.instruments")
      }
    case .linkedToAgreement(let given):
      if state?.agreements.contains(given.agreement) == true { return unchanged }
      try context.need(.agreement, given.agreement, "programme.linked_to_agreement.agreement")
    case .pilotDeclared:
      if state?.pilot == true { return unchanged }
    case .pilotConcluded:
      guard state?.pilot == true else {
        throw Rejection(
          .notInStream, "The programme was never declared a pilot: record `pilot_declared` first.")
      }
      if state?.pilotConcluded == true { return unchanged }
    case .paused, .resumed, .evaluated: break
    }
    return .record
  }

  public static func evolve(
    _ state: Programme?, by event: ProgrammeEvent, _ metadata: EventMetadata
  ) -> Programme? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status) else { return state }
    guard let terms = terms(event) ?? state?.terms else { return state }
    var next = state ?? Programme(status: status, since: metadata.since, terms: terms)
    next.terms = terms
    switch event {
    case .linkedToAgreement(let given):
      // Under more than one agreement, where more than one says so: each counts it.
      if !next.agreements.contains(given.agreement) { next.agreements.append(given.agreement) }
    case .pilotDeclared: next.pilot = true
    case .pilotConcluded: next.pilotConcluded = true
    case .drafted, .approved, .opened, .paused, .resumed, .closed, .evaluated: break
    }
    if next.status != status {
      next.status = status
      next.since = metadata.since
    }
    return next
  }
}

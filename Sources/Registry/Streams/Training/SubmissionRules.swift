extension Submission: StreamRules {
  public static func step(
    _ status: SubmissionStatus?, _ event: SubmissionEvent
  ) -> Transition<SubmissionStatus> {
    switch (status, event) {
    case (nil, .submitted): .begins(.submitted)
    case (nil, .verified(let given)): given.paper == nil ? .no : .beginsVouched(.verified)
    case (nil, .rejected): .no
    case (.submitted, .submitted): .stays
    case (.submitted, .verified): .to(.verified)
    case (.submitted, .rejected): .to(.rejected)
    case (.verified, .verified): .already
    case (.rejected, .rejected): .already
    case (.verified, _), (.rejected, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: SubmissionStatus?) -> [String] {
    switch status {
    case nil: ["submitted", "verified"]
    case .submitted: ["verified", "rejected"]
    case .verified, .rejected: []
    }
  }

  public static func decide(
    _ event: SubmissionEvent, _ metadata: EventMetadata, in state: Submission?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "submission", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      if case .verified(let given) = event {
        try rejectOthers(
          given.paper, than: state?.paper, event.name, field: "paper", of: "submission",
          since: state?.since)
      }
      return verdict
    }
    switch event {
    case .submitted(let given):
      if let state {
        if state.paper == given.paper { return .unchanged(since: state.since.position) }
        throw Rejection(
          .alreadyTaken, "The submission holds another paper: correct it, or begin a new stream.",
          field: "submission.submitted.paper")
      }
      try check(given.paper, "submitted", metadata, given: context)
    case .verified(let given):
      if let paper = given.paper {
        if let state, state.paper != paper {
          throw Rejection(
            .inconsistent, "The submission holds another paper.",
            field: "submission.verified.paper")
        }
        try check(paper, "verified", metadata, given: context)
      }
      try context.need(.organisation, given.verifiedBy, "submission.verified.verified_by")
    case .rejected: break
    }
    return .record
  }

  private static func check(
    _ paper: Paper, _ event: String, _ metadata: EventMetadata, given context: some DecisionContext
  ) throws(Rejection) {
    try context.need(.officer, paper.officer, "submission.\(event).paper.officer")
    try context.need(paper.skills, "submission.\(event).paper.skills")
    for course in paper.courses {
      try context.need(.course, course, "submission.\(event).paper.courses")
    }
    if let awarded = paper.awardedOn, awarded > metadata.effective {
      throw Rejection(
        .inconsistent,
        "The paper was awarded on \(awarded.text), after it was \(event) "
          + "(\(metadata.effective.text)).", field: "submission.\(event).paper.awarded_on")
    }
    if let awarded = paper.awardedOn, let until = paper.validUntil, until < awarded {
      throw Rejection(
        .inconsistent, "The paper would have run out before it was awarded.",
        field: "submission.\(event).paper.valid_until")
    }
  }

  public static func evolve(
    _ state: Submission?, by event: SubmissionEvent, _ metadata: EventMetadata
  ) -> Submission? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status) else { return state }
    let given: Paper? =
      switch event {
      case .submitted(let given): given.paper
      case .verified(let given): given.paper
      case .rejected: nil
      }
    guard let paper = state?.paper ?? given else { return state }
    var next = state ?? Submission(status: status, since: metadata.since, paper: paper)
    if case .already = cell { return next }
    if case .verified(let given) = event {
      next.verifiedByEvent = metadata.eventID
      next.standsFor = metadata.standsFor
      next.method = given.method
    }
    if next.status != status {
      next.status = status
      next.since = metadata.since
    }
    return next
  }
}

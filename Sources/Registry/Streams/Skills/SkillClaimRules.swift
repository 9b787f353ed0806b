extension SkillClaim: StreamRules {
  public static func step(
    _ status: SkillClaimStatus?, _ event: SkillClaimEvent
  ) -> Transition<SkillClaimStatus> {
    switch (status, event) {
    case (nil, .claimed): .begins(.claimed)
    case (nil, .priorLearningRecognised(let given)):
      given.claim == nil ? .no : .beginsVouched(.recognised)
    case (nil, _): .no
    case (.claimed, .claimed): .stays
    case (.claimed, .endorsed): .to(.endorsed)
    case (.claimed, .rejected), (.endorsed, .rejected): .to(.rejected)
    case (.claimed, .priorLearningRecognised), (.endorsed, .priorLearningRecognised):
      .to(.recognised)
    case (.endorsed, .endorsed), (.rejected, .rejected), (.recognised, .priorLearningRecognised):
      .already
    case (.endorsed, .claimed), (.rejected, _), (.recognised, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: SkillClaimStatus?) -> [String] {
    switch status {
    case nil: ["claimed", "prior_learning_recognised"]
    case .claimed: ["endorsed", "rejected", "prior_learning_recognised"]
    case .endorsed: ["rejected", "prior_learning_recognised"]
    case .rejected, .recognised: []
    }
  }

  private static func claim(_ event: SkillClaimEvent) -> ClaimedSkill? {
    switch event {
    case .claimed(let given): given.claim
    case .priorLearningRecognised(let given): given.claim
    case .endorsed, .rejected: nil
    }
  }

  public static func decide(
    _ event: SkillClaimEvent, _ metadata: EventMetadata, in state: SkillClaim?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "skill claim", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      try state?.checkSaid(event)
      return verdict
    }
    switch event {
    case .claimed(let given):
      if let state {
        if state.claim == given.claim { return .unchanged(since: state.since.position) }
        throw Rejection(
          .alreadyTaken, "The stream holds another claim: correct it, or begin a new stream.",
          field: "skill_claim.claimed.claim")
      }
      try check(given.claim, "claimed", given: context)
    case .endorsed(let given):
      try context.needOpen(given.by, on: metadata.effective, "skill_claim.endorsed.by")
    case .priorLearningRecognised(let given):
      let field = "skill_claim.prior_learning_recognised"
      if let claim = given.claim {
        if let state, state.claim != claim {
          throw Rejection(
            .inconsistent,
            "The stream holds another claim: correct it, or leave `claim` out.",
            field: "\(field).claim", inTheWay: state.since.position)
        }
        try check(claim, "prior_learning_recognised", given: context)
      }
      try context.needOpen(given.by, on: metadata.effective, "\(field).by")
      if given.level > 0, var found = (given.claim ?? state?.claim)?.skill {
        found.level = given.level
        try context.need([found], "\(field).level")
      }
    case .rejected: break
    }
    return .record
  }

  /// What is said again must be said as it is known: who endorsed, whose skill, the level found.
  private func checkSaid(_ event: SkillClaimEvent) throws(Rejection) {
    switch event {
    case .endorsed(let given):
      try rejectOthers(
        given.by, than: endorsedBy, event.name, field: "by", of: "skill_claim", since: since)
    case .priorLearningRecognised(let given):
      try rejectOthers(
        given.level > 0 ? given.level : given.claim?.skill.level, than: claim.skill.level,
        event.name, field: "level",
        of: "skill_claim", since: since)
      // The level may be another than was claimed.
      var said = given.claim
      said?.skill.level = claim.skill.level
      try rejectOthers(
        said, than: claim, event.name, field: "claim", of: "skill_claim", since: since)
    case .claimed, .rejected: break
    }
  }

  private static func check(
    _ claim: ClaimedSkill, _ event: String, given context: some DecisionContext
  ) throws(Rejection) {
    try context.need(.officer, claim.officer, "skill_claim.\(event).claim.officer")
    try context.need([claim.skill], "skill_claim.\(event).claim.skill")
  }

  public static func evolve(
    _ state: SkillClaim?, by event: SkillClaimEvent, _ metadata: EventMetadata
  ) -> SkillClaim? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status),
      let claim = state?.claim ?? claim(event)
    else { return state }
    var next = state ?? SkillClaim(status: status, since: metadata.since, claim: claim)
    if case .already = cell { return next }
    switch event {
    case .endorsed(let given): next.endorsedBy = given.by
    case .priorLearningRecognised(let given):
      next.recognisedByEvent = metadata.eventID
      next.standsFor = metadata.standsFor
      if given.level > 0 { next.claim.skill.level = given.level }
    case .claimed, .rejected: break
    }
    if next.status != status {
      next.status = status
      next.since = metadata.since
    }
    return next
  }
}

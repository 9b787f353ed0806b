extension Agreement: StreamRules {
  public static func step(
    _ status: AgreementStatus?, _ event: AgreementEvent
  ) -> Transition<AgreementStatus> {
    switch (status, event) {
    case (nil, .engagementRecorded): .begins(.exploratory)
    case (nil, .proposed): .begins(.proposed)
    case (nil, .reviewStarted(let given)):
      given.terms == nil ? .no : .beginsVouched(.underReview)
    case (nil, .signed): .beginsVouched(.signed)
    case (nil, .enteredIntoForce(let given)):
      given.terms == nil ? .no : .beginsVouched(.inForce)
    case (nil, _): .no

    // What is said of an agreement may be said in every state, also after its end.
    case (_, .targetClaimed), (_, .resultClaimed), (_, .claimsReconciled), (_, .aggregateReported):
      .stays
    case (.exploratory, .obligationMet), (.proposed, .obligationMet),
      (.underReview, .obligationMet), (.exploratory, .obligationMissed),
      (.proposed, .obligationMissed), (.underReview, .obligationMissed):
      .no
    case (_, .obligationMet), (_, .obligationMissed): .stays

    case (.exploratory, .engagementRecorded): .stays
    case (.exploratory, .proposed): .to(.proposed)
    case (.exploratory, .lapsed), (.proposed, .lapsed), (.underReview, .lapsed): .to(.lapsed)
    case (.exploratory, .targetSet), (.proposed, .targetSet), (.underReview, .targetSet),
      (.signed, .targetSet), (.inForce, .targetSet), (.suspended, .targetSet):
      .stays
    case (.exploratory, _): .no
    case (.proposed, .proposed): .stays
    case (.proposed, .reviewStarted): .to(.underReview)
    case (.proposed, _): .no
    case (.underReview, .reviewStarted): .stays
    case (.underReview, .signed): .to(.signed)
    case (.underReview, .proposed): .to(.proposed)
    case (.underReview, _): .no

    case (.signed, .enteredIntoForce): .to(.inForce)
    case (.signed, .amended), (.inForce, .amended), (.signed, .extended), (.inForce, .extended),
      (.suspended, .amended), (.suspended, .extended):
      .stays
    case (.signed, .suspended), (.inForce, .suspended): .to(.suspended)
    case (.signed, .terminated), (.inForce, .terminated), (.suspended, .terminated):
      .to(.terminated)
    case (.inForce, .completed): .to(.completed)
    case (.signed, .superseded), (.inForce, .superseded), (.suspended, .superseded):
      .to(.superseded)
    case (.signed, .lapsed): .to(.lapsed)
    case (.signed, _): .no
    // Every event is named once with a state, so that a new one does not compile.
    case (.inForce, .engagementRecorded), (.inForce, .proposed), (.inForce, .reviewStarted),
      (.inForce, .signed), (.inForce, .enteredIntoForce), (.inForce, .resumed), (.inForce, .lapsed):
      .no
    // Also to signed, when it was suspended before it entered into force.
    case (.suspended, .resumed): .returns(orTo: .inForce)
    case (.suspended, .suspended): .already
    case (.suspended, _): .no

    case (.terminated, .terminated), (.completed, .completed), (.lapsed, .lapsed):
      .already
    case (.terminated, _), (.completed, _), (.superseded, _), (.lapsed, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: AgreementStatus?) -> [String] {
    switch status {
    case nil:
      ["engagement_recorded", "proposed", "review_started", "signed", "entered_into_force"]
    case .exploratory: ["engagement_recorded", "proposed", "lapsed", "target_set"] + said
    case .proposed: ["proposed", "review_started", "lapsed", "target_set"] + said
    case .underReview: ["proposed", "review_started", "signed", "lapsed", "target_set"] + said
    case .signed:
      [
        "entered_into_force", "amended", "extended", "suspended", "terminated", "superseded",
        "lapsed", "target_set",
      ] + said + judged
    case .inForce:
      [
        "amended", "extended", "suspended", "terminated", "completed", "superseded", "target_set",
      ] + said + judged
    case .suspended:
      [
        "amended", "extended", "resumed", "terminated", "superseded", "target_set",
      ] + said + judged
    case .terminated, .completed, .superseded, .lapsed: said + judged
    }
  }
  private static var said: [String] {
    ["target_claimed", "result_claimed", "claims_reconciled", "aggregate_reported"]
  }
  private static var judged: [String] { ["obligation_met", "obligation_missed"] }

  public static func decide(
    _ event: AgreementEvent, _ metadata: EventMetadata, in state: Agreement?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let unchanged = Verdict.unchanged(since: state?.since.position ?? metadata.position)
    if let state, state.isSaid(by: event) { return unchanged }
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "agreement", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      return verdict
    }
    switch event {
    case .engagementRecorded(let given):
      try check(given.terms, event, metadata, in: state, given: context)
    case .proposed(let given): try check(given.terms, event, metadata, in: state, given: context)
    case .reviewStarted(let given):
      try check(given.terms, event, metadata, in: state, given: context)
    case .signed(let given):
      try check(given.terms, event, metadata, in: state, signed: true, given: context)
    case .enteredIntoForce(let given):
      try check(given.terms, event, metadata, in: state, signed: true, given: context)
    case .amended(let given):
      try check(given.terms, event, metadata, in: state, signed: true, given: context)
    case .extended(let given):
      guard let until = state?.terms.validUntil else {
        throw Rejection(
          .inconsistent,
          "The agreement has no end that could be extended: give it one by `amended`.",
          field: "agreement.extended.valid_until")
      }
      guard given.validUntil > until else {
        throw Rejection(
          .inconsistent,
          "The agreement runs until \(until.text) already: an extension ends later.",
          field: "agreement.extended.valid_until")
      }
    case .superseded(let given):
      guard given.by != metadata.stream.key else {
        throw Rejection(
          .inconsistent, "An agreement is superseded by another one, not by itself.",
          field: "agreement.superseded.by")
      }
      try context.need(.agreement, given.by, "agreement.superseded.by")
    case .suspended, .resumed, .terminated, .completed, .lapsed: break
    case .targetSet, .targetClaimed, .resultClaimed, .claimsReconciled, .aggregateReported,
      .obligationMet, .obligationMissed:
      return try decideClaim(event, metadata, in: state, given: context)
    }
    return .record
  }

  /// What a text with the same terms says again is no contradiction; other terms are a matter for
  /// the table.
  private func isSaid(by event: AgreementEvent) -> Bool {
    switch (status, event) {
    case (.exploratory, .engagementRecorded(let given)): addsNothing(given.terms)
    case (.proposed, .proposed(let given)): addsNothing(given.terms)
    case (.underReview, .reviewStarted(let given)): addsNothing(given.terms)
    case (.signed, .signed(let given)):
      addsNothing(given.terms) && (given.signatories.isEmpty || given.signatories == signatories)
    case (.inForce, .enteredIntoForce(let given)): addsNothing(given.terms)
    case (.signed, .amended(let given)), (.inForce, .amended(let given)),
      (.suspended, .amended(let given)):
      addsNothing(given.terms)
    case (.signed, .extended(let given)), (.inForce, .extended(let given)),
      (.suspended, .extended(let given)):
      given.validUntil == terms.validUntil
    case (.superseded, .superseded(let given)): given.by == supersededBy
    case (_, .engagementRecorded), (_, .proposed), (_, .reviewStarted), (_, .signed),
      (_, .enteredIntoForce), (_, .amended), (_, .extended), (_, .superseded), (_, .suspended),
      (_, .resumed), (_, .terminated), (_, .completed), (_, .lapsed), (_, .targetSet),
      (_, .targetClaimed), (_, .resultClaimed), (_, .claimsReconciled), (_, .aggregateReported),
      (_, .obligationMet), (_, .obligationMissed):
      false
    }
  }

  private func addsNothing(_ given: AgreementTerms?) -> Bool { terms == terms.with(given) }

  public static func evolve(
    _ state: Agreement?, by event: AgreementEvent, _ metadata: EventMetadata
  ) -> Agreement? {
    let cell = step(state?.status, event)
    guard cell != .no, cell != .already, var status = cell.target(from: state?.status) else {
      return state
    }
    var next =
      state ?? Agreement(status: status, since: metadata.since, terms: AgreementTerms())
    let before = next.status
    switch event {
    case .engagementRecorded(let given): next.terms = next.terms.with(given.terms)
    case .proposed(let given): next.terms = next.terms.with(given.terms)
    case .reviewStarted(let given): next.terms = next.terms.with(given.terms)
    case .signed(let given):
      next.terms = next.terms.with(given.terms)
      next.signatories = given.signatories
      next.signedOn = metadata.effective
    case .enteredIntoForce(let given):
      next.terms = next.terms.with(given.terms)
      next.signedOn = next.signedOn ?? metadata.effective
    case .amended(let given): next.terms = next.terms.with(given.terms)
    case .extended(let given): next.terms.validUntil = given.validUntil
    case .superseded(let given): next.supersededBy = given.by
    case .suspended: next.underlying = before
    case .resumed: status = next.underlying ?? status
    case .terminated, .completed, .lapsed: break
    case .targetSet, .targetClaimed, .resultClaimed, .claimsReconciled, .aggregateReported,
      .obligationMet, .obligationMissed:
      next.say(event)
    }
    if status != before {
      next.status = status
      next.since = metadata.since
      if before == .suspended { next.underlying = nil }
    }
    return next
  }
}

extension Agreement: StreamRules {
  public static func step(
    _ status: AgreementStatus?, _ event: AgreementEvent
  ) -> Step<AgreementStatus> {
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
    case (.underReview, .reviewStarted): .already
    case (.underReview, .signed): .to(.signed)
    case (.underReview, .proposed): .to(.proposed)
    case (.underReview, _): .no

    case (.signed, .enteredIntoForce): .to(.inForce)
    case (.inForce, .enteredIntoForce): .already
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
    case (.signed, _), (.inForce, _): .no
    case (.suspended, .resumed): .to(.inForce)
    case (.suspended, .suspended): .already
    case (.suspended, _): .no

    case (.terminated, .terminated), (.completed, .completed), (.superseded, .superseded),
      (.lapsed, .lapsed):
      .already
    case (.terminated, _), (.completed, _), (.superseded, _), (.lapsed, _): .no
    }
  }

  public static func decide(
    _ event: AgreementEvent, _ occasion: Occasion, in state: Agreement?, given world: some World
  ) throws(Rejection) -> Verdict {
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "agreement", in: state?.status.name, since: state?.since, occasion)
    {
      return verdict
    }
    let unchanged = Verdict.unchanged(since: state?.since.position ?? occasion.position)
    switch event {
    case .engagementRecorded(let given):
      if let state, state.terms == state.terms.with(given.terms) { return unchanged }
      try check(given.terms, "engagement_recorded", given: world)
    case .proposed(let given):
      if let state, state.status == .proposed, state.terms == state.terms.with(given.terms) {
        return unchanged
      }
      try check(given.terms, "proposed", given: world)
    case .reviewStarted(let given):
      if let terms = given.terms { try check(terms, "review_started", given: world) }
    case .signed(let given):
      let terms = state?.terms.with(given.terms) ?? given.terms
      guard terms.parties.count >= 2 else {
        throw Rejection(
          .inconsistent, "An agreement is signed by at least two parties.",
          field: "agreement.signed.terms.parties")
      }
      try check(given.terms, "signed", given: world)
    case .enteredIntoForce(let given):
      if let terms = given.terms { try check(terms, "entered_into_force", given: world) }
    case .amended(let given):
      if let state, state.terms == state.terms.with(given.terms) { return unchanged }
      try check(given.terms, "amended", given: world)
    case .extended(let given):
      if let until = state?.terms.validUntil {
        if until == given.validUntil { return unchanged }
        guard given.validUntil > until else {
          throw Rejection(
            .inconsistent, "The agreement runs until \(until.text) already.",
            field: "agreement.extended.valid_until")
        }
      }
    case .superseded(let given):
      try world.need(.agreement, given.by, "agreement.superseded.by")
    case .suspended, .resumed, .terminated, .completed, .lapsed: break
    case .targetSet, .targetClaimed, .resultClaimed, .claimsReconciled, .aggregateReported,
      .obligationMet, .obligationMissed:
      return try decideClaim(event, occasion, in: state, given: world)
    }
    return .record
  }

  private static func check(
    _ terms: AgreementTerms, _ event: String, given world: some World
  ) throws(Rejection) {
    if let from = terms.validFrom, let until = terms.validUntil, until < from {
      throw Rejection(
        .inconsistent, "It would end before it begins.",
        field: "agreement.\(event).terms.valid_until")
    }
    for party in terms.parties {
      try world.need(.organisation, party, "agreement.\(event).terms.parties")
    }
    for instrument in terms.instruments {
      try world.need(.instrument, instrument, "agreement.\(event).terms.instruments")
    }
  }

  public static func evolve(
    _ state: Agreement?, by event: AgreementEvent, _ occasion: Occasion
  ) -> Agreement? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status) else { return state }
    var next =
      state ?? Agreement(status: status, since: occasion.since, terms: AgreementTerms())
    switch event {
    case .engagementRecorded(let given): next.terms = next.terms.with(given.terms)
    case .proposed(let given): next.terms = next.terms.with(given.terms)
    case .reviewStarted(let given): next.terms = next.terms.with(given.terms)
    case .signed(let given):
      next.terms = next.terms.with(given.terms)
      next.signatories = given.signatories
      next.signedOn = occasion.effective
    case .enteredIntoForce(let given):
      next.terms = next.terms.with(given.terms)
      next.signedOn = next.signedOn ?? occasion.effective
    case .amended(let given): next.terms = next.terms.with(given.terms)
    case .extended(let given): next.terms.validUntil = given.validUntil
    case .superseded(let given): next.supersededBy = given.by
    case .suspended: next.underlying = next.status
    case .resumed: break
    case .terminated, .completed, .lapsed: break
    case .targetSet, .targetClaimed, .resultClaimed, .claimsReconciled, .aggregateReported,
      .obligationMet, .obligationMissed:
      next.say(event)
    }
    if next.status != status {
      next.status = event.name == "resumed" ? next.underlying ?? status : status
      if event.name == "resumed" { next.underlying = nil }
      next.since = occasion.since
    }
    return next
  }

  /// Whether something may rely on it as its authority; the state is the one of that day.
  public func mayBeReliedOn(on day: Day) -> Bool {
    switch status {
    case .signed, .inForce: !isExpired(on: day) && (terms.validFrom ?? .distantPast) <= day
    case .exploratory, .proposed, .underReview, .suspended, .terminated, .completed, .superseded,
      .lapsed:
      false
    }
  }

  /// Its term has run out; no event says so.
  public func isExpired(on day: Day) -> Bool {
    switch status {
    case .signed, .inForce, .suspended: (terms.validUntil ?? .distantFuture) < day
    case .exploratory, .proposed, .underReview, .terminated, .completed, .superseded, .lapsed:
      false
    }
  }
}

extension AgreementTerms {
  /// These terms with the other's where the other gives any.
  func with(_ other: AgreementTerms?) -> AgreementTerms {
    guard let other else { return self }
    return AgreementTerms(
      agreementKind: other.agreementKind ?? agreementKind,
      title: other.title.isEmpty ? title : other.title,
      parties: other.parties.isEmpty ? parties : other.parties,
      scope: other.scope.isEmpty ? scope : other.scope,
      obligations: other.obligations.isEmpty ? obligations : other.obligations,
      instruments: other.instruments.isEmpty ? instruments : other.instruments,
      validFrom: other.validFrom ?? validFrom, validUntil: other.validUntil ?? validUntil)
  }
}

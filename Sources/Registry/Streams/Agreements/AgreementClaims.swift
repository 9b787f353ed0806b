/// Targets, claims and obligations: what is said of an agreement. Claims stand side by side until
/// a registrar reconciles them.
extension Agreement {
  static func decideClaim(
    _ event: AgreementEvent, _ metadata: EventMetadata, in state: Agreement?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    guard let state else { return .record }
    let unchanged = Verdict.unchanged(since: state.since.position)
    func taken(_ what: String, _ code: Identifier, _ field: String) -> Rejection {
      Rejection(
        .alreadyTaken,
        "The agreement has another \(what) \(code.text): give this one a code of its own, or "
          + "correct the event that recorded that one.", field: "agreement.\(event.name).\(field)")
    }
    switch event {
    case .targetSet(let given):
      if let parent = given.parent, state.targets[parent] == nil {
        throw Rejection(
          .notInStream, "The agreement has no target \(parent.text).",
          field: "agreement.target_set.parent")
      }
      if let by = given.by, by < metadata.effective {
        throw Rejection(
          .inconsistent,
          "A target set on \(metadata.effective.text) cannot have been due on \(by.text).",
          field: "agreement.target_set.by")
      }
      try context.needCategory(given.category, "agreement.target_set.category")
      try context.need(.programme, given.programme, "agreement.target_set.programme")
      try state.checkPart(given, Categories(context.establishment))
      guard let known = state.targets[given.target] else { break }
      if known == given { return unchanged }
      throw taken("target", given.target, "target")
    case .targetClaimed(let given):
      try checkPast(given.asOf, metadata, "agreement.target_claimed.as_of")
      if let parent = given.parent {
        try state.needClaim(parent, "agreement.target_claimed.parent")
      }
      if state.targetClaims[given.claim] == given { return unchanged }
      if state.hasClaim(given.claim) { throw taken("claim", given.claim, "claim") }
    case .resultClaimed(let given):
      if let from = given.periodFrom, let until = given.periodUntil, until < from {
        throw Rejection(
          .inconsistent, "The period would end before it begins.",
          field: "agreement.result_claimed.period_until")
      }
      try checkPast(given.asOf, metadata, "agreement.result_claimed.as_of")
      try checkPast(given.periodUntil, metadata, "agreement.result_claimed.period_until")
      if let parent = given.parent {
        try state.needClaim(parent, "agreement.result_claimed.parent")
      }
      if state.resultClaims[given.claim] == given { return unchanged }
      if state.hasClaim(given.claim) { throw taken("claim", given.claim, "claim") }
    case .claimsReconciled(let given):
      guard given.claims.count >= 2, Set(given.claims).count == given.claims.count else {
        throw Rejection(
          .inconsistent, "A reconciliation names at least two claims, each once.",
          field: "agreement.claims_reconciled.claims")
      }
      for claim in given.claims {
        try state.needClaim(claim, "agreement.claims_reconciled.claims")
      }
      if state.reconciliations.contains(given) { return unchanged }
    case .aggregateReported(let given):
      if let from = given.periodFrom, let until = given.periodUntil, until < from {
        throw Rejection(
          .inconsistent, "The period would end before it begins.",
          field: "agreement.aggregate_reported.period_until")
      }
      try checkPast(given.asOf, metadata, "agreement.aggregate_reported.as_of")
      try checkPast(given.periodUntil, metadata, "agreement.aggregate_reported.period_until")
      if given.population == .organisations || given.population == .awards {
        throw Rejection(
          .inconsistent,
          "A report counts people, and \(given.population.name) are none: record a `result_claimed`.",
          field: "agreement.aggregate_reported.population")
      }
      try context.need(.programme, given.programme, "agreement.aggregate_reported.programme")
      try context.needCategory(given.category, "agreement.aggregate_reported.category")
      if state.aggregates[given.report] == given { return unchanged }
      if state.aggregates[given.report] != nil {
        throw taken("report", given.report, "report")
      }
    case .obligationMet(let given):
      try state.needObligation(given.obligation, "agreement.obligation_met.obligation")
      if state.obligationsMet.contains(given.obligation) { return unchanged }
    case .obligationMissed(let given):
      try state.needObligation(given.obligation, "agreement.obligation_missed.obligation")
      if state.obligationsMissed.contains(given.obligation) { return unchanged }
    case .engagementRecorded, .proposed, .reviewStarted, .signed, .enteredIntoForce, .amended,
      .extended, .suspended, .resumed, .terminated, .completed, .superseded, .lapsed:
      preconditionFailure("`\(event.name)` says nothing of targets, claims or obligations")
    }
    return .record
  }

  /// What is claimed or reported of a day was not said before that day.
  private static func checkPast(
    _ day: Day?, _ metadata: EventMetadata, _ field: String
  ) throws(Rejection) {
    guard let day, day > metadata.effective else { return }
    throw Rejection(
      .inconsistent,
      "On \(metadata.effective.text) nobody could say what was so on \(day.text): the event's day is "
        + "the one on which it was said.", field: field)
  }

  /// A target is no larger than the one that it is a part of, where both are exact. What sources
  /// claim is kept as they say it, whether it adds up or not.
  private func checkPart(_ given: TargetSet, _ categories: Categories) throws(Rejection) {
    guard let whole = given.parent.flatMap({ targets[$0] }) else { return }
    if let part = given.category, let wide = whole.category, !categories.includes(wide, part) {
      throw Rejection(
        .inconsistent,
        "The target \(whole.target.text) is of the category \(wide.text), and \(part.text) is no "
          + "part of it.", field: "agreement.target_set.category")
    }
    guard case .exactly(let part) = given.count, case .exactly(let limit) = whole.count,
      part > limit
    else { return }
    throw Rejection(
      .inconsistent,
      "The target \(whole.target.text) is \(limit), so a part of it cannot be \(part).",
      field: "agreement.target_set.count")
  }

  private func hasClaim(_ code: Identifier) -> Bool {
    targetClaims[code] != nil || resultClaims[code] != nil
  }

  private func needClaim(_ code: Identifier, _ field: String) throws(Rejection) {
    guard hasClaim(code) else {
      throw Rejection(.notInStream, "The agreement has no claim \(code.text).", field: field)
    }
  }

  private func needObligation(_ code: Identifier, _ field: String) throws(Rejection) {
    guard signedOn != nil else {
      throw Rejection(
        .inconsistent, "The agreement was never signed, so nobody was obliged by it.",
        field: field)
    }
    guard terms.obligations.contains(where: { $0.code == code }) else {
      throw Rejection(.notInStream, "The agreement has no obligation \(code.text).", field: field)
    }
  }

  mutating func say(_ event: AgreementEvent) {
    switch event {
    case .targetSet(let given): targets.put(given)
    case .targetClaimed(let given): targetClaims.put(given)
    case .resultClaimed(let given): resultClaims.put(given)
    case .claimsReconciled(let given): reconciliations.append(given)
    case .aggregateReported(let given): aggregates.put(given)
    case .obligationMet(let given):
      obligationsMissed.removeAll { $0 == given.obligation }
      if !obligationsMet.contains(given.obligation) { obligationsMet.append(given.obligation) }
    case .obligationMissed(let given):
      obligationsMet.removeAll { $0 == given.obligation }
      if !obligationsMissed.contains(given.obligation) {
        obligationsMissed.append(given.obligation)
      }
    case .engagementRecorded, .proposed, .reviewStarted, .signed, .enteredIntoForce, .amended,
      .extended, .suspended, .resumed, .terminated, .completed, .superseded, .lapsed:
      break
    }
  }
}

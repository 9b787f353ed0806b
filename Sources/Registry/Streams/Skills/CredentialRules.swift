extension Credential: StreamRules {
  public static func step(
    _ status: CredentialState?, _ event: CredentialEvent
  ) -> Step<CredentialState> {
    switch (status, event) {
    case (nil, .issued): .begins(.issued)
    case (nil, _): .no
    case (_, .issued): .stays
    case (.issued, .suspended): .to(.suspended)
    case (.issued, .reinstated): .already
    case (.issued, .renewed), (.suspended, .renewed): .stays
    case (.issued, .superseded), (.suspended, .superseded): .to(.superseded)
    case (.issued, .revoked), (.suspended, .revoked): .to(.revoked)
    case (.issued, .recognised), (.suspended, .recognised): .stays
    case (.suspended, .suspended): .already
    case (.suspended, .reinstated): .to(.issued)
    case (.revoked, .revoked), (.superseded, .superseded): .already
    // Recognition has a life of its own: it may be withdrawn from what is revoked.
    case (_, .recognitionWithdrawn): .stays
    case (.revoked, _), (.superseded, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: CredentialState?) -> [String] {
    switch status {
    case nil: ["issued"]
    case .issued:
      ["suspended", "renewed", "superseded", "revoked", "recognised", "recognition_withdrawn"]
    case .suspended:
      ["reinstated", "renewed", "superseded", "revoked", "recognised", "recognition_withdrawn"]
    case .revoked, .superseded: ["recognition_withdrawn"]
    }
  }

  public static func decide(
    _ event: CredentialEvent, _ occasion: Occasion, in state: Credential?, given world: some World
  ) throws(Rejection) -> Verdict {
    let unchanged = Verdict.unchanged(since: state?.since.position ?? occasion.position)
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "credential", in: state?.status.name, since: state?.since, occasion,
      following: following(state?.status))
    {
      if case .superseded(let given) = event {
        try refuseOthers(
          given.by, than: state?.supersededBy, event.name, field: "by", of: "credential",
          since: state?.since)
      }
      return verdict
    }
    switch event {
    case .issued(let given):
      if let state {
        if state.terms == given { return unchanged }
        if state.terms.holder != given.holder {
          throw Rejection(
            .alreadyTaken,
            "The number \(state.terms.number) of \(state.terms.issuer.text) is another holder's.",
            field: "credential.issued.number", inTheWay: state.since.position)
        }
        throw Rejection(
          .illegalTransition,
          "The credential was issued on \(state.terms.awardedOn.text) already: correct that "
            + "event, or issue another credential.", inTheWay: state.since.position)
      }
      try checkIssue(given, occasion, given: world)
    case .renewed(let given):
      if let until = state?.terms.validUntil {
        if until == given.validUntil { return unchanged }
        guard given.validUntil > until else {
          throw Rejection(
            .inconsistent, "The credential is valid until \(until.text) already.",
            field: "credential.renewed.valid_until")
        }
      } else {
        return unchanged
      }
    case .superseded(let given):
      if given.by == occasion.stream.key {
        throw Rejection(
          .inconsistent, "A credential cannot supersede itself.", field: "credential.superseded.by")
      }
      try world.need(.credential, given.by, "credential.superseded.by")
    case .recognised(let given):
      if state?.recognisedBy == given.by {
        return .unchanged(since: state?.recognised?.position ?? occasion.position)
      }
      try world.need(.organisation, given.by, "credential.recognised.by")
      if world.questionsReferences,
        world.organisation(given.by, on: occasion.effective)?.roles.contains(.ministry) != true
      {
        throw Rejection(
          .inconsistent,
          "\(given.by.text) was no ministry on \(occasion.effective.text): only a ministry "
            + "recognises credentials.", field: "credential.recognised.by")
      }
    case .recognitionWithdrawn:
      guard state?.recognisedBy != nil else { return unchanged }
    case .suspended, .reinstated, .revoked: break
    }
    return .record
  }

  private static func checkIssue(
    _ given: CredentialIssued, _ occasion: Occasion, given world: some World
  ) throws(Rejection) {
    if let until = given.validUntil, until < given.validFrom {
      throw Rejection(
        .inconsistent, "It would run out before it is valid.",
        field: "credential.issued.valid_until")
    }
    guard !given.courses.isEmpty || !given.skills.isEmpty else {
      throw Rejection(
        .inconsistent, "A credential names a course or a skill.",
        field: "credential.issued.courses")
    }
    try world.need(.officer, given.holder, "credential.issued.holder")
    try world.need(.organisation, given.issuer, "credential.issued.issuer")
    for course in given.courses {
      try world.need(.course, course, "credential.issued.courses")
    }
    try world.need(given.skills, "credential.issued.skills")
    if let other = world.credential(issuer: given.issuer, number: given.number),
      other != occasion.stream.key
    {
      throw Rejection(
        .alreadyTaken,
        "The number \(given.number) of \(given.issuer.text) is credential \(other.text)'s.",
        field: "credential.issued.number")
    }
    guard world.questionsReferences else { return }
    for (at, id) in given.evidence.enumerated() {
      try checkEvidence(id, of: given.holder, "credential.issued.evidence[\(at)]", given: world)
    }
  }

  private static func checkEvidence(
    _ id: EventID, of holder: Identifier, _ field: String, given world: some World
  ) throws(Rejection) {
    guard let place = world.event(id) else {
      throw Rejection(
        .badEvidence, "There is no event \(id.text): record it first.", field: field)
    }
    // Whoever cites what was corrected cites the correction.
    guard let evidence = world.state(of: place.stream, on: .distantFuture)?.evidence,
      evidence.isCited(by: id)
    else {
      throw Rejection(
        .badEvidence,
        place.stands
          ? "Event \(id.text) of \(place.stream.text) is no standing completion, verification or "
            + "recognition."
          : "Event \(id.text) no longer stands.", field: field,
        inTheWay: place.stands ? nil : place.position)
    }
    guard world.records(ofPersonWith: holder).contains(evidence.officer) else {
      throw Rejection(.badEvidence, "Event \(id.text) is somebody else's.", field: field)
    }
  }

  public static func evolve(
    _ state: Credential?, by event: CredentialEvent, _ occasion: Occasion
  ) -> Credential? {
    let cell = step(state?.status, event)
    guard var next = state else {
      guard case .issued(let given) = event else { return nil }
      return Credential(status: .issued, since: occasion.since, terms: given)
    }
    if cell == .no || cell == .already { return next }
    switch event {
    case .renewed(let given):
      // What had run out is valid again from the renewal, not from the issue.
      if next.status == .issued, let until = next.terms.validUntil,
        until.adding(days: 1) < occasion.effective
      {
        next.since = occasion.since
      }
      next.terms.validUntil = given.validUntil
    case .superseded(let given): next.supersededBy = given.by
    case .recognised(let given):
      next.recognisedBy = given.by
      next.recognised = occasion.since
    case .recognitionWithdrawn:
      next.recognisedBy = nil
      next.recognised = nil
    case .issued, .suspended, .reinstated, .revoked: break
    }
    if case .to(let status) = cell {
      next.status = status
      next.since = occasion.since
    }
    return next
  }
}

extension Credential: StreamRules {
  public static func step(
    _ status: CredentialState?, _ event: CredentialEvent
  ) -> Transition<CredentialState> {
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
    _ event: CredentialEvent, _ metadata: EventMetadata, in state: Credential?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let unchanged = Verdict.unchanged(since: state?.since.position ?? metadata.position)
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "credential", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      if case .superseded(let given) = event {
        try rejectOthers(
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
      try checkIssue(given, metadata, given: context)
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
      if given.by == metadata.stream.key {
        throw Rejection(
          .inconsistent, "A credential cannot supersede itself.", field: "credential.superseded.by")
      }
      try context.need(.credential, given.by, "credential.superseded.by")
    case .recognised(let given):
      if state?.recognisedBy == given.by {
        return .unchanged(since: state?.recognised?.position ?? metadata.position)
      }
      try context.need(.organisation, given.by, "credential.recognised.by")
      if context.checksReferences,
        context.organisation(given.by, on: metadata.effective)?.roles.contains(.ministry) != true
      {
        throw Rejection(
          .inconsistent,
          "\(given.by.text) was no ministry on \(metadata.effective.text): only a ministry "
            + "recognises credentials.", field: "credential.recognised.by")
      }
    case .recognitionWithdrawn:
      guard state?.recognisedBy != nil else { return unchanged }
    case .suspended, .reinstated, .revoked: break
    }
    return .record
  }

  private static func checkIssue(
    _ given: CredentialIssued, _ metadata: EventMetadata, given context: some DecisionContext
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
    try context.need(.officer, given.holder, "credential.issued.holder")
    try context.need(.organisation, given.issuer, "credential.issued.issuer")
    for course in given.courses {
      try context.need(.course, course, "credential.issued.courses")
    }
    try context.need(given.skills, "credential.issued.skills")
    guard context.checksReferences else { return }
    let own = context.state(of: metadata.stream, on: .distantFuture)?.credential?.terms
    // What is corrected in another way keeps its number, however that was written once.
    if own?.issuer != given.issuer || own?.number != given.number {
      if let problem = NumberSpelling.problem(of: given.number, allowsURI: true) {
        throw Rejection(
          .inconsistent, "The number \"\(given.number)\" \(problem).",
          field: "credential.issued.number")
      }
      try checkNumber(given, of: metadata.stream.key, given: context)
    }
    for (at, id) in given.evidence.enumerated() {
      try checkEvidence(id, of: given.holder, "credential.issued.evidence[\(at)]", given: context)
    }
  }

  /// The certificate's number is no other credential's of the issuer.
  static func checkNumber(
    _ given: CredentialIssued, of key: Identifier, given context: some DecisionContext
  ) throws(Rejection) {
    let others = context.credentials(issuer: given.issuer, number: NumberKey(given.number))
    guard let other = others.first(where: { $0 != key }) else { return }
    let known = context.state(of: StreamID(.credential, other), on: .distantFuture)?.credential
    let written = known?.terms.number
    throw Rejection(
      .alreadyTaken,
      "The number \(given.number) of \(given.issuer.text) is credential \(other.text)'s"
        + (written.map { $0 == given.number ? "" : ", where it is written \($0)" } ?? "") + ".",
      field: "credential.issued.number")
  }

  private static func checkEvidence(
    _ id: EventID, of holder: Identifier, _ field: String, given context: some DecisionContext
  ) throws(Rejection) {
    guard let place = context.event(id) else {
      throw Rejection(
        .badEvidence, "There is no event \(id.text): record it first.", field: field)
    }
    // Whoever cites what was corrected cites the correction.
    guard let evidence = context.state(of: place.stream, on: .distantFuture)?.evidence,
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
    guard context.records(ofPersonWith: holder).contains(evidence.officer) else {
      throw Rejection(.badEvidence, "Event \(id.text) is somebody else's.", field: field)
    }
  }

  public static func evolve(
    _ state: Credential?, by event: CredentialEvent, _ metadata: EventMetadata
  ) -> Credential? {
    let cell = step(state?.status, event)
    guard var next = state else {
      guard case .issued(let given) = event else { return nil }
      return Credential(
        status: .issued, since: metadata.since, terms: given, issuedEvent: metadata.eventID)
    }
    if cell == .no || cell == .already { return next }
    switch event {
    case .renewed(let given):
      // As `decide` has it: what has no end, or a later one, is not renewed. A correction, or one
      // of what came before, may have put the renewal here.
      guard let until = next.terms.validUntil, given.validUntil > until else { return next }
      // What had run out is valid again from the renewal, not from the issue.
      if next.status == .issued, until.adding(days: 1) < metadata.effective {
        next.since = metadata.since
      }
      next.terms.validUntil = given.validUntil
    case .superseded(let given): next.supersededBy = given.by
    case .recognised(let given):
      next.recognisedBy = given.by
      next.recognised = metadata.since
    case .recognitionWithdrawn:
      next.recognisedBy = nil
      next.recognised = nil
    case .issued, .suspended, .reinstated, .revoked: break
    }
    if case .to(let status) = cell {
      next.status = status
      next.since = metadata.since
    }
    return next
  }
}

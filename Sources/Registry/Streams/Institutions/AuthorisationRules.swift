extension Authorisation: StreamRules {
  public static func step(
    _ status: AuthorisationStatus?, _ event: AuthorisationEvent
  ) -> Transition<AuthorisationStatus> {
    switch (status, event) {
    case (nil, .applied): .begins(.applied)
    // Most centres were authorised before there was a registry: nobody has the papers of what led
    // there, so a source vouches for it. An application is the beginning, and needs none.
    case (nil, .inspected): .beginsVouched(.inspected)
    case (nil, .granted): .beginsVouched(.granted)
    case (nil, .notRequired): .begins(.notRequired)
    case (nil, _): .no
    case (.applied, .applied): .stays
    // None is granted without an inspection; one that the law asks for nothing may be told so at
    // once.
    case (.applied, .inspected): .to(.inspected)
    case (.applied, .withdrawn), (.inspected, .withdrawn): .to(.withdrawn)
    case (.applied, .notRequired), (.inspected, .notRequired): .to(.notRequired)
    case (.inspected, .inspected): .stays
    case (.inspected, .granted): .to(.granted)
    case (.applied, _), (.inspected, _): .no
    case (.granted, .scopeChanged), (.granted, .renewed): .stays
    case (.granted, .suspended): .to(.suspended)
    case (.granted, .revoked), (.suspended, .revoked): .to(.revoked)
    case (.granted, .withdrawn), (.suspended, .withdrawn): .to(.withdrawn)
    // Reinstated is what it would be anyway.
    case (.granted, .reinstated): .already
    // Every event is named once with its state, so that a new one does not compile.
    case (.granted, .applied), (.granted, .inspected), (.granted, .granted),
      (.granted, .notRequired):
      .no
    case (.suspended, .suspended): .already
    case (.suspended, .reinstated): .to(.granted)
    // Its dates and its scope go on being decided while it is suspended.
    case (.suspended, .renewed), (.suspended, .scopeChanged): .stays
    case (.suspended, _): .no
    case (.notRequired, .notRequired): .stays
    case (.notRequired, .withdrawn): .to(.withdrawn)
    case (.notRequired, _): .no
    case (.revoked, .revoked): .already
    case (.withdrawn, .withdrawn): .already
    // A centre that lost its authorisation may apply again.
    case (.revoked, .applied), (.withdrawn, .applied): .to(.applied)
    case (.revoked, _), (.withdrawn, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: AuthorisationStatus?) -> [String] {
    switch status {
    case nil: ["applied", "inspected", "granted", "not_required"]
    case .applied: ["inspected", "not_required", "withdrawn"]
    case .inspected: ["granted", "not_required", "withdrawn"]
    case .granted: ["scope_changed", "renewed", "suspended", "revoked", "withdrawn"]
    case .notRequired: ["withdrawn"]
    case .suspended: ["scope_changed", "renewed", "reinstated", "revoked", "withdrawn"]
    case .revoked, .withdrawn: ["applied"]
    }
  }

  public static func decide(
    _ event: AuthorisationEvent, _ metadata: EventMetadata, in state: Authorisation?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let since = state?.since.position ?? metadata.position
    // Before the table, which has no second grant: the same one, from another system, is no news.
    if let state, state.status == .granted, case .granted(let given) = event, state.says(given) {
      return .unchanged(since: since)
    }
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "authorisation", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      return verdict
    }
    // A stream is one centre's, from its first event on; and the centre must be open that day.
    func sameCentre(_ organisation: Identifier?) throws(Rejection) {
      if let known = state?.organisation, let organisation, organisation != known {
        throw Rejection(
          .inconsistent,
          "This authorisation is \(known.text)'s, not \(organisation.text)'s, which needs a stream "
            + "of its own.",
          field: "authorisation.\(event.name).organisation")
      }
      if state?.organisation == nil, organisation == nil {
        throw Rejection(
          .inconsistent, "Name the organisation that is authorised.",
          field: "authorisation.\(event.name).organisation")
      }
      try context.needOpen(
        organisation, on: metadata.effective, "authorisation.\(event.name).organisation")
    }
    switch event {
    case .applied(let given):
      try sameCentre(given.organisation)
      if state?.status == .applied { return .unchanged(since: since) }
    case .inspected(let given):
      try sameCentre(given.organisation)
      if state?.status == .inspected { return .unchanged(since: since) }
    case .granted(let given):
      try sameCentre(given.organisation)
      if let until = given.validUntil, until < given.validFrom {
        throw Rejection(
          .inconsistent, "It would end before it begins.",
          field: "authorisation.granted.valid_until")
      }
      // Without a scope it covers every course.
      try given.scope?.check("granted", given: context)
    case .notRequired(let given):
      try sameCentre(given.organisation)
      if let state, state.status == .notRequired {
        guard given.instrument == nil || given.instrument == state.instrument else {
          throw Rejection(
            .inconsistent,
            "It is not required by \(state.instrument?.text ?? "no instrument that is known"): "
              + "correct the event that said so.", field: "authorisation.not_required.instrument")
        }
        return .unchanged(since: since)
      }
      try context.need(.instrument, given.instrument, "authorisation.not_required.instrument")
    case .scopeChanged(let given):
      if state?.scope == given.scope { return .unchanged(since: since) }
      try given.scope.check("scope_changed", given: context)
    case .renewed(let given):
      guard let until = state?.validUntil else {
        throw Rejection(
          .inconsistent,
          "It was granted without an end, so there is nothing to renew; correct "
            + "`granted` if it has one.", field: "authorisation.renewed.valid_until")
      }
      if until == given.validUntil { return .unchanged(since: since) }
      guard given.validUntil > until else {
        throw Rejection(
          .inconsistent, "It stands until \(until.text) already: a renewal ends later.",
          field: "authorisation.renewed.valid_until")
      }
    case .suspended, .reinstated, .revoked, .withdrawn: break
    }
    return .record
  }

  private func says(_ given: AuthorisationGranted) -> Bool {
    organisation == given.organisation && scope == given.scope && validFrom == given.validFrom
      && validUntil == given.validUntil && certificate == given.certificate
  }

  public static func evolve(
    _ state: Authorisation?, by event: AuthorisationEvent, _ metadata: EventMetadata
  ) -> Authorisation? {
    let cell = step(state?.status, event)
    if cell == .no { return state }
    guard let status = cell.target(from: state?.status) else { return state }
    var next = state ?? Authorisation(status: status, since: metadata.since)
    switch event {
    case .applied(let given):
      // After a revocation nothing of what was granted before applies.
      next = Authorisation(
        status: next.status, since: next.since, organisation: given.organisation)
    case .inspected(let given): next.organisation = given.organisation ?? next.organisation
    case .granted(let given):
      next.organisation = given.organisation
      next.scope = given.scope
      next.validFrom = given.validFrom
      next.validUntil = given.validUntil
      next.certificate = given.certificate
    case .notRequired(let given):
      next.organisation = given.organisation
      next.instrument = given.instrument ?? next.instrument
    // From this day on: trainings of before are judged by what was covered then.
    case .scopeChanged(let given): next.scope = given.scope
    case .renewed(let given): next.validUntil = given.validUntil
    case .suspended, .reinstated, .revoked, .withdrawn: break
    }
    if next.status != status {
      next.status = status
      next.since = metadata.since
    }
    return next
  }

  /// Whether the authorisation stands on a day; the state is the one of that day.
  public func stands(on day: Day) -> Bool {
    switch status {
    case .notRequired: true
    case .granted:
      (validFrom ?? .distantPast) <= day && day <= (validUntil ?? .distantFuture)
    case .applied, .inspected, .suspended, .revoked, .withdrawn: false
    }
  }

  /// Whether a training by an edition of a course on a day was authorised; the state is the one
  /// of that day. An empty list in the scope restricts nothing.
  public func covers(_ course: Identifier, _ edition: CoursePublished, on day: Day) -> Bool {
    guard stands(on: day) else { return false }
    guard status == .granted, let scope else { return true }
    if !scope.courses.isEmpty, !scope.courses.contains(course) { return false }
    if !scope.tracks.isEmpty, !scope.tracks.contains(edition.track) { return false }
    if scope.maxLevel != 0, edition.level > scope.maxLevel { return false }
    guard !scope.skills.isEmpty else { return true }
    // A course that says of no skill what it teaches cannot be among the skills.
    return !edition.outcomes.isEmpty
      && edition.outcomes.allSatisfy { outcome in
        scope.skills.contains {
          $0.framework == outcome.framework && $0.skill == outcome.skill
            && $0.level >= outcome.level
        }
      }
  }
}

extension Scope {
  fileprivate func check(_ event: String, given context: some DecisionContext) throws(Rejection) {
    for course in courses {
      try context.need(.course, course, "authorisation.\(event).scope.courses")
    }
    try context.need(skills, "authorisation.\(event).scope.skills")
  }
}

extension AuthorisationEvent {
  /// The organisation that the event names, if any.
  public var organisation: Identifier? {
    switch self {
    case .applied(let given): given.organisation
    case .inspected(let given): given.organisation
    case .granted(let given): given.organisation
    case .notRequired(let given): given.organisation
    case .scopeChanged, .renewed, .suspended, .reinstated, .revoked, .withdrawn: nil
    }
  }
}

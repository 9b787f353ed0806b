extension Authorisation: StreamRules {
  public static func step(
    _ status: AuthorisationStatus?, _ event: AuthorisationEvent
  ) -> Step<AuthorisationStatus> {
    switch (status, event) {
    case (nil, .applied): .begins(.applied)
    case (nil, .inspected): .beginsVouched(.inspected)
    case (nil, .granted): .beginsVouched(.granted)
    case (nil, .notRequired): .begins(.notRequired)
    case (nil, _): .no
    case (.applied, .applied): .already
    case (.applied, .inspected): .to(.inspected)
    case (.applied, .withdrawn), (.inspected, .withdrawn): .to(.withdrawn)
    case (.applied, .notRequired), (.inspected, .notRequired): .to(.notRequired)
    case (.inspected, .inspected): .already
    case (.inspected, .granted): .to(.granted)
    case (.applied, _), (.inspected, _): .no
    case (.granted, .scopeChanged), (.granted, .renewed): .stays
    case (.granted, .suspended): .to(.suspended)
    case (.granted, .revoked), (.suspended, .revoked): .to(.revoked)
    case (.granted, .withdrawn), (.suspended, .withdrawn): .to(.withdrawn)
    case (.granted, .reinstated): .already
    case (.granted, _): .no
    case (.suspended, .suspended): .already
    case (.suspended, .reinstated): .to(.granted)
    case (.suspended, .renewed), (.suspended, .scopeChanged): .stays
    case (.suspended, _): .no
    case (.notRequired, .notRequired): .already
    case (.notRequired, .withdrawn): .to(.withdrawn)
    case (.notRequired, _): .no
    case (.revoked, .revoked): .already
    case (.withdrawn, .withdrawn): .already
    // A centre that lost its authorisation may apply again.
    case (.revoked, .applied), (.withdrawn, .applied): .to(.applied)
    case (.revoked, _), (.withdrawn, _): .no
    }
  }

  public static func decide(
    _ event: AuthorisationEvent, _ occasion: Occasion, in state: Authorisation?,
    given world: some World
  ) throws(Rejection) -> Verdict {
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "authorisation", in: state?.status.name, since: state?.since, occasion)
    {
      return verdict
    }
    func sameCentre(_ organisation: Identifier?) throws(Rejection) {
      if let known = state?.organisation, let organisation, organisation != known {
        throw Rejection(
          .inconsistent, "This authorisation is \(known.text)'s, not \(organisation.text)'s.",
          field: "authorisation.\(event.name).organisation")
      }
      if state?.organisation == nil, organisation == nil {
        throw Rejection(
          .inconsistent, "Name the organisation that is authorised.",
          field: "authorisation.\(event.name).organisation")
      }
      try world.need(.organisation, organisation, "authorisation.\(event.name).organisation")
    }
    switch event {
    case .applied(let given): try sameCentre(given.organisation)
    case .inspected(let given): try sameCentre(given.organisation)
    case .granted(let given):
      try sameCentre(given.organisation)
      if let until = given.validUntil, until < given.validFrom {
        throw Rejection(
          .inconsistent, "It would end before it begins.",
          field: "authorisation.granted.valid_until")
      }
      for course in given.scope?.courses ?? [] {
        try world.need(.course, course, "authorisation.granted.scope.courses")
      }
      try world.need(given.scope?.skills ?? [], "authorisation.granted.scope.skills")
    case .notRequired(let given):
      try sameCentre(given.organisation)
      try world.need(.instrument, given.instrument, "authorisation.not_required.instrument")
    case .scopeChanged(let given):
      if let state, state.scope == given.scope {
        return .unchanged(since: state.since.position)
      }
      for course in given.scope.courses {
        try world.need(.course, course, "authorisation.scope_changed.scope.courses")
      }
    case .renewed(let given):
      if let state, let until = state.validUntil {
        if until == given.validUntil { return .unchanged(since: state.since.position) }
        guard given.validUntil > until else {
          throw Rejection(
            .inconsistent, "It stands until \(until.text) already.",
            field: "authorisation.renewed.valid_until")
        }
      }
    case .suspended, .reinstated, .revoked, .withdrawn: break
    }
    return .record
  }

  public static func evolve(
    _ state: Authorisation?, by event: AuthorisationEvent, _ occasion: Occasion
  ) -> Authorisation? {
    let cell = step(state?.status, event)
    if cell == .no { return state }
    guard let status = cell.target(from: state?.status) else { return state }
    var next = state ?? Authorisation(status: status, since: occasion.since)
    switch event {
    case .applied(let given): next.organisation = given.organisation
    case .inspected(let given): next.organisation = given.organisation ?? next.organisation
    case .granted(let given):
      next.organisation = given.organisation
      next.scope = given.scope
      next.validFrom = given.validFrom
      next.validUntil = given.validUntil
      next.certificate = given.certificate
    case .notRequired(let given):
      next.organisation = given.organisation
      next.instrument = given.instrument
    case .scopeChanged(let given): next.scope = given.scope
    case .renewed(let given): next.validUntil = given.validUntil
    case .suspended, .reinstated, .revoked, .withdrawn: break
    }
    if next.status != status {
      next.status = status
      next.since = occasion.since
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
    return edition.outcomes.allSatisfy { outcome in
      scope.skills.contains {
        $0.framework == outcome.framework && $0.skill == outcome.skill
          && $0.level >= outcome.level
      }
    }
  }
}

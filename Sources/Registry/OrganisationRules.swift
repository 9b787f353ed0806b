extension Organisation: StreamRules {
  public static func step(
    _ status: OrganisationStatus?, _ event: OrganisationEvent
  ) -> Step<OrganisationStatus> {
    switch (status, event) {
    case (nil, .registered): .begins(.active)
    case (nil, _): .no
    case (.active, .registered): .no
    case (.active, .roleAdded), (.active, .roleEnded), (.active, .renamed),
      (.active, .movedUnder):
      .stays
    case (.active, .mergedInto): .to(.merged)
    case (.active, .splitInto): .to(.split)
    case (.active, .closed): .to(.closed)
    case (.closed, .closed): .already
    case (.merged, _), (.split, _), (.closed, _): .no
    }
  }

  /// Organisations under organisations, at most.
  public static let depthMax = 64

  public static func decide(
    _ event: OrganisationEvent, _ occasion: Occasion, in state: Organisation?,
    given world: some World
  ) throws(Rejection) -> Verdict {
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "organisation", in: state?.status.name, since: state?.since, occasion)
    {
      return verdict
    }
    let since = state?.since.position ?? occasion.position
    switch event {
    case .registered(let given):
      try world.need(.organisation, given.parent, "organisation.registered.parent")
    case .roleAdded(let given):
      if state?.roles.contains(given.role) == true { return .unchanged(since: since) }
    case .roleEnded(let given):
      guard state?.roles.contains(given.role) == true else { return .unchanged(since: since) }
    case .renamed(let given):
      if state?.name == given.name { return .unchanged(since: since) }
    case .movedUnder(let given):
      if state?.parent == given.parent { return .unchanged(since: since) }
      try world.need(.organisation, given.parent, "organisation.moved_under.parent")
      try checkNoCycle(occasion, under: given.parent, given: world)
    case .mergedInto(let given):
      try world.need(.organisation, given.organisation, "organisation.merged_into.organisation")
    case .splitInto(let given):
      guard given.organisations.count >= 2 else {
        throw Rejection(
          .inconsistent, "A split names at least two organisations.",
          field: "organisation.split_into.organisations")
      }
      for organisation in given.organisations {
        try world.need(.organisation, organisation, "organisation.split_into.organisations")
      }
    case .closed: break
    }
    return .record
  }

  /// Rejects a parent that stands under the organisation itself.
  private static func checkNoCycle(
    _ occasion: Occasion, under parent: Identifier, given world: some World
  ) throws(Rejection) {
    let own = occasion.stream.key
    var above: Identifier? = parent
    for _ in 0..<depthMax {
      guard let current = above else { return }
      if current == own {
        throw Rejection(
          .inconsistent, "\(own.text) would stand under itself.",
          field: "organisation.moved_under.parent")
      }
      above = world.organisation(current, on: occasion.effective)?.parent
    }
    throw Rejection(
      .inconsistent, "Organisations stand at most \(depthMax) deep.",
      field: "organisation.moved_under.parent")
  }

  public static func evolve(
    _ state: Organisation?, by event: OrganisationEvent, _ occasion: Occasion
  ) -> Organisation? {
    let cell = step(state?.status, event)
    guard var next = state else {
      guard case .registered(let given) = event else { return nil }
      return Organisation(
        status: .active, since: occasion.since, name: given.name, roles: given.roles,
        parent: given.parent, county: given.county)
    }
    if cell == .no { return next }
    switch event {
    case .registered: break
    case .roleAdded(let given):
      if !next.roles.contains(given.role) { next.roles.append(given.role) }
    case .roleEnded(let given): next.roles.removeAll { $0 == given.role }
    case .renamed(let given): next.name = given.name
    case .movedUnder(let given): next.parent = given.parent
    case .mergedInto(let given): next.successors = [given.organisation]
    case .splitInto(let given): next.successors = given.organisations
    case .closed: break
    }
    if case .to(let status) = cell {
      next.status = status
      next.since = occasion.since
    }
    return next
  }
}

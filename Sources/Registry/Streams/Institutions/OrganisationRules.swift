extension Organisation: StreamRules {
  public static func step(
    _ status: OrganisationStatus?, _ event: OrganisationEvent
  ) -> Transition<OrganisationStatus> {
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

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: OrganisationStatus?) -> [String] {
    switch status {
    case nil: ["registered"]
    case .active:
      [
        "role_added", "role_ended", "renamed", "moved_under", "merged_into", "split_into", "closed",
      ]
    case .merged, .split, .closed: []
    }
  }

  /// Organisations above an organisation, at most.
  public static let depthMax = 64

  public static func decide(
    _ event: OrganisationEvent, _ metadata: EventMetadata, in state: Organisation?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let since = state?.since.position ?? metadata.position
    if let state, state.isSaid(by: event) { return .unchanged(since: since) }
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "organisation", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      return verdict
    }
    let own = metadata.stream.key
    let day = metadata.effective
    switch event {
    case .registered(let given):
      guard let parent = given.parent else { break }
      try checkNoCycle(metadata, of: state, under: parent, "registered", given: context)
      try context.needOpen(parent, on: day, "organisation.registered.parent")
    case .roleAdded(let given):
      if state?.roles.contains(given.role) == true { return .unchanged(since: since) }
    case .roleEnded(let given):
      guard state?.roles.contains(given.role) == true else { return .unchanged(since: since) }
    case .renamed(let given):
      if state?.name == given.name { return .unchanged(since: since) }
    case .movedUnder(let given):
      if state?.parent == given.parent { return .unchanged(since: since) }
      try checkNoCycle(metadata, of: state, under: given.parent, "moved_under", given: context)
      try context.needOpen(given.parent, on: day, "organisation.moved_under.parent")
    case .mergedInto(let given):
      guard given.organisation != own else {
        throw Rejection(
          .inconsistent, "An organisation cannot be merged into itself.",
          field: "organisation.merged_into.organisation")
      }
      try context.needOpen(
        given.organisation, on: day, "organisation.merged_into.organisation")
    case .splitInto(let given):
      let field = "organisation.split_into.organisations"
      guard Set(given.organisations).count == given.organisations.count,
        given.organisations.count >= 2, !given.organisations.contains(own)
      else {
        throw Rejection(
          .inconsistent, "A split names at least two other organisations, each once.",
          field: field)
      }
      for organisation in given.organisations {
        try context.needOpen(organisation, on: day, field)
      }
    case .closed: break
    }
    return .record
  }

  /// What an ended or a registered organisation says again of itself is no contradiction.
  private func isSaid(by event: OrganisationEvent) -> Bool {
    switch (status, event) {
    case (.active, .registered(let given)):
      name == given.name && Set(roles) == Set(given.roles) && parent == given.parent
        && county == given.county
    case (.merged, .mergedInto(let given)): successors == [given.organisation]
    case (.split, .splitInto(let given)): Set(successors) == Set(given.organisations)
    case (_, .registered), (_, .mergedInto), (_, .splitInto), (_, .roleAdded), (_, .roleEnded),
      (_, .renamed), (_, .movedUnder), (_, .closed):
      false
    }
  }

  /// Rejects a parent that stands under the organisation itself, on that day or, when nothing
  /// later moves the organisation, by what is known of the days after.
  private static func checkNoCycle(
    _ metadata: EventMetadata, of state: Organisation?, under parent: Identifier, _ event: String,
    given context: some DecisionContext
  ) throws(Rejection) {
    let own = metadata.stream.key
    let field = "organisation.\(event).parent"
    var days = [metadata.effective]
    if context.organisation(own, on: .distantFuture)?.parent == state?.parent {
      days.append(.distantFuture)
    }
    for day in days {
      var above: Identifier? = parent
      var depth = 0
      while let current = above {
        depth += 1
        if current == own {
          throw Rejection(
            .inconsistent,
            "\(own.text) would stand under itself: \(parent.text) is it, or stands "
              + "under it.", field: field)
        }
        guard depth <= depthMax else {
          throw Rejection(
            .inconsistent, "At most \(depthMax) organisations stand above an organisation.",
            field: field)
        }
        above = context.organisation(current, on: day)?.parent
      }
    }
  }

  public static func evolve(
    _ state: Organisation?, by event: OrganisationEvent, _ metadata: EventMetadata
  ) -> Organisation? {
    let cell = step(state?.status, event)
    guard var next = state else {
      guard case .registered(let given) = event else { return nil }
      return Organisation(
        status: .active, since: metadata.since, name: given.name, roles: given.roles,
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
      next.since = metadata.since
    }
    return next
  }
}

extension Officer: StreamRules {
  public static func step(_ status: OfficerStatus?, _ event: OfficerEvent) -> Step<OfficerStatus> {
    switch (status, event) {
    case (nil, .registered): .begins(.active)
    case (nil, _): .no
    case (_, .registered): .no

    case (.deceased, .died): .already
    case (.deceased, .identifierEnded): .stays
    case (.deceased, _): .no
    case (_, .died): .to(.deceased)
    case (_, .identifierAdded), (_, .identifierEnded): .stays

    case (.separated, .returned): .to(.active)
    case (.separated, .separated): .already
    case (.separated, _): .no
    case (_, .returned): .no
    case (_, .separated): .to(.separated)

    case (.suspended, .reinstated): .to(.active)
    case (.suspended, .suspended): .already
    case (.suspended, .posted), (.suspended, .promoted): .stays
    case (.suspended, _): .no
    case (_, .suspended): .to(.suspended)
    case (_, .reinstated): .no

    case (.onLeave, .leaveEnded): .to(.active)
    case (.onLeave, .leaveStarted): .already
    case (.onLeave, .posted), (.onLeave, .promoted): .stays
    case (.onLeave, _): .no
    case (_, .leaveStarted): .to(.onLeave)
    case (_, .leaveEnded): .no

    case (.seconded, .secondmentEnded): .to(.active)
    case (.seconded, .seconded): .stays
    case (.seconded, .posted): .to(.active)
    case (.seconded, .promoted): .stays
    case (.seconded, .actingStarted), (.seconded, .actingEnded): .no

    case (.acting, .actingEnded): .to(.active)
    case (.acting, .actingStarted), (.acting, .promoted): .stays
    case (.acting, .posted): .to(.active)
    case (.acting, .seconded): .to(.seconded)
    case (.acting, .secondmentEnded): .no

    case (.active, .posted), (.active, .promoted): .stays
    case (.active, .actingStarted): .to(.acting)
    case (.active, .seconded): .to(.seconded)
    case (.active, .actingEnded), (.active, .secondmentEnded): .no
    }
  }

  public static func decide(
    _ event: OfficerEvent, _ occasion: Occasion, in state: Officer?, given world: some World
  ) throws(Rejection) -> Verdict {
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "officer", in: state?.status.name, since: state?.since, occasion)
    {
      return verdict
    }
    switch event {
    case .registered(let given):
      try world.need(
        .organisation, given.posting?.organisation, "officer.registered.posting.organisation")
    case .posted(let given):
      if let state, state.posting == given.posting, state.status == .active {
        return .unchanged(since: state.posted?.position ?? state.since.position)
      }
      try world.need(
        .organisation, given.posting.organisation, "officer.posted.posting.organisation")
    case .actingStarted(let given):
      if let state, state.status == .acting, state.actingAs == given.position {
        return .unchanged(since: state.since.position)
      }
      try world.need(.organisation, given.organisation, "officer.acting_started.organisation")
    case .promoted(let given):
      if let state, state.posting?.grade == given.grade,
        given.position == nil || given.position == state.posting?.position,
        given.cadre == nil || given.cadre == state.posting?.cadre
      {
        return .unchanged(since: state.posted?.position ?? state.since.position)
      }
      guard state?.posting != nil else {
        throw Rejection(
          .notInStream, "The officer has no posting to be promoted in: record `posted` first.")
      }
    case .seconded(let given):
      if let state, state.secondedTo == given.organisation {
        return .unchanged(since: state.since.position)
      }
      try world.need(.organisation, given.organisation, "officer.seconded.organisation")
    case .returned(let given):
      try world.need(
        .organisation, given.posting?.organisation, "officer.returned.posting.organisation")
    case .identifierEnded(let given):
      guard state?.schemes.contains(given.scheme) == true else {
        throw Rejection(
          .notInStream, "The officer has no identifier of \(given.scheme.text).",
          field: "officer.identifier_ended.scheme")
      }
    case .identifierAdded, .actingEnded, .secondmentEnded, .leaveStarted, .leaveEnded, .suspended,
      .reinstated, .separated, .died:
      break
    }
    return .record
  }

  public static func evolve(
    _ state: Officer?, by event: OfficerEvent, _ occasion: Occasion
  ) -> Officer? {
    let cell = step(state?.status, event)
    guard var next = state else {
      guard case .registered(let given) = event else { return nil }
      return Officer(
        status: .active, since: occasion.since, posting: given.posting,
        posted: given.posting.map { _ in occasion.since })
    }
    if cell == .no { return next }
    let before = next.status
    switch event {
    case .posted(let given):
      next.posting = given.posting
      next.posted = occasion.since
      (next.actingAs, next.secondedTo) = (nil, nil)
    case .promoted(let given):
      next.posting?.grade = given.grade
      if let position = given.position { next.posting?.position = position }
      if let cadre = given.cadre { next.posting?.cadre = cadre }
      next.posted = occasion.since
    case .returned(let given):
      if let posting = given.posting {
        next.posting = posting
        next.posted = occasion.since
      }
    case .actingStarted(let given): next.actingAs = given.position
    case .actingEnded: next.actingAs = nil
    case .seconded(let given):
      next.secondedTo = given.organisation
      next.actingAs = nil
    case .secondmentEnded: next.secondedTo = nil
    case .identifierAdded(let given):
      if !next.schemes.contains(given.scheme) { next.schemes.append(given.scheme) }
    case .identifierEnded(let given): next.schemes.removeAll { $0 == given.scheme }
    case .separated, .died: (next.actingAs, next.secondedTo) = (nil, nil)
    case .registered, .leaveStarted, .leaveEnded, .suspended, .reinstated: break
    }
    guard case .to(let status) = cell else { return next }
    next.since = occasion.since
    switch event {
    case .suspended, .leaveStarted:
      // A suspension within a leave returns to the leave.
      next.underlying = before == .suspended ? next.underlying : before
      if before == .onLeave, status == .suspended { next.underlying = .onLeave }
      next.status = status
    case .reinstated, .leaveEnded:
      let back = next.underlying ?? .active
      next.status = back == .onLeave && event.name == "leave_ended" ? .active : back
      next.underlying = nil
    default:
      next.status = status
      next.underlying = nil
    }
    return next
  }
}

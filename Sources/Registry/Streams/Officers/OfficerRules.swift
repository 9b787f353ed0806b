extension Officer: StreamRules {
  public static func step(_ status: OfficerStatus?, _ event: OfficerEvent) -> Transition<
    OfficerStatus
  > {
    switch (status, event) {
    case (nil, .registered): .begins(.active)
    case (nil, _): .no
    case (_, .registered): .no

    // What concerns a merged record is recorded of the survivor.
    case (.merged, .mergeReversed): .returns(orTo: .active)
    case (.merged, .mergedInto): .already
    case (.merged, .identifierEnded): .stays
    case (.merged, _): .no
    case (_, .mergedInto): .to(.merged)
    case (_, .mergeReversed): .no

    // Numbers end after a death, and a duplicate is merged after one; nothing else happens.
    case (.deceased, .died): .already
    case (.deceased, .identifierEnded): .stays
    case (.deceased, _): .no
    case (_, .died): .to(.deceased)
    // A number is a fact of its own: it changes nothing of the service.
    case (_, .identifierAdded), (_, .identifierEnded): .stays

    // Who has left is neither posted nor promoted: `returned` comes first.
    case (.separated, .returned): .to(.active)
    case (.separated, .separated): .already
    case (.separated, _): .no
    case (_, .returned): .no
    case (_, .separated): .to(.separated)

    case (.suspended, .reinstated): .returns(orTo: .active)
    case (.suspended, .suspended): .already
    // Decisions about a post go on while somebody is suspended; leave is not taken from a
    // suspension.
    case (.suspended, .posted), (.suspended, .promoted): .stays
    // What somebody was before may end while they are suspended or on leave.
    case (.suspended, .actingEnded), (.suspended, .secondmentEnded), (.suspended, .leaveEnded):
      .stays
    case (.suspended, _): .no
    case (_, .suspended): .to(.suspended)
    case (_, .reinstated): .no

    case (.onLeave, .leaveEnded): .returns(orTo: .active)
    case (.onLeave, .leaveStarted): .already
    case (.onLeave, .posted), (.onLeave, .promoted), (.onLeave, .actingEnded),
      (.onLeave, .secondmentEnded):
      .stays
    case (.onLeave, _): .no
    case (_, .leaveStarted): .to(.onLeave)
    case (_, .leaveEnded): .no

    // A secondment to another organisation takes the place of the first. A posting ends it: both
    // say where the officer serves, and the later one holds.
    case (.seconded, .secondmentEnded): .to(.active)
    case (.seconded, .seconded): .stays
    case (.seconded, .posted): .to(.active)
    case (.seconded, .promoted): .stays
    case (.seconded, .actingStarted), (.seconded, .actingEnded): .no

    // As with secondments; who is seconded acts for nobody at home.
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

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: OfficerStatus?) -> [String] {
    switch status {
    case nil: ["registered"]
    case .active:
      ["posted", "acting_started", "promoted", "seconded", "leave_started"] + anyTime
    case .acting:
      ["posted", "acting_started", "acting_ended", "promoted", "seconded", "leave_started"]
        + anyTime
    case .seconded:
      ["posted", "promoted", "seconded", "secondment_ended", "leave_started"] + anyTime
    case .onLeave:
      ["posted", "acting_ended", "promoted", "secondment_ended", "leave_ended"] + anyTime
    case .suspended:
      ["posted", "acting_ended", "promoted", "secondment_ended", "leave_ended", "reinstated"]
        + anyTime.filter { $0 != "suspended" }
    case .separated:
      ["returned", "identifier_added", "identifier_ended", "died", "merged_into"]
    case .deceased: ["identifier_ended", "merged_into"]
    case .merged: ["merge_reversed", "identifier_ended"]
    }
  }
  private static var anyTime: [String] {
    ["identifier_added", "identifier_ended", "suspended", "separated", "died", "merged_into"]
  }

  public static func decide(
    _ event: OfficerEvent, _ metadata: EventMetadata, in state: Officer?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "officer", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      // `already` by the table, and yet another claim: a record has one survivor.
      if case .mergedInto(let given) = event, given.officer != state?.mergedInto {
        throw Rejection(
          .illegalTransition,
          "The record was merged into \(state?.mergedInto?.text ?? "another") already: reverse that "
            + "merge first.", field: "officer.merged_into.officer",
          inTheWay: state?.since.position)
      }
      return verdict
    }
    let day = metadata.effective
    switch event {
    case .mergedInto(let given): try checkMerge(given.officer, metadata, given: context)
    case .mergeReversed(let given):
      try checkReversal(given, metadata, of: state?.mergedInto, given: context)
    case .registered(let given):
      try context.needOpen(
        given.posting?.organisation, on: day, "officer.registered.posting.organisation")
      try context.needCategory(of: given.posting, "officer.registered.posting")
    case .posted(let given):
      // Said again it is no news; from an acting appointment or a secondment it is, since it ends
      // them.
      if let state, state.posting == given.posting, state.appointment == .active {
        return .unchanged(since: state.posted?.position ?? state.since.position)
      }
      try context.needOpen(
        given.posting.organisation, on: day, "officer.posted.posting.organisation")
      try context.needCategory(of: given.posting, "officer.posted.posting")
    case .actingStarted(let given):
      if let state, state.status == .acting, state.actingAs == given.position {
        return .unchanged(since: state.since.position)
      }
      try context.needOpen(
        given.organisation, on: day, "officer.acting_started.organisation")
    case .promoted(let given):
      if let state, state.posting?.grade == given.grade,
        given.position == nil || given.position == state.posting?.position,
        given.cadre == nil || given.cadre == state.posting?.cadre
      {
        return .unchanged(since: state.posted?.position ?? state.since.position)
      }
      // There would be no grade to change, and nobody would know where it was.
      guard state?.posting != nil else {
        throw Rejection(
          .notInStream, "The officer has no posting to be promoted in: record `posted` first.")
      }
    case .seconded(let given):
      if let state, state.secondedTo == given.organisation {
        return .unchanged(since: state.since.position)
      }
      try context.needOpen(given.organisation, on: day, "officer.seconded.organisation")
    case .returned(let given):
      try context.needOpen(
        given.posting?.organisation, on: day, "officer.returned.posting.organisation")
      try context.needCategory(of: given.posting, "officer.returned.posting")
    case .actingEnded:
      guard state?.actingAs != nil else {
        throw Rejection(
          .notInStream, "The officer holds no acting appointment on \(day.text) that could end.")
      }
    case .secondmentEnded:
      guard state?.secondedTo != nil else {
        throw Rejection(
          .notInStream, "The officer is not seconded on \(day.text), so nothing can end.")
      }
    case .leaveEnded:
      guard state?.status == .onLeave || state?.underlying == .onLeave else {
        throw Rejection(
          .notInStream, "The officer was not on leave when suspended, so no leave can end.")
      }
    // The values are known to the vault alone: whether there is one to end, and whether one is
    // taken, is decided where their keyed hashes are.
    case .identifierAdded, .identifierEnded: break
    case .leaveStarted, .suspended, .reinstated, .separated, .died: break
    }
    return .record
  }

  /// What the officer is but for a leave or a suspension.
  var appointment: OfficerStatus {
    if secondedTo != nil { return .seconded }
    return actingAs != nil ? .acting : .active
  }

  public static func evolve(
    _ state: Officer?, by event: OfficerEvent, _ metadata: EventMetadata
  ) -> Officer? {
    let cell = step(state?.status, event)
    guard var next = state else {
      guard case .registered(let given) = event else { return nil }
      return Officer(
        status: .active, since: metadata.since, posting: given.posting,
        posted: given.posting.map { _ in metadata.since },
        spans: [
          PostingSpan(from: metadata.effective, status: .active, posting: given.posting)
        ])
    }
    if cell == .no || cell == .already { return next }
    let before = next.status
    switch event {
    case .posted(let given):
      next.posting = given.posting
      next.posted = metadata.since
      // A posting ends what was for a time.
      (next.actingAs, next.secondedTo) = (nil, nil)
    case .promoted(let given):
      next.posting?.grade = given.grade
      if let position = given.position { next.posting?.position = position }
      if let cadre = given.cadre { next.posting?.cadre = cadre }
      next.posted = metadata.since
    case .returned(let given):
      if let posting = given.posting {
        next.posting = posting
        next.posted = metadata.since
      }
    case .actingStarted(let given): next.actingAs = given.position
    case .actingEnded: next.actingAs = nil
    case .seconded(let given):
      next.secondedTo = given.organisation
      next.actingAs = nil
    case .secondmentEnded: next.secondedTo = nil
    case .identifierAdded(let given):
      // Only that there is one of the scheme: the value is sealed, and known by its keyed hash.
      if !next.schemes.contains(given.scheme) { next.schemes.append(given.scheme) }
    // Whether others of the scheme stand is known where the values are.
    case .identifierEnded(let given) where given.valueOnly: break
    case .identifierEnded(let given): next.schemes.removeAll { $0 == given.scheme }
    case .separated, .died: (next.actingAs, next.secondedTo) = (nil, nil)
    case .mergedInto(let given):
      next.mergedInto = given.officer
      // What the record goes back to, should the merge be reversed.
      next.beforeMerge = before
    case .mergeReversed(let given):
      if let survivor = next.mergedInto {
        // Which later events stay with whom: the latest reversal of a merge says.
        next.partings.removeAll { $0.survivor == survivor }
        next.partings.append(
          Parting(survivor: survivor, toThis: given.toThis, toSurvivor: given.toSurvivor))
      }
      next.mergedInto = nil
    case .registered, .leaveStarted, .leaveEnded, .suspended, .reinstated: break
    }
    switch (cell, event) {
    case (.to(let status), .mergedInto): next.status = status
    case (.returns(let otherwise), .mergeReversed):
      next.status = next.beforeMerge ?? otherwise
      next.beforeMerge = nil
    case (.to(let status), .suspended), (.to(let status), .leaveStarted):
      (next.status, next.underlying) = (status, before)
    case (.returns, .reinstated) where next.underlying == .onLeave:
      (next.status, next.underlying) = (.onLeave, next.appointment)
    case (.returns, _):
      (next.status, next.underlying) = (next.appointment, nil)
    case (.to(let status), _), (.begins(let status), _), (.beginsVouched(let status), _):
      (next.status, next.underlying) = (status, nil)
    case (.stays, .leaveEnded): next.underlying = next.appointment
    case (.stays, _), (.already, _), (.no, _):
      // A posting, or the end of an acting appointment, while suspended or on leave.
      if let underlying = next.underlying, underlying != .onLeave {
        next.underlying = next.appointment
      }
    }
    if next.status != before { next.since = metadata.since }
    next.note(metadata.effective)
    return next
  }
}

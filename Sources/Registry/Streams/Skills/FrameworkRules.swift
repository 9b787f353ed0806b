extension Framework: StreamRules {
  public static func step(
    _ status: FrameworkStatus?, _ event: FrameworkEvent
  ) -> Transition<FrameworkStatus> {
    switch (status, event) {
    case (nil, .published): .begins(.current)
    case (nil, _): .no
    case (.current, .published): .no
    case (.current, .skillAdded), (.current, .skillDeprecated), (.current, .skillReplaced),
      (.current, .crosswalkAsserted), (.current, .crosswalkWithdrawn):
      .stays
    case (.current, .retired): .to(.retired)
    case (.retired, .retired): .already
    case (.retired, .crosswalkAsserted), (.retired, .crosswalkWithdrawn): .stays
    case (.retired, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: FrameworkStatus?) -> [String] {
    switch status {
    case nil: ["published"]
    case .current:
      [
        "skill_added", "skill_deprecated", "skill_replaced", "crosswalk_asserted",
        "crosswalk_withdrawn", "retired",
      ]
    case .retired: ["crosswalk_asserted", "crosswalk_withdrawn"]
    }
  }

  public static func decide(
    _ event: FrameworkEvent, _ metadata: EventMetadata, in state: Framework?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let since = state?.since.position ?? metadata.position
    if let state, state.status == .current, case .published(let given) = event, state.says(given) {
      return .unchanged(since: since)
    }
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "framework", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      return verdict
    }
    switch event {
    case .published(let given):
      var codes: Set<Identifier> = []
      for (at, skill) in given.skills.enumerated()
      where !codes.insert(skill.code).inserted {
        throw Rejection(
          .alreadyTaken, "The code \(skill.code.text) is given twice.",
          field: "framework.published.skills[\(at)].code")
      }
    case .skillAdded(let given):
      if let known = state?.skills[given.skill.code] {
        if known.skill == given.skill { return .unchanged(since: since) }
        throw Rejection(
          .alreadyTaken, "The framework has another skill \(given.skill.code.text) already.",
          field: "framework.skill_added.skill.code")
      }
    case .skillDeprecated(let given):
      let known = try skill(given.skill, of: state, "framework.skill_deprecated.skill")
      if known.deprecated { return .unchanged(since: since) }
    case .skillReplaced(let given):
      let known = try skill(given.skill, of: state, "framework.skill_replaced.skill")
      let successor = try skill(given.by, of: state, "framework.skill_replaced.by")
      if known.replacedBy == given.by { return .unchanged(since: since) }
      guard given.by != given.skill else {
        throw Rejection(
          .inconsistent, "A skill cannot replace itself.", field: "framework.skill_replaced.by")
      }
      // This keeps the replacements from going round.
      if let next = successor.replacedBy {
        throw Rejection(
          .inconsistent, "\(given.by.text) was itself replaced by \(next.text): name that one.",
          field: "framework.skill_replaced.by")
      }
    case .crosswalkAsserted(let given):
      let known = try skill(
        given.crosswalk.skill, of: state, "framework.crosswalk_asserted.crosswalk.skill")
      if state?.crosswalks[given.crosswalk.listKey] == given.crosswalk {
        return .unchanged(since: since)
      }
      try given.crosswalk.check(from: known.skill, in: metadata.stream.key, given: context)
      try given.crosswalk.checkOther(given: context)
    case .crosswalkWithdrawn(let given):
      _ = try skill(given.skill, of: state, "framework.crosswalk_withdrawn.skill")
      guard state?.crosswalks[given.crosswalk] != nil else { return .unchanged(since: since) }
    case .retired: break
    }
    return .record
  }

  /// The same edition again: all that it said still stands so.
  private func says(_ given: FrameworkPublished) -> Bool {
    title == given.title && version == given.version && licence == given.licence
      && given.skills.allSatisfy { skills[$0.code]?.skill == $0 }
  }

  private static func skill(
    _ code: Identifier, of state: Framework?, _ field: String
  ) throws(Rejection) -> FrameworkSkill {
    guard let known = state?.skills[code] else {
      throw Rejection(.notInStream, "The framework has no skill \(code.text).", field: field)
    }
    return known
  }

  public static func evolve(
    _ state: Framework?, by event: FrameworkEvent, _ metadata: EventMetadata
  ) -> Framework? {
    let cell = step(state?.status, event)
    guard var next = state else {
      guard case .published(let given) = event else { return nil }
      return Framework(
        status: .current, since: metadata.since, title: given.title, version: given.version,
        licence: given.licence,
        skills: KeyedList(given.skills.lazy.map { FrameworkSkill(skill: $0) }))
    }
    if cell == .no { return next }
    switch event {
    case .published: break
    case .skillAdded(let given):
      if next.skills[given.skill.code] == nil {
        next.skills.put(FrameworkSkill(skill: given.skill))
      }
    case .skillDeprecated(let given):
      next.change(given.skill) { $0.deprecated = true }
    case .skillReplaced(let given):
      next.change(given.skill) {
        $0.deprecated = true
        $0.replacedBy = given.by
      }
    case .crosswalkAsserted(let given):
      next.crosswalks.put(given.crosswalk)
    case .crosswalkWithdrawn(let given): next.crosswalks.remove(given.crosswalk)
    case .retired: break
    }
    if case .to(let status) = cell {
      next.status = status
      next.since = metadata.since
    }
    return next
  }

  private mutating func change(_ code: Identifier, _ change: (inout FrameworkSkill) -> Void) {
    guard var skill = skills[code] else { return }
    change(&skill)
    skills.put(skill)
  }
}

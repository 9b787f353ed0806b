extension Establishment: StreamRules {
  /// A registry is established, and stays so.
  public enum Status: CaseIterable, Sendable {
    case established

    public var name: String { "established" }
  }

  public var status: Status { .established }

  public static func step(_ status: Status?, _ event: RegistryEvent) -> Transition<Status> {
    switch (status, event) {
    case (nil, .established): .begins(.established)
    case (nil, .policyAdopted), (nil, .requirementSet), (nil, .findingSettled),
      (nil, .categoryDefined):
      .no
    // With other terms, it is another registry.
    case (.established, .established): .already
    case (.established, .policyAdopted), (.established, .requirementSet),
      (.established, .findingSettled), (.established, .categoryDefined):
      .stays
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: Status?) -> [String] {
    switch status {
    case nil: ["established"]
    case .established:
      ["policy_adopted", "requirement_set", "finding_settled", "category_defined"]
    }
  }

  public static func decide(
    _ event: RegistryEvent, _ metadata: EventMetadata, in state: Establishment?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    // The first event of the log says whose it is; before it there is nothing to judge by.
    guard let state else {
      let verdict = try step(nil, event).judge(
        event.name, of: "registry", in: nil, since: nil, metadata, following: following(nil))
      // Its days are that zone's: of one that there is not nobody knows when they begin.
      if case .established(let given) = event, context.checksReferences,
        !context.knowsTimeZone(given.timeZone)
      {
        throw Rejection(
          .noSuchReference,
          "There is no time zone \(given.timeZone): give one of the tz database, such as "
            + "Africa/Nairobi.", field: "registry.established.time_zone")
      }
      return verdict ?? .record
    }
    switch event {
    case .established(let given):
      // An agency's set-up may be run again; with other particulars it is another registry's.
      if state.says(given) { return .unchanged(since: state.since.position) }
      throw Rejection(
        .registryNotEstablished,
        "This log is \(state.jurisdiction.text)'s since \(state.since.day.text), with other "
          + "particulars than these. Another jurisdiction keeps a log of its own; a mistake in the "
          + "first event is mended by an event that names it in `corrects`.",
        field: "registry.established")
    case .policyAdopted(let given):
      if state.policy == given {
        return .unchanged(since: state.policySince?.position ?? state.since.position)
      }
      try check(given, after: state.policy)
    case .requirementSet(let given):
      let known = state.requirements[given.whose]?.skills ?? []
      // Their order says nothing.
      if Set(known) == Set(given.skills) { return .unchanged(since: state.since.position) }
      let field = "registry.requirement_set.skills"
      let named = given.skills.map { [$0.framework, $0.skill] }
      guard Set(named).count == named.count else {
        throw Rejection(
          .inconsistent, "A skill is named twice: name each once, at the level that is asked.",
          field: field)
      }
      try context.need(given.skills, field)
    // Whether there is such a finding is looked at where the event's own stream can be read.
    case .findingSettled(let given):
      if let known = state.settled[SettledFinding.ListKey(given.finding, given.event)],
        known.settled == given, known.since.reason == metadata.reason
      {
        return .unchanged(since: known.since.position)
      }
    case .categoryDefined(let given): return try check(given, in: state)
    }
    return .record
  }

  private static func check(
    _ policy: PolicyAdopted, after known: PolicyAdopted?
  ) throws(Rejection) {
    let field = "registry.policy_adopted"
    let last = known?.version ?? SkillPolicy.first.version
    // Every line of a profile names the version that it follows: one number is one policy.
    guard policy.version > last else {
      throw Rejection(
        .inconsistent,
        "Policy \(last) is in force that day: give the next a higher version, or correct the event "
          + "that adopted that one.", field: "\(field).version")
    }
    func once<K: Hashable>(_ keys: [K], _ list: String) throws(Rejection) {
      guard Set(keys).count == keys.count else {
        throw Rejection(
          .inconsistent, "`\(list)` says something of one thing twice: say it once.",
          field: "\(field).\(list)")
      }
    }
    try once(policy.weights.map(\.strength), "weights")
    try once(policy.backings.map(\.backing), "backings")
    try once(policy.passMarks.map(\.mode), "pass_marks")
    try once(policy.findings.map(\.finding), "findings")
    for rule in policy.findings where rule.meaning == .refuse && !rule.finding.showsWhenRecorded {
      throw Rejection(
        .inconsistent,
        "\(rule.finding.name) comes to be after the fact was recorded: it can be flagged or allowed, "
          + "and not refused.", field: "\(field).findings")
    }
  }

  private func says(_ given: RegistryEstablished) -> Bool {
    jurisdiction == given.jurisdiction && timeZone == given.timeZone
      && identifierSchemes == given.identifierSchemes && languages == given.languages
      && name == given.name
  }

  public static func evolve(
    _ state: Establishment?, by event: RegistryEvent, _ metadata: EventMetadata
  ) -> Establishment? {
    guard var next = state else {
      guard case .established(let given) = event else { return nil }
      return Establishment(
        jurisdiction: given.jurisdiction, timeZone: given.timeZone,
        identifierSchemes: given.identifierSchemes, languages: given.languages, name: given.name,
        since: metadata.since)
    }
    switch event {
    case .established: break
    case .policyAdopted(let given):
      next.policy = given
      next.policySince = metadata.since
    case .requirementSet(let given):
      // Nothing is asked any more: kept empty, it would be in each answer for ever.
      if given.skills.isEmpty {
        next.requirements.remove(given.whose)
      } else {
        next.requirements.put(given)
      }
    case .findingSettled(let given):
      next.settled.put(SettledFinding(settled: given, since: metadata.since))
    case .categoryDefined(let given): next.categories.put(given)
    }
    return next
  }

  /// What a posting asks: what its position and its cadre ask, each skill at the higher level.
  public func requirements(of posting: Posting?, position: Identifier? = nil) -> [SkillLevel] {
    let asking = [
      (position ?? posting?.position).map(RequirementSet.Whose.position),
      (posting?.cadre).map(RequirementSet.Whose.cadre),
    ]
    var wanted: [SkillLevel] = []
    for requirement in asking.compactMap({ $0.flatMap { requirements[$0] } }) {
      for skill in requirement.skills {
        if let at = wanted.firstIndex(where: {
          $0.framework == skill.framework && $0.skill == skill.skill
        }) {
          wanted[at].level = max(wanted[at].level, skill.level)
        } else {
          wanted.append(skill)
        }
      }
    }
    return wanted.sorted { ($0.framework, $0.skill) < ($1.framework, $1.skill) }
  }
}

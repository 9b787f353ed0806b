extension Establishment: StreamRules {
  public static func step(_ exists: Bool, _ event: RegistryEvent) -> Step<Bool> {
    switch (exists, event) {
    case (false, .established): .begins(true)
    case (false, .policyAdopted), (false, .requirementSet): .no
    case (true, .established): .no
    case (true, .policyAdopted), (true, .requirementSet): .stays
    }
  }

  public static func decide(
    _ event: RegistryEvent, _ occasion: Occasion, in state: Establishment?,
    given world: some World
  ) throws(Rejection) -> Verdict {
    guard let state else {
      return try step(false, event).judge(
        event.name, of: "registry", in: nil, since: nil, occasion, following: ["established"])
        ?? .record
    }
    switch event {
    case .established(let given):
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
      if state.requirements.contains(given) { return .unchanged(since: state.since.position) }
      if given.skills.isEmpty, !state.requirements.contains(where: { $0.whose == given.whose }) {
        return .unchanged(since: state.since.position)
      }
      try world.need(given.skills, "registry.requirement_set.skills")
    }
    return .record
  }

  private static func check(
    _ policy: PolicyAdopted, after known: PolicyAdopted?
  ) throws(Rejection) {
    let field = "registry.policy_adopted"
    let last = known?.version ?? SkillPolicy.first.version
    guard policy.version > last else {
      throw Rejection(
        .inconsistent, "Policy \(last) is in force that day: the next has a higher version.",
        field: "\(field).version")
    }
    func once<K: Hashable>(_ keys: [K], _ list: String) throws(Rejection) {
      guard Set(keys).count == keys.count else {
        throw Rejection(.inconsistent, "One stands there twice.", field: "\(field).\(list)")
      }
    }
    try once(policy.weights.map(\.strength), "weights")
    try once(policy.backings.map(\.backing), "backings")
    try once(policy.passMarks.map(\.mode), "pass_marks")
  }

  private func says(_ given: RegistryEstablished) -> Bool {
    jurisdiction == given.jurisdiction && timeZone == given.timeZone
      && identifierSchemes == given.identifierSchemes && languages == given.languages
      && name == given.name
  }

  public static func evolve(
    _ state: Establishment?, by event: RegistryEvent, _ occasion: Occasion
  ) -> Establishment? {
    guard var next = state else {
      guard case .established(let given) = event else { return nil }
      return Establishment(
        jurisdiction: given.jurisdiction, timeZone: given.timeZone,
        identifierSchemes: given.identifierSchemes, languages: given.languages, name: given.name,
        since: occasion.since)
    }
    switch event {
    case .established: break
    case .policyAdopted(let given):
      next.policy = given
      next.policySince = occasion.since
    case .requirementSet(let given):
      next.requirements.removeAll { $0.whose == given.whose }
      if !given.skills.isEmpty { next.requirements.append(given) }
    }
    return next
  }

  /// What a posting asks: what its position and its cadre ask, each skill at the higher level.
  public func requirements(of posting: Posting?, position: Identifier? = nil) -> [SkillLevel] {
    var wanted: [SkillLevel] = []
    for requirement in requirements {
      switch requirement.whose {
      case .position(let code): guard code == position ?? posting?.position else { continue }
      case .cadre(let code): guard code == posting?.cadre else { continue }
      }
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

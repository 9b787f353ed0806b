extension Establishment: StreamRules {
  public static func step(_ exists: Bool, _ event: RegistryEvent) -> Step<Bool> {
    switch (exists, event) {
    case (false, .established): .begins(true)
    case (true, .established): .no
    }
  }

  public static func decide(
    _ event: RegistryEvent, _ occasion: Occasion, in state: Establishment?,
    given world: some World
  ) throws(Rejection) -> Verdict {
    if let state, case .established(let given) = event,
      state.jurisdiction == given.jurisdiction, state.timeZone == given.timeZone,
      state.identifierSchemes == given.identifierSchemes, state.languages == given.languages
    {
      return .unchanged(since: state.since.position)
    }
    return try step(state != nil, event)
      .judge(
        event.name, of: "registry", in: state.map { _ in "established" }, since: state?.since,
        occasion) ?? .record
  }

  public static func evolve(
    _ state: Establishment?, by event: RegistryEvent, _ occasion: Occasion
  ) -> Establishment? {
    guard case .established(let given) = event, state == nil else { return state }
    return Establishment(
      jurisdiction: given.jurisdiction, timeZone: given.timeZone,
      identifierSchemes: given.identifierSchemes, languages: given.languages, name: given.name,
      since: occasion.since)
  }
}

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
    guard let state, step(true, event) == .no else { return .record }
    switch event {
    case .established(let given):
      if state.says(given) { return .unchanged(since: state.since.position) }
      throw Rejection(
        .registryNotEstablished,
        "This log is \(state.jurisdiction.text)'s since \(state.since.day.text), with other "
          + "particulars than these. Another jurisdiction keeps a log of its own; a mistake in the "
          + "first event is mended by an event that names it in `corrects`.",
        field: "registry.established")
    }
  }

  private func says(_ given: RegistryEstablished) -> Bool {
    jurisdiction == given.jurisdiction && timeZone == given.timeZone
      && identifierSchemes == given.identifierSchemes && languages == given.languages
      && name == given.name
  }

  public static func evolve(
    _ state: Establishment?, by event: RegistryEvent, _ occasion: Occasion
  ) -> Establishment? {
    guard state == nil else { return state }
    switch event {
    case .established(let given):
      return Establishment(
        jurisdiction: given.jurisdiction, timeZone: given.timeZone,
        identifierSchemes: given.identifierSchemes, languages: given.languages, name: given.name,
        since: occasion.since)
    }
  }
}

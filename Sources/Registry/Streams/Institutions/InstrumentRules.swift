extension Instrument: StreamRules {
  public static func step(
    _ status: InstrumentStatus?, _ event: InstrumentEvent
  ) -> Transition<InstrumentStatus> {
    switch (status, event) {
    case (nil, .issued): .begins(.issued)
    case (nil, _): .no
    case (.issued, .issued), (.inForce, .issued), (.amended, .issued), (.repealed, .issued): .no
    case (.issued, .enteredIntoForce): .to(.inForce)
    case (.inForce, .enteredIntoForce), (.amended, .enteredIntoForce): .already
    // Since the latest amendment.
    case (.inForce, .amended), (.amended, .amended): .to(.amended)
    case (.issued, .repealed), (.inForce, .repealed), (.amended, .repealed): .to(.repealed)
    case (.repealed, .repealed): .already
    case (.issued, .amended), (.repealed, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: InstrumentStatus?) -> [String] {
    switch status {
    case nil: ["issued"]
    case .issued: ["entered_into_force", "repealed"]
    case .inForce, .amended: ["amended", "repealed"]
    case .repealed: []
    }
  }

  public static func decide(
    _ event: InstrumentEvent, _ metadata: EventMetadata, in state: Instrument?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    if let state, case .issued(let given) = event, state.title == given.title,
      state.instrumentKind == given.instrumentKind, state.number == given.number,
      state.issuer == given.issuer
    {
      return .unchanged(since: state.since.position)
    }
    if let verdict = try step(state?.status, event).judge(
      event.name, of: "instrument", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      return verdict
    }
    switch event {
    case .issued(let given):
      try context.needOpen(given.issuer, on: metadata.effective, "instrument.issued.issuer")
    case .amended(let given): try check(given.by, "amended", metadata, given: context)
    case .repealed(let given): try check(given.by, "repealed", metadata, given: context)
    case .enteredIntoForce: break
    }
    return .record
  }

  /// What amends or repeals an instrument is another one.
  private static func check(
    _ by: Identifier?, _ event: String, _ metadata: EventMetadata,
    given context: some DecisionContext
  ) throws(Rejection) {
    guard by != metadata.stream.key else {
      throw Rejection(
        .inconsistent, "An instrument is \(event) by another one, not by itself.",
        field: "instrument.\(event).by")
    }
    try context.need(.instrument, by, "instrument.\(event).by")
  }

  public static func evolve(
    _ state: Instrument?, by event: InstrumentEvent, _ metadata: EventMetadata
  ) -> Instrument? {
    let cell = step(state?.status, event)
    guard var next = state else {
      guard case .issued(let given) = event else { return nil }
      return Instrument(
        status: .issued, since: metadata.since, instrumentKind: given.instrumentKind,
        title: given.title, issuer: given.issuer, number: given.number)
    }
    if case .to(let status) = cell {
      next.status = status
      next.since = metadata.since
    }
    return next
  }

  /// Whether something may rely on it; the state is the one of that day.
  public func mayBeReliedOn(on day: Day) -> Bool {
    switch status {
    case .inForce, .amended: true
    case .issued, .repealed: false
    }
  }
}

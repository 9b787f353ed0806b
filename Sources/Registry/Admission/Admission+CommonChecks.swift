/// The checks of every proposal, whatever its kind.
extension Admission {
  /// The log says whose it is before it says anything else.
  static func checkJurisdiction(
    of stream: StreamID, given reader: some HistoryReader
  ) throws(Rejection) {
    if let established = reader.registryStream {
      if stream.kind == .registry, stream != established {
        throw Rejection(
          .registryNotEstablished,
          "This log is \(established.text)'s; another jurisdiction keeps a log of its own.",
          field: "stream")
      }
    } else if stream.kind != .registry {
      throw Rejection(
        .registryNotEstablished,
        "The log is empty: its first event says whose it is (registry.established).",
        field: "stream")
    }
  }

  /// The stream is of the body's kind.
  static func checkKind(of proposal: Proposal) throws(Rejection) {
    guard let kind = proposal.body.kind, kind != proposal.stream.kind else { return }
    throw Rejection(
      .wrongStream,
      "An event of kind \(kind.rawValue) cannot stand in \(proposal.stream.text).", field: "stream")
  }

  /// Personal data stands in the officer's own stream, under that officer's key.
  static func checkPersonal(
    of proposal: Proposal, given reader: some HistoryReader
  ) throws(Rejection) {
    guard let personal = proposal.personal else {
      if case .officer(.registered) = proposal.body, proposal.corrects == nil {
        throw Rejection(
          .personalData, "Registering an officer needs `personal` with the name.",
          field: "personal")
      }
      if proposal.namedScheme != nil {
        throw Rejection(
          .personalData,
          "Adding an identifier, or ending one value, needs `personal` with the value.",
          field: "personal.identifiers")
      }
      return
    }
    guard proposal.stream.kind == .officer else {
      throw Rejection(
        .personalData,
        "Personal data may only stand in an officer's own stream, where it is sealed.",
        field: "personal")
    }
    if case .officer(.registered) = proposal.body, personal.name.isEmpty {
      throw Rejection(.personalData, "The officer's name is missing.", field: "personal.name")
    }
    if let scheme = proposal.namedScheme, personal.identifiers.map(\.scheme) != [scheme] {
      throw Rejection(
        .personalData, "`personal` must hold the one identifier of \(scheme.text).",
        field: "personal.identifiers")
    }
    if !personal.identifiers.isEmpty, proposal.givesNoIdentifiers {
      throw Rejection(
        .personalData,
        "A void, a restoration and the end of a whole scheme take no identifiers; `value_only` ends "
          + "the one that `personal` holds.", field: "personal.identifiers")
    }
    if proposal.givesIdentifiers {
      for (at, identifier) in personal.identifiers.enumerated() {
        guard let problem = NumberSpelling.problem(of: identifier.value) else { continue }
        throw Rejection(
          .personalData, "The \(identifier.scheme.text) \(problem).",
          field: "personal.identifiers[\(at)].value")
      }
    }
    guard let registry = reader.registryStream,
      let known = reader.state(of: registry, on: proposal.effective)?.establishment
        ?? reader.head(of: registry)?.state?.establishment
    else { return }
    for identifier in personal.identifiers
    where !known.identifierSchemes.isEmpty && !known.identifierSchemes.contains(identifier.scheme) {
      throw Rejection(
        .noSuchReference,
        "The registry knows no identifier scheme \(identifier.scheme.text); it has "
          + known.identifierSchemes.map(\.text).joined(separator: ", ") + ".",
        field: "personal.identifiers.scheme")
    }
  }

  /// A number comes back to a credential also where what corrected it is voided: it may be
  /// another's by then.
  static func checkNumber(
    of stream: StreamID, from before: StreamHead?, to after: StreamHead,
    given context: some DecisionContext
  ) throws(Rejection) {
    guard let terms = after.state?.credential?.terms else { return }
    if let old = before?.state?.credential?.terms, old.issuer == terms.issuer,
      old.number == terms.number
    {
      return
    }
    try Credential.checkNumber(terms, of: stream.key, given: context)
  }

  /// What the fact is counted under exists.
  static func checkAttribution(
    of proposal: Proposal, given context: some DecisionContext
  ) throws(Rejection) {
    guard let counted = proposal.attributedTo else { return }
    guard counted.kind == .agreement || counted.kind == .programme else {
      throw Rejection(
        .inconsistent, "A fact is counted under an agreement or a programme.",
        field: "attributed_to")
    }
    guard context.state(of: counted, on: .distantFuture) != nil else {
      throw Rejection(
        .noSuchReference, "There is no \(counted.text).", field: "attributed_to")
    }
  }

  /// Whether what is said again is counted under something that is not known of it yet: a training
  /// or a cohort is then recorded as counted under it, too.
  ///
  /// - Throws: where what is said again cannot take the attribution, so that it is not dropped.
  static func isAttributedAnew(
    _ event: StreamEvent, since position: LogPosition, in state: StreamState?,
    given reader: some HistoryReader
  ) throws(Rejection) -> Bool {
    guard let counted = event.metadata.attributedTo else { return false }
    switch state {
    case .enrolment(let state): return state.attributedTo != counted
    case .cohort(let state): return state.attributedTo != counted
    // Their states keep no attribution.
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .submission, .credential, .skillClaim, .mandate, .duty, nil:
      break
    }
    let history = reader.effectiveHistory(of: event.metadata.stream)
    let isKnown = history.foldOrder.contains { at in
      let known = history.events[at]
      return known.metadata.attributedTo == counted && known.body == event.body
    }
    guard !isKnown else { return false }
    throw Rejection(
      .inconsistent,
      "This is known by the event at position \(position), which is not counted under "
        + "\(counted.text): correct that one, and attribute it there.", field: "attributed_to",
      inTheWay: position)
  }

  /// The authority stood on the day.
  static func checkAuthority(
    of proposal: Proposal, given context: some DecisionContext
  ) throws(Rejection) {
    guard let authority = proposal.authority else { return }
    let day = proposal.effective
    guard let state = context.state(of: authority, on: day) else {
      throw Rejection(
        .noAuthority, "There was no \(authority.text) on \(day.text).", field: "authority")
    }
    switch state {
    case .agreement, .authorisation, .instrument: break
    case .registry, .organisation, .officer, .framework, .programme, .course, .cohort, .enrolment,
      .submission, .credential, .skillClaim, .mandate, .duty:
      throw Rejection(
        .inconsistent, "An authority is an agreement, an authorisation or an instrument.",
        field: "authority")
    }
    if let why = state.whyNotReliedOn(on: day) {
      throw Rejection(
        .noAuthority, "\(authority.text) \(why): nothing may rely on it on \(day.text).",
        field: "authority")
    }
  }
}

extension Proposal {
  /// The scheme of the one identifier that it must come with.
  fileprivate var namedScheme: Identifier? {
    if case .officer(.identifierAdded(let given)) = body { return given.scheme }
    if case .officer(.identifierEnded(let given)) = body, given.valueOnly { return given.scheme }
    return nil
  }

  /// Those that come with it are new; what ends is named as it was written once.
  fileprivate var givesIdentifiers: Bool {
    if case .officer(.identifierEnded) = body { false } else { true }
  }

  /// What it says is of no identifier, or of all of a scheme.
  fileprivate var givesNoIdentifiers: Bool {
    if case .officer(.identifierEnded(let given)) = body { return !given.valueOnly }
    return body.isAct
  }
}

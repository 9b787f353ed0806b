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
      if case .officer(.identifierAdded) = proposal.body {
        throw Rejection(
          .personalData, "Adding an identifier needs `personal` with its value.",
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
    if case .officer(.identifierAdded(let added)) = proposal.body,
      personal.identifiers.map(\.scheme) != [added.scheme]
    {
      throw Rejection(
        .personalData, "`personal` must hold the one identifier of \(added.scheme.text).",
        field: "personal.identifiers")
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
    let stood: Bool
    let standing: String
    switch state {
    case .agreement(let agreement):
      stood = agreement.mayBeReliedOn(on: day)
      standing = agreement.status.name
    case .authorisation(let authorisation):
      stood = authorisation.stands(on: day)
      standing = authorisation.status.name
    case .instrument(let instrument):
      stood = instrument.mayBeReliedOn(on: day)
      standing = instrument.status.name
    case .registry, .organisation, .officer, .framework, .programme, .course, .cohort, .enrolment,
      .submission, .credential, .skillClaim, .mandate, .duty:
      throw Rejection(
        .inconsistent, "An authority is an agreement, an authorisation or an instrument.",
        field: "authority")
    }
    guard stood else {
      throw Rejection(
        .noAuthority,
        "\(authority.text) was \(standing) on \(day.text), so nothing may rely on it that day.",
        field: "authority")
    }
  }
}

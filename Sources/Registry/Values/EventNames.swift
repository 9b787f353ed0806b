extension Proposal.Body {
  /// Whether it is an act upon another event of its stream, and no fact of its own.
  public var isAct: Bool {
    switch self {
    case .voided, .restored: true
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .enrolment, .submission, .credential, .skillClaim, .mandate,
      .duty:
      false
    }
  }

  /// The event by its kind and its name in the schema, such as `enrolment.completed`.
  public var eventName: String {
    switch self {
    case .registry(let e): "registry.\(e.name)"
    case .organisation(let e): "organisation.\(e.name)"
    case .officer(let e): "officer.\(e.name)"
    case .framework(let e): "framework.\(e.name)"
    case .authorisation(let e): "authorisation.\(e.name)"
    case .instrument(let e): "instrument.\(e.name)"
    case .agreement(let e): "agreement.\(e.name)"
    case .programme(let e): "programme.\(e.name)"
    case .course(let e): "course.\(e.name)"
    case .cohort(let e): "cohort.\(e.name)"
    case .enrolment(let e): "enrolment.\(e.name)"
    case .submission(let e): "submission.\(e.name)"
    case .credential(let e): "credential.\(e.name)"
    case .skillClaim(let e): "skill_claim.\(e.name)"
    case .mandate(let e): "mandate.\(e.name)"
    case .duty(let e): "duty.\(e.name)"
    case .voided: "voided"
    case .restored: "restored"
    }
  }
}

/// From a body to the rules of its kind: the one place where kinds are told apart.

extension Proposal.Body {
  /// The kind of stream that the body belongs to; nil for a void or a restoration, which belong to
  /// any.
  public var kind: StreamKind? {
    switch self {
    case .registry: .registry
    case .organisation: .organisation
    case .officer: .officer
    case .framework: .framework
    case .authorisation: .authorisation
    case .instrument: .instrument
    case .agreement: .agreement
    case .programme: .programme
    case .course: .course
    case .cohort: .cohort
    case .enrolment: .enrolment
    case .submission: .submission
    case .credential: .credential
    case .skillClaim: .skillClaim
    case .mandate: .mandate
    case .duty: .duty
    case .voided, .restored: nil
    }
  }
}

extension StreamState {
  /// The state after an event. A void or a restoration leaves it: they act through `Standing`.
  public static func evolve(_ state: StreamState?, by event: StreamEvent) -> StreamState? {
    let occasion = event.occasion
    switch event.body {
    case .registry(let e):
      return Establishment.evolve(state?.establishment, by: e, occasion).map(StreamState.registry)
    case .organisation(let e):
      return Organisation.evolve(state?.organisation, by: e, occasion)
        .map(StreamState.organisation)
    case .officer(let e):
      return Officer.evolve(state?.officer, by: e, occasion).map(StreamState.officer)
    case .framework(let e):
      return Framework.evolve(state?.framework, by: e, occasion).map(StreamState.framework)
    case .authorisation(let e):
      return Authorisation.evolve(state?.authorisation, by: e, occasion)
        .map(StreamState.authorisation)
    case .instrument(let e):
      return Instrument.evolve(state?.instrument, by: e, occasion).map(StreamState.instrument)
    case .agreement(let e):
      return Agreement.evolve(state?.agreement, by: e, occasion).map(StreamState.agreement)
    case .programme(let e):
      return Programme.evolve(state?.programme, by: e, occasion).map(StreamState.programme)
    case .course(let e):
      return Course.evolve(state?.course, by: e, occasion).map(StreamState.course)
    case .cohort(let e):
      return Cohort.evolve(state?.cohort, by: e, occasion).map(StreamState.cohort)
    case .enrolment(let e):
      return Enrolment.evolve(state?.enrolment, by: e, occasion).map(StreamState.enrolment)
    case .submission(let e):
      return Submission.evolve(state?.submission, by: e, occasion).map(StreamState.submission)
    case .credential(let e):
      return Credential.evolve(state?.credential, by: e, occasion).map(StreamState.credential)
    case .skillClaim(let e):
      return SkillClaim.evolve(state?.skillClaim, by: e, occasion).map(StreamState.skillClaim)
    case .mandate(let e):
      return Mandate.evolve(state?.mandate, by: e, occasion).map(StreamState.mandate)
    case .duty(let e):
      return Duty.evolve(state?.duty, by: e, occasion).map(StreamState.duty)
    case .voided, .restored:
      return state
    }
  }

  /// Judges an event of a kind against the state of its own day.
  static func decide(
    _ event: StreamEvent, in state: StreamState?, given world: some World
  ) throws(Rejection) -> Verdict {
    let occasion = event.occasion
    switch event.body {
    case .registry(let e):
      return try Establishment.decide(e, occasion, in: state?.establishment, given: world)
    case .organisation(let e):
      return try Organisation.decide(e, occasion, in: state?.organisation, given: world)
    case .officer(let e):
      return try Officer.decide(e, occasion, in: state?.officer, given: world)
    case .framework(let e):
      return try Framework.decide(e, occasion, in: state?.framework, given: world)
    case .authorisation(let e):
      return try Authorisation.decide(e, occasion, in: state?.authorisation, given: world)
    case .instrument(let e):
      return try Instrument.decide(e, occasion, in: state?.instrument, given: world)
    case .agreement(let e):
      return try Agreement.decide(e, occasion, in: state?.agreement, given: world)
    case .programme(let e):
      return try Programme.decide(e, occasion, in: state?.programme, given: world)
    case .course(let e):
      return try Course.decide(e, occasion, in: state?.course, given: world)
    case .cohort(let e):
      return try Cohort.decide(e, occasion, in: state?.cohort, given: world)
    case .enrolment(let e):
      return try Enrolment.decide(e, occasion, in: state?.enrolment, given: world)
    case .submission(let e):
      return try Submission.decide(e, occasion, in: state?.submission, given: world)
    case .credential(let e):
      return try Credential.decide(e, occasion, in: state?.credential, given: world)
    case .skillClaim(let e):
      return try SkillClaim.decide(e, occasion, in: state?.skillClaim, given: world)
    case .mandate(let e):
      return try Mandate.decide(e, occasion, in: state?.mandate, given: world)
    case .duty(let e):
      return try Duty.decide(e, occasion, in: state?.duty, given: world)
    case .voided, .restored:
      preconditionFailure("voids and restorations are judged by Judgement")
    }
  }
}

extension StreamState {
  public var establishment: Establishment? {
    if case .registry(let state) = self { state } else { nil }
  }
  public var organisation: Organisation? {
    if case .organisation(let state) = self { state } else { nil }
  }
  public var officer: Officer? { if case .officer(let state) = self { state } else { nil } }
  public var framework: Framework? {
    if case .framework(let state) = self { state } else { nil }
  }
  public var authorisation: Authorisation? {
    if case .authorisation(let state) = self { state } else { nil }
  }
  public var instrument: Instrument? {
    if case .instrument(let state) = self { state } else { nil }
  }
  public var agreement: Agreement? {
    if case .agreement(let state) = self { state } else { nil }
  }
  public var programme: Programme? {
    if case .programme(let state) = self { state } else { nil }
  }
  public var course: Course? { if case .course(let state) = self { state } else { nil } }
  public var cohort: Cohort? { if case .cohort(let state) = self { state } else { nil } }
  public var enrolment: Enrolment? {
    if case .enrolment(let state) = self { state } else { nil }
  }
  public var submission: Submission? {
    if case .submission(let state) = self { state } else { nil }
  }
  public var credential: Credential? {
    if case .credential(let state) = self { state } else { nil }
  }
  public var skillClaim: SkillClaim? {
    if case .skillClaim(let state) = self { state } else { nil }
  }
  public var mandate: Mandate? { if case .mandate(let state) = self { state } else { nil } }
  public var duty: Duty? { if case .duty(let state) = self { state } else { nil } }

  /// The officer whose record the stream is part of.
  public func subject(of stream: StreamID) -> Identifier? {
    switch self {
    case .officer: stream.key
    case .enrolment(let state): state.seat.officer
    case .submission(let state): state.paper.officer
    case .credential(let state): state.terms.holder
    case .skillClaim(let state): state.claim.officer
    case .duty(let state): state.holder.officer
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .mandate:
      nil
    }
  }
}

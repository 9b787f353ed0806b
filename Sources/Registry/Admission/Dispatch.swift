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
  /// The state after an event. A void or a restoration does not change it: they act through
  /// `EffectiveHistory`.
  public static func evolve(_ state: StreamState?, by event: StreamEvent) -> StreamState? {
    let metadata = event.metadata
    switch event.body {
    case .registry(let e):
      return Establishment.evolve(state?.establishment, by: e, metadata).map(StreamState.registry)
    case .organisation(let e):
      return Organisation.evolve(state?.organisation, by: e, metadata)
        .map(StreamState.organisation)
    case .officer(let e):
      return Officer.evolve(state?.officer, by: e, metadata).map(StreamState.officer)
    case .framework(let e):
      return Framework.evolve(state?.framework, by: e, metadata).map(StreamState.framework)
    case .authorisation(let e):
      return Authorisation.evolve(state?.authorisation, by: e, metadata)
        .map(StreamState.authorisation)
    case .instrument(let e):
      return Instrument.evolve(state?.instrument, by: e, metadata).map(StreamState.instrument)
    case .agreement(let e):
      return Agreement.evolve(state?.agreement, by: e, metadata).map(StreamState.agreement)
    case .programme(let e):
      return Programme.evolve(state?.programme, by: e, metadata).map(StreamState.programme)
    case .course(let e):
      return Course.evolve(state?.course, by: e, metadata).map(StreamState.course)
    case .cohort(let e):
      return Cohort.evolve(state?.cohort, by: e, metadata).map(StreamState.cohort)
    case .enrolment(let e):
      return Enrolment.evolve(state?.enrolment, by: e, metadata).map(StreamState.enrolment)
    case .submission(let e):
      return Submission.evolve(state?.submission, by: e, metadata).map(StreamState.submission)
    case .credential(let e):
      return Credential.evolve(state?.credential, by: e, metadata).map(StreamState.credential)
    case .skillClaim(let e):
      return SkillClaim.evolve(state?.skillClaim, by: e, metadata).map(StreamState.skillClaim)
    case .mandate(let e):
      return Mandate.evolve(state?.mandate, by: e, metadata).map(StreamState.mandate)
    case .duty(let e):
      return Duty.evolve(state?.duty, by: e, metadata).map(StreamState.duty)
    case .voided, .restored:
      return state
    }
  }

  /// Judges an event of a kind against the state of its own day.
  static func decide(
    _ event: StreamEvent, in state: StreamState?, given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    let metadata = event.metadata
    switch event.body {
    case .registry(let e):
      return try Establishment.decide(e, metadata, in: state?.establishment, given: context)
    case .organisation(let e):
      return try Organisation.decide(e, metadata, in: state?.organisation, given: context)
    case .officer(let e):
      return try Officer.decide(e, metadata, in: state?.officer, given: context)
    case .framework(let e):
      return try Framework.decide(e, metadata, in: state?.framework, given: context)
    case .authorisation(let e):
      return try Authorisation.decide(e, metadata, in: state?.authorisation, given: context)
    case .instrument(let e):
      return try Instrument.decide(e, metadata, in: state?.instrument, given: context)
    case .agreement(let e):
      return try Agreement.decide(e, metadata, in: state?.agreement, given: context)
    case .programme(let e):
      return try Programme.decide(e, metadata, in: state?.programme, given: context)
    case .course(let e):
      return try Course.decide(e, metadata, in: state?.course, given: context)
    case .cohort(let e):
      return try Cohort.decide(e, metadata, in: state?.cohort, given: context)
    case .enrolment(let e):
      return try Enrolment.decide(e, metadata, in: state?.enrolment, given: context)
    case .submission(let e):
      return try Submission.decide(e, metadata, in: state?.submission, given: context)
    case .credential(let e):
      return try Credential.decide(e, metadata, in: state?.credential, given: context)
    case .skillClaim(let e):
      return try SkillClaim.decide(e, metadata, in: state?.skillClaim, given: context)
    case .mandate(let e):
      return try Mandate.decide(e, metadata, in: state?.mandate, given: context)
    case .duty(let e):
      return try Duty.decide(e, metadata, in: state?.duty, given: context)
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

/// What a credential may rest on, while it stands: a completion, a verified paper or recognised
/// prior learning.
public struct Evidence: Hashable, Sendable {
  public var event: EventID
  /// What the event corrected, and what that had corrected in turn.
  public var standsFor: [EventID]
  public var officer: Identifier

  /// Whether somebody who cites an event means this: a correction takes the place of what it
  /// corrected for all who rest on it.
  public func isCited(by id: EventID) -> Bool { id == event || standsFor.contains(id) }

  public func isCited(byOneOf ids: [EventID]) -> Bool { ids.contains(where: isCited) }
}

extension Enrolment {
  public var evidence: Evidence? {
    guard status == .completed, let completion else { return nil }
    return Evidence(
      event: completion.eventID, standsFor: completion.standsFor, officer: seat.officer)
  }
}

extension Submission {
  public var evidence: Evidence? {
    guard status == .verified, let event = verifiedByEvent else { return nil }
    return Evidence(event: event, standsFor: standsFor, officer: paper.officer)
  }
}

extension SkillClaim {
  public var evidence: Evidence? {
    guard status == .recognised, let event = recognisedByEvent else { return nil }
    return Evidence(event: event, standsFor: standsFor, officer: claim.officer)
  }
}

extension StreamKind {
  /// Whether a state of such a stream may have `evidence`.
  public var givesEvidence: Bool {
    switch self {
    case .enrolment, .submission, .skillClaim: true
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .credential, .mandate, .duty:
      false
    }
  }
}

extension StreamState {
  public var evidence: Evidence? {
    switch self {
    case .enrolment(let state): state.evidence
    case .submission(let state): state.evidence
    case .skillClaim(let state): state.evidence
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .credential, .mandate, .duty:
      nil
    }
  }

  /// The day from which that event stands, as far as this state goes.
  public var evidenceSince: Day {
    switch self {
    case .enrolment(let state):
      // Who cites an event that says it again has no evidence before that event's day.
      max(
        state.since.day, state.completion?.day ?? .distantPast,
        state.completion?.saidAgain ?? .distantPast)
    case .submission(let state): state.since.day
    case .skillClaim(let state): state.since.day
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .credential, .mandate, .duty:
      .distantPast
    }
  }
}

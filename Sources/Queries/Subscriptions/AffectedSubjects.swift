import Messages
import Projections
import Registry
import RegistryStorage

/// The subjects that an event of a shared stream affects: those whose trainings are joined with it
/// at read.
///
/// It depends only on the log up to the event, so that it is the same whenever it is computed.
enum AffectedSubjects: Sendable {
  case nobody
  /// It may be anybody; who exactly is a question of a day.
  case everybody(ChangeCause)
  /// Those with a training of one of these cohorts, or with a paper that certifies the course.
  case trainings(cohorts: Set<Identifier>, course: Identifier?, ChangeCause)
}

extension RegistryReader {
  func reach(of event: StoredEvent) -> AffectedSubjects {
    let stream = event.stream
    switch stream.kind {
    case .registry: return reach(ofRegistry: event)
    case .framework: return reach(ofFramework: event)
    case .mandate:
      // What an institution gave changes no duty.
      if case .mandate(.supportReported) = event.proposal.body, event.proposal.corrects == nil {
        return .nobody
      }
      return .everybody(.mandate)
    case .authorisation:
      // A correction may have passed it from one centre to another.
      let centres = around(event).compactMap { $0?.authorisation?.organisation }
      return trainings(at: event, .authorisation) { centres.contains($0.organisation) }
    case .cohort:
      let terms = around(event).map { $0?.cohort?.terms }
      guard event.proposal.corrects != nil || (terms[0] != nil && terms[0] != terms[1]) else {
        return .nobody
      }
      return .trainings(cohorts: [stream.key], course: nil, .cohort)
    case .course:
      var edition: UInt32?
      if case .course(.published(let given)) = event.proposal.body { edition = given.edition }
      guard event.proposal.corrects != nil || edition != nil else { return .nobody }
      let all = event.proposal.corrects != nil
      return trainings(at: event, .course, course: stream.key) {
        $0.course == stream.key && (all || $0.edition == edition)
      }
    // Their events name whom they are of, or change no answer about an officer.
    case .organisation, .officer, .instrument, .agreement, .programme, .enrolment, .submission,
      .credential, .skillClaim, .duty:
      return .nobody
    }
  }

  /// By what became of its skills.
  private func reach(ofFramework event: StoredEvent) -> AffectedSubjects {
    let gone = around(event).map { state in
      (state?.framework?.skills ?? []).filter { $0.deprecated || $0.replacedBy != nil }
    }
    return gone[0] == gone[1] ? .nobody : .everybody(.framework)
  }

  /// A shared stream's state without an event and with it, on the last day.
  private func around(_ event: StoredEvent) -> [StreamState?] {
    let position = event.recorded.position
    return [position, position + 1].map { sharedStreams.state(of: event.stream, knownAt: $0) }
  }

  /// By the policy or the requirement that it sets, or that it amends.
  private func reach(ofRegistry event: StoredEvent) -> AffectedSubjects {
    let history = sharedStreams.history(of: event.stream)
    var next: StreamEvent? = event.event
    while let current = next {
      switch current.body {
      case .registry(.policyAdopted): return .everybody(.policy)
      case .registry(.requirementSet): return .everybody(.requirement)
      // What somebody settled changes no answer but that it was settled; and of a code list, what is
      // said of anybody names its codes.
      case .registry(.established), .registry(.findingSettled), .registry(.categoryDefined): break
      // An act, which amends another; the registry's stream has no events of other kinds.
      case .voided, .restored, .organisation, .officer, .framework, .authorisation, .instrument,
        .agreement, .programme, .course, .cohort, .enrolment, .submission, .credential,
        .skillClaim, .mandate, .duty:
        break
      }
      next = current.corrects.flatMap { id in history.first { $0.metadata.eventID == id } }
    }
    return .nobody
  }

  private func trainings(
    at event: StoredEvent, _ cause: ChangeCause, course: Identifier? = nil,
    where isMeant: (CohortTerms) -> Bool
  ) -> AffectedSubjects {
    let position = event.recorded.position
    var cohorts: Set<Identifier> = []
    for cohort in sharedStreams.streams(of: .cohort) {
      guard let first = sharedStreams.history(of: cohort).first, first.metadata.position < position,
        let terms = sharedStreams.state(of: cohort, knownAt: position + 1)?.cohort?.terms,
        isMeant(terms)
      else { continue }
      cohorts.insert(cohort.key)
    }
    if cohorts.isEmpty, course == nil { return .nobody }
    return .trainings(cohorts: cohorts, course: course, cause)
  }

  /// Whether a state is a training of one of the cohorts, or a paper that certifies the course.
  func isMet(_ state: StreamState, cohorts: Set<Identifier>, course: Identifier?) -> Bool {
    switch state {
    case .enrolment(let state):
      cohorts.contains(state.seat.cohort) || state.earlierCohorts.contains(where: cohorts.contains)
    case .submission(let state): course.map(state.paper.courses.contains) ?? false
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .credential, .skillClaim, .mandate, .duty:
      false
    }
  }

  /// The officers whose record an event touches, as it names them: before it, and with it where
  /// it is another.
  func named(by event: StoredEvent) throws -> [Identifier] {
    let stream = event.stream
    guard !stream.kind.isShared, let row = try row(of: stream) else { return [] }
    // Nothing but a correction, a void or a restoration changes whose a stream is.
    guard row.head.amended else { return [row.head.state?.subject(of: stream)].compactMap(\.self) }
    let known = try history(of: stream, row).prefix {
      $0.metadata.position <= event.recorded.position
    }
    let before = EffectiveHistory(Array(known.dropLast())).fold().state?.subject(of: stream)
    let after = EffectiveHistory(Array(known)).fold().state?.subject(of: stream)
    return before == after
      ? [after].compactMap(\.self) : [before, after].compactMap(\.self)
  }
}

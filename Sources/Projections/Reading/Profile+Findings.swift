import Messages
import Registry

/// How an officer's trainings and credentials contradict what else is known, as the lines of answers
/// say it: what the policy of the day flags and nobody settled.
extension Profile {
  /// Of a training, by its completion.
  func findings(_ id: Identifier, _ state: Enrolment) -> [FindingKind] {
    guard state.status == .completed, let completion = state.completion else { return [] }
    let event = StreamEvent(completion, of: StreamID(.enrolment, id))
    var found = Plausibility.contradictions(
      of: event, in: .enrolment(state), given: ProfileFacts(self)
    ).map(\.kind)
    if state.shortfall(by: policy, passMark: passMark(state)) != nil {
      found.append(.belowPassMark)
    }
    return sharedStreams.open(found, of: completion.eventID, on: day, knownAt: position)
  }

  func findings(_ id: Identifier, _ state: Credential) -> [FindingKind] {
    let found = Plausibility.contradictions(
      of: state, StreamID(.credential, id), given: ProfileFacts(self))
    return sharedStreams.open(found, of: state.issuedEvent, on: day, knownAt: position)
  }
}

extension StreamEvent {
  /// A completion as a training's state has it.
  public init(_ completion: Completion, of stream: StreamID) {
    self.init(
      metadata: EventMetadata(
        stream: stream, eventID: completion.eventID, effective: completion.day,
        position: completion.position),
      body: .enrolment(
        .completed(EnrolmentCompleted(result: completion.result, score: completion.score))),
      corrects: nil)
  }
}

extension Plausibility {
  /// What contradicts a credential as its state has it: its issue, and what took its place.
  public static func contradictions(
    of state: Credential, _ stream: StreamID, given known: some KnownFacts
  ) -> [FindingKind] {
    var bodies = [CredentialEvent.issued(state.terms)]
    if let next = state.supersededBy { bodies.append(.superseded(CredentialSuperseded(by: next))) }
    return bodies.flatMap { body in
      let metadata = EventMetadata(
        stream: stream, eventID: state.issuedEvent ?? EventID(high: 0, low: 0),
        effective: state.terms.awardedOn, position: state.since.position)
      return contradictions(
        of: StreamEvent(metadata: metadata, body: .credential(body), corrects: nil),
        in: .credential(state), given: known
      ).map(\.kind)
    }
  }
}

extension SharedStreams {
  /// Those of some findings that the policy flags and nobody settled.
  public func open(
    _ kinds: [FindingKind], of event: EventID?, on day: Day, knownAt position: LogPosition = .max
  ) -> [FindingKind] {
    guard !kinds.isEmpty else { return [] }
    let table = FindingTable(establishment(on: day, knownAt: position)?.policy)
    let settled = establishment(on: .distantFuture, knownAt: position)?.settled
    var open: [FindingKind] = []
    for kind in kinds where !open.contains(kind) && table.meaning(of: kind) != .allow {
      let known = event.flatMap { settled?[SettledFinding.ListKey(kind, $0)] }
      if known?.settled.outcome != .accepted { open.append(kind) }
    }
    return open
  }
}

/// What is known of one person, and of what all share: as much as the person's own trainings and
/// credentials are held against.
private struct ProfileFacts: KnownFacts {
  let profile: Profile

  init(_ profile: Profile) { self.profile = profile }

  func state(of stream: StreamID, on day: Day) -> StreamState? {
    if stream.kind.isShared {
      return profile.sharedStreams.state(of: stream, on: day, knownAt: profile.position)
    }
    switch stream.kind {
    case .officer:
      // Their spans say what they were on every day.
      guard let span = profile.records[stream.key]?.span(on: day) else { return nil }
      let since = profile.records[stream.key]?.since
      return .officer(
        Officer(
          status: span.status, since: Since(day: span.from, position: since?.position ?? 0)))
    case .enrolment:
      return profile.enrolments.first { $0.id == stream.key }.map { .enrolment($0.state) }
    case .submission:
      return profile.submissions.first { $0.id == stream.key }.map { .submission($0.state) }
    case .skillClaim:
      return profile.claims.first { $0.id == stream.key }.map { .skillClaim($0.state) }
    case .credential:
      return profile.credentials.first { $0.id == stream.key }.map { .credential($0.state) }
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement, .programme,
      .course, .cohort, .mandate, .duty:
      return nil
    }
  }

  func event(_ id: EventID) -> EventLocation? {
    func place(_ kind: StreamKind, _ key: Identifier) -> EventLocation {
      EventLocation(stream: StreamID(kind, key), position: 0, stands: true)
    }
    if let found = profile.enrolments.first(where: { $0.state.evidence?.isCited(by: id) == true }) {
      return place(.enrolment, found.id)
    }
    if let found = profile.submissions.first(where: { $0.state.evidence?.isCited(by: id) == true })
    {
      return place(.submission, found.id)
    }
    return profile.claims.first { $0.state.evidence?.isCited(by: id) == true }.map {
      place(.skillClaim, $0.id)
    }
  }

  func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? {
    let trained = profile.enrolments.compactMap { _, state in
      state.status == .completed && profile.cohort(state.seat.cohort)?.terms.course == course
        ? state.completion?.day : nil
    }
    let papers = profile.submissions.compactMap { _, state in
      state.status == .verified && state.paper.courses.contains(course)
        ? state.paper.awardedOn ?? state.since.day : nil
    }
    return (trained + papers).filter { $0 <= day }.min()
  }

  func records(ofPersonWith officer: Identifier) -> [Identifier] {
    profile.sharedStreams.merges.records(ofPersonWith: officer, knownAt: profile.position)
  }
}

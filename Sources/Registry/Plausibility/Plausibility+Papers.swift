/// What contradicts a credential, a paper or a claim.
extension Plausibility {
  static func credential(
    _ event: CredentialEvent, _ metadata: EventMetadata, _ state: Credential?,
    given known: some KnownFacts
  ) -> [Contradiction] {
    switch event {
    case .issued(let given):
      var found = served(
        given.holder, "credential.issued", given.awardedOn, isGiven: true, given: known
      )
      // Papers of before the service are brought along.
      .filter { $0.kind != .beforeService }
      let day = min(metadata.effective, given.awardedOn)
      for (at, id) in given.evidence.enumerated() {
        guard let later = evidence(id, later: day, given: known) else { continue }
        found.append(
          Contradiction(
            .evidenceLater,
            "The credential is of \(day.text), and rests on event \(id.text), which "
              + "stood from \(later.text) on.", field: "credential.issued.evidence[\(at)]"))
      }
      if given.validFrom < given.awardedOn {
        found.append(
          Contradiction(
            .validBeforeAward,
            "The credential was awarded on \(given.awardedOn.text), and is valid from "
              + "\(given.validFrom.text) on.", field: "credential.issued.valid_from"))
      }
      return found
    case .superseded(let given):
      guard let holder = state?.terms.holder,
        let other = known.state(of: StreamID(.credential, given.by), on: .distantFuture)?
          .credential?.terms.holder,
        !known.records(ofPersonWith: holder).contains(other)
      else { return [] }
      return [
        Contradiction(
          .successorOfAnother,
          "The credential \(given.by.text) is officer \(other.text)'s, and cannot take the place of "
            + "one of officer \(holder.text).", field: "credential.superseded.by")
      ]
    case .suspended, .reinstated, .renewed, .revoked, .recognised, .recognitionWithdrawn:
      return []
    }
  }

  /// The day from which on a piece of evidence stood, where that is later than a day; nil where it
  /// stood by then, or stands no more.
  private static func evidence(
    _ id: EventID, later day: Day, given known: some KnownFacts
  ) -> Day? {
    guard let place = known.event(id),
      let state = known.state(of: place.stream, on: .distantFuture),
      state.evidence?.isCited(by: id) == true
    else { return nil }
    let first =
      switch state {
      case .enrolment(let state): state.completion?.day
      case .submission(let state): state.since.day
      case .skillClaim(let state): state.since.day
      // They give no evidence.
      case .registry, .organisation, .officer, .framework, .authorisation, .instrument,
        .agreement, .programme, .course, .cohort, .credential, .mandate, .duty:
        nil as Day?
      }
    return first.flatMap { $0 > day ? $0 : nil }
  }

  static func submission(
    _ event: SubmissionEvent, _ metadata: EventMetadata, _ state: Submission?,
    given known: some KnownFacts
  ) -> [Contradiction] {
    let paper: Paper?
    switch event {
    case .submitted(let given): paper = given.paper
    case .verified(let given): paper = given.paper
    case .rejected: paper = nil
    }
    guard let paper, !paper.document.isEmpty else { return [] }
    let persons = known.records(ofPersonWith: paper.officer)
    for other in known.submissions(holding: paper.document) where other != metadata.stream {
      guard
        let others = known.state(of: other, on: .distantFuture)?.submission?.paper,
        others.document == paper.document, !persons.contains(others.officer)
      else { continue }
      return [
        Contradiction(
          .documentOfTwo,
          "The same document was handed in for officer \(others.officer.text), by \(other.text): one "
            + "of the two has another's paper.", field: "submission.\(event.name).paper.document")
      ]
    }
    return []
  }

  static func claim(
    _ event: SkillClaimEvent, _ metadata: EventMetadata, _ state: SkillClaim?,
    given known: some KnownFacts
  ) -> [Contradiction] {
    guard let claim = state?.claim else { return [] }
    let day = metadata.effective
    // An officer claims before the service too, and what is said later of a claim is others' doing.
    switch event {
    case .claimed:
      return served(claim.officer, "skill_claim.claimed", day, given: known)
        .filter { $0.kind != .beforeService }
        + deprecated([claim.skill], "skill_claim.claimed.claim.skill", day, given: known)
    case .endorsed, .rejected, .priorLearningRecognised: return []
    }
  }
}

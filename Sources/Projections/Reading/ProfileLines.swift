import Messages
import Registry

/// A profile as the lines of answers.
extension Profile {
  /// - Parameter into: a framework that crosswalks carry the skills over to.
  public func reply(asOf: LogPosition, into: Identifier? = nil) -> GetProfileReply {
    let lines = (into.map(skills(into:)) ?? skills).map(line)
    return GetProfileReply(
      officer: isKnown ? officer : nil, standing: state?.status, posting: state?.posting,
      skills: lines, trainings: enrolments.map { training($0.id, $0.state) },
      credentials: credentialLines,
      submissions: submissions.map { id, state in
        SubmissionLine(
          submission: id, status: state.status, submissionKind: state.paper.submissionKind,
          title: state.paper.title, issuer: state.paper.issuer, since: state.since.day)
      },
      policyVersion: policy.version,
      claims: claims.map { id, state in
        ClaimLine(
          claim: id, status: state.status, skill: state.claim.skill, since: state.since.day)
      }, merged: merged, asOf: asOf)
  }

  public func line(_ held: HeldSkill) -> SkillLine {
    let framework = sharedStreams.state(
      of: StreamID(.framework, held.skill.framework), knownAt: position)?.framework
    let known = known(held.skill)
    return SkillLine(
      framework: held.skill.framework, skill: held.skill.skill,
      title: framework?.skills[held.skill.skill]?.skill.title ?? "",
      level: held.skill.level, holding: held.holding, strength: held.strength, since: held.since,
      lapsedOn: held.lapsedOn, evidence: held.evidence, unrecognised: held.unrecognised,
      policyVersion: policy.version,
      carriedFrom: held.origin.map(CarriedFrom.init), replacedBy: known?.replacedBy,
      deprecated: known?.deprecated ?? false)
  }

  public var credentialLines: [CredentialLine] {
    credentials.map { id, state in
      var line = CredentialLine.of(
        id, state, on: day, isWithdrawn: isWithdrawn(state), holder: officer)
      line.findings = findings(id, state)
      return line
    }
  }

  private func training(_ id: Identifier, _ state: Enrolment) -> TrainingLine {
    let cohort = cohort(state.seat.cohort)
    let edition = cohort.flatMap { sharedStreams.edition(of: $0.terms, knownAt: position) }
    return TrainingLine(
      enrolment: id, cohort: state.seat.cohort, course: cohort?.terms.course,
      edition: cohort?.terms.edition ?? 0, title: edition?.title ?? "",
      organisation: cohort?.terms.organisation, status: state.status, since: state.since.day,
      completion: state.completion,
      unrecognised: state.completion.map { !isRecognised(state.seat.cohort, $0) } ?? false,
      agreements: sharedStreams.agreements(of: state, on: day, knownAt: position),
      awards: state.awards,
      belowPassMark: isBelowPassMark(state), findings: findings(id, state))
  }
}

extension CredentialLine {
  public static func of(
    _ id: Identifier, _ state: Credential, on day: Day, isWithdrawn: Bool, holder: Identifier
  ) -> CredentialLine {
    let (standing, since) = state.standing(on: day)
    return CredentialLine(
      credential: id, status: standing.status, issuer: state.terms.issuer,
      number: state.terms.number, courses: state.terms.courses, awardedOn: state.terms.awardedOn,
      validUntil: state.terms.validUntil, recognisedBy: state.recognisedBy,
      evidenceWithdrawn: isWithdrawn, holder: holder, since: since.day,
      supersededBy: state.supersededBy)
  }
}

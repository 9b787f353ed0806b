import Messages
import Registry

/// An officer's profile: computed from the officer's own streams and joined with the shared ones.
public struct Profile {
  private var enrolments: [(id: Identifier, state: Enrolment)] = []
  private var credentials: [(id: Identifier, state: Credential)] = []
  private var submissions: [(id: Identifier, state: Submission)] = []
  private var officer: Officer?
  private let day: Day
  private let position: LogPosition
  private let catalogue: Catalogue

  /// Reads what is known of an officer on a day, before a position.
  public init(
    of id: Identifier, on day: Day, knownAt position: LogPosition, from records: some Records
  ) throws {
    self.day = day
    self.position = position
    catalogue = records.catalogue
    for stream in try records.streams(touching: id, before: position) {
      let state = try records.state(of: stream, on: day, knownAt: position)
      // A corrected event may have moved a stream to somebody else.
      guard let state, state.subject(of: stream) == id else { continue }
      switch state {
      case .officer(let state): officer = state
      case .enrolment(let state): enrolments.append((stream.key, state))
      case .credential(let state): credentials.append((stream.key, state))
      case .submission(let state): submissions.append((stream.key, state))
      default: break
      }
    }
    enrolments.sort {
      let days = ($0.state.completion?.day ?? $0.state.since.day, $0.id)
      return days < ($1.state.completion?.day ?? $1.state.since.day, $1.id)
    }
    credentials.sort { ($0.state.terms.awardedOn, $0.id) < ($1.state.terms.awardedOn, $1.id) }
    submissions.sort { ($0.state.since.day, $0.id) < ($1.state.since.day, $1.id) }
  }

  public var isKnown: Bool { officer != nil }
  public var posting: Posting? { officer?.posting }

  /// The skills by the policy in force.
  public var skills: [HeldSkill] { SkillPolicy.skills(from: grounds) }

  private var grounds: [SkillGround] {
    var grounds: [SkillGround] = []
    for (_, enrolment) in enrolments {
      guard enrolment.status == .completed, let completion = enrolment.completion,
        let cohort = cohort(enrolment.seat.cohort),
        let edition = catalogue.edition(of: cohort.terms, knownAt: position)
      else { continue }
      for outcome in edition.outcomes {
        grounds.append(
          SkillGround(
            skill: outcome, strength: enrolment.strength, since: completion.day,
            evidence: [completion.eventID], backing: backing(completion.eventID),
            unrecognised: !isRecognised(enrolment.seat.cohort, completion)))
      }
    }
    for (_, submission) in submissions {
      guard submission.status == .verified, let event = submission.verifiedByEvent else { continue }
      var backing = backing(event)
      if let until = submission.paper.validUntil, until < day {
        backing = .credential(.expired, since: until.adding(days: 1))
      }
      for skill in submission.paper.skills {
        grounds.append(
          SkillGround(
            skill: skill, strength: .portfolio, since: submission.since.day, evidence: [event],
            backing: backing, unrecognised: false))
      }
    }
    for (_, credential) in credentials where !isWithdrawn(credential) {
      grounds += credentialGrounds(credential)
    }
    return grounds
  }

  /// What a credential itself says: the skills that it names, and, where it names no evidence,
  /// what its courses teach.
  private func credentialGrounds(_ credential: Credential) -> [SkillGround] {
    let (standing, since) = credential.standing(on: day)
    let terms = credential.terms
    var skills = terms.skills
    if terms.evidence.isEmpty {
      for course in terms.courses {
        let state = catalogue.state(
          of: StreamID(.course, course), on: terms.awardedOn, knownAt: position)
        skills += state?.course?.editions.last?.outcomes ?? []
      }
    }
    let resting = enrolments.filter {
      $0.state.completion.map { terms.evidence.contains($0.eventID) } ?? false
    }
    return skills.map { skill in
      SkillGround(
        skill: skill, strength: resting.map(\.state.strength).max() ?? .attended,
        since: terms.validFrom, evidence: terms.evidence,
        backing: .credential(standing, since: since.day),
        unrecognised: resting.contains { !isRecognised($0.state.seat.cohort, $0.state.completion!) }
      )
    }
  }

  /// The credential that rests on an event: the one that is worth most that day.
  private func backing(_ event: EventID) -> SkillGround.Backing {
    let order: [CredentialStanding] = [
      .valid, .suspended, .expired, .notYetValid, .superseded, .revoked,
    ]
    let standings = credentials.filter { $0.state.terms.evidence.contains(event) }
      .map { $0.state.standing(on: day) }
    guard
      let best = standings.min(by: {
        order.firstIndex(of: $0.status)! < order.firstIndex(of: $1.status)!
      })
    else { return .none }
    return .credential(best.status, since: best.since.day)
  }

  private func isWithdrawn(_ credential: Credential) -> Bool {
    let standing = Set(
      enrolments.compactMap { StreamState.enrolment($0.state).evidence?.event }
        + submissions.compactMap { StreamState.submission($0.state).evidence?.event })
    return !standing.isSuperset(of: credential.terms.evidence)
  }

  private func cohort(_ id: Identifier) -> Cohort? {
    catalogue.state(of: StreamID(.cohort, id), knownAt: position)?.cohort
  }

  private func isRecognised(_ cohort: Identifier, _ completion: Completion) -> Bool {
    catalogue.isRecognised(cohort: cohort, completedOn: completion.day, knownAt: position)
  }
}

// MARK: the answers' lines

extension Profile {
  public func reply(_ id: Identifier, asOf: LogPosition) -> GetProfileReply {
    GetProfileReply(
      officer: isKnown ? id : nil, standing: officer?.status, posting: officer?.posting,
      skills: skills.map(line), trainings: enrolments.map { training($0.id, $0.state) },
      credentials: credentialLines,
      submissions: submissions.map { id, state in
        SubmissionLine(
          submission: id, status: state.status, submissionKind: state.paper.submissionKind,
          title: state.paper.title, issuer: state.paper.issuer, since: state.since.day)
      },
      policyVersion: SkillPolicy.version, asOf: asOf)
  }

  public func line(_ held: HeldSkill) -> SkillLine {
    let framework = catalogue.state(
      of: StreamID(.framework, held.skill.framework), knownAt: position)?.framework
    return SkillLine(
      framework: held.skill.framework, skill: held.skill.skill,
      title: framework?.skills.first { $0.skill.code == held.skill.skill }?.skill.title ?? "",
      level: held.skill.level, holding: Holding(rawValue: held.holding.rawValue)!,
      strength: Strength(rawValue: held.strength.rawValue)!, since: held.since,
      lapsedOn: held.lapsedOn, evidence: held.evidence, unrecognised: held.unrecognised)
  }

  public var credentialLines: [CredentialLine] {
    credentials.map { id, state in
      CredentialLine.of(id, state, on: day, isWithdrawn: isWithdrawn(state))
    }
  }

  private func training(_ id: Identifier, _ state: Enrolment) -> TrainingLine {
    let cohort = cohort(state.seat.cohort)
    let edition = cohort.flatMap { catalogue.edition(of: $0.terms, knownAt: position) }
    var agreements = cohort.map { catalogue.agreements(of: $0, knownAt: position) } ?? []
    if let counted = state.attributedTo, counted.kind == .agreement,
      !agreements.contains(counted.key)
    {
      agreements.append(counted.key)
    }
    return TrainingLine(
      enrolment: id, cohort: state.seat.cohort, course: cohort?.terms.course,
      edition: cohort?.terms.edition ?? 0, title: edition?.title ?? "",
      organisation: cohort?.terms.organisation, status: state.status, since: state.since.day,
      completion: state.completion,
      unrecognised: state.completion.map { !isRecognised(state.seat.cohort, $0) } ?? false,
      agreements: agreements, awards: state.awards)
  }
}

extension CredentialLine {
  public static func of(
    _ id: Identifier, _ state: Credential, on day: Day, isWithdrawn: Bool
  ) -> CredentialLine {
    let (standing, since) = state.standing(on: day)
    return CredentialLine(
      credential: id, status: standing.status, issuer: state.terms.issuer,
      number: state.terms.number, courses: state.terms.courses, awardedOn: state.terms.awardedOn,
      validUntil: state.terms.validUntil, recognisedBy: state.recognisedBy,
      evidenceWithdrawn: isWithdrawn, holder: state.terms.holder, since: since.day)
  }
}

import Messages
import Registry

/// An officer's profile: computed from the officer's own streams and joined with the shared ones.
public struct Profile {
  /// The record in which the person is found that day: the one asked about, or its survivor.
  public let officer: Identifier
  /// Records that are merged into it.
  public private(set) var merged: [Identifier] = []
  public let policy: SkillPolicy
  public private(set) var enrolments: [(id: Identifier, state: Enrolment)] = []
  public private(set) var credentials: [(id: Identifier, state: Credential)] = []
  public private(set) var submissions: [(id: Identifier, state: Submission)] = []
  public private(set) var claims: [(id: Identifier, state: SkillClaim)] = []
  public private(set) var duties: [(id: Identifier, state: Duty)] = []
  public private(set) var state: Officer?
  /// The states of the person's records, the merged ones among them.
  private(set) var records: [Identifier: Officer] = [:]
  public let day: Day
  public let position: LogPosition
  let sharedStreams: SharedStreams

  /// Reads what is known of an officer on a day, before a position.
  public init(
    of asked: Identifier, on day: Day, knownAt position: LogPosition, from readModel: some ReadModel
  ) throws {
    self.day = day
    self.position = position
    sharedStreams = readModel.sharedStreams
    let merges = sharedStreams.merges
    officer = merges.survivor(of: asked, on: day, knownAt: position)
    policy = sharedStreams.policy(on: day, knownAt: position)
    merged = Array(merges.records(under: officer, on: day, knownAt: position).dropFirst())
    var seen: Set<StreamID> = []
    // A reversed merge may have given away what still names somebody else.
    for record in merges.related(to: officer) {
      for stream in try readModel.streams(touching: record, before: position)
      where seen.insert(stream).inserted {
        let state = try readModel.state(of: stream, on: day, knownAt: position)
        // A corrected event may have moved a stream to somebody else.
        guard let state, let named = state.subject(of: stream) else { continue }
        if case .officer(let state) = state {
          records[stream.key] = state
          if stream.key == officer { self.state = state }
          continue
        }
        guard merges.owner(of: stream, naming: named, on: day, knownAt: position) == officer else {
          continue
        }
        add(stream.key, state)
      }
    }
    sort()
  }

  private mutating func add(_ id: Identifier, _ state: StreamState) {
    switch state {
    case .enrolment(let state): enrolments.append((id, state))
    case .credential(let state): credentials.append((id, state))
    case .submission(let state): submissions.append((id, state))
    case .skillClaim(let state): claims.append((id, state))
    case .duty(let state): duties.append((id, state))
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .mandate:
      break
    }
  }

  private mutating func sort() {
    enrolments.sort {
      let days = ($0.state.completion?.day ?? $0.state.since.day, $0.id)
      return days < ($1.state.completion?.day ?? $1.state.since.day, $1.id)
    }
    credentials.sort { ($0.state.terms.awardedOn, $0.id) < ($1.state.terms.awardedOn, $1.id) }
    submissions.sort { ($0.state.since.day, $0.id) < ($1.state.since.day, $1.id) }
    claims.sort { ($0.state.since.day, $0.id) < ($1.state.since.day, $1.id) }
    duties.sort { ($0.state.holder.mandate, $0.id) < ($1.state.holder.mandate, $1.id) }
  }

  public var isKnown: Bool { state != nil }
  public var posting: Posting? { state?.posting }

  /// Every reason there is by itself to say that the officer has a skill, or had one, with the
  /// stream that it comes from.
  var ownGrounds: [SourcedGround] {
    var grounds: [SourcedGround] = []
    func add(_ kind: StreamKind, _ id: Identifier, _ more: [SkillGround]) {
      for ground in more { grounds.append((StreamID(kind, id), ground)) }
    }
    for (id, enrolment) in enrolments { add(.enrolment, id, enrolmentGrounds(enrolment)) }
    for (id, submission) in submissions { add(.submission, id, submissionGrounds(submission)) }
    for (id, claim) in claims { add(.skillClaim, id, claimGrounds(claim)) }
    for (id, credential) in credentials { add(.credential, id, credentialGrounds(credential)) }
    return grounds
  }

  /// What the course of a completed training teaches.
  private func enrolmentGrounds(_ enrolment: Enrolment) -> [SkillGround] {
    guard let evidence = enrolment.evidence, let completion = enrolment.completion,
      let cohort = cohort(enrolment.seat.cohort),
      let edition = sharedStreams.edition(of: cohort.terms, knownAt: position)
    else { return [] }
    let (backing, since) = backing(evidence)
    let strength = self.strength(enrolment)
    let isRecognised = self.isRecognised(enrolment.seat.cohort, completion)
    return edition.outcomes.map { outcome in
      SkillGround(
        skill: outcome, strength: strength, since: completion.day,
        evidence: [completion.eventID], backing: backing, backedSince: since,
        unrecognised: !isRecognised)
    }
  }

  /// What a verified paper says.
  private func submissionGrounds(_ submission: Submission) -> [SkillGround] {
    guard let evidence = submission.evidence else { return [] }
    var (backing, since) = backing(evidence)
    if let until = submission.paper.validUntil, until < day {
      (backing, since) = (.expired, until.adding(days: 1))
    }
    let paper = submission.paper
    let taught = paper.courses.flatMap { outcomes(of: $0, on: paper.awardedOn ?? day) }
    return (paper.skills + taught).map { skill in
      SkillGround(
        skill: skill, strength: paper.assessment?.strength ?? .portfolio,
        since: submission.since.day, evidence: [evidence.event], backing: backing,
        backedSince: since)
    }
  }

  /// What an officer only says counts for nothing; what a supervisor endorsed is the weakest
  /// ground.
  private func claimGrounds(_ claim: SkillClaim) -> [SkillGround] {
    switch claim.status {
    case .claimed, .rejected: return []
    case .endorsed:
      return [
        SkillGround(
          skill: claim.claim.skill, strength: .claimed, since: claim.since.day, evidence: [])
      ]
    case .recognised:
      guard let evidence = claim.evidence else { return [] }
      let (backing, since) = backing(evidence)
      return [
        SkillGround(
          skill: claim.claim.skill, strength: .priorLearning, since: claim.since.day,
          evidence: [evidence.event], backing: backing, backedSince: since)
      ]
    }
  }

  /// What a credential itself says: the skills that it names, and, where it names no evidence,
  /// what its courses teach.
  private func credentialGrounds(_ credential: Credential) -> [SkillGround] {
    let (standing, since) = credential.standing(on: day)
    let terms = credential.terms
    var skills = terms.skills
    if terms.evidence.isEmpty {
      for course in terms.courses { skills += outcomes(of: course, on: terms.awardedOn) }
    }
    func isCited(_ evidence: Evidence?) -> Bool {
      evidence?.isCited(byOneOf: terms.evidence) ?? false
    }
    let resting = enrolments.filter { isCited($0.state.evidence) }
    let others = submissions.filter { isCited($0.state.evidence) }
      .map { $0.state.paper.assessment?.strength ?? Strength.portfolio }
    let recognised = claims.filter { isCited($0.state.evidence) }.map { _ in Strength.priorLearning
    }
    let strongest = (resting.map { strength($0.state) } + others + recognised).max() ?? .attended
    let backing = isWithdrawn(credential) ? .evidenceWithdrawn : standing.backing
    let isUnrecognised = resting.contains { _, state in
      state.completion.map { !isRecognised(state.seat.cohort, $0) } ?? false
    }
    return skills.map { skill in
      SkillGround(
        skill: skill, strength: strongest, since: terms.validFrom, evidence: terms.evidence,
        backing: backing, backedSince: since.day, unrecognised: isUnrecognised)
    }
  }

  /// What a course taught on a day, by its last edition then.
  private func outcomes(of course: Identifier, on day: Day) -> [SkillLevel] {
    let state = sharedStreams.state(of: StreamID(.course, course), on: day, knownAt: position)
    return state?.course?.editions.last?.outcomes ?? []
  }

  /// The credential that rests on an event: the one that is worth most that day.
  ///
  /// One that is not valid yet takes nothing from what it rests on: that stands as it did before the
  /// certificate was written, but where another was revoked.
  func backing(_ evidence: Evidence) -> (Backing, since: Day?) {
    let order: [CredentialStanding] = [
      .valid, .suspended, .expired, .notYetValid, .superseded, .revoked,
    ]
    let standings = credentials.filter { evidence.isCited(byOneOf: $0.state.terms.evidence) }
      .map { $0.state.standing(on: day) }
    guard
      let best = standings.min(by: {
        order.firstIndex(of: $0.status) ?? .max < order.firstIndex(of: $1.status) ?? .max
      })
    else { return (.none, nil) }
    if best.status == .notYetValid {
      let revoked = standings.first { $0.status == .revoked }
      return revoked.map { (.revoked, $0.since.day) } ?? (.none, nil)
    }
    // Of several that expired it was held until the last of them had.
    let since = standings.filter { $0.status == best.status }.map(\.since.day).max()
    return (best.status.backing, since)
  }

  /// How strong a training is, by the marks of its course and of the policy.
  func strength(_ enrolment: Enrolment) -> Strength {
    enrolment.strength(by: policy, passMark: passMark(enrolment))
  }

  /// The pass mark of the edition that was taught.
  func passMark(_ enrolment: Enrolment) -> UInt32 {
    sharedStreams.passMark(of: enrolment.seat.cohort, knownAt: position)
  }

  /// Whether what was passed contradicts its pass mark.
  public func isBelowPassMark(_ enrolment: Enrolment) -> Bool {
    enrolment.shortfall(by: policy, passMark: passMark(enrolment)) != nil
  }

  public func isWithdrawn(_ credential: Credential) -> Bool {
    let standing =
      enrolments.compactMap(\.state.evidence) + submissions.compactMap(\.state.evidence)
      + claims.compactMap(\.state.evidence)
    return !credential.terms.evidence.allSatisfy { id in standing.contains { $0.isCited(by: id) } }
  }

  public func cohort(_ id: Identifier) -> Cohort? {
    sharedStreams.state(of: StreamID(.cohort, id), knownAt: position)?.cohort
  }

  public func isRecognised(_ cohort: Identifier, _ completion: Completion) -> Bool {
    sharedStreams.isRecognised(cohort: cohort, completedOn: completion.day, knownAt: position)
  }
}

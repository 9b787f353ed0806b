import Messages
import Projections
import Registry
import RegistryStorage

/// A line of a profile: every ground there is for the skill, the one that the line rests on first,
/// and of each the events, the credential that backs it and the policy that weighs it.
extension Explanation {
  func lineage(for question: SkillQuestion) throws -> [Lineage.Item] {
    let profile = try Profile(
      of: question.officer, on: day, knownAt: position, from: readModel)
    let asked = SkillLevel(framework: question.framework, skill: question.skill, level: 1)
    let sourced = profile.sourcedGrounds
    let counting = Set(profile.grounds(for: asked, among: sourced.map(\.ground)))
    let grounds = sourced.filter { counting.contains($0.ground) }
    let held = profile.policy.best(of: grounds.map(\.ground), on: day)
    func isAnswer(_ ground: SkillGround) -> Bool {
      held != nil && profile.policy.best(of: [ground], on: day) == held
    }
    var lineage: [Lineage.Item] = []
    var isAnswered = false
    for (stream, ground) in grounds.filter({ isAnswer($0.ground) })
      + grounds.filter({ !isAnswer($0.ground) })
    {
      let answers = !isAnswered && isAnswer(ground)
      lineage += try self.lineage(
        stream, ground, profile, level: answers ? UInt64(ground.skill.level) : nil)
      isAnswered = isAnswered || answers
    }
    lineage += try self.lineage(profile.policy)
    var seen: Set<LogPosition> = []
    return lineage.filter { reason in
      guard case .event(let at, _) = reason else { return true }
      return seen.insert(at).inserted
    }
  }

  /// - Parameter level: of the line that rests on this ground; nil where it rests on another.
  private func lineage(
    _ stream: StreamID, _ ground: SkillGround, _ profile: Profile, level: UInt64?
  ) throws -> [Lineage.Item] {
    var text = level == nil ? "also: " : "the answer rests on this: "
    text += "level \(ground.skill.level), \(ground.strength.name), since \(ground.since.text)"
    if let (holding, lapsedOn) = profile.policy.holding(ground, on: day) {
      text += ", \(holding.name)"
      if let lapsedOn { text += " since \(lapsedOn.text)" }
    } else {
      text = "does not count: the evidence gives level \(ground.skill.level)"
    }
    text += " (\(backing(ground.backing)))"
    if let origin = ground.origin {
      let (from, to) = (origin.skill, ground.skill)
      text += "; it is of \(from.skill.text) level \(from.level), whose place \(to.skill.text) took"
    }
    if ground.unrecognised {
      text += "; unrecognised: nobody authorised the centre for it that day"
    }
    var positions = try ground.evidence.compactMap { try place(of: $0) }
    if positions.isEmpty || stream.kind == .credential {
      // An endorsement is no evidence, and a credential may name none: the event that says so.
      let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
      let said = standing.foldOrder.last { standing.events[$0].body.givesSkill }
      if let said { positions.insert(standing.events[said].metadata.position, at: 0) }
    }
    var lineage: [Lineage.Item] = []
    for (at, place) in positions.enumerated() {
      lineage.append(
        .event(
          place,
          .init(officer: profile.officer, because: text, counts: at == 0 ? level ?? 0 : 0)))
    }
    lineage += try backers(of: stream, ground, profile)
    if stream.kind == .enrolment,
      let state = profile.enrolments.first(where: { $0.id == stream.key })?.state
    {
      lineage += try assessments(stream, state, ground.strength, profile)
      lineage += try training(state, profile.officer)
    }
    return lineage
  }

  private func backing(_ backing: Backing) -> String {
    switch backing {
    case .none: "no credential rests on it"
    case .evidenceWithdrawn: "evidence withdrawn"
    case .valid, .suspended, .expired, .revoked, .superseded, .notYetValid:
      "its credential is \(backing.name)"
    }
  }

  /// The credentials that rest on a ground's events: each issue, and what made it what it is.
  private func backers(
    of stream: StreamID, _ ground: SkillGround, _ profile: Profile
  ) throws -> [Lineage.Item] {
    let state = try readModel.state(of: stream, on: day, knownAt: position)
    let evidence = state?.evidence
    var lineage: [Lineage.Item] = []
    for (id, state) in profile.credentials
    where evidence?.isCited(byOneOf: state.terms.evidence)
      ?? !Set(state.terms.evidence).isDisjoint(with: ground.evidence)
    {
      let stream = StreamID(.credential, id)
      let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
      let (status, since) = state.standing(on: day)
      for at in standing.foldOrder where standing.events[at].metadata.effective <= day {
        let place = standing.events[at].metadata.position
        if case .credential(.issued) = standing.events[at].body {
          let text = "credential \(state.terms.number) of \(state.terms.issuer.text) rests on it"
          lineage.append(.event(place, .init(officer: profile.officer, because: text)))
        } else if place == since.position {
          let text = "makes the credential \(status.status.name) since \(since.day.text)"
          lineage.append(.event(place, .init(officer: profile.officer, because: text)))
        }
      }
    }
    return lineage
  }

  /// The assessments that give a training its strength.
  private func assessments(
    _ stream: StreamID, _ state: Enrolment, _ strength: Strength, _ profile: Profile
  ) throws -> [Lineage.Item] {
    let codes = Set(
      state.assessments.filter { $0.status == .standing && $0.mode.strength == strength }
        .map(\.assessment))
    let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
    return standing.foldOrder.compactMap { at in
      guard case .enrolment(.assessed(let given)) = standing.events[at].body,
        codes.contains(given.assessment)
      else { return nil }
      return .event(
        standing.events[at].metadata.position,
        .init(officer: profile.officer, because: "gives the strength \(strength.name)"))
    }
  }

  /// The policy in force, where one was adopted.
  private func lineage(_ policy: SkillPolicy) throws -> [Lineage.Item] {
    guard let stream = readModel.sharedStreams.registryStream else { return [] }
    let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
    let adopted = standing.foldOrder.last { at in
      guard case .registry(.policyAdopted(let given)) = standing.events[at].body else {
        return false
      }
      return given.version == policy.version
    }
    guard let adopted else { return [] }
    return [
      .event(
        standing.events[adopted].metadata.position,
        .init(because: "policy \(policy.version), by which skills are held that day"))
    ]
  }
}

extension Proposal.Body {
  /// Whether it says of somebody a skill that no other event is the evidence of.
  fileprivate var givesSkill: Bool {
    switch self {
    case .skillClaim(.endorsed), .credential(.issued), .credential(.renewed): true
    case .skillClaim(.claimed), .skillClaim(.rejected), .skillClaim(.priorLearningRecognised),
      .credential(.suspended), .credential(.reinstated), .credential(.superseded),
      .credential(.revoked), .credential(.recognised), .credential(.recognitionWithdrawn):
      false
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .enrolment, .submission, .mandate, .duty, .voided, .restored:
      false
    }
  }
}

extension Strength: Comparable {
  public static func < (a: Strength, b: Strength) -> Bool { a.rawValue < b.rawValue }
}

/// One reason to say that an officer has a skill, as of a day.
public struct SkillGround: Hashable, Sendable {
  public var skill: SkillLevel
  public var strength: Strength
  public var since: Day
  public var evidence: [EventID]
  /// What credential rests on it that day.
  public var backing: Backing
  /// The day from which the backing is so; nil where there is none.
  public var backedSince: Day?
  /// The training was not covered by an authorisation of the centre.
  public var unrecognised: Bool

  public init(
    skill: SkillLevel, strength: Strength, since: Day, evidence: [EventID],
    backing: Backing = .none, backedSince: Day? = nil, unrecognised: Bool = false
  ) {
    self.skill = skill
    self.strength = strength
    self.since = since
    self.evidence = evidence
    self.backing = backing
    self.backedSince = backedSince
    self.unrecognised = unrecognised
  }
}

/// What an officer can do, as of a day.
public struct HeldSkill: Hashable, Sendable {
  public var skill: SkillLevel
  /// Held, flagged or lapsed.
  public var holding: Holding
  public var strength: Strength
  public var since: Day
  public var lapsedOn: Day?
  public var evidence: [EventID]
  public var unrecognised: Bool
}

/// What a skill rests on. The first policy, until another is adopted:
///
/// | ground | credential that day | skill |
/// |---|---|---|
/// | stands | none issued, or valid | held |
/// | stands | suspended | held, flagged |
/// | stands | expired | lapsed, with the day |
/// | stands | revoked, superseded, not yet valid | not by this ground |
/// | withdrawn | any | not held |
public struct SkillPolicy: Hashable, Sendable {
  public let version: UInt32
  private let weights: [Strength: UInt32]
  private let holdings: [Backing: Holding]
  private let passMarks: [AssessmentMode: UInt32]
  private let validityMonths: UInt32

  public static let first = SkillPolicy(nil)

  public init(_ adopted: PolicyAdopted?) {
    version = adopted?.version ?? 1
    var weights: [Strength: UInt32] = [:]
    for strength in Strength.allCases { weights[strength] = strength.rawValue }
    for entry in adopted?.weights ?? [] { weights[entry.strength] = entry.weight }
    self.weights = weights
    var holdings: [Backing: Holding] = [
      .none: .held, .valid: .held, .suspended: .flagged, .expired: .lapsed, .revoked: .notHeld,
      .superseded: .notHeld, .notYetValid: .notHeld, .evidenceWithdrawn: .notHeld,
    ]
    for rule in adopted?.backings ?? [] { holdings[rule.backing] = rule.holding }
    self.holdings = holdings
    var passMarks: [AssessmentMode: UInt32] = [:]
    for mark in adopted?.passMarks ?? [] { passMarks[mark.mode] = mark.passMark }
    self.passMarks = passMarks
    validityMonths = adopted?.validityMonths ?? 0
  }

  /// The mark that an assessment of the mode needs where it names none, in hundredths of a per
  /// cent.
  public func passMark(_ mode: AssessmentMode) -> UInt32 { passMarks[mode] ?? 0 }

  /// What a ground is worth on a day, and since when it has lapsed; nil: nothing.
  public func holding(_ ground: SkillGround, on day: Day) -> (holding: Holding, lapsedOn: Day?)? {
    let holding = holdings[ground.backing] ?? .notHeld
    if ground.backing == .none, validityMonths > 0, holding != .notHeld {
      let end = ground.since.adding(months: Int(validityMonths))
      if end <= day { return (.lapsed, end) }
    }
    switch holding {
    case .held: return (.held, nil)
    case .flagged: return (.flagged, nil)
    case .lapsed: return (.lapsed, ground.backedSince ?? ground.since)
    case .notHeld: return nil
    }
  }

  /// One line a skill: what is held before what is flagged before what has lapsed, then the
  /// highest level, then the ground of most weight, then the earliest, then what lapsed last, then
  /// what is recognised. The order of the grounds does not matter.
  public func skills(from grounds: [SkillGround], on day: Day) -> [HeldSkill] {
    var best: [SkillKey: HeldSkill] = [:]
    for ground in grounds {
      guard let (holding, lapsedOn) = holding(ground, on: day) else { continue }
      let line = HeldSkill(
        skill: ground.skill, holding: holding, strength: ground.strength, since: ground.since,
        lapsedOn: lapsedOn, evidence: ground.evidence, unrecognised: ground.unrecognised)
      let key = SkillKey(framework: ground.skill.framework, skill: ground.skill.skill)
      if let known = best[key], !isBetter(line, than: known) { continue }
      best[key] = line
    }
    return best.values.sorted {
      ($0.skill.framework, $0.skill.skill) < ($1.skill.framework, $1.skill.skill)
    }
  }

  private struct SkillKey: Hashable {
    let framework: Identifier
    let skill: Identifier
  }

  private func isBetter(_ a: HeldSkill, than b: HeldSkill) -> Bool {
    if a.holding != b.holding { return a.holding.rawValue < b.holding.rawValue }
    if a.skill.level != b.skill.level { return a.skill.level > b.skill.level }
    if a.strength != b.strength {
      return (weights[a.strength] ?? 0, a.strength) > (weights[b.strength] ?? 0, b.strength)
    }
    if a.since != b.since { return a.since < b.since }
    if a.lapsedOn != b.lapsedOn {
      return (a.lapsedOn ?? .distantFuture) > (b.lapsedOn ?? .distantFuture)
    }
    if a.unrecognised != b.unrecognised { return b.unrecognised }
    return a.evidence.lexicographicallyPrecedes(b.evidence)
  }
}

extension Enrolment {
  /// The assessment of most weight that stands and was passed; attendance where there is none.
  public func strength(by policy: SkillPolicy) -> Strength {
    assessments.filter {
      $0.status == .standing
        && ($0.score ?? .max) >= ($0.passMark > 0 ? $0.passMark : policy.passMark($0.mode))
    }
    .map(\.mode.strength).max() ?? .attended
  }
}

extension AssessmentMode {
  public var strength: Strength {
    switch self {
    case .proctored: .proctored
    case .practical: .practical
    case .portfolio: .portfolio
    case .unproctored: .unproctored
    }
  }
}

extension CredentialStanding {
  public var backing: Backing {
    switch self {
    case .valid: .valid
    case .suspended: .suspended
    case .expired: .expired
    case .revoked: .revoked
    case .superseded: .superseded
    case .notYetValid: .notYetValid
    }
  }
}

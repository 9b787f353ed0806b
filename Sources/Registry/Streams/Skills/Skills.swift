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
  /// The skill that it is a ground for by itself, where it was carried over to this one.
  public var origin: SkillOrigin?

  public init(
    skill: SkillLevel, strength: Strength, since: Day, evidence: [EventID],
    backing: Backing = .none, backedSince: Day? = nil, unrecognised: Bool = false,
    origin: SkillOrigin? = nil
  ) {
    self.skill = skill
    self.strength = strength
    self.since = since
    self.evidence = evidence
    self.backing = backing
    self.backedSince = backedSince
    self.unrecognised = unrecognised
    self.origin = origin
  }

  /// The same as a ground for another skill.
  public func carried(to skill: SkillLevel, by relation: CrosswalkRelation) -> SkillGround {
    var ground = self
    ground.skill = skill
    ground.origin = SkillOrigin(skill: self.skill, relation: relation)
    return ground
  }
}

/// The skill that another was carried over from, at the level there.
public struct SkillOrigin: Hashable, Sendable {
  public var skill: SkillLevel
  /// How the two stand to each other.
  public var relation: CrosswalkRelation

  public init(skill: SkillLevel, relation: CrosswalkRelation) {
    self.skill = skill
    self.relation = relation
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
  /// Where it was carried over from another skill.
  public var origin: SkillOrigin?
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

  /// What is held of each skill, in the order of their names. The order of the grounds does not
  /// matter.
  ///
  /// The first line of a skill is the `best` of its grounds. A ground that is worth less may reach
  /// further: then it has a line of its own after that, so that for every level there is a line
  /// that says how it is reached. No skill has more lines than there are ways to hold one.
  public func skills(from grounds: [SkillGround], on day: Day) -> [HeldSkill] {
    var bySkill: [SkillKey: [HeldSkill]] = [:]
    for line in grounds.compactMap({ line($0, on: day) }) {
      let key = SkillKey(framework: line.skill.framework, skill: line.skill.skill)
      bySkill[key, default: []].append(line)
    }
    return bySkill.values.flatMap { lines in
      var reached: UInt32?
      return lines.sorted(by: isBetter).filter { line in
        if let reached, line.skill.level <= reached { return false }
        reached = line.skill.level
        return true
      }
    }.sorted {
      ($0.skill.framework, $0.skill.skill, $0.skill.level)
        < ($1.skill.framework, $1.skill.skill, $1.skill.level)
    }
  }

  /// Of all grounds the one that is worth most: what is held before what is flagged before what
  /// has lapsed, then the highest level, then the most weight, then the earliest, then what lapsed
  /// last, then what is recognised, then what is no skill's but its own. Nil: none is worth
  /// anything.
  public func best(of grounds: [SkillGround], on day: Day) -> HeldSkill? {
    grounds.lazy.compactMap { line($0, on: day) }.min(by: isBetter)
  }

  private func line(_ ground: SkillGround, on day: Day) -> HeldSkill? {
    guard let (holding, lapsedOn) = holding(ground, on: day) else { return nil }
    return HeldSkill(
      skill: ground.skill, holding: holding, strength: ground.strength, since: ground.since,
      lapsedOn: lapsedOn, evidence: ground.evidence, unrecognised: ground.unrecognised,
      origin: ground.origin)
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
    if (a.origin == nil) != (b.origin == nil) { return a.origin == nil }
    if a.evidence != b.evidence { return a.evidence.lexicographicallyPrecedes(b.evidence) }
    // The same event may be the ground of two skills that were carried over to one.
    func place(_ line: HeldSkill) -> (Identifier, Identifier, UInt32, Identifier, Identifier) {
      let origin = line.origin?.skill ?? line.skill
      return (
        origin.framework, origin.skill, origin.level, line.skill.framework, line.skill.skill
      )
    }
    if place(a) != place(b) { return place(a) < place(b) }
    return (a.origin?.relation.rawValue ?? 0) < (b.origin?.relation.rawValue ?? 0)
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

/// What a skill rests on, weakest first.
public enum SkillStrength: UInt32, CaseIterable, Comparable, Sendable {
  case claimed = 1
  case attended, unproctored, priorLearning, portfolio, practical, proctored

  public static func < (a: SkillStrength, b: SkillStrength) -> Bool { a.rawValue < b.rawValue }
}

public enum SkillHolding: UInt32, CaseIterable, Sendable {
  case held = 1
  /// Its credential is suspended.
  case flagged
  /// Its credential has run out.
  case lapsed
}

/// One reason to say that an officer has a skill, as of a day.
public struct SkillGround: Hashable, Sendable {
  /// What credential rests on it that day.
  public enum Backing: Hashable, Sendable {
    /// None was issued.
    case none
    case credential(CredentialStanding, since: Day)
  }

  public var skill: SkillLevel
  public var strength: SkillStrength
  public var since: Day
  public var evidence: [EventID]
  public var backing: Backing
  /// The training was not covered by an authorisation of the centre.
  public var unrecognised: Bool

  public init(
    skill: SkillLevel, strength: SkillStrength, since: Day, evidence: [EventID], backing: Backing,
    unrecognised: Bool
  ) {
    self.skill = skill
    self.strength = strength
    self.since = since
    self.evidence = evidence
    self.backing = backing
    self.unrecognised = unrecognised
  }
}

/// What an officer can do, as of a day.
public struct HeldSkill: Hashable, Sendable {
  public var skill: SkillLevel
  public var holding: SkillHolding
  public var strength: SkillStrength
  public var since: Day
  public var lapsedOn: Day?
  public var evidence: [EventID]
  public var unrecognised: Bool
}

/// The first policy of what a skill rests on.
///
/// | ground | credential that day | skill |
/// |---|---|---|
/// | stands | none issued, or valid | held |
/// | stands | suspended | held, flagged |
/// | stands | expired | lapsed, with the day |
/// | stands | revoked, superseded, not yet valid | not by this ground |
/// | withdrawn | any | not held |
public enum SkillPolicy {
  public static let version: UInt32 = 1

  static func holding(_ ground: SkillGround) -> (holding: SkillHolding, lapsedOn: Day?)? {
    switch ground.backing {
    case .none, .credential(.valid, _): (.held, nil)
    case .credential(.suspended, _): (.flagged, nil)
    case .credential(.expired, let since): (.lapsed, since)
    case .credential(.revoked, _), .credential(.superseded, _), .credential(.notYetValid, _): nil
    }
  }

  /// One line a skill: what is held before what is flagged before what has lapsed, then the
  /// highest level, then the strongest ground, then the earliest, then what lapsed last, then what
  /// is recognised. The order of the grounds does not matter.
  public static func skills(from grounds: [SkillGround]) -> [HeldSkill] {
    var best: [SkillKey: HeldSkill] = [:]
    for ground in grounds {
      guard let (holding, lapsedOn) = holding(ground) else { continue }
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

  private static func isBetter(_ a: HeldSkill, than b: HeldSkill) -> Bool {
    if a.holding != b.holding { return a.holding.rawValue < b.holding.rawValue }
    if a.skill.level != b.skill.level { return a.skill.level > b.skill.level }
    if a.strength != b.strength { return a.strength > b.strength }
    if a.since != b.since { return a.since < b.since }
    if a.lapsedOn != b.lapsedOn {
      return (a.lapsedOn ?? .distantFuture) > (b.lapsedOn ?? .distantFuture)
    }
    if a.unrecognised != b.unrecognised { return b.unrecognised }
    return a.evidence.lexicographicallyPrecedes(b.evidence)
  }
}

extension Enrolment {
  /// The strongest assessment that stands and was passed; attendance where there is none.
  public var strength: SkillStrength {
    assessments.filter { $0.status == .standing && ($0.score ?? .max) >= $0.passMark }
      .map(\.mode.strength).max() ?? .attended
  }
}

extension AssessmentMode {
  var strength: SkillStrength {
    switch self {
    case .proctored: .proctored
    case .practical: .practical
    case .portfolio: .portfolio
    case .unproctored: .unproctored
    }
  }
}

/// What makes a crosswalk sane. It carries a profile from the framework that asserts it to the
/// other, and an exact one back as well.
extension Crosswalk {
  /// The level of the other skill that a level of the own one is worth; nil: none.
  ///
  /// Where no pair is given, an exact or close match carries the level as it is, a broad one (the
  /// other skill is the broader) gives level 1, and a narrow or merely related one nothing. Only
  /// an exact or close match may raise a level, and only by a pair.
  public func carried(_ level: UInt32) -> UInt32? {
    let pair = levels.filter { $0.level <= level }.max { $0.level < $1.level }
    switch relation {
    case .exact, .close: return levels.isEmpty ? level : pair?.otherLevel
    case .broad: return levels.isEmpty ? 1 : pair.map { min($0.otherLevel, $0.level) }
    case .narrow: return pair.map { min($0.otherLevel, $0.level) }
    case .related: return nil
    }
  }

  /// The level of the own skill that a level of the other one is worth; nil: none.
  ///
  /// Only an exact match goes both ways. Where several own levels give the same there, it is worth
  /// the least of them.
  public func carriedBack(_ level: UInt32) -> UInt32? {
    guard relation == .exact else { return nil }
    guard !levels.isEmpty else { return level }
    return levels.filter { $0.otherLevel <= level }
      .max { ($0.otherLevel, $1.level) < ($1.otherLevel, $0.level) }?.level
  }

  private static let field = "framework.crosswalk_asserted.crosswalk"

  /// Judges the crosswalk by itself: a higher level never gives a lower one, and a broader or
  /// narrower skill is never given at a higher level than the own one was held at.
  func check(
    from own: Skill, in framework: Identifier, given context: some DecisionContext
  ) throws(Rejection) {
    guard otherFramework != framework else {
      throw Rejection(
        .inconsistent,
        "A crosswalk leads to another framework; within one, record "
          + "`skill_replaced`.", field: "\(Self.field).other_framework")
    }
    if relation == .related, !levels.isEmpty {
      throw Rejection(
        .inconsistent,
        "A related skill is not the same skill in part, so no level carries over: "
          + "leave `levels` out or choose another relation.", field: "\(Self.field).levels")
    }
    var last: LevelPair?
    for pair in levels.sorted(by: { $0.level < $1.level }) {
      try Self.check(pair.level, of: own, "level")
      if let last, last.level == pair.level {
        throw Rejection(
          .inconsistent, "Level \(pair.level) is given twice.", field: "\(Self.field).levels")
      }
      if let last, last.otherLevel > pair.otherLevel {
        throw Rejection(
          .inconsistent,
          "Level \(pair.level) would give less (\(pair.otherLevel)) than level \(last.level) does "
            + "(\(last.otherLevel)).", field: "\(Self.field).levels")
      }
      if relation == .broad, pair.otherLevel > pair.level {
        throw Rejection(
          .inconsistent,
          "A broader match never raises a level: \(pair.level) would become "
            + "\(pair.otherLevel).", field: "\(Self.field).levels")
      }
      // Earlier rules let it in, and what was recorded by them is not taken back.
      if relation == .narrow, pair.otherLevel > pair.level, context.checksReferences {
        throw Rejection(
          .inconsistent,
          "A narrower match never raises a level: \(pair.level) would become "
            + "\(pair.otherLevel).", field: "\(Self.field).levels")
      }
      last = pair
    }
  }

  /// Judges what the crosswalk leads to.
  func checkOther(given context: some DecisionContext) throws(Rejection) {
    guard context.checksReferences else { return }
    guard let framework = context.framework(otherFramework, on: .distantFuture) else {
      throw Rejection(
        .noSuchReference, "There is no framework \(otherFramework.text): record it first.",
        field: "\(Self.field).other_framework")
    }
    guard let known = framework.skills[otherSkill] else {
      throw Rejection(
        .noSuchReference,
        "The framework \(otherFramework.text) has no skill \(otherSkill.text).",
        field: "\(Self.field).other_skill")
    }
    for pair in levels { try Self.check(pair.otherLevel, of: known.skill, "other_level") }
  }

  private static func check(
    _ level: UInt32, of skill: Skill, _ name: String
  ) throws(Rejection) {
    let highest = max(skill.levels, 1)
    guard (1...highest).contains(level) else {
      throw Rejection(
        .inconsistent, "The skill \(skill.code.text) has levels 1 to \(highest), not \(level).",
        field: "\(field).levels.\(name)")
    }
  }
}

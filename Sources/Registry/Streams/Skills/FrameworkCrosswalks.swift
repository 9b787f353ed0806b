/// What makes a crosswalk sane. It carries a profile from the framework that asserts it to the
/// other.
extension Crosswalk {
  /// The level of the other skill that a level of the own one is worth; nil: none.
  ///
  /// Where no pair is given, an exact or close match carries the level as it is, a narrower one
  /// level 1, and a broader or a merely related one nothing: a broader match never raises a level.
  public func carried(_ level: UInt32) -> UInt32? {
    if let pair = levels.filter({ $0.level <= level }).max(by: { $0.level < $1.level }) {
      return pair.otherLevel
    }
    guard levels.isEmpty else { return nil }
    switch relation {
    case .exact, .close: return level
    case .broad: return 1
    case .narrow, .related: return nil
    }
  }

  private static let field = "framework.crosswalk_asserted.crosswalk"

  /// Judges the crosswalk by itself: a higher level never gives a lower one, and a broader skill is
  /// never given at a higher level than the narrower one was held at.
  func check(from own: Skill, in framework: Identifier) throws(Rejection) {
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

import Messages
import Registry

/// A ground with the stream that it comes from.
public typealias SourcedGround = (stream: StreamID, ground: SkillGround)

/// What an officer's skills rest on, and whether one is held: every answer about skills is read off
/// here, so that they agree.
extension Profile {
  /// Every reason there is to say that the officer has a skill, or had one, by itself or because
  /// the skill took another's place.
  public var sourcedGrounds: [SourcedGround] {
    let own = ownGrounds
    var frameworks: [Identifier: Framework] = [:]
    for id in Set(own.map(\.ground.skill.framework)) { frameworks[id] = framework(id) }
    return own
      + own.flatMap { stream, ground in
        let carried = frameworks[ground.skill.framework].map(ground.carried(through:)) ?? []
        return carried.map { (stream, $0) }
      }
  }

  public var grounds: [SkillGround] { sourcedGrounds.map(\.ground) }

  /// The skills by the policy in force.
  public var skills: [HeldSkill] { policy.skills(from: grounds, on: day) }

  /// The grounds that count for a skill: its own, and those of the skills that took its place.
  public func grounds(for wanted: SkillLevel, among grounds: [SkillGround]) -> [SkillGround] {
    let meant = names(of: wanted)
    return grounds.filter {
      $0.skill.framework == wanted.framework && meant.contains($0.skill.skill)
    }
  }

  /// A skill as it is held at a level or a higher one, by the best ground that reaches it; nil: it
  /// is not held, or has lapsed.
  ///
  /// - Parameters:
  ///   - grounds: the profile's, computed once by who asks for several skills.
  ///   - strength: what rests on less does not count.
  public func held(
    _ wanted: SkillLevel, among grounds: [SkillGround], strengthAtLeast strength: Strength? = nil
  ) -> HeldSkill? {
    // Neither a higher level by weaker evidence nor a lower one that is worth more may hide what
    // reaches the level.
    let counting = self.grounds(for: wanted, among: grounds).filter {
      $0.skill.level >= wanted.level && $0.strength >= strength ?? .claimed
    }
    guard let held = policy.best(of: counting, on: day) else { return nil }
    switch held.holding {
    case .held, .flagged: return held
    case .lapsed, .notHeld: return nil
    }
  }

  /// What there is of a skill at any level, also where it has lapsed.
  public func anyLevel(of wanted: SkillLevel, among grounds: [SkillGround]) -> HeldSkill? {
    policy.best(of: self.grounds(for: wanted, among: grounds), on: day)
  }

  /// A skill and those that took its place: who asks for what was replaced means these.
  private func names(of wanted: SkillLevel) -> [Identifier] {
    [wanted.skill] + (framework(wanted.framework)?.successors(of: wanted.skill) ?? [])
  }

  /// A framework as it was on the day.
  private func framework(_ id: Identifier) -> Framework? {
    sharedStreams.state(of: StreamID(.framework, id), on: day, knownAt: position)?.framework
  }

  /// The skill of its framework as it was on the day: whether it was deprecated or replaced.
  public func known(_ skill: SkillLevel) -> FrameworkSkill? {
    framework(skill.framework)?.skills[skill.skill]
  }

  // MARK: to another framework

  /// The skills with what crosswalks carry over from other frameworks to one: a carried line is
  /// there only where the skill is not held in its own right.
  public func skills(into framework: Identifier) -> [HeldSkill] {
    let grounds = grounds
    let own = policy.skills(from: grounds, on: day)
    return own + carried(into: framework, beside: own, among: grounds)
  }

  /// What crosswalks alone carry over to a framework; each names the skill of the other framework
  /// that it comes from.
  ///
  /// - Parameters:
  ///   - own: the profile's skills, and `grounds` what they rest on: computed once by who asks for
  ///     several frameworks.
  func carried(
    into framework: Identifier, beside own: [HeldSkill], among grounds: [SkillGround]
  ) -> [HeldSkill] {
    let knows = Set(own.filter { $0.skill.framework == framework }.map(\.skill.skill))
    let others = grounds.filter { $0.skill.framework != framework }
    let ways = ways(from: Set(others.map(\.skill.framework)), to: framework)
    let carried = others.flatMap { ground in
      (ways[ground.skill.framework]?[ground.skill.skill] ?? []).compactMap { way -> SkillGround? in
        guard !knows.contains(way.skill), let level = way.level(ground.skill.level) else {
          return nil
        }
        return ground.carried(
          to: SkillLevel(framework: framework, skill: way.skill, level: level), by: way.relation)
      }
    }
    let target = self.framework(framework)
    let onwards = carried.flatMap { ground in
      (target.map(ground.carried(through:)) ?? []).filter { !knows.contains($0.skill.skill) }
        .map { replacing in
          // What is told is where it was held, not the skill here that was replaced.
          var onwards = replacing
          onwards.origin = ground.origin
          return onwards
        }
    }
    return policy.skills(from: carried + onwards, on: day)
  }

  /// How a skill is carried over to another framework.
  private struct Way {
    /// The skill there.
    var skill: Identifier
    var relation: CrosswalkRelation
    /// The level there; nil: none.
    var level: (UInt32) -> UInt32?
  }

  /// The ways from some frameworks to another, by framework and skill: their crosswalks to it, and
  /// its exact ones to them. Looked through once, since there may be tens of thousands.
  private func ways(
    from others: Set<Identifier>, to target: Identifier
  ) -> [Identifier: [Identifier: [Way]]] {
    var found: [Identifier: [Identifier: [Way]]] = [:]
    for other in others {
      for crosswalk in framework(other)?.crosswalks ?? []
      where crosswalk.otherFramework == target {
        found[other, default: [:]][crosswalk.skill, default: []].append(
          Way(skill: crosswalk.otherSkill, relation: crosswalk.relation, level: crosswalk.carried))
      }
    }
    for crosswalk in framework(target)?.crosswalks ?? []
    where crosswalk.relation == .exact && others.contains(crosswalk.otherFramework) {
      found[crosswalk.otherFramework, default: [:]][crosswalk.otherSkill, default: []].append(
        Way(skill: crosswalk.skill, relation: .exact, level: crosswalk.carriedBack))
    }
    return found
  }
}

extension CarriedFrom {
  init(_ origin: SkillOrigin) {
    self.init(
      framework: origin.skill.framework, skill: origin.skill.skill, level: origin.skill.level,
      relation: origin.relation)
  }
}

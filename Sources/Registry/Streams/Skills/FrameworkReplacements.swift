// A skill that was replaced goes on in its successor, as if an exact crosswalk led there: its level
// is carried as it is, but no higher than the successor goes.

extension Framework {
  /// The skills that took a skill's place, the next first. A chain that corrections made go round
  /// ends before it comes to the same skill again.
  public func successors(of code: Identifier) -> [Identifier] {
    var found: [Identifier] = []
    var next = skills[code]?.replacedBy
    while let successor = next, successor != code, !found.contains(successor),
      let known = skills[successor]
    {
      found.append(successor)
      next = known.replacedBy
    }
    return found
  }

  /// The skills whose place a skill took, directly or through others.
  public func predecessors(of code: Identifier) -> [Identifier] {
    skills.lazy.filter { $0.replacedBy != nil && successors(of: $0.skill.code).contains(code) }
      .map(\.skill.code)
  }

  /// The level of a successor that a level of what it replaced is worth.
  func carried(_ level: UInt32, to successor: Identifier) -> UInt32 {
    min(level, max(skills[successor]?.skill.levels ?? 1, 1))
  }
}

extension SkillGround {
  /// The same ground for each skill that took the place of its own.
  public func carried(through framework: Framework) -> [SkillGround] {
    var level = skill.level
    return framework.successors(of: skill.skill).map { successor in
      level = framework.carried(level, to: successor)
      return carried(
        to: SkillLevel(framework: skill.framework, skill: successor, level: level), by: .exact)
    }
  }
}

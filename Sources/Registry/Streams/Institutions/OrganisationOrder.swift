/// Where an organisation stands on a day: under its parent; once it was merged, where the one that
/// it was merged into stands; once it was split, where all of its parts do, since nobody can tell
/// which part somebody went to who was not posted anew.
extension Organisation {
  /// An organisation and all that it stands below, the nearest first.
  ///
  /// - Parameter state: an organisation's state on the day.
  public static func superiors(
    of organisation: Identifier, _ state: (Identifier) -> Organisation?
  ) -> [Identifier] {
    var walk = SuperiorWalk()
    return walk.from(organisation, state)
  }

  /// Whether an organisation is another, or stands below it.
  public static func isBelow(
    _ organisation: Identifier, _ above: Identifier, _ state: (Identifier) -> Organisation?
  ) -> Bool {
    organisation == above || superiors(of: organisation, state).contains(above)
  }

  /// Organisations that are looked at for one, at most: splits of splits would be many.
  static let walkMax = 1024
}

private struct SuperiorWalk {
  private var visited: Set<Identifier> = []
  private var looked = 0

  mutating func from(
    _ organisation: Identifier, _ state: (Identifier) -> Organisation?
  ) -> [Identifier] {
    var found: [Identifier] = []
    var current: Identifier? = organisation
    while let next = current, looked < Organisation.walkMax {
      looked += 1
      let known = state(next)
      // What was merged or split into something below it stands where it always stood: the second
      // time that it is met, by its parent.
      let successors = visited.insert(next).inserted ? known?.successors ?? [] : []
      if !found.contains(next) { found.append(next) }
      if successors.count > 1 {
        return found + shared(by: successors, state).filter { !found.contains($0) }
      }
      current = successors.first ?? known?.parent
    }
    return found
  }

  /// What all of a split organisation's parts stand below.
  private mutating func shared(
    by parts: [Identifier], _ state: (Identifier) -> Organisation?
  ) -> [Identifier] {
    let before = visited
    var common: [Identifier]?
    for part in parts {
      visited = before
      let way = from(part, state)
      common = common.map { $0.filter(way.contains) } ?? way
    }
    return common ?? []
  }
}

import Registry

/// Crosswalks from a CSV of `skill,relation,other_framework,other_skill,level,other_level`: the
/// rows of one pair of skills are one crosswalk, each with a pair of levels, or one without.
package struct CrosswalkFile: Sendable {
  package struct Entry: Sendable {
    /// Of its first row.
    package var line: Int
    package var crosswalk: Crosswalk
  }

  package private(set) var entries: [Entry] = []
  package private(set) var problems: [(line: Int, problem: Rejection)] = []

  static let columns: [(name: String, required: Bool)] = [
    ("skill", true), ("relation", true), ("other_framework", true), ("other_skill", true),
    ("level", false), ("other_level", false),
  ]
  /// Rows of one file.
  package static let rowsMax = 100_000

  private struct Key: Hashable {
    var skill: Identifier
    var framework: Identifier
    var other: Identifier
  }

  /// - Parameter id: the framework that the crosswalks lead from.
  /// - Throws: `FileFormatFailure`, also where skills of that framework lead back to themselves: half
  ///   of a ring would be taken for what is meant.
  package init(_ source: TextDecoder, from id: Identifier) throws {
    var sheet = try SheetReader(source)
    try sheet.expect(Self.columns)
    var places: [Key: Int] = [:]
    var spoiled: Set<Key> = []
    var count = 0
    while let row = try sheet.next() {
      count += 1
      guard count <= Self.rowsMax else {
        throw FileFormatFailure("The file has more than \(Self.rowsMax) rows.")
      }
      var key: Key?
      do throws(Rejection) {
        try row.check(Self.columns)
        guard let skill = try row.identifier("skill"),
          let other = try row.identifier("other_skill"),
          let framework = try row.identifier("other_framework")
        else { continue }
        let named = Key(skill: skill, framework: framework, other: other)
        key = named
        let relation = try Self.relation(row)
        let pair = try Self.pair(row)
        guard let at = places[named] else {
          places[named] = entries.count
          entries.append(
            Entry(
              line: row.line,
              crosswalk: Crosswalk(
                skill: skill, relation: relation, otherFramework: framework, otherSkill: other,
                levels: pair.map { [$0] } ?? [])))
          continue
        }
        guard entries[at].crosswalk.relation == relation else {
          throw Rejection(
            .inconsistent,
            "Line \(entries[at].line) has the same two skills with another relation.",
            field: "relation")
        }
        guard let pair, entries[at].crosswalk.levels.count < 20 else {
          throw Rejection(
            .inconsistent, "Line \(entries[at].line) has the same two skills already.")
        }
        entries[at].crosswalk.levels.append(pair)
      } catch {
        problems.append((row.line, error))
        if let key { spoiled.insert(key) }
      }
    }
    // Half of a level map is another map.
    for key in spoiled {
      guard let at = places[key] else { continue }
      problems.append(
        (
          entries[at].line,
          Rejection(.inconsistent, "Another row of the same two skills could not be taken.")
        ))
    }
    let dropped = Set(spoiled.compactMap { places[$0] })
    entries = entries.enumerated().filter { !dropped.contains($0.offset) }.map(\.element)
    problems.sort { $0.line < $1.line }
    try refuseRings(in: id)
  }

  /// A skill is not broader than one that is broader than it, nor anything of itself.
  private func refuseRings(in id: Identifier) throws(FileFormatFailure) {
    var broader: [Identifier: [Identifier]] = [:]
    for entry in entries where entry.crosswalk.otherFramework == id {
      let (skill, other) = (entry.crosswalk.skill, entry.crosswalk.otherSkill)
      guard skill != other else {
        throw FileFormatFailure("Line \(entry.line) leads from skill \(skill.text) to itself.")
      }
      switch entry.crosswalk.relation {
      case .broad: broader[skill, default: []].append(other)
      case .narrow: broader[other, default: []].append(skill)
      case .exact, .close, .related: break
      }
    }
    var settled: Set<Identifier> = []
    for start in broader.keys.sorted() where !settled.contains(start) {
      // The way up so far, with what is left to be tried at each step.
      var path: [(skill: Identifier, left: ArraySlice<Identifier>)] = [
        (start, broader[start, default: []][...])
      ]
      var places = [start: 0]
      while let step = path.last {
        guard let next = step.left.first else {
          settled.insert(step.skill)
          path.removeLast()
          places[step.skill] = nil
          continue
        }
        path[path.endIndex - 1].left.removeFirst()
        if let begins = places[next] {
          let ring = (path[begins...].map(\.skill) + [next]).map(\.text)
          throw FileFormatFailure(
            "Each of these skills is said to be narrower than the next, in a ring: "
              + "\(ring.joined(separator: " → ")).")
        }
        guard !settled.contains(next) else { continue }
        places[next] = path.count
        path.append((next, broader[next, default: []][...]))
      }
    }
  }

  private static func relation(_ row: SheetRow) throws(Rejection) -> CrosswalkRelation {
    let text = row["relation"] ?? ""
    let name = text.lowercased().replacing("match", with: "").replacing("skos:", with: "")
    guard let relation = CrosswalkRelation.allCases.first(where: { $0.name == name }) else {
      throw Rejection(
        .malformed,
        "\"\(text)\" is no relation: "
          + CrosswalkRelation.allCases.map(\.name).joined(separator: ", ") + ".",
        field: "relation")
    }
    return relation
  }

  private static func pair(_ row: SheetRow) throws(Rejection) -> LevelPair? {
    func level(_ column: String) throws(Rejection) -> UInt32? {
      guard let text = row[column] else { return nil }
      guard let level = UInt32(text), (1...20).contains(level) else {
        throw Rejection(.malformed, "\"\(text)\" is no level, from 1 to 20.", field: column)
      }
      return level
    }
    switch (try level("level"), try level("other_level")) {
    case (nil, nil): return nil
    case (let level?, let other?): return LevelPair(level: level, otherLevel: other)
    default:
      throw Rejection(.malformed, "A pair of levels needs both.", field: "other_level")
    }
  }
}

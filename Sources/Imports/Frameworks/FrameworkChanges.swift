import Messages
import Registry

/// What a file adds to a framework that the registry may have already.
package struct FrameworkChanges: Sendable {
  package struct Change: Sendable {
    package var line: Int
    package var event: Result<FrameworkEvent, Rejection>
  }

  /// What mends an event that stands: a title, an area or levels that were wrong, or a deprecation
  /// of what is in the file again.
  package struct Mending: Sendable {
    package var line: Int
    /// The event that is mended.
    package var corrects: EventID
    package var effective: Day
    package var body: Proposal.Body
  }

  package private(set) var changes: [Change] = []
  package private(set) var mended: [Mending] = []

  /// What may be done beside adding skills.
  package struct Allowed: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }
    /// Skills that the file has not are deprecated, also when they are more than a tenth.
    package static let deprecation = Self(rawValue: 1)
    /// What the file says otherwise of skills was wrong before.
    package static let correction = Self(rawValue: 2)
  }

  /// Skills of one event.
  static let skillsOfEventMax = 2000

  /// - Parameters:
  ///   - published: what a framework that is not there yet begins with; its skills are the file's.
  ///   - history: the events of the framework that stand; needed only to mend them.
  ///   - fits: whether an event is short enough to be recorded.
  package init(
    _ file: FrameworkFile, published: FrameworkPublished, in known: Framework?,
    history: [Proposal] = [], allowed: Allowed = [], fits: (FrameworkEvent) -> Bool = { _ in true }
  ) {
    for (line, problem) in file.problems {
      changes.append(Change(line: line, event: .failure(problem)))
    }
    // Half a framework would be taken for the whole.
    guard let known else {
      guard file.problems.isEmpty else { return }
      publish(file, published, fits)
      addReplacements(file, known: [:])
      return
    }
    let skills = Dictionary(known.skills.map { ($0.skill.code, $0) }) { a, _ in a }
    if known.version != published.version {
      reject(
        1,
        "The registry has version \(known.version) under this id: publish version "
          + "\(published.version) under an id of its own.")
      return
    }
    var others: [(row: FrameworkFile.Row, before: Skill)] = []
    for row in file.rows {
      guard let before = skills[row.skill.code] else {
        add(row.line, .skillAdded(FrameworkSkillAdded(skill: row.skill)))
        continue
      }
      if before.skill != row.skill { others.append((row, before.skill)) }
      if before.deprecated, before.replacedBy == nil, row.replacedBy == nil {
        bringBack(row, history)
      }
    }
    if allowed.contains(.correction) {
      correct(others, history)
    } else {
      for (row, before) in others { reject(row.line, Self.difference(row.skill, before)) }
    }
    addReplacements(file, known: skills)
    // What could not be read may be what seems to be missing.
    guard file.problems.isEmpty else { return }
    deprecate(file, known, allowed)
  }

  /// One event, or the skills that no longer fit into it one by one after it.
  private mutating func publish(
    _ file: FrameworkFile, _ published: FrameworkPublished, _ fits: (FrameworkEvent) -> Bool
  ) {
    var whole = published
    let skills = file.rows.map(\.skill)
    whole.skills = Array(skills.prefix(Self.skillsOfEventMax))
    if !fits(.published(whole)) {
      // The most that fit.
      var (low, high) = (0, whole.skills.count)
      while low + 1 < high {
        let middle = (low + high) / 2
        whole.skills = Array(skills.prefix(middle))
        if fits(.published(whole)) { low = middle } else { high = middle }
      }
      whole.skills = Array(skills.prefix(low))
    }
    add(file.rows.first?.line ?? 1, .published(whole))
    for row in file.rows.dropFirst(whole.skills.count) {
      add(row.line, .skillAdded(FrameworkSkillAdded(skill: row.skill)))
    }
  }

  /// What is in the file again was never gone: the deprecation is voided.
  private mutating func bringBack(_ row: FrameworkFile.Row, _ history: [Proposal]) {
    for event in history {
      guard case .framework(.skillDeprecated(let given)) = event.body,
        given.skill == row.skill.code
      else { continue }
      mended.append(
        Mending(
          line: row.line, corrects: event.eventID, effective: event.effective,
          body: .voided(Voided())))
    }
  }

  /// Corrects the events that say something else of skills than the file does, each once.
  private mutating func correct(
    _ others: [(row: FrameworkFile.Row, before: Skill)], _ history: [Proposal]
  ) {
    guard !others.isEmpty else { return }
    let wanted = Dictionary(others.map { ($0.row.skill.code, $0.row) }) { a, _ in a }
    var found: Set<Identifier> = []
    for event in history {
      var line: Int?
      var body = event.body
      // No other event says what a skill is called.
      if case .framework(.published(var given)) = event.body {
        for (at, skill) in given.skills.enumerated() {
          guard let row = wanted[skill.code], found.insert(skill.code).inserted else { continue }
          given.skills[at] = row.skill
          line = line ?? row.line
        }
        body = .framework(.published(given))
      } else if case .framework(.skillAdded(let given)) = event.body,
        let row = wanted[given.skill.code], found.insert(given.skill.code).inserted
      {
        (body, line) = (.framework(.skillAdded(FrameworkSkillAdded(skill: row.skill))), row.line)
      }
      guard let line else { continue }
      mended.append(
        Mending(line: line, corrects: event.eventID, effective: event.effective, body: body))
    }
    for (row, before) in others where !found.contains(row.skill.code) {
      reject(row.line, Self.difference(row.skill, before))
    }
  }

  private static func difference(_ skill: Skill, _ before: Skill) -> String {
    func spelled(_ skill: Skill) -> String {
      "\"\(skill.title)\", \(max(skill.levels, 1)) levels"
        + (skill.area.isEmpty ? "" : ", area \"\(skill.area)\"")
    }
    return "Skill \(skill.code.text) is \(spelled(before)) in the registry and \(spelled(skill)) "
      + "here: where the registry is wrong, --correct corrects it; a skill that means something else "
      + "needs a code of its own."
  }

  private mutating func deprecate(_ file: FrameworkFile, _ known: Framework, _ allowed: Allowed) {
    let named = Set(file.rows.map(\.skill.code))
    let current = known.skills.filter { !$0.deprecated }
    let gone = current.filter { !named.contains($0.skill.code) }
    guard
      allowed.contains(.deprecation)
        || gone.count * 10 <= current.count && !file.rows.isEmpty || gone.isEmpty
    else {
      let rest =
        file.rows.isEmpty
        ? "The file has no skill, and the registry has \(current.count)"
        : "\(gone.count) of the registry's \(current.count) skills are not in the file"
      return reject(
        1,
        rest + ": is it whole? None is deprecated; with --deprecate they are.")
    }
    for skill in gone {
      add(1, .skillDeprecated(FrameworkSkillDeprecated(skill: skill.skill.code)))
    }
  }

  private mutating func addReplacements(
    _ file: FrameworkFile, known: [Identifier: FrameworkSkill]
  ) {
    for row in file.rows {
      guard let by = row.replacedBy, known[row.skill.code]?.replacedBy != by else { continue }
      add(row.line, .skillReplaced(FrameworkSkillReplaced(skill: row.skill.code, by: by)))
    }
  }

  private mutating func add(_ line: Int, _ event: FrameworkEvent) {
    changes.append(Change(line: line, event: .success(event)))
  }

  private mutating func reject(_ line: Int, _ sentence: String) {
    changes.append(Change(line: line, event: .failure(Rejection(.inconsistent, sentence))))
  }
}

import Failures
import JSON
import Messages
import Registry

/// A framework of skills from a file: a CSV of `code,title,levels,area` and, where a skill gave way
/// to another, `replaced_by`; or JSON, a list of such objects or an object whose `skills` is one.
///
/// Of a CSV, the lines before the head that begin with # may say `title`, `version`, `licence`,
/// `source` and `published`, each after a colon; of JSON, its members of those names.
package struct FrameworkFile: Sendable {
  package struct Row: Sendable {
    package var line: Int
    package var skill: Skill
    package var replacedBy: Identifier?
  }

  /// Bytes of the whole file.
  package static let lengthMax = 4 << 20
  package static let skillsMax = 2000

  package private(set) var rows: [Row] = []
  /// What the file says of itself, by lower-case names.
  package private(set) var about: [String: String] = [:]
  package private(set) var problems: [(line: Int, problem: Rejection)] = []

  static let columns: [(name: String, required: Bool)] = [
    ("code", true), ("title", true), ("levels", false), ("area", false), ("replaced_by", false),
  ]

  package init(_ bytes: [UInt8]) throws {
    guard bytes.count <= Self.lengthMax else {
      throw FileFormatFailure("The file has more than \(Self.lengthMax) bytes.")
    }
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      try readJSON(bytes)
    } else {
      try readSheet(bytes)
    }
    var codes: [Identifier: Int] = [:]
    for row in rows {
      if let line = codes.updateValue(row.line, forKey: row.skill.code) {
        problems.append(
          (
            row.line,
            Rejection(
              .alreadyTaken, "The code \(row.skill.code.text) stands in line \(line) already.",
              field: "code")
          ))
      }
    }
    guard rows.count <= Self.skillsMax else {
      throw FileFormatFailure("The file has more than \(Self.skillsMax) skills.")
    }
  }

  private mutating func readSheet(_ bytes: [UInt8]) throws {
    var sheet = try SheetReader(TextDecoder(bytes))
    try sheet.expect(Self.columns)
    for remark in sheet.remarks {
      guard let colon = remark.firstIndex(of: ":") else { continue }
      let name = remark[..<colon].lowercased()
      about[name.trimmed] = String(remark[remark.index(after: colon)...]).trimmed
    }
    while let row = try sheet.next() {
      do throws(Rejection) {
        try row.check(Self.columns)
        guard let code = row["code"], let title = row["title"] else { continue }
        try add(
          row.line, code, title, levels: row["levels"] ?? "", area: row["area"] ?? "",
          replacedBy: row["replaced_by"])
      } catch {
        problems.append((row.line, error))
      }
    }
  }

  private mutating func readJSON(_ bytes: [UInt8]) throws {
    let json: JSONText
    do { json = try JSONText(bytes) } catch {
      throw FileFormatFailure("The file \(error.reason).", cause: Cause(error))
    }
    guard case .array(let skills) = json["skills"] ?? json else {
      throw FileFormatFailure("The file is neither a list of skills nor an object with `skills`.")
    }
    if case .object(let members) = json {
      for case (let name, .string(let text)) in members { about[name.lowercased()] = text }
    }
    for (at, skill) in skills.enumerated() {
      func text(_ name: String) -> String? {
        switch skill[name] {
        case .string(let text), .number(let text): text
        case .object, .array, .bool, .null, nil: nil
        }
      }
      do throws(Rejection) {
        guard let code = text("code"), let title = text("title") else {
          throw Rejection(.malformed, "The skill needs a code and a title.")
        }
        try add(
          at + 1, code, title, levels: text("levels") ?? "", area: text("area") ?? "",
          replacedBy: text("replaced_by"))
      } catch {
        problems.append((at + 1, error))
      }
    }
  }

  private mutating func add(
    _ line: Int, _ code: String, _ title: String, levels: String, area: String,
    replacedBy: String?
  ) throws(Rejection) {
    func identifier(_ text: String, _ field: String) throws(Rejection) -> Identifier {
      guard let id = Identifier(text) else {
        throw Rejection(
          .malformed, "\"\(text)\" is no code: letters, digits and . _ : @ + ~ - only.",
          field: field)
      }
      return id
    }
    guard let count = levels.isEmpty ? 0 : UInt32(levels), count <= 20 else {
      throw Rejection(
        .malformed, "\"\(levels)\" is no number of levels, from 1 to 20.", field: "levels")
    }
    guard title.utf8.count <= 200, area.utf8.count <= 200 else {
      throw Rejection(.malformed, "A title or an area has more than 200 bytes.", field: "title")
    }
    rows.append(
      Row(
        line: line,
        skill: Skill(
          code: try identifier(code, "code"), title: title, levels: count, area: area),
        replacedBy: try replacedBy.map { (text) throws(Rejection) in
          try identifier(text, "replaced_by")
        }))
  }
}

/// What a file adds to a framework that the registry may have already.
package struct FrameworkChanges: Sendable {
  package struct Change: Sendable {
    package var line: Int
    package var event: Result<FrameworkEvent, Rejection>
  }

  package private(set) var changes: [Change] = []

  /// - Parameter published: what a framework that is not there yet begins with; its skills are the
  ///   file's.
  package init(_ file: FrameworkFile, published: FrameworkPublished, in known: Framework?) {
    for (line, problem) in file.problems {
      changes.append(Change(line: line, event: .failure(problem)))
    }
    // Half a framework would be taken for the whole.
    guard let known else {
      guard file.problems.isEmpty else { return }
      var whole = published
      whole.skills = file.rows.map(\.skill)
      add(file.rows.first?.line ?? 1, .published(whole))
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
    for row in file.rows {
      guard let before = skills[row.skill.code] else {
        add(row.line, .skillAdded(FrameworkSkillAdded(skill: row.skill)))
        continue
      }
      if before.skill != row.skill {
        reject(
          row.line,
          "The registry has skill \(row.skill.code.text) as \"\(before.skill.title)\", with "
            + "\(max(before.skill.levels, 1)) levels: a skill that means something else needs a "
            + "code of its own.")
      }
    }
    addReplacements(file, known: skills)
    // What could not be read may be what seems to be missing.
    guard file.problems.isEmpty else { return }
    let named = Set(file.rows.map(\.skill.code))
    for skill in known.skills where !skill.deprecated && !named.contains(skill.skill.code) {
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

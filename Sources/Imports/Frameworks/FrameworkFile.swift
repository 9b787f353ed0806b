import Failures
import JSON
import Messages
import Registry

/// A framework of skills from a file: a CSV of `code,title,levels,area` and, where a skill gave way
/// to another, `replaced_by`, under these heads or those that publishers give them
/// (`FrameworkColumns`); or JSON, a list of such objects, an object that has one, or an object whose
/// members are the skills by their codes. Of a text in several languages one is taken.
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
  package static let lengthMax = 64 << 20
  package static let skillsMax = 20_000

  package private(set) var rows: [Row] = []
  /// What the file says of itself, by lower-case names.
  package private(set) var about: [String: String] = [:]
  package private(set) var problems: [(line: Int, problem: Rejection)] = []
  /// What was unusual and was handled.
  package private(set) var notes: [String] = []

  static let columns: [(name: String, required: Bool)] = [
    ("code", true), ("title", true), ("levels", false), ("area", false), ("replaced_by", false),
  ]

  private let columns: FrameworkColumns
  private let language: String
  private var shortened = 0

  /// - Parameters:
  ///   - map: what our columns are called in the file, before what they are usually called.
  ///   - language: of which texts in several languages are taken, where they have it.
  package init(
    _ bytes: [UInt8], map: [String: String] = [:], language: String = "en"
  ) throws {
    guard bytes.count <= Self.lengthMax else {
      throw FileFormatFailure("The file has more than \(Self.lengthMax) bytes.")
    }
    (columns, self.language) = (try FrameworkColumns(map), language)
    let first = bytes.first { ![0x20, 0x09, 0x0A, 0x0D, 0xEF, 0xBB, 0xBF].contains($0) }
    if first == UInt8(ascii: "{") || first == UInt8(ascii: "[") {
      try readJSON(bytes)
    } else {
      try readSheet(bytes)
    }
    guard rows.count <= Self.skillsMax else {
      throw FileFormatFailure("The file has more than \(Self.skillsMax) skills.")
    }
    if shortened > 0 {
      notes.append("\(shortened) codes are URIs: the last part of each is the skill's code")
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
    try refuseRings()
  }

  /// Replacements that go round replace nothing.
  private func refuseRings() throws(FileFormatFailure) {
    let next = Dictionary(
      rows.compactMap { row in row.replacedBy.map { (row.skill.code, $0) } }
    ) { a, _ in a }
    var settled: Set<Identifier> = []
    for start in next.keys.sorted() {
      var path: [Identifier] = []
      var at: Identifier? = start
      while let code = at, settled.insert(code).inserted {
        path.append(code)
        at = next[code]
      }
      guard let code = at, let begins = path.firstIndex(of: code) else { continue }
      let ring = (path[begins...] + [code]).map(\.text).joined(separator: " → ")
      throw FileFormatFailure("Skills replace each other in a ring: \(ring).")
    }
  }

  private mutating func readSheet(_ bytes: [UInt8]) throws {
    var sheet = try SheetReader(TextDecoder(bytes))
    let found = try columns.places(in: sheet.header.names)
    notes += found.notes
    for remark in sheet.remarks {
      guard let colon = remark.firstIndex(of: ":") else { continue }
      let name = remark[..<colon].lowercased()
      about[name.trimmed] = String(remark[remark.index(after: colon)...]).trimmed
    }
    while let row = try sheet.next() {
      do throws(Rejection) {
        try row.check([])
        func cell(_ column: String) -> String? { found.names[column].flatMap { row[$0] } }
        for column in ["code", "title"] where cell(column) == nil {
          throw Rejection(
            .malformed, "The column \(found.names[column] ?? column) is empty.", field: column)
        }
        let given = cell("levels")
        let levels =
          try given.map { (text) throws(Rejection) in try FrameworkColumns.levels(text) }
          ?? FrameworkColumns.highest(found.levels) { row[$0] != nil }
        try add(
          row.line, cell("code") ?? "", cell("title") ?? "", levels: levels,
          area: cell("area") ?? "", replacedBy: cell("replaced_by"))
      } catch {
        problems.append((row.line, error))
      }
    }
    notes += sheet.takeNotes()
  }

  private mutating func readJSON(_ bytes: [UInt8]) throws {
    let json: JSONText
    do { json = try JSONText(bytes) } catch {
      throw FileFormatFailure("The file \(error.reason).", cause: Cause(error))
    }
    let skills = try columns.skills(in: json)
    if case .object(let members) = json {
      let outer = ["cfdocument", "framework", "about", "metadata"]
      for (name, value) in members {
        if case .string(let text) = value { about[name.lowercased()] = text }
        guard outer.contains(name.lowercased()), case .object(let inner) = value else { continue }
        for case (let name, .string(let text)) in inner { about[name.lowercased()] = text }
      }
    }
    try columns.checkNames(in: skills)
    var others: [String: Int] = [:]
    for (at, skill) in skills.enumerated() {
      if let title = columns.member("title", of: skill),
        let other = FrameworkColumns.language(of: title, otherThan: language)
      {
        others[other, default: 0] += 1
      }
      func text(_ name: String) -> String? {
        columns.member(name, of: skill).flatMap { FrameworkColumns.text($0, language) }
      }
      do throws(Rejection) {
        guard let code = text("code"), let title = text("title") else {
          throw Rejection(.malformed, "The skill needs a code and a title.")
        }
        try add(
          at + 1, code, title,
          levels: try FrameworkColumns.levels(columns.member("levels", of: skill)),
          area: text("area") ?? "", replacedBy: text("replaced_by"))
      } catch {
        problems.append((at + 1, error))
      }
    }
    for (other, count) in others.sorted(by: { $0.key < $1.key }) {
      notes.append(
        "\(count) \(count == 1 ? "title has" : "titles have") no text in \(language): that in "
          + "\(other) was taken")
    }
  }

  private mutating func add(
    _ line: Int, _ code: String, _ title: String, levels: UInt32, area: String,
    replacedBy: String?
  ) throws(Rejection) {
    if code.contains("://") { shortened += 1 }
    guard title.utf8.count <= 200, area.utf8.count <= 200 else {
      throw Rejection(.malformed, "A title or an area has more than 200 bytes.", field: "title")
    }
    rows.append(
      Row(
        line: line,
        skill: Skill(
          code: try Self.code(code, "code"), title: title, levels: levels, area: area),
        replacedBy: try replacedBy.map { (text) throws(Rejection) in
          try Self.code(text, "replaced_by")
        }))
  }

  /// A code, or the last part of a URI: of ESCO's and CTDL's that is what tells them apart.
  private static func code(_ text: String, _ field: String) throws(Rejection) -> Identifier {
    if let id = Identifier(text) { return id }
    if text.contains("://"),
      let last = text.split(whereSeparator: { "/#".contains($0) }).last, let id = Identifier(last)
    {
      return id
    }
    throw Rejection(
      .malformed, "\"\(text)\" is no code: letters, digits and . _ : @ + ~ - only.", field: field)
  }
}

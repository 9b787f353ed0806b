import JSON
import Registry

/// What publishers of frameworks call our columns: ESCO, SFIA, DigComp, O*NET, CASE and CTDL-ASN.
struct FrameworkColumns: Sendable {
  /// Under which of a file's names each of our columns stands.
  struct Places {
    var names: [String: String] = [:]
    /// Columns of which each is a level, such as `level_3_description`.
    var levels: [(name: String, level: UInt32)] = []
    var notes: [String] = []
  }

  /// The first that a file has counts.
  private static let usual: [String: [String]] = [
    "code": [
      "code", "skillcode", "codednotation", "humancodingscheme", "concepturi", "onetsoccode", "uri",
      "identifier", "id", "@id",
    ],
    "title": [
      "title", "preferredlabel", "preflabel", "name", "skillname", "skilltitle", "skill",
      "competence", "abbreviatedstatement", "label", "elementname", "competencytext",
      "fullstatement",
    ],
    "levels": ["levels"],
    "area": [
      "area", "areatitle", "areaname", "competencearea", "category", "domain", "areaid",
    ],
    "replaced_by": ["replacedby", "isreplacedby"],
  ]
  /// What a list of skills is called within an object.
  private static let lists = [
    "skills", "competences", "competencies", "cfitems", "@graph", "items", "data",
  ]

  private let given: [String: String]

  /// - Throws: `FileFormatFailure` for a column that is none of ours.
  init(_ map: [String: String]) throws(FileFormatFailure) {
    for name in map.keys where Self.usual[name] == nil {
      throw FileFormatFailure(
        "\(name) is no column of a framework: "
          + FrameworkFile.columns.map(\.name).joined(separator: ", ") + ".")
    }
    given = map
  }

  /// Names as they are compared: without a vocabulary's prefix, case and what stands between words.
  private static func folded(_ name: String) -> String {
    let own =
      name.hasPrefix("http")
      ? name[...]
      : name[(name.lastIndex(of: ":").map { name.index(after: $0) } ?? name.startIndex)...]
    return String(own.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "@" })
  }

  private func names(of column: String) -> [String] {
    given[column].map { [Self.folded($0)] } ?? Self.usual[column] ?? []
  }

  // MARK: sheets

  /// - Throws: `FileFormatFailure` when a column that is needed is missing.
  func places(in head: [String]) throws(FileFormatFailure) -> Places {
    var places = Places()
    let folded = head.map(Self.folded)
    for (column, required) in FrameworkFile.columns {
      let at = names(of: column).lazy.compactMap { folded.firstIndex(of: $0) }.first
      if let at {
        places.names[column] = head[at]
      } else if required || given[column] != nil {
        throw FileFormatFailure(
          "The column \(given[column] ?? column) is missing: where it has another name, say so with "
            + "--map \(column)=NAME. The file has \(head.joined(separator: ", ")).")
      }
    }
    for name in head {
      let parts = name.split(separator: "_")
      guard parts.count >= 2, parts[0] == "level", let level = UInt32(parts[1]),
        (1...20).contains(level)
      else { continue }
      places.levels.append((name, level))
    }
    let kept = Set(places.names.values).union(places.levels.map(\.name))
    let left = head.filter { !kept.contains($0) && !$0.isEmpty && $0 != SheetReader.reasonColumn }
    if !left.isEmpty {
      places.notes.append("not kept: the columns \(left.joined(separator: ", "))")
    }
    for (column, name) in places.names.sorted(by: { $0.key < $1.key })
    where Self.folded(column) != Self.folded(name) {
      places.notes.append("the column \(name) was taken for \(column)")
    }
    return places
  }

  /// The highest of the levels whose cell says something; zero where there are none.
  static func highest(_ levels: [(name: String, level: UInt32)], _ isSaid: (String) -> Bool)
    -> UInt32
  {
    levels.filter { isSaid($0.name) }.map(\.level).max() ?? 0
  }

  // MARK: JSON

  /// - Throws: `FileFormatFailure` when there is no list of skills.
  func skills(in json: JSONText) throws(FileFormatFailure) -> [JSONText] {
    if case .array(let skills) = json { return skills }
    guard case .object(let members) = json else {
      throw FileFormatFailure("The file is neither a list of skills nor an object that has one.")
    }
    for name in Self.lists {
      for (own, value) in members where own.lowercased() == name {
        if case .array(let skills) = value { return skills.filter { !Self.isFramework($0) } }
        guard case .object(let skills) = value else {
          throw FileFormatFailure("\(own) is no list of skills.")
        }
        return Self.byCode(skills)
      }
    }
    let skills = Self.byCode(members)
    guard !skills.isEmpty, skills.count == members.count else {
      throw FileFormatFailure(
        "The file is neither a list of skills nor an object that has one as `skills`.")
    }
    return skills
  }

  /// CTDL-ASN lists the framework itself beside its competencies.
  private static func isFramework(_ json: JSONText) -> Bool {
    if case .string(let type)? = json["@type"] { type.hasSuffix("Framework") } else { false }
  }

  /// Skills as members of an object, by their codes: each an object, or its title.
  private static func byCode(_ members: [(name: String, value: JSONText)]) -> [JSONText] {
    members.compactMap { code, value in
      switch value {
      case .object(let inner):
        // A title in several languages has no name of its own.
        let isTitle = inner.allSatisfy {
          if case .string = $0.value { $0.name.utf8.count <= 5 } else { false }
        }
        return .object(
          [(name: "code", value: .string(code))]
            + (isTitle ? [(name: "title", value: value)] : inner))
      case .string:
        return .object([(name: "code", value: .string(code)), (name: "title", value: value)])
      case .array, .number, .bool, .null: return nil
      }
    }
  }

  /// - Throws: `FileFormatFailure` for a column that is said to be called what no skill has.
  func checkNames(in skills: [JSONText]) throws(FileFormatFailure) {
    for (column, name) in given.sorted(by: { $0.key < $1.key })
    where !skills.isEmpty && !skills.contains(where: { member(column, of: $0) != nil }) {
      var names: [String] = []
      for case .object(let members) in skills {
        for member in members where !names.contains(member.name) && names.count < 50 {
          names.append(member.name)
        }
      }
      throw FileFormatFailure(
        "No skill of the file has \(name), which --map \(column)=\(name) names. They have "
          + "\(names.joined(separator: ", ")).")
    }
  }

  func member(_ column: String, of skill: JSONText) -> JSONText? {
    guard case .object(let members) = skill else { return nil }
    for name in names(of: column) {
      for (own, value) in members where Self.folded(own) == name && value != .null { return value }
    }
    return nil
  }

  /// A text, or that of a language: of a map by languages, of a list of texts with theirs.
  static func text(_ json: JSONText, _ language: String) -> String? {
    switch json {
    case .string(let text), .number(let text): return text.isEmpty ? nil : text
    case .object(let members):
      if let value = json["@value"] { return text(value, language) }
      if let own = json[language], let text = text(own, language) { return text }
      return members.lazy.compactMap { member in
        if case .string(let text) = member.value, !text.isEmpty { text } else { nil }
      }.first
    case .array(let all):
      let own = all.first { $0["@language"] == .string(language) }
      return (own ?? all.first).flatMap { text($0, language) }
    case .bool, .null: return nil
    }
  }

  /// The language of which a text is taken where it has none of the one that is asked for; nil where
  /// it has that, or does not say of which languages it is.
  static func language(of json: JSONText, otherThan language: String) -> String? {
    switch json {
    case .object(let members):
      guard json["@value"] == nil else {
        guard case .string(let own)? = json["@language"], own != language else { return nil }
        return own
      }
      guard json[language] == nil else { return nil }
      return members.first {
        if case .string(let text) = $0.value { !text.isEmpty } else { false }
      }?
      .name
    case .array(let all):
      guard !all.contains(where: { $0["@language"] == .string(language) }) else { return nil }
      return all.first.flatMap { self.language(of: $0, otherThan: language) }
    case .string, .number, .bool, .null: return nil
    }
  }

  // MARK: levels

  /// The highest level of a text: a number, a range (`4-7`), or a list (`4, 5, 6`).
  static func levels(_ text: String) throws(Rejection) -> UInt32 {
    let parts = text.split { ",;/ –-".contains($0) }.map(String.init)
    // fits: nil where it does not, and then the text is refused.
    let numbers = parts.compactMap { UInt32($0) }
    guard !numbers.isEmpty, numbers.count == parts.count, !text.hasPrefix("-"),
      let highest = numbers.max(),
      highest <= 20
    else { throw wrong(text) }
    return highest
  }

  /// The highest level: of a number or a text, of a list of levels or of objects that name theirs,
  /// or of a map by levels. Where levels have names and no numbers, how many there are.
  static func levels(_ json: JSONText?) throws(Rejection) -> UInt32 {
    let entries: [JSONText]
    switch json {
    case nil, .null: return 0
    case .number(let text), .string(let text): return text.isEmpty ? 0 : try levels(text)
    case .array(let list): entries = list
    case .object(let members): entries = members.map { .string($0.name) }
    case .bool(let value): throw wrong("\(value)")
    }
    var highest: UInt32 = 0
    var numbered = 0
    for entry in entries {
      var text: String?
      switch entry {
      case .number(let number): text = number
      case .string(let name): text = name
      case .object(let members):
        let own = members.first {
          ["level", "number", "id", "code"].contains($0.name.lowercased())
        }
        switch own?.value {
        case .number(let number), .string(let number): text = number
        case .array, .object, .bool, .null, nil: break
        }
      case .array, .bool, .null: break
      }
      guard let text, let level = UInt32(text.drop { !$0.isNumber }) else { continue }
      highest = max(highest, level)
      numbered += 1
    }
    if numbered == 0 { highest = UInt32(clamping: entries.count) }
    guard numbered == 0 || numbered == entries.count, highest <= 20 else {
      throw wrong("the list of \(entries.count)")
    }
    return highest
  }

  private static func wrong(_ text: String) -> Rejection {
    Rejection(
      .malformed, "\"\(text)\" is no number of levels, from 1 to 20.", field: "levels")
  }
}

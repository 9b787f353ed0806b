import JSON
import Messages
import Registry

/// Every field of a stream's state, in words: what the schema has is told by itself, so that no
/// field is forgotten.
struct StateFields {
  private(set) var fields: [String: String] = [:]

  /// - Parameter day: the day asked about, for what follows from the days of the state.
  init(_ state: StreamState, on day: Day) throws(DecodeFailure) {
    let json = try JSONMapping.text(
      of: "StreamState", Codec.encode(state), limits: .stored)
    guard case .object(let kinds) = json, case .object(let members)? = kinds.first?.value else {
      return
    }
    for (name, value) in members { add(name, value) }
    // What the line `status` says already.
    let status = fields.removeValue(forKey: "status")
    if case .credential = state {
      fields["state"] = status
      // The line `evidence` says whether it stands.
      fields["rests_on"] = fields.removeValue(forKey: "evidence")
    }
    // Which event it was says nothing of the credential.
    if case .credential = state { fields["issued_event"] = nil }
    derive(state, on: day)
  }

  private mutating func derive(_ state: StreamState, on day: Day) {
    switch state {
    case .mandate(let state):
      for name in fields.keys where name.hasPrefix("population") { fields[name] = nil }
      fields["population"] = state.terms.population.words
    case .agreement(let state):
      fields["may_be_relied_on"] = state.mayBeReliedOn(on: day) ? "yes" : "no"
      if state.isExpired(on: day) { fields["expired"] = "yes" }
    case .authorisation(let state): fields["stands"] = state.stands(on: day) ? "yes" : "no"
    case .instrument(let state):
      fields["may_be_relied_on"] = state.mayBeReliedOn(on: day) ? "yes" : "no"
    // Nothing follows from the day, or the line `status` says it.
    case .registry, .organisation, .officer, .framework, .programme, .course, .cohort,
      .enrolment, .submission, .credential, .skillClaim, .duty:
      break
    }
  }

  private mutating func add(_ path: String, _ value: JSONText) {
    switch value {
    case .object(let members):
      if let skill = value.skillLevel { return set(path, skill) }
      for (name, value) in members {
        // An event's place in the log is not what it says.
        if name == "position", case .number = value { continue }
        add("\(path).\(name)", value)
      }
      // That an empty message is there says something.
      if members.isEmpty { set(path, "yes") }
    case .array(let items): addList(path, items)
    case .string, .number, .bool, .null: set(path, value.words)
    }
  }

  private mutating func set(_ path: String, _ text: String) {
    // The terms are the thing itself.
    let name = path.hasPrefix("terms.") ? String(path.dropFirst(6)) : path
    fields[name == "since.day" ? "since" : name == "since.reason" ? "reason" : name] = text
  }

  /// Items that have a name of their own have a line each.
  private mutating func addList(_ path: String, _ items: [JSONText]) {
    let keys = items.compactMap(\.key)
    guard keys.count == items.count, Set(keys).count == keys.count else {
      return set(path, items.map(\.words).joined(separator: "; "))
    }
    for (key, item) in zip(keys, items) { set("\(path)[\(key)]", item.words) }
  }
}

extension JSONText {
  /// The members that name an item of a list, the first that there is; several make one name.
  private static let keys: [[String]] = [
    ["other_framework", "other_skill", "skill"], ["edition"], ["target"], ["claim"], ["report"],
    ["assessment"], ["survivor"], ["organisation", "from", "until"], ["from"], ["code"],
  ]

  fileprivate var key: String? {
    guard case .object = self, skillLevel == nil else { return nil }
    if let code = self["skill"]?["code"]?.string { return code }
    for whose in ["position", "cadre"] where self["skills"] != nil {
      if let code = self[whose]?.string { return "\(whose) \(code)" }
    }
    for names in Self.keys {
      let parts = names.compactMap { self[$0] }.filter {
        if case .object = $0 { false } else { true }
      }
      if parts.count == names.count { return parts.map(\.words).joined(separator: " ") }
    }
    return nil
  }

  private var isNested: Bool {
    switch self {
    case .object(let members): members.count != 1 && skillLevel == nil
    case .array: true
    case .string, .number, .bool, .null: false
    }
  }

  fileprivate var skillLevel: String? {
    guard case .object(let members) = self, members.count == 3,
      let framework = self["framework"]?.string, let skill = self["skill"]?.string,
      let level = self["level"]
    else { return nil }
    return "\(framework)/\(skill) level \(level.words)"
  }

  /// On one line, as a person would say it.
  fileprivate var words: String {
    switch self {
    case .object(let members):
      if let skillLevel { return skillLevel }
      return members.map { name, value in
        value.isNested ? "\(name) (\(value.words))" : "\(name) \(value.words)"
      }.joined(separator: ", ")
    case .array(let items): return items.map(\.words).joined(separator: "; ")
    case .string(let text), .number(let text): return text
    case .bool(let flag): return flag ? "yes" : "no"
    case .null: return ""
    }
  }
}

import JSON
import Messages
import Registry

/// An xAPI statement (1.0.3), as far as anything is recorded from it.
package struct Statement: Sendable {
  package enum Actor: Hashable, Sendable {
    case account(homePage: String, name: String)
    /// By an mbox, its SHA-1 or an OpenID: spelled as that.
    case other(String)
    case group
  }

  package enum Object: Hashable, Sendable {
    case activity(id: String, type: String)
    /// Another statement, by its id.
    case statement(String)
    case subStatement
    /// A person or a group.
    case agent
  }

  /// Lower case. Where a store gave none, it follows from what the statement says.
  package var id: String
  package var actor: Actor
  /// The verb's IRI.
  package var verb: String
  package var object: Object
  /// When it happened: seconds since 1970.
  package var instant: Int64?
  /// That moment as it is spelled; empty: not said.
  package var moment = ""
  package var score = StatementScore()
  package var success: Bool?
  package var completion: Bool?
  package var seconds: Double?
  /// Of cmi5: the score from which on it is passed, from 0 to 1.
  package var masteryScore: Double?
  /// The attempt, or the session, that it belongs to.
  package var registration: String?
  /// The activities of its context: parents first, then groupings, then others.
  package var context: [String] = []

  /// What the source of an event that is recorded from a statement has as its reference.
  package static func reference(_ id: String) -> String { referencePrefix + id }

  /// The statement that such a reference names; nil for any other.
  package static func id(ofReference text: String) -> String? {
    text.hasPrefix(referencePrefix) ? String(text.dropFirst(referencePrefix.count)) : nil
  }

  private static let referencePrefix = "statement "

  /// A hash of what makes two statements one: whose, what of what, and when. Platforms that send
  /// again may make ids anew (Moodle's log store does); nil where no moment is said.
  package var sameness: Int? {
    guard let instant else { return nil }
    var hasher = Hasher()
    hasher.combine(actor)
    hasher.combine(verb)
    hasher.combine(object)
    hasher.combine(instant)
    hasher.combine(Instant.fraction(moment))
    return hasher.finalize()
  }

  /// A hash of its result.
  package var resultHash: Int {
    var hasher = Hasher()
    hasher.combine(score)
    hasher.combine(success)
    hasher.combine(completion)
    return hasher.finalize()
  }

  /// A statement by itself, or as some stores export it: the member `statement` of what they keep.
  package static func unwrapped(_ json: JSONText) -> JSONText {
    if json["verb"] == nil, let inner = json["statement"], case .object = inner {
      inner
    } else {
      json
    }
  }

  private static let masteryScore = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"

  /// - Throws: `LeftOut`, always as malformed.
  package init(_ json: JSONText) throws(LeftOut) {
    guard case .object = json else {
      throw LeftOut(.malformed, "A statement is an object in braces.")
    }
    if let given = json["id"] {
      guard case .string(let text) = given, let id = EventID(text) else {
        throw LeftOut(.malformed, "The statement's id is no UUID.")
      }
      self.id = id.text
    } else {
      id = DerivedID.event("statement", json.text).text
    }
    guard case .string(let verb)? = json["verb"]?["id"] else {
      throw LeftOut(.malformed, "The statement has no verb with an id.")
    }
    self.verb = verb
    guard let actor = json["actor"] else {
      throw LeftOut(.malformed, "The statement has no actor.")
    }
    self.actor = try Self.actor(actor)
    guard let object = json["object"] else {
      throw LeftOut(.malformed, "The statement has no object.")
    }
    self.object = try Self.object(object)
    for name in ["timestamp", "stored"] where instant == nil {
      if case .string(let text)? = json[name] {
        (moment, instant) = (text, Instant.seconds(text))
      }
      // What happened is not to be told from when it was stored, where it is said badly.
      if json[name] != nil { break }
    }
    readResult(json["result"])
    let context = json["context"]
    if case .string(let text)? = context?["registration"] { registration = text.lowercased() }
    if let mastery = StatementScore.number(context?["extensions"]?[Self.masteryScore]),
      (0...1).contains(mastery)
    {
      masteryScore = mastery
    }
    for kind in ["parent", "grouping", "other"] {
      switch context?["contextActivities"]?[kind] {
      case .array(let activities): self.context += activities.compactMap(Self.activityID)
      case let activity?: self.context += Self.activityID(activity).map { [$0] } ?? []
      case nil: break
      }
    }
  }

  private static func activityID(_ json: JSONText) -> String? {
    if case .string(let id)? = json["id"] { id } else { nil }
  }

  private static func actor(_ json: JSONText) throws(LeftOut) -> Actor {
    if json["objectType"] == .string("Group") || json["member"] != nil { return .group }
    if case .string(let home)? = json["account"]?["homePage"],
      case .string(let name)? = json["account"]?["name"]
    {
      return .account(homePage: home, name: name)
    }
    for name in ["mbox", "mbox_sha1sum", "openid"] {
      if case .string(let text)? = json[name] { return .other(text) }
    }
    throw LeftOut(.malformed, "The actor has no account, mbox or openid.")
  }

  private static func object(_ json: JSONText) throws(LeftOut) -> Object {
    let type: String = if case .string(let text)? = json["objectType"] { text } else { "Activity" }
    switch type {
    case "SubStatement": return .subStatement
    case "Agent", "Group": return .agent
    case "StatementRef":
      guard let id = activityID(json).flatMap({ EventID($0) }) else {
        throw LeftOut(.malformed, "The statement that is referred to has no UUID.")
      }
      return .statement(id.text)
    case "Activity":
      guard let id = activityID(json) else {
        throw LeftOut(.malformed, "The object has no id.")
      }
      let type: String =
        if case .string(let text)? = json["definition"]?["type"] { text } else { "" }
      return .activity(id: id, type: type)
    default: throw LeftOut(.malformed, "The object's type \(type) is none of xAPI's.")
    }
  }

  private mutating func readResult(_ json: JSONText?) {
    guard let json else { return }
    if case .bool(let value)? = json["success"] { success = value }
    if case .bool(let value)? = json["completion"] { completion = value }
    if case .string(let text)? = json["duration"] { seconds = Instant.duration(text) }
    score = StatementScore(json["score"])
  }
}

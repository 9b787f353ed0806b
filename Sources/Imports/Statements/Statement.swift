import Failures
import JSON
import Messages
import Registry

/// Why a statement is not recorded: a code for programs and a sentence for people.
package struct LeftOut: ExplainedError, Hashable, Sendable {
  package enum Reason: String, CaseIterable, Sendable {
    case malformed
    /// No instant, one without an offset, or one that is yet to come.
    case noDay = "no_day"
    case groupActor = "group_actor"
    case unknownActor = "unknown_actor"
    /// The identity map gives the account to two officers on that day.
    case contradictoryIdentity = "contradictory_identity"
    /// The activities map gives the activity two meanings on that day, or one that cannot be.
    case contradictoryActivity = "contradictory_activity"
    /// It says failed, and there is no score and pass mark to record that by.
    case noScore = "no_score"
    /// How long somebody attended is not said.
    case noMinutes = "no_minutes"
    case subStatement = "sub_statement"
    /// Nothing that is recorded follows from its verb.
    case unknownVerb = "unknown_verb"
    case unknownActivity = "unknown_activity"
    /// It began something and says no result.
    case noResult = "no_result"
    case voided
    case duplicate
    /// The life cycle has it so already: enrolled once more, or left after the end.
    case already

    /// Whether somebody must look at it; otherwise there is nothing to record.
    package var isTrouble: Bool {
      switch self {
      case .malformed, .noDay, .groupActor, .unknownActor, .contradictoryIdentity,
        .contradictoryActivity, .noScore, .noMinutes:
        true
      case .subStatement, .unknownVerb, .unknownActivity, .noResult, .voided, .duplicate, .already:
        false
      }
    }
  }

  package var reason: Reason
  package var sentence: String
  package var cause: Cause?

  package init(_ reason: Reason, _ sentence: String, cause: Cause? = nil) {
    self.reason = reason
    self.sentence = sentence
    self.cause = cause
  }
}

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
  /// From 0 to 1.
  package var score: Double?
  package var success: Bool?
  package var seconds: Double?
  /// The activities of its context: parents first, then groupings, then others.
  package var context: [String] = []

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
      if case .string(let text)? = json[name] { instant = Instant.seconds(text) }
      // What happened is not to be told from when it was stored, where it is said badly.
      if json[name] != nil { break }
    }
    try readResult(json["result"])
    for kind in ["parent", "grouping", "other"] {
      switch json["context"]?["contextActivities"]?[kind] {
      case .array(let activities): context += activities.compactMap(Self.activityID)
      case let activity?: context += Self.activityID(activity).map { [$0] } ?? []
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

  private mutating func readResult(_ json: JSONText?) throws(LeftOut) {
    guard let json else { return }
    if case .bool(let value)? = json["success"] { success = value }
    if case .string(let text)? = json["duration"] { seconds = Instant.duration(text) }
    guard let given = json["score"] else { return }
    func number(_ name: String) -> Double? {
      guard case .number(let text)? = given[name], let value = Double(text), value.isFinite else {
        return nil
      }
      return value
    }
    if let scaled = number("scaled") {
      score = scaled
    } else if let raw = number("raw"), let max = number("max") {
      let min = number("min") ?? 0
      guard max > min else {
        throw LeftOut(.malformed, "The score's max is not above its min.")
      }
      score = (raw - min) / (max - min)
    }
    if let score, !(0...1).contains(score) {
      throw LeftOut(.malformed, "The score lies outside of what it may be.")
    }
  }
}

/// What a statement's verb says, as far as something is recorded from it.
package enum StatementAct: Hashable, Sendable {
  case enrolled, left, completed, passed, failed, scored, attempted, attended, achieved, forfeited
  case voided

  /// Verbs by IRI: those of xAPI's own vocabulary, and those by which Moodle's log store
  /// (logstore_xapi, its older and its newer recipes) says the same.
  package init?(verb: String) {
    guard let act = Self.verbs[verb] else { return nil }
    self = act
  }

  package static let verbs: [String: StatementAct] = [
    "http://adlnet.gov/expapi/verbs/registered": .enrolled,
    "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/enrolled": .enrolled,
    "http://activitystrea.ms/leave": .left,
    "http://activitystrea.ms/schema/1.0/leave": .left,
    "http://adlnet.gov/expapi/verbs/completed": .completed,
    "http://activitystrea.ms/schema/1.0/complete": .completed,
    "http://adlnet.gov/expapi/verbs/passed": .passed,
    "http://adlnet.gov/expapi/verbs/failed": .failed,
    "http://adlnet.gov/expapi/verbs/scored": .scored,
    "http://adlnet.gov/expapi/verbs/attempted": .attempted,
    "http://activitystrea.ms/schema/1.0/start": .attempted,
    "http://adlnet.gov/expapi/verbs/attended": .attended,
    "https://w3id.org/xapi/tla/verbs/achieved": .achieved,
    "http://id.tincanapi.com/verb/earned": .achieved,
    "http://specification.openbadges.org/xapi/verbs/earned": .achieved,
    "https://w3id.org/xapi/tla/verbs/forfeited": .forfeited,
    "http://adlnet.gov/expapi/verbs/voided": .voided,
  ]

  /// By which Moodle's attendance says `registered` of somebody who was there.
  static let attendanceType = "http://vocab.xapi.fr/activities/registration"
}

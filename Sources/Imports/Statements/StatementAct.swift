/// What a statement's verb says, as far as something is recorded from it.
package enum StatementAct: Hashable, Sendable {
  case enrolled, left, completed, passed, failed, scored, attempted, attended, achieved, forfeited
  /// A question was answered; of an activity that is one question, that is its result.
  case answered
  /// Of cmi5: all that the course asks for is done, or need not be.
  case satisfied, waived
  case voided

  /// Verbs by IRI: those of xAPI's own vocabulary and of cmi5, and those by which Moodle's log store
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
    "https://w3id.org/xapi/tla/verbs/scored": .scored,
    "http://adlnet.gov/expapi/verbs/answered": .answered,
    "https://w3id.org/xapi/adl/verbs/satisfied": .satisfied,
    "https://w3id.org/xapi/adl/verbs/waived": .waived,
    "http://adlnet.gov/expapi/verbs/attempted": .attempted,
    "http://activitystrea.ms/schema/1.0/start": .attempted,
    "http://adlnet.gov/expapi/verbs/attended": .attended,
    "https://w3id.org/xapi/tla/verbs/achieved": .achieved,
    "http://id.tincanapi.com/verb/earned": .achieved,
    "http://specification.openbadges.org/xapi/verbs/earned": .achieved,
    "https://w3id.org/xapi/tla/verbs/forfeited": .forfeited,
    "http://adlnet.gov/expapi/verbs/voided": .voided,
  ]

  /// Whether something is lost that counts, where nobody can tell of which activity it is said.
  package var isLostWithoutActivity: Bool {
    switch self {
    case .completed, .passed, .failed, .scored, .achieved, .forfeited, .waived: true
    case .enrolled, .left, .attempted, .attended, .answered, .satisfied, .voided: false
    }
  }

  /// By which Moodle's attendance says `registered` of somebody who was there.
  static let attendanceType = "http://vocab.xapi.fr/activities/registration"
  /// Of cmi5: a part of a course, which no map has.
  static let blockType = "https://w3id.org/xapi/cmi5/activitytype/block"

  /// Whether a type's IRI says that the activity is a course, in one of the vocabularies that have
  /// one; not said: it may be.
  static func mayBeCourse(_ type: String) -> Bool {
    type.isEmpty || type.lowercased().hasSuffix("course")
  }
}

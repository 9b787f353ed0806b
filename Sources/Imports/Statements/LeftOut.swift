import Failures

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
    /// Its result says the opposite of its verb, or of the same statement under another id.
    case contradictoryResult = "contradictory_result"
    /// It says failed, and there is no score and pass mark to record that by.
    case noScore = "no_score"
    /// How long somebody attended is not said.
    case noMinutes = "no_minutes"
    case subStatement = "sub_statement"
    /// Nothing that is recorded follows from its verb.
    case unknownVerb = "unknown_verb"
    /// Something was achieved, lost or ended, and the activities map does not say of what.
    case unknownActivity = "unknown_activity"
    /// Something was begun or left, and the activities map does not say what.
    case otherActivity = "other_activity"
    /// The activities map says that nothing is to be recorded of it.
    case ignoredActivity = "ignored_activity"
    /// It voids a statement of which neither the file nor the registry knows.
    case unknownTarget = "unknown_target"
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
        .contradictoryActivity, .contradictoryResult, .unknownActivity, .unknownTarget, .noScore,
        .noMinutes:
        true
      case .subStatement, .unknownVerb, .otherActivity, .ignoredActivity, .noResult, .voided,
        .duplicate, .already:
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

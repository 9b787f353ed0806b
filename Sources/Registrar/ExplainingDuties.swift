import Messages
import Projections
import Registry
import Wire

/// An officer under a mandate, and the events that make the standing what it is.
struct ExplainedDuty: Sendable {
  var events: [(position: LogPosition, telling: Reasons.Telling)]
}

enum ExplainedDuties {
  /// Where the next portion of a mandate's officers begins.
  enum Place: Sendable {
    case start
    case after([UInt8])
  }
}

extension Explanation {
  /// The next officers of a number of a compliance table; `next` is nil after the last.
  func duties(
    _ number: ComplianceNumber, after place: ExplainedDuties.Place
  ) throws -> (duties: [ExplainedDuty], next: ExplainedDuties.Place?) {
    throw CallStatus(.unimplemented, "Numbers of compliance are not explained yet.")
  }
}

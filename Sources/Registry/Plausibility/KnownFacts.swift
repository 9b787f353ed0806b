/// What a fact is held against to tell whether it is plausible: a decision's context, and a reader
/// of what was recorded, as of any position.
public protocol KnownFacts {
  /// The registry's day; the last day there is where nobody knows it, on which nothing is yet to come.
  var today: Day { get }
  /// The state of a stream on a day; nil when it has no standing event by then.
  func state(of stream: StreamID, on day: Day) -> StreamState?
  /// Where an event is; nil when there is none with this id.
  func event(_ id: EventID) -> EventLocation?
  /// The day on which an officer first completed a course, as it stands on a day; nil: not by then.
  func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day?
  /// Every record of the person whom an officer's record is of, by what is known of merges: the
  /// officer's own among them.
  func records(ofPersonWith officer: Identifier) -> [Identifier]
  /// The submissions that hold a document, in order; the first `Plausibility.papersMax` of the events
  /// that cite it are looked at.
  ///
  /// - Parameter sha256: 32 bytes.
  func submissions(holding sha256: [UInt8]) -> [StreamID]
}

extension KnownFacts {
  public var today: Day { .distantFuture }
  public func records(ofPersonWith officer: Identifier) -> [Identifier] { [officer] }
  public func submissions(holding sha256: [UInt8]) -> [StreamID] { [] }

  /// The policy in force on a day.
  func policy(of registry: StreamID?, on day: Day) -> PolicyAdopted? {
    registry.flatMap { state(of: $0, on: day)?.establishment?.policy }
  }

  /// What a cohort teaches; nil where the cohort, the course or its edition does not stand, or the
  /// cohort was cancelled.
  func edition(of cohort: Identifier) -> CoursePublished? {
    guard let known = state(of: StreamID(.cohort, cohort), on: .distantFuture)?.cohort,
      known.status != .cancelled
    else { return nil }
    let course = state(of: StreamID(.course, known.terms.course), on: .distantFuture)?.course
    return course?.edition(known.terms.edition)
  }
}

/// Who may sit in which cohort, and when.
extension Enrolment {
  /// - Parameter field: the schema's path of what names the cohort, without its last step.
  static func checkSeat(
    _ seat: Seat, _ metadata: EventMetadata, _ field: String, given context: some DecisionContext
  ) throws(Rejection) {
    guard context.checksReferences else { return }
    try context.need(.officer, seat.officer, "\(field).officer")
    guard let cohort = context.cohort(seat.cohort, on: .distantFuture) else {
      throw Rejection(
        .noSuchReference, "There is no cohort \(seat.cohort.text): record it first.",
        field: "\(field).cohort")
    }
    guard cohort.status != .cancelled else {
      throw Rejection(
        .inconsistent, "The cohort \(seat.cohort.text) was cancelled.",
        field: "\(field).cohort")
    }
    // Whoever has two records has one seat.
    for record in context.records(ofPersonWith: seat.officer) {
      guard let other = context.enrolment(of: record, in: seat.cohort),
        other != metadata.stream.key
      else { continue }
      throw Rejection(
        .alreadyTaken,
        "The officer is in cohort \(seat.cohort.text) already, by enrolment \(other.text).",
        field: field)
    }
  }

  static func checkRoom(
    in id: Identifier, _ field: String, given context: some DecisionContext
  ) throws(Rejection) {
    guard context.checksReferences, let cohort = context.cohort(id, on: .distantFuture),
      cohort.terms.capacity > 0
    else { return }
    guard context.seatsTaken(in: id) < Int(cohort.terms.capacity) else {
      throw Rejection(
        .full, "The cohort \(id.text) has \(cohort.terms.capacity) seats, all taken.",
        field: "\(field).cohort")
    }
  }

  static func checkCompletion(
    _ seat: Seat?, _ metadata: EventMetadata, given context: some DecisionContext
  ) throws(Rejection) {
    guard let seat, let cohort = context.cohort(seat.cohort, on: .distantFuture) else { return }
    guard metadata.effective >= cohort.terms.starts else {
      throw Rejection(
        .inconsistent,
        "The cohort \(seat.cohort.text) starts on \(cohort.terms.starts.text), after the "
          + "completion on \(metadata.effective.text).", field: "effective")
    }
  }
}

extension EnrolmentStatus {
  /// Whether the enrolment takes one of the cohort's seats.
  public var takesSeat: Bool {
    switch self {
    case .enrolled, .active, .completed, .notCompleted, .deferred: true
    case .nominated, .nominationRejected, .withdrawn, .dismissed: false
    }
  }
}

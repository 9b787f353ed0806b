/// Who may sit in which cohort, and when.
extension Enrolment {
  /// - Parameter field: the schema's path of what names the cohort, without its last step.
  static func checkSeat(
    _ seat: Seat, _ occasion: Occasion, _ field: String, given world: some World
  ) throws(Rejection) {
    guard world.questionsReferences else { return }
    try world.need(.officer, seat.officer, "\(field).officer")
    guard let cohort = world.cohort(seat.cohort, on: .distantFuture) else {
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
    for record in world.records(ofPersonWith: seat.officer) {
      guard let other = world.enrolment(of: record, in: seat.cohort),
        other != occasion.stream.key
      else { continue }
      throw Rejection(
        .alreadyTaken,
        "The officer is in cohort \(seat.cohort.text) already, by enrolment \(other.text).",
        field: field)
    }
  }

  static func checkRoom(
    in id: Identifier, _ field: String, given world: some World
  ) throws(Rejection) {
    guard world.questionsReferences, let cohort = world.cohort(id, on: .distantFuture),
      cohort.terms.capacity > 0
    else { return }
    guard world.seatsTaken(in: id) < Int(cohort.terms.capacity) else {
      throw Rejection(
        .full, "The cohort \(id.text) has \(cohort.terms.capacity) seats, all taken.",
        field: "\(field).cohort")
    }
  }

  static func checkCompletion(
    _ seat: Seat?, _ occasion: Occasion, given world: some World
  ) throws(Rejection) {
    guard let seat, let cohort = world.cohort(seat.cohort, on: .distantFuture) else { return }
    guard occasion.effective >= cohort.terms.starts else {
      throw Rejection(
        .inconsistent,
        "The cohort \(seat.cohort.text) starts on \(cohort.terms.starts.text), after the "
          + "completion on \(occasion.effective.text).", field: "effective")
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

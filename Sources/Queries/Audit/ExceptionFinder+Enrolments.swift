import Messages
import Projections
import Registry

/// What does not fit of completed trainings.
extension ExceptionFinder {
  static func looksAtEnrolments(_ kinds: Set<ExceptionKind>) -> Bool {
    !kinds.isDisjoint(with: [.unrecognisedTraining, .belowPassMark])
  }

  func enrolment(
    _ stream: StreamID, _ row: HeadRow, into lines: inout [ExceptionLine]
  ) throws {
    guard
      let state = try readModel.state(of: stream, row, on: day, knownAt: position)?.enrolment,
      state.status == .completed, let completion = state.completion
    else { return }
    let sharedStreams = readModel.sharedStreams
    let terms = sharedStreams.state(
      of: StreamID(.cohort, state.seat.cohort), knownAt: position)?.cohort?.terms
    func add(_ kind: ExceptionKind, _ sentence: String) {
      lines.append(
        ExceptionLine(
          exceptionKind: kind, stream: stream, eventID: completion.eventID,
          position: completion.position, effective: completion.day,
          officer: owner(stream, .enrolment(state)), sentence: sentence))
    }
    let course = terms.map { "\($0.course.text) edition \($0.edition)" } ?? "it"
    if kinds.contains(.unrecognisedTraining),
      !sharedStreams.isRecognised(
        cohort: state.seat.cohort, completedOn: completion.day, knownAt: position)
    {
      add(.unrecognisedTraining, unrecognised(terms, state.seat.cohort, completion.day))
    }
    if isToldOf(.belowPassMark),
      let (score, mark) = state.shortfall(
        by: sharedStreams.policy(on: day, knownAt: position),
        passMark: sharedStreams.passMark(of: state.seat.cohort, knownAt: position))
    {
      add(
        .belowPassMark,
        "\(completion.result.name) in \(course) with \(Plausibility.percent(score)), below the pass mark of "
          + "\(Plausibility.percent(mark)): it counts as attendance")
    }
  }

  /// Not to blame the authorisation for what was voided.
  private func unrecognised(
    _ terms: CohortTerms?, _ cohort: Identifier, _ day: Day
  ) -> String {
    guard let terms else {
      return "the cohort \(cohort.text) does not stand, so that nothing says what was taught by "
        + "whom on \(day.text)"
    }
    let taught = "\(terms.course.text) edition \(terms.edition)"
    guard readModel.sharedStreams.edition(of: terms, knownAt: position) != nil else {
      return "\(taught) does not stand, so that nothing says whether it was authorised on "
        + day.text
    }
    return "\(terms.organisation.text) was not authorised for \(taught) on \(day.text)"
  }
}

extension Enrolment: StreamRules {
  public static func step(
    _ status: EnrolmentStatus?, _ event: EnrolmentEvent
  ) -> Transition<EnrolmentStatus> {
    switch (status, event) {
    case (nil, .nominated): .begins(.nominated)
    case (nil, .enrolled): .begins(.enrolled)
    // A training of which nobody has the papers from before its end: with a seat, what came before
    // is vouched for by a source; without one it would be of nobody.
    case (nil, .completed(let given)): given.seat == nil ? .no : .beginsVouched(.completed)
    case (nil, .notCompleted(let given)): given.seat == nil ? .no : .beginsVouched(.notCompleted)
    case (nil, _): .no

    // A nominee has no seat: nothing is attended, deferred or completed before `enrolled`.
    case (.nominated, .nominated): .already
    case (.nominated, .nominationRejected): .to(.nominationRejected)
    case (.nominated, .enrolled): .to(.enrolled)
    case (.nominated, .withdrawn): .to(.withdrawn)
    case (.nominated, .transferred): .stays
    case (.nominated, _): .no

    // Somebody may be nominated again; not enrolled past the nomination that was turned down.
    case (.nominationRejected, .nominationRejected): .already
    case (.nominationRejected, .nominated): .to(.nominated)
    case (.nominationRejected, _): .no

    case (.enrolled, .enrolled): .already
    // The first fact of taking part makes it active, so that nobody has to say so.
    case (.enrolled, .attended), (.enrolled, .assessed): .to(.active)
    case (.active, .attended), (.active, .assessed), (.active, .assessmentAppealed),
      (.active, .appealDecided), (.active, .assessmentVoided):
      .stays
    case (.enrolled, .deferred), (.active, .deferred): .to(.deferred)
    // Another cohort, the same training: what was attended and assessed goes along.
    case (.enrolled, .transferred), (.active, .transferred), (.deferred, .transferred): .stays
    case (.enrolled, .withdrawn), (.active, .withdrawn), (.deferred, .withdrawn): .to(.withdrawn)
    case (.enrolled, .dismissed), (.active, .dismissed), (.deferred, .dismissed): .to(.dismissed)
    case (.enrolled, .completed), (.active, .completed): .to(.completed)
    case (.enrolled, .notCompleted), (.active, .notCompleted), (.deferred, .notCompleted):
      .to(.notCompleted)
    case (.enrolled, _), (.active, _): .no

    // Who was deferred is enrolled again before anything is attended or completed.
    case (.deferred, .deferred): .already
    case (.deferred, .enrolled): .to(.enrolled)
    case (.deferred, _): .no

    // Marks may be appealed and awards given after the end.
    case (.completed, .assessed), (.completed, .assessmentAppealed), (.completed, .appealDecided),
      (.completed, .assessmentVoided), (.completed, .awardConferred),
      (.completed, .awardWithdrawn), (.completed, .completed):
      .stays
    // Either result may be taken back by the other, after an appeal or a mark that was wrong; the
    // events of both stay.
    case (.completed, .notCompleted): .to(.notCompleted)
    case (.completed, _): .no

    case (.notCompleted, .assessmentAppealed), (.notCompleted, .appealDecided),
      (.notCompleted, .assessmentVoided):
      .stays
    case (.notCompleted, .completed): .to(.completed)
    case (.notCompleted, .notCompleted): .already
    case (.notCompleted, _): .no

    // Who left of their own accord may come back; who was dismissed begins another enrolment.
    case (.withdrawn, .withdrawn), (.dismissed, .dismissed): .already
    case (.withdrawn, .enrolled): .to(.enrolled)
    case (.withdrawn, _), (.dismissed, _): .no
    }
  }

  /// The events that the table lets change something there, for the sentence of a rejection.
  static func following(_ status: EnrolmentStatus?) -> [String] {
    switch status {
    case nil: ["nominated", "enrolled", "completed", "not_completed"]
    case .nominated: ["nomination_rejected", "enrolled", "withdrawn", "transferred"]
    case .nominationRejected: ["nominated"]
    case .enrolled: ["attended", "assessed"] + leaving + ["completed"]
    case .active: ["attended", "assessed"] + marks + leaving + ["completed"]
    case .completed:
      ["assessed"] + marks + ["not_completed", "award_conferred", "award_withdrawn"]
    case .notCompleted: marks + ["completed"]
    case .withdrawn: ["enrolled"]
    case .dismissed: []
    case .deferred: ["enrolled", "transferred", "withdrawn", "dismissed", "not_completed"]
    }
  }
  private static var marks: [String] {
    ["assessment_appealed", "appeal_decided", "assessment_voided"]
  }
  private static var leaving: [String] {
    ["deferred", "transferred", "withdrawn", "dismissed", "not_completed"]
  }

  private static func seat(_ event: EnrolmentEvent) -> Seat? {
    switch event {
    case .nominated(let given): given.seat
    case .enrolled(let given): given.seat
    case .completed(let given): given.seat
    case .notCompleted(let given): given.seat
    case .nominationRejected, .attended, .assessed, .assessmentAppealed, .appealDecided,
      .assessmentVoided, .deferred, .transferred, .withdrawn, .dismissed, .awardConferred,
      .awardWithdrawn:
      nil
    }
  }

  public static func decide(
    _ event: EnrolmentEvent, _ metadata: EventMetadata, in state: Enrolment?,
    given context: some DecisionContext
  ) throws(Rejection) -> Verdict {
    // First, since every sentence below speaks of this seat.
    if let seat = seat(event), let state, seat != state.seat {
      throw Rejection(
        .inconsistent,
        "This enrolment is of officer \(state.seat.officer.text) in cohort "
          + "\(state.seat.cohort.text): of another officer or cohort, record another enrolment.",
        field: "enrolment.\(event.name).seat")
    }
    let cell = step(state?.status, event)
    if let verdict = try cell.judge(
      event.name, of: "enrolment", in: state?.status.name, since: state?.since, metadata,
      following: following(state?.status))
    {
      return verdict
    }
    // Whether there is such an officer, and such a cohort on that day: asked only of what begins
    // the stream, since afterwards the seat is known.
    if let seat = seat(event), state == nil {
      try checkSeat(seat, metadata, "enrolment.\(event.name).seat", given: context)
    }
    // A state that takes a seat needs one that is free; who has theirs already keeps it.
    if let target = cell.target(from: state?.status), target.takesSeat,
      !(state?.status.takesSeat ?? false), let cohort = (seat(event) ?? state?.seat)?.cohort
    {
      try checkRoom(in: cohort, "enrolment.\(event.name).seat", given: context)
    }
    guard let state else {
      if case .completed = event { try checkCompletion(seat(event), metadata, given: context) }
      return .record
    }
    let unchanged = Verdict.unchanged(since: state.since.position)
    switch event {
    case .completed(let given):
      // The same result is no news. Another one is no second completion: the first must be
      // corrected, since credentials may name it as their evidence.
      if let known = state.completion, state.status == .completed {
        if known.result == given.result, known.score == given.score {
          return .unchanged(since: known.position)
        }
        throw Rejection(
          .illegalTransition,
          "It was completed on \(known.day.text) with another result: correct event "
            + "\(known.eventID.text) instead.", inTheWay: known.position)
      }
      try checkCompletion(state.seat, metadata, given: context)
    case .attended(let given):
      // Registers are sent more than once, and minutes are not counted twice.
      if state.sessions.contains(given.session) { return unchanged }
    case .assessed(let given):
      // A mark that is sent again is no news, and another mark under its code would hide the first.
      if let known = state.assessment(given.assessment) {
        if known.says(given) { return unchanged }
        throw Rejection(
          .alreadyTaken,
          "The assessment \(given.assessment.text) is recorded with another mark: correct that "
            + "event, or give this one a code of its own.",
          field: "enrolment.assessed.assessment")
      }
    case .assessmentAppealed(let given):
      let known = try state.need(given.assessment, event.name)
      // Appealed twice is appealed once: the decision ends both.
      if known.status == .appealed { return unchanged }
    case .appealDecided(let given):
      let known = try state.need(given.assessment, event.name)
      guard known.status == .appealed else {
        throw Rejection(
          .notInStream, "The assessment \(given.assessment.text) is not under appeal.",
          field: "enrolment.appeal_decided.assessment")
      }
    case .assessmentVoided(let given):
      let known = try state.need(given.assessment, event.name)
      if known.status == .voided { return unchanged }
    case .transferred(let given):
      // Judged as a new seat is: the other cohort must exist, and have room.
      if state.seat.cohort == given.cohort { return unchanged }
      try checkSeat(
        Seat(officer: state.seat.officer, cohort: given.cohort), metadata,
        "enrolment.transferred", given: context)
      if state.status.takesSeat {
        try checkRoom(in: given.cohort, "enrolment.transferred", given: context)
      }
    case .awardConferred(let given):
      if state.awards.contains(given.award) { return unchanged }
    case .awardWithdrawn(let given):
      if !state.awards.contains(given.award) { return unchanged }
    case .nominated, .nominationRejected, .enrolled, .deferred, .withdrawn, .dismissed,
      .notCompleted:
      break
    }
    return .record
  }

  private func need(_ code: Identifier, _ event: String) throws(Rejection) -> Assessment {
    guard let known = assessment(code) else {
      throw Rejection(
        .notInStream, "The enrolment has no assessment \(code.text).",
        field: "enrolment.\(event).assessment")
    }
    return known
  }

  func assessment(_ code: Identifier) -> Assessment? {
    assessments.first { $0.assessment == code }
  }

  public static func evolve(
    _ state: Enrolment?, by event: EnrolmentEvent, _ metadata: EventMetadata
  ) -> Enrolment? {
    let cell = step(state?.status, event)
    guard cell != .no, let status = cell.target(from: state?.status),
      let seat = state?.seat ?? seat(event)
    else { return state }
    var next = state ?? Enrolment(status: status, since: metadata.since, seat: seat)
    // Earlier ones are kept: on an earlier day it counted there, and is found there.
    if let counted = metadata.attributedTo, counted != next.attributedTo {
      if let before = next.attributedTo, !next.earlierAttributions.contains(before) {
        next.earlierAttributions.append(before)
      }
      next.attributedTo = counted
    }
    switch event {
    case .attended(let given):
      // Also where the same session was recorded by two events, as a late fact may: counted once.
      if !next.sessions.contains(given.session) {
        next.sessions.append(given.session)
        next.minutesAttended = next.minutesAttended.saturatingAdding(given.minutes)
      }
    case .assessed(let given):
      // Said again to be attributed; what became of it since holds.
      if metadata.attributedTo != nil, next.assessment(given.assessment)?.says(given) ?? false {
        break
      }
      // A later event of the same code, such as a correction, takes the place of the earlier.
      next.assessments.removeAll { $0.assessment == given.assessment }
      next.assessments.append(
        Assessment(
          assessment: given.assessment, status: .standing, mode: given.mode, score: given.score,
          passMark: given.passMark))
    case .assessmentAppealed(let given): next.change(given.assessment) { $0.status = .appealed }
    case .appealDecided(let given):
      next.change(given.assessment) {
        $0.status = .standing
        // Turned down, or upheld without a new mark: the mark stays.
        if given.upheld { $0.score = given.score ?? $0.score }
      }
    case .assessmentVoided(let given): next.change(given.assessment) { $0.status = .voided }
    case .transferred(let given):
      // Kept: on an earlier day it was of that cohort, and is found on its roll.
      if given.cohort != next.seat.cohort, !next.earlierCohorts.contains(next.seat.cohort) {
        next.earlierCohorts.append(next.seat.cohort)
      }
      next.seat.cohort = given.cohort
    case .completed(let given):
      if state?.status == .completed, let known = next.completion, known.result == given.result,
        known.score == given.score
      {
        // Said again, of a later day or to be attributed: one completion, of the first day,
        // whichever is cited. A first day that is wrong is corrected.
        next.completion?.standsFor += [metadata.eventID] + metadata.standsFor
        next.completion?.saidAgain = metadata.effective
        break
      }
      next.completion = Completion(
        eventID: metadata.eventID, day: metadata.effective, position: metadata.position,
        result: given.result, score: given.score, standsFor: metadata.standsFor)
      // Stays when the completion is taken back: on the days before that it stood.
      next.onceCompleted = true
    case .notCompleted: next.completion = nil
    case .awardConferred(let given):
      if !next.awards.contains(given.award) { next.awards.append(given.award) }
    case .awardWithdrawn(let given): next.awards.removeAll { $0 == given.award }
    case .nominated, .nominationRejected, .enrolled, .deferred, .withdrawn, .dismissed: break
    }
    if next.status != status {
      next.status = status
      next.since = metadata.since
    }
    return next
  }

  private mutating func change(_ code: Identifier, _ change: (inout Assessment) -> Void) {
    guard let at = assessments.firstIndex(where: { $0.assessment == code }) else { return }
    change(&assessments[at])
  }
}

extension Assessment {
  /// Whether it is what an event says of it.
  fileprivate func says(_ given: EnrolmentAssessed) -> Bool {
    mode == given.mode && score == given.score && passMark == given.passMark
  }
}

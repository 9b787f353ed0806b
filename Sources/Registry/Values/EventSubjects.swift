extension StreamEvent {
  /// The officers whom the event names, as whose fact it is.
  public var officers: [Identifier] {
    switch body {
    case .officer(.mergedInto(let given)): [metadata.stream.key, given.officer]
    // Whatever else is said of an officer's record names that officer alone.
    case .officer: [metadata.stream.key]
    case .enrolment(.nominated(let given)): [given.seat.officer]
    case .enrolment(.enrolled(let given)): [given.seat.officer]
    case .enrolment(.completed(let given)): [given.seat?.officer].compactMap(\.self)
    case .enrolment(.notCompleted(let given)): [given.seat?.officer].compactMap(\.self)
    case .enrolment(.nominationRejected), .enrolment(.attended), .enrolment(.assessed),
      .enrolment(.assessmentAppealed), .enrolment(.appealDecided), .enrolment(.assessmentVoided),
      .enrolment(.deferred), .enrolment(.transferred), .enrolment(.withdrawn),
      .enrolment(.dismissed), .enrolment(.awardConferred), .enrolment(.awardWithdrawn):
      []
    case .submission(.submitted(let given)): [given.paper.officer]
    case .submission(.verified(let given)): [given.paper?.officer].compactMap(\.self)
    case .submission(.rejected): []
    case .credential(.issued(let given)): [given.holder]
    case .credential(.suspended), .credential(.reinstated), .credential(.renewed),
      .credential(.superseded), .credential(.revoked), .credential(.recognised),
      .credential(.recognitionWithdrawn):
      []
    case .skillClaim(.claimed(let given)): [given.claim.officer]
    case .skillClaim(.priorLearningRecognised(let given)):
      [given.claim?.officer].compactMap(\.self)
    case .skillClaim(.endorsed), .skillClaim(.rejected): []
    case .duty(.exemptionGranted(let given)): [given.duty.officer]
    case .duty(.nonComplianceRecorded(let given)): [given.duty.officer]
    case .duty(.exemptionEnded), .duty(.nonComplianceCleared): []
    // What is shared is nobody's fact, and an act is told by the event that it names.
    case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .mandate, .voided, .restored:
      []
    }
  }
}

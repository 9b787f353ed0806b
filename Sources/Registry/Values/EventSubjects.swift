extension StreamEvent {
  /// The officers whom the event names, as whose fact it is.
  public var officers: [Identifier] {
    switch body {
    case .officer(.mergedInto(let given)): [metadata.stream.key, given.officer]
    case .officer: [metadata.stream.key]
    case .enrolment(.nominated(let given)): [given.seat.officer]
    case .enrolment(.enrolled(let given)): [given.seat.officer]
    case .enrolment(.completed(let given)): [given.seat?.officer].compactMap(\.self)
    case .enrolment(.notCompleted(let given)): [given.seat?.officer].compactMap(\.self)
    case .submission(.submitted(let given)): [given.paper.officer]
    case .submission(.verified(let given)): [given.paper?.officer].compactMap(\.self)
    case .credential(.issued(let given)): [given.holder]
    case .skillClaim(.claimed(let given)): [given.claim.officer]
    case .skillClaim(.priorLearningRecognised(let given)):
      [given.claim?.officer].compactMap(\.self)
    case .duty(.exemptionGranted(let given)): [given.duty.officer]
    case .duty(.nonComplianceRecorded(let given)): [given.duty.officer]
    default: []
    }
  }
}

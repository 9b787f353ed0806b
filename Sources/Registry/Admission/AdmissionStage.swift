/// The order of precedence of rejections: a proposal is judged stage after stage, and the first that
/// objects says why it is not recorded.
///
/// Codes tell what is wrong and not in which order it is found: several stages may say the same. The
/// stages of the form, the event id, the identifiers and the officer's key have their place by what
/// they are: without a proposal there is nothing to judge, what was recorded is not judged again,
/// whose a number would be follows from what the event makes of the record, and nothing is sealed
/// that is not kept. All others are asked for by a loop over this table.
public enum AdmissionStage: String, CaseIterable, Sendable {
  /// The bytes are what the schema allows.
  case form
  /// The event id was not recorded with another proposal.
  case eventID
  /// The stream is at the version that the sender expects.
  case version
  /// The log is this jurisdiction's.
  case jurisdiction
  /// The body belongs into such a stream.
  case streamKind
  /// Personal data stands where it must, and nowhere else.
  case personalData
  /// The stream may become longer.
  case length
  /// What is corrected, voided or restored is there and may be.
  case target
  /// The rules of the stream's kind, on the event's own day, and of the later events that stand.
  case rules
  /// The state keeps no more than it may.
  case growth
  /// No more rows change than one event may rewrite.
  case rewrittenRows
  /// The number that a credential comes back to is no other's by now.
  case certificateNumber
  /// No organisation is below itself, and no record merged into itself.
  case cycles
  /// The authority stood.
  case authority
  /// What the fact is counted under exists.
  case attribution
  /// It contradicts nothing that is known in a way that the policy refuses.
  case plausibility
  /// The identifiers that the officer would have are nobody else's on any day.
  case identifiers
  /// The officer's key can seal.
  case officerKey

  /// Kept, as the cases' list would be made anew for each proposal.
  public static let order = allCases

  /// What each may reject with.
  public var codes: Set<Rejection.Code> {
    switch self {
    case .form: [.malformed]
    case .eventID: [.eventIDReused]
    case .version: [.wrongVersion]
    case .identifiers: [.alreadyTaken, .notInStream]
    case .certificateNumber: [.alreadyTaken]
    case .jurisdiction: [.registryNotEstablished]
    case .streamKind: [.wrongStream]
    case .personalData: [.personalData, .noSuchReference]
    case .length, .growth: [.streamTooLong]
    case .target: [.notCorrectable, .noSuchStream]
    case .rules:
      [
        .noSuchStream, .sourceNeeded, .illegalTransition, .contradictsLater, .notInStream,
        .noSuchReference, .noAuthority, .badEvidence, .alreadyTaken, .full, .inconsistent,
        .personalData,
      ]
    case .rewrittenRows: [.inconsistent, .notCorrectable]
    case .cycles: [.inconsistent]
    case .authority: [.noAuthority, .inconsistent]
    case .attribution: [.noSuchReference, .inconsistent]
    case .plausibility: [.inconsistent, .badEvidence, .personalData, .noSuchReference]
    case .officerKey: [.erased, .keyDamaged]
    }
  }

  /// The kinds of streams that it may object to.
  public var kinds: Set<StreamKind> {
    switch self {
    case .growth: [.officer, .enrolment]
    case .rewrittenRows: [.cohort]
    case .cycles: [.officer, .organisation]
    case .certificateNumber: [.credential]
    case .identifiers, .officerKey: [.officer]
    case .plausibility:
      [
        .registry, .officer, .course, .cohort, .enrolment, .submission, .credential, .skillClaim,
        .duty,
      ]
    case .form, .eventID, .version, .jurisdiction, .streamKind, .personalData,
      .length, .target, .rules, .authority, .attribution:
      Set(StreamKind.allCases)
    }
  }

  /// The next stage that may object to the same proposal.
  public var next: AdmissionStage? {
    Self.order.drop { $0 != self }.dropFirst().first { !$0.kinds.isDisjoint(with: kinds) }
  }
}

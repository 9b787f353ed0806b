/// What each finding means: the one table. The first policy's is here; a later one is adopted by an
/// event, and what that does not mention is as here.
public struct FindingTable: Hashable, Sendable {
  private var adopted: [FindingKind: FindingMeaning] = [:]

  public init(_ policy: PolicyAdopted?) {
    for rule in policy?.findings ?? [] { adopted[rule.finding] = rule.meaning }
  }

  public func meaning(of kind: FindingKind) -> FindingMeaning { adopted[kind] ?? kind.firstMeaning }
}

extension FindingKind {
  /// Refused is what cannot be; flagged is what may be so in some one case, and wants looking at.
  var firstMeaning: FindingMeaning {
    switch self {
    // Nobody knows what will have happened, and no source of that time tells of who serves today.
    case .dayToCome, .dayLongPast: .refuse
    // The dead do not sit in courses; what they had earned may be given to them afterwards.
    case .afterDeath: .refuse
    case .awardedAfterDeath: .flag
    // Training before the first posting that is recorded, or after the last, is often so.
    case .beforeService, .afterSeparation: .flag
    // What the school says stands, and somebody should ask it.
    case .belowPassMark, .failedAbovePassMark: .flag
    case .evidenceLater, .successorOfAnother, .idIsNumber: .refuse
    case .validBeforeAward, .prerequisiteNotMet, .deprecatedSkill, .creditsAgainstHours: .flag
    // A list of many people is one document, and so is a certificate that somebody copied.
    case .documentOfTwo: .flag
    // Of what was recorded before they were compared: nothing can be refused any more.
    case .numberOfTwo, .nonCompliantBeforeDue, .beforeCohort, .trainingGone: .flag
    }
  }

  /// Whether it shows when the fact is recorded. The others come to be by what is recorded of
  /// something else afterwards, or the rules of their streams refuse them whatever the policy says.
  public var showsWhenRecorded: Bool {
    switch self {
    case .dayToCome, .dayLongPast, .beforeService, .afterDeath, .awardedAfterDeath,
      .afterSeparation, .belowPassMark, .failedAbovePassMark, .evidenceLater, .validBeforeAward,
      .prerequisiteNotMet, .deprecatedSkill, .creditsAgainstHours, .documentOfTwo, .idIsNumber,
      .successorOfAnother:
      true
    case .numberOfTwo, .nonCompliantBeforeDue, .beforeCohort, .trainingGone: false
    }
  }
}

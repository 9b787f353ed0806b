import Testing

@testable import Registry

@Suite struct SkillClaimLifeCycleTests {
  enum Kind: CaseIterable {
    case claimed, endorsed, rejected, priorLearningRecognised

    /// No default, so that an event without a row does not compile.
    init(_ event: SkillClaimEvent) {
      self =
        switch event {
        case .claimed: .claimed
        case .endorsed: .endorsed
        case .rejected: .rejected
        case .priorLearningRecognised: .priorLearningRecognised
        }
    }

    var row: (sample: SkillClaimEvent, cells: String) {
      switch self {
      //                 none claimed endorsed rejected recognised
      case .claimed: (.claimed(.init(claim: .own)), ">claimed = . . .")
      case .endorsed: (.endorsed(.init(by: "ministry")), ". >endorsed = . .")
      case .rejected: (.rejected(.init()), ". >rejected >rejected = .")
      case .priorLearningRecognised:
        (
          .priorLearningRecognised(.init(claim: .own, by: "school", level: 3)),
          "?recognised >recognised >recognised . ="
        )
      }
    }
  }

  static var table: LifeCycle<SkillClaim, SkillClaimStatus> {
    LifeCycle(
      stream: .skillClaim, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        SkillClaim(
          status: status, since: .test, claim: .own,
          endorsedBy: status == .endorsed ? "ministry" : nil,
          recognisedByEvent: status == .recognised ? .test(7) : nil)
      },
      status: { $0.status }, following: SkillClaim.following)
  }

  @Test func `Every state and event of a skill claim has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a skill claim what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A skill claim's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

extension ClaimedSkill {
  static let own = ClaimedSkill(
    officer: "amina", skill: SkillLevel(framework: "digcomp", skill: "1.1", level: 3),
    documents: [Array(repeating: 9, count: 32)])
}

import Testing

@testable import Registry

@Suite struct AgreementLifeCycleTests {
  enum Kind: CaseIterable {
    case engagementRecorded, proposed, reviewStarted, signed, enteredIntoForce, amended, extended
    case suspended, resumed, terminated, completed, superseded, lapsed, targetSet, targetClaimed
    case resultClaimed, claimsReconciled, aggregateReported, obligationMet, obligationMissed

    /// No default, so that an event without a row does not compile.
    init(_ event: AgreementEvent) {
      self =
        switch event {
        case .engagementRecorded: .engagementRecorded
        case .proposed: .proposed
        case .reviewStarted: .reviewStarted
        case .signed: .signed
        case .enteredIntoForce: .enteredIntoForce
        case .amended: .amended
        case .extended: .extended
        case .suspended: .suspended
        case .resumed: .resumed
        case .terminated: .terminated
        case .completed: .completed
        case .superseded: .superseded
        case .lapsed: .lapsed
        case .targetSet: .targetSet
        case .targetClaimed: .targetClaimed
        case .resultClaimed: .resultClaimed
        case .claimsReconciled: .claimsReconciled
        case .aggregateReported: .aggregateReported
        case .obligationMet: .obligationMet
        case .obligationMissed: .obligationMissed
        }
    }

    var row: (sample: AgreementEvent, cells: String) {
      switch self {
      // none, exploratory, proposed, under_review, signed, in_force, suspended,
      // terminated, completed, superseded, lapsed
      case .engagementRecorded:
        (.engagementRecorded(.init(terms: .other)), ">expl o . . . . . . . . .")
      case .proposed:
        (.proposed(.init(terms: .other)), ">prop >prop o >prop . . . . . . .")
      case .reviewStarted:
        (.reviewStarted(.init(terms: .other)), "?under . >under o . . . . . . .")
      case .signed:
        (.signed(.init(terms: .other)), "?signed . . >signed . . . . . . .")
      case .enteredIntoForce:
        (.enteredIntoForce(.init(terms: .other)), "?in_force . . . >in_force . . . . . .")
      case .amended:
        (.amended(.init(terms: .other)), ". . . . o o o . . . .")
      case .extended:
        (.extended(.init(validUntil: 2029_12_31)), ". . . . o o o . . . .")
      case .suspended:
        (.suspended(.init()), ". . . . >susp >susp = . . . .")
      case .resumed:
        (.resumed(.init()), ". . . . . . < . . . .")
      case .terminated:
        (.terminated(.init()), ". . . . >term >term >term = . . .")
      case .completed:
        (.completed(.init()), ". . . . . >compl . . = . .")
      case .superseded:
        (.superseded(.init(by: "later-mou")), ". . . . >super >super >super . . . .")
      case .lapsed:
        (.lapsed(.init()), ". >lapsed >lapsed >lapsed >lapsed . . . . . =")
      case .targetSet:
        (
          .targetSet(
            .init(
              target: "t2", population: .civilServants, count: .exactly(12_500), parent: "t1")),
          ". o o o o o o . . . ."
        )
      case .targetClaimed:
        (
          .targetClaimed(
            .init(
              claim: "c3", claimedBy: "A newspaper", population: .mixed, count: .exactly(20_000))),
          ". o o o o o o o o o o"
        )
      case .resultClaimed:
        (
          .resultClaimed(
            .init(
              claim: "c4", claimedBy: "The partner", population: .graduates, count: .exactly(375))),
          ". o o o o o o o o o o"
        )
      case .claimsReconciled:
        (
          .claimsReconciled(.init(claims: ["c1", "c2"], finding: "Both are true.")),
          ". o o o o o o o o o o"
        )
      case .aggregateReported:
        (
          .aggregateReported(
            .init(report: "r2", population: .students, people: .about(300), programme: "talent")),
          ". o o o o o o o o o o"
        )
      case .obligationMet:
        (.obligationMet(.init(obligation: "labs")), ". . . . o o o o o o o")
      case .obligationMissed:
        (.obligationMissed(.init(obligation: "labs")), ". . . . o o o o o o o")
      }
    }
  }

  static var table: LifeCycle<Agreement, AgreementStatus> {
    LifeCycle(
      stream: .agreement, rows: Kind.allCases.map(\.row), context: .furnished,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        Agreement(
          status: status, since: .test, terms: .own, signedOn: 2023_01_01,
          targets: [TargetSet(target: "t1", population: .mixed, count: .exactly(20_000))],
          targetClaims: [
            TargetClaimed(
              claim: "c1", claimedBy: "A ministry", population: .publicEmployees,
              count: .exactly(20_000))
          ],
          resultClaims: [
            ResultClaimed(
              claim: "c2", claimedBy: "The partner", population: .graduates,
              count: .words("hundreds")
            )
          ],
          supersededBy: status == .superseded ? "plan-b" : nil,
          underlying: status == .suspended ? .inForce : nil)
      },
      status: { $0.status }, following: Agreement.following,
      before: { state, _ in state.underlying })
  }

  @Test func `Every state and event of an agreement has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers an agreement what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `An agreement's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

extension AgreementTerms {
  static let own = AgreementTerms(
    agreementKind: .mou, title: "Training", parties: ["ministry", "partner"],
    obligations: [Obligation(code: "labs", party: "partner", text: "Build laboratories")],
    validFrom: 2023_01_01, validUntil: 2026_12_31)
  static let other = AgreementTerms(
    agreementKind: .mou, title: "Training and certification", parties: ["ministry", "partner"],
    obligations: [Obligation(code: "labs", party: "partner", text: "Build laboratories")],
    validFrom: 2023_01_01, validUntil: 2026_12_31)
}

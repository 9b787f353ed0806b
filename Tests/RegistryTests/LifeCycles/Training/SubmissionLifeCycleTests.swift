import Testing

@testable import Registry

@Suite struct SubmissionLifeCycleTests {
  enum Kind: CaseIterable {
    case submitted, verified, rejected

    /// No default, so that an event without a row does not compile.
    init(_ event: SubmissionEvent) {
      self =
        switch event {
        case .submitted: .submitted
        case .verified: .verified
        case .rejected: .rejected
        }
    }

    var row: (sample: SubmissionEvent, cells: String) {
      switch self {
      // none, submitted, verified, rejected
      case .submitted: (.submitted(.init(paper: .own)), ">submitted = . .")
      case .verified:
        (
          .verified(.init(paper: .own, method: "register", verifiedBy: "school")),
          "?verified >verified = ."
        )
      case .rejected: (.rejected(.init()), ". >rejected . =")
      }
    }
  }

  static var table: LifeCycle<Submission, SubmissionStatus> {
    LifeCycle(
      stream: .submission, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        Submission(
          status: status, since: .test, paper: .own,
          verifiedByEvent: status == .verified ? .test(7) : nil)
      },
      status: { $0.status }, following: Submission.following)
  }

  @Test func `Every state and event of a submission has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a submission what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A submission's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

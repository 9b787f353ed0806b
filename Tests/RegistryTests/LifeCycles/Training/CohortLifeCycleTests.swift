import Testing

@testable import Registry

@Suite struct CohortLifeCycleTests {
  enum Kind: CaseIterable {
    case planned, opened, started, ended, graduated, cancelled

    /// No default, so that an event without a row does not compile.
    init(_ event: CohortEvent) {
      self =
        switch event {
        case .planned: .planned
        case .opened: .opened
        case .started: .started
        case .ended: .ended
        case .graduated: .graduated
        case .cancelled: .cancelled
        }
    }

    var row: (sample: CohortEvent, cells: String) {
      switch self {
      // none, planned, open, running, ended, graduated, cancelled
      case .planned: (.planned(.init(terms: .other)), ">planned o . . . . .")
      case .opened: (.opened(.init(terms: .own)), "?open >open = . . . .")
      case .started: (.started(.init(terms: .own)), "?running >running >running = . . .")
      case .ended: (.ended(.init(terms: .own)), "?ended . . >ended = . .")
      case .graduated: (.graduated(.init(terms: .own)), "?graduated . . . >graduated = .")
      case .cancelled: (.cancelled(.init()), ". >cancelled >cancelled >cancelled . . =")
      }
    }
  }

  static var table: LifeCycle<Cohort, CohortStatus> {
    LifeCycle(
      stream: .cohort, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in Cohort(status: status, since: .test, terms: .own) },
      status: { $0.status }, following: Cohort.following)
  }

  @Test func `Every state and event of a cohort has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a cohort what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A cohort's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

import Testing

@testable import Registry

@Suite struct DutyLifeCycleTests {
  enum Kind: CaseIterable {
    case exemptionGranted, exemptionEnded, nonComplianceRecorded, nonComplianceCleared

    /// No default, so that an event without a row does not compile.
    init(_ event: DutyEvent) {
      self =
        switch event {
        case .exemptionGranted: .exemptionGranted
        case .exemptionEnded: .exemptionEnded
        case .nonComplianceRecorded: .nonComplianceRecorded
        case .nonComplianceCleared: .nonComplianceCleared
        }
    }

    var row: (sample: DutyEvent, cells: String) {
      switch self {
      //                 none required exempted non_compliant
      case .exemptionGranted:
        // To a day that never comes: an exemption that ran out is another state by then.
        (
          .exemptionGranted(.init(duty: .own, until: .distantFuture)),
          ">exempted >exempted o >exempted"
        )
      case .exemptionEnded: (.exemptionEnded(.init()), ". = >required .")
      case .nonComplianceRecorded:
        // The sample's was recorded before it was due, so that it does not count.
        (.nonComplianceRecorded(.init(duty: .own)), ">non_c >non_c . o")
      case .nonComplianceCleared: (.nonComplianceCleared(.init()), ". = . >required")
      }
    }
  }

  static var table: LifeCycle<Duty, DutyStatus> {
    LifeCycle(
      stream: .duty, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        Duty(status: status, since: .test, holder: .own)
      },
      status: { $0.status }, following: Duty.following)
  }

  @Test func `Every state and event of a duty has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a duty what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A duty's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

extension DutyHolder {
  static let own = DutyHolder(officer: "amina", mandate: "overdue")
}

import Testing

@testable import Registry

@Suite struct MandateLifeCycleTests {
  enum Kind: CaseIterable {
    case issued, enteredIntoForce, extended, amended, closed, withdrawn, supportReported

    /// No default, so that an event without a row does not compile.
    init(_ event: MandateEvent) {
      self =
        switch event {
        case .issued: .issued
        case .enteredIntoForce: .enteredIntoForce
        case .extended: .extended
        case .amended: .amended
        case .closed: .closed
        case .withdrawn: .withdrawn
        case .supportReported: .supportReported
        }
    }

    var row: (sample: MandateEvent, cells: String) {
      switch self {
      //                 none issued in_force closed withdrawn
      case .issued: (.issued(.init(terms: .other)), ">issued . . . .")
      case .enteredIntoForce:
        (.enteredIntoForce(.init(terms: .own)), "?in_force >in_force = . .")
      case .extended: (.extended(.init(deadline: 2025_03_31)), ". o o . .")
      case .amended: (.amended(.init(terms: .other)), ". o o . .")
      case .closed: (.closed(.init()), ". . >closed = .")
      case .withdrawn: (.withdrawn(.init()), ". >withdrawn >withdrawn . =")
      case .supportReported: (.supportReported(.given), ". o o o o")
      }
    }
  }

  static var table: LifeCycle<Mandate, MandateStatus> {
    LifeCycle(
      stream: .mandate, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in Mandate(status: status, since: .test, terms: .own) },
      status: { $0.status }, following: Mandate.following)
  }

  @Test func `Every state and event of a mandate has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a mandate what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A mandate's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

extension MandateSupportReported {
  /// By the ministry, in the first quarter.
  static let given = MandateSupportReported(
    organisation: "ministry", from: 2024_01_01, until: 2024_03_31, hours: 4)
}

extension MandateTerms {
  /// For everybody at the ministry, as posted on New Year's Day of 2024.
  static let own = MandateTerms(
    title: "Networks for all", issuer: "ministry", directive: "regulations",
    population: PopulationRule(postedOn: 2024_01_01, steps: [.organisation("ministry")]),
    courses: ["networks"], deadline: 2024_12_31, joinerDays: 60)
  static var other: MandateTerms {
    var terms = own
    terms.courses = ["networks", "cloud"]
    return terms
  }
}

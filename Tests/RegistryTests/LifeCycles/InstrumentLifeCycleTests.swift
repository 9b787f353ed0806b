import Testing

@testable import Registry

@Suite struct InstrumentLifeCycleTests {
  enum Kind: CaseIterable {
    case issued, enteredIntoForce, amended, repealed

    /// No default, so that an event without a row does not compile.
    init(_ event: InstrumentEvent) {
      self =
        switch event {
        case .issued: .issued
        case .enteredIntoForce: .enteredIntoForce
        case .amended: .amended
        case .repealed: .repealed
        }
    }

    var row: (sample: InstrumentEvent, cells: String) {
      switch self {
      //                     none issued in_force amended repealed
      case .issued: (.issued(.init(instrumentKind: .plan, title: "Another")), ">issued . . . .")
      case .enteredIntoForce: (.enteredIntoForce(.init()), ". >in_force = = .")
      case .amended: (.amended(.init(by: "plan")), ". . >amended >amended .")
      case .repealed: (.repealed(.init(by: "plan")), ". >repealed >repealed >repealed =")
      }
    }
  }

  static var table: LifeCycle<Instrument, InstrumentStatus> {
    LifeCycle(
      stream: .instrument, rows: Kind.allCases.map(\.row), context: .furnished,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        Instrument(status: status, since: .test, instrumentKind: .regulation, title: "Own")
      },
      status: { $0.status }, following: Instrument.following)
  }

  @Test func `Every state and event of an instrument has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers an instrument what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `An instrument's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

import Testing

@testable import Registry

@Suite struct ProgrammeLifeCycleTests {
  enum Kind: CaseIterable {
    case drafted, approved, opened, paused, resumed, closed, evaluated, linkedToAgreement
    case pilotDeclared, pilotConcluded

    /// No default, so that an event without a row does not compile.
    init(_ event: ProgrammeEvent) {
      self =
        switch event {
        case .drafted: .drafted
        case .approved: .approved
        case .opened: .opened
        case .paused: .paused
        case .resumed: .resumed
        case .closed: .closed
        case .evaluated: .evaluated
        case .linkedToAgreement: .linkedToAgreement
        case .pilotDeclared: .pilotDeclared
        case .pilotConcluded: .pilotConcluded
        }
    }

    var row: (sample: ProgrammeEvent, cells: String) {
      switch self {
      // none, draft, approved, open, paused, closed, evaluated
      case .drafted: (.drafted(.init(terms: .other)), ">draft o . . . . .")
      case .approved: (.approved(.init(terms: .own)), "?approved >approved = . . . .")
      case .opened: (.opened(.init(terms: .own)), "?open . >open = . . .")
      case .paused: (.paused(.init()), ". . . >paused = . .")
      case .resumed: (.resumed(.init()), ". . . = >open . .")
      case .closed: (.closed(.init(terms: .own)), "?closed . >closed >closed >closed = .")
      case .evaluated: (.evaluated(.init()), ". . . . . >evaluated =")
      case .linkedToAgreement: (.linkedToAgreement(.init(agreement: "later-mou")), ". o o o o o o")
      case .pilotDeclared: (.pilotDeclared(.init()), ". o o o . . .")
      case .pilotConcluded: (.pilotConcluded(.init()), ". . . o o o .")
      }
    }
  }

  static var table: LifeCycle<Programme, ProgrammeStatus> {
    LifeCycle(
      stream: .programme, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, event in
        Programme(
          status: status, since: .test, terms: .own, pilot: event.name == "pilot_concluded")
      },
      status: { $0.status }, following: Programme.following)
  }

  @Test func `Every state and event of a programme has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a programme what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A programme's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

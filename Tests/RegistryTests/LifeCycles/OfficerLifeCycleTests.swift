import Testing

@testable import Registry

@Suite struct OfficerLifeCycleTests {
  enum Kind: CaseIterable {
    case registered, identifierAdded, identifierEnded, posted, actingStarted, actingEnded
    case promoted, seconded, secondmentEnded, leaveStarted, leaveEnded, suspended, reinstated
    case separated, returned, died, mergedInto, mergeReversed

    /// No default, so that an event without a row does not compile.
    init(_ event: OfficerEvent) {
      self =
        switch event {
        case .registered: .registered
        case .identifierAdded: .identifierAdded
        case .identifierEnded: .identifierEnded
        case .posted: .posted
        case .actingStarted: .actingStarted
        case .actingEnded: .actingEnded
        case .promoted: .promoted
        case .seconded: .seconded
        case .secondmentEnded: .secondmentEnded
        case .leaveStarted: .leaveStarted
        case .leaveEnded: .leaveEnded
        case .suspended: .suspended
        case .reinstated: .reinstated
        case .separated: .separated
        case .returned: .returned
        case .died: .died
        case .mergedInto: .mergedInto
        case .mergeReversed: .mergeReversed
        }
    }

    var row: (sample: OfficerEvent, cells: String) {
      switch self {
      //                     none active acting seconded on_leave suspended separated deceased
      //                     merged
      case .registered:
        (.registered(.init(posting: .other)), ">active . . . . . . . .")
      case .identifierAdded:
        (.identifierAdded(.init(scheme: "passport")), ". o o o o o o . .")
      case .identifierEnded:
        (.identifierEnded(.init(scheme: "payroll")), ". o o o o o o o o")
      case .posted:
        (.posted(.init(posting: .other)), ". o >active >active o o . . .")
      case .actingStarted:
        (.actingStarted(.init(position: "director")), ". >acting o . . . . . .")
      case .actingEnded:
        (.actingEnded(.init()), ". . >active . o o . . .")
      case .promoted:
        (.promoted(.init(grade: "p")), ". o o o o o . . .")
      case .seconded:
        (.seconded(.init(organisation: "partner")), ". >seconded >seconded o . . . . .")
      case .secondmentEnded:
        (.secondmentEnded(.init()), ". . . >active o o . . .")
      case .leaveStarted:
        (.leaveStarted(.init()), ". >on_leave >on_leave >on_leave = . . . .")
      case .leaveEnded:
        (.leaveEnded(.init()), ". . . . < o . . .")
      case .suspended:
        (.suspended(.init()), ". >suspended >suspended >suspended >suspended = . . .")
      case .reinstated:
        (.reinstated(.init()), ". . . . . < . . .")
      case .separated:
        (.separated(.init()), ". >separated >separated >separated >separated >separated = . .")
      case .returned:
        (.returned(.init(posting: .other)), ". . . . . . >active . .")
      case .died:
        (.died(.init()), ". >deceased >deceased >deceased >deceased >deceased >deceased = .")
      case .mergedInto:
        (
          .mergedInto(.init(officer: "other")),
          ". >merged >merged >merged >merged >merged >merged >merged ="
        )
      case .mergeReversed:
        (.mergeReversed(.init()), ". . . . . . . . <")
      }
    }
  }

  static var table: LifeCycle<Officer, OfficerStatus> {
    LifeCycle(
      stream: .officer, rows: Kind.allCases.map(\.row), context: .furnished,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, event in
        var state = Officer(
          status: status, since: .test, posting: .own, posted: .test, schemes: ["payroll"])
        if status == .acting || event.name == "acting_ended" { state.actingAs = "head" }
        if status == .seconded || event.name == "secondment_ended" { state.secondedTo = "agency" }
        if status == .onLeave || status == .suspended { state.underlying = .active }
        if status == .merged { (state.mergedInto, state.beforeMerge) = ("other", .active) }
        if status == .suspended, event.name == "leave_ended" { state.underlying = .onLeave }
        return state
      },
      status: { $0.status }, following: Officer.following,
      before: { state, event in
        switch event {
        case .mergeReversed: state.beforeMerge
        case .reinstated where state.underlying == .onLeave: .onLeave
        default: state.appointment
        }
      })
  }

  @Test func `Every state and event of an officer has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers an officer what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `An officer's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

extension Posting {
  static let own = Posting(organisation: "ministry", position: "officer", grade: "k")
  static let other = Posting(organisation: "agency", position: "officer", grade: "k")
}

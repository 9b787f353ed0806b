import Testing

@testable import Registry

@Suite struct OrganisationLifeCycleTests {
  enum Kind: CaseIterable {
    case registered, roleAdded, roleEnded, renamed, movedUnder, mergedInto, splitInto, closed

    /// No default, so that an event without a row does not compile.
    init(_ event: OrganisationEvent) {
      self =
        switch event {
        case .registered: .registered
        case .roleAdded: .roleAdded
        case .roleEnded: .roleEnded
        case .renamed: .renamed
        case .movedUnder: .movedUnder
        case .mergedInto: .mergedInto
        case .splitInto: .splitInto
        case .closed: .closed
        }
    }

    var row: (sample: OrganisationEvent, cells: String) {
      switch self {
      //                     none active merged split closed
      case .registered:
        (.registered(.init(name: "Another", parent: "ministry")), ">active . . . .")
      case .roleAdded: (.roleAdded(.init(role: .school)), ". o . . .")
      case .roleEnded: (.roleEnded(.init(role: .employer)), ". o . . .")
      case .renamed: (.renamed(.init(name: "Renamed")), ". o . . .")
      case .movedUnder: (.movedUnder(.init(parent: "agency")), ". o . . .")
      case .mergedInto: (.mergedInto(.init(organisation: "agency")), ". >merged . . .")
      case .splitInto:
        (.splitInto(.init(organisations: ["school", "agency"])), ". >split . . .")
      case .closed: (.closed(.init()), ". >closed . . =")
      }
    }
  }

  static var table: LifeCycle<Organisation, OrganisationStatus> {
    LifeCycle(
      stream: .organisation, rows: Kind.allCases.map(\.row), context: .furnished,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        Organisation(
          status: status, since: .test, name: "Own", roles: [.employer], parent: "ministry",
          successors: status == .merged ? ["ministry"] : ["ministry", "school"])
      },
      status: { $0.status }, following: Organisation.following)
  }

  @Test func `Every state and event of an organisation has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers an organisation what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `An organisation's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

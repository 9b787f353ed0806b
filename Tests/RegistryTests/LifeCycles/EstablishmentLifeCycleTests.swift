import Testing

@testable import Registry

@Suite struct EstablishmentLifeCycleTests {
  enum Kind: CaseIterable {
    case established, policyAdopted, requirementSet, findingSettled, categoryDefined

    /// No default, so that an event without a row does not compile.
    init(_ event: RegistryEvent) {
      self =
        switch event {
        case .established: .established
        case .policyAdopted: .policyAdopted
        case .requirementSet: .requirementSet
        case .findingSettled: .findingSettled
        case .categoryDefined: .categoryDefined
        }
    }

    var row: (sample: RegistryEvent, cells: String) {
      switch self {
      //                                      none established
      case .established: (.established(.own), ">established =")
      case .policyAdopted:
        (.policyAdopted(.init(version: 3, title: "Third", validityMonths: 24)), ". o")
      case .requirementSet:
        (
          .requirementSet(
            .init(
              whose: .cadre("ict"),
              skills: [SkillLevel(framework: "digcomp", skill: "1.1", level: 4)])),
          ". o"
        )
      case .findingSettled:
        (
          .findingSettled(
            .init(finding: .afterDeath, event: EventID(high: 1, low: 1), outcome: .accepted)),
          ". o"
        )
      case .categoryDefined:
        (.categoryDefined(.init(code: "civil-servants", title: "Civil servants")), ". o")
      }
    }
  }

  static var table: LifeCycle<Establishment, Establishment.Status> {
    LifeCycle(
      stream: .registry, rows: Kind.allCases.map(\.row), context: .furnished,
      statusName: { $0.name }, eventName: { $0.name },
      state: { _, _ in
        var state = Establishment.evolve(nil, by: .established(.own), .at(7, .registry, "KE"))!
        state.policy = PolicyAdopted(version: 2)
        state.policySince = .test
        return state
      },
      status: { $0.status }, following: Establishment.following)
  }

  @Test func `Every state and event of a registry has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a registry what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A registry's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

extension RegistryEstablished {
  static let own = RegistryEstablished(
    jurisdiction: "KE", timeZone: "Africa/Nairobi", identifierSchemes: ["payroll"],
    languages: ["en", "sw"], name: "Skills registry")
}

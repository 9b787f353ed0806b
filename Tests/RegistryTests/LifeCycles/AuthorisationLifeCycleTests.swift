import Testing

@testable import Registry

@Suite struct AuthorisationLifeCycleTests {
  enum Kind: CaseIterable {
    case applied, inspected, granted, notRequired, scopeChanged, renewed, suspended, reinstated
    case revoked, withdrawn

    /// No default, so that an event without a row does not compile.
    init(_ event: AuthorisationEvent) {
      self =
        switch event {
        case .applied: .applied
        case .inspected: .inspected
        case .granted: .granted
        case .notRequired: .notRequired
        case .scopeChanged: .scopeChanged
        case .renewed: .renewed
        case .suspended: .suspended
        case .reinstated: .reinstated
        case .revoked: .revoked
        case .withdrawn: .withdrawn
        }
    }

    var row: (sample: AuthorisationEvent, cells: String) {
      switch self {
      //      none applied inspected granted not_required suspended revoked withdrawn
      case .applied:
        (.applied(.init(organisation: "school")), ">applied = . . . . >applied >applied")
      case .inspected:
        (.inspected(.init(organisation: "school")), "?inspected >inspected = . . . . .")
      case .granted:
        (
          .granted(.init(organisation: "school", validFrom: 2024_01_01, validUntil: 2025_12_31)),
          "?granted . >granted . . . . ."
        )
      case .notRequired:
        (
          .notRequired(.init(organisation: "school", instrument: "regulations")),
          ">not_required >not_required >not_required . = . . ."
        )
      case .scopeChanged:
        (.scopeChanged(.init(scope: Scope(courses: ["cloud"]))), ". . . o . o . .")
      case .renewed: (.renewed(.init(validUntil: 2029_12_31)), ". . . o . o . .")
      case .suspended: (.suspended(.init()), ". . . >suspended . = . .")
      case .reinstated: (.reinstated(.init()), ". . . = . >granted . .")
      case .revoked: (.revoked(.init()), ". . . >revoked . >revoked = .")
      case .withdrawn:
        (
          .withdrawn(.init()),
          ". >withdrawn >withdrawn >withdrawn >withdrawn >withdrawn . ="
        )
      }
    }
  }

  static var table: LifeCycle<Authorisation, AuthorisationStatus> {
    LifeCycle(
      stream: .authorisation, rows: Kind.allCases.map(\.row), context: .furnished,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, _ in
        var state = Authorisation(status: status, since: .test, organisation: "school")
        switch status {
        case .granted, .suspended, .revoked, .withdrawn:
          state.validFrom = 2023_01_01
          state.validUntil = 2025_12_31
        case .notRequired: state.instrument = "regulations"
        case .applied, .inspected: break
        }
        return state
      },
      status: { $0.status }, following: Authorisation.following)
  }

  @Test func `Every state and event of an authorisation has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers an authorisation what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `An authorisation's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

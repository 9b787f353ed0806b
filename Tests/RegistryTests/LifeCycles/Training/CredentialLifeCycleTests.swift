import Testing

@testable import Registry

@Suite struct CredentialLifeCycleTests {
  enum Kind: CaseIterable {
    case issued, suspended, reinstated, renewed, superseded, revoked, recognised
    case recognitionWithdrawn

    /// No default, so that an event without a row does not compile.
    init(_ event: CredentialEvent) {
      self =
        switch event {
        case .issued: .issued
        case .suspended: .suspended
        case .reinstated: .reinstated
        case .renewed: .renewed
        case .superseded: .superseded
        case .revoked: .revoked
        case .recognised: .recognised
        case .recognitionWithdrawn: .recognitionWithdrawn
        }
    }

    var row: (sample: CredentialEvent, cells: String) {
      switch self {
      // none, issued, suspended, revoked, superseded
      case .issued: (.issued(.own), ">issued = = = =")
      case .suspended: (.suspended(.init()), ". >suspended = . .")
      case .reinstated: (.reinstated(.init()), ". = >issued . .")
      case .renewed: (.renewed(.init(validUntil: 2028_12_31)), ". o o . .")
      case .superseded: (.superseded(.init(by: "newer")), ". >superseded >superseded . =")
      case .revoked: (.revoked(.init()), ". >revoked >revoked = .")
      case .recognised: (.recognised(.init(by: "public-service")), ". o o . .")
      case .recognitionWithdrawn: (.recognitionWithdrawn(.init()), ". o o o o")
      }
    }
  }

  static var table: LifeCycle<Credential, CredentialState> {
    LifeCycle(
      stream: .credential, rows: Kind.allCases.map(\.row), context: .training,
      statusName: { $0.name }, eventName: { $0.name },
      state: { status, event in
        Credential(
          status: status, since: .test, terms: .own,
          recognisedBy: event.name == "recognition_withdrawn" ? "public-service" : nil,
          recognised: event.name == "recognition_withdrawn" ? .test : nil,
          supersededBy: status == .superseded ? "newer" : nil)
      },
      status: { $0.status }, following: Credential.following)
  }

  @Test func `Every state and event of a credential has its verdict`() throws {
    for kind in Kind.allCases { #expect(Kind(kind.row.sample) == kind) }
    try Self.table.check()
  }

  @Test func `A rejection offers a credential what the table allows`() throws {
    try Self.table.checkFollowing()
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `A credential's events in any order fold to what the table says`(seed: UInt64) throws {
    try Self.table.checkWalk(seed)
  }
}

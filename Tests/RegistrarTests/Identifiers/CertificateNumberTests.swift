import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A certificate number finds the credential that had it when the registry knew so much.
struct CertificateNumberTests {
  static let one = Fixture.issued("k1", to: "a", number: "N-100", evidence: [])
  static let other = Fixture.issued("k2", to: "b", number: "N-100", evidence: [])

  private static func renumbered(_ old: Proposal, _ number: String) -> Proposal {
    guard case .credential(.issued(var given)) = old.body else { return old }
    given.number = number
    return Fixture.proposal(
      old.stream.text, old.effective.text, .credential(.issued(given)), corrects: old.eventID)
  }

  private func credential(
    _ number: String, _ registry: TestRegistry, at position: UInt64? = nil
  ) throws -> VerifyCredentialReply {
    try registry.onLoop(
      .verifyCredential,
      VerifyCredentialRequest(
        which: .certificate(CertificateNumber(issuer: id("heta"), number: number)),
        on: day("2022-06-01"), atPosition: position), VerifyCredentialReply.self)
  }

  /// What becomes of the number, and whose it is after so many of the steps.
  static let cases: [(name: String, steps: [Proposal], found: [(String, Int, String?)])] = {
    let corrected = renumbered(one, "N-101")
    let void = Fixture.voided(one)
    return [
      ("voided", [void], [("N-100", 0, "k1"), ("N-100", 1, nil)]),
      (
        "voided and restored", [void, Fixture.restored(one)],
        [("N-100", 0, "k1"), ("N-100", 1, nil), ("N-100", 2, "k1")]
      ),
      (
        "voided and given to another", [void, other],
        [("N-100", 0, "k1"), ("N-100", 1, nil), ("N-100", 2, "k2")]
      ),
      (
        "corrected and given to another", [corrected, other],
        [
          ("N-100", 0, "k1"), ("N-100", 1, nil), ("N-100", 2, "k2"), ("N-101", 0, nil),
          ("N-101", 1, "k1"), ("N-101", 2, "k1"),
        ]
      ),
      (
        "given to another and back", [void, other, Fixture.voided(other), Fixture.restored(one)],
        [
          ("N-100", 0, "k1"), ("N-100", 1, nil), ("N-100", 2, "k2"), ("N-100", 3, nil),
          ("N-100", 4, "k1"),
        ]
      ),
    ]
  }()

  @Test(arguments: cases.indices)
  func `A number finds the credential that had it then`(at: Int) throws {
    let given = Self.cases[at]
    let registry = try TestRegistry()
    for proposal in Fixture.ground + [Self.one] { try registry.given(proposal) }
    var positions = [try registry.size]
    for step in given.steps {
      try registry.given(step)
      positions.append(try registry.size)
    }
    func check(_ when: String) throws {
      for (number, after, expected) in given.found {
        let reply = try credential(number, registry, at: positions[after])
        #expect(
          reply.credential?.text == expected, "\(given.name): \(number) after \(after), \(when)")
        #expect((reply.status == .valid) == (expected != nil))
        #expect(reply.asOf == positions[after])
        guard after == given.steps.count else { continue }
        #expect(try credential(number, registry).credential?.text == expected)
      }
    }
    try check("live")
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().tables == live.tables)
    try check("rebuilt")
    try registry.end()
  }

  @Test func `A number does not come back to a credential when it is another's by then`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground + [Self.one] { try registry.given(proposal) }
    let corrected = Self.renumbered(Self.one, "N-101")
    try registry.given(corrected, Self.other)
    let outcomes = try registry.record([
      Fixture.voided(corrected), Self.renumbered(corrected, "N-100"),
    ])
    #expect(outcomes.map(\.code) == ["already_taken", "already_taken"])
    try registry.given(Fixture.voided(Self.other), Fixture.voided(corrected))
    #expect(try credential("N-100", registry).credential == id("k1"))
    #expect(try registry.record([Fixture.restored(Self.other)])[0].code == "already_taken")
    try registry.end()
  }
}

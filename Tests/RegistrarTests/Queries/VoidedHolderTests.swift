import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A credential whose holder's registration was voided is nobody's, and every answer says so.
struct VoidedHolderTests {
  func ready() throws -> (TestRegistry, registered: Proposal) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let registered = Fixture.officer("x", "77")
    try registry.given(
      registered, Fixture.issued("k1", to: "x", number: "N1", evidence: []),
      Fixture.issued("k2", to: "a", number: "N2", evidence: []))
    return (registry, registered)
  }

  @Test func `Verify says that the holder's registration was voided, until it is given back`()
    throws
  {
    let (registry, registered) = try ready()
    let then = day("2023-01-01")
    let before = try registry.size
    #expect(try !registry.verify("k1", on: then).holderVoided)
    try registry.given(Fixture.voided(registered))
    for isReopened in [false, true] {
      if isReopened { try registry.reopen(rebuild: true) }
      let reply = try registry.verify("k1", on: then)
      #expect(reply.holderVoided)
      #expect((reply.status, reply.holder) == (.valid, id("x")))
      #expect(try registry.verify("k1", on: then, at: registry.size).holderVoided)
      #expect(try !registry.verify("k1", on: then, at: before).holderVoided)
      #expect(try !registry.verify("k2", on: then).holderVoided)
    }
    try registry.given(Fixture.restored(registered))
    #expect(try !registry.verify("k1", on: then).holderVoided)
    try registry.end()
  }

  @Test func `An answer that is remembered is not remembered past the void`() throws {
    let (registry, registered) = try ready()
    let session = try ReadSession(registry.store, answerBytes: 1 << 20)
    func isVoided() throws -> Bool {
      try session.read { _ in
        var reply: [UInt8] = []
        let question = Codec.encode(
          VerifyCredentialRequest(which: .credential(id("k1")), on: day("2023-01-01")))
        _ = session.answer(
          Method.verifyCredential.rawValue, unsafe question.span.bytes, into: &reply)
        return try Codec.decode(VerifyCredentialReply.self, from: reply).holderVoided
      }
    }
    for _ in 0..<3 { #expect(try !isVoided()) }
    try registry.given(Fixture.voided(registered))
    for _ in 0..<3 { #expect(try isVoided()) }
    try registry.given(Fixture.restored(registered))
    for _ in 0..<3 { #expect(try !isVoided()) }
    session.end()
    try registry.end()
  }

  @Test func `Who watches the credential is told, and a preview says it before`() throws {
    let (registry, registered) = try ready()
    let previewing = Previewing(registry: registry)
    let void = Fixture.voided(registered)
    let lines = try previewing.lines(void)
    #expect(lines.contains("credential/k1 holder's registration: – → voided"), "\(lines)")
    #expect(!lines.contains { $0.hasPrefix("credential/k2") })
    let size = try registry.size
    try registry.given(void, Fixture.restored(registered))
    try registry.given(void.again)
    #expect(Set(try previewing.difference(from: size, on: nil)) == Set(lines))
    var watcher = Watcher(registry, .credentials("k1", "k2"), from: .from(size))
    try watcher.read()
    #expect(
      watcher.lines == [
        "officer/x voided holder x k1", "officer/x restored holder x k1",
        "officer/x voided holder x k1",
      ], "\(watcher.lines)")
    try registry.end()
  }

  @Test func `A registration that was voided in part, by a correction, still stands`() throws {
    let (registry, registered) = try ready()
    var corrected = registered
    corrected.corrects = registered.eventID
    corrected.eventID = Fixture.freshID()
    corrected.source = Source(reference: "a letter")
    try registry.given(corrected)
    #expect(try !registry.verify("k1", on: day("2023-01-01")).holderVoided)
    try registry.end()
  }
}

extension Proposal {
  /// The same said by another event.
  fileprivate var again: Proposal {
    var proposal = self
    proposal.eventID = Fixture.freshID()
    return proposal
  }
}

import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

struct DigestAtPositionTests {
  @Test func `What the log gives for a position is what the tables were then`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    try registry.given(Fixture.enrolled("e1", "a"), completed)
    let then = try registry.store.digest()
    try registry.given(
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]),
      Fixture.voided(completed))
    let now = try registry.store.digest()
    func computed(_ position: UInt64) throws -> LogDigest {
      var computed = unsafe ComputedViews(
        log: registry.store.log, vault: registry.store.vault, scratch: registry.folder)
      computed.mapSizeBytes = 1 << 30
      return try computed.digest(at: position)
    }
    let found = try computed(then.asOf)
    #expect(RegistryStore.hex(found.views) == then.hex)
    #expect(found.tables == then.tables)
    #expect(try RegistryStore.hex(computed(now.asOf).views) == now.hex)
    // Nothing of it is left, and the tables in use are as they were.
    #expect(try registry.store.digest().hex == now.hex)
    try registry.end()
  }
}

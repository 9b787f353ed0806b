import GoldenDigests
import LMDB
import Messages
import Registry
import Testing

@testable import Projections
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A golden history gives the rows that it gave when `Views.fingerprint` was last moved: views that
/// an older program left are computed again only where that says so.
struct GoldenRowTests {
  /// The digests of each table's rows, and of the states that are kept in memory.
  static func digests(_ registry: TestRegistry) throws -> [(name: String, digest: String)] {
    let views = unsafe registry.store.views
    var digests = try views.environment.read { snapshot in
      try ViewTable.allCases.map { table in
        var rows: [[UInt8]] = []
        try snapshot.scan(views[table], from: .first) { key, value in
          let (key, value) = (key.bytes(0..<key.byteCount), value.bytes(0..<value.byteCount))
          switch table {
          // What is keyed by a secret of the registry's is another in each.
          case .ids: rows += [key, Array(value.prefix(8))]
          case .identifiers: rows.append(value)
          default: rows += [key, value]
          }
          return true
        }
        if table == .identifiers { rows.sort { $0.lexicographicallyPrecedes($1) } }
        return (name: table.rawValue, digest: GoldenDigests.digest(rows))
      }
    }
    let shared = registry.store.sharedStreams
    let states = StreamKind.allCases.filter(\.isShared).flatMap { kind in
      shared.streams(of: kind).map(\.text).sorted().flatMap { text -> [[UInt8]] in
        let state = StreamID(text).flatMap { shared.state(of: $0) }
        return [Array(text.utf8), state.map { Codec.encode($0) } ?? []]
      }
    }
    digests.append((name: "shared", digest: GoldenDigests.digest(states)))
    return digests
  }

  static func golden() throws -> TestRegistry {
    let registry = try TestRegistry()
    try Fixture.$ids.withValue(Fixture.EventIDs(seed: 1)) {
      var every = EveryEvent(registry, seed: 1)
      try every.record()
      // Else the digests would hold nothing of the event.
      let missing = EveryEvent.names.subtracting(every.names)
      #expect(missing.sorted() == [])
      try recordWhatFillsTables(registry)
    }
    return registry
  }

  /// What no event is named for: one that relies on an authority, and a registration that was voided.
  private static func recordWhatFillsTables(_ registry: TestRegistry) throws {
    var relying = Fixture.proposal(
      "organisation/relying", "2020-03-01",
      .organisation(.registered(OrganisationRegistered(name: "relying", roles: [.employer]))))
    relying.authority = StreamID("instrument/relied")
    let voided = Fixture.proposal(
      "officer/voided", "2020-03-01", .officer(.registered(OfficerRegistered())),
      personal: Personal(name: "Example voided"))
    try registry.given(
      Fixture.proposal(
        "instrument/relied", "2020-02-01",
        .instrument(.issued(InstrumentIssued(instrumentKind: .directive, title: "Made up")))),
      Fixture.proposal(
        "instrument/relied", "2020-02-02",
        .instrument(.enteredIntoForce(InstrumentEnteredIntoForce()))),
      relying, voided, Fixture.voided(voided))
  }

  @Test func `What changes a row moves the fingerprint of the views`() throws {
    let registry = try Self.golden()
    let digests = try Self.digests(registry)
    let none = GoldenDigests.digest([])
    #expect(digests.filter { $0.digest == none }.map(\.name) == [])
    let complaint = try GoldenDigests(
      "rows", moves: "the number in `Views.fingerprint`", suite: "GoldenRowTests"
    ).complaint(digests, of: "views \(Views.fingerprint)")
    #expect(complaint == nil)
    try registry.end()
  }

  @Test func `The golden history is the same each time`() throws {
    let (one, other) = (try Self.golden(), try Self.golden())
    #expect(try Self.digests(one).map(\.digest) == Self.digests(other).map(\.digest))
    try one.end()
    try other.end()
  }
}

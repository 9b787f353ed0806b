import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What runs out soon, and what an organisation may teach.
struct ExpiringTests {
  func expiring(
    _ registry: TestRegistry, within days: UInt32, on day: String, at position: UInt64? = nil,
    _ kinds: String...
  ) throws -> [String] {
    try registry.allPages(
      .expiring,
      ExpiringRequest(
        withinDays: days, streamKinds: kinds.map { id($0) }, on: Day(day)!, atPosition: position),
      ExpiringPage.self
    ).flatMap(\.lines).map { "\($0.stream.text) \($0.lastDay.text)" }
  }

  @Test func `What is valid and runs out in time is told, kind by kind`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground where proposal.stream.kind != .authorisation {
      try registry.given(proposal)
    }
    try registry.given(
      Fixture.proposal(
        "authorisation/heta", "2020-01-01",
        .authorisation(
          .granted(
            AuthorisationGranted(
              organisation: id("heta"), validFrom: day("2020-01-01"), validUntil: day("2023-01-31"))
          )), source: true),
      Fixture.agreement("mou", until: "2023-01-15"), Fixture.agreement("long", until: "2030-01-01"),
      Fixture.agreement("open"))
    for (key, until) in [
      ("k1", "2023-01-10"), ("k2", "2023-02-10"), ("k3", nil), ("k4", "2022-12-31"),
    ] as [(String, String?)] {
      try registry.given(
        Fixture.issued(key, to: "a", number: key, evidence: [], on: "2022-04-01", until: until))
    }
    let all = ["agreement/mou 2023-01-15", "authorisation/heta 2023-01-31"]
    #expect(
      try expiring(registry, within: 31, on: "2023-01-01") == all + ["credential/k1 2023-01-10"])
    #expect(
      try expiring(registry, within: 9, on: "2023-01-01", "credential") == [
        "credential/k1 2023-01-10"
      ])
    #expect(try expiring(registry, within: 8, on: "2023-01-01").isEmpty)
    #expect(
      try expiring(registry, within: 60, on: "2022-12-31", "credential")
        == ["credential/k1 2023-01-10", "credential/k2 2023-02-10", "credential/k4 2022-12-31"])
    // Before it was issued, or while it is suspended, it is not valid.
    #expect(try expiring(registry, within: 3660, on: "2022-03-31", "credential").isEmpty)
    let before = try registry.size
    try registry.given(
      Fixture.credential("k1", "2022-06-01", .suspended(CredentialSuspended())),
      Fixture.credential(
        "k2", "2022-07-01", .renewed(CredentialRenewed(validUntil: day("2024-01-01")))))
    #expect(try expiring(registry, within: 60, on: "2023-01-01", "credential").isEmpty)
    #expect(
      try expiring(registry, within: 60, on: "2023-01-01", at: before, "credential")
        == ["credential/k1 2023-01-10", "credential/k2 2023-02-10"])
    #expect(
      try expiring(registry, within: 300, on: "2022-05-01", "credential")
        == ["credential/k1 2023-01-10", "credential/k2 2023-02-10", "credential/k4 2022-12-31"])
    try registry.end()
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `Any history says what runs out as its folds do, on any day at any position`(seed: UInt64)
    throws
  {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    for key in 2..<6 { try registry.given(Fixture.cohort("c\(key)")) }
    var recorded: [Proposal] = []
    for _ in 0..<120 {
      let proposal = RebuildTests.next(&random, recorded)
      if case .recorded(let at) = try registry.record([proposal])[0], !at.already {
        recorded.append(proposal)
      }
    }
    let end = try registry.size
    for on in ["2022-03-15", "2022-06-10", "2022-12-31", "2023-12-31", "2024-01-02"] {
      for position in [end, end / 2, 20] {
        let found = try expiring(registry, within: 800, on: on, at: position, "credential")
        let expected = try registry.session { session -> [String] in
          try (0..<6).compactMap { key in
            let stream = StreamID("credential/k\(key)")!
            let state = try session.readModel.effectiveHistory(of: stream, knownAt: position)
              .fold(until: day(on)).state?.credential
            guard let state, state.standing(on: day(on)).status == .valid,
              let until = state.terms.validUntil, until <= day(on).adding(days: 800)
            else { return nil }
            return "\(stream.text) \(until.text)"
          }
        }
        #expect(found == expected, "\(on) at \(position), seed \(seed)")
      }
    }
    try registry.end()
  }

  @Test func `An organisation's authorisations are told as they stood that day`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let before = try registry.size
    try registry.given(
      Fixture.proposal(
        "authorisation/heta", "2022-02-01",
        .authorisation(
          .scopeChanged(AuthorisationScopeChanged(scope: Scope(tracks: [.nonTechnical]))))))
    func ask(_ on: String, at position: UInt64? = nil) throws -> AuthorisationsReply {
      try registry.deferred(
        .authorisations,
        AuthorisationsRequest(
          organisation: id("heta"), course: id("cloud-1"), on: Day(on)!, atPosition: position),
        AuthorisationsReply.self)
    }
    #expect(try ask("2022-01-31").covered)
    #expect(try !ask("2022-02-01").covered)
    #expect(try ask("2022-02-01").lines.map(\.stands) == [true])
    #expect(try ask("2022-02-01", at: before).covered)
    #expect(try ask("2019-12-31").lines.isEmpty)
    try registry.end()
  }
}

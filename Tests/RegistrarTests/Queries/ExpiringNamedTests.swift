import Failures
import Messages
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What runs out of the credentials and the officers that a caller names.
struct ExpiringNamedTests {
  private func ask(
    _ registry: TestRegistry, _ credentials: [String] = [], officers: [String] = [],
    on day: String = "2023-01-01", at position: UInt64? = nil, kinds: [String] = []
  ) throws -> [String] {
    try registry.allPages(
      .expiring,
      ExpiringRequest(
        withinDays: 60, streamKinds: kinds.map { id($0) }, on: Day(day)!,
        credentials: credentials.map { id($0) }, officers: officers.map { id($0) },
        atPosition: position),
      ExpiringPage.self
    ).flatMap(\.lines).map { "\($0.stream.text) \($0.lastDay.text) \($0.holder?.text ?? "–")" }
  }

  /// Two officers of the ground with credentials, and an agreement that runs out too.
  private func ground() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(Fixture.agreement("mou", until: "2023-01-15"))
    for (key, holder, until) in [
      ("k1", "a", "2023-01-10"), ("k2", "a", "2024-02-10"), ("k3", "b", "2023-01-20"),
      ("k4", "b", "2022-12-31"), ("k5", "b", "2023-02-01"),
    ] {
      try registry.given(
        Fixture.issued(key, to: holder, number: key, evidence: [], on: "2022-04-01", until: until))
    }
    return registry
  }

  @Test func `Only the credentials that are named, and those of officers named, are told of`()
    throws
  {
    let registry = try ground()
    let (k1, k3, k5) = (
      "credential/k1 2023-01-10 a", "credential/k3 2023-01-20 b", "credential/k5 2023-02-01 b"
    )
    #expect(try ask(registry, ["k3"]) == [k3])
    #expect(try ask(registry, ["k2", "k4"]).isEmpty, "too late, and over")
    #expect(try ask(registry, officers: ["a"]) == [k1])
    #expect(try ask(registry, officers: ["b", "a"]) == [k3, k5, k1], "in the order named")
    #expect(try ask(registry, ["k5"], officers: ["b"]) == [k5, k3], "each once")
    #expect(try ask(registry, ["k1", "k1"]) == [k1])
    #expect(try ask(registry, ["k1"], kinds: ["credential", "agreement"]) == [k1])
    try registry.end()
  }

  @Test func `What is named and is not there is no "nothing"`() throws {
    let registry = try ground()
    let early = try registry.size - 1
    func refused(
      _ field: String, _ ask: () throws -> [String]
    ) {
      let failure = #expect(throws: CallStatus.self) { () throws in _ = try ask() }
      #expect(failure?.code == .notFound && failure?.rule == "no_such_name")
      #expect(failure?.field == field)
    }
    refused("credentials[1]") { try ask(registry, ["k1", "k77"]) }
    refused("officers[0]") { try ask(registry, officers: ["nobody"]) }
    // Recorded after the position that is asked about.
    refused("credentials[0]") { try ask(registry, ["k5"], at: early) }
    refused("stream_kinds[1]") { try ask(registry, kinds: ["credential", "credntial"]) }
    let kinds = #expect(throws: CallStatus.self) { () throws in
      _ = try ask(registry, ["k1"], kinds: ["agreement"])
    }
    #expect(kinds?.code == .invalidArgument && kinds?.field == "stream_kinds")
    #expect(kinds?.rule == "stream_kind")
    try registry.end()
  }

  @Test func `A record that was merged is followed to the person`() throws {
    let registry = try ground()
    try registry.given(
      Fixture.proposal(
        "officer/b", "2022-06-01", .officer(.mergedInto(OfficerMergedInto(officer: id("a"))))))
    for officer in ["a", "b"] {
      #expect(
        try ask(registry, officers: [officer]).sorted() == [
          "credential/k1 2023-01-10 a", "credential/k3 2023-01-20 a", "credential/k5 2023-02-01 a",
        ], "\(officer)")
    }
    try registry.end()
  }
}

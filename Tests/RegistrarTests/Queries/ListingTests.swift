import Messages
import Projections
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Rolls and lists of credentials at two times, and after merges.
struct ListingTests {
  private func ready() throws -> (TestRegistry, before: LogPosition) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    try registry.given(Fixture.enrolled("e1", "a"), completed, Fixture.enrolled("e2", "b"))
    try registry.given(
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]))
    let before = try registry.store.digestPosition()
    let second = Fixture.completed("e2", on: "2022-03-30")
    try registry.given(
      second, Fixture.issued("k2", to: "b", number: "N2", evidence: [second.eventID]),
      Fixture.credential("k1", "2022-06-01", .revoked(CredentialRevoked())))
    return (registry, before)
  }

  private func roll(
    _ registry: TestRegistry, on: String = "2022-12-01", at position: UInt64? = nil
  ) throws -> [CohortRollLine] {
    try registry.pages(
      .cohortRoll,
      CohortRollRequest(cohort: id("c1"), pageSize: 1, on: day(on), atPosition: position),
      CohortRollPage.self
    ).flatMap(\.lines)
  }

  @Test func `A roll is as of its day and its position`() throws {
    let (registry, before) = try ready()
    #expect(try roll(registry).map(\.status) == [.completed, .completed])
    #expect(try roll(registry).map(\.credentials) == [[id("k1")], [id("k2")]])
    #expect(try roll(registry, at: before).map(\.status) == [.completed, .enrolled])
    #expect(try roll(registry, on: "2022-03-30").map(\.status) == [.enrolled, .completed])
    #expect(try roll(registry, on: "2022-01-01").isEmpty)
    try registry.end()
  }

  @Test func `Who was merged stands on the roll under the survivor`() throws {
    let (registry, _) = try ready()
    try registry.given(
      Fixture.proposal(
        "officer/b", "2022-07-01", .officer(.mergedInto(OfficerMergedInto(officer: id("a"))))))
    let lines = try roll(registry)
    #expect(lines.map(\.officer) == [id("a"), id("a")])
    #expect(lines.map(\.credentials) == [[id("k1")], [id("k2")]])
    #expect(try roll(registry, on: "2022-06-30").map(\.officer) == [id("a"), id("b")])
    try registry.end()
  }

  private func listed(
    _ registry: TestRegistry, _ whose: ListCredentialsRequest.Whose, on: String = "2022-12-01",
    at position: UInt64? = nil
  ) throws -> [CredentialLine] {
    try registry.pages(
      .listCredentials,
      ListCredentialsRequest(whose: whose, on: day(on), pageSize: 1, atPosition: position),
      ListCredentialsPage.self
    ).flatMap(\.credentials)
  }

  @Test func `Credentials are listed as of both times, by officer and by issuer`() throws {
    let (registry, before) = try ready()
    #expect(try listed(registry, .officer(id("a"))).map(\.status) == [.revoked])
    #expect(try listed(registry, .officer(id("a")), at: before).map(\.status) == [.valid])
    #expect(
      try listed(registry, .issuer(id("heta"))).map(\.credential) == [id("k1"), id("k2")])
    let then = try listed(registry, .issuer(id("heta")), at: before)
    #expect(then.map(\.credential) == [id("k1")])
    #expect(then.map(\.status) == [.valid])
    #expect(try listed(registry, .issuer(id("moict")), at: before).isEmpty)
    try registry.end()
  }

  @Test func `The credentials of a merged record are listed under the survivor`() throws {
    let (registry, before) = try ready()
    try registry.given(
      Fixture.proposal(
        "officer/b", "2022-07-01", .officer(.mergedInto(OfficerMergedInto(officer: id("a"))))))
    #expect(
      try listed(registry, .officer(id("a"))).map(\.credential) == [id("k1"), id("k2")])
    #expect(
      try listed(registry, .officer(id("b"))).map(\.holder) == [id("a"), id("a")])
    #expect(
      try listed(registry, .officer(id("a")), at: before).map(\.credential) == [id("k1")])
    try registry.end()
  }
}

import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Whether institutions gave the time that a mandate asks of them: beside who completed.
struct SupportTests {
  /// `all` means left with low below it; a serves in left, b in low.
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Crowd.ground { try registry.given(proposal) }
    for (key, organisation) in [("a", "left"), ("b", "low")] {
      try registry.given(
        Fixture.proposal(
          "officer/" + key, "2021-01-01",
          .officer(
            .registered(OfficerRegistered(posting: Posting(organisation: id(organisation))))),
          personal: Personal(name: "Example \(key)")))
    }
    return registry
  }

  private static func report(
    _ organisation: String, _ from: String, _ until: String, _ hours: UInt32,
    said on: String = "2022-06-01", corrects: EventID? = nil
  ) -> Proposal {
    Fixture.proposal(
      "mandate/all", on,
      .mandate(
        .supportReported(
          MandateSupportReported(
            organisation: id(organisation), from: day(from), until: day(until), hours: hours))),
      corrects: corrects, source: true)
  }

  private static func answer(
    _ registry: TestRegistry, _ organisation: String? = nil, on: String = "2022-06-10",
    at position: UInt64? = nil
  ) throws -> (lines: [String: SupportGiven], support: [SupportLine]) {
    let pages = try registry.compliance(
      ComplianceRequest(
        mandate: id("all"), organisation: organisation.map(id), on: day(on),
        atPosition: position))
    #expect(pages.allSatisfy { $0.total?.support == nil })
    let lines = pages.flatMap(\.lines).map { ($0.organisation?.text ?? "", $0.support) }
    return (
      Dictionary(uniqueKeysWithValues: lines).compactMapValues(\.self),
      pages.flatMap(\.support)
    )
  }

  @Test func `Each line says what its institution gave, or the nearest above that said so`() throws
  {
    let registry = try ready()
    #expect(try Self.answer(registry).lines.isEmpty)
    // Two weeks of four hours.
    try registry.given(Self.report("left", "2022-04-04", "2022-04-17", 4))
    let one = try Self.answer(registry)
    #expect(one.lines["left"]?.minutes == 8 * 60)
    #expect(one.lines["left"]?.days == 14)
    #expect(one.lines["low"] == one.lines["left"])
    #expect(one.support.map(\.given.organisation) == [id("left")])
    #expect(try Self.answer(registry, "low").support == one.support)
    // One of its own: that it gave none.
    try registry.given(Self.report("low", "2022-04-04", "2022-04-17", 0))
    let two = try Self.answer(registry)
    #expect(two.lines["low"]?.organisation == id("low"))
    #expect((two.lines["low"]?.hours, two.lines["low"]?.minutes) == (0, 0))
    #expect(two.lines["left"]?.hours == 4)
    #expect(try Self.answer(registry, "low").support.map(\.given.organisation) == [id("low")])
    try registry.end()
  }

  @Test func `Reports of the same days are not added up`() throws {
    let registry = try ready()
    try registry.given(
      Self.report("left", "2022-04-04", "2022-04-17", 7),
      Self.report("left", "2022-04-11", "2022-04-24", 2),
      Self.report("left", "2022-03-28", "2022-04-03", 1))
    let line = try #require(try Self.answer(registry).support.first)
    // The one that goes on longest, 2 × 2 h, and 1 h of the week that it leaves out; never 7 h.
    #expect((line.given.minutes, line.given.days) == (5 * 60, 21))
    #expect(line.counted.map(\.hours) == [1, 2])
    #expect(line.others.map(\.hours) == [7])
    #expect((line.given.from, line.given.until) == (day("2022-03-28"), day("2022-04-24")))
    try registry.end()
  }

  @Test func `A report counts from the day on which it was said, and no longer once voided`() throws
  {
    let registry = try ready()
    let before = try registry.store.digestPosition()
    let given = Self.report("left", "2022-04-04", "2022-04-17", 4)
    try registry.given(given)
    #expect(try Self.answer(registry, on: "2022-05-31").support.isEmpty)
    #expect(try Self.answer(registry, at: before).support.isEmpty)
    let right = Self.report("left", "2022-04-04", "2022-04-17", 3, corrects: given.eventID)
    try registry.given(right)
    #expect(try Self.answer(registry).lines["low"]?.hours == 3)
    let known = try Self.answer(registry).support
    for rebuild in [false, true] {
      try registry.reopen(rebuild: rebuild)
      #expect(try Self.answer(registry).support == known)
    }
    try registry.given(
      Fixture.proposal("mandate/all", "2022-06-01", .voided(Voided()), corrects: right.eventID))
    // What it corrected stands again, until that is voided too.
    #expect(try Self.answer(registry).lines["low"]?.hours == 4)
    try registry.given(
      Fixture.proposal("mandate/all", "2022-06-01", .voided(Voided()), corrects: given.eventID))
    #expect(try Self.answer(registry).lines.isEmpty)
    try registry.end()
  }

  @Test func `What was given for a mandate that was withdrawn is still told`() throws {
    let registry = try ready()
    try registry.given(
      Self.report("left", "2022-04-04", "2022-04-17", 4),
      Fixture.proposal("mandate/all", "2022-06-05", .mandate(.withdrawn(MandateWithdrawn()))))
    let answer = try Self.answer(registry)
    #expect(answer.lines.isEmpty)
    #expect(answer.support.map(\.given.minutes) == [8 * 60])
    try registry.end()
  }

  @Test func `A preview names the report and nobody whose duty stays as it is`() throws {
    let registry = try ready()
    let reply = try Previewing(registry: registry).preview(
      Self.report("left", "2022-04-04", "2022-04-17", 4))
    #expect(reply.changes.map(\.what) == ["support[left 2022-04-04 2022-04-17]"])
    #expect(reply.changes.first?.after.contains("hours 4") == true)
    #expect(reply.lookedAt == nil)
    try registry.end()
  }
}

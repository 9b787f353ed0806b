import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A group is all of its items, neighbours or not.
struct GroupTests {
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    return registry
  }

  private func outcomes(
    _ registry: TestRegistry, _ items: [(Proposal, group: UInt32)],
    purpose: DecodedRequest.Purpose = .record
  ) throws -> [RecordOutcome] {
    try registry.submit(
      items.map { RecordItem(proposal: Codec.encode($0.0), group: $0.group) }, purpose: purpose
    ).get().outcomes
  }

  private func because(_ outcome: RecordOutcome) -> UInt32? {
    if case .notRecorded(let not) = outcome { not.becauseOf } else { nil }
  }

  private let refused = Fixture.enrolled("e9", "nobody")

  @Test func `Items of one group with others between them are recorded all or none`() throws {
    let registry = try ready()
    let before = try registry.size
    let found = try outcomes(
      registry,
      [
        (Fixture.organisation("one"), 4), (Fixture.organisation("two"), 0),
        (Fixture.organisation("three"), 9), (refused, 4), (Fixture.organisation("four"), 9),
      ])
    #expect(because(found[0]) == 3)
    #expect(found[3].code == "no_such_reference")
    #expect(found[1].position != nil && found[2].position != nil && found[4].position != nil)
    #expect(try registry.size == before + 3)
    // Once nothing is refused all of them stand, side by side in the log.
    let again = try outcomes(
      registry,
      [
        (Fixture.organisation("one"), 4), (Fixture.organisation("five"), 0),
        (Fixture.organisation("six"), 4),
      ])
    #expect(again.map(\.position) == [before + 3, before + 5, before + 4])
    try registry.end()
  }

  @Test func `What stands between may refer to a group, and a group to what stands between`() throws
  {
    let registry = try ready()
    func moved(_ key: String, under parent: String) -> Proposal {
      Crowd.moved(key, under: parent, "2021-01-01")
    }
    let found = try outcomes(
      registry,
      [
        (Fixture.organisation("top"), 1), (moved("heta", under: "top"), 0),
        (Fixture.organisation("low"), 1),
        // Of the second group, to what comes after its first.
        (Fixture.organisation("left"), 2), (Fixture.organisation("right"), 0),
        (moved("left", under: "right"), 2),
      ])
    #expect(found.allSatisfy { $0.position != nil }, "\(found)")
    try registry.end()
  }

  @Test func `Of a group that stands in neither place the reason of its own place is told`() throws
  {
    let registry = try ready()
    try registry.given(Fixture.enrolled("e1", "a"))
    // In its own place the second lacks what is nowhere; in the last one the first is in the way of
    // what stands between.
    let found = try outcomes(
      registry,
      [
        (Fixture.completed("e1"), 1),
        (
          Fixture.proposal(
            "enrolment/e1", "2022-02-01", .enrolment(.withdrawn(EnrolmentWithdrawn()))), 0
        ),
        (refused, 1),
      ])
    #expect(found[2].code == "no_such_reference", "\(found)")
    #expect(because(found[0]) == 2)
    #expect(found[1].position != nil)
    try registry.end()
  }

  @Test
  func `What stands between gives a group what it lacked, and the reason that is left is told`()
    throws
  {
    let registry = try ready()
    func moved(_ key: String, under parent: String) -> Proposal {
      Crowd.moved(key, under: parent, "2021-01-01")
    }
    let found = try outcomes(
      registry,
      [
        (moved("heta", under: "top"), 1), (Fixture.organisation("top"), 0), (refused, 1),
      ])
    #expect(found[2].code == "no_such_reference", "\(found)")
    #expect(because(found[0]) == 2)
    try registry.end()
  }

  @Test func `A dry run of a group that is spread says what recording it will`() throws {
    let registry = try ready()
    let items: [(Proposal, group: UInt32)] = [
      (Fixture.organisation("one"), 4), (Fixture.organisation("two"), 0), (refused, 4),
      (Fixture.organisation("three"), 0),
    ]
    let before = try registry.store.digest().hex
    let said = try outcomes(registry, items, purpose: .dryRun)
    #expect(try registry.store.digest().hex == before)
    #expect(try outcomes(registry, items).map(\.position) == said.map(\.position))
    try registry.end()
  }
}

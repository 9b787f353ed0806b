import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Of two stages that object to an item the earlier one is told: those that are the writer's, with
/// their neighbours. The others are in the tests of admission.
struct PrecedenceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var stages: (first: AdmissionStage, second: AdmissionStage)
    /// An item that both object to, and one that the later alone does.
    var both: @Sendable () -> RecordItem
    var second: @Sendable () -> RecordItem

    var testDescription: String { "\(stages.first) before \(stages.second)" }
  }

  private static func item(
    _ proposal: Proposal, expected: RecordItem.Expected? = nil, isWhole: Bool = true
  ) -> RecordItem {
    // A tag without its field.
    RecordItem(proposal: Codec.encode(proposal) + (isWhole ? [] : [0x0A]), expected: expected)
  }

  /// What is recorded of it is another organisation.
  private static let known = EventID(high: 7, low: 7)

  private static func organisation(_ id: EventID? = known) -> Proposal {
    var proposal = Fixture.organisation("other")
    proposal.eventID = id ?? Fixture.freshID()
    return proposal
  }

  /// Registers an officer under a number that is officer `a`'s.
  private static func taken(on day: Day? = nil) -> Proposal {
    var proposal = Fixture.officer("c", "1")
    if let day { proposal.effective = day }
    return proposal
  }

  /// Adds an identifier to an officer whose key was erased.
  private static func sealed(_ number: String) -> Proposal {
    Fixture.proposal(
      "officer/b", "2021-01-01",
      .officer(.identifierAdded(OfficerIdentifierAdded(scheme: id("pn")))),
      personal: Personal(name: "", identifiers: [SchemeValue(scheme: id("pn"), value: number)]))
  }

  static let rows: [Row] = [
    Row(
      stages: (.form, .eventID), both: { item(organisation(), isWhole: false) },
      second: { item(organisation()) }),
    Row(
      stages: (.eventID, .version), both: { item(organisation(), expected: .atVersion(4)) },
      second: { item(organisation(nil), expected: .atVersion(4)) }),
    Row(
      stages: (.version, .jurisdiction),
      both: { item(Fixture.established("rw"), expected: .atVersion(4)) },
      second: { item(Fixture.established("rw")) }),
    Row(
      stages: (.plausibility, .identifiers), both: { item(taken(on: day("1850-01-01"))) },
      second: { item(taken()) }),
    Row(
      stages: (.identifiers, .officerKey), both: { item(sealed("1")) },
      second: { item(sealed("99")) }),
  ]

  private static func code(_ outcome: RecordOutcome) -> Rejection.Code? {
    outcome.code.flatMap { Rejection.Code(rawValue: $0) }
  }

  @Test(arguments: rows)
  func `Of two stages that object to an item the earlier one is told`(row: Row) throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    var recorded = Fixture.organisation("one")
    recorded.eventID = Self.known
    try registry.given(recorded)
    try registry.store.vault.erase(id("b"))
    for (item, stage) in [(row.both(), row.stages.first), (row.second(), row.stages.second)] {
      let outcome = try registry.submit([item], purpose: .dryRun).get().outcomes[0]
      let code = try #require(Self.code(outcome), "\(outcome)")
      #expect(stage.codes.contains(code), "\(outcome)")
    }
    try registry.end()
  }

  @Test func `Each stage of the writer's has a row`() {
    for row in Self.rows { #expect(row.stages.first.next == row.stages.second) }
    let firsts =
      AdmissionStage.order.prefix { $0 != .jurisdiction } + [.plausibility, .identifiers]
    #expect(Self.rows.map(\.stages.first) == Array(firsts))
    // No row could tell two stages apart that say the same.
    for row in Self.rows {
      #expect(row.stages.first.codes.isDisjoint(with: row.stages.second.codes))
    }
  }
}

import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A number finds whom it is whose that day, by what was known; it is free once it is nobody's.
struct IdentifierTests {
  /// What happens to a number of officer a, and whose it is then.
  struct Case: CustomTestStringConvertible {
    let name: String
    /// After a's registration under 1, from 2021-01-01, and its training in 2022.
    let steps: [Proposal]
    /// Number, day, after how many of the steps, whose.
    let answers: [(number: String, on: String, after: Int, officer: String?)]
    var testDescription: String { name }
  }

  static let first = Numbers.registered("a", ["1"], "2021-01-01")
  static let second = Numbers.registered("b", ["2"], "2021-01-01")

  static var cases: [Case] {
    let added = Numbers.added("a", "7", "2022-06-01")
    let ended = Numbers.ended("a", "1", "2022-06-01")
    let merged = Fixture.merged("b", into: "a", on: "2022-06-01")
    let wrong = Numbers.registered("a", ["11"], "2021-01-01", corrects: first)
    return [
      Case(
        name: "corrected", steps: [wrong],
        answers: [
          ("1", "2022-12-01", 0, "a"), ("1", "2022-12-01", 1, nil), ("11", "2022-12-01", 1, "a"),
          ("11", "2020-12-31", 1, nil), ("11", "2022-12-01", 0, nil),
        ]),
      Case(
        name: "corrected, and the correction voided", steps: [wrong, Fixture.voided(wrong)],
        answers: [
          ("1", "2022-12-01", 1, nil), ("1", "2022-12-01", 2, "a"), ("11", "2022-12-01", 2, nil),
          ("11", "2022-12-01", 1, "a"),
        ]),
      Case(
        name: "the day corrected, with nothing personal",
        steps: [
          Fixture.proposal(
            "officer/a", "2020-06-01", .officer(.registered(OfficerRegistered())),
            corrects: first.eventID)
        ],
        answers: [
          ("1", "2020-07-01", 0, nil), ("1", "2020-07-01", 1, "a"), ("1", "2020-05-31", 1, nil),
        ]),
      Case(
        name: "ended", steps: [ended],
        answers: [
          ("1", "2022-05-31", 1, "a"), ("1", "2022-06-01", 1, nil), ("1", "2022-06-01", 0, "a"),
        ]),
      Case(
        name: "ended, that value and not the scheme",
        steps: [added, Numbers.ended("a", "1", "2022-07-01")],
        answers: [
          ("1", "2022-08-01", 2, nil), ("7", "2022-08-01", 2, "a"), ("7", "2022-05-31", 2, nil),
          ("1", "2022-08-01", 1, "a"),
        ]),
      Case(
        name: "the scheme ended", steps: [added, Numbers.ended("a", nil, "2022-07-01")],
        answers: [
          ("1", "2022-08-01", 2, nil), ("7", "2022-08-01", 2, nil), ("7", "2022-06-30", 2, "a"),
        ]),
      Case(
        name: "an end voided, and restored",
        steps: [ended, Fixture.voided(ended), Fixture.restored(ended)],
        answers: [
          ("1", "2022-06-01", 1, nil), ("1", "2022-06-01", 2, "a"), ("1", "2022-06-01", 3, nil),
          ("1", "2022-05-31", 3, "a"),
        ]),
      Case(
        name: "an end corrected to another day",
        steps: [ended, Numbers.ended("a", "1", "2022-09-01", corrects: ended)],
        answers: [
          ("1", "2022-08-31", 2, "a"), ("1", "2022-08-31", 1, nil), ("1", "2022-09-01", 2, nil),
        ]),
      Case(
        name: "an addition voided, and restored",
        steps: [added, Fixture.voided(added), Fixture.restored(added)],
        answers: [
          ("7", "2022-06-01", 1, "a"), ("7", "2022-06-01", 2, nil), ("7", "2022-06-01", 3, "a"),
          ("7", "2022-05-31", 3, nil), ("1", "2022-06-01", 3, "a"),
        ]),
      Case(
        name: "merged, and reversed",
        steps: [merged, Fixture.unmerged("b", on: "2022-09-01")],
        answers: [
          ("2", "2022-05-31", 1, "b"), ("2", "2022-06-01", 1, "a"), ("2", "2022-06-01", 0, "b"),
          ("2", "2022-09-01", 1, "a"), ("2", "2022-09-01", 2, "b"), ("2", "2022-08-31", 2, "a"),
          ("1", "2022-07-01", 2, "a"),
        ]),
      Case(
        name: "shared by a merge", steps: [merged, Numbers.added("a", "2", "2022-07-01")],
        answers: [("2", "2022-08-01", 2, "a"), ("2", "2022-05-31", 2, "b")]),
      Case(
        name: "given to another",
        steps: [ended, Numbers.added("b", "1", "2022-06-01")],
        answers: [
          ("1", "2022-05-31", 2, "a"), ("1", "2022-06-01", 2, "b"), ("1", "2022-06-01", 1, nil),
          ("2", "2022-06-01", 2, "b"),
        ]),
      Case(
        name: "given to another and given back",
        steps: [
          ended, Numbers.added("b", "1", "2022-06-01"), Numbers.ended("b", "1", "2022-09-01"),
          Numbers.added("a", "1", "2022-10-01"),
        ],
        answers: [
          ("1", "2022-05-31", 4, "a"), ("1", "2022-08-31", 4, "b"), ("1", "2022-09-30", 4, nil),
          ("1", "2022-10-01", 4, "a"), ("1", "2022-10-01", 3, nil), ("1", "2022-10-01", 2, "b"),
          ("1", "2022-10-01", 1, nil), ("1", "2022-10-01", 0, "a"),
        ]),
      Case(
        name: "taken back and given to its owner",
        steps: [wrong, Numbers.registered("c", ["1"], "2021-01-01")],
        answers: [
          ("1", "2022-12-01", 2, "c"), ("1", "2022-12-01", 0, "a"), ("1", "2021-01-01", 2, "c"),
          ("1", "2020-12-31", 2, nil),
        ]),
      Case(
        name: "given from a day that is yet to come",
        steps: [Numbers.added("a", "7", "2030-01-01")],
        answers: [("7", "2029-12-31", 1, nil), ("7", "2030-01-01", 1, "a")]),
    ]
  }

  @Test(arguments: cases)
  func `A number finds whose it is, by day and by position`(given: Case) throws {
    // The end of 2029.
    let registry = try TestRegistry { $0.clock = TimeSource { 1_893_300_000_000 } }
    for proposal in Numbers.ground + [Self.first, Self.second] { try registry.given(proposal) }
    for proposal in Numbers.trained("a") + Numbers.trained("b") { try registry.given(proposal) }
    var positions = [try registry.size]
    for step in given.steps {
      try registry.given(step)
      positions.append(try registry.size)
    }
    func check(_ when: String) throws {
      for answer in given.answers {
        let position = positions[answer.after]
        try registry.expect(
          answer.number, on: answer.on, at: position, is: answer.officer, of: ["a", "b"],
          "\(given.name), \(when)")
        guard answer.after == given.steps.count else { continue }
        try registry.expect(
          answer.number, on: answer.on, is: answer.officer, of: ["a", "b"],
          "\(given.name), \(when), now")
      }
    }
    try check("live")
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().tables == live.tables)
    try check("rebuilt")
    try registry.end()
  }

  @Test func `What is known of a person has the numbers of the day`() throws {
    let registry = try TestRegistry()
    for proposal in Numbers.ground + [Self.first] { try registry.given(proposal) }
    try registry.given(
      Numbers.added("a", "7", "2022-06-01"), Numbers.ended("a", "1", "2022-07-01"))
    func numbers(_ on: String, by number: String) throws -> [String] {
      try registry.person(number, on: on).personal?.identifiers.map(\.value) ?? []
    }
    #expect(try numbers("2022-05-31", by: "1") == ["1"])
    #expect(try numbers("2022-06-30", by: "1") == ["1", "7"])
    #expect(try numbers("2022-07-01", by: "7") == ["7"])
    #expect(try numbers("2022-07-01", by: "1") == [])
    try registry.end()
  }

  /// Somebody else's number: what is refused, and what would have had to go first.
  @Test func `Two people do not have a number on one day`() throws {
    let registry = try TestRegistry()
    for proposal in Numbers.ground + [Self.first, Self.second] { try registry.given(proposal) }
    func refused(_ proposal: Proposal, _ because: String) throws {
      let before = try registry.size
      let outcome = try registry.record([proposal])[0]
      guard case .rejected(let rejected) = outcome else {
        Issue.record("\(because): \(outcome)")
        return
      }
      #expect(rejected.code == "already_taken", "\(because): \(rejected.sentence)")
      #expect(rejected.position != nil && rejected.eventInTheWay != nil)
      #expect(try registry.size == before)
    }
    try refused(Numbers.registered("c", ["1"], "2022-01-01"), "it is a's")
    // Also where it would be another's only until the day on which it is a's.
    try refused(Numbers.registered("c", ["1"], "2019-01-01"), "it is a's later")
    let end = Numbers.ended("a", "1", "2022-06-01")
    try registry.given(end)
    try refused(Numbers.registered("c", ["1"], "2022-05-31"), "it is a's for a day more")
    let other = Numbers.registered("c", ["1"], "2022-06-01")
    try registry.given(other)
    // What would bring it back to a.
    try refused(Fixture.voided(end), "c has it since a's ended")
    try refused(Numbers.ended("a", "1", "2022-06-02", corrects: end), "c has it that day")
    try refused(Numbers.added("a", "1", "2023-01-01"), "c has it")
    try refused(
      Numbers.registered("b", ["1", "2"], "2021-01-01", corrects: Self.second), "both have it")
    try registry.given(Fixture.voided(other))
    try registry.given(Fixture.voided(end))
    try refused(Fixture.restored(other), "a has it again")
    try registry.end()
  }

  @Test func `Records that share a number are not parted before one of them gives it up`() throws {
    let registry = try TestRegistry()
    for proposal in Numbers.ground + [Self.first, Self.second] { try registry.given(proposal) }
    let merge = Fixture.merged("b", into: "a", on: "2022-06-01")
    try registry.given(merge)
    // Before the merge they are two.
    let early = try registry.record([Numbers.added("a", "2", "2022-05-01")])[0]
    #expect(early.code == "already_taken")
    let shared = Numbers.added("a", "2", "2022-07-01")
    try registry.given(shared)
    let parting = Fixture.unmerged("b", on: "2022-09-01")
    #expect(try registry.record([parting])[0].code == "already_taken")
    #expect(try registry.record([Fixture.voided(merge)])[0].code == "already_taken")
    try registry.given(Numbers.ended("a", "2", "2022-09-01"), parting)
    #expect(try registry.whose("2", on: "2022-08-31") == "a")
    #expect(try registry.whose("2", on: "2022-09-01") == "b")
    try registry.end()
  }

  @Test func `What a number's event may say`() throws {
    let registry = try TestRegistry()
    for proposal in Numbers.ground + [Self.first] { try registry.given(proposal) }
    func code(_ proposal: Proposal) throws -> String? { try registry.record([proposal])[0].code }
    func ended(_ scheme: String, only: Bool, _ personal: Personal?) -> Proposal {
      Fixture.proposal(
        "officer/a", "2022-01-01",
        .officer(
          .identifierEnded(OfficerIdentifierEnded(scheme: id(scheme), valueOnly: only))),
        personal: personal)
    }
    let one = Personal(identifiers: [Numbers.pn("1")])
    #expect(try code(ended("pn", only: true, nil)) == "personal_data")
    #expect(try code(ended("pn", only: false, one)) == "personal_data")
    #expect(try code(ended("id", only: true, one)) == "personal_data")
    #expect(try code(Numbers.ended("a", "9", "2022-01-01")) == "not_in_stream")
    #expect(try code(Numbers.ended("a", "1", "2020-12-31")) == "no_such_stream")
    var void = Fixture.voided(Self.first)
    void.personal = one
    #expect(try code(void) == "personal_data")
    // What is so already.
    let again = try registry.record([Numbers.added("a", "1", "2022-01-01")])[0]
    #expect(again.isUnchanged)
    try registry.given(ended("pn", only: true, one))
    #expect(try code(Numbers.ended("a", "1", "2022-02-01")) == "not_in_stream")
    try registry.end()
  }

  @Test func `A batch sees the numbers that it gave and took itself, and forgets what it drops`()
    throws
  {
    let registry = try TestRegistry()
    for proposal in Numbers.ground + [Self.first] { try registry.given(proposal) }
    let dry = try registry.record(
      [Numbers.ended("a", "1", "2022-01-01"), Numbers.registered("c", ["1"], "2022-01-01")],
      atomic: true, purpose: .dryRun)
    #expect(dry.allSatisfy { $0.code == nil })
    #expect(try registry.whose("1") == "a")
    let dropped = try registry.record(
      [
        Numbers.ended("a", "1", "2022-01-01"), Numbers.registered("c", ["1"], "2022-01-01"),
        Numbers.registered("d", ["1"], "2022-01-01"),
      ], atomic: true)
    #expect(dropped[2].code == "already_taken")
    #expect(try registry.whose("1") == "a")
    let end = Numbers.ended("a", "1", "2022-01-01")
    let outcomes = try registry.record([
      end, Numbers.registered("c", ["1"], "2022-01-01"), Fixture.voided(end),
      Numbers.registered("d", ["1"], "2022-01-01"),
    ])
    #expect(outcomes.map(\.code) == [nil, nil, "already_taken", "already_taken"])
    #expect(try registry.whose("1", on: "2022-01-01") == "c")
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().tables == live.tables)
    try registry.end()
  }
}

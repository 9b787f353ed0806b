import Messages
import Projections
import Registry
import Server
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Enrolments that were moved since the position that is asked about: the tables have them where
/// they are now, and an answer about then has them where they were.
struct MovedEnrolmentTests {
  private static func cohort(_ key: String) -> Proposal { Fixture.cohort(key, programme: "p") }

  private static func transferred(_ key: String, to cohort: String) -> Proposal {
    Fixture.proposal(
      "enrolment/" + key, "2022-02-01",
      .enrolment(.transferred(EnrolmentTransferred(cohort: Identifier(cohort)!))))
  }

  private func roll(_ registry: TestRegistry, _ cohort: String, at position: UInt64) throws
    -> [String]
  {
    try registry.allPages(
      .cohortRoll,
      CohortRollRequest(cohort: id(cohort), on: day("2022-03-01"), atPosition: position),
      CohortRollPage.self
    ).flatMap(\.lines).map(\.officer.text)
  }

  private func enrolled(_ registry: TestRegistry, _ agreement: String, at position: UInt64) throws
    -> UInt64
  {
    try registry.explained(
      .agreement(AgreementNumber(agreement: id(agreement), figure: .enrolled)),
      on: day("2022-03-01"), at: position
    ).counted
  }

  /// One training that counts under an agreement, and another cohort that does not.
  private func filled() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.agreement("g"), Fixture.programme("p"),
      Fixture.linked("p", to: "g", on: "2021-07-01"),
      Self.cohort("under-g"), Fixture.enrolled("e1", "a", "under-g"))
    return registry
  }

  /// The moves of an enrolment that leave its cohort, by what is recorded.
  private static let moves: [(name: String, proposals: @Sendable (Proposal) -> [Proposal])] = [
    ("transferred", { _ in [transferred("e1", to: "c1")] }),
    (
      "corrected",
      { first in
        var other = Fixture.enrolled("e1", "a", "c1")
        other.corrects = first.eventID
        return [other]
      }
    ),
    ("voided", { first in [Fixture.voided(first)] }),
  ]

  @Test(arguments: moves.indices)
  func `Who was moved since is found where they were`(at: Int) throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let first = Fixture.enrolled("e1", "a", "under-g")
    try registry.given(
      Fixture.agreement("g"), Fixture.programme("p"),
      Fixture.linked("p", to: "g", on: "2021-07-01"),
      Self.cohort("under-g"), first)
    let then = try registry.size
    #expect(try roll(registry, "under-g", at: then) == ["a"])
    #expect(try enrolled(registry, "g", at: then) == 1)
    #expect(try registry.agreement("g", on: day("2022-03-01"), at: then).programmes.count == 1)
    let dashboard = try registry.agreement("g", on: day("2022-03-01"), at: then)

    let (name, proposals) = Self.moves[at]
    for proposal in proposals(first) { try registry.given(proposal) }
    let now = try registry.size
    #expect(try roll(registry, "under-g", at: now) == [], "\(name)")
    #expect(try roll(registry, "c1", at: now) == (name == "voided" ? [] : ["a"]), "\(name)")
    #expect(try enrolled(registry, "g", at: now) == 0, "\(name)")

    #expect(try roll(registry, "under-g", at: then) == ["a"], "\(name)")
    #expect(try roll(registry, "c1", at: then) == [], "\(name)")
    #expect(try enrolled(registry, "g", at: then) == 1, "\(name)")
    var again = try registry.agreement("g", on: day("2022-03-01"), at: then)
    again.asOf = dashboard.asOf
    #expect(again == dashboard, "\(name)")
    try registry.end()
  }

  @Test(arguments: [AgreementFigure.people, .completions, .enrolled], [false, true])
  func `An explanation in slices counts what it counts in one, whoever is moved meanwhile`(
    figure: AgreementFigure, isOld: Bool
  ) throws {
    let registry = try filled()
    try registry.given(Self.cohort("also-under-g"))
    for at in 0..<6 {
      let (officer, key) = ("o\(at)", "x\(at)")
      try registry.given(
        Fixture.officer(officer, "n\(at)"),
        Fixture.enrolled(key, officer, at % 2 == 0 ? "under-g" : "also-under-g"))
      if at < 3 { try registry.given(Fixture.completed(key)) }
    }
    var then: UInt64?
    if isOld {
      then = try registry.size
      try registry.given(Self.transferred("x4", to: "c1"))
    }
    let what = ExplainRequest.What.agreement(
      AgreementNumber(agreement: id("g"), figure: figure))
    let whole = try registry.explained(what, on: day("2022-05-01"), at: then)
    #expect(whole.counted == (figure == .enrolled ? 7 : 3))

    try registry.withStreams { streams in
      let question = ExplainRequest(what: what, on: day("2022-05-01"), atPosition: then)
      let stream = try streams.open(.explain, Codec.encode(question))
      defer { stream.close() }
      var (lines, counted, steps, working): ([ExplainLine], UInt64, Int, Int) = ([], 0, 0, 0)
      while true {
        steps += 1
        let step = try stream.next(TimeSlice(ms: 0))
        // Each step with a snapshot of its own, and between them somebody is moved.
        if steps == 2 { try registry.given(Self.transferred("x5", to: "c1")) }
        if steps == 4 { try registry.given(Self.transferred("x4", to: "also-under-g")) }
        switch step {
        case .working: working += 1
        case .idle: break
        case .message(let bytes), .end(let bytes?):
          let page = try Codec.decode(ExplainPage.self, from: bytes)
          lines += page.lines
          counted = page.counted
        case .end(nil): break
        }
        if case .end = step { break }
      }
      #expect(working > 5)
      #expect(counted == whole.counted)
      #expect(lines == whole.lines)
    }
    try registry.end()
  }

  @Test func `Who was counted under another agreement since is found where they were`() throws {
    let registry = try filled()
    try registry.given(Fixture.agreement("h"))
    let then = try registry.size
    var attended = Fixture.proposal(
      "enrolment/e1", "2022-01-20",
      .enrolment(.attended(EnrolmentAttended(session: id("s1"), minutes: 60))))
    attended.attributedTo = StreamID("agreement/h")!
    try registry.given(attended)
    let now = try registry.size
    #expect(try enrolled(registry, "h", at: now) == 1)
    #expect(try enrolled(registry, "h", at: then) == 0)
    #expect(try enrolled(registry, "g", at: then) == 1)
    try registry.end()
  }
}

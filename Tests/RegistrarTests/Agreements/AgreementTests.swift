import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// The dashboard of an agreement: people once, completions each, by day and by position.
struct AgreementTests {
  /// Two programmes, of which one is linked after the training; officer `a` completes in both, `b`
  /// in one, and `a2` is another record of `b`.
  func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.officer("a2", "3"), Fixture.agreement("mou"), Fixture.programme("p1"),
      Fixture.programme("p2"), Fixture.linked("p1", to: "mou", on: "2021-07-01"),
      Fixture.cohort("c2", programme: "p1"), Fixture.cohort("c3", programme: "p2"))
    for (key, officer, cohort, day) in [
      ("e1", "a", "c2", "2022-03-31"), ("e2", "b", "c2", "2022-03-31"),
      ("e3", "a", "c3", "2022-05-31"), ("e4", "a2", "c3", "2022-06-30"),
    ] {
      try registry.given(Fixture.enrolled(key, officer, cohort), Fixture.completed(key, on: day))
    }
    return registry
  }

  @Test func `People are counted once and completions each, also what is linked later`() throws {
    let registry = try ready()
    let before = try registry.size
    try registry.given(Fixture.linked("p2", to: "mou", on: "2023-01-15"))
    var reply = try registry.agreement("mou", on: day("2023-01-14"))
    #expect((reply.people, reply.completions) == (2, 2))
    reply = try registry.agreement("mou", on: day("2023-01-15"))
    #expect((reply.people, reply.completions) == (3, 4))
    #expect(reply.programmes.map(\.people) == [2, 2])
    reply = try registry.agreement("mou", on: day("2023-01-15"), at: before)
    #expect((reply.people, reply.completions) == (2, 2))

    // Two records of one person count once from the day of the merge on.
    try registry.given(Fixture.merged("a2", into: "b", on: "2023-02-01"))
    #expect(try registry.agreement("mou", on: day("2023-01-31")).people == 3)
    reply = try registry.agreement("mou", on: day("2023-02-01"))
    #expect((reply.people, reply.completions) == (2, 4))
    try registry.end()
  }

  @Test func `Targets are held against what their population counts by their day`() throws {
    let registry = try ready()
    try registry.given(
      Fixture.linked("p2", to: "mou", on: "2022-01-01"),
      Fixture.proposal(
        "enrolment/e1", "2022-04-15",
        .enrolment(.awardConferred(EnrolmentAwardConferred(award: id("best"))))))
    func target(_ key: String, _ population: Population, _ wanted: UInt64, by: String? = nil)
      -> Proposal
    {
      Fixture.said(
        "mou", "2021-06-02",
        .targetSet(
          TargetSet(
            target: id(key), population: population, count: .exactly(wanted),
            by: by.flatMap { Day($0) })))
    }
    func reported(_ key: String, _ population: Population, _ number: Count, asOf: String)
      -> Proposal
    {
      Fixture.said(
        "mou", asOf,
        .aggregateReported(
          AggregateReported(
            report: id(key), population: population, people: number, asOf: Day(asOf)!)))
    }
    try registry.given(
      target("civil", .civilServants, 4), target("spring", .mixed, 10, by: "2022-04-30"),
      target("awards-march", .awards, 1, by: "2022-03-31"), target("awards", .awards, 1),
      target("students", .students, 100), target("places", .organisations, 1),
      reported("r1", .students, .about(25), asOf: "2022-04-01"),
      reported("r2", .students, .exactly(5), asOf: "2022-09-01"),
      reported("r3", .students, .words("hundreds"), asOf: "2022-09-02"))
    let reply = try registry.agreement("mou", on: day("2022-12-31"))
    let lines = Dictionary(uniqueKeysWithValues: reply.targets.map { ($0.target.target.text, $0) })
    #expect(lines["civil"]?.actual == 3)
    #expect(lines["civil"]?.reached == 7500)
    #expect(lines["spring"]?.actual == 2)
    #expect(lines["spring"]?.reported == 25)
    #expect(lines["spring"]?.reached == 27000)
    #expect(lines["awards-march"]?.actual == 0)
    #expect(lines["awards"]?.actual == 1)
    #expect(lines["students"]?.actual == 0)
    // The later report tells of the same students.
    #expect(lines["students"]?.reported == 5)
    #expect(lines["students"]?.countedReports == [id("r2")])
    #expect(Set(lines["students"]?.otherReports ?? []) == [id("r1"), id("r3")])
    #expect(lines["places"]?.actual == 1)
    try registry.end()
  }

  @Test func `What was transferred or attributed elsewhere counts where it stood that day`() throws
  {
    let registry = try ready()
    try registry.given(
      Fixture.agreement("other"),
      Fixture.enrolled("e5", "a2", "c1"))
    let before = try registry.size
    var attributed = Fixture.proposal(
      "enrolment/e5", "2022-02-01",
      .enrolment(.attended(EnrolmentAttended(session: id("s1"), minutes: 60))))
    attributed.attributedTo = StreamID("agreement/mou")!
    var moved = Fixture.proposal(
      "enrolment/e5", "2022-03-01",
      .enrolment(.attended(EnrolmentAttended(session: id("s2"), minutes: 60))))
    moved.attributedTo = StreamID("agreement/other")!
    let transferred = Fixture.proposal(
      "enrolment/e5", "2022-03-15",
      .enrolment(.transferred(EnrolmentTransferred(cohort: id("c2")))))
    try registry.given(attributed, moved, transferred)
    func enrolled(_ agreement: String, _ on: String, at position: UInt64? = nil) throws -> [String]
    {
      try registry.agreement(agreement, on: day(on), at: position).programmes.map {
        "\($0.programme.text) \($0.enrolled)"
      }
    }
    #expect(try enrolled("mou", "2022-02-15") == ["p1 2", "mou 1"])
    #expect(try enrolled("mou", "2022-03-10") == ["p1 2"])
    #expect(try enrolled("other", "2022-03-10") == ["other 1"])
    #expect(try enrolled("mou", "2022-03-20") == ["p1 3"])
    #expect(try enrolled("mou", "2022-03-20", at: before) == ["p1 2"])
    let middle = try registry.size - 1
    #expect(try enrolled("mou", "2022-03-20", at: middle) == ["p1 2"])
    try registry.given(Fixture.voided(transferred))
    #expect(try enrolled("mou", "2022-03-20") == ["p1 2"])
    #expect(try enrolled("mou", "2022-03-20", at: middle + 1) == ["p1 3"])
    try registry.end()
  }

  @Test func `Every number of the dashboard is explained by as much`() throws {
    let registry = try ready()
    try registry.given(
      Fixture.linked("p2", to: "mou", on: "2023-01-15"),
      Fixture.proposal(
        "enrolment/e4", "2022-07-15",
        .enrolment(.awardConferred(EnrolmentAwardConferred(award: id("best"))))),
      Fixture.said(
        "mou", "2022-09-01",
        .aggregateReported(
          AggregateReported(report: id("r1"), population: .students, people: .exactly(17)))),
      Fixture.merged("a2", into: "b", on: "2023-02-01"))
    let end = try registry.size
    for (on, position) in [
      ("2022-12-31", end), ("2023-01-20", end), ("2023-03-01", end), ("2023-03-01", end - 1),
      ("2022-04-30", end - 4),
    ] {
      let reply = try registry.agreement("mou", on: day(on), at: position)
      func counted(_ figure: AgreementFigure, _ programme: String? = nil) throws -> UInt64 {
        let number = AgreementNumber(
          agreement: id("mou"), figure: figure, programme: programme.map { id($0) })
        return try registry.explained(.agreement(number), on: day(on), at: position).counted
      }
      let place = "\(on) at \(position)"
      #expect(try counted(.people) == reply.people, "people, \(place)")
      #expect(try counted(.completions) == reply.completions, "completions, \(place)")
      let awards = reply.programmes.map(\.awards).reduce(0, +)
      #expect(try counted(.awards) == awards, "awards, \(place)")
      let reported = reply.state?.aggregates.compactMap(\.people.number).reduce(0, +) ?? 0
      #expect(try counted(.reported) == reported, "reported, \(place)")
      for line in reply.programmes {
        let programme = line.programme.text
        #expect(try counted(.people, programme) == line.people, "\(programme), \(place)")
        #expect(try counted(.enrolled, programme) == line.enrolled, "\(programme), \(place)")
        #expect(try counted(.completions, programme) == line.completions, "\(programme), \(place)")
      }
    }
    let number = AgreementNumber(agreement: id("mou"), figure: .people)
    let lines = try registry.explained(.agreement(number), on: day("2023-03-01")).lines
    #expect(lines.filter { $0.event == "programme.linked_to_agreement" }.count == 2)
    #expect(Set(lines.compactMap(\.officer)) == [id("a"), id("b")])
    try registry.end()
  }

  @Test func `A public-private partnership is an agreement of a kind of its own`() throws {
    let registry = try ready()
    var partnership = Fixture.agreement("ppp")
    guard case .agreement(.signed(var given)) = partnership.body else { return }
    given.terms.agreementKind = .publicPrivatePartnership
    partnership.body = .agreement(.signed(given))
    try registry.given(partnership)
    try registry.reopen()
    let reply = try registry.agreement("ppp", on: day("2022-06-01"))
    #expect(reply.state?.terms.agreementKind?.name == "public_private_partnership")
    #expect(reply.mayBeReliedOn)
    try registry.end()
  }
}

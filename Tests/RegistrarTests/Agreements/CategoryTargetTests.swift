import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Targets of categories of people: each has an actual of its own.
struct CategoryTargetTests {
  private static func defined(
    _ code: String, parent: String? = nil, personal: Bool = false
  ) -> Proposal {
    Fixture.proposal(
      "registry/ke", "2021-01-01",
      .registry(
        .categoryDefined(
          CategoryDefined(
            code: id(code), title: "Category \(code)", parent: parent.map(id), personal: personal))
      ))
  }

  private static func posted(
    _ key: String, _ category: String?, _ on: String, id event: EventID? = nil,
    corrects: EventID? = nil
  ) -> Proposal {
    Fixture.proposal(
      "officer/" + key, on,
      .officer(
        .posted(
          OfficerPosted(
            posting: Posting(organisation: id("moict"), category: category.map(id))))),
      id: event, corrects: corrects, source: true)
  }

  /// Of the event that posts b.
  private static let posting = Fixture.freshID()

  private static func target(
    _ key: String, _ wanted: UInt64, category: String? = nil, programme: String? = nil,
    by: String? = nil, _ population: Population = .publicEmployees
  ) -> Proposal {
    Fixture.said(
      "mou", "2021-06-02",
      .targetSet(
        TargetSet(
          target: id(key), population: population, count: .exactly(wanted), by: by.map(day),
          category: category.map(id), programme: programme.map(id))))
  }

  private static func reported(
    _ key: String, _ people: UInt64, category: String?, asOf: String = "2022-06-30"
  ) -> Proposal {
    Fixture.said(
      "mou", "2022-07-01",
      .aggregateReported(
        AggregateReported(
          report: id(key), population: .publicEmployees, people: .exactly(people),
          asOf: day(asOf), category: category.map(id))))
  }

  /// a, a civil servant since 2021 and of the county since May 2022, completes in March (p1) and at
  /// the end of May (p2); b, of the county, in March (p1); a2, of no category, in June (p2).
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Self.defined("public"), Self.defined("civil", parent: "public"),
      Self.defined("county", parent: "public"), Self.defined("women", personal: true),
      Self.defined("youth", personal: true), Fixture.officer("a2", "3"), Fixture.agreement("mou"),
      Fixture.programme("p1"), Fixture.programme("p2"),
      Fixture.linked("p1", to: "mou", on: "2021-07-01"),
      Fixture.linked("p2", to: "mou", on: "2021-07-01"), Fixture.cohort("c2", programme: "p1"),
      Fixture.cohort("c3", programme: "p2"), Self.posted("a", "civil", "2021-06-01"),
      Self.posted("a", "county", "2022-05-01"),
      Self.posted("b", "county", "2021-06-01", id: Self.posting))
    for (key, officer, cohort, day) in [
      ("e1", "a", "c2", "2022-03-31"), ("e2", "b", "c2", "2022-03-31"),
      ("e3", "a", "c3", "2022-05-31"), ("e4", "a2", "c3", "2022-06-30"),
    ] {
      try registry.given(Fixture.enrolled(key, officer, cohort), Fixture.completed(key, on: day))
    }
    return registry
  }

  private static func lines(
    _ registry: TestRegistry, on: String = "2022-12-31", at position: UInt64? = nil
  ) throws -> [String: TargetLine] {
    let reply = try registry.agreement("mou", on: day(on), at: position)
    return Dictionary(uniqueKeysWithValues: reply.targets.map { ($0.target.target.text, $0) })
  }

  @Test func `Each target counts its category by the posting on the day of the completion`() throws
  {
    let registry = try ready()
    try registry.given(
      Self.target("all", 20), Self.target("public", 10, category: "public"),
      Self.target("civil", 4, category: "civil"), Self.target("county", 4, category: "county"),
      Self.target("county-march", 4, category: "county", by: "2022-03-31"),
      Self.target("p2", 2, programme: "p2"),
      Self.target("p2-county", 2, category: "county", programme: "p2"),
      Self.target("women", 5, category: "women"))
    let known = try Self.lines(registry)
    // a was a civil servant in March, and of the county at the end of May.
    let expected: [String: UInt64] = [
      "all": 3, "public": 2, "civil": 1, "county": 2, "county-march": 1, "p2": 2, "p2-county": 1,
      "women": 0,
    ]
    #expect(known.mapValues(\.actual) == expected)
    #expect(known["civil"]?.reached == 2500)
    #expect(try Self.lines(registry, on: "2022-03-31")["county"]?.actual == 1)
    for rebuild in [false, true] {
      try registry.reopen(rebuild: rebuild)
      #expect(try Self.lines(registry) == known)
    }
    try registry.end()
  }

  @Test func `A corrected category moves the count, and not of the position before`() throws {
    let registry = try ready()
    try registry.given(Self.target("civil", 4, category: "civil"))
    let before = try registry.size
    try registry.given(Self.posted("b", "civil", "2021-06-01", corrects: Self.posting))
    #expect(try Self.lines(registry)["civil"]?.actual == 2)
    #expect(try Self.lines(registry, at: before)["civil"]?.actual == 1)
    try registry.end()
  }

  @Test func `Reports of categories that nobody shares are added up, and no others`() throws {
    let registry = try ready()
    try registry.given(
      Self.target("all", 200), Self.target("civil", 100, category: "civil"),
      Self.target("women", 100, category: "women"), Self.reported("r-civil", 10, category: "civil"),
      Self.reported("r-county", 20, category: "county"),
      Self.reported("r-women", 7, category: "women"),
      Self.reported("r-youth", 5, category: "youth"))
    let lines = try Self.lines(registry)
    #expect(lines["civil"]?.reported == 10)
    #expect(lines["civil"]?.countedReports == [id("r-civil")])
    // How many women are civil servants nobody said.
    #expect(lines["women"]?.reported == 7)
    #expect(lines["women"]?.actual == 0)
    // A woman may be young, and a civil servant or of the county.
    let all = try #require(lines["all"])
    #expect(all.reported == 30)
    #expect(Set(all.countedReports) == [id("r-civil"), id("r-county")])
    #expect(Set(all.otherReports) == [id("r-women"), id("r-youth")])
    // What was said of all takes them all in.
    try registry.given(Self.reported("r-all", 90, category: nil))
    let whole = try #require(try Self.lines(registry)["all"])
    #expect((whole.reported, whole.countedReports) == (90, [id("r-all")]))
    try registry.end()
  }

  @Test func `A posting's category is in every answer that has the posting`() throws {
    let registry = try ready()
    for rebuild in [false, true] {
      try registry.reopen(rebuild: rebuild)
      for officer in ["a", "b"] {
        let profile = try registry.profile(officer, on: "2022-06-01")
        #expect(profile.posting?.category == id("county"))
      }
    }
    let changes = try Previewing(registry: registry).preview(
      Self.posted("b", "civil", "2022-08-01")
    )
    .changes
    #expect(changes.contains { $0.what == "posting.category" && $0.after == "civil" })
    try registry.end()
  }
}

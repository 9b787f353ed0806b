import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Who comes into a mandate's population because the organisation did: reader and writer agree.
struct JoinerTests {
  @Test func `Who comes in with a moved organisation joins that day and has the joiners' days`()
    throws
  {
    let registry = try TestRegistry.ministries(
      [Ministries.officer("a", at: "labs")] + Ministries.mandate(of: [.organisation(id("health"))]))
    try registry.given(Ministries.moved("labs", under: "health", "2024-08-10"))
    #expect(try registry.duty("a", "2024-08-09") == nil)
    let line = try #require(try registry.duty("a", "2024-08-10"))
    #expect((line.joined, line.due) == (day("2024-08-10"), day("2024-08-30")))
    #expect(try registry.total("2024-08-30")?.overdue == 0)
    #expect(try registry.total("2024-08-31")?.overdue == 1)
    // The writer says the same.
    #expect(try registry.record([Ministries.failed("a", "2024-08-30")])[0].code == "inconsistent")
    try registry.given(Ministries.failed("a", "2024-08-31"))
    #expect(try registry.duty("a", "2024-08-31")?.standing == .nonCompliant)
    #expect(try registry.total("2024-08-31")?.nonCompliant == 1)
    #expect(try registry.exceptions().isEmpty)
    try registry.end()
  }

  @Test func `Who stood there all along is no joiner, though the organisation above was moved`()
    throws
  {
    let registry = try TestRegistry.ministries(
      [Ministries.officer("a", at: "roads")] + Ministries.mandate(of: [.organisation(id("works"))]))
    try registry.given(Ministries.moved("works", under: "health", "2024-08-10"))
    let line = try #require(try registry.duty("a", "2024-08-15"))
    #expect((line.joined, line.due) == (nil, day("2024-06-30")))
    try registry.end()
  }

  @Test func `Who leaves with the organisation and comes back with it joins anew`() throws {
    let registry = try TestRegistry.ministries(
      [Ministries.officer("a", at: "labs")] + Ministries.mandate(of: [.organisation(id("health"))]))
    try registry.given(
      Ministries.moved("labs", under: "health", "2024-07-10"),
      Ministries.moved("labs", under: "works", "2024-07-20"),
      Ministries.moved("labs", under: "health", "2024-09-01"))
    #expect(try registry.duty("a", "2024-07-15")?.joined == day("2024-07-10"))
    #expect(try registry.duty("a", "2024-07-25") == nil)
    #expect(try registry.duty("a", "2024-09-02")?.joined == day("2024-09-01"))
    // Due on the 21st by the last joining; the first one's day says nothing any more.
    #expect(try registry.record([Ministries.failed("a", "2024-09-21")])[0].code == "inconsistent")
    try registry.given(Ministries.failed("a", "2024-09-22"))
    try registry.end()
  }

  @Test func `Who is moved to where the organisation joined before joined with the first of them`()
    throws
  {
    let registry = try TestRegistry.ministries(
      [Ministries.officer("a", at: "labs"), Ministries.officer("b", at: "roads")]
        + Ministries.mandate(of: [.organisation(id("health"))]))
    try registry.given(
      Ministries.moved("labs", under: "health", "2024-07-10"),
      Ministries.posted("a", to: "health", "2024-08-01"),
      Ministries.posted("b", to: "labs", "2024-07-20"))
    #expect(try registry.duty("a", "2024-08-02")?.joined == day("2024-07-10"))
    #expect(try registry.duty("b", "2024-08-02")?.joined == day("2024-07-20"))
    try registry.end()
  }

  @Test func `Who comes in with a merged organisation joins on the day of the merger`() throws {
    let registry = try TestRegistry.ministries(
      [Ministries.officer("a", at: "labs"), Ministries.officer("b", at: "roads")]
        + Ministries.mandate(of: [.organisation(id("health"))]))
    try registry.given(
      Ministries.organisation(
        "roads", "2024-07-15",
        .mergedInto(OrganisationMergedInto(organisation: id("health")))))
    #expect(try registry.duty("b", "2024-07-14") == nil)
    #expect(try registry.duty("b", "2024-07-16")?.joined == day("2024-07-15"))
    #expect(try registry.record([Ministries.failed("b", "2024-08-04")])[0].code == "inconsistent")
    try registry.given(Ministries.failed("b", "2024-08-05"))
    // Works has them no more.
    let works = try registry.officers(
      ComplianceOfficersRequest(
        mandate: id("m"), organisation: id("works"), below: true, on: day("2024-07-16")))
    #expect(works.isEmpty)
    try registry.end()
  }

  @Test func `Who was in a split organisation is meant where all of its parts stand`() throws {
    let registry = try TestRegistry.ministries(
      [
        Fixture.organisation("north", [.employer]), Fixture.organisation("south", [.employer]),
        Ministries.moved("north", under: "health", "2024-02-01"),
        Ministries.moved("south", under: "works", "2024-02-01"),
        Ministries.officer("a", at: "labs"), Ministries.officer("b", at: "labs"),
      ] + Ministries.mandate(of: [.organisation(id("health"))]))
    try registry.given(
      Ministries.organisation(
        "labs", "2024-07-01",
        .splitInto(OrganisationSplitInto(organisations: [id("north"), id("south")]))),
      Ministries.posted("b", to: "north", "2024-07-03"))
    #expect(try registry.duty("a", "2024-07-05") == nil)
    #expect(try registry.duty("b", "2024-07-05")?.joined == day("2024-07-03"))
    try registry.given(Ministries.moved("south", under: "health", "2024-07-10"))
    #expect(try registry.duty("a", "2024-07-12")?.joined == day("2024-07-10"))
    try registry.end()
  }
}

import JSON
import Messages
import Registry
import Testing

@testable import Imports

/// What the maps find. The people are made up.
struct ActivityMapTests {
  typealias Base = StatementTests
  static let day = Day("2022-06-30")!

  static func map(_ activities: [String]) throws -> ActivityMap {
    try Base.activities(
      activities.enumerated().map { "\($1),c,k\($0),,,,,,,\n" }.joined())
  }

  static func cohort(_ id: String, _ activities: [String]) throws -> String? {
    try map(activities).find(id, on: day)?.cohort.text
  }

  @Test func `An id spelled whole counts before one without its fragment, and both before gaps`()
    throws
  {
    let rows = ["x/*", "x/a", "x/a#sco", "x/a*", "x/{name}/view"]
    #expect(try Self.cohort("x/a#sco", rows) == "k2")
    #expect(try Self.cohort("x/a#other", rows) == "k1")
    #expect(try Self.cohort("x/a?id=1", rows) == "k3")
    #expect(try Self.cohort("x/b", rows) == "k0")
    #expect(try Self.cohort("x/b/view", rows) == "k4")
    #expect(try Self.cohort("y", rows) == nil)
  }

  @Test(
    arguments: [
      ("*", "", true), ("a*", "a", true), ("*a", "ba", true), ("*a", "bab", false),
      ("a*b*c", "a-b-b-c", true), ("a*b*c", "a-c-b", false), ("{x}", "", false),
      ("{x}", "a/b", false), ("{x}-{y}", "a-b", true), ("{x}b", "aab", true),
      ("a{x}c", "abc", true),
      ("a{x}", "a", false), ("*{x}*", "/", false), ("**", "abc", true),
    ])
  func `Gaps fit what they stand for`(pattern: String, id: String, fits: Bool) throws {
    let pattern = try #require(ActivityPattern(pattern))
    #expect((pattern.match(id[...]) != nil) == fits)
  }

  @Test func `Many gaps in a long id take no long time`() throws {
    let pattern = try #require(ActivityPattern(String(repeating: "*a", count: 30) + "b"))
    #expect(pattern.match(String(repeating: "a", count: 5000)[...]) == nil)
  }

  @Test func `A certificate's code is what stands in the gap of that name`() throws {
    let reader = try Base.reader(rows: "\(Base.home)/cert/{code}/show,c,k,,,,,,,\n")
    let achieved = "https://w3id.org/xapi/tla/verbs/achieved"
    let chain = try Base.proposals(
      Base.statement(achieved, object: Base.home + "/cert/EX-77/show"), reader)
    guard case .credential(.issued(let issued))? = chain.first?.body else {
      Issue.record("nothing was issued")
      return
    }
    #expect(issued.number == "EX-77")
  }

  @Test func `Of an activity whose cohort is a dash nothing is recorded, and nothing is wrong`()
    throws
  {
    let reader = try Base.reader(rows: "\(Base.home)/mod/page/*,,-,,,,,,,\n")
    let reason = Base.reason {
      _ = try Base.proposals(Base.statement(object: Base.home + "/mod/page/view.php?id=3"), reader)
    }
    #expect(reason == .ignoredActivity)
    #expect(!LeftOut.Reason.ignoredActivity.isTrouble)
  }

  @Test(
    arguments: [
      ("completed", true), ("passed", true), ("failed", true), ("scored", true),
      ("registered", false), ("attempted", false), ("answered", false), ("attended", false),
    ])
  func `What counts and is lost is trouble, and what was only begun is none`(
    verb: String, isTrouble: Bool
  ) throws {
    let reason = Base.reason {
      _ = try Base.proposals(
        Base.statement("http://adlnet.gov/expapi/verbs/" + verb, object: Base.home + "/x"))
    }
    #expect(reason?.isTrouble == isTrouble)
  }

  @Test(
    arguments: [
      ("https://learn.example.org", true), ("https://learn.example.org/", true),
      ("https://LEARN.example.org:443/", true), ("HTTPS://learn.example.org", true),
      ("http://learn.example.org", false), ("https://learn.example.org:8443", false),
      ("https://learn.example.org/moodle", false),
    ])
  func `A home page is the same place in other spellings`(home: String, isSame: Bool) throws {
    let map = try Base.identities("\(Base.home),41,o41,,\n")
    let found = map.find(.account(homePage: home, name: "41"), on: Self.day)
    #expect((found == .officer("o41")) == isSame)
  }

  @Test func `What was forfeited under no course waits for the registry to tell of which`() throws {
    let reader = try Base.reader()
    let meaning = try reader.meaning(
      of: Base.statement(
        "https://w3id.org/xapi/tla/verbs/forfeited", object: Base.home + "/badges/5"))
    #expect(meaning.isOfUnknownCohort)
    #expect(reader.activities.cohorts.map(\.cohort.text) == ["k"])
  }

  @Test func `Drafts of the maps have what the maps have not`() throws {
    var draft = MapDraft(
      try Base.identities("\(Base.home),41,o41,,\n"), try Base.activities(Base.usual))
    func add(_ account: String, _ verb: String, _ object: String, _ more: String = "") throws {
      #expect(
        draft.add(
          try JSONText(
            """
            {"actor": {"name": "Example Person", "account": {"homePage": "\(Base.home)/", "name": "\(account)"}},
             "verb": {"id": "http://adlnet.gov/expapi/verbs/\(verb)"}, "object": {"id": "\(object)"\(more)},
             "timestamp": "2022-06-30T12:00:00Z"}
            """.utf8)))
    }
    #expect(!draft.add(try JSONText("{\"stream\": \"organisation/x\"}".utf8)))
    try add("41", "completed", Base.course)
    try add(
      "42", "completed", Base.home + "/new#part", ", \"definition\": {\"name\": {\"en\": \"New\"}}")
    try add("42", "passed", Base.home + "/new")
    try add("43", "viewed", Base.home + "/other")
    try add("44", "passed", Base.home + "/c?code=A1")
    try add("44", "passed", Base.home + "/c?code=A2")
    #expect(
      draft.identities == """
        home_page,account,officer,from,until,name,statements
        \(Base.home),42,,,,Example Person,2
        \(Base.home),44,,,,Example Person,2

        """)
    #expect(
      draft.activityRows == """
        activity,course,cohort,assessment,mode,pass_mark,minutes,issuer,from,until,title,type,statements
        \(Base.home)/c?code={code},,,,,,,,,,,,2
        \(Base.home)/new,,,,,,,,,,New,,2

        """)
  }
}

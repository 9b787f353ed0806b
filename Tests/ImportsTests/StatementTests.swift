import JSON
import Messages
import Registry
import Testing

@testable import Imports

/// Statements of a learning platform. The people are made up.
struct StatementTests {
  static let home = "https://learn.example.org"
  static let course = home + "/course/view.php?id=7"
  static let quiz = home + "/mod/quiz/view.php?id=71"
  static let sha = String(repeating: "ab", count: 20)

  static func identities(_ rows: String) throws -> IdentityMap {
    var sheet = try SheetReader(
      TextDecoder(Array(("home_page,account,officer,from,until\n" + rows).utf8)))
    return try IdentityMap(&sheet)
  }

  static func activities(_ rows: String) throws -> ActivityMap {
    var sheet = try SheetReader(
      TextDecoder(
        Array(
          ("activity,course,cohort,assessment,mode,pass_mark,minutes,issuer,from,until\n" + rows)
            .utf8)))
    return try ActivityMap(&sheet)
  }

  /// Days three hours east of Greenwich, as of 2023-01-01.
  static func reader(
    _ identityRows: String = "\(home),41,o41,,\n", _ activityRows: String = usual,
    voided: Set<String> = []
  ) throws -> StatementReader {
    StatementReader(
      try identities(identityRows), try activities(activityRows), voided: voided,
      now: Int64(Day("2023-01-01")!.ordinal) * 86_400
    ) { Day(ordinal: Int(($0 + 3 * 3600) / 86_400))! }
  }

  static let usual = """
    \(course),c,k,,,,,,,
    \(quiz),c,k,q1,proctored,60,,,,
    \(home)/session,c,k,,,,90,,,

    """

  static let cohort = Cohort(
    status: .planned, since: Since(day: Day("2022-01-01")!),
    terms: CohortTerms(
      course: Identifier("c")!, edition: 1, organisation: Identifier("heta")!,
      starts: Day("2022-01-10")!, ends: Day("2022-06-30")!))

  static func statement(
    _ verb: String = "http://adlnet.gov/expapi/verbs/completed", object: String = course,
    id: String = "00000000-0000-4000-8000-000000000001", account: String = "41",
    at timestamp: String = "2022-06-30T12:00:00+03:00", more: String = ""
  ) throws -> Statement {
    let text = """
      {"id": "\(id)", "actor": {"account": {"homePage": "\(home)", "name": "\(account)"}},
       "verb": {"id": "\(verb)"}, "object": {"id": "\(object)"}, "timestamp": "\(timestamp)"\(more)}
      """
    return try Statement(JSONText(text.utf8))
  }

  static func proposals(
    _ statement: Statement, _ reader: StatementReader? = nil, implied: Bool = false,
    completion: EventID? = nil
  ) throws -> [Proposal] {
    let meaning = try (try reader ?? Self.reader()).meaning(of: statement)
    return try meaning.proposals(
      StatementContext(
        officer: Identifier("o41")!, cohort: cohort, enrolment: nil, completion: completion,
        system: Identifier("moodle")!), implied: implied)
  }

  static func reason(_ body: () throws -> Void) -> LeftOut.Reason? {
    do {
      try body()
      return nil
    } catch {
      return (error as? LeftOut)?.reason
    }
  }

  static func name(_ proposal: Proposal) -> String {
    switch proposal.body {
    case .enrolment(let event): event.name
    case .credential(let event): event.name
    default: "?"
    }
  }

  @Test(
    arguments: [
      ("2022-06-30T12:00:00Z", 1_656_590_400), ("2022-06-30T15:00:00.123+03:00", 1_656_590_400),
      ("2022-06-30T15:00:00+0300", 1_656_590_400), ("2022-06-30T15:00:00+03", 1_656_590_400),
      ("2022-06-30 08:30:00-03:30", 1_656_590_400), ("1969-12-31T23:59:59Z", -1),
      ("2022-06-30T12:00:00", nil), ("2022-06-31T12:00:00Z", nil), ("2022-06-30", nil),
      ("2022-06-30T24:00:00Z", nil), ("2022-06-30T12:00:00.Z", nil), ("2022-06-30T12:00:00Zx", nil),
      ("", nil),
    ] as [(String, Int64?)])
  func `An instant is read with its offset, or not at all`(text: String, seconds: Int64?) {
    #expect(Instant.seconds(text) == seconds)
  }

  @Test(
    arguments: [
      ("PT1H30M", 5400), ("PT90S", 90), ("P1DT1S", 86_401), ("PT0.5H", 1800), ("PT0S", 0),
      ("P1M", nil), ("PT", nil), ("P", nil), ("1H", nil), ("PT5", nil), ("PTH", nil), ("", nil),
    ] as [(String, Double?)])
  func `A duration is read where it has a length`(text: String, seconds: Double?) {
    #expect(Instant.duration(text) == seconds)
  }

  @Test(arguments: [
    ("http://adlnet.gov/expapi/verbs/registered", course, "", ["enrolled"]),
    ("https://xapi.edlm/profiles/edlm-lms/concepts/verbs/enrolled", course, "", ["enrolled"]),
    ("http://activitystrea.ms/leave", course, "", ["withdrawn"]),
    ("http://adlnet.gov/expapi/verbs/completed", course, "", ["completed"]),
    (
      "http://adlnet.gov/expapi/verbs/completed", course, ",\"result\":{\"success\":false}",
      ["not_completed"]
    ),
    ("http://adlnet.gov/expapi/verbs/failed", course, "", ["not_completed"]),
    (
      "http://adlnet.gov/expapi/verbs/completed", quiz,
      ",\"result\":{\"score\":{\"raw\":51,\"min\":1,\"max\":101}}", ["assessed"]
    ),
    ("http://adlnet.gov/expapi/verbs/passed", quiz, "", ["assessed"]),
    (
      "http://adlnet.gov/expapi/verbs/attended", home + "/session",
      ",\"result\":{\"duration\":\"PT61S\"}", ["attended"]
    ),
    ("https://w3id.org/xapi/tla/verbs/achieved", course, "", ["issued"]),
    ("https://w3id.org/xapi/tla/verbs/forfeited", course, "", ["revoked"]),
  ])
  func `A verb becomes what it says`(
    verb: String, object: String, more: String, names: [String]
  ) throws {
    let chain = try Self.proposals(Self.statement(verb, object: object, more: more))
    #expect(chain.map(Self.name) == names)
    #expect(chain.allSatisfy { $0.effective == Day("2022-06-30")! })
    #expect(
      chain.allSatisfy { $0.source?.reference == "statement 00000000-0000-4000-8000-000000000001" })
  }

  @Test(
    arguments: [
      ("{\"scaled\":0.5}", 5000), ("{\"raw\":51,\"min\":1,\"max\":101}", 5000),
      ("{\"raw\":8,\"max\":10,\"scaled\":0.9}", 8000), ("{\"raw\":8,\"max\":10}", 8000),
      ("{\"raw\":8}", nil), ("{\"scaled\":-0.5}", nil), ("{\"raw\":1,\"max\":0}", nil),
    ] as [(String, UInt32?)])
  func `A score is read by its scale`(score: String, hundredths: UInt32?) throws {
    let chain = try? Self.proposals(
      Self.statement(object: Self.quiz, more: ",\"result\":{\"score\":\(score)}"))
    guard case .enrolment(.assessed(let event))? = chain?.first?.body else {
      #expect(hundredths == nil)
      return
    }
    #expect(event.score == hundredths)
    #expect(event.passMark == 6000 && event.mode == .proctored)
  }

  @Test(arguments: [
    ("2022-06-30T23:59:59+03:00", "2022-06-30"), ("2022-06-30T20:59:59Z", "2022-06-30"),
    ("2022-06-30T21:00:00Z", "2022-07-01"), ("2022-07-01T05:59:59+09:00", "2022-06-30"),
    ("2022-06-30T16:00:00-05:00", "2022-07-01"), ("2022-12-31T23:00:00Z", "2023-01-01"),
  ])
  func `A day is the registry's, wherever the clock stood`(timestamp: String, day: String) throws {
    let chain = try Self.proposals(Self.statement(at: timestamp))
    #expect(chain[0].effective.text == day)
  }

  @Test func `A clock that is a little ahead is believed, and not one that is days ahead`() throws {
    #expect(throws: Never.self) { try Self.proposals(Self.statement(at: "2023-01-01T23:00:00Z")) }
    #expect(
      Self.reason { _ = try Self.proposals(Self.statement(at: "2023-01-02T00:00:01Z")) } == .noDay)
    #expect(
      Self.reason { _ = try Self.proposals(Self.statement(at: "2022-06-30T12:00:00")) } == .noDay)
  }

  @Test func `An account that changes hands is its officer's of that day`() throws {
    let reader = try Self.reader(
      "\(Self.home)/,41,before,,2022-03-31\n\(Self.home),41,after,2022-04-01,2022-06-30\n")
    func officer(_ timestamp: String) throws -> String {
      try reader.meaning(of: Self.statement(at: timestamp)).officer
    }
    #expect(try officer("2022-03-31T20:59:59Z") == "before")
    #expect(try officer("2022-03-31T21:00:00Z") == "after")
    #expect(Self.reason { _ = try officer("2022-07-01T12:00:00Z") } == .unknownActor)
    #expect(reader.identities.problems.isEmpty)
  }

  @Test func `Rows that give one account to two officers are reported, and nobody's that day`()
    throws
  {
    let reader = try Self.reader(
      """
      \(Self.home),41,a,,2022-06-30
      \(Self.home),41,b,2022-06-30,
      \(Self.home),41,b,2022-07-01,2022-07-31
      \(Self.home),42,a,2022-02-30,
      \(Self.home),43,not an id,,
      \(Self.home),44,a,2022-02-01,2022-01-01

      """)
    #expect(reader.identities.problems.map(\.line) == [3, 5, 6, 7])
    func find(_ day: String) throws -> LeftOut.Reason? {
      Self.reason {
        _ = try reader.meaning(of: Self.statement(at: day + "T12:00:00+03:00"))
      }
    }
    #expect(try find("2022-06-29") == nil)
    #expect(try find("2022-06-30") == .contradictoryIdentity)
    #expect(try find("2022-07-15") == nil)
  }

  @Test(
    arguments: [
      ("{\"mbox\": \"mailto:example@example.org\"}", nil),
      ("{\"mbox_sha1sum\": \"\(sha)\"}", nil), ("{\"openid\": \"https://x\"}", .unknownActor),
      ("{\"objectType\": \"Group\", \"mbox\": \"mailto:example@example.org\"}", .groupActor),
      ("{\"member\": []}", .groupActor), ("{}", .malformed), ("[]", .malformed),
    ] as [(String, LeftOut.Reason?)])
  func `Whoever has no account is known by what they have`(
    actor: String, expected: LeftOut.Reason?
  ) throws {
    let reader = try Self.reader(",mailto:example@example.org,o41,,\n,\(Self.sha),o41,,\n")
    let text = """
      {"actor": \(actor), "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
       "object": {"id": "\(Self.course)"}, "timestamp": "2022-06-30T12:00:00Z"}
      """
    #expect(
      Self.reason { _ = try reader.meaning(of: try Statement(JSONText(text.utf8))) } == expected)
  }

  @Test(
    arguments: [
      ("http://id.tincanapi.com/verb/viewed", "{\"id\": \"\(course)\"}", "", .unknownVerb),
      ("http://adlnet.gov/expapi/verbs/attempted", "{\"id\": \"\(quiz)\"}", "", .noResult),
      ("http://adlnet.gov/expapi/verbs/scored", "{\"id\": \"\(course)\"}", "", .noResult),
      ("http://adlnet.gov/expapi/verbs/completed", "{\"id\": \"\(home)/x\"}", "", .unknownActivity),
      (
        "http://adlnet.gov/expapi/verbs/completed", "{\"objectType\": \"SubStatement\"}", "",
        .subStatement
      ),
      (
        "http://adlnet.gov/expapi/verbs/completed",
        "{\"objectType\": \"Agent\", \"mbox\": \"mailto:x@example.org\"}", "", .unknownActivity
      ),
      ("http://adlnet.gov/expapi/verbs/completed", "{\"objectType\": \"Shoe\"}", "", .malformed),
      ("http://adlnet.gov/expapi/verbs/failed", "{\"id\": \"\(quiz)\"}", "", .noScore),
      (
        "http://adlnet.gov/expapi/verbs/failed", "{\"id\": \"\(quiz)\"}",
        ",\"result\":{\"score\":{\"scaled\":0.7}}", .noScore
      ),
      ("http://adlnet.gov/expapi/verbs/attended", "{\"id\": \"\(course)\"}", "", .noMinutes),
      (
        "http://adlnet.gov/expapi/verbs/attended", "{\"id\": \"\(course)\"}",
        ",\"result\":{\"duration\":\"P2D\"}", .malformed
      ),
    ] as [(String, String, String, LeftOut.Reason)])
  func `What is not recorded says why`(
    verb: String, object: String, more: String, expected: LeftOut.Reason
  ) throws {
    let text = """
      {"actor": {"account": {"homePage": "\(Self.home)", "name": "41"}},
       "verb": {"id": "\(verb)"}, "object": \(object), "timestamp": "2022-06-30T12:00:00Z"\(more)}
      """
    #expect(
      Self.reason { _ = try Self.proposals(try Statement(JSONText(text.utf8))) } == expected)
  }

  @Test func `What is said of a module is not said of its course`() throws {
    let context = """
      ,"context":{"contextActivities":{"grouping":[{"id":"\(Self.home)"},{"id":"\(Self.course)"}]}}
      """
    let module = Self.home + "/mod/page/view.php?id=9"
    #expect(
      Self.reason {
        _ = try Self.proposals(Self.statement(object: module, more: context))
      } == .unknownActivity)
    // But a session, a badge or a certificate is of the course that it stands under.
    let achieved = "https://w3id.org/xapi/tla/verbs/achieved"
    let code = Self.home + "/admin/tool/certificate/index.php?code=CX-1&x=2"
    let chain = try Self.proposals(
      Self.statement(achieved, object: code, more: context),
      completion: EventID(high: 1, low: 2))
    guard case .credential(.issued(let issued)) = chain[0].body else {
      Issue.record("no credential was issued")
      return
    }
    #expect(issued.number == "CX-1")
    #expect(issued.issuer.text == "heta" && issued.courses.map(\.text) == ["c"])
    #expect(issued.evidence == [EventID(high: 1, low: 2)])
    let registered = "http://adlnet.gov/expapi/verbs/registered"
    let attendance = try Statement(
      JSONText(
        """
        {"actor": {"account": {"homePage": "\(Self.home)", "name": "41"}},
         "verb": {"id": "\(registered)"}, "object": {"id": "\(Self.home)/take.php?id=1",
         "definition": {"type": "http://vocab.xapi.fr/activities/registration"}},
         "result": {"duration": "PT45M"}, "timestamp": "2022-06-30T12:00:00Z"\(context)}
        """.utf8))
    #expect(try Self.proposals(attendance).map(Self.name) == ["attended"])
  }

  @Test func `Ids follow from platform and statement, whatever the file and the order`() throws {
    let verb = "https://w3id.org/xapi/tla/verbs/achieved"
    let one = try Self.proposals(
      Self.statement(object: Self.quiz, more: ",\"result\":{\"success\":true}"), implied: true)
    #expect(one.map(Self.name) == ["enrolled", "assessed"])
    let again = try Self.proposals(
      Self.statement(object: Self.quiz, more: ",\"result\":{\"success\":true}"), implied: true)
    #expect(one == again)
    // All statements of one officer in one cohort imply one enrolment.
    let later = try Self.proposals(
      Self.statement(
        object: Self.quiz, id: "00000000-0000-4000-8000-000000000002",
        at: "2022-05-01T12:00:00Z", more: ",\"result\":{\"success\":true}"), implied: true)
    #expect(later[0] == one[0] && later[1] != one[1])
    #expect(one[0].effective.text == "2022-01-10")
    let same = try Self.proposals(Self.statement(verb))
    let other = try Self.proposals(
      Self.statement(verb, id: "00000000-0000-4000-8000-000000000002"))
    // The same statement saying something else is the same event id, which the registry refuses.
    #expect(same[0].eventID == one[1].eventID)
    #expect(other[0].eventID != same[0].eventID)
    // One badge, one holder: one number.
    #expect(other[0].stream == same[0].stream)
    #expect(
      MappedStatement.eventIDs(
        of: "00000000-0000-4000-8000-000000000001", from: Identifier("moodle")!
      ).first == one[1].eventID)
    let unnamed = try Statement(
      JSONText(
        "{\"verb\":{\"id\":\"v\"},\"actor\":{\"mbox\":\"m\"},\"object\":{\"id\":\"o\"}}".utf8))
    #expect(EventID(unnamed.id) != nil)
  }

  @Test func `A statement that the file voids is skipped`() throws {
    let id = "00000000-0000-4000-8000-000000000001"
    let reader = try Self.reader(voided: [id])
    #expect(
      Self.reason { _ = try reader.meaning(of: Self.statement(id: id.uppercased())) } == .voided)
  }

  @Test func `An activity of two cohorts is the one's of that day`() throws {
    let reader = try Self.reader(
      "\(Self.home),41,o41,,\n",
      "\(Self.course),c,k,,,,,,,2022-06-30\n\(Self.course),c,k2,,,,,,2022-06-30,\nx,c,k,q,,,,,,\n")
    #expect(reader.activities.problems.map(\.line) == [3, 4])
    func cohort(_ day: String) throws -> String {
      try reader.meaning(of: Self.statement(at: day + "T12:00:00Z")).entry.cohort.text
    }
    #expect(try cohort("2022-06-29") == "k")
    #expect(try cohort("2022-07-01") == "k2")
    #expect(Self.reason { _ = try cohort("2022-06-30") } == .contradictoryActivity)
  }
}

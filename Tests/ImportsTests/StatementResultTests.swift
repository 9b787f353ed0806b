import JSON
import Messages
import Registry
import Testing

@testable import Imports

/// Results as platforms say them. The people are made up.
struct StatementResultTests {
  typealias Base = StatementTests

  static func assessed(_ result: String, verb: String = "completed") throws -> EnrolmentAssessed? {
    let chain = try Base.proposals(
      Base.statement(
        "http://adlnet.gov/expapi/verbs/" + verb, object: Base.quiz,
        more: ",\"result\":\(result)"))
    guard case .enrolment(.assessed(let given))? = chain.last?.body else { return nil }
    return given
  }

  static func completed(
    _ verb: String, _ more: String, object: String = Base.course, rows: String = Base.usual
  ) throws -> (name: String, result: CompletionResult?, score: UInt32?) {
    let chain = try Base.proposals(
      Base.statement(verb, object: object, more: more), Base.reader(rows: rows))
    guard case .enrolment(.completed(let given))? = chain.last?.body else {
      return (chain.last.map(Base.name) ?? "", nil, nil)
    }
    return ("completed", given.result, given.score)
  }

  @Test(
    arguments: [
      // Moodle's, from −1 to 1.
      ("{\"raw\":75,\"min\":0,\"max\":100,\"scaled\":0.5}", 7500, false),
      ("{\"raw\":40,\"min\":0,\"max\":100,\"scaled\":-0.19999999999999996}", 4000, false),
      ("{\"raw\":0,\"min\":0,\"max\":10,\"scaled\":-1}", 0, false),
      ("{\"raw\":10,\"min\":0,\"max\":10,\"scaled\":1}", 10000, false),
      ("{\"raw\":8,\"max\":10,\"scaled\":0.8}", 8000, false),
      // What contradicts is said.
      ("{\"raw\":8,\"max\":10,\"scaled\":0.1}", 8000, true),
      // H5P: nothing could be reached.
      ("{\"raw\":0,\"min\":0,\"max\":0,\"scaled\":null}", nil, false),
      ("{\"raw\":null,\"min\":null,\"max\":null,\"scaled\":null}", nil, false),
      ("{\"raw\":0,\"min\":0,\"max\":0,\"scaled\":0.7}", 7000, false),
      ("null", nil, false), ("{}", nil, false), ("{\"raw\":3}", nil, false),
      // Outside of what may be: the score alone is left out.
      ("{\"raw\":22,\"max\":20}", nil, true), ("{\"scaled\":-0.25}", nil, true),
      ("{\"scaled\":1.5}", nil, true), ("{\"scaled\":1.0000001}", 10000, false),
      ("{\"scaled\":1e300}", nil, true),
    ] as [(String, UInt32?, Bool)])
  func `Raw decides where it is there, and an odd score costs the score alone`(
    score: String, hundredths: UInt32?, isDoubted: Bool
  ) throws {
    let result = "{\"success\":true,\"score\":\(score)}"
    #expect(try Self.assessed(result)?.score == hundredths)
    let statement = try Base.statement(more: ",\"result\":\(result)")
    #expect((statement.score.doubt != nil) == isDoubted)
  }

  @Test func `A score out of range still says on which side of the mark it lies`() throws {
    let rows = "\(Base.course),c,k,,unproctored,60,,,,\n"
    let verb = "http://adlnet.gov/expapi/verbs/completed"
    func result(_ score: String) throws -> CompletionResult? {
      try Self.completed(verb, ",\"result\":{\"score\":\(score)}", rows: rows).result
    }
    #expect(try result("{\"raw\":22,\"max\":20}") == .passed)
    #expect(try result("{\"scaled\":-0.25}") == nil)
    #expect(try result("{\"raw\":70,\"min\":0,\"max\":100,\"scaled\":0.4}") == .passed)
  }

  @Test(
    arguments: [
      ("completed", "{\"completion\":false}"), ("passed", "{\"success\":false}"),
      ("failed", "{\"success\":true}"),
      ("completed", "{\"completion\":false,\"score\":{\"scaled\":0.9}}"),
    ])
  func `A result that says the opposite of the verb is for a person to look at`(
    verb: String, result: String
  ) throws {
    for object in [Base.course, Base.quiz] {
      let reason = Base.reason {
        _ = try Base.proposals(
          Base.statement(
            "http://adlnet.gov/expapi/verbs/" + verb, object: object,
            more: ",\"result\":\(result)"))
      }
      #expect(reason == .contradictoryResult)
    }
    #expect(LeftOut.Reason.contradictoryResult.isTrouble)
  }

  @Test func `A mastery score counts before the map's pass mark`() throws {
    let more = """
      ,"result":{"score":{"scaled":0.7}},"context":{"extensions":\
      {"https://w3id.org/xapi/cmi5/context/extensions/masteryscore":0.8}}
      """
    let chain = try Base.proposals(
      Base.statement("http://adlnet.gov/expapi/verbs/failed", object: Base.quiz, more: more))
    guard case .enrolment(.assessed(let given))? = chain.last?.body else {
      Issue.record("nothing was assessed")
      return
    }
    #expect(given.passMark == 8000 && given.score == 7000)
    let rows = "\(Base.course),c,k,,,60,,,,\n"
    #expect(
      try Self.completed("http://adlnet.gov/expapi/verbs/completed", more, rows: rows).name
        == "not_completed")
  }

  @Test func `A pass below the mark is recorded with a note of it`() throws {
    let statement = try Base.statement(
      "http://adlnet.gov/expapi/verbs/completed", object: Base.quiz,
      more: ",\"result\":{\"success\":true,\"score\":{\"raw\":40,\"max\":100}}")
    let meaning = try Base.reader().meaning(of: statement)
    #expect(meaning.doubts.map(\.code) == ["result_doubtful"])
    let good = try Base.statement(
      "http://adlnet.gov/expapi/verbs/passed", object: Base.quiz,
      more: ",\"result\":{\"success\":true,\"score\":{\"raw\":60,\"max\":100}}")
    #expect(try Base.reader().meaning(of: good).doubts.isEmpty)
  }

  @Test func `A course may be satisfied, and a part of it waived`() throws {
    let satisfied = "https://w3id.org/xapi/adl/verbs/satisfied"
    let waived = "https://w3id.org/xapi/adl/verbs/waived"
    #expect(try Self.completed(satisfied, "").result == .attended)
    let testedOut = ",\"result\":{\"success\":true,\"completion\":true}"
    #expect(try Self.completed(waived, testedOut).result == .passed)
    let chain = try Base.proposals(Base.statement(waived, object: Base.quiz, more: testedOut))
    #expect(chain.map(Base.name) == ["assessed"])
    // A block has no line of its own in any map; a course that has none is lost.
    let block = try Base.statement(
      satisfied, object: Base.home + "/block",
      more: "")
    var typed = block
    typed.object = .activity(
      id: Base.home + "/block", type: "https://w3id.org/xapi/cmi5/activitytype/block")
    #expect(Base.reason { _ = try Base.proposals(typed) } == .otherActivity)
    #expect(Base.reason { _ = try Base.proposals(block) } == .unknownActivity)
  }

  @Test func `What is said to be complete in a failed attempt is no completion`() throws {
    let registration = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
    let reader = StatementReader(
      try Base.identities("\(Base.home),41,o41,,\n"), try Base.activities(Base.usual), voided: [],
      failures: [registration + " " + Base.course], now: .max / 2
    ) { Day(ordinal: Int($0 / 86_400))! }
    let more = ",\"context\":{\"registration\":\"\(registration.uppercased())\"}"
    #expect(
      Base.reason { _ = try Base.proposals(Base.statement(more: more), reader) } == .already)
    #expect(try Base.proposals(Base.statement(), reader).map(Base.name) == ["completed"])
  }

  @Test func `A grade by the verb of the total learning architecture is a score`() throws {
    let more = ",\"result\":{\"score\":{\"raw\":90,\"min\":0,\"max\":100,\"scaled\":0.8}}"
    let chain = try Base.proposals(
      Base.statement(
        "https://w3id.org/xapi/tla/verbs/scored", object: Base.quiz + "#submission", more: more))
    guard case .enrolment(.assessed(let given))? = chain.last?.body else {
      Issue.record("nothing was assessed")
      return
    }
    #expect(given.score == 9000)
  }

  @Test func `An answer is the result of what is one question, and not of what has many`() throws {
    let answered = "http://adlnet.gov/expapi/verbs/answered"
    let more = ",\"result\":{\"score\":{\"raw\":1,\"max\":1},\"success\":true}"
    #expect(
      try Base.proposals(Base.statement(answered, object: Base.quiz, more: more)).map(Base.name)
        == ["assessed"])
    let reader = try Base.reader(rows: "\(Base.quiz)*,c,k,q1,proctored,60,,,,\n")
    let part = Base.quiz + "&subContentId=5"
    #expect(
      Base.reason {
        _ = try Base.proposals(Base.statement(answered, object: part, more: more), reader)
      } == .otherActivity)
  }

  @Test func `Leaving a meeting is no withdrawal from its course`() throws {
    let leave = "http://activitystrea.ms/leave"
    #expect(try Base.proposals(Base.statement(leave)).map(Base.name) == ["withdrawn"])
    // A line with minutes is a session's.
    #expect(
      Base.reason {
        _ = try Base.proposals(Base.statement(leave, object: Base.home + "/session"))
      } == .noResult)
    var meeting = try Base.statement(leave)
    meeting.object = .activity(
      id: Base.course, type: "http://adlnet.gov/expapi/activities/meeting")
    #expect(Base.reason { _ = try Base.proposals(meeting) } == .noResult)
    meeting.object = .activity(
      id: Base.course, type: "https://w3id.org/xapi/cmi5/activitytype/course")
    #expect(try Base.proposals(meeting).map(Base.name) == ["withdrawn"])
  }

  @Test(
    arguments: [
      ("P0Y0M1DT2H3M4.5S", 93_784.5), ("PT1H", 3600), ("P1W", 604_800), ("P0Y", 0),
      ("PT1,5H", 5400), ("P1Y", nil), ("P2M", nil), ("PT1M1H", nil), ("P1DT", nil), ("PT.5S", nil),
      ("PT1H1H", nil), ("-PT1H", nil),
    ] as [(String, Double?)])
  func `A duration is read as ISO 8601 spells it`(text: String, seconds: Double?) {
    #expect(Instant.duration(text) == seconds)
  }

  @Test(
    arguments: [
      ("2022-06-30T12:00:00Z", "2022-06-30T12:00:00.000Z", true),
      ("2022-06-30T12:00:00.5Z", "2022-06-30T15:00:00.50+03:00", true),
      ("2022-06-30T12:00:00.5Z", "2022-06-30T12:00:00.6Z", false),
      ("2022-06-30T12:00:00Z", "2022-06-30T12:00:01Z", false),
    ])
  func `The same of the same moment is one statement, whatever its id`(
    one: String, other: String, isSame: Bool
  ) throws {
    let a = try Base.statement(at: one)
    let b = try Base.statement(id: "00000000-0000-4000-8000-000000000002", at: other)
    #expect((a.sameness == b.sameness) == isSame)
    #expect(try Base.statement(account: "42", at: one).sameness != a.sameness)
    #expect(a.resultHash == b.resultHash)
  }
}

extension StatementTests {
  static func reader(rows: String) throws -> StatementReader {
    try reader("\(home),41,o41,,\n", rows)
  }
}

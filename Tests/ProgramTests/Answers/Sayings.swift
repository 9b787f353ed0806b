import Foundation
import Testing

/// A registry of made-up facts, each of which is there for a sentence.
enum Sayings {
  static let cohortEvent = "00000000-0000-4000-8000-0000000000e1"
  static let courseEvent = "00000000-0000-4000-8000-0000000000e2"
  static let registration = "00000000-0000-4000-8000-0000000000e3"

  private static func officer(_ id: String, _ number: String, _ event: String = "") -> String {
    """
    {\(event.isEmpty ? "" : "\"event_id\":\"\(event)\",")"stream":"officer/\(id)","effective":"2020-01-01","officer":{"registered":{"posting":{"organisation":"min","position":"clerk"}}},"personal":{"name":"Example \(id)","identifiers":[{"scheme":"pn","value":"\(number)"}]}}
    """
  }

  private static func taught(_ id: String, _ course: String, _ officer: String) -> String {
    """
    {"stream":"cohort/\(id)","event_id":"\(id == "lost" ? cohortEvent : id == "kept" ? "00000000-0000-4000-8000-0000000000f1" : "00000000-0000-4000-8000-0000000000f2")","effective":"2021-02-01","cohort":{"planned":{"terms":{"course":"\(course)","edition":1,"organisation":"ctr","starts":"2021-02-01","ends":"2021-03-01"}}}}
    {"stream":"enrolment/\(officer)-\(id)","effective":"2021-03-01","source":{"system":"lms"},"enrolment":{"completed":{"seat":{"officer":"\(officer)","cohort":"\(id)"},"result":"passed"}}}
    """
  }

  static let lines = """
    {"stream":"registry/test","effective":"2015-01-01","registry":{"established":{"jurisdiction":"test","time_zone":"Africa/Kigali","identifier_schemes":["pn"]}}}
    {"stream":"organisation/min","effective":"2015-01-01","organisation":{"registered":{"name":"A ministry"}}}
    {"stream":"organisation/ctr","effective":"2015-01-01","organisation":{"registered":{"name":"A centre"}}}
    {"stream":"framework/f","effective":"2015-01-01","framework":{"published":{"version":"1","title":"Made up","skills":[{"code":"weaving","title":"Weaving","levels":3}]}}}
    {"stream":"authorisation/old","effective":"2016-01-01","source":{"system":"paper"},"authorisation":{"granted":{"organisation":"ctr","valid_from":"2016-01-01","valid_until":"2021-12-31"}}}
    {"stream":"agreement/ended","effective":"2019-03-01","source":{"system":"paper"},"agreement":{"signed":{"terms":{"agreement_kind":"mou","title":"One that ran out","parties":["min","ctr"],"scope":"Weaving for clerks","valid_from":"2019-04-01","valid_until":"2021-12-31","obligations":[{"code":"looms","party":"ctr","text":"Twelve looms","due":"2020-01-01"},{"code":"rooms","party":"min","text":"Two rooms"},{"code":"thread","text":"Thread"}]},"signatories":["The permanent secretary","The director"]}}}
    {"stream":"agreement/ended","effective":"2019-12-01","agreement":{"obligation_met":{"obligation":"rooms"}}}
    {"stream":"agreement/ended","effective":"2020-02-01","agreement":{"obligation_missed":{"obligation":"looms"}}}
    {"stream":"agreement/early","effective":"2022-02-01","source":{"system":"paper"},"agreement":{"signed":{"terms":{"agreement_kind":"mou","title":"One that begins later","parties":["min","ctr"],"valid_from":"2022-05-01"},"signatories":["A"]}}}
    {"stream":"agreement/next","effective":"2022-02-01","source":{"system":"paper"},"agreement":{"signed":{"terms":{"agreement_kind":"mou","title":"The next","parties":["min","ctr"]},"signatories":["A"]}}}
    {"stream":"agreement/early","effective":"2022-08-01","agreement":{"superseded":{"by":"next"}}}
    {"stream":"course/weave","effective":"2016-01-01","course":{"published":{"edition":1,"title":"To weave","track":"technical","level":1,"outcomes":[{"framework":"f","skill":"weaving","level":1}]}}}
    {"stream":"course/gone","event_id":"\(courseEvent)","effective":"2016-01-01","course":{"published":{"edition":1,"title":"To spin","track":"technical","level":1,"outcomes":[{"framework":"f","skill":"weaving","level":1}]}}}
    \(officer("ann", "1"))
    \(officer("bob", "2", registration))
    \(taught("lost", "weave", "ann"))
    \(taught("kept", "weave", "ann"))
    \(taught("spun", "gone", "ann"))
    {"stream":"cohort/sheet","effective":"2021-02-01","cohort":{"planned":{"terms":{"course":"weave","edition":1,"organisation":"ctr","starts":"2021-02-01","ends":"2021-03-01"}}}}
    {"stream":"cohort/lost","effective":"2021-02-01","voided":{},"corrects":"\(cohortEvent)","reason":"typo"}
    {"stream":"course/gone","effective":"2016-01-01","voided":{},"corrects":"\(courseEvent)","reason":"typo"}
    {"stream":"officer/bob","effective":"2020-01-01","voided":{},"corrects":"\(registration)","reason":"typo"}
    {"stream":"skill_claim/mine","effective":"2021-05-05","source":{"system":"self"},"skill_claim":{"claimed":{"claim":{"officer":"ann","skill":{"framework":"f","skill":"weaving","level":2}}}}}
    {"stream":"credential/second","effective":"2021-06-01","credential":{"issued":{"holder":"ann","issuer":"ctr","number":"S2","courses":["weave"],"awarded_on":"2021-06-01","valid_from":"2021-06-01"}}}
    {"stream":"credential/first","effective":"2021-04-01","credential":{"issued":{"holder":"ann","issuer":"ctr","number":"S1","courses":["weave"],"awarded_on":"2021-04-01","valid_from":"2021-04-01"}}}
    {"stream":"credential/first","effective":"2021-06-01","credential":{"superseded":{"by":"second"}}}
    {"stream":"mandate/all","effective":"2021-01-01","mandate":{"issued":{"terms":{"title":"Everybody weaves","issuer":"min","population":{"posted_on":"2021-06-01","steps":[{"organisation":"min"}]},"courses":["weave"],"deadline":"2021-12-31","joiner_days":45,"weekly_hours":3,"employer_duty":"Time and a loom for everybody","consequence":"No promotion before it is done"}}}}

    """

  /// A server that has all of it, and a file to write to.
  static func serve() throws -> Program {
    let program = try Program()
    try program.serve()
    let recorded = try record(lines, program)
    try #require(recorded.status == 0, "\(recorded)")
    return program
  }

  static func record(
    _ lines: String, _ program: Program, _ more: String...
  ) throws -> (status: Int32, out: String, error: String) {
    let file = program.folder + "/lines.jsonl"
    try lines.write(toFile: file, atomically: true, encoding: .utf8)
    return try program.run(["record", file] + more)
  }
}

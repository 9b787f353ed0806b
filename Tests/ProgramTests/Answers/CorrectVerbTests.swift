import Foundation
import Testing

/// `correct` merges what it is given into what the event said, and drops nothing.
struct CorrectVerbTests {
  private static let lines = """
    {"stream":"registry/ke","effective":"2020-01-01","registry":{"established":{"jurisdiction":"ke","time_zone":"Africa/Nairobi","identifier_schemes":["pn"]}}}
    {"stream":"organisation/ministry","effective":"2020-01-01","organisation":{"registered":{"name":"Ministry","roles":["employer"]}}}
    {"stream":"organisation/centre","effective":"2020-01-01","organisation":{"registered":{"name":"Centre","roles":["training_partner"]}}}
    {"stream":"framework/f","effective":"2020-01-01","framework":{"published":{"title":"F","version":"1","skills":[{"code":"a","title":"A","levels":3}]}}}
    {"stream":"course/c","effective":"2020-01-01","course":{"published":{"edition":1,"title":"C","track":"technical","outcomes":[{"framework":"f","skill":"a","level":1}]}}}
    {"stream":"agreement/mou","effective":"2020-01-01","source":{"reference":"a paper"},"agreement":{"signed":{"terms":{"agreement_kind":"mou","title":"M","parties":["ministry","centre"]}}}}
    {"stream":"officer/x","event_id":"00000000-0000-4000-8000-000000000001","effective":"2020-01-01","officer":{"registered":{"posting":{"organisation":"ministry"}}},"personal":{"name":"Made Up","identifiers":[{"scheme":"pn","value":"7"}]}}
    {"stream":"cohort/k","effective":"2021-01-01","cohort":{"planned":{"terms":{"course":"c","edition":1,"organisation":"centre","starts":"2021-01-01","ends":"2021-12-31"}}}}
    {"stream":"enrolment/e","event_id":"00000000-0000-4000-8000-000000000002","effective":"2021-06-01","source":{"reference":"a list"},"enrolment":{"completed":{"seat":{"officer":"x","cohort":"k"},"result":"passed","score":6000}}}
    """
  private static let registered = "00000000-0000-4000-8000-000000000001"
  private static let completed = "00000000-0000-4000-8000-000000000002"

  private func ready() throws -> Program {
    let program = try Program()
    try program.serve()
    let file = program.folder + "/lines.jsonl"
    try Self.lines.write(toFile: file, atomically: true, encoding: .utf8)
    let recorded = try ask(program, "record", file)
    try #require(recorded.status == 0, "\(recorded)")
    return program
  }

  private func ask(
    _ program: Program, _ arguments: String...
  ) throws -> (status: Int32, out: String, error: String) {
    try program.run(arguments + ["--server", "127.0.0.1:\(program.port)"])
  }

  @Test func `A body that names one field leaves the others as they were`() throws {
    let program = try ready()
    let shown = try ask(
      program, "correct", Self.completed, "--reason", "mark", "--body",
      #"{"enrolment":{"completed":{"score":9900}}}"#)
    #expect(shown.status == 0, "\(shown)")
    #expect(shown.out.contains("enrolment/e  completion.score: 6000 → 9900\n"), "\(shown.out)")
    #expect(!shown.out.contains("completion.result"), "\(shown.out)")
    let done = try ask(
      program, "correct", Self.completed, "--reason", "mark", "--body",
      #"{"enrolment":{"completed":{"score":9900}}}"#, "--yes")
    #expect(done.status == 0 && done.out.contains("recorded at 9"), "\(done)")
    let difference = try ask(program, "diff", "9", "0")
    #expect(difference.out.contains("enrolment/e  completion.score: 6000 → 9900  (by 9)\n"))
  }

  @Test func `What would be dropped is refused, and so is what is said already`() throws {
    let program = try ready()
    for (event, arguments, sentence) in [
      (
        Self.registered, ["--body", #"{"officer":{"registered":{}},"personal":{"name":"Other"}}"#],
        "personal"
      ),
      (
        Self.registered,
        ["--body", #"{"officer":{"posted":{"posting":{"organisation":"centre"}}}}"#], "would drop"
      ),
      (Self.completed, ["--body", #"{"effective":"2021-01-01"}"#], "effective is no part of it"),
      (
        Self.completed, ["--body", #"{"enrolment":{"completed":{"scor":1}}}"#], "did you mean score"
      ),
      (Self.completed, ["--effective", "2021-06-01"], "says that already"),
    ] {
      let refused = try program.run(
        ["correct", event, "--reason", "x", "--server", "127.0.0.1:\(program.port)"] + arguments)
      #expect(refused.status == 2, "\(arguments): \(refused)")
      #expect(refused.error.contains(sentence), "\(arguments): \(refused)")
    }
  }

  @Test func `An attribution is added and taken back`() throws {
    let program = try ready()
    let added = try ask(
      program, "correct", Self.completed, "--reason", "signed", "--attributed-to", "agreement/mou",
      "--yes", "--json")
    #expect(added.status == 0, "\(added)")
    #expect(
      added.out.contains(
        #""what":"counted under agreement mou","after":"1 completion""#), "\(added.out)")
    #expect(added.out.contains(#"{"recorded":{"position":9"#), "\(added.out)")
    let found = try ask(program, "log", "--from", "9")
    // Beside its own it names the one that it corrects.
    let ids = found.out.matches(of: #/[0-9a-f]{8}-[0-9a-f-]{27}/#).map { String($0.output) }
    let id = try #require(ids.first { $0 != Self.completed }, "\(found)")
    let back = try ask(
      program, "correct", id, "--reason", "not_of_it", "--not-attributed")
    #expect(
      back.out.contains("officer/x  counted under agreement mou: 1 completion → –\n"), "\(back)")
  }
}

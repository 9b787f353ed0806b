import Foundation
import Testing

/// What a person reads says what is so, and what is to be done: a table of verbs and of words that
/// must, or must not, be in what they print.
struct SentenceTests {
  private struct Row {
    var verb: [String]
    var said: [String]
    var unsaid: [String] = []
    var status: Int32 = 0
  }

  private static let rows: [Row] = [
    // An agreement: all of its terms, and why nothing may rely on it.
    Row(
      verb: ["agreement", "ended", "--on", "2022-05-01"],
      said: [
        "valid    from 2019-04-01 until 2021-12-31, EXPIRED on 2022-01-01",
        "signed   on 2019-03-01 by The permanent secretary; The director",
        "scope    Weaving for clerks",
        "on by others: no: it expired on 2022-01-01 (its last day was 2021-12-31)",
        "  looms (ctr): Twelve looms, due 2020-01-01, MISSED",
        "  rooms (min): Two rooms, met", "  thread: Thread, open",
      ]),
    Row(
      verb: ["agreement", "ended", "--on", "2021-06-01"],
      said: ["on by others: yes"], unsaid: ["EXPIRED", "may be"]),
    Row(
      verb: ["agreement", "early", "--on", "2022-03-01"],
      said: ["on by others: no: it is valid only from 2022-05-01 on"]),
    Row(
      verb: ["agreement", "early", "--on", "2022-09-01"],
      said: [
        "superseded since 2022-08-01, superseded by next",
        "it was superseded by agreement/next on 2022-08-01",
      ]),
    // An authorisation that ran out.
    Row(
      verb: ["authorisation", "ctr", "--on", "2022-02-02"],
      said: [
        "may not be relied on, since it expired on 2022-01-01 (its last day was 2021-12-31)"
      ], unsaid: ["does not stand"], status: 1),
    Row(
      verb: ["authorisation", "ctr", "--on", "2021-02-02"],
      said: [": may be relied on"], unsaid: [": stands"]),
    // A profile: claims, what superseded, and what was voided blames no authorisation.
    Row(
      verb: ["profile", "ann", "--on", "2021-07-01"],
      said: [
        "skills (by policy 1, which says what a skill rests on)",
        "claims\n  mine: f/weaving level 2, claimed since 2021-05-05",
        "  first: superseded by second, ctr S1",
        "  cohort lost, which does not stand (voided?): completed, passed on 2021-03-01, nothing says "
          + "what was taught, nor whether it was authorised",
        "  gone ed. 1, which does not stand (voided?), ctr: completed, passed on 2021-03-01, nothing "
          + "says what was taught",
        "  To weave (weave ed. 1), ctr: completed, passed on 2021-03-01\n",
      ], unsaid: ["(? ed. 0)", "UNRECOGNISED"]),
    Row(
      verb: ["credentials", "ann", "--on", "2021-07-01"],
      said: ["first: superseded by second, ctr S1", "second: valid, ctr S2"]),
    Row(
      verb: ["verify", "first", "--on", "2021-07-01"],
      said: ["replaced   by second", "recognised by no ministry, which validity does not need"],
      unsaid: ["recognised no"], status: 1),
    Row(
      verb: ["exceptions", "--on", "2021-07-01", "--kind", "unrecognised_training"],
      said: [
        "the cohort lost does not stand, so that nothing says what was taught by whom on 2021-03-01",
        "gone edition 1 does not stand, so that nothing says whether it was authorised on 2021-03-01",
      ], unsaid: ["was not authorised for"]),
    // A mandate: what employers owe, and what follows.
    Row(
      verb: ["compliance", "all", "--on", "2021-07-01"],
      said: [
        "joiners    have until the deadline, or 45 days from the day on which they join: the later of "
          + "the two",
        "time       the employer gives 3 hours a week",
        "employer   Time and a loom for everybody", "otherwise  No promotion before it is done",
      ]),
    // A registration that was voided.
    Row(
      verb: ["person", "pn", "2", "--on", "2021-07-01", "--at-position", "15"],
      said: ["officer   bob", "name      Example bob", "standing  active"],
      unsaid: ["NO REGISTRATION"]),
    Row(
      verb: ["find", "--skill", "f/knitting"],
      said: ["There is no skill knitting in the framework f"], status: 1),
    Row(verb: ["gap", "nobody"], said: ["nobody"], unsaid: ["no officers"], status: 1),
  ]

  @Test func `Each verb says what is so`() throws {
    let program = try Sayings.serve()
    for row in Self.rows {
      let ended = try program.run(row.verb)
      let text = ended.out + ended.error
      #expect(ended.status == row.status, "\(row.verb): \(text)")
      for words in row.said { #expect(text.contains(words), "\(row.verb): \(words)\n\(text)") }
      for words in row.unsaid { #expect(!text.contains(words), "\(row.verb): \(words)\n\(text)") }
      // Nothing of the server's disk, and nothing as a compiler prints it.
      #expect(!text.contains(program.folder), "\(row.verb): \(text)")
      #expect(!text.contains(/\w+\(\w+: "/), "\(row.verb): \(text)")
    }
    _ = program.terminate()
    try program.end()
  }

  @Test func `What relies on an agreement is told why nothing may`() throws {
    let program = try Sayings.serve()
    func relying(_ agreement: String, _ day: String) throws -> String {
      try Sayings.record(
        """
        {"stream":"programme/p-\(day)","effective":"\(day)","authority":"agreement/\(agreement)","programme":{"drafted":{"terms":{"title":"P","organisation":"min"}}}}

        """, program
      ).out
    }
    #expect(
      try relying("ended", "2022-05-01").contains(
        "agreement/ended expired on 2022-01-01 (its last day was 2021-12-31): nothing may rely on it "
          + "on 2022-05-01."))
    #expect(
      try relying("early", "2022-04-10").contains(
        "agreement/early is valid only from 2022-05-01 on: nothing may rely on it on 2022-04-10."))
    #expect(try relying("ended", "2021-05-01").contains("1 recorded"))
    _ = program.terminate()
    try program.end()
  }

  @Test func `A file that is recorded whole names lines, and never items`() throws {
    let program = try Sayings.serve()
    let said = try Sayings.record(
      """
      # A remark, so that lines are not items.
      {"stream":"organisation/a","effective":"2020-01-01","organisation":{"registered":{"name":"A"}}}
      {"stream":"organisation/b","effective":"2020-01-01","organisation":{"renamed":{"name":"B"}}}

      """, program, "--atomic")
    #expect(said.status == 1)
    #expect(
      said.out.contains(
        "line 2: REJECTED (not_recorded) Not recorded, because line 3 was rejected."),
      "\(said)")
    #expect(!said.out.contains("item"), "\(said)")
    _ = program.terminate()
    try program.end()
  }

  @Test func `A row of a sheet that was mended says in what, and how it is corrected`() throws {
    let program = try Sayings.serve()
    let file = program.folder + "/rows.csv"
    func record(_ day: String, _ score: String) throws -> (status: Int32, text: String) {
      try """
      personnel_no,name,course,cohort,completed_on,result,score,certificate_no
      1,Example ann,weave,sheet,\(day),passed,\(score),

      """.write(
        toFile: file, atomically: true, encoding: .utf8)
      let ended = try program.run("record", file, "--source", "ctr")
      return (ended.status, ended.out + ended.error)
    }
    let first = try record("2021-03-01", "70")
    #expect(first.status == 0, "\(first)")
    #expect(try record("2021-03-01", "70").status == 0, "the same again changes nothing")
    let mended = try record("2021-03-01", "71")
    #expect(mended.status == 1, "\(mended)")
    #expect(
      mended.text.contains(
        "REJECTED (differs) The registry says otherwise: score is 70 in the registry and 71 here."),
      "\(mended)")
    #expect(mended.text.contains("Sent with --update it is corrected"), "\(mended)")
    #expect(!mended.text.contains("an id of its own"), "\(mended)")
    _ = program.terminate()
    try program.end()
  }
}

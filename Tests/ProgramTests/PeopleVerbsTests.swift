import Foundation
import Testing

/// The questions over many people, as the command line prints them.
struct PeopleVerbsTests {
  /// a of moict completed, b of the office below it did not, c is nobody's business.
  static let lines = """
    {"stream":"registry/rw","effective":"2025-01-01","registry":{"established":{"jurisdiction":"rw","time_zone":"Africa/Kigali","identifier_schemes":["pn"]}}}
    {"stream":"organisation/moict","effective":"2025-01-01","organisation":{"registered":{"name":"Example ministry, of \\"ICT\\""}}}
    {"stream":"organisation/office","effective":"2025-01-01","organisation":{"registered":{"name":"Example office"}}}
    {"stream":"organisation/office","effective":"2025-01-02","organisation":{"moved_under":{"parent":"moict"}}}
    {"stream":"framework/ict","effective":"2025-01-01","framework":{"published":{"title":"Example","version":"1","skills":[{"code":"ai","title":"AI","levels":3}]}}}
    {"stream":"course/ai-1","effective":"2025-01-01","course":{"published":{"edition":1,"title":"Foundational AI","track":"technical","outcomes":[{"framework":"ict","skill":"ai","level":1}]}}}
    {"stream":"cohort/c","effective":"2025-10-01","cohort":{"planned":{"terms":{"course":"ai-1","edition":1,"organisation":"moict","starts":"2025-11-01","ends":"2025-12-31"}}}}
    {"stream":"mandate/ai","effective":"2025-11-01","mandate":{"issued":{"terms":{"title":"AI for everybody","issuer":"moict","population":{"posted_on":"2025-12-01","steps":[{"organisation":"moict"}]},"courses":["ai-1"],"deadline":"2025-12-31","joiner_days":30,"weekly_hours":3}}}}
    {"stream":"mandate/ai","effective":"2025-12-30","mandate":{"extended":{"deadline":"2026-01-15"}}}
    {"stream":"registry/rw","effective":"2025-01-01","registry":{"requirement_set":{"position":"clerk","skills":[{"framework":"ict","skill":"ai","level":2}]}}}
    {"stream":"officer/a","effective":"2025-01-01","officer":{"registered":{"posting":{"organisation":"moict","position":"clerk"}}},"personal":{"name":"Example A","identifiers":[{"scheme":"pn","value":"1"}]}}
    {"stream":"officer/b","effective":"2025-01-01","officer":{"registered":{"posting":{"organisation":"office","position":"clerk"}}},"personal":{"name":"Example B"}}
    {"stream":"enrolment/a","effective":"2026-01-10","source":{"system":"lms"},"enrolment":{"completed":{"seat":{"officer":"a","cohort":"c"},"result":"passed"}}}
    """

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

  @Test func `Compliance prints the mandate in words, the table, CSV and JSON`() throws {
    let program = try ready()
    let table = try ask(program, "compliance", "ai", "--on", "2026-01-16")
    #expect(table.status == 0, "\(table)")
    for line in [
      "AI for everybody (ai)", "who        under moict, posted on 2025-12-01",
      "deadline   2026-01-15, extended; the first was 2025-12-31",
      "time       the employer gives 3 hours a week",
    ] {
      #expect(table.out.contains(line + "\n"), "\(line) is not in\n\(table.out)")
    }
    #expect(table.out.contains(/total +2 +1 +0 +0 +1 +1 +0 +1 attended/), "\(table.out)")
    let csv = try ask(program, "compliance", "ai", "--on", "2026-01-16", "--csv")
    let rows = csv.out.split(separator: "\n").map(String.init)
    #expect(rows.count == 3)
    #expect(rows.first?.hasPrefix("organisation,name,required,completed,late,") == true)
    #expect(
      rows.dropFirst().first?.hasPrefix("moict,\"Example ministry, of \"\"ICT\"\"\",1,1,0,0,0,")
        == true, "\(csv.out)")
    let officers = try ask(
      program, "compliance", "ai", "--on", "2026-01-16", "--organisation", "moict", "--officers",
      "--below", "--standing", "outstanding", "--csv")
    #expect(
      officers.out.hasSuffix("\nb,office,clerk,,,,outstanding,2026-01-15,,,,,,\n"),
      "\(officers.out)")
    let json = try ask(program, "compliance", "ai", "--on", "2026-01-16", "--json")
    let value = try JSONSerialization.jsonObject(with: Data(json.out.utf8)) as? [String: Any]
    #expect((value?["lines"] as? [Any])?.count == 2, "\(json.out)")
    let unknown = try ask(program, "compliance", "nope")
    #expect(unknown.status == 1)
    #expect(unknown.error.contains("There is no mandate nope"), "\(unknown.error)")
    _ = program.terminate()
    try program.end()
  }

  @Test func `Gap and find say what is held, what is too low, and how to go on`() throws {
    let program = try ready()
    let one = try ask(program, "gap", "pn:1", "--on", "2026-02-01")
    #expect(one.out.contains("ict/ai level 2: TOO LOW, ict/ai level 1, attended"), "\(one)")
    let all = try ask(program, "gap", "--organisation", "moict", "--on", "2026-02-01")
    #expect(all.out.contains("ict/ai level 2: LACKING"), "\(all)")
    #expect(all.out.contains(/ict\/ai +2 +2 +0 +1 +0 +1\n/), "\(all.out)")
    let nobody = try ask(program, "gap", "nobody")
    #expect(nobody.status == 1)
    let found = try ask(
      program, "find", "--skill", "ict/ai>=1", "--organisation", "moict", "--below", "--page", "1",
      "--on", "2026-02-01")
    #expect(found.out.contains("1 officers, as of"), "\(found)")
    let token = try #require(found.out.firstMatch(of: /--resume ([0-9a-f]+)/)).1
    let rest = try ask(
      program, "find", "--skill", "ict/ai>=1", "--organisation", "moict", "--below",
      "--on", "2026-02-01", "--resume", String(token))
    #expect(rest.out.hasPrefix("0 officers, as of"), "\(rest)")
    let wrong = try ask(program, "find", "--skill", "ict/ai", "--resume", "xyz")
    #expect(wrong.status == 2)
    _ = program.terminate()
    try program.end()
  }
}

import Foundation
import Testing

/// Files of statements, and what is said of what they hold.
struct StatementFileTests {
  static let home = ImportTests.home

  /// A registry with an officer, who has account 41, and maps of a course.
  static func ready() throws -> (program: Program, maps: [String]) {
    let program = try ImportTests.started()
    let officers = try ImportTests.write(ImportTests.officers(1), "officers.csv", program)
    #expect(try program.run("import", "officers", officers, "--quiet").status == 0)
    let ids = try ImportTests.write(
      "home_page,account,officer,from,until\n\(home),41,pn:1,,\n", "ids.csv", program)
    let map = try ImportTests.write(
      """
      activity,course,cohort,assessment,mode,pass_mark
      \(home)/course,c,k,,,
      \(home)/quiz,c,k,q,proctored,60

      """, "map.csv", program)
    return (
      program, ["--identities", ids, "--activities", map, "--source", "moodle"]
    )
  }

  static func send(
    _ statements: [String], _ name: String, _ maps: [String], _ program: Program
  ) throws -> (status: Int32, out: String, error: String) {
    let path = try ImportTests.write(
      "[" + statements.joined(separator: ",\n") + "]", name, program)
    return try program.run(["import", "xapi", path] + maps)
  }

  static let course = "{\"id\":\"\(home)/course\"}"

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
  func `A failure that is voided takes no completion with it`(order: [Int]) throws {
    let (program, maps) = try Self.ready()
    let attempt =
      ",\"context\":{\"registration\":\"00000000-0000-4000-8000-0000000000aa\"}"
    let statements = [
      ImportTests.statement(1, "failed", Self.course, attempt),
      ImportTests.statement(2, "completed", Self.course, attempt),
      ImportTests.statement(
        3, "voided",
        "{\"objectType\":\"StatementRef\",\"id\":\"00000000-0000-4000-8000-000000000001\"}"),
    ]
    let got = try Self.send(order.map { statements[$0] }, "s.json", maps, program)
    #expect(got.status == 0 && got.out.contains("1 recorded"), "\(got)")
    let profile = try program.run("profile", "pn:1")
    #expect(profile.out.contains("completed"), "\(profile)")
    try ImportTests.end(program)
  }

  @Test func `Doubts are told of what is recorded, and of nothing that is rejected`() throws {
    let (program, maps) = try Self.ready()
    let odd = ",\"result\":{\"score\":{\"scaled\":1.5}}"
    let got = try Self.send(
      [
        ImportTests.statement(1, "completed", Self.course, odd),
        // Enrolled once more after the end: nothing to record, whatever its score.
        ImportTests.statement(2, "registered", Self.course, odd, at: "2022-07-30T12:00:00+03:00"),
        ImportTests.statement(3, "passed", "{\"id\":\"\(Self.home)/none\"}", odd),
      ], "s.json", maps, program)
    #expect(got.status == 1, "\(got)")
    #expect(got.out.contains("1 rejected, 1 left out, 1 in spite of a doubt"), "\(got)")
    #expect(
      got.error.contains(
        "rejected: 1 unknown_activity; left out: 1 already; recorded in spite of a doubt: "
          + "1 score_doubtful; each with its reason"), "\(got)")
    let left = ImportTests.read(program.folder + "/s.json.left-out.csv")
    #expect(left.hasPrefix("line,statement,outcome,reason,sentence\n"), "\(left)")
    #expect(
      left.contains(",doubted,score_doubtful,") && left.contains(",rejected,unknown_activity,"))
    try ImportTests.end(program)
  }

  @Test func `Drafts of maps are printed alone, and a file without statements has none`() throws {
    let program = try Program()
    let none = try ImportTests.write("{\"stream\": \"organisation/x\"}\n", "none.jsonl", program)
    let refused = try program.run("import", "xapi", none, "--suggest")
    #expect(refused.status == 2 && refused.out.isEmpty, "\(refused)")
    #expect(refused.error.contains("none of its 1 items is one"), "\(refused)")
    let some = try ImportTests.write(
      "\u{FEFF}" + ImportTests.statement(1, "completed", Self.course) + "\n{\"verb\": 3}\n",
      "some.jsonl", program)
    let drafts = try program.run("import", "xapi", some, "--suggest")
    #expect(drafts.status == 0 && drafts.out.contains("\(Self.home)/course,"), "\(drafts)")
    #expect(!drafts.out.contains("note:"), "\(drafts)")
    #expect(drafts.error.contains("1 of 2 items could not be read"), "\(drafts)")
    #expect(drafts.error.contains("byte-order mark"), "\(drafts)")
    try program.end()
  }
}

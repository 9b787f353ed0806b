import Foundation
import JSON
import Messages
import Registry
import Testing
import UjuziClient

/// Files that are taken over by a running registry.
struct ImportTests {
  /// A registry with an organisation, a course and a cohort.
  static let ground = """
    {"stream":"registry/ke","effective":"2022-01-01","registry":{"established":{"jurisdiction":"ke","time_zone":"Africa/Nairobi"}}}
    {"stream":"organisation/heta","effective":"2020-01-01","organisation":{"registered":{"name":"Example centre"}}}
    {"stream":"framework/ict","effective":"2020-01-01","framework":{"published":{"title":"Example","version":"1","skills":[{"code":"cloud","title":"cloud","levels":3}]}}}
    {"stream":"course/c","effective":"2020-01-01","course":{"published":{"edition":1,"title":"Example course","track":"technical"}}}
    {"stream":"cohort/k","effective":"2022-01-01","cohort":{"planned":{"terms":{"course":"c","edition":1,"organisation":"heta","starts":"2022-01-10","ends":"2022-06-30"}}}}

    """

  static func started() throws -> Program {
    let program = try Program()
    try program.serve()
    let got = try program.run("record", try write(ground, "ground.jsonl", program), "--quiet")
    #expect(got.status == 0, "\(got)")
    return program
  }

  static func write(_ text: String, _ name: String, _ program: Program) throws -> String {
    let path = program.folder + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  static func read(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  static func end(_ program: Program) throws {
    #expect(program.terminate() == 0)
    let rebuilt = try program.run("rebuild", "--data", program.folder + "/data")
    #expect(rebuilt.status == 0, "\(rebuilt)")
    try program.end()
  }

  static func events(_ program: Program) async throws -> UInt64 {
    let client = try await program.connect()
    let reply = try await client.check(HealthRequest())
    await client.close()
    return reply.asOf
  }

  /// Officers of an extract, numbered from 1.
  static func officers(_ count: Int, grade: String = "J", on day: String = "2021-01-01") -> String {
    "personnel_no,name,organisation,grade,posted_on\n"
      + (1...count).map { "\($0),Example \($0),heta,\(grade),\(day)\n" }.joined()
  }

  @Test func `Ten bad rows among thousands are named, and the rest is in`() async throws {
    let program = try Self.started()
    let before = try await Self.events(program)
    let bad = Set((0..<10).map { $0 * 311 + 7 })
    let lines = (1...3500).map { at in
      if bad.contains(at) {
        return at % 2 == 0
          ? "{\"stream\":\"organisation/o\(at)\",\"organisation\":{\"closed\":{}}}" : "{\"stream\""
      }
      // Each relies on one just before it.
      let parent = bad.contains(at - 1) || at % 20 == 1 ? "heta" : "o\(at - 1)"
      return """
        {"stream":"organisation/o\(at)","effective":"2022-01-01","organisation":{"registered":{"name":"Example \(at)","parent":"\(parent)"}}}
        """
    }
    let path = try Self.write(lines.joined(separator: "\n") + "\n", "many.jsonl", program)
    let got = try program.run("record", path)
    #expect(got.status == 1)
    #expect(got.out.contains("3490 recorded (3490 events), 0 unchanged, 10 rejected"))
    let said = got.out.split(separator: "\n").filter { $0.contains("REJECTED") }
    #expect(said.map { $0.prefix { $0 != ":" } } == bad.sorted().map { "line \($0)" })
    let rejected = Self.read(path + ".rejected").split(separator: "\n")
    #expect(rejected.count == 20)
    #expect(try await Self.events(program) == before + 3490)
    let again = try program.run("record", path, "--quiet")
    #expect(again.out.contains("0 recorded (0 events), 3490 unchanged, 10 rejected"))
    try Self.end(program)
  }

  @Test func `Two imports of one file at once record every row once`() async throws {
    let program = try Self.started()
    let before = try await Self.events(program)
    let path = try Self.write(Self.officers(1200), "officers.csv", program)
    let running = try (0..<2).map { at in
      try program.start(
        "import", "officers", path, "--quiet", "--json", "--rejects", path + ".\(at)")
    }
    var recorded = 0
    for verb in running {
      let got = verb.wait()
      #expect(got.status == 0, "\(got)")
      let summary = try JSONText(got.out.utf8.dropLast())
      guard case .number(let count)? = summary["recorded"] else {
        Issue.record("no summary: \(got)")
        continue
      }
      recorded += Int(count) ?? 0
    }
    #expect(recorded == 1200)
    #expect(try await Self.events(program) == before + 1200)
    let changed = try Self.write(
      Self.officers(1200, grade: "K", on: "2023-01-01"), "changed.csv", program)
    let verbs = try (0..<2).map { _ in try program.start("import", "officers", changed, "--quiet") }
    for verb in verbs { #expect(verb.wait().status == 0) }
    #expect(try await Self.events(program) == before + 2400)
    try Self.end(program)
  }

  @Test func `A row may say two things of one officer, one after the other`() async throws {
    let program = try Self.started()
    let text = """
      personnel_no,name,organisation,grade,posted_on,change,separated_on
      1,Example Achieng,heta,J,2021-01-01,,
      1,Example Achieng,heta,K,2022-01-01,promotion,
      1,Example Achieng,heta,K,2023-06-01,,2024-01-01
      2,Example Otieno,heta,J,2021-01-01,,
      2,Example Otieno,nowhere,J,2022-01-01,,
      2,Example Otieno,heta,K,2023-01-01,,

      """
    let path = try Self.write(text, "officers.csv", program)
    let got = try program.run("import", "officers", path)
    #expect(got.out.contains("5 recorded (5 events), 0 unchanged, 1 rejected"), "\(got)")
    let profile = try program.run("profile", "pn:1")
    #expect(profile.out.contains("separated"), "\(profile)")
    let second = try program.run("profile", "pn:2")
    #expect(second.out.contains(", K"), "\(second)")
    try Self.end(program)
  }

  @Test func `Rows of an amended file that were recorded before are recorded no more`() async throws
  {
    let program = try Self.started()
    _ = try program.run(
      "import", "officers", try Self.write(Self.officers(3), "officers.csv", program), "--quiet")
    let head = "personnel_no,course,cohort,completed_on,result,certificate_no\n"
    let first = try Self.write(
      head + "1,c,k,2022-06-30,passed,N1\n2,c,k,2022-06-30,passed,\n", "done.csv", program)
    #expect(try program.run("record", first, "--quiet").out.contains("2 recorded (7 events)"))
    let amended = try Self.write(
      head + """
        3,c,k,2022-06-30,passed,N3
        1,c,k,2022-06-30,passed,N1
        2,c,k,2022-06-30,passed,N2
        1,c,k,2022-06-30,merit,N1

        """, "amended.csv", program)
    let got = try program.run("record", amended)
    // The second has a certificate now; the last contradicts what stands.
    #expect(got.out.contains("2 recorded (5 events), 1 unchanged, 1 rejected"), "\(got)")
    #expect(got.out.contains("line 5: REJECTED"), "\(got)")
    try Self.end(program)
  }

  static let home = "https://learn.example.org"

  static func statement(
    _ number: Int, _ verb: String, _ object: String, _ more: String = "",
    at timestamp: String = "2022-06-30T12:00:00+03:00"
  ) -> String {
    """
    {"id":"00000000-0000-4000-8000-00000000000\(number)","actor":{"account":{"homePage":"\(home)","name":"41"}},\
    "verb":{"id":"http://adlnet.gov/expapi/verbs/\(verb)"},"object":\(object),"timestamp":"\(timestamp)"\(more)}
    """
  }

  @Test func `Statements are recorded once, in any order, and voided when they are`() async throws {
    let program = try Self.started()
    _ = try program.run(
      "import", "officers", try Self.write(Self.officers(1), "officers.csv", program), "--quiet")
    let before = try await Self.events(program)
    let ids = try Self.write(
      "home_page,account,officer,from,until\n\(Self.home),41,pn:1,,\n", "ids.csv", program)
    let map = try Self.write(
      """
      activity,course,cohort,assessment,mode,pass_mark
      \(Self.home)/course,c,k,,,
      \(Self.home)/quiz,c,k,q,proctored,60

      """, "map.csv", program)
    func run(_ statements: [String], _ name: String) throws -> (status: Int32, out: String) {
      let path = try Self.write(
        "[" + statements.joined(separator: ",\n") + "]", name, program)
      let got = try program.run(
        "import", "xapi", path, "--identities", ids, "--activities", map, "--source", "moodle",
        "--quiet")
      return (got.status, got.out)
    }
    let course = "{\"id\":\"\(Self.home)/course\"}"
    let quiz = "{\"id\":\"\(Self.home)/quiz\"}"
    let result = ",\"result\":{\"score\":{\"scaled\":0.8}}"
    // The latest comes first, and one comes twice.
    let statements = [
      Self.statement(1, "completed", course),
      Self.statement(2, "completed", quiz, result, at: "2022-05-01T12:00:00+03:00"),
      Self.statement(3, "completed", quiz, result, at: "2022-03-01T12:00:00+03:00"),
      Self.statement(1, "completed", course),
      Self.statement(4, "registered", course, at: "2022-02-01T12:00:00+03:00"),
    ]
    let first = try run(statements, "first.json")
    #expect(
      first.out.contains(", 0 rejected, 1 left out"),
      "\(first) \(Self.read(program.folder + "/first.json.left-out.csv"))")
    let after = try await Self.events(program)
    #expect(after > before + 3)
    let again = try run(statements, "again.json")
    #expect(again.out.contains("0 recorded (0 events), 5 unchanged, 0 rejected"), "\(again)")
    #expect(try await Self.events(program) == after)
    let profile = try program.run("profile", "pn:1")
    #expect(profile.out.contains("completed"), "\(profile)")

    let reused = try run([Self.statement(1, "failed", course)], "reused.json")
    #expect(reused.status == 1 && reused.out.contains("1 rejected"), "\(reused)")
    let left = Self.read(program.folder + "/reused.json.left-out.csv")
    #expect(left.contains(",rejected,differs,"), "\(left)")

    let voids = [
      Self.statement(
        5, "voided",
        "{\"objectType\":\"StatementRef\",\"id\":\"00000000-0000-4000-8000-000000000001\"}")
    ]
    #expect(try run(voids, "voids.json").out.contains("1 recorded (1 events)"))
    #expect(try run(voids, "voids.json").out.contains("1 unchanged"))
    let voided = try program.run("profile", "pn:1")
    #expect(!voided.out.contains("completed"), "\(voided)")
    try Self.end(program)
  }

  @Test func `A crosswalk to a missing skill is rejected, and the others are in`() async throws {
    let program = try Self.started()
    let skills = try Self.write(
      "# licence: none\n# published: 2022-01-01\ncode,title,levels\na,A,3\n", "f.csv", program)
    let arguments = ["import", "framework", skills, "--id", "f", "--title", "F", "--version", "1"]
    #expect(try program.run(arguments).out.contains("1 recorded (1 events)"))
    #expect(try program.run(arguments).out.contains("0 recorded (0 events), 1 unchanged"))
    let walks = try Self.write(
      """
      skill,relation,other_framework,other_skill,level,other_level
      a,exact,ict,cloud,,
      a,close,ict,nothing,,
      nothing,exact,ict,cloud,,
      a,close,nowhere,cloud,,

      """, "walks.csv", program)
    let got = try program.run("import", "crosswalks", walks, "--id", "f")
    #expect(got.status == 1)
    #expect(got.out.contains("1 recorded (1 events), 0 unchanged, 3 rejected"), "\(got)")
    let again = try program.run("import", "crosswalks", walks, "--id", "f")
    #expect(again.out.contains("0 recorded (0 events), 1 unchanged, 3 rejected"), "\(again)")
    try Self.end(program)
  }
}

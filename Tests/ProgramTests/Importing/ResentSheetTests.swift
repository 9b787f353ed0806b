import Foundation
import JSON
import Testing

/// Sheets and statements that are sent again, mended.
struct ResentSheetTests {
  static let head = "personnel_no,course,cohort,completed_on,result,score,certificate_no\n"

  /// A registry with three officers and a sheet that is recorded.
  static func ready(_ rows: String) throws -> (program: Program, path: String) {
    let program = try ImportTests.started()
    let officers = try ImportTests.write(ImportTests.officers(3), "officers.csv", program)
    #expect(try program.run("import", "officers", officers, "--quiet").status == 0)
    let path = try ImportTests.write(head + rows, "done.csv", program)
    let got = try program.run("record", path, "--source", "ctr", "--quiet")
    #expect(got.status == 0, "\(got)")
    return (program, path)
  }

  static func send(
    _ rows: String, _ path: String, _ program: Program, _ more: String...
  ) throws -> (status: Int32, out: String, error: String) {
    try Data((head + rows).utf8).write(to: URL(fileURLWithPath: path))
    return try program.run(["record", path, "--source", "ctr"] + more)
  }

  static let three = """
    1,c,k,2022-06-30,passed,70,N1
    2,c,k,2022-06-30,passed,71,
    3,c,k,2022-06-30,passed,72,

    """
  static let mended = """
    1,c,k,2022-06-29,passed,99,N1
    2,c,k,2022-06-30,passed,71,

    """

  @Test func `A mended row says in what it differs, and becomes the correction`() async throws {
    let (program, path) = try Self.ready(Self.three)
    let before = try await ImportTests.events(program)
    let told = try Self.send(Self.mended, path, program)
    #expect(told.status == 1, "\(told)")
    #expect(told.out.contains("line 2: REJECTED (differs) "), "\(told)")
    #expect(told.out.contains("score is 70 in the registry and 99 here"), "\(told)")
    #expect(told.out.contains("day is 2022-06-30 in the registry and 2022-06-29 here"), "\(told)")
    #expect(told.out.contains("line 3: unchanged"), "\(told)")
    // The row that is gone is named, and stands.
    #expect(
      told.out.contains("in cohort k, completed on 2022-06-30: it was in done.csv"), "\(told)")
    #expect(told.out.contains("1 gone from the file"), "\(told)")
    #expect(ImportTests.read(path + ".rejected").contains("99 here"))

    let shown = try Self.send(Self.mended, path, program, "--update")
    #expect(shown.status == 0, "\(shown)")
    #expect(shown.out.contains("completion.score: 7000 → 9900"), "\(shown)")
    #expect(shown.out.contains("line 2: would be corrected"), "\(shown)")
    #expect(shown.out.contains("1 would be corrected"), "\(shown)")
    #expect(shown.error.contains("give --yes"), "\(shown)")
    #expect(try await ImportTests.events(program) == before)

    let done = try Self.send(Self.mended, path, program, "--update", "--yes")
    #expect(done.status == 0 && done.out.contains("line 2: corrected at "), "\(done)")
    #expect(try await ImportTests.events(program) == before + 2)
    let profile = try program.run("profile", "pn:1")
    #expect(profile.out.contains("passed on 2022-06-29, 99"), "\(profile)")
    let certificate = try program.run("verify", "--issuer", "heta", "--number", "N1")
    #expect(certificate.status == 0, "\(certificate)")
    #expect(try program.run("profile", "pn:3").out.contains("passed on 2022-06-30, 72"))

    for more in [[], ["--update", "--yes"]] {
      let again = try program.run(["record", path, "--source", "ctr"] + more)
      #expect(
        again.status == 0 && again.out.contains("0 recorded (0 events), 2 unchanged"), "\(again)")
    }
    #expect(try await ImportTests.events(program) == before + 2)
    // And back to what it was, though that was recorded once.
    let back = try Self.send(Self.three, path, program, "--update", "--yes")
    #expect(back.status == 0 && back.out.contains("1 corrected"), "\(back)")
    #expect(try program.run("profile", "pn:1").out.contains("passed on 2022-06-30, 70"))
    try ImportTests.end(program)
  }

  @Test func `A list that another source said before is known`() async throws {
    let (program, path) = try Self.ready(Self.three)
    let before = try await ImportTests.events(program)
    let same = try program.run("record", path, "--source", "other")
    #expect(same.status == 0 && same.out.contains("0 recorded (0 events), 3 unchanged"), "\(same)")
    let more = try ImportTests.write(
      Self.head + "2,c,k,2022-06-30,passed,71,N2\n3,c,k,2022-06-30,merit,72,\n", "more.csv", program
    )
    let got = try program.run("record", more, "--source", "other")
    #expect(got.out.contains("1 recorded (1 events), 0 unchanged, 1 rejected"), "\(got)")
    #expect(
      got.out.contains("The registry, from ctr, says otherwise: result is passed"), "\(got)")
    #expect(!got.out.contains("gone"), "\(got)")
    #expect(try await ImportTests.events(program) == before + 1)
    #expect(try program.run("verify", "--issuer", "heta", "--number", "N2").status == 0)
    try ImportTests.end(program)
  }

  @Test func `A correction that cannot be is rejected alone, with what differs`() throws {
    let (program, path) = try Self.ready(Self.three)
    // Nobody is enrolled in a cohort before it is planned.
    let got = try Self.send(
      "1,c,k,2022-06-30,passed,80,N1\n2,c,k,2021-06-01,passed,71,\n3,c,k,2022-06-30,passed,72,\n",
      path, program, "--update", "--yes", "--json")
    #expect(got.status == 1, "\(got)")
    let lines = try got.out.split(separator: "\n").map { try JSONText($0.utf8) }
    #expect(lines.contains { $0["outcome"] == .string("corrected") && $0["line"] == .number("2") })
    let rejected = lines.first { $0["outcome"] == .string("rejected") }
    #expect(rejected?["line"] == .number("3"), "\(got)")
    #expect(rejected?["sentence"]?.string?.contains("It cannot be corrected: ") == true, "\(got)")
    #expect(lines.last?["corrected"] == .number("1"), "\(got)")
    #expect(ImportTests.read(path + ".rejected").contains("2021-06-01"))
    try ImportTests.end(program)
  }

  @Test func `Of two rows that say two things neither corrects`() async throws {
    let (program, path) = try Self.ready(Self.three)
    let before = try await ImportTests.events(program)
    let rows =
      "1,c,k,2022-06-30,passed,70,N1\n1,c,k,2022-06-30,passed,75,N1\n2,c,k,2022-06-30,merit,71,\n3,c,k,2022-06-30,passed,72,\n"
    for _ in 0..<2 {
      let got = try Self.send(rows, path, program, "--update", "--yes")
      #expect(got.status == 1, "\(got)")
      #expect(got.out.contains("line 3: REJECTED (differs) "), "\(got)")
      #expect(got.out.contains("neither corrects it"), "\(got)")
      #expect(try program.run("profile", "pn:1").out.contains("passed on 2022-06-30, 70"))
      #expect(try program.run("profile", "pn:2").out.contains("merit on 2022-06-30, 71"))
    }
    #expect(try await ImportTests.events(program) == before + 1)
    try ImportTests.end(program)
  }

  @Test func `Flags that say nothing are refused`() throws {
    let program = try Program()
    let sheet = try ImportTests.write(Self.head, "a.csv", program)
    #expect(try program.run("record", sheet, "--yes").error.contains("--yes is for --update"))
    #expect(try program.run("record", sheet, "--update", "--atomic").error.contains("not both"))
    try program.end()
  }

  @Test func `A statement that is read otherwise now names the difference and is corrected`()
    async throws
  {
    let (program, maps) = try StatementFileTests.ready()
    let quiz = "{\"id\":\"\(ImportTests.home)/quiz\"}"
    func score(_ raw: Int) -> String {
      ",\"result\":{\"score\":{\"raw\":\(raw),\"min\":0,\"max\":100}}"
    }
    let first = [
      ImportTests.statement(1, "completed", quiz, score(50)),
      ImportTests.statement(2, "failed", StatementFileTests.course),
    ]
    #expect(try StatementFileTests.send(first, "first.json", maps, program).status == 0)
    let before = try await ImportTests.events(program)
    let second = [
      ImportTests.statement(1, "completed", quiz, score(75)),
      ImportTests.statement(2, "passed", StatementFileTests.course, score(75)),
    ]
    let told = try StatementFileTests.send(second, "second.json", maps, program)
    #expect(told.status == 1 && told.out.contains("2 rejected"), "\(told)")
    #expect(told.out.contains("score is 50 in the registry and 75 here"), "\(told)")
    #expect(told.out.contains("`not_completed` in the registry and `completed` here"), "\(told)")
    let done = try StatementFileTests.send(
      second, "second.json", maps + ["--update", "--yes"], program)
    #expect(done.status == 0 && done.out.contains("2 corrected"), "\(done)")
    #expect(try await ImportTests.events(program) == before + 2)
    #expect(try program.run("profile", "pn:1").out.contains("passed on 2022-06-30, 75"))
    let again = try StatementFileTests.send(second, "third.json", maps, program)
    #expect(again.status == 0 && again.out.contains("2 unchanged"), "\(again)")
    try ImportTests.end(program)
  }
}

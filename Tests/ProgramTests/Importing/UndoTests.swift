import Crypto
import Foundation
import JSON
import Testing

/// What came from which file, and taking it back.
struct UndoTests {
  private static func digest(_ path: String) throws -> String {
    SHA256.hash(data: try Data(contentsOf: URL(fileURLWithPath: path)))
      .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  @Test func `Imports are listed by file, source, time and sender`() throws {
    let (program, path) = try ResentSheetTests.ready(ResentSheetTests.three)
    let digest = try Self.digest(path)
    let got = try program.run("imports")
    #expect(got.status == 0 && got.out.contains("2 files"), "\(got)")
    let line = got.out.split(separator: "\n").first { $0.hasSuffix(digest) }
    #expect(line?.contains("done.csv from ctr, by loopback: 10 events at ") == true, "\(got)")
    let json = try program.run("imports", "--json").out.split(separator: "\n")
      .map { try JSONText($0.utf8) }
    #expect(json.count == 2 && json[1]["sha256"] == .string(digest))
    #expect(json[1]["events"] == .number("10") && json[1]["system"] == .string("ctr"))
    #expect(json[0]["file"] == .string("officers.csv"))
    try ImportTests.end(program)
  }

  @Test func `All that still stands of a file is voided, and stands again where it is sent so`()
    async throws
  {
    let (program, path) = try ResentSheetTests.ready(ResentSheetTests.three)
    let before = try await ImportTests.events(program)
    let shown = try program.run("undo", path, "--reason", "wrong_cohort")
    #expect(
      shown.status == 0 && shown.out.contains("10 events would be voided, 0 rejected"), "\(shown)")
    #expect(shown.out.contains("completion"), "\(shown)")
    #expect(try await ImportTests.events(program) == before)

    let done = try program.run("undo", path, "--reason", "wrong_cohort", "--yes")
    #expect(done.status == 0 && done.out.contains("10 events voided, 0 rejected"), "\(done)")
    #expect(try await ImportTests.events(program) == before + 10)
    #expect(try program.run("verify", "--issuer", "heta", "--number", "N1").status == 1)
    #expect(!(try program.run("profile", "pn:1").out.contains("passed")))

    let again = try program.run("undo", try Self.digest(path), "--reason", "wrong_cohort", "--yes")
    #expect(again.status == 0 && again.out.contains("0 events voided"), "\(again)")
    #expect(again.out.contains("10 voided before"), "\(again)")

    let back = try program.run("record", path, "--source", "ctr", "--update", "--yes")
    #expect(back.status == 0 && back.out.contains("3 corrected"), "\(back)")
    #expect(back.out.contains("it was voided at "), "\(back)")
    #expect(try program.run("verify", "--issuer", "heta", "--number", "N1").status == 0)
    #expect(try program.run("profile", "pn:1").out.contains("passed on 2022-06-30, 70"))
    try ImportTests.end(program)
  }

  @Test func `What another file corrected stays as that says`() throws {
    let (program, path) = try ResentSheetTests.ready(ResentSheetTests.three)
    let first = try Self.digest(path)
    let rows = ResentSheetTests.three.replacing("passed,71", with: "passed,88")
    #expect(
      try ResentSheetTests.send(rows, path, program, "--update", "--yes").out.contains(
        "1 corrected"))
    let undone = try program.run("undo", path, "--reason", "wrong", "--yes")
    // The second file said one thing alone.
    #expect(undone.out.contains("1 events voided"), "\(undone)")
    #expect(try program.run("profile", "pn:2").out.contains("71"))
    _ = try ResentSheetTests.send(rows, path, program, "--update", "--yes")
    let rest = try program.run("undo", first, "--reason", "wrong", "--yes")
    #expect(rest.out.contains("1 corrected before"), "\(rest)")
    #expect(try program.run("profile", "pn:2").out.contains("88"))
    try ImportTests.end(program)
  }

  @Test func `A file of events is taken back by its lines, and of what rests on it is told`() throws
  {
    let program = try ImportTests.started()
    let text = """
      {"stream":"organisation/a","effective":"2022-01-01","organisation":{"registered":{"name":"Example"}}}
      {"stream":"organisation/b","effective":"2022-01-02","organisation":{"registered":{"name":"Example","parent":"a"}}}

      """
    let path = try ImportTests.write(text, "two.jsonl", program)
    #expect(try program.run("record", path).status == 0)
    let done = try program.run("undo", path, "--reason", "twice", "--yes")
    #expect(done.status == 0 && done.out.contains("2 events voided, 0 rejected"), "\(done)")
    let other = try ImportTests.write(
      "{\"stream\":\"organisation/z\",\"effective\":\"2022-01-01\",\"organisation\":{\"registered\":{\"name\":\"Z\"}}}\n",
      "other.jsonl", program)
    let none = try program.run("undo", other, "--reason", "x")
    #expect(
      none.status == 1 && none.error.contains("Nothing that is recorded came from"), "\(none)")
    let wrong = try program.run("undo", program.folder + "/nothing", "--reason", "x")
    #expect(wrong.status == 2 && wrong.error.contains("no SHA-256"), "\(wrong)")
    // What was recorded of it since, from elsewhere, is in the way.
    let first = try ImportTests.write(
      "{\"stream\":\"organisation/y\",\"effective\":\"2022-01-01\",\"organisation\":{\"registered\":{\"name\":\"Y\"}}}\n",
      "first.jsonl", program)
    let later = try ImportTests.write(
      "{\"stream\":\"organisation/y\",\"effective\":\"2022-02-01\",\"organisation\":{\"closed\":{}}}\n",
      "later.jsonl", program)
    for path in [first, later] { #expect(try program.run("record", path).status == 0) }
    let refused = try program.run("undo", first, "--reason", "x", "--yes")
    #expect(
      refused.status == 1 && refused.out.contains("0 events voided, 1 rejected"), "\(refused)")
    #expect(
      refused.out.contains("organisation.registered of organisation/y"), "\(refused)")
    try ImportTests.end(program)
  }
}

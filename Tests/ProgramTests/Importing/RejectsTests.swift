import Foundation
import Testing

/// Where an import writes what it rejected.
struct RejectsTests {
  private static func line(_ key: String, _ parent: String) -> String {
    """
    {"stream":"organisation/\(key)","effective":"2022-01-01","organisation":{"registered":{"name":"Example","parent":"\(parent)"}}}

    """
  }

  @Test
  func `Rejects give way to the next run's, go with a clean one, and what was edited is kept`()
    throws
  {
    let program = try ImportTests.started()
    let path = try ImportTests.write(
      Self.line("a", "nowhere") + Self.line("b", "heta"), "many.jsonl", program)
    let rejects = path + ".rejected"
    for _ in 0..<2 {
      let got = try program.run("record", path, "--quiet")
      #expect(got.status == 1 && got.error.contains(rejects), "\(got)")
      #expect(!got.error.contains("kept"), "\(got)")
      let written = ImportTests.read(rejects)
      #expect(written.hasPrefix("# line 1: ") && written.hasSuffix(Self.line("a", "nowhere")))
    }
    // A person begins to mend it, and sends the whole again before it is mended.
    let edited = "# mine\n" + Self.line("a", "heta")
    try Data(edited.utf8).write(to: URL(fileURLWithPath: rejects))
    let again = try program.run("record", path, "--quiet")
    #expect(again.error.contains("\(rejects) was edited since it was written"), "\(again)")
    #expect(again.error.contains("kept as \(rejects).1"), "\(again)")
    #expect(ImportTests.read(rejects + ".1") == edited)
    #expect(ImportTests.read(rejects).contains("nowhere"))
    // What judges alone writes nothing and takes nothing away.
    _ = try ImportTests.write(
      Self.line("a", "heta") + Self.line("b", "heta"), "many.jsonl", program)
    #expect(try program.run("record", path, "--dry-run").status == 0)
    #expect(FileManager.default.fileExists(atPath: rejects))
    #expect(try program.run("record", path).status == 0)
    #expect(!FileManager.default.fileExists(atPath: rejects))
    #expect(ImportTests.read(rejects + ".1") == edited)
    try ImportTests.end(program)
  }

  @Test func `The file that is read is no place for its rejects`() throws {
    let program = try ImportTests.started()
    let text = Self.line("a", "nowhere")
    let path = try ImportTests.write(text, "one.jsonl", program)
    let got = try program.run("record", path, "--rejects", program.folder + "/./one.jsonl")
    #expect(got.status == 2 && got.error.contains("is the file that is read"), "\(got)")
    #expect(ImportTests.read(path) == text)
    try ImportTests.end(program)
  }

  @Test func `A framework's rejects are written with their reasons`() throws {
    let program = try ImportTests.started()
    let path = try ImportTests.write(
      "code,title,levels\ncloud,other,3\n", "f.csv", program)
    let got = try program.run(
      "import", "framework", path, "--id", "ict", "--version", "1", "--title", "Example",
      "--licence", "none", "--quiet")
    #expect(got.status == 1 && got.error.contains("send it whole"), "\(got)")
    let written = ImportTests.read(path + ".rejected")
    #expect(written.contains("line 2: Skill cloud is \"cloud\""), "\(written)")
    try ImportTests.end(program)
  }

  @Test func `JSON Lines in UTF-16 are read, and a list without events is nothing to do`() throws {
    let program = try ImportTests.started()
    let path = program.folder + "/utf16.jsonl"
    var bytes: [UInt8] = [0xFF, 0xFE]
    for unit in Self.line("prefecture-1", "heta").utf16 {
      bytes += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let got = try program.run("record", path)
    #expect(got.status == 0 && got.out.contains("1 recorded (1 events)"), "\(got)")
    #expect(got.error.contains("UTF-16"), "\(got)")
    let none = try ImportTests.write("[]\n", "none.json", program)
    let empty = try program.run("record", none)
    #expect(empty.status == 0 && empty.out.contains("0 recorded"), "\(empty)")
    try ImportTests.end(program)
  }
}

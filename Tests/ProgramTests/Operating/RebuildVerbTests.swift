import Foundation
import Testing

/// `rebuild` and `digest` as an auditor runs them: exit status, words, and what they leave behind.
struct RebuildVerbTests {
  private func filled() throws -> Program {
    let program = try Sayings.serve()
    _ = program.terminate()
    return program
  }

  private func tree(_ folder: String) throws -> [String] {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return try all.sorted().map { name in
      let found = try FileManager.default.attributesOfItem(atPath: folder + "/" + name)
      return "\(name) \(found[.modificationDate] ?? "") \(found[.size] ?? "") "
        + "\(found[.systemFileNumber] ?? "")"
    }
  }

  @Test func `Views that were recorded are compared, and stay`() throws {
    let program = try filled()
    let data = program.folder + "/data"
    for _ in 0..<2 {
      let said = try program.run("rebuild", "--data", data)
      #expect(said.status == 0, "\(said)")
      #expect(said.out.contains("equal to the views in use, key for key"), "\(said)")
      #expect(said.out.hasSuffix("the views in use stay\n"), "\(said)")
    }
    let replaced = try program.run("rebuild", "--data", data, "--replace")
    #expect(replaced.status == 0 && replaced.out.contains("are in use now"), "\(replaced)")
    // From here on what is in use is a rebuild.
    let again = try program.run("rebuild", "--data", data)
    #expect(again.status == 3, "\(again)")
    #expect(
      again.out.contains("not compared: those in use were computed by a rebuild too"), "\(again)")
    try program.end()
  }

  @Test func `A registry without an event is rebuilt too`() throws {
    let program = try Program()
    try program.serve()
    _ = program.terminate()
    for more in [["--check"], [], ["--replace"], ["--check"]] {
      let said = try program.run(["rebuild", "--data", program.folder + "/data"] + more)
      #expect(said.status == 0, "\(said)")
      #expect(said.out.contains("rebuilt 0 events"), "\(said)")
      #expect(said.out.contains("equal to the views in use"), "\(said)")
    }
    try program.end()
  }

  @Test func `A copy is not compared with itself, with an exit status of its own`() throws {
    let program = try filled()
    let (data, copy) = (program.folder + "/data", program.folder + "/copy")
    for name in ["", ".key"] {
      try FileManager.default.copyItem(atPath: data + name, toPath: copy + name)
    }
    let before = try tree(copy)
    let checked = try program.run("rebuild", "--data", copy, "--check")
    #expect(checked.status == 3, "\(checked)")
    #expect(checked.out.contains("not compared: their folder was copied or moved"), "\(checked)")
    #expect(checked.out.hasSuffix("nothing was written\n"))
    #expect(try tree(copy) == before)
    let first = try program.run("rebuild", "--data", copy)
    #expect(first.status == 3 && first.out.contains("are in use now"), "\(first)")
    // Nor is what a start computed from the copy.
    let second = try program.run("rebuild", "--data", copy)
    #expect(second.status == 3 && second.out.contains("computed by a rebuild too"), "\(second)")
    #expect(try program.run("rebuild", "--data", data, "--check").status == 0)
    try program.end()
  }

  @Test func `A check writes nothing, and neither does a digest`() throws {
    let program = try filled()
    let data = program.folder + "/data"
    let before = try tree(program.folder)
    let checked = try program.run("rebuild", "--data", data, "--check")
    #expect(checked.status == 0 && checked.out.hasSuffix("nothing was written\n"), "\(checked)")
    let digest = try program.run("digest", "--data", data)
    #expect(digest.status == 0, "\(digest)")
    #expect(try tree(program.folder) == before)
    let (moved, scratch) = (program.folder + "/elsewhere", program.folder + "/scratch")
    for name in ["", ".key"] {
      try FileManager.default.copyItem(atPath: data + name, toPath: moved + name)
    }
    try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
    let copied = try program.run("digest", "--data", moved, "--scratch", scratch)
    #expect(copied.out == digest.out, "the same log has the same digest, wherever it is")
    #expect(try tree(scratch).isEmpty)
    #expect(digest.out.contains(/^[0-9a-f]{64}  events, \d+\n/), "\(digest)")
    #expect(digest.out.contains(/\n[0-9a-f]{64}  all, as of \d+ events\n$/), "\(digest)")
    for wrong in [["--check", "--replace"], ["--check", "--scratch", "/nowhere/at/all"]] {
      let said = try program.run(["rebuild", "--data", data] + wrong)
      #expect(said.status == 2 && !said.error.isEmpty, "\(said)")
    }
    let nothing = try program.run("rebuild", "--data", program.folder + "/nothing", "--check")
    #expect(nothing.status == 2 && nothing.error.contains("There is no registry"), "\(nothing)")
    #expect(!FileManager.default.fileExists(atPath: program.folder + "/nothing"))
    try program.end()
  }

  @Test func `A digest at a position is the one of then, and later events change it`() throws {
    let program = try filled()
    let data = program.folder + "/data"
    func digest(_ more: String...) throws -> String {
      try program.run(["digest", "--data", data] + more).out
    }
    let then = try digest()
    let events = try #require(then.firstMatch(of: /events, (\d+)/)).1
    try program.serve()
    let said = try Sayings.record(
      """
      {"stream":"organisation/late","effective":"2020-01-01","organisation":{"registered":{"name":"L"}}}

      """, program)
    #expect(said.status == 0)
    _ = program.terminate()
    #expect(try digest("--at-position", String(events)) == then)
    let now = try digest().split(separator: "\n")
    let before = then.split(separator: "\n")
    #expect(now.count == before.count && now.first != before.first && now.last != before.last)
    try program.end()
  }
}

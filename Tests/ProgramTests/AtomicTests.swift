import Foundation
import Messages
import Registry
import Testing

/// A file that is recorded whole or not at all.
struct AtomicTests {
  /// A line of a framework of a thousand skills, about 123 kB.
  private static func framework(_ key: Int) -> String {
    let skills = (0..<1000).map {
      #"{"code":"s\#($0)","title":"\#(String(repeating: "x", count: 110))","levels":3}"#
    }
    return #"{"stream":"framework/f\#(key)","effective":"2022-01-01","framework":{"published":"#
      + #"{"title":"t","version":"1","skills":[\#(skills.joined(separator: ","))]}}}"#
  }

  @Test func `What is more than one request takes is said before anything is sent`() async throws {
    let program = try Program()
    try program.serve()
    let client = try await program.connect()
    _ = try await ProgramTests.record(ProgramTests.established, client)
    let path = program.folder + "/many.jsonl"
    try Data((0..<40).map(Self.framework).joined(separator: "\n").utf8)
      .write(to: URL(fileURLWithPath: path))
    let atomic = try program.run("record", path, "--atomic")
    #expect(atomic.status == 2, "\(atomic)")
    #expect(
      atomic.error.contains("--atomic takes at most 4194296 bytes of events, and these 40 take"),
      "\(atomic.error)")
    #expect(atomic.error.contains("nothing was sent"), "\(atomic.error)")
    #expect(try program.run("history", "framework/f0").status == 1)
    try Data((0..<20).map(Self.framework).joined(separator: "\n").utf8)
      .write(to: URL(fileURLWithPath: path))
    let fits = try program.run("record", path, "--atomic", "--quiet")
    #expect(fits.status == 0 && fits.out.contains("20 recorded"), "\(fits)")
    let help = try program.run("record", "--help").out
    #expect(help.contains("4 MiB") && help.contains("1000 events"))
    await client.close()
    #expect(program.terminate() == 0)
    try program.end()
  }
}

import Foundation
import Testing

/// Days are the registry's, wherever the program and whoever asks it are.
struct RegistryDayTests {
  private static func established(_ zone: String) -> String {
    """
    {"stream":"registry/ki","effective":"2015-01-01","registry":{"established":{"jurisdiction":"ki","time_zone":"\(zone)","identifier_schemes":["pn"]}}}
    {"stream":"organisation/min","effective":"2015-01-01","organisation":{"registered":{"name":"Ministry"}}}
    {"stream":"officer/a","effective":"2019-01-01","officer":{"registered":{"posting":{"organisation":"min"}}},"personal":{"name":"A","identifiers":[{"scheme":"pn","value":"1"}]}}
    {"stream":"officer/b","effective":"2019-01-01","officer":{"registered":{"posting":{"organisation":"min"}}},"personal":{"name":"B","identifiers":[{"scheme":"pn","value":"2"}]}}

    """
  }

  private func record(_ program: Program, _ zone: String) throws -> (status: Int32, out: String) {
    let file = program.folder + "/lines.jsonl"
    try Self.established(zone).write(toFile: file, atomically: true, encoding: .utf8)
    let said = try program.run("record", file)
    return (said.status, said.out)
  }

  private func today(_ zone: String) throws -> String {
    let format = DateFormatter()
    format.calendar = Calendar(identifier: .gregorian)
    format.locale = Locale(identifier: "en_US_POSIX")
    let found = try #require(TimeZone(identifier: zone))
    format.timeZone = found
    format.dateFormat = "yyyy-MM-dd"
    return format.string(from: Date())
  }

  /// The day begins 26 hours earlier in the one zone than in the other: it is never the same day.
  @Test(arguments: [("Pacific/Kiritimati", "Etc/GMT+12"), ("Etc/GMT+12", "Pacific/Kiritimati")])
  func `Where no day is named the registry's is taken, not the machine's`(
    zone: String, machine: String
  ) throws {
    let program = try Program()
    try program.serve()
    #expect(try record(program, zone).status == 0)
    program.environment["TZ"] = machine
    let paper = program.folder + "/lines.jsonl"
    let changes: [(arguments: [String], stream: String)] = [
      (["submit", paper, "--officer", "pn:1", "--yes"], "submission"),
      (["merge", "pn:2", "pn:1", "--reason", "dup", "--yes"], "officer"),
      (["unmerge", "b", "--reason", "two", "--yes"], "officer"),
    ]
    for (arguments, kind) in changes {
      let before = try today(zone)
      let said = try program.run(arguments)
      let after = try today(zone)
      #expect(said.status == 0, "\(arguments): \(said)")
      let last = try program.run("log", "--kind", kind).out.split(separator: "\n").last ?? ""
      #expect(
        last.contains("  \(before)  ") || last.contains("  \(after)  "), "\(arguments): \(last)")
      #expect(try !last.contains("  \(today(machine))  "), "\(arguments): \(last)")
    }
    _ = program.terminate()
    try program.end()
  }

  @Test func `A time zone that does not exist is refused, and nothing begins with it`() throws {
    let program = try Program()
    try program.serve()
    let said = try record(program, "Pacific/Kiritimatti")
    #expect(said.status == 1)
    #expect(
      said.out.contains(
        "line 1: REJECTED (no_such_reference) There is no time zone Pacific/Kiritimatti: give one"),
      "\(said)")
    #expect(try program.run("status").out.contains("not established"))
    #expect(try record(program, "Pacific/Kiritimati").status == 0)
    _ = program.terminate()
    try program.end()
  }
}

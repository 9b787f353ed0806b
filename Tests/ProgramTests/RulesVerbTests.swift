import Foundation
import Testing

/// The verbs that tell the rules of the build, without a server.
struct RulesVerbTests {
  @Test func `A rule in words is printed as events say it, and in words that can be read again`()
    throws
  {
    let program = try Program()
    let words = "under moict and not (grade J or cadre ict), posted on 2025-12-01"
    let said = try program.run("rule", words)
    #expect(said.status == 0)
    #expect(
      said.out == """
        {"posted_on":"2025-12-01","steps":[{"organisation":"moict"},{"grade":"J"},\
        {"cadre":"ict"},{"any_of":2},{"negated":true},{"all_of":2}]}
        \(words)

        """)
    // What an event holds is read as well, and printed in words.
    let json = String(said.out.prefix { $0 != "\n" })
    #expect(try program.run("rule", json).out == said.out)
    let loose = try program.run("rule", #"{"steps":[{"grade":"J"},{"cadre":"ict"}]}"#)
    #expect(loose.status == 2)
    #expect(loose.error.contains("2 choices stand side by side"))
    let wrong = try program.run("rule", "under moict and")
    #expect(wrong.status == 2)
    #expect(wrong.error.hasPrefix("ujuzi: The rule ends after `and`: "))
    try program.end()
  }

  @Test func `The life cycles that are printed are those in Protos`() throws {
    let program = try Program()
    let committed = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Protos/LIFECYCLES.md")
    let said = try program.run("life-cycles")
    #expect(said.status == 0)
    #expect(try said.out == String(contentsOf: committed, encoding: .utf8))
    let one = try program.run("life-cycles", "duty")
    #expect(said.out.contains(one.out))
    #expect(try program.run("life-cycles", "duties").status == 1)
    try program.end()
  }
}

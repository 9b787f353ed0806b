import Foundation
import Messages
import Registry
import Testing

@testable import Imports

/// Frameworks and crosswalks from files.
struct FrameworkFileTests {
  static func file(_ text: String) throws -> FrameworkFile { try FrameworkFile(Array(text.utf8)) }

  static let published = FrameworkPublished(title: "T", version: "1", licence: "CC BY 4.0")

  static func said(_ changes: FrameworkChanges) -> [String] {
    changes.changes.map { change in
      switch change.event {
      case .success(let event): event.name
      case .failure(let rejection): rejection.code.rawValue
      }
    }
  }

  /// The state after the events of a file's changes.
  static func state(_ changes: FrameworkChanges, after state: Framework? = nil) -> Framework? {
    var state = state.map(StreamState.framework)
    for (at, change) in changes.changes.enumerated() {
      guard case .success(let event) = change.event else { continue }
      let proposal = Proposal(
        eventID: EventID(high: 1, low: UInt64(at)), stream: StreamID("framework/f")!,
        effective: Day("2022-01-01")!, body: .framework(event))
      state = StreamState.evolve(state, by: StreamEvent(proposal, at: UInt64(at)))
    }
    guard case .framework(let framework)? = state else { return nil }
    return framework
  }

  static func sample(_ name: String) throws -> FrameworkFile {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let url = root.appendingPathComponent("Tools/samples/" + name)
    return try FrameworkFile(Array(try Data(contentsOf: url)))
  }

  @Test func `DigComp 2 2 ships with its areas, competences, levels, licence and source`() throws {
    let file = try Self.sample("digcomp-2.2.csv")
    #expect(file.problems.isEmpty)
    #expect(file.rows.count == 21)
    #expect(file.rows.allSatisfy { $0.skill.levels == 8 })
    #expect(Set(file.rows.map(\.skill.area)).count == 5)
    #expect(
      [3, 6, 4, 4, 4]
        == (1...5).map { area in file.rows.count { $0.skill.code.text.hasPrefix("\(area).") } })
    #expect(file.about["licence"]?.contains("CC BY 4.0") == true)
    #expect(file.about["source"]?.contains("JRC128415") == true)
    #expect(file.about["version"] == "2.2")
  }

  @Test func `Of UNESCO's framework only the three domains ship`() throws {
    let file = try Self.sample("unesco-2022.csv")
    #expect(
      file.rows.map(\.skill.title) == [
        "Digital planning and design", "Data use and governance",
        "Digital management and execution",
      ])
    #expect(file.about["licence"] != nil && file.about["source"] != nil)
  }

  @Test func `A framework that is there gets only what changed`() throws {
    let first = try Self.file("code,title,levels,area\na,A,3,x\nb,B,,x\nc,C,2,\n")
    let published = FrameworkChanges(first, published: Self.published, in: nil)
    #expect(Self.said(published) == ["published"])
    let known = try #require(Self.state(published))
    #expect(Self.said(FrameworkChanges(first, published: Self.published, in: known)).isEmpty)
    let second = try Self.file(
      "code,title,levels,area,replaced_by\na,A,3,x,\nb,B,,x,d\nd,D,,x,\n")
    let changes = FrameworkChanges(
      second, published: Self.published, in: known, allowed: .deprecation)
    #expect(Self.said(changes) == ["skill_added", "skill_replaced", "skill_deprecated"])
    let after = try #require(Self.state(changes, after: known))
    #expect(Self.said(FrameworkChanges(second, published: Self.published, in: after)).isEmpty)
  }

  @Test func `A skill that changed its meaning, and another version, are rejected`() throws {
    let first = try Self.file("code,title\na,A\n")
    let known = Self.state(FrameworkChanges(first, published: Self.published, in: nil))
    let other = try Self.file("code,title\na,Another\n")
    #expect(
      Self.said(FrameworkChanges(other, published: Self.published, in: known)) == ["inconsistent"])
    var next = Self.published
    next.version = "2"
    #expect(Self.said(FrameworkChanges(first, published: next, in: known)) == ["inconsistent"])
  }

  @Test func `A file with bad rows publishes nothing, and deprecates nothing`() throws {
    let bad = try Self.file("code,title,levels\na,A,3\na,A again,3\nb!,B,3\nc,C,21\n,D,1\n")
    #expect(bad.problems.map(\.line).sorted() == [3, 4, 5, 6])
    #expect(
      !Self.said(FrameworkChanges(bad, published: Self.published, in: nil)).contains("published"))
    let known = Self.state(
      FrameworkChanges(
        try Self.file("code,title,levels\na,A,3\nz,Z,1\n"), published: Self.published, in: nil))
    #expect(
      !Self.said(FrameworkChanges(bad, published: Self.published, in: known))
        .contains("skill_deprecated"))
  }

  @Test func `JSON says the same as a CSV`() throws {
    let csv = try Self.file("# licence: CC\ncode,title,levels,area\n1.1,A,8,x\n2,B,,\n")
    let skills = #"[{"code":"1.1","title":"A","levels":8,"area":"x"},{"code":2,"title":"B"}]"#
    for text in [skills, "{\"licence\":\"CC\",\"skills\":\(skills)}"] {
      #expect(try Self.file(text).rows.map(\.skill) == csv.rows.map(\.skill))
    }
    #expect(csv.about["licence"] == "CC")
    #expect(throws: FileFormatFailure.self) { try Self.file("{\"skills\":1}") }
    #expect(throws: FileFormatFailure.self) { try Self.file("[") }
    #expect(throws: FileFormatFailure.self) { try Self.file("a,b\n1,2\n") }
  }

  @Test func `Rows of two skills are one crosswalk, or none of them is`() throws {
    let file = try CrosswalkFile(
      TextDecoder(
        Array(
          """
          skill,relation,other_framework,other_skill,level,other_level
          a,broad,f,x,1,1
          b,exact,f,y,,
          a,broad,f,x,2,1
          c,close,f,z,1,1
          c,narrow,f,z,2,2
          d,nearly,f,z,,
          b,exact,f,y,,
          e,exact,f,x,1,
          """.utf8)), from: Identifier("own")!)
    #expect(file.entries.map(\.crosswalk.skill.text) == ["a"])
    #expect(file.entries[0].crosswalk.levels.map(\.otherLevel) == [1, 1])
    #expect(file.problems.map(\.line) == [3, 5, 6, 7, 8, 9])
  }

  @Test func `Skills that lead back to themselves refuse the whole file`() throws {
    func entries(_ rows: String) throws -> Int {
      let head = "skill,relation,other_framework,other_skill\n"
      return try CrosswalkFile(TextDecoder(Array((head + rows).utf8)), from: Identifier("own")!)
        .entries.count
    }
    for ring in [
      "a,broad,own,b\nb,broad,own,c\nc,broad,own,a\n",
      "a,broad,own,b\na,narrow,own,c\nb,broad,own,c\n",
      "a,exact,own,a\n",
    ] {
      #expect(throws: FileFormatFailure.self) { try entries("x,exact,f,y\n" + ring) }
    }
    // Another framework's skill of that code is another, and two ways up are no ring.
    #expect(try entries("a,broad,f,b\nb,broad,f,a\na,exact,f,a\n") == 3)
    #expect(try entries("a,broad,own,b\na,broad,own,c\nb,broad,own,d\nc,broad,own,d\n") == 4)
    #expect(try entries("a,exact,own,b\nb,close,own,a\n") == 2)
    // However long the way is, it is gone once.
    let long = (0..<20_000).map { "s\($0),broad,own,s\($0 + 1)\n" }.joined()
    #expect(try entries(long) == 20_000)
  }
}

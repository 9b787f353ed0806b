import Messages
import Registry
import Testing

@testable import Imports

/// Frameworks under the heads and members that their publishers give them. The skills are made up.
struct PublishedFrameworkTests {
  typealias Base = FrameworkFileTests

  static func skills(_ text: String) throws -> [Skill] { try Base.file(text).rows.map(\.skill) }

  static func skill(_ code: String, _ title: String, _ levels: UInt32 = 0, _ area: String = "")
    -> Skill
  {
    Skill(code: Identifier(code)!, title: title, levels: levels, area: area)
  }

  @Test func `ESCO's own columns are read, and the last part of a URI is the code`() throws {
    let file = try Base.file(
      """
      conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,status,description
      KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/0a0a-11,skill,cross-sector,do example work,"one
      two",released,"Doing ""it"", at length"
      KnowledgeSkillCompetence,http://data.europa.eu/esco/skill/0a0a-12,skill,,know examples,,released,

      """)
    #expect(
      file.rows.map(\.skill) == [
        Self.skill("0a0a-11", "do example work"), Self.skill("0a0a-12", "know examples"),
      ])
    #expect(file.notes.contains { $0.hasPrefix("2 codes are URIs") })
    #expect(file.notes.contains { $0.contains("altlabels") || $0.contains("altLabels") })
  }

  @Test func `A name given to a column that no skill of a JSON file has is refused`() throws {
    let text = #"[{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]"#
    func skills(_ map: [String: String]) throws -> [Skill] {
      try FrameworkFile(Array(text.utf8), map: map).rows.map(\.skill)
    }
    #expect(try skills(["title": "Label"]) == [Self.skill("a", "A"), Self.skill("b", "B")])
    let failure = try #require(throws: FileFormatFailure.self) { try skills(["area": "labl"]) }
    #expect(failure.sentence.contains("--map area=labl"), "\(failure.sentence)")
    #expect(failure.sentence.contains("code, label"), "\(failure.sentence)")
  }

  @Test func `Titles of which there is none in the language asked for are counted`() throws {
    let text = """
      {"skills": [{"code": "a", "title": {"sv": "Ett", "en": "One"}}, {"code": "b", "title": {"sv": "Två"}},
                  {"code": "c", "title": [{"@language": "sv", "@value": "Tre"}]}, {"code": "d", "title": "Four"}]}
      """
    let file = try FrameworkFile(Array(text.utf8), language: "en")
    #expect(file.rows.map(\.skill.title) == ["One", "Två", "Tre", "Four"])
    #expect(file.notes == ["2 titles have no text in en: that in sv was taken"])
    #expect(try FrameworkFile(Array(text.utf8), language: "sv").notes == [])
  }

  @Test func `Two URIs with one last part are one code twice`() throws {
    let file = try Base.file("uri,title\nhttp://a/1,A\nhttp://b/1,B\n")
    #expect(file.problems.map(\.problem.code) == [.alreadyTaken])
  }

  @Test func `SFIA's levels are counted from a list, from objects, from a map and from columns`()
    throws
  {
    let expected = [Self.skill("EXMP", "Examples", 7, "Strategy")]
    for levels in [
      "[6, 7]", "[{\"level\": 6, \"description\": \"x\"}, {\"level\": 7}]",
      "{\"6\": \"x\", \"7\": \"y\"}", "7", "\"7\"", "\"6-7\"", "[\"Level 6\", \"Level 7\"]",
    ] {
      #expect(
        try Self.skills(
          "[{\"code\":\"EXMP\",\"title\":\"Examples\",\"category\":\"Strategy\",\"levels\":\(levels)}]"
        )
          == expected, "\(levels)")
    }
    let csv = """
      Code,URL,Skill,Category,Overall description,Level 5 description,Level 6 description,Level 7 description
      EXMP,https://x,Examples,Strategy,All of it,,does it,does it more

      """
    #expect(try Self.skills(csv) == expected)
    #expect(try Self.skills("code,title,levels,area\nEXMP,Examples,6-7,Strategy\n") == expected)
    // Names without numbers are counted.
    #expect(
      try Self.skills("[{\"code\":\"e\",\"title\":\"E\",\"levels\":[\"basic\",\"advanced\"]}]")
        == [Self.skill("e", "E", 2)])
  }

  @Test(arguments: ["true", "\"some\"", "21", "[1, 21]", "[[1]]", "[1, \"two\"]", "-1"])
  func `Levels that are none are refused`(levels: String) throws {
    let file = try Base.file("[{\"code\":\"e\",\"title\":\"E\",\"levels\":\(levels)}]")
    #expect(file.rows.isEmpty == (levels != "[[1]]"))
    if levels != "[[1]]" { #expect(file.problems.map(\.problem.field) == ["levels"]) }
  }

  @Test func `Of texts in several languages one is taken`() throws {
    let maps = """
      [{"id": "1.1", "area_id": 1, "name": {"sv": null, "en": "Searching", "fr": "Chercher"}},
       {"id": "1.2", "area_id": 1, "name": {"fr": "Juger"}}]
      """
    #expect(
      try Self.skills(maps) == [
        Self.skill("1.1", "Searching", 0, "1"), Self.skill("1.2", "Juger", 0, "1"),
      ])
    let french = try FrameworkFile(Array(maps.utf8), language: "fr")
    #expect(french.rows.map(\.skill.title) == ["Chercher", "Juger"])
    let byCode =
      "{\"1.1\": {\"en\": \"Searching\"}, \"1.2\": \"Judging\", \"1.3\": {\"title\": \"Keeping\"}}"
    #expect(try Self.skills(byCode).map(\.title) == ["Searching", "Judging", "Keeping"])
    let linked = """
      {"@graph": [{"@type": "ceasn:CompetencyFramework", "@id": "https://x/1"},
       {"@type": "ceasn:Competency", "ceasn:codedNotation": "EX.1",
        "ceasn:competencyText": [{"@language": "fr", "@value": "Non"}, {"@language": "en", "@value": "Yes"}]}]}
      """
    #expect(try Self.skills(linked) == [Self.skill("EX.1", "Yes")])
    let items = """
      {"CFDocument": {"title": "Example", "version": "1"},
       "CFItems": [{"identifier": "9f0c", "humanCodingScheme": "EX.1", "fullStatement": "Do it"}]}
      """
    let file = try Base.file(items)
    #expect(file.rows.map(\.skill) == [Self.skill("EX.1", "Do it")])
    #expect(file.about["title"] == "Example" && file.about["version"] == "1")
  }

  @Test func `What a publisher calls a column can be said`() throws {
    let text = Array("Ref;What it is;Rank\na;A;3\n".utf8)
    #expect(throws: FileFormatFailure.self) { try FrameworkFile(text) }
    let file = try FrameworkFile(
      text, map: ["code": "Ref", "title": "what it is", "levels": "Rank"])
    #expect(file.rows.map(\.skill) == [Self.skill("a", "A", 3)])
    #expect(throws: FileFormatFailure.self) { try FrameworkFile(text, map: ["codes": "Ref"]) }
    #expect(throws: FileFormatFailure.self) { try FrameworkFile(text, map: ["code": "No"]) }
  }

  @Test func `Skills that replace each other in a ring refuse the whole file`() throws {
    let head = "code,title,replaced_by\n"
    #expect(throws: FileFormatFailure.self) {
      try Base.file(head + "a,A,b\nb,B,c\nc,C,a\nd,D,\n")
    }
    #expect(throws: FileFormatFailure.self) { try Base.file(head + "a,A,a\n") }
    #expect(try Base.file(head + "a,A,c\nb,B,c\nc,C,\n").rows.count == 3)
  }

  static func numbered(_ numbers: ClosedRange<Int>) -> String {
    "code,title,levels\n" + numbers.map { "s\($0),Example skill \($0),3\n" }.joined()
  }

  static func published(_ text: String) throws -> Framework {
    try #require(
      Base.state(FrameworkChanges(try Base.file(text), published: Base.published, in: nil)))
  }

  static func changes(
    _ text: String, in known: Framework, history: [Proposal] = [],
    allowed: FrameworkChanges.Allowed = []
  ) throws -> FrameworkChanges {
    FrameworkChanges(
      try Base.file(text), published: Base.published, in: known, history: history,
      allowed: allowed)
  }

  @Test func `More than a tenth is deprecated only where it is asked for`() throws {
    let known = try Self.published(Self.numbered(1...100))
    func said(_ text: String, _ allowed: FrameworkChanges.Allowed = []) throws -> [String] {
      Base.said(try Self.changes(text, in: known, allowed: allowed))
    }
    #expect(try said(Self.numbered(11...100)) == Array(repeating: "skill_deprecated", count: 10))
    #expect(try said(Self.numbered(12...100)) == ["inconsistent"])
    #expect(
      try said(Self.numbered(12...100), .deprecation)
        == Array(repeating: "skill_deprecated", count: 11))
    // A file of what is new only, and one without a row.
    #expect(try said(Self.numbered(101...101)) == ["skill_added", "inconsistent"])
    #expect(try said("code,title,levels\n") == ["inconsistent"])
    #expect(try said(Self.numbered(1...100)).isEmpty)
  }

  /// The events of changes, as a history has them.
  static func history(_ changes: FrameworkChanges, from: UInt64 = 1) -> [Proposal] {
    changes.changes.enumerated().compactMap { at, change in
      guard case .success(let event) = change.event else { return nil }
      return Proposal(
        eventID: EventID(high: from, low: UInt64(at)), stream: StreamID("framework/f")!,
        effective: Day("2022-01-01")!, body: .framework(event))
    }
  }

  @Test func `What is in the file again is current again`() throws {
    let whole = "code,title\na,A\nb,B\n"
    let first = FrameworkChanges(try Base.file(whole), published: Base.published, in: nil)
    let known = try #require(Base.state(first))
    let fewer = try Self.changes("code,title\na,A\n", in: known, allowed: .deprecation)
    let after = try #require(Base.state(fewer, after: known))
    let history = Self.history(first) + Self.history(fewer, from: 2)
    let again = try Self.changes(whole, in: after, history: history)
    #expect(again.changes.isEmpty)
    #expect(again.mended.map(\.corrects) == [history[1].eventID])
    guard case .voided? = again.mended.first?.body else {
      Issue.record("the deprecation was not voided")
      return
    }
  }

  @Test func `A title is corrected where it was said first, and only where that is asked for`()
    throws
  {
    let first = FrameworkChanges(
      try Base.file("code,title,levels\na,Infromation,3\nb,B,3\n"), published: Base.published,
      in: nil)
    let known = try #require(Base.state(first))
    let added = try Self.changes("code,title,levels\na,Infromation,3\nb,B,3\nc,Cc,1\n", in: known)
    let after = try #require(Base.state(added, after: known))
    let history = Self.history(first) + Self.history(added, from: 2)
    let mended = "code,title,levels\na,Information,3\nb,B,4\nc,C,1\n"
    #expect(
      Base.said(try Self.changes(mended, in: after, history: history))
        == ["inconsistent", "inconsistent", "inconsistent"])
    let corrected = try Self.changes(mended, in: after, history: history, allowed: .correction)
    #expect(corrected.changes.isEmpty)
    #expect(corrected.mended.map(\.corrects) == history.map(\.eventID))
    guard case .framework(.published(let given))? = corrected.mended.first?.body else {
      Issue.record("what was published was not corrected")
      return
    }
    #expect(given.skills == [Self.skill("a", "Information", 3), Self.skill("b", "B", 4)])
  }

  @Test func `What does not fit into one event comes after it, one by one`() throws {
    let file = try Base.file(Self.numbered(1...2500))
    let whole = FrameworkChanges(file, published: Base.published, in: nil)
    #expect(Base.said(whole).first == "published")
    #expect(Base.said(whole).dropFirst().allSatisfy { $0 == "skill_added" })
    #expect(whole.changes.count == 501)
    #expect(Base.state(whole)?.skills.count == 2500)
    let short = FrameworkChanges(file, published: Base.published, in: nil) { event in
      if case .published(let given) = event { given.skills.count <= 777 } else { true }
    }
    #expect(short.changes.count == 1 + 2500 - 777)
    #expect(Base.state(short)?.skills.count == 2500)
    // What fitted before is one event, as it was.
    let small = FrameworkChanges(
      try Base.file(Self.numbered(1...2000)), published: Base.published, in: nil)
    #expect(small.changes.count == 1)
  }
}

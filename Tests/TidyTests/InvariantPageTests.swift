import Foundation
import Testing

/// The page of invariants is what the code asserts.
struct InvariantPageTests {
  struct Row: Hashable {
    var type: String
    var name: String
    var sentence: String
  }

  /// Those that the sources declare.
  static let declared: [Row] = TidyTests.swiftFiles(under: "Sources").flatMap { _, text in
    text.matches(of: /enum Invariant: String, CaseIterable \{\n(?<cases>(?s:.*?))\n  \}/).flatMap {
      found in
      let types = text[..<found.range.lowerBound].matches(
        of: /(?m)^(?:(?:package|public|final|private) )*(?:extension|struct|class) ([\w.]+)/)
      let type = types.last.map { String($0.output.1) } ?? ""
      return found.output.cases.matches(of: /case (\w+) =\s*"([^"]+)"/).map {
        Row(type: type, name: String($0.output.1), sentence: String($0.output.2))
      }
    }
  }

  /// Those that the page lists, each with the files that assert and break it.
  static func listed() throws -> [(row: Row, source: String, test: String)] {
    let page = TidyTests.root.appendingPathComponent("Sources/ujuzi/ujuzi.docc/Invariants.md")
    return try String(contentsOf: page, encoding: .utf8).matches(
      of: /(?m)^\| `([\w.]+)\.(\w+)` \| (.+?) \| `(.+?)` \| `(.+?)` \|$/
    ).map {
      let (_, type, name, sentence, source, test) = $0.output
      return (
        Row(type: String(type), name: String(name), sentence: String(sentence)), String(source),
        String(test)
      )
    }
  }

  @Test func `Each invariant stands in the page, in the code's words`() throws {
    let listed = try Self.listed().map(\.row)
    #expect(Self.declared.count >= 25 && Set(Self.declared).count == Self.declared.count)
    #expect(Set(listed) == Set(Self.declared) && listed.count == Self.declared.count)
  }

  @Test func `Each invariant is asserted and broken where the page says so`() throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: TidyTests.root.appendingPathComponent(path), encoding: .utf8)
    }
    for (row, source, test) in try Self.listed() {
      let asserted = try text("Sources/" + source)
      #expect(
        asserted.contains("violations()") || asserted.contains("Invariant.\(row.name)"),
        "\(source) does not assert \(row.type).\(row.name)")
      let broken = try text("Tests/" + test).replacing(/<[\w, ]+>/, with: "")
      #expect(
        broken.contains("@Test(arguments: \(row.type).Invariant.allCases)")
          && broken.contains("case .\(row.name):"),
        "\(test) does not break \(row.type).\(row.name)")
    }
  }
}

import Foundation
import Testing

/// The glossary names what there is, and what a reader meets first is in it.
@Suite struct GlossaryTests {
  /// How often the sources name a type before it belongs to the vocabulary.
  static let filesMin = 16
  /// Named in many files without a meaning of their own in this trade.
  static let plain: Set<String> = [
    "CLIError", "CSV", "Limits", "Output", "RawFields", "ServerOptions", "TextOutput",
  ]

  static func glossary() throws -> String {
    let page = TidyTests.root.appendingPathComponent("Sources/ujuzi/ujuzi.docc/Glossary.md")
    return try String(contentsOf: page, encoding: .utf8)
  }

  /// The types that the page names.
  static func named() throws -> Set<String> {
    let page = try glossary()
    return Set(page.matches(of: /`([A-Z]\w+)`/).map { String($0.output.1) })
  }

  /// Types by name, declared at the top of a file, each with the target that declares it first.
  static func declared(generated: Bool) -> [(name: String, target: String, isPublic: Bool)] {
    let files = TidyTests.swiftFiles(under: "Sources")
    return files.filter { generated || !$0.path.contains("Generated/") }.flatMap { path, text in
      text.matches(
        of:
          /(?m)^(?<access>(?:(?:public|package|final|indirect|nonisolated|private|fileprivate|open) )*)(?:struct|class|enum|protocol|actor|typealias) (?<name>\w+)/
      ).map {
        (
          String($0.output.name), String(path.prefix { $0 != "/" }),
          $0.output.access.contains("public")
        )
      }
    }
  }

  @Test func `Each type that the glossary names exists`() throws {
    let known = Set(Self.declared(generated: true).map(\.name))
    for name in try Self.named().sorted() {
      #expect(known.contains(name), "The glossary names \(name): rename it there, or take it out.")
    }
  }

  @Test func `Each public type that an agency links is in the glossary`() throws {
    let named = try Self.named()
    for type in Self.declared(generated: false) where type.isPublic && type.target == "UjuziClient"
    {
      #expect(named.contains(type.name), "Say in Glossary.md what \(type.name) is.")
    }
  }

  @Test func `Each type that many files name is in the glossary`() throws {
    let named = try Self.named()
    let words = TidyTests.swiftFiles(under: "Sources").filter { !$0.path.contains("Generated/") }
      .map { file in Set(file.text.split { !($0.isLetter || $0.isNumber || $0 == "_") }) }
    for name in Set(Self.declared(generated: false).map(\.name)).subtracting(Self.plain).sorted() {
      let files = words.count { $0.contains(Substring(name)) }
      #expect(
        files < Self.filesMin || named.contains(name),
        "\(files) files name \(name): say in Glossary.md what it is.")
    }
  }

  @Test func `Each part of the glossary is in the order of the alphabet`() throws {
    for part in try Self.glossary().split(separator: "\n## ").dropFirst() {
      let terms = part.matches(of: /(?m)^- \*\*(.+?)\*\*/).map { $0.output.1.lowercased() }
      #expect(terms == terms.sorted(), "\(part.prefix { $0 != "\n" })")
    }
  }
}

import Foundation
import Testing

/// Every status that we send says its rule, and every rule that a client says is in the one list.
struct StatusRuleTests {
  /// The names that `ProtocolRule` lists.
  private static func known() throws -> Set<String> {
    let list = TidyTests.root.appendingPathComponent("Sources/Failures/ProtocolRule.swift")
    let text = try String(contentsOf: list, encoding: .utf8)
    return Set(
      text.matches(of: /(?m)^  case (\w+)(?: = "(\w+)")?$/).map {
        String($0.output.2 ?? $0.output.1)
      })
  }

  /// What stands between the brackets that open at an index.
  private static func arguments(_ text: String, from open: String.Index) -> Substring {
    var depth = 0
    for index in text[open...].indices {
      if text[index] == "(" { depth += 1 }
      if text[index] == ")" { depth -= 1 }
      if depth == 0 { return text[open...index] }
    }
    return text[open...]
  }

  @Test func `Every status in the sources says its rule, by the list`() {
    for target in ["Wire", "Server", "UjuziClient"] {
      for (path, text) in TidyTests.swiftFiles(under: "Sources/" + target) {
        #expect(
          text.firstMatch(of: /rule: "\w/) == nil, "\(target)/\(path) spells a rule by hand")
        for found in text.matches(of: /(?:CallStatus|self\.init)(\()\s*\.(\w+)/) {
          guard let open = text[found.range].firstIndex(of: "(") else { continue }
          let said = Self.arguments(text, from: open)
          // OK is no refusal; what a client has read says what it says.
          guard found.output.2 != "ok", said.contains("\"") || said.contains("sentence") else {
            continue
          }
          #expect(said.contains("rule:"), "\(target)/\(path): \(said)")
        }
      }
    }
    for (path, text) in TidyTests.swiftFiles(under: "Sources/Queries") {
      #expect(text.firstMatch(of: /rule: "\w/) == nil, "Queries/\(path) spells a rule by hand")
    }
  }

  @Test func `Every rule that the clients in other languages say is in the list`() throws {
    let known = try Self.known()
    #expect(known.count > 60 && known.contains("drain"))
    let patterns = [
      #/WireError\("(\w+)"/#, #/rule="(\w+)"/#, #/_too_long\("(\w+)"/#,
      #/(?:WireException|refuse)\(\s*"(\w+)"/#, #/rule = "(\w+)"/#, #/unavailable\(\s*"(\w+)"/#,
      #/StatusException\.of\(\s*Code\.\w+, "(\w+)"/#, #/lose\(Code\.\w+, "(\w+)"/#,
    ]
    var said: Set<String> = []
    for folder in ["Tools/python/ujuzi", "Tools/java/src/ujuzi"] {
      let base = TidyTests.root.appendingPathComponent(folder)
      for name in try FileManager.default.contentsOfDirectory(atPath: base.path)
      where name.hasSuffix(".py") || name.hasSuffix(".java") {
        let text = try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
        for pattern in patterns {
          for found in text.matches(of: pattern) {
            said.insert(String(found.output.1))
            #expect(known.contains(String(found.output.1)), "\(folder)/\(name)")
          }
        }
      }
    }
    #expect(said.isSuperset(of: ["answer_shape", "connection_lost", "tls", "stream_credit"]))
  }
}

import Foundation
import Testing

/// How it is held that a new event, kind of stream, state, status or table is thought of wherever
/// one is told from another: a `switch` over an enum's cases lists them all, so that the compiler
/// names every place that lacks the new one.
///
/// A `default:` stands where the values are open: numbers, bytes, texts, errors, pairs of optionals.
/// Over an enum it needs `// any other: what they are`, in its line or above it.
@Suite struct DefaultTests {
  /// The places in a text where an enum's other cases are passed over in silence, by their line.
  static func silent(_ text: String) -> [Int] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.indices.filter { at in
      guard isDefault(lines[at]), !hasReason(lines, at) else { return false }
      let indent = lines[at].prefix { $0 == " " }
      // Back to its `switch`: what stands in a case is indented, swift-format sees to that.
      for line in lines[..<at].reversed() where line.prefix(while: { $0 == " " }) == indent {
        if line.contains("switch "), line.hasSuffix("{") { return false }
        if line.dropFirst(indent.count).prefixMatch(of: /case (\((_, )*)?\.[a-z`]/) != nil {
          return true
        }
      }
      return false
    }.map { $0 + 1 }
  }

  private static func isDefault(_ line: Substring) -> Bool {
    let code = line.drop { $0 == " " }
    return code.hasPrefix("default:") || code.hasPrefix("case _:")
  }

  private static func hasReason(_ lines: [Substring], _ at: Int) -> Bool {
    if lines[at].contains("// any other: ") { return true }
    for line in lines[..<at].reversed() {
      let code = line.drop { $0 == " " }
      guard code.hasPrefix("//") else { return false }
      if code.contains("// any other: ") { return true }
    }
    return false
  }

  @Test func `No other case of an enum is passed over in silence`() {
    for (path, text) in TidyTests.swiftFiles(under: "Sources") where !path.contains("Generated/") {
      for line in Self.silent(text) {
        Issue.record("\(path):\(line): list the other cases, or say what any other is.")
      }
    }
  }

  /// By what is excused, so that it stays rare: one more wants a look at it.
  @Test func `Few cases of an enum are passed over with a reason`() {
    let count = TidyTests.swiftFiles(under: "Sources").reduce(0) {
      $0 + $1.text.split(separator: "// any other: ", omittingEmptySubsequences: false).count - 1
    }
    #expect(count <= 2)
  }

  @Test(arguments: [
    """
      switch body {
      case .officer(.mergedInto(let given)): [given.officer]
      default: []
      }
    """,
    """
      switch (status, event) {
      case (.active, .registered(let given)):
        switch given.name {
        case "a": true
        default: false
        }
      default: false
      }
    """,
    """
      return switch event {
      case (_, .closed): 1
      case _: 2
      }
    """,
    """
      switch code {
      case 0: 1
      case .five: 2
      // What there is besides.
      default: 3
      }
    """,
  ])
  func `A switch that passes over cases is found`(text: String) {
    #expect(Self.silent(text).count == 1)
  }

  @Test(arguments: [
    """
      switch code {
      case ENOENT: .absent
      default: .other
      }
    """,
    """
      switch character {
      case "(", ")": end()
      case _ where character.isWhitespace: end()
      default: word.append(character)
      }
    """,
    """
      switch kind {
      case .officer:
        switch key {
        case 0..<7: 1
        default: 2
        }
      case .cohort: 3
      }
    """,
    """
      switch wire {
      case .varint: number()
      // any other: groups
      default: throw refused
      }
    """,
    "counts[row, default: 0] += 1",
  ])
  func `A switch over what is open is not`(text: String) { #expect(Self.silent(text).isEmpty) }
}

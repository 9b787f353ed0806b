import EventSamples
import Foundation
import Testing

@testable import Registry

/// The tables that are shipped are data, generated from the rules by these tests:
/// `UJUZI_LIFECYCLES=write swift test --filter LifeCycleTableTests`, then once more without.
@Suite struct LifeCycleTableTests {
  static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let page = root.appendingPathComponent("Protos/LIFECYCLES.md")
  static let source = root.appendingPathComponent(
    "Sources/Registry/LifeCycles/LifeCycleTable+Generated.swift")

  /// Whether a file is what it should be; with the environment's leave it is made so.
  static func hold(_ text: String, at file: URL) throws {
    if ProcessInfo.processInfo.environment["UJUZI_LIFECYCLES"] == "write" {
      return try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(
      try String(contentsOf: file, encoding: .utf8) == text,
      "run: UJUZI_LIFECYCLES=write swift test --filter LifeCycleTableTests, and read what changed")
  }

  @Test func `The tables that are shipped are those by which events are judged`() throws {
    try Self.hold(LifeCycleTable.generatedFile, at: Self.source)
    for kind in StreamKind.allCases {
      #expect(LifeCycleTable.of(kind) == .computed(kind), "\(kind.rawValue)")
    }
  }

  @Test func `The documented life cycles are those of the code`() throws {
    try Self.hold(
      LifeCycleTable.document(StreamKind.allCases.map(LifeCycleTable.computed)), at: Self.page)
    #expect(try LifeCycleTable.document == String(contentsOf: Self.page, encoding: .utf8))
  }

  @Test(arguments: StreamKind.allCases)
  func `A table has a cell for each event and state, and something begins the stream`(
    kind: StreamKind
  ) {
    let table = LifeCycleTable.of(kind)
    #expect(table.kind == kind)
    #expect(Set(table.rows.map(\.event)).count == table.rows.count)
    for row in table.rows { #expect(row.cells.count == table.states.count + 1) }
    #expect(
      table.rows.contains {
        if case .to = $0.cells[0] { true } else { false }
      })
    // Every state can be come to.
    for state in table.states {
      #expect(
        table.rows.contains { row in
          row.cells.contains(.to(state)) || row.cells.contains(.vouched(state))
        }, "\(kind.rawValue) never comes to \(state)")
    }
  }
}

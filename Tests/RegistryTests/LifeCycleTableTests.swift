import Foundation
import Testing

@testable import Registry

@Suite struct LifeCycleTableTests {
  static let committed = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Protos/LIFECYCLES.md")

  @Test func `The documented life cycles are those of the code`() throws {
    let text = try String(contentsOf: Self.committed, encoding: .utf8)
    #expect(
      text == LifeCycleTable.document,
      "run: ujuzi life-cycles > Protos/LIFECYCLES.md, and read what changed")
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

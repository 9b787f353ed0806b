import Files
import Foundation
import Imports

/// What the heads of the sheets in a folder mean, as somebody once said with --map: a small CSV
/// beside the sheets, for whoever sends the next one from there.
struct ColumnMemory {
  static let name = ".ujuzi-columns.csv"
  private static let lengthMax = 64 << 10

  let path: String
  private(set) var entries: [(head: String, column: String)] = []

  /// - Throws: `CLIError` for a file that cannot be read as such.
  init(besideSheet sheet: String) throws {
    let folder = (sheet as NSString).deletingLastPathComponent
    path = (folder.isEmpty ? "." : folder) + "/" + Self.name
    guard try File.isThere(path) else { return }
    let file = try File(path)
    defer { file.close() }
    let bytes = try file.read(at: 0, count: Self.lengthMax + 1)
    guard bytes.count <= Self.lengthMax else {
      throw CLIError("\(path) has more than \(Self.lengthMax) bytes: it is not what --map wrote.")
    }
    let known = Set(SheetKind.allCases.flatMap { $0.columns.map(\.name) })
    for row in try CSV(bytes).rows.dropFirst() {
      guard row.cells.count == 2, known.contains(row.cells[1]) else {
        throw CLIError("Line \(row.line) of \(path) is no head and column: mend it, or remove it.")
      }
      entries.append((row.cells[0], row.cells[1]))
    }
  }

  /// Remembers heads, in the place of what they meant before.
  mutating func keep(_ said: [(head: String, column: String)]) throws {
    let before = entries.map { $0.head + "=" + $0.column }
    for (head, column) in said {
      entries.removeAll { $0.head == head }
      entries.append((head, column))
    }
    guard entries.map({ $0.head + "=" + $0.column }) != before else { return }
    let lines = [["head", "column"]] + entries.map { [$0.head, $0.column] }
    let text = lines.map { CSV.line($0) + "\n" }.joined()
    do {
      try File.replace(path, with: Array(text.utf8), mode: 0o644)
    } catch {
      Output.error("note: --map is not remembered in \(path): \(error.reason)")
    }
  }
}

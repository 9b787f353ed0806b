import Foundation
import LMDB
import Testing

/// Cursors that go forward by steps and leaps.
struct CursorTests {
  private func withTable(
    _ keys: [String], _ body: (Snapshot, Table) throws -> Void
  ) throws {
    let folder = NSTemporaryDirectory() + "ujuzi-cursor-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let environment = try Environment(
      folder: folder, options: .init(tables: ["t"], mapSizeBytes: 1 << 24))
    let table = environment.table("t")
    try environment.write { transaction in
      for key in keys { try transaction.put(table, Array(key.utf8), [1]) }
    }
    try environment.read { try body($0, table) }
    environment.close()
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  @Test func `It goes to the first key that is not less, steps on, and ends`() throws {
    try withTable(["a", "c", "e"]) { snapshot, table in
      try snapshot.withCursors([table]) { cursors in
        let cursor = cursors[0]
        #expect(cursor.isAtEnd)
        try cursor.seek(bytes("b"))
        #expect(cursor.part(after: []) == bytes("c"))
        try cursor.step()
        #expect(cursor.part(after: []) == bytes("e"))
        try cursor.step()
        #expect(cursor.isAtEnd)
        #expect(cursor.part(after: []) == nil)
        #expect(cursor.read { _, _ in true } == nil)
        try cursor.seek([])
        #expect(cursor.part(after: []) == bytes("a"))
        try cursor.seek(bytes("f"))
        #expect(cursor.isAtEnd)
      }
    }
  }

  @Test func `A part ends at a zero byte, and stands before a longer one`() throws {
    try withTable(["p\0ab\0x", "p\0abc\0x", "q\0ab"]) { snapshot, table in
      try snapshot.withCursors([table, table]) { cursors in
        let (cursor, prefix) = (cursors[0], bytes("p\0"))
        try cursor.seek(prefix)
        #expect(cursor.part(after: prefix) == bytes("ab"))
        #expect(cursor.compare(part: bytes("ab"), after: prefix) == 0)
        #expect(cursor.compare(part: bytes("abc"), after: prefix)! < 0)
        #expect(cursor.compare(part: bytes("a"), after: prefix)! > 0)
        #expect(cursor.compare(part: bytes("b"), after: prefix)! < 0)
        try cursor.seek(bytes("q"))
        // Beyond the prefix there is no part.
        #expect(cursor.compare(part: bytes("ab"), after: prefix) == nil)
        #expect(cursor.part(after: bytes("q\0")) == bytes("ab"))
        // The other one has not moved.
        #expect(cursors[1].isAtEnd)
      }
    }
  }
}

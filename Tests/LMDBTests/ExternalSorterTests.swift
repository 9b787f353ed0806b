import Foundation
import Testing

@testable import LMDB

/// Rows sorted in memory and through files, and appended to a table.
struct ExternalSorterTests {
  private func withFolder(_ body: (String) throws -> Void) throws {
    let folder = try EnvironmentTests.folder()
    try body(folder)
    try FileManager.default.removeItem(atPath: folder)
  }

  /// Keys that share beginnings, repeat, end in zeroes and differ in length.
  private func rows(_ random: inout Seeded) -> [[UInt8]: [UInt8]] {
    var rows: [[UInt8]: [UInt8]] = [:]
    for _ in 0..<Int.random(in: 1...600, using: &random) {
      var key = Array("shared/".utf8.prefix(Int.random(in: 1...7, using: &random)))
      for _ in 0..<Int.random(in: 0...20, using: &random) {
        key.append(UInt8.random(in: 0...3, using: &random))
      }
      rows[key] = Array(repeating: 7, count: Int.random(in: 0...900, using: &random))
    }
    return rows
  }

  @Test(arguments: [(1, 1), (2, 1), (3, 4000), (4, 4000), (5, 1 << 20)] as [(UInt64, Int)])
  func `Runs read as one are all rows in the order of their keys, each once`(
    seed: UInt64, memoryMax: Int
  ) throws {
    try withFolder { folder in
      var random = Seeded(state: seed)
      let rows = rows(&random)
      var runs: [SortedRun] = []
      for _ in 0..<3 {
        let part = ExternalSorter(folder: folder, memoryMax: memoryMax)
        for (key, value) in rows.shuffled(using: &random) { try part.add(key, value) }
        runs += part.finish()
      }
      let environment = try Environment(
        folder: folder, options: .init(tables: ["t"], mapSizeBytes: 64 << 20))
      let table = environment.table("t")
      try environment.append(to: table, runs)
      var read: [[UInt8]] = []
      try environment.read { snapshot in
        try snapshot.scan(table, from: .first) { key, value in
          let bytes = key.withUnsafeBytes { Array($0) }
          read.append(bytes)
          #expect(value.byteCount == rows[bytes]?.count, "seed \(seed)")
          return true
        }
      }
      #expect(read == rows.keys.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
      environment.close()
    }
  }

  @Test func `What a buffer spilled to a file comes back with what it still had in memory`() throws
  {
    try withFolder { folder in
      let shelf = SpillBuffer(folder: folder)
      for (at, key) in ["b", "a", "d", "c"].enumerated() {
        shelf.add(Array(key.utf8), [UInt8(at)].span.bytes)
        if at == 1 { try shelf.spill() }
      }
      var read: [String] = []
      try shelf.take().forEach { key, value in
        read.append(
          String(decoding: key.withUnsafeBytes { Array($0) }, as: UTF8.self)
            + "\(value.withUnsafeBytes { $0[0] })")
      }
      #expect(read == ["a1", "b0", "c3", "d2"])
    }
  }
}

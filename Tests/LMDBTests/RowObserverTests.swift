import Foundation
import Testing

@testable import LMDB

/// Keeps the rows that it was told of.
private final class Followed: RowObserver {
  var rows: [[UInt8]: [UInt8]] = [:]
  var problems: [String] = []
  var told = 0

  func removed(_ table: Table, _ key: RawSpan, _ value: RawSpan) {
    told += 1
    let (key, value) = (key.withUnsafeBytes { Array($0) }, value.withUnsafeBytes { Array($0) })
    if rows.removeValue(forKey: key) != value { problems.append("\(key) was something else") }
  }

  func added(_ table: Table, _ key: RawSpan, _ value: RawSpan) {
    told += 1
    let (key, value) = (key.withUnsafeBytes { Array($0) }, value.withUnsafeBytes { Array($0) })
    if rows.updateValue(value, forKey: key) != nil { problems.append("\(key) was there") }
  }
}

struct RowObserverTests {
  @Test(arguments: 0..<8 as Range<UInt64>)
  func `Whoever follows the changes knows every row`(seed: UInt64) throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let environment = try Environment(
      folder: folder,
      options: .init(
        tables: ["t"], durability: seed % 2 == 0 ? .synced : .unsynced, mapSizeBytes: 64 << 20,
        rowChecksums: seed % 4 < 2))
    defer { environment.close() }
    let table = environment.table("t")
    let followed = Followed()
    var random = Seeded(state: seed)
    for _ in 0..<10 {
      try environment.write { (transaction: WriteTransaction) throws in
        transaction.observer = followed
        for _ in 0..<40 {
          func key() -> [UInt8] { Array("k\(Int.random(in: 0..<150, using: &random))".utf8) }
          func value() -> [UInt8] {
            // Of lengths that stay, change, and pass a page.
            let length = [3, 3, 3, 40, 500, 3000, 9000].randomElement(using: &random)!
            return [UInt8](repeating: UInt8.random(in: 0...2, using: &random), count: length)
          }
          switch Int.random(in: 0..<4, using: &random) {
          case 0: try transaction.delete(table, key())
          case 1: try transaction.put(table, key(), value())
          default:
            let rows = RowBuffer()
            for _ in 0..<Int.random(in: 0..<20, using: &random) { rows.add(key(), value()) }
            try transaction.put(table, rows)
          }
        }
      }
      var rows: [[UInt8]: [UInt8]] = [:]
      try environment.read { (snapshot: Snapshot) throws in
        try snapshot.scan(table, from: .first) { key, value in
          rows[key.withUnsafeBytes { Array($0) }] = value.withUnsafeBytes { Array($0) }
          return true
        }
      }
      #expect(rows == followed.rows, "seed \(seed)")
      #expect(followed.problems == [], "seed \(seed)")
    }
    let file = try DataFile(folder: folder)
    defer { file.close() }
    let report = try PageWalk.run(file, options: .init(rowChecksums: seed % 4 < 2))
    #expect(report.damages == [] && report.rows == followed.rows.count, "seed \(seed)")
  }

  @Test func `What changes nothing is not told`() throws {
    try EnvironmentTests.with { environment, plain, _ in
      let followed = Followed()
      try environment.write { (transaction: WriteTransaction) throws in
        transaction.observer = followed
        try transaction.put(plain, [1], [7])
        try transaction.put(plain, [1], [7])
        try transaction.delete(plain, [2])
      }
      #expect(followed.told == 1)
      try environment.write { (transaction: WriteTransaction) throws in
        transaction.observer = followed
        try transaction.appending(to: plain) {
          try $0.append(([3] as [UInt8]).span.bytes, ([4] as [UInt8]).span.bytes)
        }
      }
      #expect(followed.rows == [[1]: [7], [3]: [4]])
    }
  }
}

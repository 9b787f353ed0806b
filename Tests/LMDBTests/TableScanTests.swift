import Foundation
import Testing

@testable import LMDB

/// A table that is read slice by slice while it changes.
struct TableScanTests {
  @Test(arguments: 0..<6 as Range<UInt64>)
  func `Slices of one page each read every row once`(seed: UInt64) throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let environment = try Environment(
      folder: folder,
      options: .init(
        tables: ["t"], durability: seed % 2 == 0 ? .synced : .unsynced, mapSizeBytes: 64 << 20,
        rowChecksums: true))
    defer { environment.close() }
    let table = environment.table("t")
    var random = Seeded(state: seed)
    let fixed = (0..<700).map { Array("k\($0)".utf8) }
    try environment.write { (transaction: WriteTransaction) throws in
      for key in fixed {
        let length = Int.random(in: 0..<12, using: &random) == 0 ? 6000 : 60
        try transaction.put(table, key, [UInt8](repeating: 1, count: length))
      }
    }
    let scan = try TableScan(environment, table)
    defer { scan.end() }
    var seen: [[UInt8]] = []
    var from: [UInt8]?
    var slices = 0
    repeat {
      let slice = try scan.slice(from: from, isTimeUp: { true }) { name, key, value in
        #expect(name == "t")
        seen.append(key.withUnsafeBytes { Array($0) })
      }
      #expect(slice.damages == [], "seed \(seed)")
      from = slice.end
      slices += 1
      // Rows come and go between the others, and pages are written anew.
      try environment.write { (transaction: WriteTransaction) throws in
        for _ in 0..<20 {
          let key = Array("k\(Int.random(in: 0..<700, using: &random))x".utf8)
          if Bool.random(using: &random) {
            try transaction.put(table, key, [2])
          } else {
            try transaction.delete(table, key)
          }
        }
      }
    } while from != nil && slices < 10_000
    let own = seen.filter { $0.last != UInt8(ascii: "x") }
    #expect(own == fixed.sorted { $0.lexicographicallyPrecedes($1) }, "seed \(seed)")
    #expect(slices > 10)
  }

  @Test func `A page that is in use and listed as free is told by the slice that reads it`() throws
  {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let environment = try Environment(folder: folder, options: SampleFile.options)
    defer { environment.close() }
    let plain = environment.table("plain")
    for round in 0..<6 {
      try environment.write { (transaction: WriteTransaction) throws in
        for key in 0..<200 {
          try transaction.put(plain, Array("k\(key)".utf8), [UInt8(round), 1, 2, 3])
        }
      }
    }
    let whole = try TableScan(environment, plain)
    let slice = try whole.slice(from: nil, isTimeUp: { false }) { _, _, _ in }
    whole.end()
    #expect(slice.damages == [] && slice.rows == 200 && slice.entries == 200)
    // The list of free pages, one of which is made a page of the table.
    let path = folder + "/data.mdb"
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    let meta = try SampleFile.meta(bytes)
    let leaf = try #require(
      (2...Int(meta.lastPage)).first { page in
        let at = page * meta.pageBytes
        let keys = Array("k100".utf8)
        return bytes[(at + 10)...].starts(with: [2, 0])
          && !bytes[at..<(at + meta.pageBytes)].indices.filter {
            bytes[$0...].starts(with: keys + [5, 1, 2, 3])
          }.isEmpty
      })
    let list = try #require(Self.freeList(bytes, meta))
    withUnsafeBytes(of: UInt64(leaf)) { bytes.replaceSubrange(list..<(list + 8), with: $0) }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
    let scan = try TableScan(environment, plain)
    defer { scan.end() }
    let found = try scan.slice(from: nil, isTimeUp: { false }) { _, _, _ in }
    #expect(found.damages.contains { $0.page == UInt64(leaf) && $0.problem == "it is used twice" })
  }

  /// Where the first page stands that the newest list of free pages names.
  private static func freeList(_ bytes: [UInt8], _ meta: MetaPage) -> Int? {
    guard meta.free.root != PageLayout.noPage, meta.free.depth == 1 else { return nil }
    let page = Int(meta.free.root) * meta.pageBytes
    func u16(_ at: Int) -> Int { Int(bytes[at]) | Int(bytes[at + 1]) << 8 }
    let count = (u16(page + 12) - PageLayout.headerLength) / 2
    for at in 0..<count {
      let node = page + u16(page + PageLayout.headerLength + 2 * at)
      let value = node + PageLayout.nodeLength + 8
      if bytes[value] > 0 { return value + 8 }
    }
    return nil
  }

  @Test func `An empty table has no rows, and a damaged one is named`() throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let environment = try Environment(folder: folder, options: SampleFile.options)
    defer { environment.close() }
    let (empty, plain) = (environment.table("empty"), environment.table("plain"))
    try environment.write { try $0.put(plain, [1], [10, 20, 30, 40, 50, 60, 70, 80]) }
    let none = try TableScan(environment, empty)
    let slice = try none.slice(from: nil, isTimeUp: { false }) { _, _, _ in }
    #expect(slice.end == nil && slice.rows == 0)
    none.end()
    // Behind the store's back, as a disk does it.
    let path = folder + "/data.mdb"
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    for at in bytes.indices.dropLast(8)
    where bytes[at] == 10 && bytes[at...].starts(with: [10, 20, 30, 40, 50, 60, 70, 80]) {
      bytes[at] ^= 4
    }
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.write(contentsOf: Data(bytes))
    try handle.close()
    let scan = try TableScan(environment, plain)
    defer { scan.end() }
    let found = try scan.slice(from: nil, isTimeUp: { false }) { _, _, _ in }
    #expect(found.damages.map(\.rows) == ["key \"\\x01\""])
  }
}

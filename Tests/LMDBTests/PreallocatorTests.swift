import Foundation
import Testing

@testable import LMDB

/// What is written through its map is written only where blocks were taken before.
struct PreallocatorTests {
  @Test(arguments: 0..<12 as Range<UInt64>)
  func `A transaction writes to no new page that it took no room for`(seed: UInt64) throws {
    var random = Seeded(state: seed)
    let folder = try EnvironmentTests.folder()
    let environment = try Environment(
      folder: folder,
      options: .init(
        tables: ["rows", "appended"], durability: .unsynced, mapSizeBytes: 256 << 20))
    let (table, appended) = (environment.table("rows"), environment.table("appended"))
    var known: [[UInt8]] = []
    var last: UInt64 = 0
    func bytes(_ range: ClosedRange<Int>) -> [UInt8] {
      (0..<Int.random(in: range, using: &random)).map { _ in
        UInt8(truncatingIfNeeded: random.next())
      }
    }
    func value() -> [UInt8] {
      Int.random(in: 0..<40, using: &random) == 0 ? bytes(1500...9000) : bytes(0...300)
    }
    for round in 0..<12 {
      let room = try environment.write { transaction in
        #expect(transaction.room != nil, "the file system cannot take blocks ahead")
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
          for _ in 0..<Int.random(in: 1...300, using: &random) {
            let key = bytes(1...200)
            known.append(key)
            try transaction.put(table, key, value())
          }
        case 1:
          known.shuffle(using: &random)
          for key in known.prefix(Int.random(in: 0...known.count, using: &random)) {
            try transaction.delete(table, key)
          }
        case 2:
          try transaction.appending(to: appended) { appender in
            for _ in 0..<Int.random(in: 1...1500, using: &random) {
              last += 1
              let key = withUnsafeBytes(of: last.bigEndian) { Array($0) }
              let value = value()
              try appender.append(key.span.bytes, value.span.bytes)
            }
          }
        default:
          let rows = RowBuffer()
          for _ in 0..<Int.random(in: 1...1500, using: &random) {
            let key = bytes(1...40)
            known.append(key)
            rows.add(key, value())
          }
          try transaction.put(table, rows)
        }
        return (transaction.firstFreePage + transaction.claimedPages) * transaction.pageBytes
      }
      let used = environment.usage.usedBytes
      #expect(used <= room, "round \(round), seed \(seed)")
      let data = try FileManager.default.attributesOfItem(atPath: folder + "/data.mdb")
      #expect(data[.size] as? Int ?? 0 >= used, "round \(round), seed \(seed)")
    }
    let used = environment.usage.usedBytes
    environment.close()
    let closed = try FileManager.default.attributesOfItem(atPath: folder + "/data.mdb")
    #expect(closed[.size] as? Int == used)
    try FileManager.default.removeItem(atPath: folder)
  }
}

import Foundation
import Testing

@testable import LMDB

/// The zeroes behind the last page of a synced file never cost a page.
struct ZeroFillAheadTests {
  static func open(_ folder: String) throws -> Environment {
    try Environment(
      folder: folder, options: .init(tables: [], integerTables: ["rows"], mapSizeBytes: 64 << 20))
  }

  static func sizeBytes(_ folder: String) throws -> Int {
    let data = try FileManager.default.attributesOfItem(atPath: folder + "/data.mdb")
    return try #require(data[.size] as? Int)
  }

  static func row(_ at: UInt64, _ length: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(truncatingIfNeeded: at &* 7 &+ 1), count: length)
  }

  @Test func `Whatever a transaction takes, every row is found, also after a crash`() throws {
    let folder = try EnvironmentTests.folder()
    var environment = try Self.open(folder)
    var lengths: [Int] = []
    // The last two take more than there is, and what is left of the map.
    for (round, (count, length)) in [
      (1, 10), (300, 300), (4, 200_000), (2000, 300), (40, 200_000), (180, 200_000),
    ].enumerated() {
      let table = environment.table("rows")
      try environment.write { transaction in
        for _ in 0..<count {
          try transaction.append(
            table, UInt64(lengths.count), Self.row(UInt64(lengths.count), length))
          lengths.append(length)
        }
      }
      let used = environment.usage.usedBytes
      #expect(try Self.sizeBytes(folder) >= used, "round \(round)")
      #expect(try Self.sizeBytes(folder) <= 64 << 20, "round \(round)")
      // As a crash leaves it.
      let copy = try EnvironmentTests.folder()
      try FileManager.default.removeItem(atPath: copy)
      try FileManager.default.copyItem(atPath: folder, toPath: copy)
      let crashed = try Self.open(copy)
      try Self.expect(lengths, in: crashed, "round \(round)")
      crashed.close()
      #expect(try Self.sizeBytes(copy) == used, "round \(round)")
      try FileManager.default.removeItem(atPath: copy)
      if round % 2 == 1 {
        environment.close()
        #expect(try Self.sizeBytes(folder) == used, "round \(round)")
        environment = try Self.open(folder)
      }
    }
    environment.close()
    try FileManager.default.removeItem(atPath: folder)
  }

  private static func expect(
    _ lengths: [Int], in environment: Environment, _ comment: Comment
  ) throws {
    let table = environment.table("rows")
    try environment.read { snapshot in
      #expect(try snapshot.count(table) == lengths.count, comment)
      for (at, length) in lengths.enumerated() {
        let found = try snapshot.get(table, UInt64(at)) { span in
          span.withUnsafeBytes { Array($0) == row(UInt64(at), length) }
        }
        #expect(found == true, comment)
      }
    }
  }

  @Test func `Few small transactions leave the file as long as it was`() throws {
    let folder = try EnvironmentTests.folder()
    let environment = try Self.open(folder)
    let table = environment.table("rows")
    var sizes: Set<Int> = []
    for at in 0..<100 as Range<UInt64> {
      try environment.write { try $0.append(table, at, Self.row(at, 300)) }
      sizes.insert(try Self.sizeBytes(folder))
    }
    #expect(sizes.count == 1)
    environment.close()
    try FileManager.default.removeItem(atPath: folder)
  }
}

import Failures
import Foundation
import Testing

@testable import LMDB

/// Tables, snapshots and failures, on real files.
struct EnvironmentTests {
  static func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "lmdb-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  static func with(
    _ map: Int = 64 << 20, _ body: (Environment, Table, Table) throws -> Void
  ) throws {
    let folder = try folder()
    let environment = try Environment(
      folder: folder,
      options: .init(tables: ["plain"], integerTables: ["numbers"], mapSizeBytes: map))
    try body(environment, environment.table("plain"), environment.table("numbers"))
    environment.close()
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `A disk of more bytes than a number holds has as many as it holds`() {
    #expect(FileSystem.bytes(3, of: 4096) == 12_288)
    #expect(FileSystem.bytes(.max, of: 4096) == .max, "a network's file system may say so")
    #expect(FileSystem.bytes(0, of: 4096) == 0)
  }

  @Test func `What was committed is read, what was dropped is not`() throws {
    struct Dropped: Error {}
    try Self.with { environment, plain, _ in
      try environment.write { try $0.put(plain, [1], [7]) }
      #expect(throws: Dropped.self) {
        try environment.write { (transaction: WriteTransaction) throws in
          try transaction.put(plain, [2], [8])
          throw Dropped()
        }
      }
      try environment.read { (snapshot: Snapshot) throws in
        #expect(try snapshot.copy(plain, [1]) == [7])
        #expect(try snapshot.copy(plain, [2]) == nil)
        #expect(try snapshot.count(plain) == 1)
      }
    }
  }

  /// LMDB stores into the lock file through a map: a hole of it on a full disk ends the process.
  @Test func `The lock file has no hole`() throws {
    try Self.with { environment, _, _ in
      var figures = stat()
      #expect(stat(environment.folder + "/lock.mdb", &figures) == 0)
      #expect(figures.st_size >= 128 + 64 * 256)
      #expect(Int(figures.st_blocks) * 512 >= Int(figures.st_size))
    }
  }

  @Test func `A reader sees one moment, and the next one when it is renewed`() throws {
    try Self.with { environment, plain, _ in
      let reader = try environment.makeReader()
      let snapshot = try reader.begin()
      try environment.write { try $0.put(plain, [1], [7]) }
      #expect(try snapshot.copy(plain, [1]) == nil)
      reader.rest()
      #expect(try reader.read { try $0.copy(plain, [1]) } == [7])
      reader.end()
    }
  }

  @Test func `A key that no table can have is not found`() throws {
    try Self.with { environment, plain, _ in
      try environment.read { (snapshot: Snapshot) throws in
        #expect(try snapshot.copy(plain, []) == nil)
        #expect(try snapshot.copy(plain, Array(repeating: 1, count: 512)) == nil)
      }
    }
  }

  @Test func `A full map is said, loses nothing and lets reading go on`() throws {
    try Self.with(128 << 10) { environment, plain, _ in
      try environment.write { try $0.put(plain, [1], [7]) }
      var kind: StoreFailure.Kind?
      do {
        try environment.write { (transaction: WriteTransaction) throws in
          for at in 0..<200 {
            try transaction.put(plain, [2, UInt8(at)], Array(repeating: 9, count: 4000))
          }
        }
      } catch let failure as StoreFailure {
        kind = failure.kind
        #expect(failure.sentence.contains("--map-size"))
      }
      #expect(kind == .mapFull)
      #expect(try environment.read { try $0.copy(plain, [1]) } == [7])
      #expect(try environment.read { try $0.count(plain) } == 1)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `Scans agree with a sorted dictionary`(seed: UInt64) throws {
    var state = seed &* 6_364_136_223_846_793_005 &+ 1
    func random(_ below: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % below
    }
    try Self.with { environment, plain, _ in
      var model: [[UInt8]: [UInt8]] = [:]
      try environment.write { (transaction: WriteTransaction) throws in
        for _ in 0..<200 {
          let key = (0...random(3)).map { _ in UInt8(random(4)) }
          if random(4) == 0 {
            #expect(try transaction.delete(plain, key) == (model[key] != nil))
            model[key] = nil
          } else {
            let value = [UInt8(random(256))]
            try transaction.put(plain, key, value)
            model[key] = value
          }
        }
      }
      let sorted = model.keys.sorted { $0.lexicographicallyPrecedes($1) }
      try environment.read { (snapshot: Snapshot) throws in
        for prefix in [[], [0], [1, 2], [3, 3, 3]] as [[UInt8]] {
          var found: [[UInt8]] = []
          try snapshot.scan(plain, prefix: prefix) { key, value in
            found.append(key.withUnsafeBytes { Array($0) })
            #expect(value.withUnsafeBytes { Array($0) } == model[found.last!])
            return true
          }
          #expect(found == sorted.filter { $0.starts(with: prefix) }, "seed \(seed)")
        }
        let from = [UInt8(random(4)), UInt8(random(4))]
        var back: [[UInt8]] = []
        try snapshot.scan(plain, from: .key(from), backwards: true) { key, _ in
          back.append(key.withUnsafeBytes { Array($0) })
          return true
        }
        #expect(back == sorted.filter { $0.lexicographicallyPrecedes(from) }.reversed())
      }
    }
  }

  @Test func `Numbers are appended and found in order`() throws {
    try Self.with { environment, _, numbers in
      try environment.write { (transaction: WriteTransaction) throws in
        for at in 0..<300 as Range<UInt64> { try transaction.append(numbers, at, [1]) }
      }
      try environment.read { (snapshot: Snapshot) throws in
        #expect(try snapshot.lastNumber(numbers) == 299)
        var count = 0
        try snapshot.scan(numbers, from: .number(250)) { _, _ in
          count += 1
          return true
        }
        #expect(count == 50)
      }
    }
  }

  @Test func `A copy is whole and opens`() throws {
    try Self.with { environment, plain, _ in
      try environment.write { try $0.put(plain, [1], [7]) }
      let folder = try Self.folder()
      try environment.copy(to: folder)
      let copy = try Environment(
        folder: folder, options: .init(tables: ["plain"], mapSizeBytes: 1 << 20))
      #expect(try copy.read { try $0.copy(copy.table("plain"), [1]) } == [7])
      copy.close()
      try FileManager.default.removeItem(atPath: folder)
    }
  }

  @Test(arguments: [
    (ENOSPC, StoreFailure.Kind.diskFull, true), (EACCES, .permission, false),
    (EROFS, .permission, false), (ENOENT, .notFound, false), (EINVAL, .other(EINVAL), false),
  ])
  func `An error's number becomes what to do`(
    code: Int32, kind: StoreFailure.Kind, mayRetry: Bool
  ) {
    let failure = StoreFailure(code, doing: "testing")
    #expect(failure.kind == kind)
    #expect(failure.mayRetry == mayRetry)
    #expect(failure.sentence.hasPrefix("testing: "))
    #expect(failure.cause == Cause(StoreCode(code: code)))
    #expect(StoreFailure(kind, doing: "testing").cause == nil)
  }
}

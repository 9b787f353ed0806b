import Foundation

@testable import LMDB

/// A small environment with everything that a data file may hold, and its rows by themselves.
struct SampleFile {
  struct Row: Hashable {
    var table: String
    var key: [UInt8]
    var value: [UInt8]
  }

  static let options = Environment.Options(
    tables: ["plain", "empty"], integerTables: ["numbers"], mapSizeBytes: 16 << 20,
    rowChecksums: true)
  static let walkOptions = PageWalk.Options(contiguousTables: ["numbers"])

  var bytes: [UInt8]
  /// What was written, in the order of tables and keys.
  var rows: [Row]

  /// - Parameter rounds: transactions of random changes.
  init(
    seed: UInt64, rounds: Int = 12, durability: Environment.Durability = .synced,
    changesMax: Int = 60
  ) throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var options = Self.options
    options.durability = durability
    let environment = try Environment(folder: folder, options: options)
    let (plain, numbers) = (environment.table("plain"), environment.table("numbers"))
    var random = Seeded(state: seed)
    var expected: [[UInt8]: [UInt8]] = [:]
    var listed: [[UInt8]] = []
    for _ in 0..<rounds {
      try environment.write { (transaction: WriteTransaction) throws in
        for _ in 0..<Int.random(in: 1...changesMax, using: &random) {
          let key = Array("key/\(Int.random(in: 0..<400, using: &random))".utf8)
          // Some are longer than a page.
          let length = Int.random(in: 0..<10, using: &random) == 0 ? 9000 : 200
          let value = (0..<Int.random(in: 0..<length, using: &random)).map { UInt8($0 & 0xFF) }
          switch Int.random(in: 0..<5, using: &random) {
          case 0:
            try transaction.delete(plain, key)
            expected[key] = nil
          case 1:
            try transaction.append(numbers, UInt64(listed.count), value)
            listed.append(value)
          default:
            try transaction.put(plain, key, value)
            expected[key] = value
          }
        }
      }
    }
    environment.close()
    bytes = Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/data.mdb")))
    rows = listed.enumerated().map { at, value in
      Row(table: "numbers", key: withUnsafeBytes(of: UInt64(at)) { Array($0) }, value: value)
    }
    rows += expected.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
      Row(table: "plain", key: $0.key, value: $0.value)
    }
  }

  /// The file's meta page, or why there is none that LMDB may be shown.
  static func meta(_ bytes: [UInt8]) throws -> MetaPage {
    try DataFile.newestMeta(lengthBytes: bytes.count, "sample") { Self.read(bytes, $0, $1) }
  }

  private static func read(
    _ bytes: [UInt8], _ offset: Int, _ into: UnsafeMutableRawBufferPointer
  ) -> Int32 {
    guard offset >= 0, offset + into.count <= bytes.count else { return ENODATA }
    bytes.withUnsafeBytes {
      into.copyMemory(from: .init(rebasing: $0[offset...].prefix(into.count)))
    }
    return 0
  }

  /// What our walk finds in a file of those bytes.
  static func walk(
    _ bytes: [UInt8], options: PageWalk.Options = walkOptions
  ) throws -> (report: PageWalk.Report, rows: [Row]) {
    var rows: [Row] = []
    let walk = PageWalk(
      try meta(bytes), options: options,
      body: { table, key, value in
        rows.append(
          Row(
            table: table, key: key.withUnsafeBytes { Array($0) },
            value: value.withUnsafeBytes { Array($0) }))
      }
    ) { read(bytes, $0, $1) }
    return (try walk.run(), rows)
  }

  /// What LMDB reads from a file of those bytes.
  static func asRead(_ bytes: [UInt8]) throws -> [Row] {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/data.mdb"))
    let environment = try Environment(folder: folder, options: options)
    defer { environment.close() }
    var rows: [Row] = []
    try environment.read { (snapshot: Snapshot) throws in
      for name in ["numbers", "plain"] {
        try snapshot.scan(environment.table(name), from: .first) { key, value in
          rows.append(
            Row(
              table: name, key: key.withUnsafeBytes { Array($0) },
              value: value.withUnsafeBytes { Array($0) }))
          return true
        }
      }
    }
    return rows
  }
}

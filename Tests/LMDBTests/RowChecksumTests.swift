import Foundation
import Testing

@testable import LMDB

/// The checksum behind each value.
struct RowChecksumTests {
  /// RFC 3720, appendix B.4.
  static let vectors: [(name: String, bytes: [UInt8], checksum: UInt32)] = [
    ("zeroes", [UInt8](repeating: 0, count: 32), 0x8A91_36AA),
    ("ones", [UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
    ("up", (0..<32).map { UInt8($0) }, 0x46DD_794E),
    ("down", (0..<32).map { UInt8(31 - $0) }, 0x113F_DB5C),
    (
      "an iSCSI read command",
      [
        0x01, 0xC0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x14, 0, 0, 0, 0, 0, 0x04, 0, 0, 0,
        0, 0x14, 0, 0, 0, 0x18, 0x28, 0, 0, 0, 0, 0, 0, 0, 0x02, 0, 0, 0, 0, 0, 0, 0,
      ], 0xD996_3A56
    ),
  ]

  @Test(arguments: vectors.indices)
  func `CRC32C gives what RFC 3720 says, with the processor's instructions and without`(at: Int) {
    let vector = Self.vectors[at]
    #expect(CRC32C.checksum(vector.bytes.span.bytes) == vector.checksum, "\(vector.name)")
    #expect(CRC32C.checksumByTable(vector.bytes) == vector.checksum, "\(vector.name)")
  }

  @Test func `Both ways agree at every length`() {
    var random = Seeded(state: 7)
    let bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &random) }
    for length in bytes.indices {
      let piece = Array(bytes[..<length])
      #expect(CRC32C.checksum(piece.span.bytes) == CRC32C.checksumByTable(piece))
    }
  }

  private func with(
    checksums: Bool, in folder: String, _ body: (Environment, Table, Table) throws -> Void
  ) throws {
    let environment = try Environment(
      folder: folder,
      options: .init(
        tables: ["plain"], integerTables: ["numbers"], mapSizeBytes: 16 << 20,
        rowChecksums: checksums))
    defer { environment.close() }
    try body(environment, environment.table("plain"), environment.table("numbers"))
  }

  private static let lengths = [0, 1, 7, 8, 100, 2000, 4096, 20_000]

  @Test func `Every way to write a row gives every way to read it its value`() throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let values = Self.lengths.map { [UInt8](repeating: UInt8($0 % 251), count: $0) }
    try with(checksums: true, in: folder) { environment, plain, numbers in
      try environment.write { (transaction: WriteTransaction) throws in
        let rows = RowBuffer()
        for (at, value) in values.enumerated() {
          try transaction.put(plain, [1, UInt8(at)], [9, 9])
          try transaction.put(plain, [1, UInt8(at)], value)
          rows.add([2, UInt8(at)], value)
          try transaction.append(numbers, UInt64(at), value)
        }
        try transaction.put(plain, rows)
        try transaction.appending(to: plain) { appender in
          for (at, value) in values.enumerated() {
            try appender.append([3, UInt8(at)].span.bytes, value.span.bytes)
          }
        }
        // Within the transaction too.
        #expect(try transaction.copy(plain, [1, 3]) == values[3])
      }
      try environment.read { (snapshot: Snapshot) throws in
        for (at, value) in values.enumerated() {
          for first in [UInt8(1), 2, 3] {
            #expect(try snapshot.copy(plain, [first, UInt8(at)]) == value)
          }
          let found = try snapshot.get(numbers, UInt64(at)) { $0.byteCount }
          #expect(found == value.count)
        }
        var seen: [Int] = []
        try snapshot.scan(plain, from: .first) { _, value in
          seen.append(value.byteCount)
          return true
        }
        #expect(seen == Self.lengths + Self.lengths + Self.lengths)
        try snapshot.withCursors([plain]) { cursors in
          try cursors[0].seek([2])
          #expect(cursors[0].read { _, value in value.byteCount } == 0)
          try cursors[0].step()
          #expect(cursors[0].read { _, value in value.byteCount } == 1)
        }
      }
    }
    try with(checksums: false, in: folder) { environment, plain, _ in
      let stored = try environment.read { try $0.copy(plain, [1, 2]) }
      #expect(stored?.count == 7 + 4, "read without, the checksum stands behind the value")
    }
  }

  @Test func `A row without checksums is read as before`() throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try with(checksums: false, in: folder) { environment, plain, _ in
      try environment.write { try $0.put(plain, [1], [1, 2, 3]) }
      #expect(try environment.read { try $0.copy(plain, [1]) } == [1, 2, 3])
    }
    try with(checksums: true, in: folder) { environment, plain, _ in
      #expect(throws: StoreFailure.self) { try environment.read { try $0.copy(plain, [1]) } }
    }
  }

  /// Bits of a stored row and of its checksum, changed behind the store's back.
  @Test func `A changed bit is found by each way to read, which names the row`() throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let value: [UInt8] = [10, 20, 30]
    var stored: [UInt8] = []
    try with(checksums: true, in: folder) { environment, plain, _ in
      try environment.write { try $0.put(plain, Array("officer/a".utf8), value) }
    }
    try with(checksums: false, in: folder) { environment, plain, _ in
      stored = try environment.read { try $0.copy(plain, Array("officer/a".utf8)) } ?? []
    }
    #expect(stored.count == 7)
    for bit in stride(from: 0, to: stored.count * 8, by: 5) {
      var damaged = stored
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      try with(checksums: false, in: folder) { environment, plain, _ in
        try environment.write { try $0.put(plain, Array("officer/a".utf8), damaged) }
      }
      try with(checksums: true, in: folder) { environment, plain, _ in
        let said = StoreFailure(
          .corruptRow(table: "plain", row: "key \"officer/a\""), doing: "reading \(folder)")
        try environment.read { (snapshot: Snapshot) throws in
          #expect(throws: said) { try snapshot.copy(plain, Array("officer/a".utf8)) }
          #expect(throws: said) { try snapshot.scan(plain, from: .first) { _, _ in true } }
          try snapshot.withCursors([plain]) { cursors in
            #expect(throws: said) { try cursors[0].seek([]) }
            #expect(cursors[0].isAtEnd)
          }
        }
      }
    }
  }

  @Test func `A row that was moved to another key or table fails its checksum`() throws {
    let folder = try EnvironmentTests.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var stored: [UInt8] = []
    try with(checksums: true, in: folder) { environment, plain, _ in
      try environment.write { try $0.put(plain, Array("12345678".utf8), [1]) }
    }
    try with(checksums: false, in: folder) { environment, plain, numbers in
      stored = try environment.read { try $0.copy(plain, Array("12345678".utf8)) } ?? []
      try environment.write { (transaction: WriteTransaction) throws in
        try transaction.put(plain, Array("12345679".utf8), stored)
        try transaction.append(numbers, 0x3837_3635_3433_3231, stored)
      }
    }
    try with(checksums: true, in: folder) { environment, plain, numbers in
      try environment.read { (snapshot: Snapshot) throws in
        #expect(try snapshot.copy(plain, Array("12345678".utf8)) == [1])
        #expect(throws: StoreFailure.self) { try snapshot.copy(plain, Array("12345679".utf8)) }
        #expect(throws: StoreFailure.self) {
          try snapshot.get(numbers, 0x3837_3635_3433_3231) { $0.byteCount }
        }
      }
    }
  }

  @Test
  func `A failure names a number as a position, and other keys so that a person can read them`() {
    func failure(_ row: String) -> String {
      StoreFailure(.corruptRow(table: "events", row: row), doing: "reading data/log").sentence
    }
    #expect(
      failure("position 12")
        == "reading data/log: the row of table events at position 12 is damaged: its checksum does "
        + "not match. Restore a backup, or rebuild if these are the views.")
    [UInt8]([0x61, 0x00, 0xFF, 0x22, 0x5C]).withUnsafeBytes {
      #expect(Table.printable($0) == "a\\x00\\xff\\x22\\x5c")
    }
  }
}

import CLMDB

/// CRC32C (Castagnoli; RFC 3720, appendix B.4), by the processor's own instructions where it has
/// them.
public enum CRC32C {
  static let start = UInt32.max

  static func update(_ state: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
    guard let base = bytes.baseAddress else { return state }
    return ujuzi_crc32c(state, base, bytes.count)
  }

  public static func checksum(_ bytes: RawSpan) -> UInt32 {
    bytes.withUnsafeBytes { ~update(start, $0) }
  }

  /// The same without the processor's instructions, for tests.
  static func checksumByTable(_ bytes: [UInt8]) -> UInt32 {
    bytes.withUnsafeBytes { raw in
      guard let base = raw.baseAddress else { return 0 }
      return ~ujuzi_crc32c_by_table(start, base, raw.count)
    }
  }
}

/// The checksum that stands behind each stored value of an environment that has them: of the
/// table's name, the key and the value, so that a row that was moved to another key or table fails
/// it too.
///
/// ```
/// 0       value length
/// value   CRC32C(u8 name length, name, u16 key length, key, value), u32, all little-endian
/// ```
enum RowChecksum {
  static let length = 4

  /// The state after the table's name: the same for each of its rows.
  static func seed(table name: String) -> UInt32 {
    let bytes = [UInt8(truncatingIfNeeded: name.utf8.count)] + Array(name.utf8)
    return bytes.withUnsafeBytes { CRC32C.update(CRC32C.start, $0) }
  }

  static func of(
    _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, seed: UInt32
  ) -> UInt32 {
    let keyLength = UInt16(truncatingIfNeeded: key.count).littleEndian
    var state = withUnsafeBytes(of: keyLength) { CRC32C.update(seed, $0) }
    state = CRC32C.update(state, key)
    return ~CRC32C.update(state, value)
  }

  /// The value of a stored row without its checksum; nil when that does not match.
  static func verified(
    _ key: UnsafeRawBufferPointer, _ stored: UnsafeRawBufferPointer, seed: UInt32
  ) -> UnsafeRawBufferPointer? {
    let count = stored.count - length
    guard count >= 0, let base = stored.baseAddress else { return nil }
    let value = UnsafeRawBufferPointer(start: base, count: count)
    let kept = UInt32(littleEndian: (base + count).loadUnaligned(as: UInt32.self))
    return of(key, value, seed: seed) == kept ? value : nil
  }
}

extension Snapshot {
  /// A row's value without its checksum, where rows have one.
  ///
  /// - Throws: `.corruptRow` when the checksum does not match.
  final func value(
    of table: Table, _ key: UnsafeRawBufferPointer, _ stored: MDB_val
  ) throws(StoreFailure) -> UnsafeRawBufferPointer {
    if isInside(stored) {
      let stored = UnsafeRawBufferPointer(start: stored.mv_data, count: stored.mv_size)
      guard let seed = table.checksumSeed else { return stored }
      if let value = RowChecksum.verified(key, stored, seed: seed) { return value }
    }
    throw StoreFailure(
      .corruptRow(table: table.name, row: table.describe(key: key)), doing: "reading \(folder)")
  }

  /// A key that a cursor is at.
  final func key(
    _ key: MDB_val, of table: Table
  ) throws(StoreFailure) -> UnsafeRawBufferPointer {
    let isWhole = (1...WriteTransaction.keyLengthMax).contains(key.mv_size) && isInside(key)
    guard isWhole, !table.integerKeys || key.mv_size == 8 else {
      throw StoreFailure(
        .corruptRow(table: table.name, row: "a key of \(key.mv_size) bytes"),
        doing: "reading \(folder)")
    }
    return UnsafeRawBufferPointer(start: key.mv_data, count: key.mv_size)
  }

  /// Whether bytes that LMDB lends stand within one page, or within the pages of one long value:
  /// the lengths of a damaged page may reach beyond the file. What a transaction changed itself
  /// stands in memory that is not laid out in pages.
  private func isInside(_ lent: MDB_val) -> Bool {
    if lent.mv_size == 0 || self is WriteTransaction { return true }
    guard let data = lent.mv_data, lent.mv_size <= UInt32.max else { return false }
    let offset = Int(bitPattern: data) & (pageBytes - 1)
    if offset + lent.mv_size <= pageBytes { return true }
    guard offset == PageLayout.headerLength else { return false }
    let pages = (data - offset).loadUnaligned(
      fromByteOffset: PageLayout.pageCountOffset, as: UInt32.self)
    return offset + lent.mv_size <= Int(pages) * pageBytes
  }
}

extension Table {
  /// Bytes that are stored beside a value.
  var trailerLength: Int { checksumSeed == nil ? 0 : RowChecksum.length }

  /// A key for people: a number as a position, printable text as it is, other bytes in hexadecimal.
  func describe(key: UnsafeRawBufferPointer) -> String {
    if integerKeys, key.count == 8 { return "position \(key.loadUnaligned(as: UInt64.self))" }
    return "key \"\(Self.printable(key))\""
  }

  static func printable(_ bytes: UnsafeRawBufferPointer) -> String {
    var text = ""
    for byte in bytes {
      if (0x20..<0x7F).contains(byte), byte != 0x5C, byte != 0x22 {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
      }
    }
    return text
  }
}

extension WriteTransaction {
  /// Stores a value, and its checksum where rows have one, in one descent of the tree: the place is
  /// reserved and filled afterwards.
  ///
  /// - Parameter put: `mdb_put` or `mdb_cursor_put`, with the key, the value and the flags.
  func store(
    _ table: Table, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
    flags: UInt32, by put: (inout MDB_val, inout MDB_val, UInt32) -> Int32
  ) -> Int32 {
    var k = MDB_val(mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
    guard let seed = table.checksumSeed else {
      var v = MDB_val(
        mv_size: value.count, mv_data: UnsafeMutableRawPointer(mutating: value.baseAddress))
      return put(&k, &v, flags)
    }
    var v = MDB_val(mv_size: value.count + RowChecksum.length, mv_data: nil)
    let checksum = RowChecksum.of(key, value, seed: seed)
    let code = put(&k, &v, flags | UInt32(MDB_RESERVE))
    guard code == MDB_SUCCESS, let place = v.mv_data else { return code }
    if let from = value.baseAddress {
      place.copyMemory(from: from, byteCount: value.count)
    }
    withUnsafeBytes(of: checksum.littleEndian) {
      (place + value.count).copyMemory(from: $0.baseAddress!, byteCount: RowChecksum.length)
    }
    return code
  }
}

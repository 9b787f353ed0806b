import Crypto
import LMDB
import Registry

/// Digests of the tables' keys and values, to compare live tables with rebuilt ones.
extension Views {
  public struct Digest: Hashable, Sendable {
    public var table: ViewTable
    public var rows: Int
    public var sha256: [UInt8]
  }

  /// One digest a table: SHA-256 over each row's key and value, each behind its length (u32).
  public func digests(_ snapshot: Snapshot) throws -> [Digest] {
    try ViewTable.allCases.map { table in
      var hash = SHA256()
      var rows = 0
      func add(_ span: RawSpan) {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: UInt32(span.byteCount))
        bytes += span.bytes(0..<span.byteCount)
        hash.update(data: bytes)
      }
      try snapshot.scan(self[table], from: .first) { key, value in
        add(key)
        add(value)
        rows += 1
        return true
      }
      return Digest(table: table, rows: rows, sha256: Array(hash.finalize()))
    }
  }

  /// One digest of all tables' digests, in the order of the tables.
  public static func digest(of tables: [Digest]) -> [UInt8] {
    var hash = SHA256()
    for table in tables { hash.update(data: Array(table.table.rawValue.utf8) + table.sha256) }
    return Array(hash.finalize())
  }
}

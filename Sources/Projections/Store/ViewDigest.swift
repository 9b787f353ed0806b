import Crypto
import LMDB
import Registry

/// Digests of the tables' keys and values, kept with each commit, to compare live tables with
/// rebuilt ones and with what is really there.
extension Views {
  public struct Digest: Hashable, Sendable {
    public var table: ViewTable
    public var rows: Int
    public var sha256: [UInt8]

    init(_ table: ViewTable, _ rows: RowSetDigest) {
      (self.table, self.rows, sha256) = (table, rows.rows, rows.sha256)
    }
  }

  /// One digest a table, as they are kept.
  public func digests(_ snapshot: Snapshot) throws -> [Digest] {
    try ViewTable.allCases.map { Digest($0, try kept($0, snapshot)) }
  }

  /// One digest a table, computed from its rows: takes about a microsecond a row.
  public func recomputedDigests(_ snapshot: Snapshot) throws -> [Digest] {
    try ViewTable.allCases.map { table in
      var digest = RowSetDigest()
      var spreader = LaneExpander()
      var rows = 0
      try snapshot.scan(self[table], from: .first) { key, value in
        spreader.spread(key, value) { digest.add($0) }
        rows += 1
        return rows % 4096 != 0 || !Task.isCancelled
      }
      try Task.checkCancellation()
      return Digest(table, digest)
    }
  }

  /// The digest that is kept of a table; of no rows where there is none.
  func kept(_ table: ViewTable, _ snapshot: Snapshot) throws(StoreFailure) -> RowSetDigest {
    let found = try snapshot.get(digestTable, Array(table.rawValue.utf8)) { RowSetDigest($0) }
    guard let found else { return RowSetDigest() }
    guard let digest = found else {
      throw StoreFailure(
        .corruptRow(table: "digests", row: table.rawValue), doing: "reading \(folder)")
    }
    return digest
  }

  /// One digest of what the log says and of what is computed from it.
  public static func digest(events: [UInt8], views: [UInt8]) -> [UInt8] {
    var hash = SHA256()
    hash.update(data: Array("events".utf8) + events)
    hash.update(data: Array("views".utf8) + views)
    return Array(hash.finalize())
  }

  /// One digest of all tables' digests, in the order of the tables.
  public static func digest(of tables: [Digest]) -> [UInt8] {
    var hash = SHA256()
    for table in tables { hash.update(data: Array(table.table.rawValue.utf8) + table.sha256) }
    return Array(hash.finalize())
  }
}

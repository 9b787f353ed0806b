import CLMDB
import Glibc

/// A forward-only cursor over a table of a snapshot: next entry, or seek. Lent to a closure with
/// other cursors and invalid after it: see `Snapshot.withCursors`.
public final class Cursor {
  private let snapshot: Snapshot
  private let cursor: OpaquePointer
  private var isOver = false
  private let table: Table
  private var (k, v) = (MDB_val(), MDB_val())
  /// The entry's value, verified.
  private var value = UnsafeRawBufferPointer(start: nil, count: 0)
  /// There is no entry here: the last seek or step went beyond the last one.
  public private(set) var isAtEnd = true

  fileprivate init(_ snapshot: Snapshot, _ table: Table) throws(StoreFailure) {
    (self.snapshot, self.table) = (snapshot, table)
    var opened: OpaquePointer?
    try snapshot.check(mdb_cursor_open(snapshot.txn, table.dbi, &opened))
    guard let opened else {
      throw StoreFailure(.other(ENOMEM), doing: "reading \(snapshot.folder)")
    }
    cursor = opened
  }

  fileprivate func close() {
    isOver = true
    mdb_cursor_close(cursor)
  }

  /// Goes to the first entry whose key is not less.
  public func seek(_ key: [UInt8]) throws(StoreFailure) {
    precondition(!isOver && !snapshot.isOver, "the snapshot is over")
    let code = key.withUnsafeBytes { raw in
      // An empty key is no key of LMDB's: it means the first entry.
      guard !raw.isEmpty else { return mdb_cursor_get(cursor, &k, &v, MDB_FIRST) }
      k = MDB_val(
        mv_size: raw.count, mv_data: UnsafeMutableRawPointer(mutating: raw.baseAddress))
      return mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE)
    }
    try note(code)
  }

  /// Goes to the next entry.
  public func step() throws(StoreFailure) {
    precondition(!isOver && !snapshot.isOver, "the snapshot is over")
    precondition(!isAtEnd, "nothing comes after the end")
    try note(mdb_cursor_get(cursor, &k, &v, MDB_NEXT))
  }

  private func note(_ code: Int32) throws(StoreFailure) {
    // Until the entry is known to be whole there is none.
    isAtEnd = true
    if code == MDB_NOTFOUND { return }
    try snapshot.check(code)
    value = try snapshot.value(of: table, try snapshot.key(k, of: table), v)
    isAtEnd = false
  }

  /// Lends the entry's key and value; nil at the end.
  public func read<R>(_ body: (_ key: RawSpan, _ value: RawSpan) throws -> R) rethrows -> R? {
    precondition(!isOver && !snapshot.isOver, "the snapshot is over")
    guard !isAtEnd else { return nil }
    return try body(
      RawSpan(_unsafeBytes: UnsafeRawBufferPointer(start: k.mv_data, count: k.mv_size)),
      RawSpan(_unsafeBytes: value))
  }

  /// How a part of the key stands to others, byte by byte: less than 0, 0 or more. The part begins
  /// after a prefix and ends at a zero byte or with the key. Nil at the end, or where the key does
  /// not begin with the prefix.
  public func compare(part other: [UInt8], after prefix: [UInt8]) -> Int? {
    guard let part = partBytes(after: prefix) else { return nil }
    let order = other.withUnsafeBytes { raw in
      memcmp(part.baseAddress!, raw.baseAddress ?? part.baseAddress!, min(part.count, raw.count))
    }
    return order == 0 ? part.count - other.count : Int(order)
  }

  /// A copy of that part; nil where `compare` gives nil.
  public func part(after prefix: [UInt8]) -> [UInt8]? { partBytes(after: prefix).map(Array.init) }

  private func partBytes(after prefix: [UInt8]) -> UnsafeRawBufferPointer? {
    precondition(!isOver && !snapshot.isOver, "the snapshot is over")
    guard !isAtEnd, k.mv_size > prefix.count, let key = k.mv_data else { return nil }
    let begins = prefix.withUnsafeBytes { raw in
      raw.isEmpty || memcmp(key, raw.baseAddress!, raw.count) == 0
    }
    guard begins else { return nil }
    let rest = k.mv_size - prefix.count
    let end = memchr(key + prefix.count, 0, rest).map { $0 - (key + prefix.count) } ?? rest
    return UnsafeRawBufferPointer(start: key + prefix.count, count: end)
  }
}

extension Snapshot {
  /// Lends a cursor for each of the tables, in their order.
  public func withCursors<R>(_ tables: [Table], _ body: ([Cursor]) throws -> R) throws -> R {
    precondition(!isOver, "the snapshot is over")
    var cursors: [Cursor] = []
    defer { for cursor in cursors { cursor.close() } }
    for table in tables { cursors.append(try Cursor(self, table)) }
    return try body(cursors)
  }
}

import CLMDB
import Glibc

/// Receives each row that a transaction removes or adds, in order: a replaced row is a removal and
/// then an addition. A write that changes nothing is not reported.
public protocol RowObserver: AnyObject {
  func removed(_ table: Table, _ key: RawSpan, _ value: RawSpan)
  func added(_ table: Table, _ key: RawSpan, _ value: RawSpan)
}

extension WriteTransaction {
  func noteAdded(_ table: Table, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
    observer?.added(table, RawSpan(_unsafeBytes: key), RawSpan(_unsafeBytes: value))
  }

  /// Puts a row and tells the observer what it replaces: found in the descent that puts it.
  func replace(
    _ table: Table, _ key: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer,
    at cursor: OpaquePointer, for observer: any RowObserver
  ) throws(StoreFailure) {
    var old = MDB_val()
    let code = store(table, key, value, flags: UInt32(MDB_NOOVERWRITE)) { k, v, flags in
      defer { old = v }
      return mdb_cursor_put(cursor, &k, &v, flags)
    }
    if code == MDB_KEYEXIST {
      let before = try self.value(of: table, key, old)
      if before.elementsEqual(value) { return }
      observer.removed(table, RawSpan(_unsafeBytes: key), RawSpan(_unsafeBytes: before))
      try check(
        store(table, key, value, flags: UInt32(MDB_CURRENT)) { k, v, flags in
          mdb_cursor_put(cursor, &k, &v, flags)
        })
    } else {
      try check(code)
    }
    noteAdded(table, key, value)
  }

  func withCursor<R>(
    _ table: Table, _ body: (OpaquePointer) throws(StoreFailure) -> R
  ) throws(StoreFailure) -> R {
    var opened: OpaquePointer?
    try check(mdb_cursor_open(txn, table.dbi, &opened))
    guard let cursor = opened else { throw StoreFailure(.other(ENOMEM), doing: "using \(folder)") }
    defer { mdb_cursor_close(cursor) }
    return try body(cursor)
  }

  /// Takes a row away and tells the observer which; false when there is none.
  func remove(
    _ table: Table, _ key: UnsafeRawBufferPointer, for observer: any RowObserver
  ) throws(StoreFailure) -> Bool {
    try withCursor(table) { (cursor) throws(StoreFailure) in
      var k = MDB_val(
        mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
      var v = MDB_val()
      let code = mdb_cursor_get(cursor, &k, &v, MDB_SET)
      if code == MDB_NOTFOUND || code == MDB_BAD_VALSIZE { return false }
      try check(code)
      let before = try value(of: table, key, v)
      observer.removed(table, RawSpan(_unsafeBytes: key), RawSpan(_unsafeBytes: before))
      try check(mdb_cursor_del(cursor, 0))
      return true
    }
  }
}

import CLMDB
import Glibc

/// Appends rows to a table in the order of their keys.
public final class TableAppender {
  private let transaction: WriteTransaction
  private let table: Table
  private let cursor: OpaquePointer
  /// Bytes appended.
  public private(set) var byteCount = 0

  fileprivate init(_ transaction: WriteTransaction, _ table: Table) throws(StoreFailure) {
    var opened: OpaquePointer?
    try transaction.check(mdb_cursor_open(transaction.txn, table.dbi, &opened))
    guard let opened else { throw StoreFailure(.other(ENOMEM), doing: "appending") }
    (self.transaction, self.table, cursor) = (transaction, table, opened)
  }

  public func append(_ key: RawSpan, _ value: RawSpan) throws(StoreFailure) {
    precondition(!transaction.isOver, "the transaction is over")
    precondition((1...WriteTransaction.keyLengthMax).contains(key.byteCount))
    try transaction.claim(
      appending: RowBuffer.headLength + key.byteCount + value.byteCount + table.trailerLength)
    let code = key.withUnsafeBytes { key in
      value.withUnsafeBytes { value in
        transaction.store(table, key, value, flags: UInt32(MDB_APPEND)) { k, v, flags in
          mdb_cursor_put(cursor, &k, &v, flags)
        }
      }
    }
    precondition(code != MDB_KEYEXIST, "keys are appended in order to \(table.name)")
    try transaction.check(code)
    transaction.observer?.added(table, key, value)
    byteCount += key.byteCount + value.byteCount
  }

  fileprivate func close() { mdb_cursor_close(cursor) }
}

extension WriteTransaction {
  /// Puts rows in the order of their keys; of those with one key the last that was added stays.
  public func put(_ table: Table, _ rows: RowBuffer) throws(StoreFailure) {
    precondition(!isOver, "the transaction is over")
    guard rows.count > 0 else { return }
    rows.sort()
    try claim(putting: rows, into: table)
    try withCursor(table) { (cursor) throws(StoreFailure) in
      for at in 0..<rows.count {
        let row = rows.sorted(at)
        precondition(!row.key.isEmpty, "a key has 1 to 511 bytes")
        if let observer {
          try replace(table, row.key, row.value, at: cursor, for: observer)
          continue
        }
        let code = store(table, row.key, row.value, flags: 0) { k, v, flags in
          mdb_cursor_put(cursor, &k, &v, flags)
        }
        try check(code)
      }
    }
  }

  /// Lends what appends to a table; nothing else may write to it meanwhile.
  public func appending<R>(
    to table: Table, _ body: (TableAppender) throws -> R
  ) throws -> R {
    let appender = try TableAppender(self, table)
    defer { appender.close() }
    return try body(appender)
  }
}

extension Environment {
  /// Bytes of rows in one transaction of `append`: its pages are in memory until it ends.
  private static let appendedMax = 24 << 20

  /// Appends rows to a table for as long as the body gives any, in several transactions.
  ///
  /// - Parameters:
  ///   - observer: told of each row.
  ///   - next: appends a row; false when there are no more.
  public func append(
    to table: Table, observer: (any RowObserver)? = nil,
    _ next: (TableAppender) throws -> Bool
  ) throws {
    var more = true
    while more {
      try write { transaction in
        transaction.observer = observer
        try transaction.appending(to: table) { appender in
          while more, appender.byteCount < Self.appendedMax { more = try next(appender) }
        }
      }
    }
  }

  /// Appends the rows of sorted runs.
  public func append(
    to table: Table, _ runs: [SortedRun], observer: (any RowObserver)? = nil
  ) throws {
    guard !runs.isEmpty else { return }
    let merge = try RowMerge(runs)
    try append(to: table, observer: observer) { appender in
      try merge.next { (key, value) throws(StoreFailure) in try appender.append(key, value) }
    }
  }
}

/// Sorted rows that are taken one by one.
public final class RowQueue {
  private let rows: RowBuffer
  private var at = 0

  public init(_ rows: RowBuffer) {
    rows.sort()
    self.rows = rows
  }

  fileprivate var first: RowBuffer.Row? { at < rows.count ? rows.sorted(at) : nil }

  fileprivate func removeFirst() { at += 1 }
}

extension Environment {
  /// Appends rows, and of a queue of others those that come before the last of them, or all.
  public func append(
    to table: Table, _ rows: RowBuffer, between others: RowQueue, all: Bool,
    observer: (any RowObserver)? = nil
  ) throws {
    let own = RowQueue(rows)
    try append(to: table, observer: observer) { appender in
      let least: RowQueue
      switch (own.first, others.first) {
      case (nil, nil): return false
      case (nil, _?):
        guard all else { return false }
        least = others
      case (_?, nil): least = own
      case (let a?, let b?): least = RowBuffer.compare(a.key, b.key) < 0 ? own : others
      }
      // sure: ended runs were taken out
      let row = least.first!
      try appender.append(RawSpan(_unsafeBytes: row.key), RawSpan(_unsafeBytes: row.value))
      least.removeFirst()
      return true
    }
  }
}

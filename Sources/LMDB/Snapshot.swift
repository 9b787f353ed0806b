import CLMDB

/// What was committed at one moment; lent to a closure and void after it. Bytes are lent in turn:
/// they stand in the map and die with the snapshot.
public class Snapshot {
  let txn: OpaquePointer
  let folder: String
  let pageBytes: Int
  var isOver = false

  init(txn: OpaquePointer, folder: String) {
    var figures = MDB_stat()
    mdb_env_stat(mdb_txn_env(txn), &figures)
    (self.txn, self.folder, pageBytes) = (txn, folder, Int(figures.ms_psize))
  }

  final func check(_ code: Int32) throws(StoreFailure) {
    if code != MDB_SUCCESS {
      throw StoreFailure(code, doing: "using \(folder)", folder: folder)
    }
  }

  /// Of the transaction that committed this, or that is to commit it.
  public final var transactionID: UInt64 { UInt64(mdb_txn_id(txn)) }

  /// Lends the value of a key; nil when there is none.
  public final func get<R>(
    _ table: Table, _ key: RawSpan, _ body: (RawSpan) -> R
  ) throws(StoreFailure) -> R? {
    precondition(!isOver, "the snapshot is over")
    return try key.withUnsafeBytes { (raw) throws(StoreFailure) -> R? in
      try get(table, raw, body)
    }
  }

  public final func get<R>(
    _ table: Table, _ key: [UInt8], _ body: (RawSpan) -> R
  ) throws(StoreFailure) -> R? {
    try get(table, key.span.bytes, body)
  }

  public final func get<R>(
    _ table: Table, _ key: UInt64, _ body: (RawSpan) -> R
  ) throws(StoreFailure) -> R? {
    precondition(table.integerKeys && !isOver)
    return try withUnsafeBytes(of: key) { (raw) throws(StoreFailure) -> R? in
      try get(table, raw, body)
    }
  }

  /// A copy of the value.
  public final func copy(_ table: Table, _ key: [UInt8]) throws(StoreFailure) -> [UInt8]? {
    try get(table, key) { span in span.withUnsafeBytes { Array($0) } }
  }

  private func get<R>(
    _ table: Table, _ key: UnsafeRawBufferPointer, _ body: (RawSpan) -> R
  ) throws(StoreFailure) -> R? {
    var k = MDB_val(mv_size: key.count, mv_data: UnsafeMutableRawPointer(mutating: key.baseAddress))
    var v = MDB_val()
    let code = mdb_get(txn, table.dbi, &k, &v)
    if code == MDB_NOTFOUND { return nil }
    // A key that is empty or too long is in no table.
    if code == MDB_BAD_VALSIZE { return nil }
    try check(code)
    return body(RawSpan(_unsafeBytes: try value(of: table, key, v)))
  }

  public enum Start: Sendable {
    case first
    case last
    /// At the key, or where it would be; for a backward scan, before that.
    case key([UInt8])
    case number(UInt64)
  }

  /// Lends the entries in order while the body says `true`; a prefix bounds them. A row that fails
  /// its checksum ends the scan with the failure.
  public final func scan(
    _ table: Table, from start: Start, prefix: [UInt8] = [], backwards: Bool = false,
    _ body: (_ key: RawSpan, _ value: RawSpan) -> Bool
  ) throws(StoreFailure) {
    precondition(!isOver, "the snapshot is over")
    var opened: OpaquePointer?
    try check(mdb_cursor_open(txn, table.dbi, &opened))
    guard let cursor = opened else { return }
    defer { mdb_cursor_close(cursor) }
    var (k, v) = (MDB_val(), MDB_val())
    var code: Int32
    switch start {
    case .first: code = mdb_cursor_get(cursor, &k, &v, MDB_FIRST)
    case .last: code = mdb_cursor_get(cursor, &k, &v, MDB_LAST)
    case .key(let key): code = seek(cursor, key, &k, &v)
    case .number(let number):
      code = withUnsafeBytes(of: number) { raw in
        k = MDB_val(mv_size: 8, mv_data: UnsafeMutableRawPointer(mutating: raw.baseAddress))
        return mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE)
      }
    }
    if backwards {
      // A range seek lands at or after the key: step back unless it was the last.
      switch start {
      case .key, .number:
        code = mdb_cursor_get(cursor, &k, &v, code == MDB_SUCCESS ? MDB_PREV : MDB_LAST)
      case .first, .last: break
      }
    }
    while code == MDB_SUCCESS {
      let key = try key(k, of: table)
      guard key.starts(with: prefix) else { return }
      let value = try value(of: table, key, v)
      let goOn = body(RawSpan(_unsafeBytes: key), RawSpan(_unsafeBytes: value))
      guard goOn else { return }
      code = mdb_cursor_get(cursor, &k, &v, backwards ? MDB_PREV : MDB_NEXT)
    }
    if code != MDB_NOTFOUND { try check(code) }
  }

  /// The entries whose keys begin with the prefix, in order.
  public final func scan(
    _ table: Table, prefix: [UInt8], _ body: (_ key: RawSpan, _ value: RawSpan) -> Bool
  ) throws(StoreFailure) {
    try scan(table, from: prefix.isEmpty ? .first : .key(prefix), prefix: prefix, body)
  }

  private final func seek(
    _ cursor: OpaquePointer, _ key: [UInt8], _ k: inout MDB_val, _ v: inout MDB_val
  ) -> Int32 {
    key.withUnsafeBytes { raw in
      k = MDB_val(
        mv_size: raw.count, mv_data: UnsafeMutableRawPointer(mutating: raw.baseAddress))
      return mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE)
    }
  }

  /// The last key of a table of numbers.
  public final func lastNumber(_ table: Table) throws(StoreFailure) -> UInt64? {
    precondition(table.integerKeys)
    var last: UInt64?
    try scan(table, from: .last, backwards: true) { key, _ in
      last = key.unsafeLoadUnaligned(as: UInt64.self)
      return false
    }
    return last
  }

  public final func count(_ table: Table) throws(StoreFailure) -> Int {
    var stat = MDB_stat()
    try check(mdb_stat(txn, table.dbi, &stat))
    return stat.ms_entries
  }
}

/// A snapshot that may be changed, by the thread that it was lent to.
public final class WriteTransaction: Snapshot {
  /// LMDB's own limit.
  public static let keyLengthMax = 511

  /// Of a file that is written through its map, and what of it this transaction may write to; see
  /// `Preallocator`.
  let room: Preallocator?
  var firstFreePage = 0
  var claimedPages = 0
  var unclaimedBytes = 0
  /// Told of every row that changes from now on.
  public var observer: (any RowObserver)?

  init(txn: OpaquePointer, folder: String, room: Preallocator?) {
    self.room = room
    super.init(txn: txn, folder: folder)
  }

  public func put(_ table: Table, _ key: [UInt8], _ value: [UInt8]) throws(StoreFailure) {
    try put(table, key, value, flags: 0)
  }

  /// Adds an entry whose key comes after every other.
  public func append(_ table: Table, _ key: [UInt8], _ value: [UInt8]) throws(StoreFailure) {
    try put(table, key, value, flags: UInt32(MDB_APPEND))
  }

  /// Adds an entry whose number comes after every other.
  public func append(_ table: Table, _ key: UInt64, _ value: [UInt8]) throws(StoreFailure) {
    precondition(table.integerKeys && !isOver)
    try claim(changing: table, valueLength: value.count)
    let code = withUnsafeBytes(of: key) { raw in
      put(table, raw, value, flags: UInt32(MDB_APPEND))
    }
    precondition(code != MDB_KEYEXIST, "numbers are appended in order")
    try check(code)
    if observer != nil {
      withUnsafeBytes(of: key) { key in value.withUnsafeBytes { noteAdded(table, key, $0) } }
    }
  }

  /// Whether there was such an entry.
  @discardableResult
  public func delete(_ table: Table, _ key: [UInt8]) throws(StoreFailure) -> Bool {
    precondition(!isOver, "the transaction is over")
    try claim(changing: table)
    if let observer {
      return try key.span.bytes.withUnsafeBytes { (raw) throws(StoreFailure) in
        try remove(table, raw, for: observer)
      }
    }
    let code = key.withUnsafeBytes { raw in
      var k = MDB_val(
        mv_size: raw.count, mv_data: UnsafeMutableRawPointer(mutating: raw.baseAddress))
      return mdb_del(txn, table.dbi, &k, nil)
    }
    if code == MDB_NOTFOUND { return false }
    try check(code)
    return true
  }

  public func clear(_ table: Table) throws(StoreFailure) {
    precondition(observer == nil, "rows that go all at once are not told one by one")
    try check(mdb_drop(txn, table.dbi, 0))
  }

  private func put(
    _ table: Table, _ key: [UInt8], _ value: [UInt8], flags: UInt32
  ) throws(StoreFailure) {
    precondition(!isOver, "the transaction is over")
    precondition((1...Self.keyLengthMax).contains(key.count), "a key has 1 to 511 bytes")
    try claim(changing: table, valueLength: value.count)
    if let observer, flags == 0 {
      return try withCursor(table) { (cursor) throws(StoreFailure) in
        try key.span.bytes.withUnsafeBytes { (key) throws(StoreFailure) in
          try value.span.bytes.withUnsafeBytes { (value) throws(StoreFailure) in
            try replace(table, key, value, at: cursor, for: observer)
          }
        }
      }
    }
    let code = key.withUnsafeBytes { put(table, $0, value, flags: flags) }
    precondition(code != MDB_KEYEXIST, "keys are appended in order")
    try check(code)
    if observer != nil {
      key.withUnsafeBytes { key in value.withUnsafeBytes { noteAdded(table, key, $0) } }
    }
  }

  private func put(
    _ table: Table, _ key: UnsafeRawBufferPointer, _ value: [UInt8], flags: UInt32
  ) -> Int32 {
    value.withUnsafeBytes { raw in
      store(table, key, raw, flags: flags) { k, v, flags in
        mdb_put(txn, table.dbi, &k, &v, flags)
      }
    }
  }
}

/// A reader slot that is renewed for each use and pins no old pages between uses: an idle snapshot
/// lets the file grow about a hundredfold.
public final class Reader {
  private let snapshot: Snapshot
  private var isEnded = false

  init(_ snapshot: Snapshot) {
    self.snapshot = snapshot
    snapshot.isOver = true
  }

  /// Takes a snapshot of what is committed now. Every `begin` is followed by a `rest`.
  public func begin() throws(StoreFailure) -> Snapshot {
    precondition(!isEnded && snapshot.isOver, "one use at a time")
    try snapshot.check(mdb_txn_renew(snapshot.txn))
    snapshot.isOver = false
    return snapshot
  }

  /// Gives the snapshot up.
  public func rest() {
    precondition(!snapshot.isOver)
    snapshot.isOver = true
    mdb_txn_reset(snapshot.txn)
  }

  public func read<R>(_ body: (Snapshot) throws -> R) throws -> R {
    let snapshot = try begin()
    defer { rest() }
    return try body(snapshot)
  }

  /// Frees the reader's slot; nothing may follow.
  public func end() {
    precondition(snapshot.isOver && !isEnded)
    isEnded = true
    mdb_txn_abort(snapshot.txn)
  }
}

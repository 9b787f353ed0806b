import CLMDB
import Glibc
import Locking

/// A table of an environment.
public struct Table: Hashable, Sendable {
  public let name: String
  public let integerKeys: Bool
  let dbi: MDB_dbi
  /// Another one for each table of an environment, and small.
  public var number: Int { Int(dbi) }
  /// Of the rows' checksums; nil where rows have none.
  let checksumSeed: UInt32?
}

/// An LMDB environment: one memory-mapped file, many readers, one writer at a time.
///
/// Its meta pages are checked before LMDB sees them: a hostile one kills the process in
/// `mdb_env_open` (CVE-2019-16228). What is behind them is checked by `PageWalk`.
public final class Environment: @unchecked Sendable {
  public struct Options: Sendable {
    /// Address space reserved, in bytes; the file takes only what is used. It is never resized
    /// while open.
    public var mapSizeBytes = 256 << 30
    public var tables: [String] = []
    /// Tables whose keys are 64-bit numbers in the machine's order.
    public var integerTables: [String] = []
    public var readersMax: UInt32 = 256
    public var durability = Durability.synced
    /// Whether each value is stored with a checksum of its table's name, its key and itself, and
    /// verified whenever it is read. An environment is opened as it was first written.
    public var rowChecksums = false
    /// Nothing is written, made or locked, and what is missing is not begun: nobody else may be
    /// writing.
    public var isReadOnly = false

    public init(
      tables: [String] = [], integerTables: [String] = [], durability: Durability = .synced,
      mapSizeBytes: Int = 256 << 30, rowChecksums: Bool = false, isReadOnly: Bool = false
    ) {
      self.isReadOnly = isReadOnly
      self.tables = tables
      self.integerTables = integerTables
      self.durability = durability
      self.mapSizeBytes = mapSizeBytes
      self.rowChecksums = rowChecksums
    }
  }

  public enum Durability: Sendable {
    /// On disk when a commit returns.
    case synced
    /// Survives the process, not the machine: for what can be rebuilt. It is written through the
    /// map where the file system can take blocks ahead.
    case unsynced
  }

  public let folder: String
  let env: OpaquePointer
  private let tables: [String: Table]
  /// Nil where pages are written by calls.
  private let room: Preallocator?
  /// Nil where commits are not synced.
  private let zeroFill: ZeroFillAhead?
  private let fault = Mutex<CommitFault?>(nil)

  /// Opens or creates the environment in a folder that exists. A file of 0 bytes is begun anew:
  /// whoever does not want that asks for `DataFile.state` before.
  public init(folder: String, options: Options) throws(StoreFailure) {
    func check(_ code: Int32) throws(StoreFailure) {
      if code != MDB_SUCCESS {
        throw StoreFailure(code, doing: "opening \(folder)", folder: folder)
      }
    }
    if case .damaged(let problem) = try DataFile.state(folder: folder) {
      throw StoreFailure(.damagedFile(problem), doing: "opening \(folder)/data.mdb")
    }
    var env: OpaquePointer?
    try check(mdb_env_create(&env))
    guard let env else { throw StoreFailure(.other(ENOMEM), doing: "opening \(folder)") }
    let room: Preallocator? =
      options.durability == .synced || options.isReadOnly
      ? nil : Preallocator(folder: folder, mapSizeBytes: options.mapSizeBytes)
    var opened: [String: Table] = [:]
    do throws(StoreFailure) {
      try check(mdb_env_set_mapsize(env, options.mapSizeBytes))
      try check(mdb_env_set_maxreaders(env, options.readersMax))
      try check(
        mdb_env_set_maxdbs(env, UInt32(options.tables.count + options.integerTables.count)))
      var flags = UInt32(MDB_NOTLS)
      if options.durability == .unsynced { flags |= UInt32(MDB_NOSYNC) }
      if room != nil { flags |= UInt32(MDB_WRITEMAP) }
      if options.isReadOnly {
        flags |= UInt32(MDB_RDONLY | MDB_NOLOCK)
      } else {
        try Preallocator.takeLockFile(of: folder, readersMax: options.readersMax)
      }
      try check(mdb_env_open(env, folder, flags, 0o600))
      // Pages that were free from the first have no blocks either.
      try room?.take(Self.usedBytes(of: env) + (1 << 20))
      var txn: OpaquePointer?
      let (access, making) =
        options.isReadOnly ? (UInt32(MDB_RDONLY), 0) : (0, UInt32(MDB_CREATE))
      try check(mdb_txn_begin(env, nil, access, &txn))
      for (names, integer) in [(options.tables, false), (options.integerTables, true)] {
        for name in names {
          var dbi: MDB_dbi = 0
          let kind = integer ? UInt32(MDB_INTEGERKEY) : 0
          let code = mdb_dbi_open(txn, name, making | kind, &dbi)
          if code != MDB_SUCCESS {
            mdb_txn_abort(txn)
            try check(code)
          }
          opened[name] = Table(
            name: name, integerKeys: integer, dbi: dbi,
            checksumSeed: options.rowChecksums ? RowChecksum.seed(table: name) : nil)
        }
      }
      try check(mdb_txn_commit(txn))
    } catch {
      mdb_env_close(env)
      room?.close(usedBytes: nil)
      throw error
    }
    self.folder = folder
    self.env = env
    self.room = room
    zeroFill =
      options.durability == .synced && !options.isReadOnly
      ? ZeroFillAhead(folder: folder, mapSizeBytes: options.mapSizeBytes) : nil
    tables = opened
  }

  /// Closes the environment: nobody may be reading or writing.
  public func close() {
    let used = Self.usedBytes(of: env)
    mdb_env_close(env)
    room?.close(usedBytes: used)
    zeroFill?.close(usedBytes: used)
  }

  private static func usedBytes(of env: OpaquePointer) -> Int {
    var info = MDB_envinfo()
    var stat = MDB_stat()
    mdb_env_info(env, &info)
    mdb_env_stat(env, &stat)
    return (info.me_last_pgno + 1) * Int(stat.ms_psize)
  }

  public func table(_ name: String) -> Table {
    guard let table = tables[name] else { preconditionFailure("no table \(name) in \(folder)") }
    return table
  }

  /// Lends a snapshot of what is committed now.
  public func read<R>(_ body: (Snapshot) throws -> R) throws -> R {
    let reader = try makeReader()
    defer { reader.end() }
    return try reader.read(body)
  }

  /// A reader that is renewed for each use, for one thread at a time.
  public func makeReader() throws(StoreFailure) -> Reader {
    var txn: OpaquePointer?
    let code = mdb_txn_begin(env, nil, UInt32(MDB_RDONLY), &txn)
    guard code == MDB_SUCCESS, let txn else {
      throw StoreFailure(code, doing: "reading \(folder)")
    }
    mdb_txn_reset(txn)
    return Reader(Snapshot(txn: txn, folder: folder))
  }

  /// Lends a write transaction; commits it when the body returns, drops it when the body throws.
  /// All of it happens on the calling thread.
  ///
  /// - Throws: what the body throws, or `StoreFailure`: of the kind `.fatal` when it is unknown
  ///   whether the commit happened, of any other when it did not.
  public func write<R>(_ body: (WriteTransaction) throws -> R) throws -> R {
    zeroFill?.extend(behind: Self.usedBytes(of: env))
    var txn: OpaquePointer?
    let code = mdb_txn_begin(env, nil, 0, &txn)
    guard code == MDB_SUCCESS, let txn else {
      throw StoreFailure(code, doing: "writing \(folder)", folder: folder)
    }
    let transaction = WriteTransaction(txn: txn, folder: folder, room: room)
    let thread = pthread_self()
    let result: R
    do {
      try transaction.claimForCommit()
      result = try body(transaction)
    } catch {
      transaction.isOver = true
      mdb_txn_abort(txn)
      throw error
    }
    precondition(pthread_equal(thread, pthread_self()) != 0, "a transaction stays on its thread")
    transaction.isOver = true
    try commit(txn)
    return result
  }

  private func commit(_ txn: OpaquePointer) throws(StoreFailure) {
    let injected = fault.withLock { fault in
      defer { fault = nil }
      return fault
    }
    if case .before(let failure) = injected {
      mdb_txn_abort(txn)
      throw failure
    }
    let code = mdb_txn_commit(txn)
    if case .after(let failure) = injected { throw failure }
    guard code == MDB_SUCCESS else {
      // After a failed write of the meta page every new transaction is refused.
      var probe: OpaquePointer?
      let state = mdb_txn_begin(env, nil, UInt32(MDB_RDONLY), &probe)
      if state == MDB_SUCCESS { mdb_txn_abort(probe) }
      if state == MDB_PANIC {
        throw StoreFailure(.fatal, doing: "committing to \(folder)", code: code)
      }
      let failure = StoreFailure(code, doing: "committing to \(folder)", folder: folder)
      // After a sync that failed the kernel takes its pages for clean: nobody knows what is there.
      if failure.kind == .other(EIO) {
        throw StoreFailure(
          .fatal, doing: "committing to \(folder): \(String(cString: mdb_strerror(EIO)))",
          code: code)
      }
      throw failure
    }
  }

  /// A fault for the next commit, for the tests of what stands above.
  public enum CommitFault: Sendable {
    /// It fails and did not happen.
    case before(StoreFailure)
    /// It fails and did happen.
    case after(StoreFailure)
  }

  package func failNextCommit(_ fault: CommitFault) { self.fault.withLock { $0 = fault } }

  /// Writes everything to disk, for an unsynced environment.
  public func sync() throws(StoreFailure) {
    let code = mdb_env_sync(env, 1)
    if code != MDB_SUCCESS { throw StoreFailure(code, doing: "syncing \(folder)", folder: folder) }
  }

  /// Frees the slots of readers whose process is gone; gives how many there were.
  public func clearStaleReaders() -> Int {
    var dead: Int32 = 0
    mdb_reader_check(env, &dead)
    return Int(dead)
  }

  /// A consistent copy into an empty folder.
  public func copy(to folder: String) throws(StoreFailure) {
    let code = mdb_env_copy2(env, folder, UInt32(MDB_CP_COMPACT))
    if code != MDB_SUCCESS {
      throw StoreFailure(code, doing: "copying to \(folder)", folder: folder)
    }
  }

  public struct Usage: Sendable {
    public var mapBytes: Int
    /// Bytes of the file up to the last page ever used.
    public var usedBytes: Int
    public var readers: Int
  }

  public var usage: Usage {
    var info = MDB_envinfo()
    mdb_env_info(env, &info)
    return Usage(
      mapBytes: info.me_mapsize, usedBytes: Self.usedBytes(of: env),
      readers: Int(info.me_numreaders))
  }
}

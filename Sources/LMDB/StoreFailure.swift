import CLMDB
import Failures
import Glibc

/// Why the store could not do what it was asked, and what to do about it.
public struct StoreFailure: ExplainedError, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    /// The map is full: nothing was written.
    case mapFull
    /// The disk is full: nothing was written.
    case diskFull
    case permission
    /// A page is not what LMDB wrote.
    case corrupt
    /// The data file is cut off, or its meta pages are not LMDB's; in a sentence.
    case damagedFile(String)
    /// A row is not what was written: its checksum does not match.
    case corruptRow(table: String, row: String)
    /// The environment must be closed and opened again; what a commit did is unknown.
    case fatal
    case readersFull
    case notFound
    case other(Int32)
  }

  public var kind: Kind
  /// What was being done, such as "opening data/log".
  public var doing: String
  /// What LMDB or the system answered, where a call of theirs failed.
  public var code: Int32?

  public init(_ kind: Kind, doing: String, code: Int32? = nil) {
    self.kind = kind
    self.doing = doing
    self.code = code
  }

  init(_ code: Int32, doing: String, folder: String? = nil) {
    self.doing = doing
    self.code = code
    kind =
      switch code {
      case MDB_MAP_FULL: .mapFull
      case ENOSPC, EDQUOT: .diskFull
      case EIO where folder.map(StoreFailure.isFull) ?? false: .diskFull
      case EACCES, EPERM, EROFS: .permission
      case MDB_CORRUPTED, MDB_PAGE_NOTFOUND, MDB_INVALID, MDB_VERSION_MISMATCH: .corrupt
      case MDB_PANIC: .fatal
      case MDB_READERS_FULL: .readersFull
      case ENOENT: .notFound
      default: .other(code)
      }
  }

  /// Full disks show as EIO on some file systems; statvfs tells them apart.
  private static func isFull(_ folder: String) -> Bool {
    FileSystem.room(of: folder)?.isFull ?? false
  }

  /// Whether the same thing may succeed later without anything else being done.
  public var mayRetry: Bool {
    switch kind {
    case .diskFull, .readersFull: true
    case .mapFull, .permission, .corrupt, .damagedFile, .corruptRow, .fatal, .notFound, .other:
      false
    }
  }

  /// Whether what is stored is not what was written.
  public var isDamage: Bool {
    switch kind {
    case .corrupt, .damagedFile, .corruptRow: true
    case .mapFull, .diskFull, .permission, .fatal, .readersFull, .notFound, .other: false
    }
  }

  public var cause: Cause? { code.map { Cause(StoreCode(code: $0)) } }

  public var sentence: String {
    switch kind {
    case .mapFull:
      "\(doing): the map is full; nothing was written. Start again with a larger --map-size."
    case .diskFull:
      "\(doing): the disk is full; nothing was written. Make room and try again."
    case .permission:
      "\(doing): permission denied. The folder must belong to the user who runs this."
    case .corrupt:
      "\(doing): a page is damaged. Restore a backup, or rebuild if these are the views."
    case .damagedFile(let problem):
      "\(doing): \(problem). Restore a backup, or rebuild if these are the views."
    case .corruptRow(let table, let row):
      "\(doing): the row of table \(table) at \(row) is damaged: its checksum does not match. "
        + "Restore a backup, or rebuild if these are the views."
    case .fatal:
      "\(doing): the store stopped after a failed write; it must be opened again."
    case .readersFull: "\(doing): too many readers at once; try again."
    case .notFound: "\(doing): there is no such folder."
    case .other(let code): "\(doing): \(String(cString: mdb_strerror(code)))."
    }
  }
}

/// What LMDB or the system answered: several codes are of one kind.
public struct StoreCode: ExplainedError, Hashable {
  public var code: Int32

  /// As LMDB says it; system errors have no number in its words.
  public var sentence: String { "\(String(cString: mdb_strerror(code))), code \(code)" }
}

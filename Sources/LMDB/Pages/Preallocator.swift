import CLMDB
import Glibc

/// Preallocates the blocks of a file that is written through its memory map.
///
/// A store to a hole of the file on a full disk kills the process (SIGBUS), so blocks are allocated
/// before their pages are written: the allocation can fail, and then nothing was written.
final class Preallocator {
  private static let stepBytesMax = 64 << 20

  private let file: Int32
  private let folder: String
  private let mapSizeBytes: Int
  /// Bytes from the file's begin on that have blocks.
  private var takenBytes = 0

  /// Nil where the file system cannot take blocks ahead.
  init?(folder: String, mapSizeBytes: Int) {
    file = open(folder + "/data.mdb", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    (self.folder, self.mapSizeBytes) = (folder, mapSizeBytes)
    guard file >= 0 else { return nil }
    // The file's size stays what it is: one without a page is one that LMDB begins.
    guard fallocate(file, Int32(FALLOC_FL_KEEP_SIZE), 0, 1 << 16) == 0 || errno == ENOSPC else {
      Glibc.close(file)
      return nil
    }
  }

  /// Allocates the blocks of an environment's lock file, which LMDB writes through a map too, of a
  /// file that it lengthens without any. LMDB's size for so many readers is a header of two cache
  /// lines and a line each; what is more, it takes for more readers.
  ///
  /// Called before the environment is open: closing a file gives up the process's locks on it.
  static func takeLockFile(of folder: String, readersMax: UInt32) throws(StoreFailure) {
    let file = open(folder + "/lock.mdb", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw StoreFailure(errno, doing: "opening \(folder)/lock.mdb", folder: folder)
    }
    defer { Glibc.close(file) }
    let bytes = (128 + 64 * Int(readersMax) + 4095) / 4096 * 4096
    do {
      try allocate(file, 0..<bytes, in: folder)
    } catch  where error.kind == .other(EOPNOTSUPP) {
      // The file system takes no blocks ahead, and there is nothing to be done.
    }
  }

  private static func allocate(
    _ file: Int32, _ range: Range<Int>, in folder: String
  ) throws(StoreFailure) {
    while fallocate(file, 0, range.lowerBound, range.count) != 0 {
      if errno == EINTR { continue }
      throw StoreFailure(errno, doing: "making room in \(folder)", folder: folder)
    }
  }

  /// Returns when that many bytes have blocks.
  func take(_ bytes: Int) throws(StoreFailure) {
    // What is beyond the map LMDB refuses itself.
    let bytes = min(bytes, mapSizeBytes)
    guard bytes > takenBytes else { return }
    let step = min(max(takenBytes / 8, 1 << 20), Self.stepBytesMax)
    do {
      try take(upTo: min(max(bytes, takenBytes + step), mapSizeBytes))
    } catch  where error.kind == .diskFull {
      try take(upTo: bytes)
    }
  }

  private func take(upTo bytes: Int) throws(StoreFailure) {
    try Self.allocate(file, takenBytes..<bytes, in: folder)
    takenBytes = bytes
  }

  /// Gives back what is beyond the last page, once nothing is mapped any more.
  ///
  /// - Parameter usedBytes: nil where nobody knows.
  func close(usedBytes: Int?) {
    if let usedBytes { _ = ftruncate(file, usedBytes) }
    Glibc.close(file)
  }
}

extension WriteTransaction {
  /// Preallocates what every commit writes: the tables' roots, and the list of free pages.
  func claimForCommit() throws(StoreFailure) {
    guard room != nil else { return }
    var info = MDB_envinfo()
    mdb_env_info(mdb_txn_env(txn), &info)
    firstFreePage = info.me_last_pgno + 1
    try claim(pages: 64 + firstFreePage / 128)
  }

  /// Preallocates pages that no earlier transaction had.
  func claim(pages: Int) throws(StoreFailure) {
    guard let room else { return }
    claimedPages += pages
    try room.take((firstFreePage + claimedPages) * pageBytes)
  }

  /// Preallocates for one change of an entry: on each level of the tree a copy of the page and of
  /// the neighbour that it may be merged with, or the page that it may be split into.
  func claim(changing table: Table, valueLength: Int = 0) throws(StoreFailure) {
    guard room != nil else { return }
    let tree = try figures(of: table)
    try claim(
      pages: 3 * (Int(tree.ms_depth) + 1) + (valueLength + table.trailerLength) / pageBytes + 1)
  }

  /// Preallocates for rows that are put in key order. A page that has them is copied once and may
  /// be split at once; after that it takes a quarter of a page of rows to split one again.
  func claim(putting rows: RowBuffer, into table: Table) throws(StoreFailure) {
    guard room != nil else { return }
    let tree = try figures(of: table)
    let (count, depth) = (rows.count, Int(tree.ms_depth) + 1)
    let byteCount = rows.byteCount + count * table.trailerLength
    let leaves = 2 * min(count, tree.ms_leaf_pages + 1) + byteCount / (pageBytes / 4) + 1
    let branches = 2 * min(count * depth, tree.ms_branch_pages + 1) + leaves / 8 + depth
    let long = byteCount / (pageBytes / 4)
    try claim(pages: leaves + branches + long)
  }

  /// Preallocates for rows that are appended, by their bytes: half of a page may stay empty.
  func claim(appending bytes: Int) throws(StoreFailure) {
    guard room != nil else { return }
    unclaimedBytes += bytes
    guard unclaimedBytes > 0 else { return }
    let ahead = max(unclaimedBytes, 1 << 18)
    try claim(pages: 64 + ahead / (pageBytes / 3))
    unclaimedBytes -= ahead
  }

  private func figures(of table: Table) throws(StoreFailure) -> MDB_stat {
    var figures = MDB_stat()
    try check(mdb_stat(txn, table.dbi, &figures))
    return figures
  }
}

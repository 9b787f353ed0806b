import CLMDB
import Glibc

/// The state of an environment's data file, determined without LMDB and without mapping the file:
/// LMDB trusts the meta pages, and a truncated, zeroed or forged one crashes the process.
public enum DataFileState: Hashable, Sendable {
  /// There is no file.
  case missing
  /// There is a file of 0 bytes.
  case empty
  /// Both meta pages are what LMDB writes, and the file reaches the last page that they name.
  case whole
  /// A sentence without what to do about it, which depends on what the file is for.
  case damaged(String)
}

/// An environment's data file as pages, read by pread(2).
public final class DataFile {
  let path: String
  private let file: Int32
  /// Of the newer meta page.
  let meta: MetaPage
  let lengthBytes: Int

  /// - Throws: `StoreFailure`: `.notFound` without a file, `.damagedFile` where LMDB must not be
  ///   asked to open it.
  public init(folder: String) throws(StoreFailure) {
    let path = folder + "/data.mdb"
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw StoreFailure(errno, doing: "opening \(path)", folder: folder) }
    let length = Int(lseek(file, 0, SEEK_END))
    do throws(StoreFailure) {
      meta = try Self.newestMeta(lengthBytes: length, path) { Self.read(file, $0, $1) }
    } catch {
      Glibc.close(file)
      throw error
    }
    (self.path, self.file, lengthBytes) = (path, file, length)
  }

  public func close() { Glibc.close(file) }

  public static func state(folder: String) throws(StoreFailure) -> DataFileState {
    var figures = stat()
    guard stat(folder + "/data.mdb", &figures) == 0 else {
      if errno == ENOENT { return .missing }
      throw StoreFailure(errno, doing: "opening \(folder)/data.mdb", folder: folder)
    }
    if figures.st_size == 0 { return .empty }
    do throws(StoreFailure) {
      try DataFile(folder: folder).close()
      return .whole
    } catch {
      if case .damagedFile(let sentence) = error.kind { return .damaged(sentence) }
      throw error
    }
  }

  func read(_ offset: Int, _ bytes: UnsafeMutableRawBufferPointer) -> Int32 {
    Self.read(file, offset, bytes)
  }

  /// Has the kernel read the file ahead.
  func expectAllToBeRead() {
    // fits: a constant
    posix_fadvise(file, 0, 0, Int32(POSIX_FADV_WILLNEED))
  }

  /// Fills the bytes from an offset on: 0, an errno, or `ENODATA` where the file ends before.
  private static func read(
    _ file: Int32, _ offset: Int, _ bytes: UnsafeMutableRawBufferPointer
  ) -> Int32 {
    var at = 0
    while at < bytes.count {
      let got = pread(file, bytes.baseAddress! + at, bytes.count - at, offset + at)
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { return errno }
      guard got > 0 else { return ENODATA }
      at += got
    }
    return 0
  }

  /// The meta page that LMDB will take, when both are what it writes.
  static func newestMeta(
    lengthBytes: Int, _ path: String, _ read: (Int, UnsafeMutableRawBufferPointer) -> Int32
  ) throws(StoreFailure) -> MetaPage {
    func refuse(_ problem: String) -> StoreFailure {
      StoreFailure(.damagedFile(problem), doing: "opening \(path)")
    }
    func meta(_ number: Int, at offset: Int) throws(StoreFailure) -> MetaPage {
      var bytes = [UInt8](repeating: 0, count: PageLayout.metaEnd)
      let code = bytes.withUnsafeMutableBytes { read(offset, $0) }
      if code == ENODATA { throw refuse("the file is cut off: it has \(lengthBytes) bytes") }
      guard code == 0 else { throw StoreFailure(code, doing: "reading \(path)") }
      let found = bytes.withUnsafeBytes { raw in
        Result { () throws(PageDamage) in try MetaPage(raw, number: number) }
      }
      switch found {
      case .success(let meta): return meta
      case .failure(let damage): throw refuse(damage.sentence)
      }
    }
    let first = try meta(0, at: 0)
    let second = try meta(1, at: first.pageBytes)
    guard first.pageBytes == second.pageBytes else {
      throw refuse(
        "its meta pages differ in the size of pages: \(first.pageBytes), \(second.pageBytes)")
    }
    // Each transaction writes the one that the transaction before it did not.
    let (a, b) = (first.transaction, second.transaction)
    guard (a == 0 && b == 0) || (a > b ? a - b : b - a) == 1 else {
      throw refuse(
        "its meta pages are of transactions \(a) and \(b), which do not follow each other")
    }
    let newest = a > b ? first : second
    let (needed, overflow) = (newest.lastPage + 1).multipliedReportingOverflow(
      by: UInt64(newest.pageBytes))
    guard !overflow, needed <= UInt64(lengthBytes) else {
      throw refuse(
        "the file is shorter than its last page: it has \(lengthBytes) bytes of \(needed)")
    }
    return newest
  }
}

import Glibc

/// Writes zeroes behind the last page of a file with synced commits, ahead of its pages.
///
/// A page written at the end of the file extends the file and allocates a block, and a sync then
/// waits for the file system's metadata too (a journal commit or one more write). A page written
/// over zeroes that were synced before costs only its own write.
final class ZeroFillAhead {
  /// Always before a transaction begins; one that needs more goes on as if there were none.
  static let lengthBytes = 1 << 20
  /// What is added at once: some thousand events.
  static let stepBytes = 2 << 20

  private let file: Int32
  private let mapSizeBytes: Int
  private var endBytes: Int

  /// Nil where the file cannot be opened once more.
  init?(folder: String, mapSizeBytes: Int) {
    file = open(folder + "/data.mdb", O_RDWR | O_CLOEXEC)
    guard file >= 0 else { return nil }
    self.mapSizeBytes = mapSizeBytes
    endBytes = Int(lseek(file, 0, SEEK_END))
  }

  /// Makes it long enough behind the last page. Called between transactions, and writes only where
  /// the file ended, so that no page is touched. What fails, as on a full disk, the transaction
  /// meets itself; after a crash there are zeroes where no page is.
  func extend(behind usedBytes: Int) {
    guard usedBytes + Self.lengthBytes > endBytes else { return }
    endBytes = max(endBytes, Int(lseek(file, 0, SEEK_END)))
    let wanted = min(usedBytes + Self.lengthBytes + Self.stepBytes, mapSizeBytes)
    guard wanted > endBytes else { return }
    let zeroes = [UInt8](repeating: 0, count: wanted - endBytes)
    let written = zeroes.withUnsafeBytes { pwrite(file, $0.baseAddress, $0.count, endBytes) }
    guard written > 0 else { return }
    endBytes += written
    fdatasync(file)
  }

  /// Takes it away, once nothing is mapped any more.
  ///
  /// - Parameter usedBytes: up to the last page.
  func close(usedBytes: Int) {
    _ = ftruncate(file, usedBytes)
    Glibc.close(file)
  }
}

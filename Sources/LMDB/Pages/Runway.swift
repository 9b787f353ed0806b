import Glibc

/// Zeroes behind the last page of a file whose commits are synced, there before its pages are.
///
/// A page that is written where the file ends moves that end and takes a block, and a sync returns
/// only when the file system has kept that too, by its journal or a write more; one that is written
/// among zeroes that were synced is all that has to be written.
final class Runway {
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
  /// the file ended, so that no page is touched. What fails, as on a full disk, the transaction meets
  /// itself; after a crash there are zeroes where no page is.
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

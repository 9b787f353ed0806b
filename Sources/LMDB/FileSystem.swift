import CLMDB
import Glibc

/// The file system and the process limits under LMDB.
///
/// This target makes its own calls on files, and does not use `File`: it stands on the same layer.
/// Its calls read into pages and rows by pointers, without a copy; they take blocks for a map and
/// lengthen files behind LMDB's back, and fail with LMDB's own `StoreFailure`, which tells a full
/// disk from a damaged page whichever of the two met it.
public enum FileSystem {
  /// The file system's magic number by statfs(2); nil when the path cannot be examined.
  public static func magic(of path: String) -> UInt32? {
    var figures = statfs()
    guard statfs(path, &figures) == 0 else { return nil }
    return UInt32(truncatingIfNeeded: figures.f_type)
  }

  /// Bytes of the disk that a path is on.
  public struct Room: Hashable, Sendable {
    /// Which disk it is.
    public var device: UInt64
    /// What this process may still write there.
    public var freeBytes: UInt64
    public var totalBytes: UInt64

    public init(device: UInt64, freeBytes: UInt64, totalBytes: UInt64) {
      (self.device, self.freeBytes, self.totalBytes) = (device, freeBytes, totalBytes)
    }

    /// Nothing can be written any more. A little is left for the file system's own use.
    public var isFull: Bool { freeBytes < 1 << 20 }
  }

  /// Nil when the path cannot be examined, or its file system counts no room.
  public static func room(of path: String) -> Room? {
    var (figures, status) = (statvfs(), stat())
    guard statvfs(path, &figures) == 0, stat(path, &status) == 0 else { return nil }
    guard figures.f_blocks > 0 else { return nil }
    let block = UInt64(figures.f_frsize)
    return Room(
      device: UInt64(status.st_dev), freeBytes: bytes(UInt64(figures.f_bavail), of: block),
      totalBytes: bytes(UInt64(figures.f_blocks), of: block))
  }

  /// As many as a number holds, where a file system says more.
  static func bytes(_ blocks: UInt64, of block: UInt64) -> UInt64 {
    let (bytes, isMore) = blocks.multipliedReportingOverflow(by: block)
    return isMore ? .max : bytes
  }

  /// Raises the files and sockets that this process may have open to the most that it is allowed.
  ///
  /// - Returns: how many that are; nil when it cannot be known.
  public static func raiseOpenFilesMax() -> Int? {
    let max = ujuzi_open_files_max()
    return max < 0 ? nil : Int(max)
  }
}

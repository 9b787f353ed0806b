import CLMDB

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

  /// Raises the files and sockets that this process may have open to the most that it is allowed.
  ///
  /// - Returns: how many that are; nil when it cannot be known.
  public static func raiseOpenFilesMax() -> Int? {
    let max = ujuzi_open_files_max()
    return max < 0 ? nil : Int(max)
  }
}

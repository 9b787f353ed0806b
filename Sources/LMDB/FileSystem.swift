import CLMDB

/// The file system and the process limits under LMDB.
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

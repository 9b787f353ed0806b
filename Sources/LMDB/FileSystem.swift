import CLMDB

/// What LMDB stands on.
public enum FileSystem {
  /// The file system's magic number by statfs(2); nil when the path cannot be examined.
  public static func magic(of path: String) -> UInt32? {
    var figures = statfs()
    guard statfs(path, &figures) == 0 else { return nil }
    return UInt32(truncatingIfNeeded: figures.f_type)
  }
}

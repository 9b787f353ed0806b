import Glibc

/// Files by their paths.
extension File {
  /// All of a file.
  public static func contents(of path: String) throws(FileFailure) -> [UInt8] {
    let file = try File(path)
    defer { file.close() }
    return try file.readToEnd()
  }

  /// All of a file; nil where there is none. Any other reason why it cannot be read is thrown.
  public static func contentsIfThere(of path: String) throws(FileFailure) -> [UInt8]? {
    do {
      return try contents(of: path)
    } catch  where error.kind == .absent {
      return nil
    }
  }

  /// Whether there is a file or folder. That it cannot be known is thrown.
  public static func isThere(_ path: String) throws(FileFailure) -> Bool {
    var figures = stat()
    do {
      _ = try call(.open, path, "\(path) cannot be examined") { unsafe lstat(path, &figures) }
      return true
    } catch  where error.kind == .absent {
      return false
    }
  }

  /// Writes a small file so that after a crash it holds the old content or the new, whole.
  ///
  /// A file beside it is written and synced, takes its name, and the folder is synced. When this
  /// throws, either may be there.
  public static func replace(
    _ path: String, with content: [UInt8], mode: mode_t = 0o600
  ) throws(FileFailure) {
    let next = path + ".next"
    do {
      try write(content, to: File(emptying: next, mode: mode))
      _ = try call(.rename, path, "The file \(path) cannot be replaced") {
        unsafe rename(next, path)
      }
    } catch {
      _ = unsafe unlink(next)
      throw error
    }
    try syncFolder(folder(of: path))
  }

  /// Writes a file that was not there; whatever happens, it is there whole or not at all, and one
  /// that is there stays as it is.
  ///
  /// - Throws: `FileFailure` of the kind `.exists` where there is one.
  public static func make(
    _ path: String, with content: [UInt8], mode: mode_t = 0o600
  ) throws(FileFailure) {
    let next = path + ".next"
    defer { _ = unsafe unlink(next) }
    try write(content, to: File(emptying: next, mode: mode))
    // A link, unlike a rename, never takes the place of another file.
    _ = try call(.rename, path, "The file \(path) cannot be made") { unsafe link(next, path) }
    do {
      try syncFolder(folder(of: path))
    } catch {
      _ = unsafe unlink(path)
      throw error
    }
  }

  /// Takes a file away, where there is one; when this returns it is gone from the disk as well.
  public static func remove(_ path: String) throws(FileFailure) {
    do {
      _ = try call(.rename, path, "The file \(path) cannot be removed") { unsafe unlink(path) }
    } catch  where error.kind == .absent {
      // Perhaps since a moment ago, when the folder could not be synced.
    }
    try syncFolder(folder(of: path))
  }

  private static func write(_ content: [UInt8], to file: File) throws(FileFailure) {
    defer { file.close() }
    try file.write(content, at: 0)
    try file.sync()
  }

  /// Renames a folder or file beside itself. After a crash it has the old name or the new one.
  public static func move(_ path: String, to other: String) throws(FileFailure) {
    _ = try call(.rename, path, "\(path) cannot be renamed to \(other)") {
      unsafe rename(path, other)
    }
    try syncFolder(folder(of: other))
  }
}

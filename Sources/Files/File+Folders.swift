import Glibc

/// Folders, and what paths lead to.
extension File {
  /// Makes a folder for this user alone, where it is not there, and syncs the one above it.
  ///
  /// - Returns: whether it was made.
  public static func makeFolder(_ path: String) throws(FileFailure) -> Bool {
    do {
      _ = try call(.makeFolder, path, "The folder \(path) cannot be made") {
        unsafe mkdir(path, 0o700)
      }
    } catch  where error.kind == .exists {
      try examine(folder: path)
      return false
    }
    do {
      try syncFolder(folder(of: path))
    } catch {
      _ = unsafe rmdir(path)
      throw error
    }
    return true
  }

  static func examine(folder path: String) throws(FileFailure) {
    var figures = stat()
    _ = try call(.open, path, "The folder \(path) cannot be examined") {
      unsafe stat(path, &figures)
    }
    guard figures.st_mode & S_IFMT == S_IFDIR else {
      throw FileFailure(ENOTDIR, "\(path) is no folder")
    }
    _ = try call(.open, path, "The folder \(path) cannot be written") {
      unsafe access(path, R_OK | W_OK | X_OK)
    }
  }

  /// As `makeFolder`, with those above it where they are missing.
  package static func makeFolders(_ path: String) throws(FileFailure) {
    do {
      _ = try makeFolder(path)
    } catch  where error.kind == .absent && folder(of: path) != path {
      try makeFolders(folder(of: path))
      _ = try makeFolder(path)
    }
  }

  /// The names in a folder, in no order.
  package static func names(in path: String) throws(FileFailure) -> [String] {
    if let fault = FileFaults.next(.examine, path) {
      throw FileFailure(fault.code, "The folder \(path) cannot be read")
    }
    guard let folder = unsafe opendir(path) else {
      throw FileFailure(errno, "The folder \(path) cannot be read")
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while let entry = unsafe readdir(folder) {
      // As long as its record, which may be shorter than the type.
      let name = unsafe withUnsafeMutableBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Takes a file away, or a folder with all that is in it, where there is one. After a crash some
  /// of it may be there again: for what a start clears away itself.
  package static func removeTree(_ path: String) throws(FileFailure) {
    do {
      let status = try examine(path) { unsafe lstat(path, &$0) }
      if status.isFolder {
        for name in try names(in: path) { try removeTree(path + "/" + name) }
      }
      _ = try call(.remove, path, "\(path) cannot be removed") {
        unsafe status.isFolder ? rmdir(path) : unlink(path)
      }
    } catch  where error.kind == .absent {
      // Nobody is asked twice.
    }
  }

  /// Takes a folder away in which nothing is.
  package static func removeEmptyFolder(_ path: String) throws(FileFailure) {
    _ = try call(.remove, path, "The folder \(path) cannot be removed") { unsafe rmdir(path) }
  }

  /// What a path leads to.
  package struct Status: Hashable, Sendable {
    package var byteCount: Int
    package var device: UInt64
    package var number: UInt64
    package var mode: mode_t

    package var isFolder: Bool { mode & S_IFMT == S_IFDIR }
    /// Not a pipe, a terminal or the like: it has a length, and is read from any place.
    package var isRegular: Bool { mode & S_IFMT == S_IFREG }
    /// Whether others than its owner may read, write or execute it.
    package var isOthersToo: Bool { mode & 0o077 != 0 }
  }

  /// - Throws: `FileFailure` of the kind `.absent` where there is nothing.
  package static func status(of path: String) throws(FileFailure) -> Status {
    try examine(path) { unsafe stat(path, &$0) }
  }

  static func examine(
    _ path: String, _ body: (inout stat) -> Int32
  ) throws(FileFailure) -> Status {
    var figures = stat()
    _ = try call(.examine, path, "\(path) cannot be examined") { body(&figures) }
    return Status(
      byteCount: Int(figures.st_size), device: UInt64(figures.st_dev),
      number: UInt64(figures.st_ino), mode: figures.st_mode)
  }

  /// Brings a folder's names to the disk.
  public static func syncFolder(_ path: String) throws(FileFailure) {
    let what = "The folder \(path) cannot be synced"
    let descriptor = try call(.open, path, what) {
      unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    }
    defer { _ = Glibc.close(descriptor) }
    _ = try call(.sync, path, what) { fsync(descriptor) }
  }

  /// The folder that a path lies in.
  static func folder(of path: String) -> String {
    var end = path.endIndex
    while end > path.startIndex, path[path.index(before: end)] == "/" {
      end = path.index(before: end)
    }
    guard let slash = path[..<end].lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
}

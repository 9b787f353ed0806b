import Foundation
import Glibc
import LMDB

/// Why a data folder cannot be used.
public struct FolderFailure: Error, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case locked, permission, network, other
    /// There is no registry.
    case absent
    /// A part is missing, older than the others, or of another registry.
    case incomplete
  }

  public var kind: Kind
  public var sentence: String

  public init(_ kind: Kind, _ sentence: String) {
    self.kind = kind
    self.sentence = sentence
  }
}

/// The folder of one registry, locked for one process.
///
/// ```
/// lock           flock: one server
/// log/           the events: synced, the only truth
/// log.readable/  what is whole of a damaged log, while it is served
/// log.next/      a log that is being begun or upgraded; `log.format-1/`: as it was before that
/// beginning      only while a first start goes on
/// views/NAME/    what is computed from them; `views.current` names the one in use
/// views.mark     how the views were left
/// profiles/      profiles that were asked for, made anew at each start
/// vault/         the officers' keys
/// ```
public final class DataFolder: Sendable {
  public let path: String
  private let lock: Int32

  public var logPath: String { path + "/log" }
  public var nextLogPath: String { path + "/log.next" }
  public var olderLogPath: String { path + "/log.format-1" }
  public var beginningPath: String { path + "/beginning" }
  public var viewsPath: String { path + "/views" }
  public var profilesPath: String { path + "/profiles" }
  public var vaultPath: String { path + "/vault" }
  public var markPath: String { path + "/views.mark" }

  /// Creates the folder where needed, and locks it; its parts are made by whoever begins them.
  ///
  /// - Throws: `FolderFailure`: `.locked` while another process has it.
  public init(_ path: String) throws {
    self.path = path
    try DataFolder.make(path)
    try DataFolder.refuseNetwork(path)
    let file = unsafe open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw DataFolder.failure(errno, "The folder \(path) cannot be written")
    }
    guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
      close(file)
      throw FolderFailure(
        .locked,
        "The folder \(path) is in use by another process: stop that one, or use another folder.")
    }
    lock = file
  }

  /// Gives the lock up; nothing of the folder may be open.
  public func unlock() { close(lock) }

  /// Makes a folder that is not there yet, for its owner alone.
  public static func make(_ folder: String) throws {
    guard unsafe mkdir(folder, 0o700) != 0 else { return }
    var figures = stat()
    guard errno == EEXIST, unsafe stat(folder, &figures) == 0, figures.st_mode & S_IFMT == S_IFDIR
    else {
      throw failure(errno, "The folder \(folder) cannot be made")
    }
    guard unsafe access(folder, R_OK | W_OK | X_OK) == 0 else {
      throw failure(errno, "The folder \(folder) cannot be written")
    }
  }

  static func failure(_ code: Int32, _ what: String) -> FolderFailure {
    switch code {
    case EACCES, EPERM, EROFS:
      FolderFailure(
        .permission,
        "\(what): permission denied. Give it to the user who runs this, or name another folder.")
    case ENOSPC, EDQUOT:
      FolderFailure(.other, "\(what): the disk is full. Make room and try again.")
    default:
      FolderFailure(.other, "\(what): \(unsafe String(cString: strerror(code))).")
    }
  }

  /// File locks and maps cannot be trusted across machines. Numbers from statfs(2).
  static let networkFileSystems: [UInt32: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2", 0x5346_414F: "AFS",
    0x00C3_6400: "Ceph", 0x0102_1997: "9P", 0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS",
  ]

  private static func refuseNetwork(_ path: String) throws {
    guard let magic = FileSystem.magic(of: path) else {
      throw failure(errno, "The folder \(path) cannot be examined")
    }
    if let name = networkFileSystems[magic] {
      throw FolderFailure(
        .network, "The folder \(path) is on \(name), a network file system: use a local disk.")
    }
  }

  /// Writes a small file so that after a crash it holds the old content or the new, whole.
  public static func replace(_ path: String, with content: [UInt8]) throws {
    let next = path + ".next"
    let file = unsafe open(next, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure(errno, "The file \(next) cannot be written") }
    let written = unsafe content.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
    let synced = written == content.count && fsync(file) == 0
    let code = errno
    close(file)
    guard synced, unsafe rename(next, path) == 0 else {
      throw failure(code, "The file \(path) cannot be written")
    }
    try syncFolder((path as NSString).deletingLastPathComponent)
  }

  /// Renames a folder beside itself. After a crash it has the old name or the new one.
  public static func move(_ path: String, to other: String) throws {
    guard unsafe rename(path, other) == 0 else {
      throw failure(errno, "The folder \(path) cannot be renamed to \(other)")
    }
    try syncFolder((other as NSString).deletingLastPathComponent)
  }

  public static func syncFolder(_ path: String) throws {
    let folder = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw failure(errno, "The folder \(path) cannot be opened") }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw failure(errno, "The folder \(path) cannot be synced") }
  }

  public static func read(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map(Array.init)
  }
}

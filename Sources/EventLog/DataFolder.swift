import Failures
import Files
import LMDB

/// Why a data folder cannot be used.
public struct FolderFailure: ExplainedError, Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case locked, permission, network, other
    /// There is no registry.
    case absent
    /// A part is missing, older than the others, or of another registry.
    case incomplete
  }

  public var kind: Kind
  public var sentence: String
  public var cause: Cause?

  public init(_ kind: Kind, _ sentence: String, cause: Cause? = nil) {
    self.kind = kind
    self.sentence = sentence
    self.cause = cause
  }

  init(_ failure: FileFailure) {
    self.init(
      failure.kind == .permission ? .permission : .other, failure.sentence, cause: Cause(failure))
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
/// vault/         the officers' keys; `index` there may be taken away at any time
/// ```
public final class DataFolder: Sendable {
  public let path: String
  /// Nil where it is only read, and there is none.
  private let lock: File?
  /// What was not there before, in the order in which it was made.
  private let made: [String]

  public var logPath: String { path + "/log" }
  public var nextLogPath: String { path + "/log.next" }
  public var olderLogPath: String { path + "/log.format-1" }
  public var beginningPath: String { path + "/beginning" }
  public var viewsPath: String { path + "/views" }
  public var profilesPath: String { path + "/profiles" }
  public var vaultPath: String { path + "/vault" }
  public var markPath: String { path + "/views.mark" }

  /// Creates the folder where needed, and locks it; its parts are made by whoever begins them.
  /// Where it throws, nothing is there that was not there before.
  ///
  /// - Throws: `FolderFailure`: `.locked` while another process has it.
  public init(_ path: String) throws {
    self.path = path
    do {
      let (lock, made) = try Self.begin(path)
      (self.lock, self.made) = (lock, made)
    } catch let failure as FileFailure {
      throw FolderFailure(failure)
    }
  }

  /// A folder that is only looked at: nothing in it is made. It is locked where it has a lock: one
  /// that nobody ever opened has none.
  ///
  /// - Throws: `FolderFailure`: `.locked` while another process has it.
  public init(reading path: String) throws {
    (self.path, made) = (path, [])
    do {
      guard try File.isThere(path + "/lock") else {
        lock = nil
        return
      }
      let file = try File(path + "/lock")
      guard try file.lock() else {
        file.close()
        throw Self.inUse(path)
      }
      lock = file
    } catch let failure as FileFailure {
      throw FolderFailure(failure)
    }
  }

  private static func inUse(_ path: String) -> FolderFailure {
    FolderFailure(
      .locked,
      "The folder \(path) is in use by another process: stop that one, or use another folder.")
  }

  private static func begin(_ path: String) throws -> (lock: File, made: [String]) {
    var made: [String] = []
    if try File.makeFolder(path) { made.append(path) }
    let (lock, isNew) = try locked(path, isMade: !made.isEmpty)
    if isNew { made.append(path + "/lock") }
    return (lock, made)
  }

  /// - Parameter isMade: the folder was made just now.
  private static func locked(
    _ path: String, isMade: Bool
  ) throws -> (file: File, isNew: Bool) {
    do {
      try refuseNetwork(path)
      let (file, isNew) = try lockFile(path + "/lock")
      guard try file.lock() else {
        file.close()
        throw inUse(path)
      }
      return (file, isNew)
    } catch {
      // Not what is in it, which is another's: that one has the lock.
      if isMade { try? File.removeEmptyFolder(path) }
      throw error
    }
  }

  private static func lockFile(_ path: String) throws(FileFailure) -> (file: File, isNew: Bool) {
    if try File.isThere(path) { return (try File(path, .readingAndWriting), false) }
    return (try File(making: path), true)
  }

  /// Gives the lock up; nothing of the folder may be open.
  public func unlock() { lock?.close() }

  /// Removes what was made with this object and all that has come into it since, and gives the lock
  /// up: for a start that failed before anything was recorded. Nothing of the folder may be open.
  public func discard() {
    Self.remove(made)
    lock?.close()
  }

  private static func remove(_ made: [String]) {
    for path in made.reversed() { try? File.removeTree(path) }
  }

  /// File locks and maps cannot be trusted across machines. Numbers from statfs(2).
  static let networkFileSystems: [UInt32: String] = [
    0x6969: "NFS", 0x517B: "SMB", 0xFF53_4D42: "CIFS", 0xFE53_4D42: "SMB2", 0x5346_414F: "AFS",
    0x00C3_6400: "Ceph", 0x0102_1997: "9P", 0x0BD0_0BD0: "Lustre", 0x4750_4653: "GPFS",
  ]

  private static func refuseNetwork(_ path: String) throws {
    guard let magic = FileSystem.magic(of: path) else {
      throw FolderFailure(.other, "The folder \(path) cannot be examined.")
    }
    if let name = networkFileSystems[magic] {
      throw FolderFailure(
        .network, "The folder \(path) is on \(name), a network file system: use a local disk.")
    }
  }
}

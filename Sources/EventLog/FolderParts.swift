import Files
import Glibc

/// Which parts of a registry are in its folder: found out before any part is opened or created.
public struct FolderParts: Hashable, Sendable {
  public enum Part: Hashable, Sendable, CaseIterable { case missing, empty, there }

  /// `log/data.mdb`.
  public var log: Part
  /// `log.next/data.mdb`: a log that was being begun or upgraded.
  public var nextLog: Part
  /// `log.format-1/data.mdb`: the log as it was before it was upgraded.
  public var olderLog: Part
  /// `vault/registry`: the registry's secret.
  public var secret: Part
  /// `vault/officers`: the officers' keys.
  public var keys: Part
  /// Views, or a mark of how they were left.
  public var hasViews: Bool
  /// `beginning`: a first start that did not come to its end.
  public var isBeginning: Bool

  public init(
    log: Part = .missing, nextLog: Part = .missing, olderLog: Part = .missing,
    secret: Part = .missing, keys: Part = .missing, hasViews: Bool = false,
    isBeginning: Bool = false
  ) {
    self.log = log
    self.nextLog = nextLog
    self.olderLog = olderLog
    self.secret = secret
    self.keys = keys
    self.hasViews = hasViews
    self.isBeginning = isBeginning
  }

  /// Looks at a folder, which may be missing.
  ///
  /// - Throws: `FolderFailure` where something cannot be looked at: that is not the same as
  ///   missing.
  public init(of folder: String) throws {
    func part(_ path: String) throws -> Part {
      do throws(FileFailure) {
        return try File.status(of: folder + "/" + path).byteCount == 0 ? .empty : .there
      } catch {
        guard error.kind == .absent || error.code == ENOTDIR else { throw FolderFailure(error) }
        return .missing
      }
    }
    log = try part("log/data.mdb")
    nextLog = try part("log.next/data.mdb")
    olderLog = try part("log.format-1/data.mdb")
    secret = try part("vault/registry")
    keys = try part("vault/officers")
    hasViews = try part("views.mark") == .there || part("views.current") == .there
    isBeginning = try part("beginning") != .missing
  }

  /// What a start does with the parts that it found.
  public enum Decision: Hashable, Sendable {
    case open
    /// Nothing is there, or what a first start left that did not come to its end: of that the vault
    /// may stay, where it has no key.
    case begin
    /// The last steps of an upgrade are still to be done.
    case finishUpgrade
    case refuse(FolderFailure)
  }

  /// - Parameters:
  ///   - folder: how it is called in what is said.
  ///   - mayBegin: whether a registry may be begun where there is none.
  public func decide(_ folder: String, mayBegin: Bool) -> Decision {
    guard log != .there else {
      return secret == .there ? .open : .refuse(Self.missing(vault: folder))
    }
    if nextLog != .missing, olderLog == .there { return .finishUpgrade }
    let isThereNothing = secret != .there && keys != .there && !hasViews && olderLog == .missing
    guard isThereNothing || (isBeginning && !hasViews && olderLog == .missing) else {
      return .refuse(Self.missing(log: folder, isEmpty: log == .empty, parts: named))
    }
    return mayBegin
      ? .begin : .refuse(FolderFailure(.absent, "There is no registry in \(folder)."))
  }

  private var named: String {
    let found = [
      secret == .there || keys == .there ? "a vault" : nil, hasViews ? "views" : nil,
      olderLog == .there ? "the log as it was before an upgrade (log.format-1)" : nil,
    ]
    return found.compactMap(\.self).joined(separator: " and ")
  }

  public static func missing(log folder: String, isEmpty: Bool, parts: String) -> FolderFailure {
    FolderFailure(
      .incomplete,
      "The log of the registry in \(folder) is \(isEmpty ? "empty" : "missing") "
        + "(log/data.mdb), but it was there: the folder has \(parts). Is a disk not mounted, or a "
        + "restore not finished? Put the log, or a backup of the whole folder, in its place. "
        + "Nothing was changed. To begin another registry, name another folder.")
  }

  public static func missing(keys folder: String) -> FolderFailure {
    FolderFailure(
      .incomplete,
      "The officers' keys of the registry in \(folder) are missing (vault/officers), but the log is "
        + "there. Without them no name can be read. Put the vault's folder that belongs to this log, "
        + "or a backup of the whole folder, in its place. Nothing was changed.")
  }

  private static func missing(vault folder: String) -> FolderFailure {
    FolderFailure(
      .incomplete,
      "The vault of the registry in \(folder) is missing (vault/registry), but the log is there. "
        + "Without it nobody is found by number, and no name can be read. Put the vault's folder "
        + "that belongs to this log, or a backup of the whole folder, in its place. Nothing was "
        + "changed.")
  }
}

/// Checks that a vault belongs to the log beside it.
public enum VaultCheck {
  /// - Returns: why they do not belong together; nil when they do. A vault that is newer than the
  ///   log is well: it has keys for events that are gone.
  public static func failure(
    of folder: String, id: [UInt8], reach: UInt32, beside log: LogIdentity
  ) -> FolderFailure? {
    if id != log.vaultID {
      return FolderFailure(
        .incomplete,
        "The vault in \(folder)/vault is of another registry than the log: none of the log's names "
          + "could be read. Put the vault's folder that belongs to this log in its place. Nothing "
          + "was changed.")
    }
    if reach < log.vaultReach {
      return FolderFailure(
        .incomplete,
        "The vault in \(folder)/vault is older than the log, or a part of it is missing: it has "
          + "\(reach) keys (vault/officers), and the log names \(log.vaultReach). The names of the "
          + "others could not be read. Put the newest copy of the vault's folder in its place. "
          + "Nothing was changed.")
    }
    return nil
  }
}

import EventLog
import Files
import Logging
import Registry
import RegistryStorage
import Vault

/// The log and the vault of a folder, checked to belong together.
///
/// A start opens what is there, or begins where nothing is, and refuses everything else: a part
/// that is missing, older or of another registry is never made anew, since that would be a second
/// registry under the name of the first.
struct RegistryParts {
  let log: EventLog
  let vault: Vault
  /// This start began the registry.
  let isNew: Bool
  /// What of the log is damaged.
  var damage: String?

  /// - Throws: `FolderFailure` of the kind `.incomplete` or `.absent`, with nothing changed.
  static func check(_ folder: String, mayBegin: Bool) throws -> FolderParts.Decision {
    let decision = try FolderParts(of: folder).decide(folder, mayBegin: mayBegin)
    if case .refuse(let failure) = decision { throw failure }
    return decision
  }

  static func open(
    _ folder: DataFolder, _ options: RegistryStore.Options, logger: Logger
  ) throws -> RegistryParts {
    switch try check(folder.path, mayBegin: options.mayBegin) {
    case .begin: return try begin(folder, options, logger)
    case .finishUpgrade: try LogUpgrade.finish(folder, mapSizeBytes: options.mapSizeBytes)
    case .open, .refuse: break
    }
    return try openBoth(folder, options, logger)
  }

  private static func openBoth(
    _ folder: DataFolder, _ options: RegistryStore.Options, _ logger: Logger
  ) throws -> RegistryParts {
    guard try File.isThere(folder.vaultPath + "/officers") else {
      throw FolderParts.missing(keys: folder.path)
    }
    let mapSizeBytes = options.mapSizeBytes
    let damage = try LogCheck.damage(folder)
    guard damage == nil || options.acceptsDamage else {
      throw LogCheck.refusal(folder, damage ?? "", mayServe: true)
    }
    if damage != nil {
      return try openWhole(folder, options, logger, damage: damage ?? "")
    }
    guard let format = try EventLog.format(in: folder.logPath, mapSizeBytes: mapSizeBytes) else {
      throw FolderParts.missing(log: folder.path, isEmpty: true, parts: "a vault")
    }
    let vault = try openVault(folder, options, mayBegin: false, logger)
    do {
      if format == 1 {
        try LogUpgrade(
          folder: folder, vault: vault, random: options.random, logger: logger,
          mapSizeBytes: mapSizeBytes
        ).run()
      }
      let log = try EventLog(folder: folder.logPath, mapSizeBytes: mapSizeBytes)
      if let failure = VaultCheck.failure(
        of: folder.path, id: vault.id, reach: vault.reach, beside: log.identity)
      {
        log.close()
        throw failure
      }
      // Of a first start that ended behind its last step but one.
      if try File.isThere(folder.beginningPath) {
        try removeMark(of: folder)
      }
      return RegistryParts(log: log, vault: vault, isNew: false)
    } catch {
      vault.close()
      throw error
    }
  }

  /// What is whole of a damaged log, and the vault that belongs to it: which one it is, and how far
  /// the keys must reach, the log says whatever is damaged of its events.
  private static func openWhole(
    _ folder: DataFolder, _ options: RegistryStore.Options, _ logger: Logger, damage: String
  ) throws -> RegistryParts {
    let path = try LogCheck.copyWhole(folder, mapSizeBytes: options.mapSizeBytes)
    do {
      let log = try EventLog(folder: path, mapSizeBytes: options.mapSizeBytes, withGaps: true)
      do {
        let vault = try openVault(folder, options, mayBegin: false, readsAll: true, logger)
        if let failure = VaultCheck.failure(
          of: folder.path, id: vault.id, reach: vault.reach, beside: log.identity)
        {
          vault.close()
          throw failure
        }
        return RegistryParts(log: log, vault: vault, isNew: false, damage: damage)
      } catch {
        log.close()
        throw error
      }
    } catch {
      try? File.removeTree(path)
      throw error
    }
  }

  /// Where a crash leaves things: `beginning` is there until both parts are whole, and says at the
  /// next start that what is there was never used. Before that there are only folders.
  private static func begin(
    _ folder: DataFolder, _ options: RegistryStore.Options, _ logger: Logger
  ) throws -> RegistryParts {
    // What is made now goes again where the start fails; what another left stays.
    let fresh = try [
      folder.beginningPath, folder.vaultPath, folder.viewsPath, folder.nextLogPath, folder.logPath,
    ].filter { try !File.isThere($0) }
    do {
      return try beginFresh(folder, options, logger)
    } catch {
      for path in fresh.reversed() { try? File.removeTree(path) }
      throw error
    }
  }

  private static func beginFresh(
    _ folder: DataFolder, _ options: RegistryStore.Options, _ logger: Logger
  ) throws -> RegistryParts {
    try File.replace(folder.beginningPath, with: [])
    for path in [folder.vaultPath, folder.viewsPath] { _ = try File.makeFolder(path) }
    let vault = try openVault(folder, options, mayBegin: true, logger)
    do {
      guard vault.reach == 0 else {
        throw FolderParts.missing(log: folder.path, isEmpty: false, parts: "a vault with keys")
      }
      for path in [folder.nextLogPath, folder.logPath] { try File.removeTree(path) }
      _ = try File.makeFolder(folder.nextLogPath)
      let identity = LogIdentity(id: options.random.next(), vaultID: vault.id)
      try EventLog.begin(
        in: folder.nextLogPath, identity, mapSizeBytes: options.mapSizeBytes
      ).close()
      try File.syncFolder(folder.nextLogPath)
      try File.move(folder.nextLogPath, to: folder.logPath)
      try removeMark(of: folder)
      let log = try EventLog(folder: folder.logPath, mapSizeBytes: options.mapSizeBytes)
      return RegistryParts(log: log, vault: vault, isNew: true)
    } catch {
      vault.close()
      throw error
    }
  }

  /// - Parameter readsAll: every key is looked at now, also where the scrub would do so soon.
  private static func openVault(
    _ folder: DataFolder, _ options: RegistryStore.Options, mayBegin: Bool, readsAll: Bool = false,
    _ logger: Logger
  ) throws(VaultFailure) -> Vault {
    try Vault(
      folder: folder.vaultPath, master: options.masterKey, mayBegin: mayBegin,
      readsAll: readsAll || options.scrubEverySeconds == nil,
      indexedFrom: options.keysIndexedFrom
    ) {
      logger.error("\($0)")
    }
  }

  private static func removeMark(of folder: DataFolder) throws {
    try File.remove(folder.beginningPath)
  }
}

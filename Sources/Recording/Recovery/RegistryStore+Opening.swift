import EventLog
import Files
import LMDB
import Logging
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// Opening a registry's folder at a start, and closing it: what is found is trusted, recovered or
/// refused before anybody reads or records.
extension RegistryStore {
  /// Opens the folder; views that cannot be trusted are rebuilt before this returns.
  ///
  /// - Parameter rebuild: rebuild the views in any case.
  package convenience init(_ options: Options, logger: Logger, rebuild: Bool = false) throws {
    // Before the folder is locked, which makes it.
    _ = try RegistryParts.check(options.folder, mayBegin: options.mayBegin)
    let folder = try DataFolder(options.folder)
    do {
      let opened = try Self.open(options, folder, logger, rebuild: rebuild)
      self.init(opened, options, folder, logger: logger)
    } catch {
      folder.discard()
      throw error
    }
  }

  private static func open(
    _ options: Options, _ folder: DataFolder, _ logger: Logger, rebuild: Bool
  ) throws -> Opened {
    let parts = try RegistryParts.open(folder, options, logger: logger)
    do {
      // Of a damaged log, from which nothing more is recorded, it may be lost.
      let lastRecordedAtMs =
        try parts.damage == nil
        ? Self.lastRecordedAtMs(in: parts.log)
        : (try? Self.lastRecordedAtMs(in: parts.log)) ?? 0
      var opening = ViewsRecovery(
        folder: folder, log: parts.log, vault: parts.vault, logger: logger,
        mapSizeBytes: options.mapSizeBytes, rebuildMemoryBytes: options.rebuildMemoryBytes)
      opening.acceptsOlderLog = options.acceptsOlderLog
      opening.keepsCompared = options.keepsComparedViews
      opening.logDamage = parts.damage
      let opened = try opening.open(forceRebuild: rebuild)
      do {
        try KeyAudit(views: opened.views, vault: parts.vault, logger: logger).run()
      } catch {
        opened.views.close()
        throw error
      }
      return Opened(
        log: parts.log, vault: parts.vault, views: opened.views,
        sharedStreams: opened.sharedStreams,
        isNew: parts.isNew, logDamage: parts.damage, viewsState: opened.state,
        replaced: opened.replaced, computed: opened.computed, seconds: opened.seconds,
        keptNumbers: opened.keptNumbers, lastRecordedAtMs: lastRecordedAtMs)
    } catch {
      parts.log.close()
      parts.vault.close()
      throw error
    }
  }

  /// Whether a start on a folder would begin a registry there.
  ///
  /// - Throws: `FolderFailure` where a start would be refused, since a part is missing.
  package static func wouldBegin(_ folder: String, mayBegin: Bool = true) throws -> Bool {
    try RegistryParts.check(folder, mayBegin: mayBegin) == .begin
  }

  private static func lastRecordedAtMs(in log: EventLog) throws -> UInt64 {
    guard log.end > 0 else { return 0 }
    let reader = try log.makeReader()
    defer { reader.end() }
    let arena = Arena()
    let last = try reader.read(log.end - 1) { bytes in
      Result { () throws(DecodeFailure) in
        try StoredEvent(bytes, arena: arena).recorded.recordedAtMs
      }
    }
    return try last?.get() ?? 0
  }

  /// Closes everything and marks the views clean. Nobody may be reading or writing.
  package func close() throws {
    scrub?.stop()
    let (log, views) = unsafe (self.log, self.views)
    let position = try views.environment.read { try views.position($0) }
    try views.environment.sync()
    guard logDamage == nil else { return closeDamaged() }
    // Views that say something impossible are not called clean: the next start computes them anew,
    // and does not take the log for an older one.
    let isSound = try position <= log.end && views.environment.read { try views.problem($0) } == nil
    let event = try ViewsRecovery.event(before: position, in: log)
    profiles.close()
    views.close()
    log.close()
    vault.close(isCleanStop: isSound)
    guard isSound else { return folder.unlock() }
    var mark = try ViewsRecovery.mark(
      .clean, folder: folder, views: views.folder, logID: logID, position: position,
      event: event)
    mark.logFile = FileStamp(folder.logPath + "/data.mdb")
    mark.viewsFile = FileStamp(views.folder + "/data.mdb")
    try mark.write(folder.markPath)
    folder.unlock()
  }

  /// The mark stays as it is, so that the next start looks at everything again.
  private func closeDamaged() {
    profiles.close()
    unsafe views.close()
    unsafe log.close()
    vault.close()
    try? File.removeTree(unsafe log.folder)
    folder.unlock()
  }
}

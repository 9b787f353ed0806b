import EventLog
import Foundation
import LMDB
import Locking
import Logging
import Messages
import Projections
import Registry
import Vault

/// A registry's folder, opened: the log, the views caught up with it, the vault.
public final class RegistryStore: Sendable {
  public struct Options: Sendable {
    public var folder: String
    public var masterKey: MasterKey
    public var mapSizeBytes = 256 << 30
    /// What a rebuild of the views may take in memory for events and rows.
    public var rebuildMemoryBytes = Rebuild.Limits().memoryMax
    /// Events since a list's position that its later pages and recent positions may be behind;
    /// beyond, everybody is folded.
    public var eventsBehindMax: UInt64 = 100_000
    /// Officers remembered as touched for the tallies; see `Tallies`.
    public var touchedMax = 100_000
    /// Whether a registry is begun in a folder that has none; otherwise that is refused, and nothing
    /// is made.
    public var mayBegin = true
    /// Whether a log that was put back from a backup is gone on from, though the views know more.
    public var acceptsOlderLog = false
    /// Whether a damaged log is served as far as it is whole, and nothing is recorded.
    public var acceptsDamage = false
    /// Seconds from one reading of everything to the next; nil: never.
    public var scrubEverySeconds: Double?
    /// Seconds from the start to the first.
    public var scrubFirstSeconds = 300.0
    /// Keys from which on a clean stop keeps an index of them.
    package var keysIndexedFrom = Vault.indexedFrom
    /// Where the log's id and the events' random bytes come from.
    public var random = RandomBytes()
    public var clock = TimeSource.system

    public init(folder: String, masterKey: MasterKey) {
      self.folder = folder
      self.masterKey = masterKey
    }
  }

  package nonisolated(unsafe) let log: EventLog
  package nonisolated(unsafe) let views: Views
  public let vault: Vault
  let folder: DataFolder
  /// What of the log is damaged: the rest is served, and nothing is recorded.
  public let logDamage: String?
  /// What a rebuild that was asked for replaced.
  public let replaced: ReplacedViews?
  /// What a rebuild of the views took.
  public let openingSeconds: Double
  /// Numbers of officers with damaged keys that a rebuild took over from the views before.
  public let keptNumbers: Int
  let scrub: Scrub?
  public let logID: [UInt8]
  /// This start began the registry.
  public let isNew: Bool
  let random: RandomBytes
  public let logger: Logger
  /// What opening the views took: shown by `status`.
  public let viewsState: String
  let tallies: Tallies
  let profiles: ProfileShelf
  let eventsBehindMax: UInt64
  public let clock: TimeSource
  /// What the log's last event carries; 0 where there is none.
  public let lastRecordedAtMs: UInt64
  private let published: Mutex<(current: Catalogue, previous: Catalogue)>

  /// Opens the folder; views that cannot be trusted are rebuilt before this returns.
  ///
  /// - Parameter rebuild: rebuild the views in any case.
  public convenience init(_ options: Options, logger: Logger, rebuild: Bool = false) throws {
    // Before the folder is locked, which makes it.
    _ = try RegistryParts.check(options.folder, mayBegin: options.mayBegin)
    let folder = try DataFolder(options.folder)
    do {
      try self.init(options, folder, logger: logger, rebuild: rebuild)
    } catch {
      folder.discard()
      throw error
    }
  }

  private init(
    _ options: Options, _ folder: DataFolder, logger: Logger, rebuild: Bool
  ) throws {
    self.logger = logger
    self.folder = folder
    tallies = Tallies(touchedMax: options.touchedMax)
    eventsBehindMax = options.eventsBehindMax
    (random, clock) = (options.random, options.clock)
    profiles = ProfileShelf(folder: folder.profilesPath, logger: logger)
    let parts = try RegistryParts.open(folder, options, logger: logger)
    do {
      // Of a damaged log, from which nothing more is recorded, it may be lost.
      lastRecordedAtMs =
        try parts.damage == nil
        ? Self.lastRecordedAtMs(in: parts.log)
        : (try? Self.lastRecordedAtMs(in: parts.log)) ?? 0
      var opening = ViewsOpening(
        folder: folder, log: parts.log, vault: parts.vault, logger: logger,
        mapSizeBytes: options.mapSizeBytes, rebuildMemoryBytes: options.rebuildMemoryBytes)
      opening.acceptsOlderLog = options.acceptsOlderLog
      opening.logDamage = parts.damage
      let opened = try opening.open(forceRebuild: rebuild)
      unsafe views = opened.views
      (viewsState, replaced, openingSeconds) = (opened.state, opened.replaced, opened.seconds)
      keptNumbers = opened.keptNumbers
      published = Mutex((opened.catalogue, opened.catalogue))
      do {
        try KeyAudit(views: opened.views, vault: parts.vault, logger: logger).run()
      } catch {
        opened.views.close()
        throw error
      }
    } catch {
      parts.log.close()
      parts.vault.close()
      throw error
    }
    unsafe log = parts.log
    vault = parts.vault
    (logID, isNew, logDamage) = (parts.log.id, parts.isNew, parts.damage)
    if let every = options.scrubEverySeconds, logDamage == nil {
      scrub = unsafe Scrub(
        log, views, vault, firstSeconds: options.scrubFirstSeconds, everySeconds: every,
        logger: logger)
      scrub?.start()
    } else {
      scrub = nil
    }
  }

  /// Whether a start on a folder would begin a registry there.
  ///
  /// - Throws: `FolderFailure` where a start would be refused, since a part is missing.
  public static func wouldBegin(_ folder: String, mayBegin: Bool = true) throws -> Bool {
    try RegistryParts.check(folder, mayBegin: mayBegin) == .begin
  }

  private static func lastRecordedAtMs(in log: EventLog) throws -> UInt64 {
    guard log.end > 0 else { return 0 }
    let reader = try log.makeReader()
    defer { reader.end() }
    let arena = Arena()
    let last = try reader.read(log.end - 1) { bytes in
      Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).recorded.recordedAtMs }
    }
    return try last?.get() ?? 0
  }

  /// The shared streams as a snapshot at a position sees them.
  func catalogue(for asOf: LogPosition) -> Catalogue? {
    published.withLock { both in
      if both.current.changedAt <= asOf { return both.current }
      return both.previous.changedAt <= asOf ? both.previous : nil
    }
  }

  var catalogue: Catalogue { published.withLock { $0.current } }

  /// Called before the views that go with it are committed, so that no snapshot is ever ahead.
  func publish(_ catalogue: Catalogue) {
    published.withLock { both in
      guard catalogue.changedAt != both.current.changedAt else { return }
      both = (catalogue, both.current)
    }
  }

  /// Closes everything and marks the views clean. Nobody may be reading or writing.
  public func close() throws {
    scrub?.stop()
    let (log, views) = unsafe (self.log, self.views)
    let position = try views.environment.read { try views.position($0) }
    try views.environment.sync()
    guard logDamage == nil else { return closeDamaged() }
    // Views that say something impossible are not called clean: the next start computes them anew,
    // and does not take the log for an older one.
    let isSound = try position <= log.end && views.environment.read { try views.problem($0) } == nil
    let event = try ViewsOpening.event(before: position, in: log)
    profiles.close()
    views.close()
    log.close()
    vault.close(isCleanStop: isSound)
    guard isSound else { return folder.unlock() }
    var mark = try ViewsOpening.mark(
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
    try? FileManager.default.removeItem(atPath: unsafe log.folder)
    folder.unlock()
  }

  /// What the log and the views take on disk, in bytes, and the address space of each map.
  public var usage: (log: Int, views: Int, map: Int) {
    let (log, views) = unsafe (self.log.usage, self.views.environment.usage)
    return (log.usedBytes, views.usedBytes, log.mapBytes)
  }

  /// The registry's time zone: its days are that zone's.
  public static func timeZone(in catalogue: Catalogue) -> TimeZone {
    catalogue.establishment(on: .distantFuture).flatMap { TimeZone(identifier: $0.timeZone) }
      ?? .gmt
  }

  /// The day in the registry's time zone.
  func today(in catalogue: Catalogue) -> Day { clock.today(in: Self.timeZone(in: catalogue)) }
}

extension RegistryStore {
  /// What is there, in a phrase.
  public func summary() throws -> String {
    let events = unsafe log.end
    let jurisdiction = catalogue.registryStream.flatMap { catalogue.state(of: $0) }?
      .establishment?.jurisdiction.text
    return "\(events) events" + (jurisdiction.map { " of \($0)" } ?? ", no registry yet")
      + ", views \(viewsState)"
  }

  /// The number of events that the views know.
  public func digestPosition() throws -> LogPosition {
    let views = unsafe self.views
    return try views.environment.read { try views.position($0) }
  }

  /// The digests of the views as they are committed now.
  public func digest() throws -> (asOf: LogPosition, hex: String, tables: [Views.Digest]) {
    let views = unsafe self.views
    return try views.environment.read { snapshot in
      let tables = try views.digests(snapshot)
      return (try views.position(snapshot), Self.hex(Views.digest(of: tables)), tables)
    }
  }
}

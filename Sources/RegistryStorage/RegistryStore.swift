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
package final class RegistryStore: Sendable {
  package struct Options: Sendable {
    package var folder: String
    package var masterKey: MasterKey
    package var mapSizeBytes = 256 << 30
    /// What a rebuild of the views may take in memory for events and rows.
    package var rebuildMemoryBytes = Rebuild.Limits().memoryMax
    /// Events since a list's position that its later pages and recent positions may be behind;
    /// beyond, everybody is folded.
    package var eventsBehindMax: UInt64 = 100_000
    /// People whom a preview looks at, at most: recording waits meanwhile, about a second.
    package var previewPeopleMax = 5_000
    /// Changed officers that are remembered for the aggregates; see `ComplianceAggregates`.
    package var touchedMax = 100_000
    /// Whether a registry is begun in a folder that has none; otherwise that is refused, and
    /// nothing is made.
    package var mayBegin = true
    /// Whether a log that was put back from a backup is gone on from, though the views know more.
    package var acceptsOlderLog = false
    /// Whether a rebuild that was asked for leaves in use what it could be compared with, equal or
    /// not.
    package var keepsComparedViews = false
    /// Whether a damaged log is served as far as it is whole, and nothing is recorded.
    package var acceptsDamage = false
    /// Seconds from one reading of everything to the next; nil: never.
    package var scrubEverySeconds: Double?
    /// Seconds from the start to the first.
    package var scrubFirstSeconds = 300.0
    /// Keys from which on a clean stop keeps an index of them.
    package var keysIndexedFrom = Vault.indexedFrom
    /// Where the log's id and the events' random bytes come from.
    package var random = RandomBytes()
    package var clock = TimeSource.system
    /// What is left of the disk that a path is on.
    package var room: @Sendable (_ path: String) -> FileSystem.Room? = { FileSystem.room(of: $0) }

    package init(folder: String, masterKey: MasterKey) {
      self.folder = folder
      self.masterKey = masterKey
    }
  }

  package nonisolated(unsafe) let log: EventLog
  package nonisolated(unsafe) let views: Views
  package let vault: Vault
  package let folder: DataFolder
  /// What of the log is damaged: the rest is served, and nothing is recorded.
  package let logDamage: String?
  /// What a rebuild that was asked for replaced, or would have.
  package let replaced: ReplacedViews?
  /// What that rebuild gave.
  package let computed: [Views.Digest]
  /// What a rebuild of the views took.
  package let openingSeconds: Double
  /// Numbers of officers with damaged keys that a rebuild took over from the views before.
  package let keptNumbers: Int
  package let scrub: Scrub?
  package let logID: [UInt8]
  /// This start began the registry.
  package let isNew: Bool
  package let random: RandomBytes
  package let logger: Logger
  /// What opening the views took: shown by `status`.
  package let viewsState: String
  package let aggregates: ComplianceAggregates
  package let profiles: ProfileCache
  package let eventsBehindMax: UInt64
  package let previewPeopleMax: Int
  package let clock: TimeSource
  /// What the log's last event carries; 0 where there is none.
  package let lastRecordedAtMs: UInt64
  /// Whether it answers and records, and why not.
  package let readiness: Readiness
  private let published: Mutex<PublishedStreams>

  /// What a start found to belong together, or made.
  package struct Opened {
    package var log: EventLog
    package var vault: Vault
    package var views: Views
    package var sharedStreams: SharedStreams
    /// This start began the registry.
    package var isNew: Bool
    /// What of the log is damaged.
    package var logDamage: String?
    /// What opening the views took, in words.
    package var viewsState: String
    /// What a rebuild that was asked for replaced.
    package var replaced: ReplacedViews?
    /// What that rebuild gave.
    package var computed: [Views.Digest]
    package var seconds: Double
    /// Numbers that a rebuild took over.
    package var keptNumbers: Int
    /// What the log's last event carries; 0 where there is none.
    package var lastRecordedAtMs: UInt64

    package init(
      log: EventLog, vault: Vault, views: Views, sharedStreams: SharedStreams, isNew: Bool,
      logDamage: String?, viewsState: String, replaced: ReplacedViews?,
      computed: [Views.Digest], seconds: Double, keptNumbers: Int,
      lastRecordedAtMs: UInt64
    ) {
      (self.log, self.vault, self.views) = (log, vault, views)
      self.sharedStreams = sharedStreams
      (self.isNew, self.logDamage) = (isNew, logDamage)
      (self.viewsState, self.replaced, self.seconds) = (viewsState, replaced, seconds)
      self.computed = computed
      (self.keptNumbers, self.lastRecordedAtMs) = (keptNumbers, lastRecordedAtMs)
    }
  }

  /// Holds what was opened: `init(_:logger:rebuild:)` opens it.
  package init(_ opened: Opened, _ options: Options, _ folder: DataFolder, logger: Logger) {
    self.logger = logger
    self.folder = folder
    aggregates = ComplianceAggregates(touchedMax: options.touchedMax)
    eventsBehindMax = options.eventsBehindMax
    previewPeopleMax = options.previewPeopleMax
    (random, clock) = (options.random, options.clock)
    profiles = ProfileCache(folder: folder.profilesPath, logger: logger)
    (keptNumbers, lastRecordedAtMs) = (opened.keptNumbers, opened.lastRecordedAtMs)
    unsafe log = opened.log
    unsafe views = opened.views
    vault = opened.vault
    published = Mutex(PublishedStreams(opened.sharedStreams))
    readiness = Readiness(
      [("log", folder.logPath), ("vault", folder.vaultPath), ("views", folder.viewsPath)],
      room: options.room)
    if let damage = opened.logDamage { readiness.close("The log is damaged: \(damage).") }
    (logID, isNew, logDamage) = (opened.log.id, opened.isNew, opened.logDamage)
    (viewsState, replaced, openingSeconds) = (opened.viewsState, opened.replaced, opened.seconds)
    computed = opened.computed
    if let every = options.scrubEverySeconds, logDamage == nil {
      scrub = Scrub(
        opened.log, opened.views, opened.vault, firstSeconds: options.scrubFirstSeconds,
        everySeconds: every,
        logger: logger)
    } else {
      scrub = nil
    }
  }

  /// Starts what reads by itself; `close` ends it. Who opens a folder for a question or two does
  /// without.
  package func start() { scrub?.start() }

  /// The shared streams as a snapshot at a position sees them.
  package func sharedStreams(for asOf: LogPosition) -> SharedStreams? {
    published.withLock { $0.streams(for: asOf) }
  }

  package var sharedStreams: SharedStreams { published.withLock { $0.current } }

  /// Called before the views that go with it are committed, so that no snapshot is ever ahead.
  package func publish(_ sharedStreams: SharedStreams) {
    published.withLock { $0.publish(sharedStreams) }
  }

  /// What the log and the views take on disk, in bytes, and the address space of each map.
  package var usage: (log: Int, views: Int, map: Int) {
    let (log, views) = unsafe (self.log.usage, self.views.environment.usage)
    return (log.usedBytes, views.usedBytes, log.mapBytes)
  }

  /// The registry's time zone: its days are that zone's.
  package static func timeZone(in sharedStreams: SharedStreams) -> TimeZone {
    sharedStreams.establishment(on: .distantFuture).flatMap { TimeZone(identifier: $0.timeZone) }
      ?? .gmt
  }

  /// The day in the registry's time zone.
  package func today(in sharedStreams: SharedStreams) -> Day {
    clock.today(in: Self.timeZone(in: sharedStreams))
  }
}

extension RegistryStore {
  /// What is there, in a phrase.
  package func summary() throws -> String {
    let events = unsafe log.end
    let jurisdiction = sharedStreams.registryStream.flatMap { sharedStreams.state(of: $0) }?
      .establishment?.jurisdiction.text
    return "\(events) events" + (jurisdiction.map { " of \($0)" } ?? ", no registry yet")
      + ", views \(viewsState)"
  }

  /// The number of events that the views know.
  package func digestPosition() throws -> LogPosition {
    let views = unsafe self.views
    return try views.environment.read { try views.position($0) }
  }

  /// The digests of the views as they are committed now.
  package func digest() throws -> (asOf: LogPosition, hex: String, tables: [Views.Digest]) {
    let views = unsafe self.views
    return try views.environment.read { snapshot in
      let tables = try views.digests(snapshot)
      return (try views.position(snapshot), Self.hex(Views.digest(of: tables)), tables)
    }
  }
}

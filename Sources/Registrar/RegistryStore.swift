import EventLog
import Foundation
import LMDB
import Logging
import Messages
import Projections
import Registry
import Synchronization
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

    public init(folder: String, masterKey: MasterKey) {
      self.folder = folder
      self.masterKey = masterKey
    }
  }

  package nonisolated(unsafe) let log: EventLog
  package nonisolated(unsafe) let views: Views
  public let vault: Vault
  let folder: DataFolder
  public let logID: [UInt8]
  public let logger: Logger
  /// What opening the views took: shown by `status`.
  public let viewsState: String
  /// Places for questions that look at everybody.
  let jobs = JobPlaces()
  let tallies: Tallies
  let profiles: ProfileShelf
  let eventsBehindMax: UInt64
  private let published: Mutex<(current: Catalogue, previous: Catalogue)>

  /// Opens the folder; views that cannot be trusted are rebuilt before this returns.
  ///
  /// - Parameter rebuild: rebuild the views in any case.
  public init(_ options: Options, logger: Logger, rebuild: Bool = false) throws {
    self.logger = logger
    tallies = Tallies(touchedMax: options.touchedMax)
    eventsBehindMax = options.eventsBehindMax
    folder = try DataFolder(options.folder)
    profiles = ProfileShelf(folder: folder.profilesPath, logger: logger)
    vault = try Vault(folder: folder.vaultPath, master: options.masterKey)
    var random = SystemRandomNumberGenerator()
    unsafe log = try EventLog(
      folder: folder.logPath,
      freshID: (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) },
      mapSizeBytes: options.mapSizeBytes)
    let log = unsafe self.log
    logID = log.id
    let opening = ViewsOpening(
      folder: folder, log: log, vault: vault, logger: logger,
      mapSizeBytes: options.mapSizeBytes, rebuildMemoryBytes: options.rebuildMemoryBytes)
    let opened = try opening.open(forceRebuild: rebuild)
    unsafe views = opened.views
    viewsState = opened.state
    published = Mutex((opened.catalogue, opened.catalogue))
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
    let (log, views) = unsafe (self.log, self.views)
    let position = try views.environment.read { try views.position($0) }
    try views.environment.sync()
    profiles.close()
    views.close()
    log.close()
    vault.close()
    try ViewsOpening.mark(
      .clean, folder: folder, views: views.folder, logID: logID, position: position
    )
    .write(folder.markPath)
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
  public static func today(in catalogue: Catalogue, at now: Date = Date()) -> Day {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone(in: catalogue)
    let parts = calendar.dateComponents([.year, .month, .day], from: now)
    // sure: asked for, and a clock shows a year of the calendar
    return Day(year: parts.year!, month: parts.month!, day: parts.day!)!
  }
}

extension Vault {
  /// The blind indexes of the identifiers that an event gives its officer; none once the
  /// officer's key is gone.
  func blinds(of stored: StoredEvent, arena: Arena) throws -> [[UInt8]] {
    guard !stored.recorded.sealed.isEmpty else { return [] }
    guard let personal = try personal(of: stored, arena: arena) else { return [] }
    return personal.identifiers.map { blindIndex(scheme: $0.scheme.text, value: $0.value) }
  }

  /// What was sealed with an event; nil when there is nothing or the key is gone.
  func personal(of stored: StoredEvent, arena: Arena) throws -> Personal? {
    guard !stored.recorded.sealed.isEmpty else { return nil }
    do {
      let plain = try open(
        stored.recorded.sealed, for: stored.stream.key,
        context: StoredEvent.sealingContext(stored.stream, stored.proposal.eventID))
      return try Codec.decode(
        Personal.self, from: unsafe plain.span.bytes, arena: arena, unknownFields: .ignored,
        limits: .stored)
    } catch let failure as VaultFailure where failure.kind == .erased || failure.kind == .noKey {
      return nil
    }
  }
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

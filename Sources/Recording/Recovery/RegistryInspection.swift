import EventLog
import Files
import Foundation
import LMDB
import Logging
import Projections
import Registry
import RegistryStorage
import Vault

/// A registry's folder, opened to be looked at: nothing in it is written, made, renamed or begun, so
/// that it may be somebody else's, or on a disk that cannot be written to.
///
/// What has to be computed goes to a scratch folder elsewhere, and away again.
package final class RegistryInspection {
  private let folder: DataFolder
  private let log: EventLog
  private let vault: Vault
  private let mapSizeBytes: Int
  private let computed: ComputedViews

  /// - Parameters:
  ///   - scratch: a folder that exists, for what is computed.
  ///   - memoryBytes: what computing may take in memory.
  /// - Throws: `FolderFailure` where there is no whole registry, or a process has it.
  package init(
    _ path: String, masterKey: MasterKey, scratch: String,
    memoryBytes: Int = Rebuild.Limits().memoryMax, mapSizeBytes: Int = 256 << 30
  ) throws {
    switch try FolderParts(of: path).decide(path, mayBegin: false) {
    case .open: break
    case .refuse(let failure): throw failure
    case .begin, .finishUpgrade:
      throw FolderFailure(
        .incomplete,
        "A start of the registry in \(path) did not come to its end: start it, which finishes it. "
          + "Nothing was changed.")
    }
    folder = try DataFolder(reading: path)
    self.mapSizeBytes = mapSizeBytes
    do {
      (log, vault) = try Self.parts(of: folder, masterKey, mapSizeBytes)
    } catch {
      folder.unlock()
      throw error
    }
    var computed = ComputedViews(log: log, vault: vault, scratch: scratch)
    computed.mapSizeBytes = mapSizeBytes
    computed.memoryBytes = memoryBytes
    self.computed = computed
  }

  private static func parts(
    of folder: DataFolder, _ masterKey: MasterKey, _ mapSizeBytes: Int
  ) throws -> (EventLog, Vault) {
    if let damage = try LogCheck.damage(folder) {
      throw LogCheck.refusal(folder, damage, mayServe: true)
    }
    let format = try EventLog.format(
      in: folder.logPath, mapSizeBytes: mapSizeBytes, isReadOnly: true)
    guard format != 1 else {
      throw FolderFailure(
        .other,
        "The log in \(folder.logPath) has format 1, which a start upgrades: start the registry "
          + "first. Nothing was changed.")
    }
    guard format != nil else {
      throw FolderParts.missing(log: folder.path, isEmpty: true, parts: "a vault")
    }
    let vault = try Vault(
      folder: folder.vaultPath, master: masterKey, mayBegin: false, isReadOnly: true)
    do {
      let log = try EventLog(
        folder: folder.logPath, mapSizeBytes: mapSizeBytes, isReadOnly: true)
      let failure = VaultCheck.failure(
        of: folder.path, id: vault.id, reach: vault.reach, beside: log.identity)
      if let failure {
        log.close()
        throw failure
      }
      return (log, vault)
    } catch {
      vault.close()
      throw error
    }
  }

  package func close() {
    log.close()
    vault.close()
    folder.unlock()
  }

  /// The number of events in the log.
  package var events: LogPosition { log.end }

  package func digest(at position: LogPosition) throws -> LogDigest {
    try computed.digest(at: position)
  }

  // MARK: the views

  /// What a rebuild gives, and what the views in use are.
  package struct Comparison: Sendable {
    /// How many events the views know; the log may have more.
    package var position: LogPosition
    package var computed: [Views.Digest]
    package var inUse: ReplacedViews
    package var seconds: Double
    package var keptNumbers: Int
  }

  /// Computes the views from the log as far as those in use know it, and reads the rows of those in
  /// use. Nothing is put right.
  package func compare() throws -> Comparison {
    let generations = try ViewsGenerations(folder)
    let earlier = try EarlierViews(
      generations, ViewsMark.read(folder.markPath), of: log, isReadOnly: true)
    let (position, inUse) = try self.inUse(generations)
    let begun = Date()
    let recovery = ViewsRecovery(
      folder: folder, log: log, vault: vault,
      logger: Logger(label: "ujuzi") { _ in SwiftLogNoOpLogHandler() }, mapSizeBytes: mapSizeBytes)
    let (tables, kept) = try computed.lend(to: position) { views in
      let kept = try recovery.keepNumbers(of: vault.damagedOfficers, from: earlier, in: views)
      return (try views.environment.read { try views.digests($0) }, kept)
    }
    return Comparison(
      position: position, computed: tables, inUse: inUse,
      seconds: Date().timeIntervalSince(begun), keptNumbers: kept)
  }

  private func inUse(
    _ generations: ViewsGenerations
  ) throws -> (position: LogPosition, ReplacedViews) {
    func nothing(_ reason: String) -> (position: LogPosition, ReplacedViews) {
      (log.end, .nothing(reason))
    }
    guard let current = generations.current else {
      return nothing(generations.problem ?? "there were no views")
    }
    let path = generations.path(of: current)
    guard try File.isThere(path + "/data.mdb") else { return nothing("there were no views") }
    let mark = try ViewsMark.read(folder.markPath)
    let now = try ViewsRecovery.mark(
      .dirty, folder: folder, views: path, logID: log.id, position: 0)
    let eventThere = try mark.flatMap { try ViewsRecovery.event(before: $0.position, in: log) }
    func decide(_ position: LogPosition) throws -> String? {
      switch ViewsMark.decide(
        mark, now: now, viewsPosition: position, logEnd: log.end, eventThere: eventThere)
      {
      case .catchUp: nil
      case .rebuild(let reason): reason
      case .ahead(let known): throw ViewsRecovery.ahead(known, of: folder, logEnd: log.end)
      }
    }
    if let reason = try decide(0) { return nothing(reason) }
    if let problem = try ViewsCheck.problem(path, mark, always: true) { return nothing(problem) }
    do {
      let views = try Views(folder: path, mapSizeBytes: mapSizeBytes, isReadOnly: true)
      defer { views.close() }
      return try views.environment.read { snapshot in
        let position = try views.position(snapshot)
        if let problem = try views.problem(snapshot) ?? decide(position) { return nothing(problem) }
        return (
          position,
          .tables(
            try views.recomputedDigests(snapshot), computedTo: try generations.computedTo(current))
        )
      }
    } catch let error as CancellationError {
      throw error
    } catch let failure as StoreFailure {
      return nothing("they cannot be read: \(failure.sentence)")
    }
  }
}

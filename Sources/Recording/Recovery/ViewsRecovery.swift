import EventLog
import Failures
import Files
import Foundation
import LMDB
import Logging
import Messages
import Projections
import Registry
import RegistryStorage
import Vault

/// Recovers the views at a start: catches them up where they may be trusted, rebuilds them
/// otherwise.
struct ViewsRecovery {
  let folder: DataFolder
  let log: EventLog
  let vault: Vault
  let logger: Logger
  let mapSizeBytes: Int
  /// What a rebuild may take in memory.
  var rebuildMemoryBytes = Rebuild.Limits().memoryMax
  /// See `RegistryStore.Options`.
  var acceptsOlderLog = false
  var keepsCompared = false

  /// What of the log is damaged: then nothing can be computed from it again.
  var logDamage: String?

  struct Opened {
    var views: Views
    var sharedStreams: SharedStreams
    var state: String
    /// Of a rebuild that was asked for.
    var replaced: ReplacedViews?
    /// What that rebuild gave.
    var computed: [Views.Digest] = []
    /// What a rebuild took.
    var seconds = 0.0
    /// Rows of the views before that a rebuild kept, since their keys are damaged.
    var keptNumbers = 0
  }

  func open(forceRebuild: Bool) throws -> Opened {
    let generations = try ViewsGenerations(folder)
    let earlier = try EarlierViews(generations, ViewsMark.read(folder.markPath), of: log)
    var replaced: ReplacedViews?
    if forceRebuild { replaced = try toCompare(generations) }
    switch try decide(generations, forced: forceRebuild) {
    case .catchUp:
      guard let current = generations.current else { break }
      let path = generations.path(of: current)
      try mark(path, 0).write(folder.markPath)
      do {
        let views = try Views(folder: path, mapSizeBytes: mapSizeBytes)
        do {
          return Opened(
            views: views, sharedStreams: try catchUp(views), state: "caught up", replaced: replaced)
        } catch {
          views.close()
          throw error
        }
      } catch let error as CancellationError {
        throw error
      } catch {
        // Whatever it was: the log brings them back, or says itself what is wrong with it.
        return try rebuilt(
          generations, "they cannot be used: \(ErrorSentence.of(error))", replaced, earlier)
      }
    case .rebuild(let reason): return try rebuilt(generations, reason, replaced, earlier)
    case .ahead(let known): throw Self.ahead(known, of: folder, logEnd: log.end)
    }
    return try rebuilt(generations, "there are none", replaced, earlier)
  }

  private func rebuilt(
    _ generations: ViewsGenerations, _ reason: String, _ replaced: ReplacedViews?,
    _ earlier: EarlierViews
  ) throws -> Opened {
    if let logDamage {
      throw FolderFailure(
        .other,
        "The views in \(folder.viewsPath) must be computed again (\(reason)), and cannot be, since "
          + "the log is damaged: \(logDamage). Restore a backup of the folder.")
    }
    let begun = Date()
    let number = generations.next
    var kept: Int?
    if keepsCompared, case .tables? = replaced { kept = generations.current }
    let views = try rebuild(
      in: generations.path(of: number), reason: reason, isToBeUsed: kept == nil)
    var opened = Opened(
      views: views, sharedStreams: SharedStreams(), state: "caught up", replaced: replaced)
    do {
      opened.keptNumbers = try keepNumbers(of: vault.damagedOfficers, from: earlier, in: views)
      opened.computed = try views.environment.read { try views.digests($0) }
      opened.seconds = Date().timeIntervalSince(begun)
      if kept == nil {
        try generations.note(number, computedTo: log.end)
        try generations.use(number)
        opened.state = log.end == 0 ? "fresh" : "rebuilt: \(reason)"
        opened.sharedStreams = try catchUp(views)
      }
    } catch {
      views.close()
      // Views that nobody uses would stay in the folder for ever.
      if kept != nil { generations.drop(number) }
      throw error
    }
    guard let kept else { return opened }
    views.close()
    generations.drop(number)
    opened.views = try Views(folder: generations.path(of: kept), mapSizeBytes: mapSizeBytes)
    do {
      opened.sharedStreams = try catchUp(opened.views)
    } catch {
      opened.views.close()
      throw error
    }
    return opened
  }

  /// The digests of the views that a rebuild replaces, from their rows, where they can be read.
  private func toCompare(_ generations: ViewsGenerations) throws -> ReplacedViews {
    guard let current = generations.current else {
      return .nothing(generations.problem ?? "there were no views")
    }
    let path = generations.path(of: current)
    switch try decide(generations, forced: false, readingAll: true) {
    case .ahead(let known): throw Self.ahead(known, of: folder, logEnd: log.end)
    case .rebuild(let reason): return .nothing(reason)
    case .catchUp: break
    }
    do {
      try mark(path, 0).write(folder.markPath)
      let views = try Views(folder: path, mapSizeBytes: mapSizeBytes)
      defer { views.close() }
      _ = try catchUp(views)
      return .tables(
        try views.environment.read { try views.recomputedDigests($0) },
        computedTo: try generations.computedTo(current))
    } catch let error as CancellationError {
      throw error
    } catch {
      return .nothing("they cannot be read: \(ErrorSentence.of(error))")
    }
  }

  private func decide(
    _ generations: ViewsGenerations, forced: Bool, readingAll: Bool = false
  ) throws -> ViewsMark.Decision {
    let marked = try ViewsMark.read(folder.markPath)
    // Also where the views themselves are gone: the mark knows how far the log once was.
    if let marked, marked.logID == Self.text(log.id), marked.position > log.end, !acceptsOlderLog {
      return .ahead(marked.position)
    }
    if forced { return .rebuild(reason: "as asked") }
    guard let current = generations.current else {
      return .rebuild(reason: generations.problem ?? "there are none")
    }
    let path = generations.path(of: current)
    guard try File.isThere(path + "/data.mdb") else {
      return .rebuild(reason: "there are none")
    }
    let now = try mark(path, 0)
    // Only views that the mark vouches for are opened at all.
    let first = try decide(marked, now, viewsPosition: 0)
    guard first == .catchUp else { return first }
    if let problem = try ViewsCheck.problem(path, marked, always: readingAll) {
      return .rebuild(reason: problem)
    }
    let position: LogPosition
    do {
      let views = try Views(folder: path, mapSizeBytes: mapSizeBytes)
      defer { views.close() }
      let problem: String?
      (position, problem) = try views.environment.read {
        (try views.position($0), try views.problem($0))
      }
      if let problem { return .rebuild(reason: problem) }
    } catch {
      return .rebuild(reason: "they cannot be opened: \(ErrorSentence.of(error))")
    }
    return try decide(marked, now, viewsPosition: position)
  }

  private func decide(
    _ marked: ViewsMark?, _ now: ViewsMark, viewsPosition: LogPosition
  ) throws -> ViewsMark.Decision {
    let decision = ViewsMark.decide(
      marked, now: now, viewsPosition: viewsPosition, logEnd: log.end,
      eventThere: try marked.flatMap { try Self.event(before: $0.position, in: log) })
    guard case .ahead = decision, acceptsOlderLog else { return decision }
    return .rebuild(reason: "an older log was put back")
  }

  /// The log is older than what was computed from it.
  static func ahead(
    _ known: LogPosition, of folder: DataFolder, logEnd: LogPosition
  ) -> FolderFailure {
    FolderFailure(
      .incomplete,
      "The log in \(folder.path)/log ends at \(logEnd) events, and the views know \(known): it is "
        + "an older copy, or a part of it is missing. Put the newest log back. Where there is none, "
        + "`ujuzi serve --older-log` goes on from this one: what was recorded from event "
        + "\(logEnd) on is given up, and the views are computed again. Nothing was changed.")
  }

  /// The SHA-256 of the event before a position, in hexadecimal.
  static func event(before position: LogPosition, in log: EventLog) throws -> String? {
    guard position > 0 else { return nil }
    let reader = try log.makeReader()
    defer { reader.end() }
    return try reader.sha256(position - 1).map(RegistryStore.hex)
  }

  /// - Parameter isToBeUsed: otherwise those in use stay so, also where this is cut short.
  private func rebuild(in path: String, reason: String, isToBeUsed: Bool) throws -> Views {
    try? File.removeTree(path)
    _ = try File.makeFolder(folder.viewsPath)
    let views = try Views(folder: path, mapSizeBytes: mapSizeBytes)
    if isToBeUsed { try mark(path, 0).write(folder.markPath) }
    if log.end > 0 {
      logger.notice("rebuilding the views: \(reason)", metadata: ["events": "\(log.end)"])
      var limits = Rebuild.Limits()
      limits.memoryMax = rebuildMemoryBytes
      let vault = self.vault
      let rebuild = Rebuild(views, log: log, limits: limits) {
        let arena = Arena()
        return { try vault.blinds(of: $0, in: $1, arena: arena) }
      }
      do {
        try rebuild.run(to: log.end) { position in
          if position % 500_000 == 0 {
            logger.notice("rebuilding", metadata: ["events": "\(position) of \(log.end)"])
          }
        }
      } catch is CancellationError {
        // Asked to stop: what is half made is not left.
        views.close()
        try? File.removeTree(path)
        throw CancellationError()
      }
    }
    try views.environment.sync()
    return views
  }

  private func mark(_ views: String, _ position: LogPosition) throws -> ViewsMark {
    // Also where the whole folder is missing.
    _ = try File.makeFolder(folder.viewsPath)
    _ = try File.makeFolder(views)
    return try Self.mark(
      .dirty, folder: folder, views: views, logID: log.id, position: position)
  }

  /// As marks spell it.
  static func text(_ logID: [UInt8]) -> String {
    logID.map { String($0, radix: 16) }.joined(separator: ".")
  }

  static func mark(
    _ state: ViewsMark.State, folder: DataFolder, views: String, logID: [UInt8],
    position: LogPosition, event: String? = nil
  ) throws -> ViewsMark {
    let place = try ViewsMark.place(of: views)
    return ViewsMark(
      state: state, bootID: ViewsMark.currentBootID(), device: place.device, inode: place.inode,
      logID: text(logID),
      fingerprint: Views.fingerprint, position: position, event: event)
  }
}

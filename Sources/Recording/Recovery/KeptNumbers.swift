import EventLog
import Failures
import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// The views that a rebuild replaces, for what the log cannot give again.
struct EarlierViews {
  /// Nil where there are none, or they are of another log.
  let path: String?
  let mark: ViewsMark?

  init(_ generations: ViewsGenerations, _ mark: ViewsMark?, of log: EventLog) {
    let isOurs = mark.map { $0.logID == ViewsRecovery.text(log.id) } ?? true
    path = isOurs ? generations.current.map { generations.path(of: $0) } : nil
    self.mark = mark
  }
}

/// Numbers of officers whose key is damaged.
///
/// A personnel number stands in the log sealed, and in `identifiers` as a keyed hash. Where the key
/// is damaged, a rebuild cannot compute that row again; without it the officer is found by number
/// no more, and the number is free for somebody else. A row, once there, is never taken back while
/// the officer has a key, so that the one of the views before is right.
extension ViewsRecovery {
  /// Takes over the rows of `identifiers` that lead to the officers from the views before, where
  /// these are whole.
  ///
  /// - Returns: how many.
  func keepNumbers(
    of officers: Set<Identifier>, from earlier: EarlierViews, in views: Views
  ) throws -> Int {
    guard !officers.isEmpty else { return 0 }
    let named = "\(officers.count == 1 ? "1 officer" : "\(officers.count) officers")"
    let rows: [(blind: [UInt8], officer: Identifier)]
    do {
      rows = try self.rows(leadingTo: officers, earlier)
    } catch let error as CancellationError {
      throw error
    } catch {
      logger.error(
        "the numbers of \(named) whose keys are damaged cannot be computed, nor taken from the views before: until a backup of the vault is put back they are not found by number, and others could be given the same",
        metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
      return 0
    }
    let kept = try views.write { transaction in
      var kept = 0
      for (blind, officer) in rows where try views.officer(blind: blind, transaction) == nil {
        try transaction.put(views[.identifiers], blind, ViewKey.of(officer))
        kept += 1
      }
      return kept
    }
    if kept > 0 {
      logger.warning(
        "\(kept) numbers of \(named) whose keys are damaged cannot be computed and were kept as they were in the views before"
      )
    }
    return kept
  }

  private func rows(
    leadingTo officers: Set<Identifier>, _ earlier: EarlierViews
  ) throws -> [(blind: [UInt8], officer: Identifier)] {
    guard let path = earlier.path else { throw LogFailure("There are no views of this log.") }
    // As for every file that LMDB is let at.
    if let problem = try ViewsCheck.problem(path, earlier.mark, always: true) {
      throw LogFailure("The views before: \(problem).")
    }
    let before = try Views(folder: path, mapSizeBytes: mapSizeBytes)
    defer { before.close() }
    var rows: [(blind: [UInt8], officer: Identifier)] = []
    try before.environment.read { snapshot in
      try snapshot.scan(before[.identifiers], from: .first) { key, value in
        if let officer = Identifier(value), officers.contains(officer) {
          rows.append((RawFields.bytes(key), officer))
        }
        return true
      }
    }
    return rows
  }
}

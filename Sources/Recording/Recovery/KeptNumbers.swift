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
  let isReadOnly: Bool

  init(
    _ generations: ViewsGenerations, _ mark: ViewsMark?, of log: EventLog, isReadOnly: Bool = false
  ) {
    self.isReadOnly = isReadOnly
    let isOurs = mark.map { $0.logID == ViewsRecovery.text(log.id) } ?? true
    path = isOurs ? generations.current.map { generations.path(of: $0) } : nil
    self.mark = mark
  }
}

/// Numbers of officers whose key is damaged.
///
/// A personnel number stands in the log sealed, and in `identifiers` as a keyed hash. Where the key
/// is damaged, a rebuild cannot compute that row again; without it the officer is found by number
/// no more, and the number is free for somebody else. A row says which event names a number, and is
/// never taken back while the officer has a key, so that the one of the views before is right.
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
    let rows: [(hash: [UInt8], row: IdentifierRow)]
    do {
      rows = try self.rows(leadingTo: officers, earlier, in: views)
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
      for (hash, row) in rows
      where try !views.identifierRows(below: hash, transaction).contains(row) {
        try transaction.put(views[.identifiers], row.key(below: hash), row.value)
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
    leadingTo officers: Set<Identifier>, _ earlier: EarlierViews, in views: Views
  ) throws -> [(hash: [UInt8], row: IdentifierRow)] {
    guard let path = earlier.path else { throw LogFailure("There are no views of this log.") }
    // As for every file that LMDB is let at.
    if let problem = try ViewsCheck.problem(path, earlier.mark, always: true) {
      throw LogFailure("The views before: \(problem).")
    }
    let before = try Views(
      folder: path, mapSizeBytes: mapSizeBytes, isReadOnly: earlier.isReadOnly)
    defer { before.close() }
    var rows: [(hash: [UInt8], row: IdentifierRow)] = []
    var former: [(hash: [UInt8], officer: Identifier)] = []
    try before.environment.read { snapshot in
      try snapshot.scan(before[.identifiers], from: .first) { key, value in
        let hash = RawFields.bytes(key.extracting(first: BlindIdentifier.hashLength))
        if let row = IdentifierRow(key: key, day: value) {
          if officers.contains(row.officer) { rows.append((hash, row)) }
        } else if key.byteCount == BlindIdentifier.hashLength, let officer = Identifier(value),
          officers.contains(officer)
        {
          former.append((hash, officer))
        }
        return true
      }
    }
    return try rows
      + former.compactMap { hash, officer in
        try firstSealed(of: officer, in: views).map { (hash, $0) }
      }
  }

  /// Rows of format 8 say only that the officer has the number: it counts from the first event with
  /// something sealed.
  private func firstSealed(of officer: Identifier, in views: Views) throws -> IdentifierRow? {
    let position = try views.environment.read { snapshot in
      try snapshot.get(views[.sealed], ViewKey.of(officer)) { ViewKey.number($0) }
    }
    guard let position else { return nil }
    let reader = try log.makeReader()
    defer { reader.end() }
    let day = try reader.read(position) { bytes in
      Result { () throws(DecodeFailure) in
        try StoredEvent(bytes, arena: Arena()).proposal.effective
      }
    }
    return try day.map { IdentifierRow(officer: officer, position: position, day: try $0.get()) }
  }
}

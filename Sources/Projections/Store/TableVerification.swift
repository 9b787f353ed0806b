import Algorithms
import LMDB
import Registry

/// Computes a table's digest anew in slices, each by a short snapshot of its own, and compares it
/// with the one that is kept: so rows that are missing, moved or made up are found, also those that
/// have a right checksum.
///
/// The rows change meanwhile. A key that was read by the snapshot of transaction T is brought up to
/// date by the changes of every later one; a key that is still to be read needs none.
public final class TableVerification {
  public enum Outcome: Hashable, Sendable {
    case equal
    case different(String)
    /// Too much was changed meanwhile.
    case givenUp
  }

  /// From a commit to the note of its changes.
  private static let noteSecondsMax = 5.0

  private let views: Views
  private let table: ViewTable
  private let scan: TableScan
  private let recorder = ChangeRecorder()
  private var digest = RowSetDigest()
  private var spreader = LaneExpander()
  private var next: [UInt8]?
  private var isAllRead = false
  /// The keys before `end`, from the one before, were read by the transaction's snapshot.
  private var read: [(end: [UInt8]?, transaction: UInt64)] = []

  /// One at a time for each views.
  public init(_ views: Views, _ table: ViewTable) throws {
    (self.views, self.table) = (views, table)
    scan = try TableScan(views.environment, views[table])
    views.recorders.attach(recorder)
  }

  public func end() {
    views.recorders.detach()
    scan.end()
  }

  /// Reads on until the time is up; nil once everything is read.
  public func slice(isTimeUp: @escaping () -> Bool) throws -> TableScan.Slice? {
    guard !isAllRead else { return nil }
    let slice = try scan.slice(from: next, isTimeUp: isTimeUp) { [self] _, key, value in
      spreader.spread(key, value) { digest.add($0) }
    }
    next = slice.end
    isAllRead = slice.end == nil
    if slice.end.map({ !$0.isEmpty }) ?? true { read.append((slice.end, slice.transaction)) }
    bringUpToDate(until: slice.transaction)
    return slice
  }

  /// Compares, once everything is read.
  public func finish() throws -> Outcome {
    precondition(isAllRead, "a digest is compared when every row was read")
    let (kept, counted, transaction) = try views.environment.read { snapshot in
      (
        try views.kept(table, snapshot), try snapshot.count(views[table]), snapshot.transactionID
      )
    }
    // Both of one snapshot: whatever was read meanwhile, these are the same.
    guard kept.rows == counted else {
      return .different(
        "table \(table.rawValue) counts \(counted) rows and should have \(kept.rows)")
    }
    // A change in the snapshot may not have reached the recorder yet.
    let began = read.first?.transaction ?? 0
    let isNoted =
      transaction <= began || recorder.wait(for: transaction, seconds: Self.noteSecondsMax)
    if recorder.isGivenUp || !isNoted { return .givenUp }
    bringUpToDate(until: transaction)
    if kept == digest { return .equal }
    return .different(
      "table \(table.rawValue) has \(digest.rows) rows and should have \(kept.rows)"
        + (digest.rows == kept.rows ? ", and others" : ""))
  }

  private func bringUpToDate(until transaction: UInt64) {
    let index = table.index
    for changes in recorder.take(until: transaction) {
      for piece in changes.pieces {
        RowChanges.forEach(in: piece) { table, isAdded, key, value in
          guard table == index, wasRead(key, before: changes.transaction) else { return }
          spreader.spread(key, value) { isAdded ? digest.add($0) : digest.subtract($0) }
        }
      }
    }
  }

  /// Whether a key was read by a snapshot that did not have what the transaction changed.
  private func wasRead(_ key: RawSpan, before transaction: UInt64) -> Bool {
    // The last one, without an end, holds whatever no other does.
    let place = read.partitioningIndex { piece in
      guard let end = piece.end else { return true }
      return key.isBefore(end)
    }
    return place < read.count && read[place].transaction < transaction
  }
}

extension RawSpan {
  fileprivate func isBefore(_ other: [UInt8]) -> Bool {
    for at in 0..<min(byteCount, other.count) where self[at] != other[at] {
      return self[at] < other[at]
    }
    return byteCount < other.count
  }
}

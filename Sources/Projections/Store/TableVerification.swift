import Foundation
import LMDB
import Locking
import Registry

/// Records the changes of one table for a verification that reads the table meanwhile.
final class ChangeRecorder: Sendable {
  /// Bytes that are kept: a verification that is so far behind is given up.
  private static let bytesMax = 64 << 20

  struct Changes {
    var transaction: UInt64
    var pieces: [[UInt8]]
  }

  private struct State {
    var waiting: [Changes] = []
    var bytes = 0
    var last: UInt64 = 0
    var isGivenUp = false
  }

  private let state = Mutex(State())

  /// The last transaction that was noted; 0: none.
  var last: UInt64 { state.withLock { $0.last } }
  var isGivenUp: Bool { state.withLock { $0.isGivenUp } }

  func note(_ pieces: [[UInt8]], by transaction: UInt64) {
    let bytes = pieces.reduce(0) { $0 + $1.count }
    state.withLock { state in
      state.last = transaction
      state.bytes += bytes
      if state.bytes > Self.bytesMax { state.isGivenUp = true }
      if state.isGivenUp {
        state.waiting = []
      } else {
        state.waiting.append(.init(transaction: transaction, pieces: pieces))
      }
    }
  }

  /// Takes what was noted of transactions up to one.
  func take(until transaction: UInt64) -> [Changes] {
    state.withLock { state in
      let count = state.waiting.prefix { $0.transaction <= transaction }.count
      let taken = Array(state.waiting[..<count])
      state.waiting.removeFirst(count)
      for changes in taken { state.bytes -= changes.pieces.reduce(0) { $0 + $1.count } }
      return taken
    }
  }
}

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

  private let views: Views
  private let table: ViewTable
  private let scan: TableScan
  private let follower = ChangeRecorder()
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
    views.followers.withLock { $0.follower = follower }
    // Of a transaction that began before, nothing is told: the first snapshot has it whole.
    while views.followers.withLock({ $0.unfollowed }) > 0 { Thread.sleep(forTimeInterval: 0.001) }
  }

  public func end() {
    views.followers.withLock { $0.follower = nil }
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
    var waited = 0
    while follower.last < transaction, transaction > began, waited < 5_000 {
      Thread.sleep(forTimeInterval: 0.001)
      waited += 1
    }
    if follower.isGivenUp || waited == 5_000 { return .givenUp }
    bringUpToDate(until: transaction)
    if kept == digest { return .equal }
    return .different(
      "table \(table.rawValue) has \(digest.rows) rows and should have \(kept.rows)"
        + (digest.rows == kept.rows ? ", and others" : ""))
  }

  private func bringUpToDate(until transaction: UInt64) {
    let index = table.index
    for changes in follower.take(until: transaction) {
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
    var (low, high) = (0, read.count)
    while low < high {
      let middle = (low + high) / 2
      if let end = read[middle].end, !(key.isBefore(end)) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    guard low < read.count else { return false }
    return read[low].transaction < transaction
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

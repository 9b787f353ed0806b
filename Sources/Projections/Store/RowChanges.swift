import Foundation
import LMDB
import Locking
import Messages
import Registry

/// Updates the tables' digests with the changes of a transaction. Rows are expanded into lanes by a
/// helper thread, a chunk at a time; what is left when the transaction ends the writer expands
/// itself.
///
/// A piece is records of rows, numbers big-endian:
/// ```
/// 0         1                    2               4                 8
/// table u8  1 added, 0 removed   key length u16  value length u32  key, value
/// ```
final class RowChanges: RowObserver {
  private static let pieceBytes = 16 << 10

  private let views: Views
  /// Number of a table of the environment → `ViewTable.index`.
  private let indices: [Int: Int]
  private var piece: [UInt8] = []
  private let sum = DigestDelta()
  /// For those who follow; nil where nobody does.
  private(set) var pieces: [[UInt8]]?

  init(_ views: Views, keepsPieces: Bool = false) {
    self.views = views
    indices = Dictionary(
      uniqueKeysWithValues: views.tables.enumerated().map { ($1.number, $0) })
    pieces = keepsPieces ? [] : nil
  }

  func removed(_ table: Table, _ key: RawSpan, _ value: RawSpan) { note(table, 0, key, value) }
  func added(_ table: Table, _ key: RawSpan, _ value: RawSpan) { note(table, 1, key, value) }

  private func note(_ table: Table, _ change: UInt8, _ key: RawSpan, _ value: RawSpan) {
    guard let index = indices[table.number] else { return }
    piece.append(UInt8(truncatingIfNeeded: index))
    piece.append(change)
    piece.append(bigEndian: UInt16(truncatingIfNeeded: key.byteCount))
    piece.append(bigEndian: UInt32(truncatingIfNeeded: value.byteCount))
    RawFields.append(key, to: &piece)
    RawFields.append(value, to: &piece)
    guard piece.count >= Self.pieceBytes else { return }
    pieces?.append(piece)
    DigestThread.shared.add(piece, to: sum)
    piece = []
    piece.reserveCapacity(Self.pieceBytes + 1024)
  }

  /// Writes the digests of the tables that changed. Nothing may be changed after it.
  func write(_ transaction: WriteTransaction) throws {
    transaction.observer = nil
    if !piece.isEmpty {
      pieces?.append(piece)
      sum.add(piece)
      piece = []
    }
    DigestThread.shared.finish(sum)
    for table in ViewTable.allCases {
      guard let change = sum.digests[table.index] else { continue }
      var digest = try views.kept(table, transaction)
      digest.add(change)
      try transaction.put(views.digestTable, Array(table.rawValue.utf8), digest.encoded)
    }
  }

  /// Lends the changes of a piece.
  static func forEach(
    in piece: [UInt8],
    _ body: (_ table: Int, _ isAdded: Bool, _ key: RawSpan, _ value: RawSpan) -> Void
  ) {
    let bytes = unsafe piece.span.bytes
    var at = 0
    while at < bytes.byteCount {
      let keyLength = Int(bytes.bigEndian(at: at + 2, bytes: 2))
      let valueLength = Int(bytes.bigEndian(at: at + 4, bytes: 4))
      let key = at + 8
      let value = key + keyLength
      body(
        Int(bytes[at]), bytes[at + 1] == 1, bytes.extracting(key..<value),
        bytes.extracting(value..<(value + valueLength)))
      at = value + valueLength
    }
  }
}

/// The change of each table's digest in one transaction.
private final class DigestDelta: Sendable {
  private struct State {
    var digests = [RowSetDigest?](repeating: nil, count: ViewTable.allCases.count)
    /// Pieces that the thread was given and has not added.
    var awaited = 0
  }

  private let state = Mutex(State())

  var digests: [RowSetDigest?] { state.withLock { $0.digests } }
  var isAwaited: Bool { state.withLock { $0.awaited > 0 } }

  func await() { state.withLock { $0.awaited += 1 } }
  func arrived() { state.withLock { $0.awaited -= 1 } }

  func add(_ piece: [UInt8]) {
    var part = [RowSetDigest?](repeating: nil, count: ViewTable.allCases.count)
    var spreader = LaneExpander()
    RowChanges.forEach(in: piece) { table, isAdded, key, value in
      var digest = part[table] ?? RowSetDigest()
      part[table] = nil
      spreader.spread(key, value) { isAdded ? digest.add($0) : digest.subtract($0) }
      part[table] = digest
    }
    state.withLock { state in
      for (at, digest) in part.enumerated() {
        guard let digest else { continue }
        if state.digests[at] == nil { state.digests[at] = RowSetDigest() }
        state.digests[at]?.add(digest)
      }
    }
  }
}

/// A thread that sums changes while the writer goes on; there is one, and it never ends.
private final class DigestThread: @unchecked Sendable {
  static let shared = DigestThread()

  /// Pieces that wait; whoever has one more adds it itself.
  private static let waitingMax = 64

  private let condition = NSCondition()
  private var waiting: [(piece: [UInt8], sum: DigestDelta)] = []
  private var isStarted = false

  func add(_ piece: [UInt8], to sum: DigestDelta) {
    let isTaken = condition.withLock {
      guard waiting.count < Self.waitingMax else { return false }
      if !isStarted { start() }
      sum.await()
      waiting.append((piece, sum))
      condition.broadcast()
      return true
    }
    if !isTaken { sum.add(piece) }
  }

  /// Returns when everything of a sum is added.
  func finish(_ sum: DigestDelta) {
    while let piece = take(sum) {
      sum.add(piece)
      done(sum)
    }
    condition.withLock {
      while sum.isAwaited { condition.wait() }
    }
  }

  private func take(_ sum: DigestDelta) -> [UInt8]? {
    condition.withLock {
      waiting.firstIndex { $0.sum === sum }.map { waiting.remove(at: $0).piece }
    }
  }

  private func done(_ sum: DigestDelta) {
    condition.withLock {
      sum.arrived()
      condition.broadcast()
    }
  }

  private func start() {
    isStarted = true
    let thread = Thread { [self] in run() }
    thread.name = "digests"
    thread.start()
  }

  private func run() {
    while true {
      condition.lock()
      while waiting.isEmpty { condition.wait() }
      let (piece, sum) = waiting.removeFirst()
      condition.unlock()
      sum.add(piece)
      done(sum)
    }
  }
}

/// The recorders of the views' changes, and the transactions that began before a recorder did.
struct ChangeRecorders {
  var follower: ChangeRecorder?
  var unfollowed = 0
}

extension Views {
  /// Lends a write transaction that keeps the tables' digests up to date. See `Environment.write`.
  public func write<R>(_ body: (WriteTransaction) throws -> R) throws -> R {
    let follower = followers.withLock { followers in
      if followers.follower == nil { followers.unfollowed += 1 }
      return followers.follower
    }
    defer {
      if follower == nil { followers.withLock { $0.unfollowed -= 1 } }
    }
    let changes = RowChanges(self, keepsPieces: follower != nil)
    var transactionID: UInt64 = 0
    let result = try environment.write { transaction in
      transactionID = transaction.transactionID
      transaction.observer = changes
      let result = try body(transaction)
      try changes.write(transaction)
      return result
    }
    follower?.note(changes.pieces ?? [], by: transactionID)
    return result
  }
}

import Locking

/// The change of each table's digest in one transaction.
final class DigestDelta: Sendable {
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

/// Sums changes on a thread of its own while the writer goes on. The thread is started when there
/// is something for it, and ended with the views.
final class DigestWorker: @unchecked Sendable {
  // What is unchecked is true because what changes is guarded by the worker's condition.

  /// Pieces that wait; whoever has one more adds it itself.
  private static let waitingMax = 64

  private let worker = Worker("digests")
  /// Signals those who wait for the end of a sum.
  private let added: Condition
  private var waiting: [(piece: [UInt8], sum: DigestDelta)] = []

  init() { added = Condition(sharing: worker.condition) }

  func add(_ piece: [UInt8], to sum: DigestDelta) {
    let isTaken = worker.condition.withLock {
      guard waiting.count < Self.waitingMax else { return false }
      if !worker.isStarted { worker.start { [self] in run() } }
      sum.await()
      waiting.append((piece, sum))
      worker.condition.signal()
      return true
    }
    if !isTaken { sum.add(piece) }
  }

  /// Returns when everything of a sum is added; meanwhile it adds what the thread has not taken.
  func finish(_ sum: DigestDelta) {
    while let piece = take(sum) {
      sum.add(piece)
      done(sum)
    }
    worker.condition.withLock {
      while sum.isAwaited { added.wait() }
    }
  }

  /// Ends the thread; nobody may be writing.
  func stop() { worker.stop() }

  private func take(_ sum: DigestDelta) -> [UInt8]? {
    worker.condition.withLock {
      waiting.firstIndex { $0.sum === sum }.map { waiting.remove(at: $0).piece }
    }
  }

  private func done(_ sum: DigestDelta) {
    worker.condition.withLock {
      sum.arrived()
      added.broadcast()
    }
  }

  private func run() {
    while let (piece, sum) = next() {
      sum.add(piece)
      done(sum)
    }
  }

  /// Nil when the thread is to end. What a transaction that failed left is dropped.
  private func next() -> (piece: [UInt8], sum: DigestDelta)? {
    worker.condition.withLock {
      while waiting.isEmpty, !worker.isStopping { worker.condition.wait() }
      return worker.isStopping ? nil : waiting.removeFirst()
    }
  }
}

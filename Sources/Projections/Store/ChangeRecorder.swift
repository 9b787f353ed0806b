import Locking

/// Records the changes of one table for a verification that reads the table meanwhile.
final class ChangeRecorder: @unchecked Sendable {
  // What is unchecked is true because what changes is guarded by the condition.

  /// Bytes that are kept: a verification that is so far behind is given up.
  private static let bytesMax = 64 << 20

  struct Changes {
    var transaction: UInt64
    var pieces: [[UInt8]]
  }

  private let condition = Condition()
  private var waiting: [Changes] = []
  private var bytes = 0
  /// The last transaction that was noted; 0: none.
  private var last: UInt64 = 0
  private var hasGivenUp = false

  var isGivenUp: Bool { condition.withLock { hasGivenUp } }

  func note(_ pieces: [[UInt8]], by transaction: UInt64) {
    let more = pieces.reduce(0) { $0 + $1.count }
    condition.withLock {
      last = transaction
      bytes += more
      if bytes > Self.bytesMax { hasGivenUp = true }
      if hasGivenUp {
        waiting = []
      } else {
        waiting.append(.init(transaction: transaction, pieces: pieces))
      }
      condition.broadcast()
    }
  }

  /// Returns when a transaction is noted, or so many seconds later.
  ///
  /// - Returns: whether it is noted.
  func wait(for transaction: UInt64, seconds: Double) -> Bool {
    let until = ContinuousClock.now + .seconds(seconds)
    return condition.withLock {
      while last < transaction, condition.wait(until: until) {}
      return last >= transaction
    }
  }

  /// Takes what was noted of transactions up to one.
  func take(until transaction: UInt64) -> [Changes] {
    condition.withLock {
      let count = waiting.prefix { $0.transaction <= transaction }.count
      let taken = Array(waiting[..<count])
      waiting.removeFirst(count)
      for changes in taken { bytes -= changes.pieces.reduce(0) { $0 + $1.count } }
      return taken
    }
  }
}

/// The recorder of the views' changes, while there is one, and the transactions that began before
/// it did.
final class ChangeRecorders: @unchecked Sendable {
  // What is unchecked is true because what changes is guarded by the condition.
  private let condition = Condition()
  private var recorder: ChangeRecorder?
  private var unrecorded = 0

  /// A transaction begins.
  ///
  /// - Returns: who is to be told of its changes.
  func begin() -> ChangeRecorder? {
    condition.withLock {
      if recorder == nil { unrecorded += 1 }
      return recorder
    }
  }

  /// A transaction has ended.
  ///
  /// - Parameter recorder: what `begin` gave.
  func end(of recorder: ChangeRecorder?) {
    guard recorder == nil else { return }
    condition.withLock {
      unrecorded -= 1
      if unrecorded == 0 { condition.broadcast() }
    }
  }

  /// Returns when the transactions that the recorder is not told of have ended: the first snapshot
  /// has them whole. One recorder at a time.
  func attach(_ recorder: ChangeRecorder) {
    condition.withLock {
      self.recorder = recorder
      while unrecorded > 0 { condition.wait() }
    }
  }

  func detach() { condition.withLock { recorder = nil } }
}

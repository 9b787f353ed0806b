/// Runs what is submitted, one after the other, on a worker of its own.
package final class WorkQueue: @unchecked Sendable {
  // What is unchecked is true because what changes is guarded by the worker's condition.
  package typealias Work = @Sendable () -> Void

  private let worker: Worker
  private let settled: Condition
  private var waiting: [Work] = []
  private var submitted: UInt64 = 0
  private var done: UInt64 = 0

  package init(_ name: String, stackBytes: Int = 8 << 20) {
    worker = Worker(name, stackBytes: stackBytes)
    settled = Condition(sharing: worker.condition)
  }

  package func start() { worker.start { [self] in run() } }

  /// Queues work, behind all that was queued before it. Does not block.
  ///
  /// - Returns: false once the queue is stopped: the work is not run.
  @discardableResult
  package func submit(_ work: @escaping Work) -> Bool {
    worker.condition.withLock {
      guard !worker.isStopping else { return false }
      waiting.append(work)
      submitted += 1
      // Otherwise the thread was told already, or is at work.
      if waiting.count == 1 { worker.condition.signal() }
      return true
    }
  }

  /// Returns when everything that was submitted before is done.
  package func flush() {
    worker.condition.withLock {
      let last = submitted
      while done < last { settled.wait() }
    }
  }

  /// Returns when everything that was submitted is done, and the thread has ended.
  package func stop() { worker.stop() }

  private func run() {
    // Its memory is used again: the two arrays take turns.
    var taken: [Work] = []
    var count = 0
    while take(&taken, done: count) {
      count = taken.count
      taken.reverse()
      // Each is freed when it is done, and not when all are.
      while let work = taken.popLast() { work() }
    }
  }

  /// - Parameter count: what was taken before, and is done.
  /// - Returns: false when the queue is stopped and nothing is left.
  private func take(_ taken: inout [Work], done count: Int) -> Bool {
    worker.condition.withLock {
      done += UInt64(count)
      settled.broadcast()
      while waiting.isEmpty, !worker.isStopping { worker.condition.wait() }
      swap(&taken, &waiting)
      return !taken.isEmpty
    }
  }
}

import Locking

/// The thread that appends to the log and syncs, one piece of work after the other. Its own, not
/// one of a pool: the disk must never wait for a free thread.
final class LogThread: Sendable {
  private let queue = WorkQueue("log", stackBytes: 4 << 20)

  func start() { queue.start() }

  /// The outcome of a work item, for the items after it and for its completion handler.
  final class Outcome: Sendable {
    fileprivate let result = Mutex<Result<Void, any Error>?>(nil)

    // sure: the wait was for it
    func get() throws { try result.withLock { $0! }.get() }
  }

  /// - Parameter then: called when the outcome is known.
  @discardableResult
  func send(
    _ work: @escaping @Sendable () throws -> Void, then: @escaping @Sendable () -> Void = {}
  ) -> Outcome {
    let outcome = Outcome()
    let isTaken = queue.submit {
      let result = Result(catching: work)
      outcome.result.withLock { $0 = result }
      then()
    }
    precondition(isTaken, "the writer sends nothing once it has stopped the log thread")
    return outcome
  }

  /// Returns when everything that was sent is done.
  func stop() { queue.stop() }
}

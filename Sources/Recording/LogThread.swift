import Foundation
import Locking
import RegistryStorage

/// A serial worker thread for appending to the log and syncing. Its own thread, not one of a pool:
/// the disk must never wait for a free thread.
final class LogThread: @unchecked Sendable {
  private let condition = NSCondition()
  private var queue: [@Sendable () -> Void] = []
  private var stopping = false
  private var ended = false

  func start() {
    let thread = Thread { [self] in run() }
    thread.name = "log"
    thread.stackSize = 4 << 20
    thread.start()
  }

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
    condition.withLock {
      queue.append {
        let result = Result(catching: work)
        outcome.result.withLock { $0 = result }
        then()
      }
      condition.signal()
    }
    return outcome
  }

  /// Returns when everything that was sent is done.
  func stop() {
    condition.withLock {
      stopping = true
      condition.signal()
      while !ended { condition.wait() }
    }
  }

  private func run() {
    condition.lock()
    while true {
      if !queue.isEmpty {
        let work = queue.removeFirst()
        condition.unlock()
        work()
        condition.lock()
      } else if stopping {
        break
      } else {
        condition.wait()
      }
    }
    ended = true
    condition.broadcast()
    condition.unlock()
  }
}

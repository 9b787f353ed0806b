import Foundation
import Locking
import RegistryStorage

/// A thread that does one thing after the other. Its own, not one of a pool: what waits for the disk
/// must not wait for a place among others that do.
final class Courier: @unchecked Sendable {
  private let condition = NSCondition()
  private var errands: [@Sendable () -> Void] = []
  private var stopping = false
  private var ended = false

  func start() {
    let thread = Thread { [self] in run() }
    thread.name = "log"
    thread.stackSize = 4 << 20
    thread.start()
  }

  /// What became of an errand, for the errands after it and for whoever is told of it.
  final class Outcome: Sendable {
    fileprivate let result = Mutex<Result<Void, any Error>?>(nil)

    // sure: the wait was for it
    func get() throws { try result.withLock { $0! }.get() }
  }

  /// - Parameter then: called when the outcome is known.
  @discardableResult
  func send(
    _ errand: @escaping @Sendable () throws -> Void, then: @escaping @Sendable () -> Void = {}
  ) -> Outcome {
    let outcome = Outcome()
    condition.withLock {
      errands.append {
        let result = Result(catching: errand)
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
      if !errands.isEmpty {
        let errand = errands.removeFirst()
        condition.unlock()
        errand()
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

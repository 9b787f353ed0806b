import Dispatch
import Foundation

/// A thread of the program's own, with a name, a stack and a niceness: for work that must never
/// wait for a free thread of a pool, or that would keep one from others.
///
/// It is started once. Whoever started it ends it with `stop`, which returns when its body has. Its
/// condition guards what the body shares with others: the body waits on it, so that `stop` wakes
/// it, and looks at `isStopping` whenever it is awake.
package final class Worker: @unchecked Sendable {
  // What is unchecked is true because what changes is atomic or guarded by the condition.

  /// Guards what the body waits for; may be another's, who guards more by it.
  package let condition: Condition
  private let ended: Condition
  private let name: String
  private let stackBytes: Int
  private let niceness: Int32
  private let stage = Atomic(Stage.made)
  private var isAskedToStop = false
  private var thread: pthread_t?

  private enum Stage: UInt8, AtomicRepresentable { case made, started, ended }

  /// - Parameters:
  ///   - name: in ASCII, as debuggers and /proc show it; Linux keeps 15 letters.
  ///   - niceness: 0 to 19: how far the thread stands back for others that want the same core. It
  ///     may lower its own priority without any privilege (setpriority(2), "C library/kernel
  ///     differences"); where that fails it shares alike.
  package init(
    _ name: String, stackBytes: Int = 8 << 20, niceness: Int32 = 0,
    condition: Condition = Condition()
  ) {
    (self.name, self.stackBytes, self.niceness) = (name, stackBytes, niceness)
    self.condition = condition
    ended = Condition(sharing: condition)
  }

  package var isStarted: Bool { stage.load(ordering: .acquiring) != .made }

  /// Runs the body on the thread; may be called with the condition's lock held.
  package func start(_ body: @escaping @Sendable () -> Void) {
    let isFirst = stage.compareExchange(
      expected: .made, desired: .started, ordering: .acquiringAndReleasing
    ).exchanged
    precondition(isFirst, "the worker \(name) is started once")
    let named = DispatchSemaphore(value: 0)
    let thread = Thread { [self] in
      named.wait()
      condition.withLock { self.thread = pthread_self() }
      if niceness != 0 { setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness) }
      body()
      condition.withLock {
        self.thread = nil
        stage.store(.ended, ordering: .releasing)
        ended.broadcast()
      }
    }
    thread.stackSize = stackBytes
    thread.start()
    // Foundation loses a name that it is given before it knows the thread, which waits for it: of one
    // that has ended there would be nothing to name.
    thread.name = String(name.prefix(15))
    named.signal()
  }

  /// Whether the body is to return; asked with the condition's lock held.
  package var isStopping: Bool { isAskedToStop }

  /// Waits with the lock not held, for so long or until the body is to return.
  ///
  /// - Returns: false when it is to return.
  package func rest(_ duration: Duration) -> Bool {
    let until = ContinuousClock.now + duration
    return condition.withLock {
      while !isAskedToStop, condition.wait(until: until) {}
      return !isAskedToStop
    }
  }

  /// Has the body return, and does not wait for it.
  package func askToStop() {
    condition.withLock {
      isAskedToStop = true
      condition.broadcast()
    }
  }

  /// Returns when the body has; at once where the worker was never started.
  package func join() {
    condition.withLock {
      if let thread {
        precondition(
          pthread_equal(thread, pthread_self()) == 0, "the worker \(name) waits for its own end")
      }
      while stage.load(ordering: .acquiring) == .started { ended.wait() }
    }
  }

  /// Has the body return, and waits for it. More than one may, and more than once.
  package func stop() {
    askToStop()
    join()
  }
}

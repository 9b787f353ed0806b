import CLMDB

/// A lock and a condition, like Foundation's `NSCondition`, whose timed waits use the monotonic
/// clock.
///
/// Foundation's wait until a date: one that is set back lengthens them, and from the year 2262 on,
/// where nanoseconds since 1970 no longer fit, they end the process.
public final class MonotonicCondition: @unchecked Sendable {
  // What is unchecked is true because pthread's own functions may be called by any thread.
  private let condition: UnsafeMutableRawPointer

  public init() {
    guard let made = ujuzi_condition_new() else {
      preconditionFailure("a lock needs a hundred bytes of memory")
    }
    condition = made
  }

  deinit { ujuzi_condition_free(condition) }

  public func lock() { ujuzi_condition_lock(condition) }
  public func unlock() { ujuzi_condition_unlock(condition) }
  /// Wakes all who wait.
  public func broadcast() { ujuzi_condition_broadcast(condition) }

  /// Waits with the lock held, which is given up meanwhile; may return for nothing.
  public func wait() { ujuzi_condition_wait(condition) }

  /// The same for at most so long.
  ///
  /// - Parameter seconds: less than 0 is 0, and more than a year a year.
  /// - Returns: false when the time was up.
  public func wait(seconds: Double) -> Bool {
    let most = 31_536_000.0
    let bounded = seconds > 0 ? min(seconds, most) : 0
    return ujuzi_condition_wait_ns(condition, Int64(bounded * 1e9)) != 0
  }

  /// The same until a moment.
  public func wait(until moment: ContinuousClock.Instant) -> Bool {
    let left = moment - .now
    return left > .zero && wait(seconds: left / .seconds(1))
  }

  public func withLock<R>(_ body: () throws -> R) rethrows -> R {
    lock()
    defer { unlock() }
    return try body()
  }
}

import Glibc

/// A lock and a condition, like Foundation's `NSCondition`, whose timed waits use the monotonic
/// clock.
///
/// Foundation's wait until a date: one that is set back lengthens them, and from the year 2262 on,
/// where nanoseconds since 1970 no longer fit, they end the process. A sanitizer sees these, since
/// they are pthread's.
@safe package final class Condition: @unchecked Sendable {
  // What is unchecked is true because pthread's own functions may be called by any thread.
  private let mutex: PthreadMutex
  private let waiters = ManagedBuffer<pthread_cond_t, Void>.create(minimumCapacity: 0) { _ in
    pthread_cond_t()
  }

  package convenience init() { self.init(PthreadMutex()) }

  /// Another condition under the lock of one, so that each who waits is woken by what concerns him.
  package convenience init(sharing other: Condition) { self.init(other.mutex) }

  private init(_ mutex: PthreadMutex) {
    self.mutex = mutex
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    _ = unsafe waiters.withUnsafeMutablePointerToHeader {
      unsafe pthread_cond_init($0, &attributes)
    }
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit { _ = unsafe waiters.withUnsafeMutablePointerToHeader { unsafe pthread_cond_destroy($0) } }

  package func lock() { mutex.lock() }
  package func unlock() { mutex.unlock() }

  package func withLock<R>(_ body: () throws -> R) rethrows -> R {
    mutex.lock()
    defer { mutex.unlock() }
    return try body()
  }

  /// Wakes one of those who wait; without any it makes no system call.
  package func signal() {
    _ = unsafe waiters.withUnsafeMutablePointerToHeader { unsafe pthread_cond_signal($0) }
  }

  /// Wakes all who wait.
  package func broadcast() {
    _ = unsafe waiters.withUnsafeMutablePointerToHeader { unsafe pthread_cond_broadcast($0) }
  }

  /// Waits with the lock held, which is given up meanwhile; may return for nothing.
  package func wait() {
    _ = unsafe waiters.withUnsafeMutablePointerToHeader { waiters in
      unsafe mutex.buffer.withUnsafeMutablePointerToHeader { unsafe pthread_cond_wait(waiters, $0) }
    }
  }

  /// The same for at most so long.
  ///
  /// - Parameter seconds: less than 0 is 0, and more than a year a year.
  /// - Returns: false when the time was up.
  package func wait(seconds: Double) -> Bool {
    let most = 31_536_000.0
    var until = Self.moment(in: Int(1e9 * (seconds > 0 ? min(seconds, most) : 0)))
    return unsafe waiters.withUnsafeMutablePointerToHeader { waiters in
      unsafe mutex.buffer.withUnsafeMutablePointerToHeader {
        unsafe pthread_cond_timedwait(waiters, $0, &until)
      }
    } != ETIMEDOUT
  }

  /// The same until a moment.
  package func wait(until moment: ContinuousClock.Instant) -> Bool {
    let left = moment - .now
    return left > .zero && wait(seconds: left / .seconds(1))
  }

  private static func moment(in nanoseconds: Int) -> timespec {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    let sum = now.tv_nsec + nanoseconds
    return timespec(tv_sec: now.tv_sec + sum / 1_000_000_000, tv_nsec: sum % 1_000_000_000)
  }
}

/// One of pthread's, at an address that stays.
@safe private final class PthreadMutex {
  let buffer = unsafe ManagedBuffer<pthread_mutex_t, Void>.create(minimumCapacity: 0) { _ in
    unsafe pthread_mutex_t()
  }

  init() {
    _ = unsafe buffer.withUnsafeMutablePointerToHeader { unsafe pthread_mutex_init($0, nil) }
  }
  deinit { _ = unsafe buffer.withUnsafeMutablePointerToHeader { unsafe pthread_mutex_destroy($0) } }

  func lock() {
    _ = unsafe buffer.withUnsafeMutablePointerToHeader { unsafe pthread_mutex_lock($0) }
  }
  func unlock() {
    _ = unsafe buffer.withUnsafeMutablePointerToHeader { unsafe pthread_mutex_unlock($0) }
  }
}

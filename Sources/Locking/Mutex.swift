// One door to the library's locks and atomics, so that a build may take others: with
// UJUZI_PTHREAD_LOCKS (`Tools/sanitize thread`) every `Mutex` is one of pthread's. ThreadSanitizer
// does not see the library's, which is made of futexes and not built with it.

@_exported import struct Synchronization.Atomic
@_exported import struct Synchronization.AtomicLoadOrdering
@_exported import protocol Synchronization.AtomicRepresentable
@_exported import struct Synchronization.AtomicStoreOrdering
@_exported import struct Synchronization.AtomicUpdateOrdering

#if UJUZI_PTHREAD_LOCKS
  import Foundation

  /// A value behind a lock of pthread's; as `Synchronization.Mutex` in everything that it has.
  public struct Mutex<Value: ~Copyable>: ~Copyable, Sendable {
    /// What is unchecked is checked by the lock: the value is touched with it held, and nowhere
    /// else.
    private final class Guarded: @unchecked Sendable {
      let lock = NSLock()
      var value: Value

      init(_ value: consuming Value) { self.value = value }
    }

    private let guarded: Guarded

    public init(_ value: consuming sending Value) { guarded = Guarded(value) }

    public borrowing func withLock<Result: ~Copyable, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      guarded.lock.lock()
      defer { guarded.lock.unlock() }
      return try body(&guarded.value)
    }
  }
#else
  import struct Synchronization.Mutex

  public typealias Mutex<Value: ~Copyable> = Synchronization.Mutex<Value>
#endif

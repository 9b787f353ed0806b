import Locking
import RegistryStorage

/// A pool of read sessions for requests off the event loops: one per concurrent thread.
package final class ReadSessionPool: Sendable {
  /// Unchecked, since only one thread at a time has taken it from the pool.
  private struct Pooled: @unchecked Sendable {
    let session: ReadSession
  }

  private let store: RegistryStore
  private let free = Mutex<[Pooled]>([])

  package init(_ store: RegistryStore) { self.store = store }

  package func lend<R>(_ body: (ReadSession) throws -> R) throws -> R {
    let pooled = try free.withLock { $0.popLast() } ?? Pooled(session: ReadSession(store))
    defer { free.withLock { $0.append(pooled) } }
    return try body(pooled.session)
  }

  /// Frees the sessions' reader slots in the stores; no request may be under way.
  package func end() {
    for pooled in free.withLock({ $0 }) { pooled.session.end() }
    free.withLock { $0 = [] }
  }
}

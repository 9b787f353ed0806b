import Locking
import RegistryStorage

/// Read sessions for whoever asks off the event loops: as many as threads that ask at once.
package final class ReadSessions: Sendable {
  /// In a place where only one thread at a time finds it.
  private struct Session: @unchecked Sendable {
    let desk: ReadDesk
  }

  private let store: RegistryStore
  private let free = Mutex<[Session]>([])

  package init(_ store: RegistryStore) { self.store = store }

  package func lend<R>(_ body: (ReadDesk) throws -> R) throws -> R {
    let session = try free.withLock { $0.popLast() } ?? Session(desk: ReadDesk(store))
    defer { free.withLock { $0.append(session) } }
    return try body(session.desk)
  }

  /// Frees their places in the stores; nobody may be asking any more.
  package func end() {
    for session in free.withLock({ $0 }) { session.desk.end() }
    free.withLock { $0 = [] }
  }
}

import Locking
import RegistryStorage

/// Notifies followers of the log of each commit.
package final class CommitSignal: Sendable {
  /// Names who waits; nil: somebody who was woken at once.
  package typealias Ticket = UInt64

  private struct State {
    var commits: UInt64 = 0
    var lastTicket: Ticket = 0
    var waiting: [Ticket: @Sendable () -> Void] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  package var count: UInt64 { state.withLock { $0.commits } }
  /// Those who wait now.
  var waiting: Int { state.withLock { $0.waiting.count } }

  package func signal() {
    let waiting = state.withLock { state in
      state.commits += 1
      defer { state.waiting = [:] }
      return state.waiting
    }
    for wake in waiting.values { wake() }
  }

  /// Calls back at the next commit; at once when there was one since `seen`.
  ///
  /// - Returns: what to leave by; nil where it called back at once.
  package func wait(since seen: UInt64, _ wake: @escaping @Sendable () -> Void) -> Ticket? {
    let ticket = state.withLock { state -> Ticket? in
      guard state.commits == seen else { return nil }
      state.lastTicket += 1
      state.waiting[state.lastTicket] = wake
      return state.lastTicket
    }
    if ticket == nil { wake() }
    return ticket
  }

  /// Waits no longer: the callback is let go, and is not called after this unless a commit was
  /// under way.
  package func leave(_ ticket: Ticket?) {
    guard let ticket else { return }
    // Let go outside of the lock: what the callback holds may go with it.
    let wake = state.withLock { $0.waiting.removeValue(forKey: ticket) }
    withExtendedLifetime(wake) {}
  }
}

import Locking
import Messages
import RegistryStorage

/// Makes the stream of each query, over the sessions and the memory that all of them share.
package final class QueryDispatcher: Sendable {
  let sessions: ReadSessionPool
  let commits: CommitSignal
  let notifier: SubscriptionNotifier
  let memory: QueryMemory

  package convenience init(
    _ sessions: ReadSessionPool, commits: CommitSignal, notifier: SubscriptionNotifier
  ) {
    self.init(sessions, commits: commits, notifier: notifier, memory: QueryMemory())
  }

  init(
    _ sessions: ReadSessionPool, commits: CommitSignal, notifier: SubscriptionNotifier,
    memory: QueryMemory
  ) {
    self.sessions = sessions
    self.commits = commits
    self.notifier = notifier
    self.memory = memory
  }

  package func stream(_ query: any Query) -> QueryStream { QueryStream(query, self) }
}

/// A query as the stream of its messages: each step with a session of the registry's and a snapshot
/// of its own.
package final class QueryStream: Sendable {
  private struct State {
    /// Nil once it has ended, was closed or dropped.
    var query: (any Query)?
    /// Commits before the last step.
    var seen: UInt64 = 0
    var commit: CommitSignal.Ticket?
    /// Of a watcher that has waited.
    var watcher: Int?
    var isDropped = false
    var isClosed = false
  }

  private let streams: QueryDispatcher
  private let state: Mutex<State>

  init(_ query: any Query, _ streams: QueryDispatcher) {
    self.streams = streams
    state = Mutex(State(query: query))
  }

  package var cost: QueryCost { state.withLock { $0.query?.cost ?? .light } }

  /// Works until there is a message or the slice is over; each call makes progress.
  package func step(_ slice: TimeSlice) throws(QueryFailure) -> StreamStep {
    let (step, bytes) = try state.withLock { state throws(QueryFailure) -> (StreamStep, Int) in
      guard var query = state.query else {
        guard state.isDropped else { return (.end(nil), 0) }
        throw .tooMuch(
          "Nothing was taken of this answer for long, and others need the memory that it held: "
            + "ask again.",
          rule: .queryMemoryMax, retryAfterMs: 1000)
      }
      // Taken before the read, so that a commit in between is not slept through.
      state.seen = streams.commits.count
      // Held once, so that what it gathers is not copied for each step.
      state.query = nil
      do {
        let step = try streams.sessions.lend { session in
          try session.read { _ in try query.next(session, slice) }
        }
        if case .end = step { return (step, 0) }
        state.query = query
        return (step, query.gatheredBytes)
      } catch {
        throw QueryFailure(of: error)
      }
    }
    for stream in streams.memory.note(bytes, of: self) { stream.drop() }
    return step
  }

  /// What it gathered is needed for others.
  private func drop() {
    state.withLock { state in
      guard state.query != nil else { return }
      state.query = nil
      state.isDropped = true
    }
  }

  package func whenReady(_ wake: @escaping @Sendable () -> Void) {
    let (watch, seen) = state.withLock { ($0.query as? WatchQuery, $0.seen) }
    guard let watch else {
      let ticket = streams.commits.wait(since: seen, wake)
      let isClosed = state.withLock { state in
        state.commit = ticket
        return state.isClosed
      }
      if isClosed { streams.commits.leave(ticket) }
      return
    }
    let ticket = state.withLock { state in
      let ticket = state.watcher ?? streams.notifier.subscribe(watch)
      state.watcher = ticket
      return ticket
    }
    streams.notifier.wait(ticket, watch) { [weak self] passed in
      self?.skip(passed)
      wake()
    }
  }

  private func skip(_ passed: SubscriptionIndex.ScanResult) {
    state.withLock { state in
      guard var watch = state.query as? WatchQuery else { return }
      watch.skip(passed)
      state.query = watch
    }
  }

  package func close() {
    let was = state.withLock { state in
      defer { (state.query, state.commit, state.watcher, state.isClosed) = (nil, nil, nil, true) }
      return (commit: state.commit, watcher: state.watcher)
    }
    streams.commits.leave(was.commit)
    if let watcher = was.watcher { streams.notifier.leave(watcher) }
    _ = streams.memory.note(0, of: self)
  }
}

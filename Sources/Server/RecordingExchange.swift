import DequeModule
import Locking
import Messages
import NIOCore
import Queries
import Recording
import Wire

/// Recording in bulk: requests are queued for the writer a few at a time, in their order, and
/// answered in that order.
///
/// A request's bytes are given back to its sender once its answer was handed on, so that neither
/// requests nor answers pile up. When the writer's queue is full of others' requests, what is here
/// waits instead of being refused.
final class RecordingExchange: Exchange {
  /// Requests with the writer at once: one is decided while the next is decoded and one is synced.
  private static let queuedMax = 4

  private struct PendingRequest {
    let bytes: Int
    var outcome: Result<[UInt8], CallStatus>?
  }

  private struct State {
    /// Not with the writer yet.
    var waiting: Deque<(request: [UInt8], number: Int)> = []
    /// Every request that is not answered, in order.
    var pending: Deque<PendingRequest> = []
    /// The number of the first of them.
    var first = 0
    var queued = 0
    var isEnded = false
    var isClosed = false
    /// Somebody hands requests to the writer; only one does at a time, for their order.
    var isHandingOn = false
    var wake: (@Sendable () -> Void)?
    /// Of the wait for room in the writer's queue.
    var ticket: CommitSignal.Ticket?
  }

  private let writer: Writer
  private let commits: CommitSignal
  private let context: CallContext
  private let taken: @Sendable (Int) -> Void
  private let state = Mutex(State())

  init(
    _ writer: Writer, _ commits: CommitSignal, _ context: CallContext,
    taken: @escaping @Sendable (Int) -> Void
  ) {
    self.writer = writer
    self.commits = commits
    self.context = context
    self.taken = taken
  }

  func take(_ message: [UInt8]) {
    state.withLock { state in
      state.waiting.append((message, state.first + state.pending.count))
      state.pending.append(PendingRequest(bytes: message.count))
    }
    handOn()
  }

  func takeEnd() {
    state.withLock { $0.isEnded = true }
    wakeReader()
  }

  var cost: QueryCost { .light }

  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    let (step, bytes) = try state.withLock { state throws(CallStatus) -> (StreamStep, Int) in
      guard let first = state.pending.first else { return (state.isEnded ? .end(nil) : .idle, 0) }
      switch first.outcome {
      case nil: return (.idle, 0)
      case .failure(let status): throw status
      case .success(let reply):
        state.pending.removeFirst()
        state.first += 1
        return (.message(reply), first.bytes)
      }
    }
    if bytes > 0 { taken(bytes) }
    return step
  }

  func whenReady(_ wake: @escaping @Sendable () -> Void) {
    let missed = state.withLock { state in
      if state.pending.first.map({ $0.outcome != nil }) ?? state.isEnded { return true }
      state.wake = wake
      return false
    }
    if missed { wake() }
  }

  /// What the writer has is decided still; the rest is let go.
  func close() {
    let ticket = state.withLock { state in
      state.isClosed = true
      state.waiting = []
      state.wake = nil
      return state.ticket
    }
    commits.leave(ticket)
  }

  private func wakeReader() {
    let wake = state.withLock { state in
      defer { state.wake = nil }
      return state.wake
    }
    wake?()
  }

  private func handOn() {
    let begins = state.withLock { state in
      defer { state.isHandingOn = true }
      return !state.isHandingOn
    }
    guard begins else { return }
    while true {
      let seen = commits.count
      let first = state.withLock { state -> (request: [UInt8], number: Int)? in
        guard !state.isClosed, state.queued < Self.queuedMax, let first = state.waiting.popFirst()
        else {
          state.isHandingOn = false
          return nil
        }
        state.queued += 1
        return first
      }
      guard let first else { return }
      guard !submit(first.request, first.number) else { continue }
      // The queue is full; it has room again after a commit.
      state.withLock { state in
        state.queued -= 1
        if !state.isClosed { state.waiting.prepend(first) }
        state.isHandingOn = false
      }
      let ticket = commits.wait(since: seen) { [weak self] in self?.handOn() }
      let isClosed = state.withLock { state in
        state.ticket = ticket
        return state.isClosed
      }
      if isClosed { commits.leave(ticket) }
      return
    }
  }

  /// - Returns: false when the writer's queue is full: it says so before it returns.
  private func submit(_ request: [UInt8], _ number: Int) -> Bool {
    let busy = Busy()
    writer.submit(
      EncodedRequest(request: request, isPreview: false, actor: context.principal) {
        [self] result in
        if case .failure(.busy) = result { return busy.flag.store(true, ordering: .relaxed) }
        let outcome: Result<[UInt8], CallStatus> =
          switch result {
          case .success(let reply):
            .success(Codec.encode(RecordReply(outcomes: reply.outcomes, asOf: reply.asOf)))
          case .failure(let failure): .failure(CallStatus(failure))
          }
        state.withLock { state in
          state.pending[number - state.first].outcome = outcome
          state.queued -= 1
        }
        wakeReader()
        handOn()
      })
    return !busy.flag.load(ordering: .relaxed)
  }

  private final class Busy: Sendable {
    let flag = Atomic(false)
  }
}

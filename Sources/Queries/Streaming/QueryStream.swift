import Locking
import Messages
import RegistryStorage
import Wire

/// Opens the response stream of each query.
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

  /// Computes nothing yet.
  package func open(
    _ method: Method, _ request: [UInt8]
  ) throws(CallStatus) -> any ResponseStream {
    do { return stream(try query(method, request)) } catch { throw CallStatus(of: error) }
  }

  func stream(_ query: any Query) -> QueryStream { QueryStream(query, self) }

  private func query(_ method: Method, _ request: [UInt8]) throws -> any Query {
    let bytes = unsafe request.span.bytes
    // A small budget, since a caller may open streams as fast as it can.
    let arena = Arena(budget: min(1 << 20, 8 << 10 + 128 * request.count))
    func decode<M: Message>(_ type: M.Type) throws -> M {
      try Codec.decode(type, from: bytes, arena: arena, unknownFields: .ignored)
    }
    switch method {
    case .readLog: return LogQuery(try decode(ReadLogRequest.self))
    case .streamHistory: return HistoryQuery(try decode(StreamHistoryRequest.self))
    case .cohortRoll: return RollQuery(try decode(CohortRollRequest.self))
    case .findOfficers: return FindQuery(try decode(FindOfficersRequest.self))
    case .listCredentials: return CredentialsQuery(try decode(ListCredentialsRequest.self))
    case .compliance: return ComplianceQuery(try decode(ComplianceRequest.self))
    case .complianceOfficers:
      return ComplianceOfficersQuery(try decode(ComplianceOfficersRequest.self))
    case .gap: return GapQuery(try decode(GapRequest.self))
    case .explain: return ExplainQuery(try decode(ExplainRequest.self))
    case .exceptions: return ExceptionsQuery(try decode(ExceptionsRequest.self))
    case .citedBy: return CitedByQuery(try decode(CitedByRequest.self))
    case .diff: return DiffQuery(try decode(DiffRequest.self))
    case .expiring: return ExpiringQuery(try decode(ExpiringRequest.self))
    case .duplicates: return DuplicatesQuery(try decode(DuplicatesRequest.self))
    case .officerRecord: return OfficerRecordQuery(try decode(OfficerRecordRequest.self))
    case .watch: return try WatchQuery(decode(WatchRequest.self))
    case .check, .verifyCredential, .getProfile, .hasSkill, .resolveOfficer, .record, .recordMany,
      .preview, .verifyCredentials, .getAgreement, .getStream, .authorisations, .findPerson,
      .findEvent, .viewDigest, .describe, .connections, .status:
      throw CallStatus(.unimplemented, "There is no such stream.", notProcessed: true)
    }
  }
}

/// A query as the stream of its messages: each step with a session of the registry's and a snapshot
/// of its own.
final class QueryStream: ResponseStream {
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

  var cost: QueryCost { state.withLock { $0.query?.cost ?? .light } }

  func next(_ slice: TimeSlice) throws(CallStatus) -> StreamStep {
    let (step, bytes) = try state.withLock { state throws(CallStatus) -> (StreamStep, Int) in
      guard var query = state.query else {
        guard state.isDropped else { return (.end(nil), 0) }
        throw CallStatus(
          .resourceExhausted,
          "Nothing was taken of this answer for long, and others need the memory that it held: "
            + "ask again.",
          rule: "query_memory_max", retryAfterMs: 1000)
      }
      if query is WatchQuery, streams.notifier.isEnded {
        throw CallStatus(
          .unavailable, "The server is stopping: go on from the last cursor.", retryAfterMs: 1000)
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
        throw CallStatus(of: error)
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

  func whenReady(_ wake: @escaping @Sendable () -> Void) {
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

  func close() {
    let was = state.withLock { state in
      defer { (state.query, state.commit, state.watcher, state.isClosed) = (nil, nil, nil, true) }
      return (commit: state.commit, watcher: state.watcher)
    }
    streams.commits.leave(was.commit)
    if let watcher = was.watcher { streams.notifier.leave(watcher) }
    _ = streams.memory.note(0, of: self)
  }
}

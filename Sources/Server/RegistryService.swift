import Access
import Locking
import Logging
import Messages
import NIOCore
import Queries
import Recording
import Registry
import RegistryStorage
import Wire

/// The registry behind the transport.
package final class RegistryService: RPCService {
  private let store: RegistryStore
  private let writer: Writer
  private let cacheWarmer: CacheWarmer
  /// Sessions for one step or question at a time.
  private let sessions: ReadSessionPool
  private let streams: QueryDispatcher
  private let commits = CommitSignal()
  private let notifier: SubscriptionNotifier
  private let answerBytes: Int
  private let started = NIODeadline.now()
  private let connections = Mutex<(@Sendable () async -> [ConnectionLine])?>(nil)

  /// - Parameter answerBytes: for each event loop, in bytes: memory for answers that were given
  ///   before; 0: none are remembered.
  package init(_ store: RegistryStore, answerBytes: Int = 1 << 20) {
    self.store = store
    self.answerBytes = answerBytes
    let commits = self.commits
    let notifier = SubscriptionNotifier(store)
    self.notifier = notifier
    sessions = ReadSessionPool(store)
    streams = QueryDispatcher(sessions, commits: commits, notifier: notifier)
    writer = Writer(store) { _ in
      notifier.signal()
      commits.signal()
    }
    cacheWarmer = CacheWarmer(store)
  }

  /// Starts the threads of the service, which `stop` ends. What is asked before waits.
  package func start() {
    notifier.start()
    writer.start()
    cacheWarmer.start()
  }

  package var logID: [UInt8] { store.logID }

  /// Says where it is to be had who is connected.
  package func connections(_ lines: @escaping @Sendable () async -> [ConnectionLine]) {
    connections.withLock { $0 = lines }
  }

  /// Says from here on, by `Health`, that the server stops.
  package func drain() { store.readiness.stop() }

  /// Ends the writer after what is queued; nobody may be asking any more.
  package func stop() async {
    writer.stop()
    notifier.stop()
    cacheWarmer.stop()
    sessions.end()
    for session in loopSessions.withLock({ $0 }) { session.session.end() }
  }

  package func mode(of method: UInt32) -> ExecutionMode? {
    Method(rawValue: method)?.handler.mode
  }

  package func revision(of method: UInt32) -> UInt32 {
    Method(rawValue: method)?.revision ?? 0
  }

  /// By the methods' numbers, which are small.
  private static let roles: [Roles] = {
    // sure: there are methods
    var all = [Roles](repeating: [], count: 1 + Int(Method.allCases.map(\.rawValue).max()!))
    for method in Method.allCases {
      guard let roles = Roles(words: method.roles) else {
        preconditionFailure("the generator knows the roles")
      }
      all[Int(method.rawValue)] = roles
    }
    return all
  }()

  package func name(of method: UInt32) -> String {
    Method(rawValue: method)?.name ?? "Method \(method)"
  }

  package func roles(of method: UInt32) -> Roles {
    Int(method) < Self.roles.count ? Self.roles[Int(method)] : []
  }

  package func roles(of method: UInt32, asking request: [UInt8]) -> NarrowedRoles? {
    Method(rawValue: method)?.narrowedRoles(request)
  }

  private let loopSessions = Mutex<[PooledSession]>([])

  package func makeSession() throws -> any LoopSession {
    let session = try ReadSession(store, answerBytes: answerBytes)
    let locked = PooledSession(session)
    loopSessions.withLock { $0.append(locked) }
    return session
  }

  package func begin(
    _ method: UInt32, _ request: [UInt8], _ context: CallContext,
    complete: @escaping @Sendable (Result<Reply, CallStatus>) -> Void
  ) {
    switch Method(rawValue: method)?.handler {
    case .recording(let isPreview)?: record(request, isPreview: isPreview, context, complete)
    case .aboutServer(let answer)?:
      let lines = connections.withLock { $0 }
      Task { [self] in
        let connected = await lines?() ?? []
        complete(
          withSession { session in
            Reply(try session.read { _ in try answer(self, session, request, connected) })
          })
      }
    case .deferred(let answer)?:
      guard !context.cancelled.isCancelled else {
        return complete(
          .failure(CallStatus(.cancelled, "Cancelled by the client.", rule: .cancelled)))
      }
      complete(
        withSession { session in
          Reply(try session.read { _ in try answer(session, request) })
        })
    // Their mode says that they are executed elsewhere.
    case .onLoop?, .inSlices?, .stream?, .bulkRecording?, nil:
      complete(.failure(.noSuchMethod))
    }
  }

  func status(_ session: ReadSession, _ connected: [ConnectionLine]) throws -> StatusReply {
    var reply = try session.status()
    reply.uptimeMs = UInt64((NIODeadline.now() - started).nanoseconds / 1_000_000)
    reply.batches = writer.batchCount
    reply.connections = UInt32(clamping: connected.count)
    return reply
  }

  /// Queued here, on the connection's loop, so that a connection's requests are decided in the
  /// order in which they came.
  private func record(
    _ request: [UInt8], isPreview: Bool, _ context: CallContext,
    _ complete: @escaping @Sendable (Result<Reply, CallStatus>) -> Void
  ) {
    writer.submit(
      EncodedRequest(request: request, isPreview: isPreview, actor: context.principal) { result in
        switch result {
        case .success(let reply):
          complete(
            .success(
              Reply(
                isPreview
                  ? Codec.encode(reply)
                  : Codec.encode(RecordReply(outcomes: reply.outcomes, asOf: reply.asOf)))))
        case .failure(let failure): complete(.failure(CallStatus(failure)))
        }
      })
  }

  package func open(
    _ method: UInt32, _ request: [UInt8], _ context: CallContext
  ) throws(CallStatus) -> any ResponseStream {
    guard let method = Method(rawValue: method) else {
      throw CallStatus.noSuchMethod
    }
    return try streams.open(method, request)
  }

  package func exchange(
    _ method: UInt32, _ context: CallContext, taken: @escaping @Sendable (Int) -> Void
  ) throws(CallStatus) -> any Exchange {
    guard case .bulkRecording? = Method(rawValue: method)?.handler else {
      throw CallStatus.noSuchMethod
    }
    return RecordingExchange(writer, commits, context, taken: taken)
  }

  private func withSession<R>(_ body: (ReadSession) throws -> R) -> Result<R, CallStatus> {
    Result { () throws(CallStatus) in
      do { return try sessions.lend(body) } catch { throw CallStatus(of: error) }
    }
  }
}

/// The session of one event loop, kept so that the service can end it.
private struct PooledSession: @unchecked Sendable {
  let session: ReadSession

  init(_ session: ReadSession) { self.session = session }
}

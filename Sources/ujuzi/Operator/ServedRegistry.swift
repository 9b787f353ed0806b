import Locking
import Logging
import NIOPosix
import Recording
import RegistryStorage
import Server
import ServiceLifecycle

/// A registry that is being served, from the spans' file and the store at the bottom to the
/// listener at the top. What starts or stops is one of these services, or owned by one:
///
/// | service | what it owns | at its end |
/// |---|---|---|
/// | spans | the file of spans and the thread that writes it | what waits is written |
/// | store | log, views with the thread of their digests, vault, scrub, the cache of profiles | the views are marked clean |
/// | event loops | the connections' threads | |
/// | registry | writer with its decoder and log thread, notifier of watchers, cache warmer, sessions | all that was queued is answered |
/// | listener | the listening socket, connections, the looks at the TLS files, the threads of questions and streams | everybody has left |
///
/// ServiceGroup runs all of them at once, and each starts what it owns; the listener waits for the
/// registry, so that nobody is answered before. ServiceGroup ends them in the other order, one after
/// the other: each when nothing above it can ask it any more. Where one fails, at its start or its end, the others are ended all the same, in
/// that order, and its error is the group's. Signals come from `Signals`.
struct ServedRegistry {
  /// Nil where spans are not kept.
  let spans: SpanFile?
  let store: RegistryStore
  let loops: MultiThreadedEventLoopGroup
  let registry: RegistryService
  let endpoint: Endpoint
  /// Told once the registry is listened for.
  let ready: @Sendable (_ port: Int) -> Void

  /// Returns when everything is closed.
  func run(until requests: StopRequests, logger: Logger) async throws {
    let (spans, store, loops, registry) = (spans, store, loops, registry)
    let (started, goOn) = AsyncStream.makeStream(of: Void.self)
    let listener = Listener(
      registry: registry, startedBy: started, endpoint: endpoint, loops: loops, logger: logger,
      ready: ready)
    let services: [ServiceGroupConfiguration.ServiceConfiguration] = [
      .init(
        "spans",
        Part {
          spans?.start()
        } end: {
          spans?.close()
        }),
      .init(
        "store",
        Part {
          store.start()
        } end: {
          try store.close()
        }),
      // Its threads are NIO's, which has them from when it is made.
      .init(
        "event loops",
        Part {
        } end: {
          try await loops.shutdownGracefully()
        }),
      .init(
        "registry",
        Part {
          registry.start()
          goOn.finish()
        } end: {
          await registry.stop()
        }),
      .init("listener", listener),
    ]
    // The group's own words are about itself.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .error)
    let group = ServiceGroup(configuration: .init(services: services, logger: quiet))
    requests.act(
      .init(
        stop: {
          Output.error("ujuzi: stopping: open calls end, no new ones begin")
          Task { await group.triggerGracefulShutdown() }
        },
        hurry: {
          Output.error("ujuzi: hurrying: open calls are ended")
          listener.hurry()
        },
        look: { Task { await listener.reload() } }))
    try await group.run()
  }
}

extension ServiceGroupConfiguration.ServiceConfiguration {
  fileprivate init(_ name: String, _ service: any ServiceLifecycle.Service) {
    self.init(
      service: service, successTerminationBehavior: .gracefullyShutdownGroup,
      failureTerminationBehavior: .gracefullyShutdownGroup, serviceName: name)
  }
}

/// A service that is started, and ended at shutdown in its turn; between, its own threads are at
/// work.
private struct Part: ServiceLifecycle.Service {
  let start: @Sendable () -> Void
  let end: @Sendable () async throws -> Void

  init(
    _ start: @escaping @Sendable () -> Void, end: @escaping @Sendable () async throws -> Void
  ) {
    (self.start, self.end) = (start, end)
  }

  func run() async throws {
    start()
    // Throws when the group is cancelled: what is open is closed all the same.
    try? await gracefulShutdown()
    try await end()
  }
}

/// Listens, until everybody has left.
private final class Listener: ServiceLifecycle.Service {
  private let registry: RegistryService
  /// Ends once the registry is started.
  private let started: AsyncStream<Void>
  private let endpoint: Endpoint
  private let loops: MultiThreadedEventLoopGroup
  private let logger: Logger
  private let ready: @Sendable (_ port: Int) -> Void
  private let state = Mutex(State())

  private struct State {
    /// Nil until it listens.
    var server: UjuziServer?
    var isHurried = false
  }

  init(
    registry: RegistryService, startedBy started: AsyncStream<Void>, endpoint: Endpoint,
    loops: MultiThreadedEventLoopGroup, logger: Logger,
    ready: @escaping @Sendable (_ port: Int) -> Void
  ) {
    (self.registry, self.started, self.endpoint, self.loops) = (registry, started, endpoint, loops)
    (self.logger, self.ready) = (logger, ready)
  }

  func run() async throws {
    for await _ in started {}
    let server = try await UjuziServer(registry, on: endpoint, group: loops, logger: logger)
    registry.connections { await server.lines() }
    let isHurried = state.withLock { state in
      state.server = server
      return state.isHurried
    }
    if isHurried { server.hurry() }
    ready(server.port)
    try? await gracefulShutdown()
    registry.drain()
    await server.drain()
  }

  func hurry() {
    let server = state.withLock { state in
      state.isHurried = true
      return state.server
    }
    server?.hurry()
  }

  /// Looks at the TLS files. Before it listens they were read just now.
  func reload() async { await state.withLock { $0.server }?.reload() }
}

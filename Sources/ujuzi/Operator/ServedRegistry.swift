import Logging
import NIOPosix
import Recording
import RegistryStorage
import Server
import ServiceLifecycle

/// A registry that is being served, from the store at the bottom to the listener at the top.
///
/// ServiceGroup starts them in this order and ends them in the other, one after the other: the
/// listener once everybody has left, the writer once all that was queued is answered, the event
/// loops, and then the store, which marks the views clean. Signals come from `Signals`.
struct ServedRegistry {
  let store: RegistryStore
  let loops: MultiThreadedEventLoopGroup
  let registry: RegistryService
  let server: UjuziServer

  /// Returns when everything is closed.
  func run(until requests: StopRequests, logger: Logger) async throws {
    let (store, loops, registry, server) = (store, loops, registry, server)
    let services: [any ServiceLifecycle.Service] = [
      ShutdownHook { try store.close() },
      ShutdownHook { try await loops.shutdownGracefully() },
      ShutdownHook { await registry.stop() },
      ShutdownHook {
        // What only waits for what may happen would never end by itself.
        registry.endWatching()
        await server.drain()
      },
    ]
    // The group's own words are about itself.
    var quiet = logger
    quiet.logLevel = max(logger.logLevel, .error)
    let group = ServiceGroup(services: services, logger: quiet)
    requests.act(
      .init(
        stop: {
          Output.error("ujuzi: stopping: open calls end, no new ones begin")
          Task { await group.triggerGracefulShutdown() }
        },
        hurry: {
          Output.error("ujuzi: hurrying: open calls are ended")
          server.hurry()
        },
        look: { Task { await server.reload() } }))
    try await group.run()
  }
}

/// A service that only has something to do at shutdown, in its turn.
private struct ShutdownHook: ServiceLifecycle.Service {
  let end: @Sendable () async throws -> Void

  init(_ end: @escaping @Sendable () async throws -> Void) { self.end = end }

  func run() async throws {
    // Thrown when another failed: what is open is closed all the same.
    try? await gracefulShutdown()
    try await end()
  }
}

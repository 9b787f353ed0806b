import Failures
import Glibc
import Logging
import Messages
import NIOCore
import NIOPosix
import Wire

/// Why a server cannot listen.
package struct ListenFailure: ExplainedError, Sendable {
  package var sentence: String
  package var cause: Cause?
}

/// Listens, and serves a service to whoever connects.
package final class UjuziServer: Sendable {
  let shared: ServerState
  private let channel: any Channel
  private let watch: RepeatedTask?

  /// As `init(_:on:limits:group:logger:clock:)`, on an address that is taken now.
  ///
  /// - Throws: `ListenFailure`.
  package convenience init(
    _ service: any RPCService, host: String, port: Int, limits: Limits = .init(),
    tls: ServerTLS? = nil, group: any EventLoopGroup, logger: Logger,
    clock: @escaping @Sendable () -> Int64 = WallClock.now
  ) async throws {
    let endpoint = try Endpoint(host: host, port: port, tls: tls, logger: logger, now: clock())
    try await self.init(
      service, on: endpoint, limits: limits, group: group, logger: logger, clock: clock)
  }

  /// Listens; connections are served from then on.
  ///
  /// - Parameter clock: seconds since 1970, for certificates that expire.
  /// - Throws: `ListenFailure`.
  package init(
    _ service: any RPCService, on endpoint: Endpoint, limits: Limits = .init(),
    group: any EventLoopGroup, logger: Logger,
    clock: @escaping @Sendable () -> Int64 = WallClock.now
  ) async throws {
    let security = endpoint.security
    let shared = ServerState(
      service, limits: limits, logger: logger, security: security, clock: clock,
      anyLoop: group.next())
    self.shared = shared
    shared.turns.start()
    do {
      channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 1024)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelOption(
          .tcpOption(.init(rawValue: TCP_NOTSENT_LOWAT)), value: limits.unsentInKernelMax
        )
        .childChannelOption(.maxMessagesPerRead, value: 4)
        .childChannelOption(
          .recvAllocator,
          value: AdaptiveRecvByteBufferAllocator(
            minimum: 1024, initial: 16 << 10, maximum: 256 << 10)
        )
        .childChannelOption(
          .writeBufferWaterMark,
          value: .init(low: limits.writeBufferHigh / 2, high: limits.writeBufferHigh)
        )
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let operations = channel.pipeline.syncOperations
            if let security {
              try operations.addHandlers(HandshakeHandler.handlers(shared, security))
            } else {
              try operations.addHandler(ConnectionHandler(shared, .loopback, begun: .now()))
            }
          }
        }
        .bind(to: endpoint.address).get()
    } catch {
      await shared.end()
      throw endpoint.failure(error)
    }
    endpoint.giveBack()
    watch = security.map { shared.watchFiles(everyMs: $0.lookEveryMs) }
  }

  package var port: Int { channel.localAddress?.port ?? 0 }
  package var connections: Int { shared.count }

  /// Who is connected, in the order in which they came.
  package func lines() async -> [ConnectionLine] { await shared.lines() }

  /// Lets every open call end, then closes; calls that have not ended by the grace are told that
  /// the server stops, and whoever does not go then is cut off. Whoever comes meanwhile is told so
  /// too, in place of a greeting.
  ///
  /// Goes its way also where the task is cancelled: `hurry` makes it shorter.
  package func drain(grace: TimeAmount = .seconds(10)) async {
    watch?.cancel()
    let emptied = shared.drain()
    let timer = shared.anyLoop.scheduleTask(in: shared.isHurried ? .zero : grace) { [shared] in
      shared.endCalls()
    }
    try? await emptied.get()
    timer.cancel()
    try? await channel.close()
    await shared.end()
  }

  /// Waits no longer for calls that are open: they are told that the server stops, now or as soon
  /// as it drains.
  package func hurry() { shared.hurry() }
}

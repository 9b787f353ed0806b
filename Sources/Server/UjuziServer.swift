import Logging
import Messages
import NIOCore
import NIOPosix
import Synchronization
import Wire

/// Why a server cannot listen.
public struct ListenFailure: Error, Sendable {
  public var sentence: String
}

/// Listens, and serves a service to whoever connects.
public final class UjuziServer: Sendable {
  let shared: Shared
  private let group: any EventLoopGroup
  private let channel: any Channel
  private let watch: RepeatedTask?

  /// Binds an address, which must be a loopback address without TLS; connections are served from
  /// then on.
  ///
  /// - Parameter clock: seconds since 1970, for certificates that expire.
  /// - Throws: `ListenFailure`.
  public init(
    _ service: any Service, host: String, port: Int, limits: Limits = .init(),
    tls: ServerTLS? = nil, group: any EventLoopGroup, logger: Logger,
    clock: @escaping @Sendable () -> Int64 = WallClock.now
  ) async throws {
    let address = try Self.address(host, port, isPlain: tls == nil)
    let security = try tls.map { try TransportSecurity($0, logger: logger, now: clock()) }
    let shared = Shared(
      service, limits: limits, logger: logger, security: security, clock: clock,
      anyLoop: group.next())
    self.shared = shared
    self.group = group
    do {
      channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 1024)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
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
              try operations.addHandlers(TransportGate.handlers(shared, security))
            } else {
              try operations.addHandler(ConnectionHandler(shared, .loopback, begun: .now()))
            }
          }
        }
        .bind(to: address).get()
    } catch {
      throw ListenFailure(sentence: Self.cannotListen(host, port, error))
    }
    watch = tls.map { shared.watchFiles(everyMs: $0.lookEveryMs) }
  }

  public var port: Int { channel.localAddress?.port ?? 0 }
  public var connections: Int { shared.count }

  /// Who is connected, in the order in which they came.
  public func lines() async -> [ConnectionLine] { await shared.lines() }

  /// Takes no more connections, lets every open call end, then closes; calls that have not ended
  /// by the grace are told that the server stops, and whoever does not go then is cut off.
  public func drain(grace: TimeAmount = .seconds(10)) async {
    watch?.cancel()
    try? await channel.close()
    shared.drain()
    let until = NIODeadline.now() + grace
    while shared.count > 0, NIODeadline.now() < until {
      try? await Task.sleep(nanoseconds: 10_000_000)
    }
    if shared.count > 0 {
      shared.endCalls()
      for _ in 0..<100 where shared.count > 0 { try? await Task.sleep(nanoseconds: 10_000_000) }
    }
    shared.closeAll()
    while shared.count > 0 { try? await Task.sleep(nanoseconds: 1_000_000) }
    try? await shared.pool.shutdownGracefully()
  }
}

extension SocketAddress {
  var isLoopback: Bool {
    guard let ip = ipAddress else { return false }
    return ip.hasPrefix("127.") || ip == "::1"
  }
}

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
    guard let address = try? SocketAddress.makeAddressResolvingHost(host, port: port) else {
      throw ListenFailure(sentence: "\(host) is no address.")
    }
    guard tls != nil || address.isLoopback else {
      throw ListenFailure(
        sentence: "\(host) is not a loopback address: without TLS only 127.0.0.1 or ::1 may be "
          + "listened on.")
    }
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
      throw ListenFailure(
        sentence: "\(host):\(port) cannot be listened on: \(error). Is another server there?")
    }
    watch = tls.map { shared.watchFiles(everyMs: $0.lookEveryMs) }
  }

  public var port: Int { channel.localAddress?.port ?? 0 }
  public var connections: Int { shared.count }

  /// Takes no more connections, lets every open call end, then closes; whoever has not ended by
  /// the grace is cut off.
  public func drain(grace: TimeAmount = .seconds(10)) async {
    watch?.cancel()
    try? await channel.close()
    shared.drain()
    let until = NIODeadline.now() + grace
    while shared.count > 0, NIODeadline.now() < until {
      try? await Task.sleep(nanoseconds: 10_000_000)
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

/// What a server's connections share.
final class Shared: Sendable {
  let service: any Service
  let limits: Limits
  let logger: Logger
  let pool: NIOThreadPool
  let greeting: [UInt8]
  let refusals: Refusals
  /// Nil without TLS.
  let security: TransportSecurity?
  let clock: @Sendable () -> Int64
  let anyLoop: any EventLoop
  private let state = Mutex(State())

  private struct State {
    var connections: [ObjectIdentifier: (handler: NIOLoopBound<ConnectionHandler>, any Channel)] =
      [:]
    /// Those whose TLS handshake is not done; they count as connections.
    var handshakes: [ObjectIdentifier: any Channel] = [:]
    var desks: [ObjectIdentifier: NIOLoopBound<any Desk>] = [:]
    var draining = false
  }

  init(
    _ service: any Service, limits: Limits, logger: Logger, security: TransportSecurity?,
    clock: @escaping @Sendable () -> Int64, anyLoop: any EventLoop
  ) {
    self.service = service
    self.limits = limits
    self.logger = logger
    self.security = security
    self.clock = clock
    self.anyLoop = anyLoop
    refusals = Refusals(logger)
    pool = NIOThreadPool(numberOfThreads: 2)
    pool.start()
    greeting = Codec.encode(
      HelloOk(
        version: Protocol.version, server: "ujuzi", frameLengthMax: UInt32(limits.frameLengthMax),
        callsMax: UInt32(limits.callsMax), timeoutMaxMs: limits.timeoutMaxMs,
        streamCredit: UInt32(limits.streamCreditInitial),
        idleTimeoutMs: UInt32(limits.idleTimeoutMs), schemaRevision: Schema.revision))
  }

  var count: Int { state.withLock { $0.connections.count + $0.handshakes.count } }
  var open: [(handler: NIOLoopBound<ConnectionHandler>, any Channel)] {
    state.withLock { Array($0.connections.values) }
  }

  /// False when there is no room.
  func beginHandshake(_ channel: any Channel) -> Bool {
    state.withLock { state in
      guard state.connections.count + state.handshakes.count < limits.connectionsMax,
        !state.draining
      else { return false }
      state.handshakes[ObjectIdentifier(channel)] = channel
      return true
    }
  }

  func endHandshake(_ channel: any Channel) {
    state.withLock { $0.handshakes[ObjectIdentifier(channel)] = nil }
  }

  func add(_ handler: ConnectionHandler, on channel: any Channel) -> Bool {
    let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    let id = ObjectIdentifier(handler)
    return state.withLock { state in
      guard state.connections.count < limits.connectionsMax, !state.draining else { return false }
      state.connections[id] = (bound, channel)
      return true
    }
  }

  func remove(_ handler: ConnectionHandler) {
    let id = ObjectIdentifier(handler)
    state.withLock { $0.connections[id] = nil }
  }

  /// The loop's desk, made at its first connection.
  func desk(for eventLoop: any EventLoop) throws -> any Desk {
    let id = ObjectIdentifier(eventLoop)
    if let known = state.withLock({ $0.desks[id] }) { return known.value }
    let desk = try service.makeDesk()
    let bound = NIOLoopBound(desk, eventLoop: eventLoop)
    state.withLock { $0.desks[id] = bound }
    return desk
  }

  func drain() {
    let (all, handshakes) = state.withLock { state in
      state.draining = true
      return (Array(state.connections.values), Array(state.handshakes.values))
    }
    for (handler, channel) in all {
      channel.eventLoop.execute { handler.value.drain() }
    }
    for channel in handshakes { channel.close(promise: nil) }
  }

  func closeAll() {
    for (_, channel) in state.withLock({ Array($0.connections.values) }) {
      channel.close(promise: nil)
    }
  }
}

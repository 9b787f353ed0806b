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
  private let shared: Shared
  private let group: any EventLoopGroup
  private let channel: any Channel

  /// Binds a loopback address; connections are served from then on.
  ///
  /// - Throws: `ListenFailure`.
  public init(
    _ service: any Service, host: String, port: Int, limits: Limits = .init(),
    group: any EventLoopGroup, logger: Logger
  ) async throws {
    guard let address = try? SocketAddress.makeAddressResolvingHost(host, port: port) else {
      throw ListenFailure(sentence: "\(host) is no address.")
    }
    guard address.isLoopback else {
      throw ListenFailure(
        sentence: "\(host) is not a loopback address: without TLS only 127.0.0.1 or ::1 may be "
          + "listened on.")
    }
    let shared = Shared(service, limits: limits, logger: logger)
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
            try channel.pipeline.syncOperations.addHandler(ConnectionHandler(shared))
          }
        }
        .bind(to: address).get()
    } catch {
      throw ListenFailure(
        sentence: "\(host):\(port) cannot be listened on: \(error). Is another server there?")
    }
  }

  public var port: Int { channel.localAddress?.port ?? 0 }
  public var connections: Int { shared.count }

  /// Takes no more connections, lets every open call end, then closes; whoever has not ended by
  /// the grace is cut off.
  public func drain(grace: TimeAmount = .seconds(10)) async {
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
  private let state = Mutex(State())

  private struct State {
    var connections: [ObjectIdentifier: (handler: NIOLoopBound<ConnectionHandler>, any Channel)] =
      [:]
    var desks: [ObjectIdentifier: NIOLoopBound<any Desk>] = [:]
    var draining = false
  }

  init(_ service: any Service, limits: Limits, logger: Logger) {
    self.service = service
    self.limits = limits
    self.logger = logger
    pool = NIOThreadPool(numberOfThreads: 2)
    pool.start()
    greeting = Codec.encode(
      HelloOk(
        version: Protocol.version, server: "ujuzi", frameLengthMax: UInt32(limits.frameLengthMax),
        callsMax: UInt32(limits.callsMax), timeoutMaxMs: limits.timeoutMaxMs,
        streamCredit: UInt32(limits.streamCreditInitial),
        idleTimeoutMs: UInt32(limits.idleTimeoutMs), schemaRevision: Schema.revision))
  }

  var count: Int { state.withLock { $0.connections.count } }

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
    let all = state.withLock { state in
      state.draining = true
      return Array(state.connections.values)
    }
    for (handler, channel) in all {
      channel.eventLoop.execute { handler.value.drain() }
    }
  }

  func closeAll() {
    for (_, channel) in state.withLock({ Array($0.connections.values) }) {
      channel.close(promise: nil)
    }
  }
}

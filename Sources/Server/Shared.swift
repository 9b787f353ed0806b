import Access
import Logging
import Messages
import NIOCore
import NIOPosix
import Synchronization
import Tracing
import Wire

/// What a server's connections share.
final class Shared: Sendable {
  let service: any Service
  /// By their numbers: asked for at each call, so that they are found without a detour.
  private let methods: [MethodFacts?]
  let limits: Limits
  let logger: Logger
  let pool: NIOThreadPool
  /// What is kept of frames that are not whole.
  let partials: ByteBudget
  /// What exchanges were sent and their services have not taken.
  let uploads: ByteBudget
  /// Whether there is a tracer that would know of spans.
  let isTraced: Bool
  let refusals: Refusals
  /// Nil without TLS.
  let security: TransportSecurity?
  let clock: @Sendable () -> Int64
  let anyLoop: any EventLoop
  private let state = Mutex(State())

  /// Methods are numbered below it.
  private static let methodNumbers: UInt32 = 256

  struct MethodFacts: Sendable {
    var shape: Shape
    var revision: UInt32
    var opens: Roles
  }

  /// Nil: there is no such method.
  func method(_ number: UInt32) -> MethodFacts? {
    number < Self.methodNumbers ? methods[Int(number)] : nil
  }

  struct Connected: Sendable {
    var number: UInt64
    var handler: NIOLoopBound<ConnectionHandler>
    var channel: any Channel
  }

  private struct State {
    var connections: [ObjectIdentifier: Connected] = [:]
    var connectedEver: UInt64 = 0
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
    methods = (0..<Self.methodNumbers).map { number in
      service.shape(of: number).map {
        MethodFacts(
          shape: $0, revision: service.revision(of: number), opens: service.roles(of: number))
      }
    }
    self.limits = limits
    self.logger = logger
    self.security = security
    self.clock = clock
    self.anyLoop = anyLoop
    refusals = Refusals(logger)
    pool = NIOThreadPool(numberOfThreads: 2)
    pool.start()
    partials = ByteBudget(max: limits.partialBytesMax)
    uploads = ByteBudget(max: limits.uploadBytesMax)
    isTraced = !(InstrumentationSystem.tracer is NoOpTracer)
  }

  func greeting(for peer: PeerPrincipal, keepaliveMs: Int64) -> [UInt8] {
    Codec.encode(
      HelloOk(
        version: Protocol.version, server: "ujuzi", frameLengthMax: UInt32(limits.frameLengthMax),
        callsMax: UInt32(limits.callsMax), timeoutMaxMs: limits.timeoutMaxMs,
        streamCredit: UInt32(limits.streamCreditInitial),
        idleTimeoutMs: UInt32(limits.idleTimeoutMs), schemaRevision: Schema.revision,
        connectionCredit: UInt32(limits.connectionCreditInitial),
        streamsMax: UInt32(limits.streamsMax), keepaliveMs: UInt32(keepaliveMs),
        keepaliveTimeoutMs: UInt32(limits.keepaliveTimeoutMs),
        metadataLengthMax: UInt32(limits.metadataLengthMax), principal: peer.principal.text))
  }

  var count: Int { state.withLock { $0.connections.count + $0.handshakes.count } }
  var open: [Connected] { state.withLock { Array($0.connections.values) } }

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
      state.connectedEver += 1
      state.connections[id] = Connected(
        number: state.connectedEver, handler: bound, channel: channel)
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
    for one in all { one.channel.eventLoop.execute { one.handler.value.drain() } }
    for channel in handshakes { channel.close(promise: nil) }
  }

  /// Calls that are still open are answered that the server stops.
  func endCalls() {
    for one in open { one.channel.eventLoop.execute { one.handler.value.endCalls() } }
  }

  func closeAll() {
    for one in open { one.channel.close(promise: nil) }
  }

  func lines() async -> [ConnectionLine] {
    var lines: [ConnectionLine] = []
    for one in open.sorted(by: { $0.number < $1.number }) {
      let line = one.channel.eventLoop.submit {
        one.handler.value.line(number: one.number, at: .now())
      }
      if let line = try? await line.get() { lines.append(line) }
    }
    return lines
  }
}

/// Bytes that all connections together may keep of something.
final class ByteBudget: Sendable {
  private let used = Atomic(0)
  private let max: Int

  init(max: Int) { self.max = max }

  /// Counts more, or with a negative number less.
  ///
  /// - Returns: whether what is used now is within the budget. It is counted either way.
  @discardableResult
  func take(_ bytes: Int) -> Bool {
    let now = used.wrappingAdd(bytes, ordering: .relaxed).newValue
    precondition(now >= 0, "more was given back than taken")
    return now <= max
  }
}

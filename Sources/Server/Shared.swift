import Access
import DequeModule
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
  /// What peers that do not read have not read.
  let unread: ByteBudget
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

  struct Handshake: Sendable {
    var gate: NIOLoopBound<TransportGate>
    var channel: any Channel

    func giveWay() { channel.eventLoop.execute { gate.value.giveWay() } }
  }

  private struct State {
    var connections: [ObjectIdentifier: Connected] = [:]
    var connectedEver: UInt64 = 0
    /// Of principals that TLS vouches for.
    var connectionsOf: [Principal: Int] = [:]
    /// Those whose TLS handshake is not done; they count as connections.
    var handshakes: [ObjectIdentifier: Handshake] = [:]
    /// In the order in which they began; those that are done are still among them.
    var handshakesBegun = Deque<ObjectIdentifier>()
    var loops: [ObjectIdentifier: NIOLoopBound<LoopShare>] = [:]
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
    unread = ByteBudget(max: limits.unreadBytesMax)
    uploads = ByteBudget(max: limits.uploadBytesMax)
    isTraced = !(InstrumentationSystem.tracer is NoOpTracer)
  }

  func greeting(for peer: PeerPrincipal, keepaliveMs: Int64) -> [UInt8] {
    Codec.encode(
      HelloOk(
        version: Protocol.version, server: "ujuzi",
        frameLengthMax: UInt32(clamping: limits.frameLengthMax),
        callsMax: UInt32(clamping: limits.callsMax), timeoutMaxMs: limits.timeoutMaxMs,
        streamCredit: UInt32(clamping: limits.streamCreditInitial),
        idleTimeoutMs: UInt32(clamping: limits.idleTimeoutMs), schemaRevision: Schema.revision,
        connectionCredit: UInt32(clamping: limits.connectionCreditInitial),
        streamsMax: UInt32(clamping: limits.streamsMax), keepaliveMs: UInt32(clamping: keepaliveMs),
        keepaliveTimeoutMs: UInt32(clamping: limits.keepaliveTimeoutMs),
        metadataLengthMax: UInt32(clamping: limits.metadataLengthMax),
        principal: peer.principal.text))
  }

  var count: Int { state.withLock { $0.connections.count + $0.handshakes.count } }
  var open: [Connected] { state.withLock { Array($0.connections.values) } }

  /// False when there is no room.
  ///
  /// Strangers that begin a handshake and do not end it may not keep others out: of too many the
  /// oldest is let go, since an honest one takes a moment.
  func beginHandshake(_ gate: TransportGate, on channel: any Channel) -> Bool {
    let handshake = Handshake(
      gate: NIOLoopBound(gate, eventLoop: channel.eventLoop), channel: channel)
    let id = ObjectIdentifier(gate)
    let (isTaken, oldest) = state.withLock { state -> (Bool, Handshake?) in
      guard !state.draining else { return (false, nil) }
      var oldest: Handshake?
      while let first = state.handshakesBegun.first {
        let isFull =
          state.handshakes.count >= limits.handshakesMax
          || state.connections.count + state.handshakes.count >= limits.connectionsMax
        let known = state.handshakes[first]
        guard known == nil || isFull && oldest == nil else { break }
        state.handshakesBegun.removeFirst()
        state.handshakes[first] = nil
        oldest = oldest ?? known
      }
      guard state.connections.count + state.handshakes.count < limits.connectionsMax else {
        return (false, oldest)
      }
      state.handshakes[id] = handshake
      state.handshakesBegun.append(id)
      return (true, oldest)
    }
    oldest?.giveWay()
    return isTaken
  }

  func endHandshake(_ gate: TransportGate) {
    let id = ObjectIdentifier(gate)
    state.withLock { $0.handshakes[id] = nil }
  }

  /// - Returns: why it is not taken; nil when it is.
  func add(_ handler: ConnectionHandler, on channel: any Channel) -> HelloNo? {
    let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    let (id, peer) = (ObjectIdentifier(handler), handler.peer)
    let refusal: String? = state.withLock { state in
      guard state.connections.count < limits.connectionsMax, !state.draining else {
        return "The server has all the connections it takes."
      }
      if peer.isVouchedFor {
        guard state.connectionsOf[peer.principal, default: 0] < limits.connectionsOfOneMax else {
          return "\(peer.principal) has \(limits.connectionsOfOneMax) connections open, and no "
            + "more are taken of one principal."
        }
        state.connectionsOf[peer.principal, default: 0] += 1
      }
      state.connectedEver += 1
      state.connections[id] = Connected(
        number: state.connectedEver, handler: bound, channel: channel)
      return nil
    }
    return refusal.map {
      HelloNo(
        message: $0, versionMin: Protocol.version, versionMax: Protocol.version,
        retryAfterMs: 1000, code: StatusCode.unavailable.rawValue)
    }
  }

  func remove(_ handler: ConnectionHandler) {
    let (id, peer) = (ObjectIdentifier(handler), handler.peer)
    state.withLock { state in
      guard state.connections.removeValue(forKey: id) != nil, peer.isVouchedFor,
        let count = state.connectionsOf[peer.principal]
      else { return }
      state.connectionsOf[peer.principal] = count > 1 ? count - 1 : nil
    }
  }

  /// Made at its first connection.
  func loop(_ eventLoop: any EventLoop) -> LoopShare {
    let id = ObjectIdentifier(eventLoop)
    return state.withLock { state in
      if let known = state.loops[id] { return known }
      let made = NIOLoopBound(LoopShare(eventLoop), eventLoop: eventLoop)
      state.loops[id] = made
      return made
    }.value
  }

  func drain() {
    let (all, handshakes) = state.withLock { state in
      state.draining = true
      return (Array(state.connections.values), Array(state.handshakes.values))
    }
    for one in all { one.channel.eventLoop.execute { one.handler.value.drain() } }
    for one in handshakes { one.channel.close(promise: nil) }
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

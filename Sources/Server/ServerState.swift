import Access
import Locking
import Logging
import Messages
import NIOCore
import NIOPosix
import Queries
import Recording
import RegistryStorage
import Tracing
import Wire

/// The state shared by all connections of a server.
final class ServerState: Sendable {
  let service: any RPCService
  /// By number: looked up at each call.
  private let methods: [MethodInfo?]
  let limits: Limits
  let logger: Logger
  let turns = FairScheduler()
  /// What is kept of frames that are not whole.
  let partials: ByteBudget
  /// What peers that do not read have not read.
  let unread: ByteBudget
  /// What streams computed and no socket has taken.
  let ahead: ByteBudget
  /// What exchanges were sent and their services have not taken.
  let uploads: ByteBudget
  /// Whether there is a tracer that would know of spans.
  let isTraced: Bool
  let refusals: RateLimitedLog
  /// Nil without TLS.
  let security: TransportSecurity?
  let clock: @Sendable () -> Int64
  let anyLoop: any EventLoop
  private let state = Mutex(State())
  private let aheadBurst = HighWaterMark(from: 32 << 20)
  private let connectionsBurst = HighWaterMark(from: 200)

  /// Methods are numbered below it.
  private static let methodNumbers: UInt32 = 256

  struct MethodInfo: Sendable {
    var mode: ExecutionMode
    var revision: UInt32
    var opens: Roles
  }

  /// Nil: there is no such method.
  func method(_ number: UInt32) -> MethodInfo? {
    number < Self.methodNumbers ? methods[Int(number)] : nil
  }

  struct Connected: Sendable {
    var number: UInt64
    var handler: NIOLoopBound<ConnectionHandler>
    var channel: any Channel
  }

  struct Handshake: Sendable {
    var gate: NIOLoopBound<HandshakeHandler>
    var channel: any Channel

    func giveWay() { channel.eventLoop.execute { gate.value.giveWay() } }
  }

  private struct State {
    var connections: [ObjectIdentifier: Connected] = [:]
    var connectedEver: UInt64 = 0
    /// Of principals that TLS vouches for.
    var connectionsOf: [Principal: Int] = [:]
    /// Those whose TLS handshake is not done; they count as connections.
    var handshakes = HandshakeTable<ObjectIdentifier, Handshake>()
    var loops: [ObjectIdentifier: NIOLoopBound<LoopContext>] = [:]
    var draining = false
    /// Nobody is let in any more, if only to be told that the server stops.
    var isClosing = false
    /// Open calls are not waited for any more.
    var isHurried = false

    var count: Int { connections.count + handshakes.count }
  }

  /// Kept once the server drains and the last connection has ended.
  private let emptied: EventLoopPromise<Void>

  init(
    _ service: any RPCService, limits: Limits, logger: Logger, security: TransportSecurity?,
    clock: @escaping @Sendable () -> Int64, anyLoop: any EventLoop
  ) {
    self.service = service
    methods = (0..<Self.methodNumbers).map { number in
      service.mode(of: number).map {
        MethodInfo(
          mode: $0, revision: service.revision(of: number), opens: service.roles(of: number))
      }
    }
    self.limits = limits
    self.logger = logger
    self.security = security
    self.clock = clock
    self.anyLoop = anyLoop
    refusals = RateLimitedLog(logger)
    partials = ByteBudget(max: limits.partialBytesMax)
    unread = ByteBudget(max: limits.unreadBytesMax)
    ahead = ByteBudget(max: limits.messagesAheadMax)
    uploads = ByteBudget(max: limits.uploadBytesMax)
    isTraced = !(InstrumentationSystem.tracer is NoOpTracer)
    emptied = anyLoop.makePromise()
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
        principal: peer.principal.text, logID: service.logID))
  }

  var count: Int { state.withLock { $0.count } }
  var open: [Connected] { state.withLock { Array($0.connections.values) } }

  /// False when there is no room.
  ///
  /// Strangers that begin a handshake and do not end it may not keep others out: where there are
  /// too many, one gives way, chosen by where it comes from.
  func beginHandshake(_ gate: HandshakeHandler, on channel: any Channel) -> Bool {
    let handshake = Handshake(
      gate: NIOLoopBound(gate, eventLoop: channel.eventLoop), channel: channel)
    let source = SourceAddress(channel.remoteAddress)
    let (isTaken, giving) = state.withLock { state -> (Bool, Handshake?) in
      guard !state.isClosing else { return (false, nil) }
      let isFull =
        state.handshakes.count >= limits.handshakesMax || state.count >= limits.connectionsMax
      let giving = isFull ? state.handshakes.giveWay() : nil
      guard state.count < limits.connectionsMax else { return (false, giving) }
      state.handshakes.begin(ObjectIdentifier(gate), from: source, handshake)
      return (true, giving)
    }
    giving?.giveWay()
    return isTaken
  }

  func endHandshake(_ gate: HandshakeHandler) {
    let isLast = state.withLock { state in
      state.handshakes.end(ObjectIdentifier(gate))
      return state.draining && state.count == 0
    }
    if isLast { emptied.succeed() }
  }

  /// - Returns: why it is not taken; nil when it is.
  func add(_ handler: ConnectionHandler, on channel: any Channel) -> HelloNo? {
    let bound = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    let (id, peer) = (ObjectIdentifier(handler), handler.peer)
    let refusal: CallStatus? = state.withLock { state in
      guard !state.draining else { return .stopped }
      guard state.connections.count < limits.connectionsMax else {
        return CallStatus(
          .unavailable, "The server has all the connections it takes.", rule: .connectionsMax)
      }
      if peer.isVouchedFor {
        guard state.connectionsOf[peer.principal, default: 0] < limits.connectionsOfOneMax else {
          return CallStatus(
            .unavailable,
            "\(peer.principal) has \(limits.connectionsOfOneMax) connections open, and no more are "
              + "taken of one principal.", rule: .connectionsOfOneMax)
        }
        state.connectionsOf[peer.principal, default: 0] += 1
      }
      state.connectedEver += 1
      state.connections[id] = Connected(
        number: state.connectedEver, handler: bound, channel: channel)
      return nil
    }
    return refusal.map { refusal in
      var refusal = refusal
      refusal.retryAfterMs = 1000
      return HelloNo(refusal)
    }
  }

  func remove(_ handler: ConnectionHandler) {
    let (id, peer) = (ObjectIdentifier(handler), handler.peer)
    let (left, isLast) = state.withLock { state in
      guard state.connections.removeValue(forKey: id) != nil else {
        return (state.connections.count, false)
      }
      if peer.isVouchedFor, let count = state.connectionsOf[peer.principal] {
        state.connectionsOf[peer.principal] = count > 1 ? count - 1 : nil
      }
      return (state.connections.count, state.draining && state.count == 0)
    }
    if isLast { emptied.succeed() }
    if connectionsBurst.note(left) { giveMemoryBack() }
  }

  /// Counts bytes that a stream computed, or with a negative number those that a socket took.
  func countAhead(_ bytes: Int) {
    ahead.take(bytes)
    if aheadBurst.note(ahead.used) { giveMemoryBack() }
  }

  /// What a peak took is free in the allocator, but not returned to the system.
  private func giveMemoryBack() { turns.aside(anyLoop) { MemoryRelease.giveBack() } }

  /// Made at its first connection.
  func loop(_ eventLoop: any EventLoop) -> LoopContext {
    let id = ObjectIdentifier(eventLoop)
    return state.withLock { state in
      if let known = state.loops[id] { return known }
      let made = NIOLoopBound(LoopContext(eventLoop), eventLoop: eventLoop)
      state.loops[id] = made
      return made
    }.value
  }

  /// Lets open calls end and takes no connection any more: whoever begins one is refused, and told
  /// why.
  ///
  /// - Returns: what succeeds once nobody is connected.
  func drain() -> EventLoopFuture<Void> {
    let (all, handshakes, isEmpty) = state.withLock { state in
      state.draining = true
      return (Array(state.connections.values), state.handshakes.all, state.count == 0)
    }
    for one in all { one.channel.eventLoop.execute { one.handler.value.drain() } }
    for one in handshakes { one.channel.close(promise: nil) }
    if isEmpty { emptied.succeed() }
    return emptied.futureResult
  }

  /// Calls that are still open are answered that the server stops; whoever has not gone a second
  /// later is cut off.
  func endCalls() {
    refuse()
    for one in open { one.channel.eventLoop.execute { one.handler.value.endCalls() } }
    anyLoop.scheduleTask(in: .seconds(1)) { [self] in
      for one in open { one.channel.close(promise: nil) }
    }
  }

  var isHurried: Bool { state.withLock { $0.isHurried } }

  /// Waits for no call any more: at once where the server drains, else when it does.
  func hurry() {
    let isDraining = state.withLock { state in
      state.isHurried = true
      return state.draining
    }
    if isDraining { endCalls() }
  }

  /// Who comes now is cut off: there is nobody left to tell them why.
  private func refuse() {
    let handshakes = state.withLock { state in
      state.isClosing = true
      return state.handshakes.all
    }
    for one in handshakes { one.channel.close(promise: nil) }
  }

  /// Ends what belongs to no connection; nobody is connected any more.
  func end() async {
    refuse()
    // Kept by a drain already, or there never was a connection to wait for.
    emptied.succeed()
    await turns.stop()
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
  enum Invariant: String, CaseIterable {
    case givesBackWhatWasTaken = "No more bytes are given back than were taken."
  }

  private let count = Atomic(0)
  private let max: Int

  init(max: Int) { self.max = max }

  var used: Int { count.load(ordering: .relaxed) }
  var isExceeded: Bool { used > max }

  /// Counts more, or with a negative number less.
  ///
  /// - Returns: whether what is used now is within the budget. It is counted either way.
  @discardableResult
  func take(_ bytes: Int) -> Bool {
    let now = count.wrappingAdd(bytes, ordering: .relaxed).newValue
    precondition(now >= 0, Invariant.givesBackWhatWasTaken.rawValue)
    return now <= max
  }
}

/// Detects the end of a peak: much was in use, and little is now.
final class HighWaterMark: Sendable {
  private let peak = Atomic(0)
  private let least: Int

  /// - Parameter least: a peak below it is none.
  init(from least: Int) { self.least = least }

  /// - Returns: true once after each peak, when a quarter of it is left.
  func note(_ now: Int) -> Bool {
    let known = peak.load(ordering: .relaxed)
    if now > known {
      peak.store(now, ordering: .relaxed)
      return false
    }
    guard known >= least, now <= known / 4 else { return false }
    return peak.compareExchange(expected: known, desired: 0, ordering: .relaxed).exchanged
  }
}

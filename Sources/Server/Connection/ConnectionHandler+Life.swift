import Access
import Failures
import Messages
import NIOCore
import Wire

/// A connection's beginning and end, and what is looked at while it lasts.
extension ConnectionHandler {
  func begin(on context: ChannelHandlerContext) {
    self.context = context
    address = context.channel.remoteAddress.map(Self.text) ?? ""
    let loop = shared.loop(context.eventLoop)
    timer = DeadlineTimer(loop.clock, self)
    if let refusal = shared.add(self, on: context.channel) {
      send(.helloNo, Codec.encode(refusal))
      return closeAfterReason()
    }
    do {
      try loop.openSession(of: shared.service)
    } catch {
      shared.logger.error(
        "no reader for a connection", metadata: ["why": "\(ErrorSentence.withCauses(of: error))"])
      context.close(promise: nil)
      return
    }
    self.loop = loop
    let spentMs = (NIODeadline.now() - begun).nanoseconds / 1_000_000
    see(to: .handshake, inMs: max(limits.handshakeTimeoutMs - spentMs, 0))
    see(to: .watch, inMs: watchMs)
    // After the connection is known to be open, so that no change of the roles passes it by.
    authorise()
  }

  /// Counts the connection's age from its greeting.
  func beginAge() {
    guard limits.connectionAgeMs > 0 else { return }
    let tenth = max(limits.connectionAgeMs / 10, 1)
    see(to: .age, inMs: limits.connectionAgeMs + Int64.random(in: -tenth...tenth))
  }

  func end() {
    timer?.end()
    unasked.removeAll()
    for call in Array(work.values) {
      settle(call, CallStatus(.cancelled, "The connection has ended.", rule: .cancelled))
      call.cancellation.cancel()
      if !call.isPulling { call.stream?.close() }
    }
    context = nil
    shared.unread.take(-unread)
    unread = 0
    shared.remove(self)
  }

  /// Takes the roles in force, ends the calls that they do not open, and the connection of a peer
  /// that has none or whose certificate has expired.
  func authorise() {
    roles = shared.roles(of: peer)
    if roles.isEmpty { return perform(table.step(.ended(peer.isNobody))) }
    for (id, call) in Array(work) where roles.isDisjoint(with: call.opens) {
      var status = peer.refusal(
        of: shared.service.name(of: call.method), for: call.opens, having: roles)
      status.notProcessed = false
      perform(table.step(.callEnded(id, status)))
    }
    guard let notAfter = peer.notAfter else { return }
    let left = notAfter - shared.clock()
    if left < 0 { return perform(table.step(.ended(peer.expired(at: notAfter)))) }
    // A certificate without an end has one in the year 9999, and clocks are set: looked at again.
    see(to: .expiry, inMs: min(left + 1, 3600) * 1000)
  }

  /// A peer that has nothing open and asks nothing is let go, and so is one whose frame does not
  /// come to its end, or gives no sign of life. Looked at now and then, so that a read sets no
  /// timer.
  private var watchMs: Int64 {
    min(
      limits.idleTimeoutMs, limits.frameTimeoutMs, limits.frameProgressMs, keepaliveMs,
      limits.keepaliveTimeoutMs) / 2 + 1
  }

  func watch(at now: NIODeadline) {
    look(at: now)
    if table.phase != .closed { see(to: .watch, inMs: watchMs) }
  }

  private func look(at now: NIODeadline) {
    if let late = pace?.look(atMs: now.ms, received: received, limits: limits) {
      perform(table.step(.frameExpired(late)))
    } else if now - lastAsked >= .milliseconds(limits.idleTimeoutMs) {
      perform(table.step(.idleExpired))
    }
    if let askedForLife {
      guard now - askedForLife >= .milliseconds(limits.keepaliveTimeoutMs) else { return }
      perform(table.step(.lost))
    } else if now - lastRead >= .milliseconds(keepaliveMs), deadlines[.stalled] == .distantFuture {
      // One that is not read from is seen to when it is stalled, and cannot be heard.
      askedForLife = now
      perform(table.step(.silent))
    }
  }

  /// No new calls; the connection closes after the last open one.
  func drain(_ reason: CallStatus = ConnectionHandler.stopping) {
    leaving = reason
    perform(table.step(.drain))
  }

  /// What `Audit.Connections` says of it.
  func line(number: UInt64, at now: NIODeadline) -> ConnectionLine {
    func ms(since then: NIODeadline) -> UInt64 { UInt64((now - then).nanoseconds / 1_000_000) }
    return ConnectionLine(
      number: number, peer: address, client: clientName, principal: peer.principal.text,
      ageMs: ms(since: begun), silentMs: ms(since: lastRead), calls: counters.calls,
      callsOpen: UInt32(clamping: table.slots), streamsOpen: UInt32(clamping: table.streams),
      bytesRead: counters.bytesRead, bytesWritten: counters.bytesWritten,
      bytesWaiting: UInt64(pendingBytes), phase: "\(table.phase)")
  }

  var pendingBytes: Int {
    (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
  }

  private static func text(_ address: SocketAddress) -> String {
    guard let ip = address.ipAddress, let port = address.port else { return "\(address)" }
    return ip.contains(":") ? "[\(ip)]:\(port)" : "\(ip):\(port)"
  }
}

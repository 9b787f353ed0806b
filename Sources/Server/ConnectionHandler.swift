import Access
import Messages
import NIOCore
import NIOPosix
import Wire

/// One connection: takes every whole frame of a read, answers what it can at once and flushes
/// once. Nothing of a unary read leaves the event loop.
///
/// What a frame means is `ServerConnection`'s to say; this turns its actions into bytes, timers
/// and calls of the service.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let shared: Shared
  let limits: Limits
  var table: ServerConnection
  var desk: (any Desk)?
  var context: ChannelHandlerContext?
  /// Bytes that are not taken yet: of a frame that a read has cut, or of a peer that does not
  /// read its answers.
  private var waiting = ByteBuffer()
  /// When the frame that is cut was begun.
  private var cutSince: NIODeadline?
  var out = ByteBuffer()
  var reply: [UInt8] = []
  private var batchOpen = false
  /// A flush comes at the end of this read, or of this turn of the loop.
  var flushComes = false
  var work: [UInt32: OpenCall] = [:]
  private var handshake: Scheduled<Void>?
  private var stalled: Scheduled<Void>?
  private var watch: Scheduled<Void>?
  private var lastRead = NIODeadline.now()
  let peer: PeerPrincipal
  var roles: Roles = []
  private let begun: NIODeadline
  private var expiry: Scheduled<Void>?

  /// - Parameter begun: since when HELLO is waited for.
  init(_ shared: Shared, _ peer: PeerPrincipal, begun: NIODeadline) {
    self.shared = shared
    self.peer = peer
    self.begun = begun
    limits = shared.limits
    table = ServerConnection(limits: shared.limits)
    reply.reserveCapacity(4096)
  }

  // MARK: life cycle

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    guard shared.add(self, on: context.channel) else {
      let refusal = HelloNo(
        message: "The server has all the connections it takes.", versionMin: Protocol.version,
        versionMax: Protocol.version, retryAfterMs: 1000)
      send(.helloNo, Codec.encode(refusal))
      return closeAfterReason()
    }
    do {
      desk = try shared.desk(for: context.eventLoop)
    } catch {
      shared.logger.error("no reader for a connection", metadata: ["why": "\(error)"])
      context.close(promise: nil)
      return
    }
    let spentMs = (NIODeadline.now() - begun).nanoseconds / 1_000_000
    handshake = after(max(limits.handshakeTimeoutMs - spentMs, 0)) {
      $0.perform($0.table.step(.handshakeExpired))
    }
    watchPeer()
    // After the connection is known to be open, so that no change of the roles passes it by.
    authorise()
  }

  /// Takes the roles in force, ends the calls that they do not open, and the connection of a peer
  /// that has none or whose certificate has expired.
  func authorise() {
    roles = shared.roles(of: peer)
    if roles.isEmpty { return perform(table.step(.ended(peer.isNobody))) }
    for (id, call) in Array(work) where roles.isDisjoint(with: call.opens) {
      let name = shared.service.name(of: call.method)
      var status = peer.refusal(of: name, for: call.opens, having: roles)
      status.notProcessed = false
      perform(table.step(.denied(id, status)))
    }
    guard let notAfter = peer.notAfter else { return }
    let left = notAfter - shared.clock()
    if left < 0 { return perform(table.step(.ended(peer.expired(at: notAfter)))) }
    // A certificate without an end has one in the year 9999, and clocks are set: looked at again.
    expiry?.cancel()
    expiry = after(min(left + 1, 3600) * 1000) { $0.authorise() }
  }

  func channelInactive(context: ChannelHandlerContext) {
    for task in [handshake, stalled, watch, expiry] { task?.cancel() }
    let open = work.values
    work = [:]
    for call in open {
      call.abandon()
      if !call.isPulling { call.pages?.close() }
    }
    self.context = nil
    shared.remove(self)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  func after(_ ms: Int64, _ body: @escaping (ConnectionHandler) -> Void) -> Scheduled<Void>? {
    guard let eventLoop = context?.eventLoop else { return nil }
    let bound = NIOLoopBound((handler: self, body: body), eventLoop: eventLoop)
    return eventLoop.scheduleTask(in: .milliseconds(ms)) { bound.value.body(bound.value.handler) }
  }

  /// A peer that has nothing open and says nothing is let go, and so is one that begins a frame
  /// and does not end it. Looked at now and then, so that a read sets no timer.
  private func watchPeer() {
    watch = after(min(limits.idleTimeoutMs, limits.frameTimeoutMs) / 2 + 1) { handler in
      let now = NIODeadline.now()
      let limits = handler.limits
      if let since = handler.cutSince, now - since >= .milliseconds(limits.frameTimeoutMs) {
        handler.perform(handler.table.step(.frameExpired))
      } else if now - handler.lastRead >= .milliseconds(limits.idleTimeoutMs) {
        handler.perform(handler.table.step(.idleExpired))
      }
      if handler.table.phase != .closed { handler.watchPeer() }
    }
  }

  /// The server stops: no new calls; the connection closes after the last open one.
  func drain() { perform(table.step(.drain)) }

  // MARK: reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastRead = .now()
    table.clock(second: Int64(lastRead.uptimeNanoseconds / 1_000_000_000))
    guard table.phase != .closed else { return }
    var buffer = unwrapInboundIn(data)
    if waiting.readableBytes > 0 {
      waiting.writeBuffer(&buffer)
      swap(&waiting, &buffer)
      waiting = ByteBuffer()
    }
    flushComes = true
    take(&buffer)
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    endBatch()
    flush()
  }

  /// Takes whole frames while the peer takes its answers; keeps the rest.
  private func take(_ buffer: inout ByteBuffer) {
    while table.phase != .closed, canWrite, takeOne(&buffer) {}
    guard buffer.readableBytes > 0, table.phase != .closed else {
      cutSince = nil
      return
    }
    // Only what is cut is timed; a peer that does not read has a timer of its own.
    cutSince = canWrite ? cutSince ?? lastRead : nil
    buffer.discardReadBytes()
    waiting = buffer
  }

  /// Whether answers still go out. What is answered is not held back beyond the high-water mark
  /// within one read either.
  private var canWrite: Bool {
    if out.readableBytes >= limits.writeBufferHigh { flush() }
    return context?.channel.isWritable ?? false
  }

  /// Takes the preface or one frame; false when there is not enough.
  private func takeOne(_ buffer: inout ByteBuffer) -> Bool {
    do throws(FrameError) {
      if table.phase == .preface {
        guard try FrameCutter.preface(buffer.readableBytesSpan) else { return false }
        buffer.moveReaderIndex(forwardBy: Protocol.preface.count)
        perform(table.step(.preface))
        return true
      }
      guard case .frame(let header) = try FrameCutter.cut(buffer.readableBytesSpan, limits: limits)
      else { return false }
      cutSince = nil
      buffer.moveReaderIndex(forwardBy: FrameHeader.length + header.metadataLength)
      let end = buffer.readerIndex + header.payloadLength - header.metadataLength
      switch table.step(.frame(header)) {
      case .begin: begin(header, &buffer, end)
      case .greet: greet(buffer.readBytes(length: end - buffer.readerIndex) ?? [])
      case let action: perform(action)
      }
      buffer.moveReaderIndex(to: end)
      return true
    } catch {
      perform(table.step(.broken(error)))
      return false
    }
  }

  private func greet(_ body: [UInt8]) {
    handshake?.cancel()
    let hello = try? Codec.decode(Hello.self, from: body)
    guard let hello, hello.versionMin <= Protocol.version, hello.versionMax >= Protocol.version
    else {
      let refusal = HelloNo(
        message: hello == nil
          ? "HELLO could not be read." : "This server speaks version \(Protocol.version).",
        versionMin: Protocol.version, versionMax: Protocol.version)
      send(.helloNo, Codec.encode(refusal))
      return closeAfterReason()
    }
    send(.helloOK, shared.greeting)
  }

  // MARK: the batch of a read

  /// All frames of a read are answered from one snapshot.
  func openBatch() -> CallStatus? {
    guard !batchOpen else { return nil }
    do {
      try desk!.beginBatch()
      batchOpen = true
      return nil
    } catch {
      return CallStatus(.unavailable, "The registry cannot be read: \(error).", retryAfterMs: 100)
    }
  }

  private func endBatch() {
    guard batchOpen else { return }
    desk?.endBatch()
    batchOpen = false
  }

  // MARK: a peer that does not read

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      stalled?.cancel()
      stalled = nil
      setReading(true)
      if waiting.readableBytes > 0 {
        var buffer = ByteBuffer()
        swap(&buffer, &waiting)
        flushSoon()
        take(&buffer)
        endBatch()
      }
      for id in Array(work.keys) { pull(id) }
    } else if stalled == nil {
      // A peer that asks and does not read is not read from either.
      setReading(false)
      stalled = after(limits.stalledTimeoutMs) { $0.context?.close(promise: nil) }
    }
    context.fireChannelWritabilityChanged()
  }

  private func setReading(_ reading: Bool) {
    try? context?.channel.syncOptions?.setOption(.autoRead, value: reading)
  }
}

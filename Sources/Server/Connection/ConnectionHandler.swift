import Access
import DequeModule
import Failures
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

  let shared: ServerState
  let limits: Limits
  var table: ServerConnection
  var loop: LoopContext?
  var context: ChannelHandlerContext?
  /// Bytes that are not taken yet: of a frame that a read has cut, or of a peer that does not
  /// read its answers.
  private var waiting = ByteBuffer()
  /// Its bytes, as all connections together count them.
  private var held = 0
  /// Frames of one connection in one turn of the loop: as many as a peer's calls that may be open,
  /// so that only a flood is more, and nobody waits for one.
  private static let framesPerTurnMax = 256
  /// Whole frames wait for the loop's next turn.
  private var shouldYield = false
  /// How the frame that is cut comes in.
  var pace: FramePace?
  /// Counts what comes below TLS; nil without it.
  private let meter: ReadMeter?
  var out = ByteBuffer()
  var reply: [UInt8] = []
  private var batchOpen = false
  /// As the channel said last: it tells of every change.
  private(set) var isWritable = true
  /// Bytes that the peer has not read, as all connections together count them.
  var unread = 0
  /// A flush comes at the end of this read, or of this turn of the loop.
  var flushComes = false
  var work: [UInt32: OpenCall] = [:]
  /// Open calls that the service was not asked yet.
  var unasked = Deque<OpenCall>()
  /// Calls that it is asked now, of those of which there may be so many.
  var running = 0
  /// Streams that are to be asked for their next step, in turn.
  var ready = Deque<OpenCall>()
  /// Those that are asked now, and apart from them those that look at every subject there is.
  var steps = 0
  var heavySteps = 0
  /// Bytes of streams' messages that the socket has not taken; nothing more is computed meanwhile.
  var ahead = 0
  var lastRead = NIODeadline.now()
  /// When something other than a PING or a PONG was last read.
  var lastAsked = NIODeadline.now()
  /// When the peer was asked for a sign of life that has not come.
  var askedForLife: NIODeadline?
  var keepaliveMs: Int64
  var counters = Counters()
  var deadlines = ConnectionDeadlines()
  var timer: DeadlineTimer?
  let peer: PeerPrincipal
  var roles: Roles = []
  /// The peer's address and port, for people.
  var address = ""
  /// What the client calls itself.
  var clientName = ""
  let begun: NIODeadline
  /// Bytes that had not been written when that was last looked at, once our side is to end.
  var bytesLeft = 0
  /// What GOAWAY says of a drain.
  var leaving = ConnectionHandler.stopping

  /// Told by `Audit.Connections`.
  struct Counters {
    var calls: UInt64 = 0
    var bytesRead: UInt64 = 0
    var bytesWritten: UInt64 = 0
  }

  /// - Parameter begun: since when HELLO is waited for.
  init(
    _ shared: ServerState, _ peer: PeerPrincipal, begun: NIODeadline, meter: ReadMeter? = nil
  ) {
    self.shared = shared
    self.peer = peer
    self.begun = begun
    self.meter = meter
    limits = shared.limits
    keepaliveMs = shared.limits.keepaliveMs
    table = ServerConnection(limits: shared.limits)
    reply.reserveCapacity(4096)
  }

  // MARK: life cycle

  func channelActive(context: ChannelHandlerContext) { begin(on: context) }

  func channelInactive(context: ChannelHandlerContext) {
    forgetWaiting()
    end()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  // MARK: reading

  /// Bytes that have come on the socket.
  var received: UInt64 { meter?.bytes ?? counters.bytesRead }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    lastRead = .now()
    table.clock(second: Int64(lastRead.uptimeNanoseconds / 1_000_000_000))
    guard table.phase != .closed else { return }
    askedForLife = nil
    var buffer = unwrapInboundIn(data)
    counters.bytesRead &+= UInt64(buffer.readableBytes)
    if shouldYield {
      waiting.writeBuffer(&buffer)
      return hold(waiting.readableBytes)
    }
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
    askNext()
    flush()
  }

  /// Takes whole frames while the peer takes its answers; keeps the rest.
  private func take(_ buffer: inout ByteBuffer) {
    var frames = 0
    while table.phase != .closed, canWrite, frames < Self.framesPerTurnMax, takeOne(&buffer) {
      frames += 1
    }
    guard buffer.readableBytes > 0, table.phase != .closed else {
      pace = nil
      return hold(0)
    }
    let isMore = frames == Self.framesPerTurnMax
    // Only what is cut is timed; a peer that does not read has a timer of its own.
    let now = NIODeadline.now()
    pace = canWrite && !isMore ? pace ?? FramePace(atMs: now.ms, received: received) : nil
    if !isMore { buffer.discardReadBytes() }
    // A little of a large read would keep all of its memory, and is counted as a little.
    let isSparse = buffer.storageCapacity > max(4 * buffer.readableBytes, 4096)
    waiting = isSparse ? ByteBuffer(bytes: buffer.readableBytesView) : buffer
    hold(buffer.readableBytes)
    if isMore { giveWay() }
  }

  /// Goes on in the loop's next turn, after what has come on other connections.
  private func giveWay() {
    guard !shouldYield, table.phase != .closed, let context else { return }
    shouldYield = true
    setReading(false)
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute { bound.value.goOn() }
  }

  private func goOn() {
    shouldYield = false
    guard context != nil else { return }
    table.clock(second: Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000_000))
    takeWaiting()
    // A peer that does not read is read from again when it does.
    if !shouldYield, canWrite || table.phase == .closed { setReading(true) }
  }

  private func takeWaiting() {
    guard waiting.readableBytes > 0 else { return }
    var buffer = ByteBuffer()
    swap(&buffer, &waiting)
    flushSoon()
    take(&buffer)
    endBatch()
    askNext()
  }

  /// Counts what is kept of a frame that is not whole, with all other connections'.
  func hold(_ bytes: Int) {
    guard bytes != held else { return }
    let more = bytes - held
    held = bytes
    if !shared.partials.take(more), more > 0 { perform(table.step(.overloaded)) }
  }

  /// Nothing more is read of this peer: what is kept of it would only count against the others.
  func forgetWaiting() {
    waiting = ByteBuffer()
    hold(0)
  }

  /// Whether answers still go out. What is answered is not held back beyond the high-water mark
  /// within one read either.
  var canWrite: Bool {
    if out.readableBytes >= limits.writeBufferHigh { flush() }
    return isWritable
  }

  /// Takes the preface or one frame; false when there is not enough.
  private func takeOne(_ buffer: inout ByteBuffer) -> Bool {
    do throws(FrameError) {
      if table.phase == .preface {
        guard try FrameDecoder.preface(buffer.readableBytesSpan) else { return false }
        buffer.moveReaderIndex(forwardBy: Protocol.preface.count)
        perform(table.step(.preface))
        return true
      }
      guard case .frame(let header) = try FrameDecoder.cut(buffer.readableBytesSpan, limits: limits)
      else { return false }
      pace = nil
      if header.type != .ping, header.type != .pong { lastAsked = lastRead }
      buffer.moveReaderIndex(forwardBy: FrameHeader.length)
      let end = buffer.readerIndex + header.payloadLength
      let action = table.step(.frame(header))
      switch action {
      case .begin: begin(header, &buffer, end)
      case .greet, .take, .takeLast:
        buffer.moveReaderIndex(forwardBy: header.metadataLength)
        let body = buffer.readBytes(length: end - buffer.readerIndex) ?? []
        if action == .greet { greet(body) } else { take(header.call, body, isLast: header.isEnd) }
      case .none, .refuse, .answerEarly, .resume, .resumeAll, .credit, .ping, .pong, .announce,
        .goAway, .goAwayAndClose, .fail, .close:
        perform(action)
      }
      buffer.moveReaderIndex(to: end)
      return true
    } catch {
      perform(table.step(.broken(error)))
      return false
    }
  }

  private func greet(_ body: [UInt8]) {
    deadlines[.handshake] = .distantFuture
    let hello = loop?.decode(Hello.self, from: body)
    guard let hello, hello.versionMin <= Protocol.version, hello.versionMax >= Protocol.version
    else {
      let refusal =
        hello == nil
        ? CallStatus(.internal, "HELLO could not be read.", rule: .payload)
        : CallStatus(
          .unimplemented, "This server speaks version \(Protocol.version).", rule: .version)
      send(.helloNo, Codec.encode(HelloNo(refusal)))
      return closeAfterReason()
    }
    clientName = hello.client
    keepaliveMs = limits.keepaliveMs(asked: hello.keepaliveMs)
    beginAge()
    send(.helloOK, shared.greeting(for: peer, keepaliveMs: keepaliveMs))
  }

  // MARK: the batch of a read

  /// All frames of a read are answered from one snapshot.
  func openBatch() -> CallStatus? {
    guard !batchOpen else { return nil }
    do {
      // sure: opened with the connection
      try loop!.session.beginBatch()
      batchOpen = true
      return nil
    } catch {
      return CallStatus(of: error)
    }
  }

  private func endBatch() {
    guard batchOpen else { return }
    loop?.session.endBatch()
    batchOpen = false
  }

  // MARK: a peer that does not read

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    isWritable = context.channel.isWritable
    countUnread()
    if isWritable {
      deadlines[.stalled] = .distantFuture
      if !shouldYield {
        setReading(true)
        takeWaiting()
      }
      askNext()
      pullReady()
    } else if deadlines[.stalled] == .distantFuture {
      // A peer that asks and does not read is not read from either.
      setReading(false)
      see(to: .stalled, inMs: limits.stalledTimeoutMs)
    }
    context.fireChannelWritabilityChanged()
  }

  private func setReading(_ reading: Bool) {
    try? context?.channel.syncOptions?.setOption(.autoRead, value: reading)
  }
}

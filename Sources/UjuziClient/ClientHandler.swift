import Messages
import NIOCore
import Wire

/// The client's side of a connection.
final class ClientHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  enum Waiting {
    case unary((Result<[UInt8], any Error>) -> Void)
    case stream(message: ([UInt8]) -> Void, end: ((any Error)?) -> Void)
  }

  private var limits = Limits()
  private let name: String
  private var greeted: EventLoopPromise<HelloOk>?
  private var context: ChannelHandlerContext?
  private var partial: ByteBuffer?
  private var out = ByteBuffer()
  private var flushWanted = false
  private var nextCall: UInt32 = 1
  private var calls: [UInt32: Waiting] = [:]
  private var numbers: [ObjectIdentifier: UInt32] = [:]
  private var names: [UInt32: CallID] = [:]
  private var ended: (any Error)?

  init(name: String, greeted: EventLoopPromise<HelloOk>) {
    self.name = name
    self.greeted = greeted
    limits.frameLengthMax = (1 << 24) - 1
  }

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    let hello = Codec.encode(
      Hello(versionMin: Protocol.version, versionMax: Protocol.version, client: name))
    out.writeBytes(Protocol.preface)
    write(FrameHeader(.hello, payloadLength: hello.count), hello)
    flush()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    end(ConnectionFailure(sentence: "The server closed the connection."))
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    end(ConnectionFailure(sentence: "The connection broke: \(error)."))
    context.close(promise: nil)
  }

  private func end(_ error: any Error) {
    ended = ended ?? error
    greeted?.fail(ended!)
    greeted = nil
    let open = calls
    calls = [:]
    numbers = [:]
    names = [:]
    for waiting in open.values { finish(waiting, ended!) }
  }

  private func finish(_ waiting: Waiting, _ error: any Error) {
    switch waiting {
    case .unary(let complete): complete(.failure(error))
    case .stream(_, let end): end(error)
    }
  }

  // MARK: calls

  func begin(
    _ id: CallID, _ method: UInt32, _ request: [UInt8], _ timeoutMs: UInt32, _ waiting: Waiting
  ) {
    if let ended { return finish(waiting, ended) }
    guard request.count + Protocol.callHeadLength <= limits.frameLengthMax else {
      return finish(
        waiting,
        CallStatus(
          .resourceExhausted,
          "The request has \(request.count) bytes; the server takes \(limits.frameLengthMax).",
          notProcessed: true))
    }
    while nextCall == 0 || calls[nextCall] != nil {
      nextCall = (nextCall + 1) & FrameHeader.callMax
    }
    let call = nextCall
    nextCall = (nextCall + 1) & FrameHeader.callMax
    calls[call] = waiting
    numbers[ObjectIdentifier(id)] = call
    names[call] = id
    let header = FrameHeader(
      .call, payloadLength: Protocol.callHeadLength + request.count, flags: FrameHeader.end,
      call: call, argument: timeoutMs)
    let (first, second) = header.words
    out.writeInteger(first)
    out.writeInteger(second)
    out.writeInteger(method)
    out.writeInteger(Schema.revision)
    out.writeBytes(request)
    flushSoon()
  }

  func cancel(_ id: CallID) {
    guard let call = numbers[ObjectIdentifier(id)], let waiting = forget(call) else { return }
    write(FrameHeader(.cancel, call: call), [])
    flushSoon()
    finish(waiting, CancellationError())
  }

  private func forget(_ call: UInt32) -> Waiting? {
    if let id = names.removeValue(forKey: call) { numbers[ObjectIdentifier(id)] = nil }
    return calls.removeValue(forKey: call)
  }

  // MARK: reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    if partial != nil {
      partial!.writeBuffer(&buffer)
      buffer = partial!
      partial = nil
    }
    while take(&buffer) {}
    if buffer.readableBytes > 0 {
      buffer.discardReadBytes()
      partial = buffer
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) { flush() }

  private func take(_ buffer: inout ByteBuffer) -> Bool {
    guard buffer.readableBytes >= FrameHeader.length,
      let first = buffer.getInteger(at: buffer.readerIndex, as: UInt64.self),
      let second = buffer.getInteger(at: buffer.readerIndex + 8, as: UInt64.self)
    else { return false }
    let header: FrameHeader
    do throws(FrameError) {
      header = try FrameHeader(first, second, limits: limits)
    } catch {
      end(ConnectionFailure(sentence: "This is no ujuzi server: \(error.sentence)"))
      context?.close(promise: nil)
      return false
    }
    guard buffer.readableBytes >= FrameHeader.length + header.payloadLength else { return false }
    buffer.moveReaderIndex(forwardBy: FrameHeader.length + header.metadataLength)
    let body = buffer.readBytes(length: header.payloadLength - header.metadataLength) ?? []
    receive(header, body)
    return true
  }

  private func receive(_ header: FrameHeader, _ body: [UInt8]) {
    switch header.type {
    case .helloOK:
      guard let hello = try? Codec.decode(HelloOk.self, from: body) else { break }
      if hello.frameLengthMax > 0 { limits.frameLengthMax = Int(hello.frameLengthMax) }
      greeted?.succeed(hello)
      greeted = nil
    case .helloNo:
      let message = (try? Codec.decode(HelloNo.self, from: body))?.message ?? "no reason given"
      end(ConnectionFailure(sentence: "The server refused the connection: \(message)"))
    case .result:
      if case .unary(let complete) = forget(header.call) { complete(.success(body)) }
    case .data:
      guard case .stream(let message, _) = calls[header.call] else { break }
      message(body)
      write(FrameHeader(.credit, call: header.call, argument: UInt32(body.count)), [])
    case .status:
      guard let waiting = forget(header.call) else { break }
      let status = Self.status(body)
      switch waiting {
      case .stream(_, let end) where status.code == .ok: end(nil)
      default: finish(waiting, status)
      }
    case .goAway:
      let goAway = try? Codec.decode(GoAway.self, from: body)
      ended = ConnectionFailure(sentence: goAway?.message ?? "The server is going away.")
      for call in calls.keys where call > goAway?.lastCall ?? .max {
        if let waiting = forget(call) {
          finish(
            waiting,
            CallStatus(.unavailable, "The server is going away.", notProcessed: true))
        }
      }
    case .ping: write(FrameHeader(.pong, argument: header.argument), [])
    case .pong, .hello, .call, .cancel, .credit: break
    }
  }

  private static func status(_ body: [UInt8]) -> CallStatus {
    guard let status = try? Codec.decode(Status.self, from: body) else {
      return CallStatus(.internal, "The server's STATUS could not be read.")
    }
    return CallStatus(
      StatusCode(rawValue: status.code) ?? .unknown, status.message,
      field: status.detail?.field ?? "", rule: status.detail?.rule ?? "",
      retryAfterMs: status.retryAfterMs, notProcessed: status.notProcessed)
  }

  // MARK: writing

  private func write(_ header: FrameHeader, _ body: [UInt8]) {
    let (first, second) = header.words
    out.writeInteger(first)
    out.writeInteger(second)
    out.writeBytes(body)
  }

  private func flushSoon() {
    guard !flushWanted, let context else { return }
    flushWanted = true
    let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
    context.eventLoop.execute { bound.value.flush() }
  }

  private func flush() {
    flushWanted = false
    guard out.readableBytes > 0, let context else { return }
    let whole = out
    out = context.channel.allocator.buffer(capacity: 4096)
    context.writeAndFlush(wrapOutboundOut(whole), promise: nil)
  }
}

import Access
import Messages
import NIOCore
import NIOSSL
import NIOTLS
import Wire

/// Handles a connection until the TLS handshake is done and the peer has a principal and a role;
/// then it installs the connection handler and removes itself.
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let shared: ServerState
  private let security: TransportSecurity
  private let meter: ReadMeter
  private let begun = NIODeadline.now()
  private var context: ChannelHandlerContext?
  private var timer: DeadlineTimer?
  private var isSettled = false

  init(_ shared: ServerState, _ security: TransportSecurity, _ meter: ReadMeter) {
    self.shared = shared
    self.security = security
    self.meter = meter
  }

  /// What a connection with TLS begins with.
  static func handlers(
    _ shared: ServerState, _ security: TransportSecurity
  ) -> [any ChannelHandler] {
    let meter = ReadMeter()
    return [
      LingeringCloseHandler(shared), meter, NIOSSLServerHandler(context: security.context),
      HandshakeHandler(shared, security, meter),
    ]
  }

  func channelActive(context: ChannelHandlerContext) {
    // A handshake costs more than anything else that a stranger may ask for: whoever is not
    // taken is not shaken hands with either.
    guard shared.beginHandshake(self, on: context.channel) else {
      endLingering(context)
      return close(context)
    }
    self.context = context
    timer = DeadlineTimer(shared.loop(context.eventLoop).clock, self)
    timer?.wake(by: begun + .milliseconds(shared.limits.handshakeTimeoutMs))
  }

  func channelInactive(context: ChannelHandlerContext) {
    end(context)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // Of a peer that was refused, which has not read so yet.
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .handshakeCompleted(let agreed)? = event as? TLSUserEvent, !isSettled else {
      return context.fireUserInboundEventTriggered(event)
    }
    guard agreed == Protocol.alpn else {
      return fail(context, "the client did not name \(Protocol.alpn) in ALPN")
    }
    do throws(CallStatus) {
      let peer = try PeerPrincipal.read(from: certificate(context))
      guard !security.grants.roles(of: peer.principal).isEmpty else { throw peer.isNobody }
      admit(peer, context)
    } catch {
      refuse(context, error)
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Whoever only looks whether somebody listens, as a balancer does, is no line in the log.
    if error is IOError || TLSFailure(reasons: "\(error)") == .closed { return close(context) }
    fail(context, HandshakeHandler.sentence(of: error, certificate(context), roots: security.roots))
  }

  private func certificate(_ context: ChannelHandlerContext) -> NIOSSLCertificate? {
    try? context.pipeline.syncOperations.nioSSL_peerCertificate()
  }

  // MARK: how it ends

  private func admit(_ peer: PeerPrincipal, _ context: ChannelHandlerContext) {
    isSettled = true
    end(context)
    endLingering(context)
    let operations = context.pipeline.syncOperations
    do {
      try operations.addHandler(
        ConnectionHandler(shared, peer, begun: begun, meter: meter), position: .after(self))
    } catch {
      return close(context)
    }
    context.fireChannelActive()
    operations.removeHandler(context: context, promise: nil)
  }

  private func refuse(_ context: ChannelHandlerContext, _ status: CallStatus) {
    guard !isSettled else { return }
    isSettled = true
    shared.refusals.log(status.message, from: context.remoteAddress)
    let body = Codec.encode(HelloNo(status))
    var frame = ByteBuffer()
    frame.write(FrameHeader(.helloNo, payloadLength: body.count))
    frame.writeBytes(body)
    context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    close(context)
  }

  private func fail(_ context: ChannelHandlerContext, _ why: String) {
    guard !isSettled else { return }
    isSettled = true
    shared.refusals.log(why, from: context.remoteAddress)
    close(context)
  }

  /// Too many have begun a handshake and not ended it.
  func giveWay() {
    guard let context, !isSettled else { return }
    endLingering(context)
    fail(
      context,
      "too many TLS handshakes were not done, and this was the oldest of the address with the most")
  }

  private func endLingering(_ context: ChannelHandlerContext) {
    let operations = context.pipeline.syncOperations
    guard let lingering = try? operations.context(handlerType: LingeringCloseHandler.self) else {
      return
    }
    operations.removeHandler(context: lingering, promise: nil)
  }

  private func close(_ context: ChannelHandlerContext) {
    isSettled = true
    context.close(promise: nil)
  }

  private func end(_ context: ChannelHandlerContext) {
    timer?.end()
    self.context = nil
    shared.endHandshake(self)
  }

  /// Why a handshake failed, for the log.
  static func sentence(
    of error: any Error, _ certificate: NIOSSLCertificate?, roots: [CertificateNames]
  ) -> String {
    switch TLSFailure(reasons: "\(error)") {
    case .unverified:
      guard let certificate else { return "the client's certificate could not be verified" }
      let now = WallClock.now()
      let (from, until) = (Int64(certificate.notValidBefore), Int64(certificate.notValidAfter))
      if now > until { return "the client's certificate expired on \(WallClock.text(until))" }
      if now < from {
        return "the client's certificate is not valid before \(WallClock.text(from))"
      }
      return "the client's certificate comes from "
        + TLSFailure.missingAuthority(of: CertificateNames(certificate), roots: roots)
    case .noCertificate: return "the client sent no certificate"
    case .version: return "the client does not speak TLS 1.3"
    case .notTLS: return "the client does not speak TLS"
    case .closed: return "the client closed the connection"
    case .alert(let name): return "the client refused the server's certificate or offer: \(name)"
    case .other(let reasons): return "TLS failed: \(reasons)"
    }
  }
}

extension CertificateNames {
  /// The common names, or the whole names of an authority that has none.
  init(_ certificate: NIOSSLCertificate) {
    func text(_ name: [SSLCertificateName]) -> String {
      let common = name.filter { $0.type == .commonName }
      return (common.isEmpty ? name : common).map(\.value).joined(separator: ", ").cut(to: 200)
    }
    self.init(subject: text(certificate.subjectName), issuer: text(certificate.issuerName))
  }
}

extension HandshakeHandler: DeadlineOwner {
  func ring(at now: NIODeadline) -> NIODeadline {
    if let context {
      fail(context, "no TLS handshake within \(shared.limits.handshakeTimeoutMs) ms")
    }
    return .distantFuture
  }
}

/// Counts the bytes that come on a socket, below TLS.
final class ReadMeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private(set) var bytes: UInt64 = 0

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    bytes &+= UInt64(unwrapInboundIn(data).readableBytes)
    context.fireChannelRead(data)
  }
}

/// A lingering close: keeps a socket half open for a moment, so that the peer can read the alert.
/// Closing a socket with unread bytes resets it, and the alert is lost.
final class LingeringCloseHandler: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundIn = ByteBuffer

  private let shared: ServerState
  private var context: ChannelHandlerContext?
  private var timer: DeadlineTimer?

  init(_ shared: ServerState) { self.shared = shared }

  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all, timer == nil else { return context.close(mode: mode, promise: promise) }
    self.context = context
    timer = DeadlineTimer(shared.loop(context.eventLoop).clock, self)
    timer?.wake(by: .now() + .milliseconds(shared.limits.lingerTimeoutMs))
    context.channel.closeFuture.cascade(to: promise)
    context.close(mode: .output, promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if timer == nil { context.fireChannelRead(data) }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    timer?.end()
    self.context = nil
  }
}

extension LingeringCloseHandler: DeadlineOwner {
  func ring(at now: NIODeadline) -> NIODeadline {
    context?.close(promise: nil)
    return .distantFuture
  }
}

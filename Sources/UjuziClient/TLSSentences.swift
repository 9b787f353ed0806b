import Foundation
import NIOCore
import NIOSSL
import NIOTLS
import Wire

/// Says what went wrong with TLS as a person would.
final class TLSSentences: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let host: String
  /// The client's certificate.
  private let own: NIOSSLCertificate
  private var wasRead = false
  private var isTold = false

  init(host: String, own: NIOSSLCertificate) {
    self.host = host
    self.own = own
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let agreed)? = event as? TLSUserEvent, agreed != Protocol.alpn {
      tell(context, "The server speaks TLS, but not \(Protocol.alpn): is it a ujuzi server?")
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    wasRead = true
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let server = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    tell(context, sentence(of: error, server))
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !wasRead {
      tell(context, Self.closedEarly)
    }
    context.fireChannelInactive()
  }

  private static let closedEarly =
    "The server closed the connection before it greeted: it has no room, or does not speak "
    + "\(Protocol.alpn)."

  /// The first reason is the one; what follows from it says less.
  private func tell(_ context: ChannelHandlerContext, _ sentence: String) {
    guard !isTold else { return }
    isTold = true
    context.fireErrorCaught(ConnectionFailure(sentence: sentence))
  }

  private func sentence(of error: any Error, _ server: NIOSSLCertificate?) -> String {
    if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
      return "The server's certificate is not for \(host)."
    }
    if case NIOSSLError.uncleanShutdown = error {
      guard wasRead else { return Self.closedEarly }
      return "The connection broke: it ended without TLS's close_notify."
    }
    if error is IOError, !wasRead { return Self.closedEarly }
    switch TLSTrouble(reasons: "\(error)") {
    case .unverified: return unverified(server)
    case .noCertificate: return "The server sent no certificate."
    case .version: return "The server does not speak TLS 1.3."
    case .notTLS:
      return "The server does not speak TLS: connect without the certificates (without --tls-…)."
    case .closed: return Self.closedEarly
    case .alert(let name): return refused(name)
    case .other(let reasons): return "The connection broke: \(reasons)."
    }
  }

  private func unverified(_ server: NIOSSLCertificate?) -> String {
    guard let server else { return "The server's certificate could not be verified." }
    return switch Self.standing(server) {
    case .expired(let day): "The server's certificate expired on \(day)."
    case .notYet(let day): "The server's certificate is not valid before \(day)."
    case .now: "The server's certificate comes from no authority among the roots."
    }
  }

  /// In TLS 1.3 the server looks at the client's certificate after the client's handshake is
  /// done: the alert comes as the first thing that is read.
  private func refused(_ alert: String) -> String {
    let refused = "The server refused the client's certificate"
    switch (alert, Self.standing(own)) {
    case ("certificate_required", _): return "The server demands a client certificate."
    case ("protocol_version", _): return "The server does not speak TLS 1.3."
    case ("certificate_expired", .expired(let day)), ("bad_certificate", .expired(let day)):
      return "\(refused): it expired on \(day)."
    case ("certificate_expired", .notYet(let day)), ("bad_certificate", .notYet(let day)):
      return "\(refused): it is not valid before \(day)."
    case ("certificate_expired", .now): return "\(refused): by the server's clock it has expired."
    case ("unknown_ca", _): return "\(refused): it comes from no authority that the server knows."
    case ("bad_certificate", _), ("certificate_unknown", _), ("unsupported_certificate", _),
      ("certificate_revoked", _), ("access_denied", _), ("decrypt_error", _):
      return "\(refused): \(alert)."
    default: return "The server ended the TLS connection: \(alert)."
    }
  }

  private enum Standing { case now, expired(String), notYet(String) }

  private static func standing(_ certificate: NIOSSLCertificate) -> Standing {
    let now = Date().timeIntervalSince1970
    let (from, until) = (Double(certificate.notValidBefore), Double(certificate.notValidAfter))
    if now > until { return .expired(Date(timeIntervalSince1970: until).ISO8601Format()) }
    if now < from { return .notYet(Date(timeIntervalSince1970: from).ISO8601Format()) }
    return .now
  }
}

/// Looks at the first byte that a server sends without TLS: an alert says that it wants TLS.
final class PlaintextSentences: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  /// The content type of an alert (RFC 8446, 5.1); no frame begins with it.
  private static let alert: UInt8 = 21

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    if buffer.getInteger(at: buffer.readerIndex) == Self.alert {
      return context.fireErrorCaught(
        ConnectionFailure(
          sentence: "The server speaks TLS: connect with certificates (--tls-roots, "
            + "--tls-certificate, --tls-key)."))
    }
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }
}

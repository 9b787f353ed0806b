import Failures
import Foundation
import NIOCore
import NIOSSL
import NIOTLS
import Wire

/// Maps TLS errors to sentences that say what to do.
final class TLSErrorMapper: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let host: String
  /// The client's certificate.
  private let own: NIOSSLCertificate
  private let roots: [CertificateNames]
  private var wasRead = false
  private var isTold = false

  init(host: String, own: NIOSSLCertificate, roots: [CertificateNames]) {
    self.host = host
    self.own = own
    self.roots = roots
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .handshakeCompleted(let agreed)? = event as? TLSUserEvent, agreed != Protocol.alpn {
      tell(context, Self.noCommonProtocol)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    wasRead = true
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    let server = try? context.pipeline.syncOperations.nioSSL_peerCertificate()
    var failure = failure(of: error, server)
    failure.cause = Cause(error)
    tell(context, failure)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if !wasRead { tell(context, Self.closedEarly) }
    context.fireChannelInactive()
  }

  private static let closedEarly = again(
    "The server closed the connection before it greeted: it has no room, or does not speak "
      + "\(Protocol.alpn).")

  /// Both sides speak TLS, and not this protocol in it.
  private static let noCommonProtocol = ConnectionFailure(
    sentence: "The server speaks TLS, but not \(Protocol.alpn): is it a ujuzi server?",
    mayRetry: false, rule: ProtocolRule.tls.rawValue)

  /// A connection that ended may be made again.
  private static func again(_ sentence: String) -> ConnectionFailure {
    ConnectionFailure(sentence: sentence, mayRetry: true)
  }

  /// What two sides do not agree on is not better at a second try.
  private static func no(_ sentence: String) -> ConnectionFailure {
    ConnectionFailure(sentence: sentence, mayRetry: false)
  }

  /// The first reason is the one; what follows from it says less.
  private func tell(_ context: ChannelHandlerContext, _ failure: ConnectionFailure) {
    guard !isTold else { return }
    isTold = true
    context.fireErrorCaught(failure)
  }

  private func failure(of error: any Error, _ server: NIOSSLCertificate?) -> ConnectionFailure {
    if let error = error as? NIOSSLExtraError, error == .failedToValidateHostname {
      return Self.no("The server's certificate is not for \(host).")
    }
    if case NIOSSLError.uncleanShutdown = error {
      guard wasRead else { return Self.closedEarly }
      return Self.again("The connection broke: it ended without TLS's close_notify.")
    }
    if error is IOError, !wasRead { return Self.closedEarly }
    switch TLSFailure(reasons: "\(error)") {
    case .unverified: return Self.no(unverified(server))
    case .noCertificate: return Self.no("The server sent no certificate.")
    case .version: return Self.no("The server does not speak TLS 1.3.")
    case .notTLS:
      return Self.no(
        "The server does not speak TLS: connect without the certificates (without --tls-…).")
    case .closed: return Self.closedEarly
    case .alert(let name): return refused(name)
    case .other(let reasons): return Self.again("The connection broke: \(reasons).")
    }
  }

  private func unverified(_ server: NIOSSLCertificate?) -> String {
    guard let server else { return "The server's certificate could not be verified." }
    return switch Self.standing(server) {
    case .expired(let day): "The server's certificate expired on \(day)."
    case .notYet(let day): "The server's certificate is not valid before \(day)."
    case .now:
      "The server's certificate comes from "
        + TLSFailure.missingAuthority(of: CertificateNames(server), roots: roots) + "."
    }
  }

  /// In TLS 1.3 the server looks at the client's certificate after the client's handshake is
  /// done: the alert comes as the first thing that is read.
  private func refused(_ alert: String) -> ConnectionFailure {
    let refused = "The server refused the client's certificate"
    switch (alert, Self.standing(own)) {
    // A server that knows none of the protocols that it was offered (RFC 7301, 3.2).
    case ("no_application_protocol", _): return Self.noCommonProtocol
    case ("certificate_required", _): return Self.no("The server demands a client certificate.")
    case ("protocol_version", _): return Self.no("The server does not speak TLS 1.3.")
    case ("certificate_expired", .expired(let day)), ("bad_certificate", .expired(let day)):
      return Self.no("\(refused): it expired on \(day).")
    case ("certificate_expired", .notYet(let day)), ("bad_certificate", .notYet(let day)):
      return Self.no("\(refused): it is not valid before \(day).")
    case ("certificate_expired", .now):
      return Self.no("\(refused): by the server's clock it is out of its days.")
    case ("unknown_ca", _):
      return Self.no(
        "\(refused): it comes from no authority that the server knows (it was signed by "
          + "\(CertificateNames(own).issuer)).")
    case ("bad_certificate", _), ("certificate_unknown", _), ("unsupported_certificate", _),
      ("certificate_revoked", _), ("access_denied", _), ("decrypt_error", _):
      return Self.no("\(refused): \(alert).")
    default: return Self.again("The server ended the TLS connection: \(alert).")
    }
  }

  private enum EffectiveHistory { case now, expired(String), notYet(String) }

  private static func standing(_ certificate: NIOSSLCertificate) -> EffectiveHistory {
    let now = Date().timeIntervalSince1970
    let (from, until) = (Double(certificate.notValidBefore), Double(certificate.notValidAfter))
    if now > until { return .expired(Date(timeIntervalSince1970: until).ISO8601Format()) }
    if now < from { return .notYet(Date(timeIntervalSince1970: from).ISO8601Format()) }
    return .now
  }
}

/// Maps errors without TLS: a first byte that begins a TLS alert means that the server wants TLS.
final class PlaintextErrorMapper: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  /// The content type of an alert (RFC 8446, 5.1); no frame begins with it.
  private static let alert: UInt8 = 21

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    if buffer.getInteger(at: buffer.readerIndex) == Self.alert {
      return context.fireErrorCaught(
        ConnectionFailure(
          sentence: "The server speaks TLS: connect with certificates (--tls-roots, "
            + "--tls-certificate, --tls-key).", mayRetry: false, rule: ProtocolRule.tls.rawValue))
    }
    context.fireChannelRead(data)
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }
}

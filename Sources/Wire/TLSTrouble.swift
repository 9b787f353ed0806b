/// What a TLS library says went wrong, told apart as far as a person can do something about it.
///
/// BoringSSL's reasons are names without a type; what is not known here is kept as it came.
public enum TLSTrouble: Hashable, Sendable {
  /// The other side's certificate does not stand: out of its days, or from no known authority.
  case unverified
  /// The client sent no certificate.
  case noCertificate
  /// The other side speaks no TLS of a version that is taken.
  case version
  /// What came is no TLS.
  case notTLS
  /// The other side closed before the handshake ended.
  case closed
  /// The other side sent this alert; the name is that of RFC 8446, section 6.
  case alert(String)
  case other(String)

  /// - Parameter reasons: how BoringSSL prints its error stack.
  public init(reasons: String) {
    if reasons.contains("CERTIFICATE_VERIFY_FAILED") {
      self = .unverified
    } else if reasons.contains("PEER_DID_NOT_RETURN_A_CERTIFICATE") {
      self = .noCertificate
    } else if reasons.contains("UNSUPPORTED_PROTOCOL") {
      self = .version
    } else if ["WRONG_VERSION_NUMBER", "HTTP_REQUEST", "HTTPS_PROXY_REQUEST"].contains(where: {
      reasons.contains($0)
    }) {
      self = .notTLS
    } else if reasons.contains("EOF during") {
      self = .closed
    } else if let found = reasons.firstMatch(of: #/(?:SSLV3|TLSV1)_(?:ALERT_)?([A-Z_]+)/#) {
      self = .alert(found.1.lowercased())
    } else {
      self = .other(reasons)
    }
  }
}

extension Protocol {
  /// What both sides name in the handshake (ALPN, RFC 7301).
  public static let alpn = "ujuzi/1"
}

/// The TLS failures that a person can do something about, recognised from BoringSSL's errors.
///
/// BoringSSL's reasons are names without a type; what is not known here is kept as it came.
public enum TLSFailure: Hashable, Sendable {
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

/// A certificate's two names, as a person reads them.
public struct CertificateNames: Hashable, Sendable {
  public var subject: String
  /// Who signed it.
  public var issuer: String

  public init(subject: String, issuer: String) {
    self.subject = subject
    self.issuer = issuer
  }

  public var isSelfSigned: Bool { subject == issuer }
}

extension TLSFailure {
  /// Why a certificate that is within its days leads to none of the roots, after "comes from".
  ///
  /// A root ends a chain: it has signed itself. One that was signed by another authority (an
  /// intermediate) is believed only with that one's certificate.
  public static func missingAuthority(
    of certificate: CertificateNames, roots: [CertificateNames]
  ) -> String {
    let named = roots.filter { $0.subject == certificate.issuer }
    if named.contains(where: \.isSelfSigned) {
      return "\(certificate.issuer), but not from the one among the roots: another authority of "
        + "that name signed it"
    }
    guard let intermediate = named.first else {
      return "\(certificate.issuer), and neither that authority nor, with what was sent, one above "
        + "it is among the roots"
    }
    return "\(intermediate.subject), which stands among the roots; but the authority that signed "
      + "that one, \(intermediate.issuer), is missing among them: add its certificate"
  }
}

extension Protocol {
  /// What both sides name in the handshake (ALPN, RFC 7301).
  public static let alpn = "ujuzi/1"
}

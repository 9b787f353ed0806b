import Access
import NIOSSL
import Wire
import X509

/// Who is connected.
struct PeerPrincipal: Sendable {
  var principal: Principal
  /// When the certificate that says so expires, in seconds since 1970; nil without TLS.
  var notAfter: Int64?

  /// Whether the name is one that nobody else can give.
  var isVouchedFor: Bool { notAfter != nil }

  static let loopback = PeerPrincipal(principal: .loopback, notAfter: nil)

  /// - Parameter certificate: what TLS has verified.
  /// - Throws: UNAUTHENTICATED: the one URI name (RFC 5280, 4.2.1.6) is the principal, and
  ///   nothing else of a certificate is read for it.
  static func read(from certificate: NIOSSLCertificate?) throws(CallStatus) -> PeerPrincipal {
    guard let certificate else { throw unauthenticated("there is no client certificate") }
    guard let der = try? certificate.toDERBytes(), let parsed = try? Certificate(derEncoded: der),
      let names = try? parsed.extensions.subjectAlternativeNames ?? SubjectAlternativeNames()
    else { throw unauthenticated("the client certificate cannot be read") }
    let uris = names.compactMap { name -> String? in
      if case .uniformResourceIdentifier(let uri) = name { uri } else { nil }
    }
    guard uris.count == 1 else {
      let count = uris.isEmpty ? "no URI" : "\(uris.count) URIs"
      throw unauthenticated(
        "the client certificate has \(count) in its subjectAltName, and the principal is the one "
          + "that there must be")
    }
    guard let principal = Principal(uris[0]) else {
      throw unauthenticated(
        "the URI in the client certificate's subjectAltName is longer than "
          + "\(Principal.lengthMax) bytes, or no URI")
    }
    return PeerPrincipal(principal: principal, notAfter: Int64(certificate.notValidAfter))
  }

  private static func unauthenticated(_ why: String) -> CallStatus {
    CallStatus(.unauthenticated, "You are not authenticated: \(why).", rule: .certificate)
  }

  /// The principal has no role in the roles file, or no longer.
  var isNobody: CallStatus {
    CallStatus(
      .permissionDenied, "The principal \(principal) has no role in this registry.", rule: .role)
  }

  func expired(at notAfter: Int64) -> CallStatus {
    CallStatus(
      .unauthenticated,
      "The connection ends: the client certificate expired on \(WallClock.text(notAfter)).",
      rule: .certificate)
  }

  /// - Parameter advice: what the peer may ask instead.
  func refusal(
    of method: String, for roles: Roles, having own: Roles, _ advice: String? = nil
  ) -> CallStatus {
    CallStatus(
      .permissionDenied,
      "\(method) is for \(roles.names.joined(separator: ", ")); \(principal) is "
        + "\(own.names.joined(separator: ", "))." + (advice.map { " " + $0 } ?? ""),
      rule: .role, notProcessed: true)
  }
}

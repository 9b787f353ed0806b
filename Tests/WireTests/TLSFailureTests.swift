import Testing
import Wire

@Test(arguments: [
  ("[Error: 268435581 error:…:CERTIFICATE_VERIFY_FAILED at …]", TLSFailure.unverified),
  (
    "error:100000c0:SSL routines:OPENSSL_internal:PEER_DID_NOT_RETURN_A_CERTIFICATE", .noCertificate
  ),
  ("SSL routines:OPENSSL_internal:UNSUPPORTED_PROTOCOL", .version),
  ("SSL routines:OPENSSL_internal:WRONG_VERSION_NUMBER", .notTLS),
  ("SSL routines:OPENSSL_internal:HTTP_REQUEST", .notTLS),
  ("handshakeFailed(sslError([EOF during handshake]))", .closed),
  ("SSLV3_ALERT_CERTIFICATE_EXPIRED", .alert("certificate_expired")),
  ("TLSV1_ALERT_UNKNOWN_CA at x.cc:5", .alert("unknown_ca")),
  ("TLSV1_CERTIFICATE_REQUIRED", .alert("certificate_required")),
  ("TLSV1_ALERT_PROTOCOL_VERSION", .alert("protocol_version")),
  ("something else", .other("something else")),
])
func `What BoringSSL says is told apart`(reasons: String, trouble: TLSFailure) {
  #expect(TLSFailure(reasons: reasons) == trouble)
}

/// Who signed the certificate, which roots there are (subject, issuer), and what is said of it.
@Test(arguments: [
  // The root of another authority.
  ("inter", [("other", "other")], "neither that authority nor, with what was sent, one above"),
  // Only the intermediate: it does stand there, and what is missing is what signed it.
  ("inter", [("inter", "root")], "the authority that signed that one, root, is missing"),
  ("inter", [("other", "other"), ("inter", "root")], "that one, root, is missing among them"),
  // An authority of the same name with another key.
  ("root", [("root", "root")], "another authority of that name signed it"),
  ("root", [], "neither that authority"),
])
func `What is said of a certificate that leads to no root names what is missing`(
  issuer: String, roots: [(String, String)], says: String
) {
  let said = TLSFailure.missingAuthority(
    of: CertificateNames(subject: "agency", issuer: issuer),
    roots: roots.map { CertificateNames(subject: $0.0, issuer: $0.1) })
  #expect(said.contains(says), "\(said)")
  #expect(said.hasPrefix(issuer), "\(said)")
}

import Testing
import Wire

@Test(arguments: [
  ("[Error: 268435581 error:…:CERTIFICATE_VERIFY_FAILED at …]", TLSTrouble.unverified),
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
func `What BoringSSL says is told apart`(reasons: String, trouble: TLSTrouble) {
  #expect(TLSTrouble(reasons: reasons) == trouble)
}

import Crypto
import Foundation
import Server
import UjuziClient
import X509

/// Days of a certificate, counted from now.
struct Days {
  var from: Double = -1
  var until: Double = 1

  static let expired = Days(from: -2, until: -1)
  static let notYet = Days(from: 1, until: 2)
}

/// A certificate authority of a test's own, and a folder for what it issues.
final class Authority {
  private let name: DistinguishedName
  private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
  let folder: String

  init(_ called: String = "an authority") throws {
    name = try DistinguishedName { CommonName(called) }
    folder = NSTemporaryDirectory() + "ujuzi-tls-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let own = try certificate(
      of: key.publicKey, name, [], Days(from: -10, until: 10),
      Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
        Critical(KeyUsage(keyCertSign: true, cRLSign: true))
      })
    try write("roots.pem", own.serializeAsPEM().pemString)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { folder + "/" + name }
  var roots: String { path("roots.pem") }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
  }

  /// Writes NAME.pem and NAME.key.
  func issue(_ name: String, _ names: [GeneralName], _ days: Days = Days()) throws {
    let leaf = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let certificate = try certificate(
      of: leaf.publicKey, DistinguishedName { CommonName(name) }, names, days,
      Certificate.Extensions {
        Critical(BasicConstraints.notCertificateAuthority)
        Critical(KeyUsage(digitalSignature: true))
        if !names.isEmpty { SubjectAlternativeNames(names) }
      })
    try write(name + ".pem", certificate.serializeAsPEM().pemString)
    try write(name + ".key", leaf.serializeAsPEM().pemString)
  }

  private func certificate(
    of publicKey: Certificate.PublicKey, _ subject: DistinguishedName, _ names: [GeneralName],
    _ days: Days, _ extensions: Certificate.Extensions
  ) throws -> Certificate {
    let now = Date()
    return try Certificate(
      version: .v3, serialNumber: .init(), publicKey: publicKey,
      notValidBefore: now.addingTimeInterval(days.from * 86_400),
      notValidAfter: now.addingTimeInterval(days.until * 86_400), issuer: name, subject: subject,
      signatureAlgorithm: .ecdsaWithSHA256, extensions: extensions, issuerPrivateKey: key)
  }

  /// A client with the certificate of that name; another authority may have issued it.
  func client(_ name: String, of issuer: Authority? = nil) -> ClientTLS {
    let issuer = issuer ?? self
    return ClientTLS(
      roots: roots, certificate: issuer.path(name + ".pem"), key: issuer.path(name + ".key"))
  }

  /// The server's files, with its certificate for this machine and three principals of one role
  /// each, whose certificates are issued too.
  func server() throws -> ServerTLS {
    try issue("server", Self.thisMachine)
    for role in ["registrar", "agency", "auditor"] {
      try issue(role, [.uniformResourceIdentifier("urn:test:" + role)])
    }
    try grant(
      #""urn:test:registrar": ["registrar"], "urn:test:agency": ["agency"], "#
        + #""urn:test:auditor": ["auditor"]"#)
    var files = ServerTLS(
      certificate: path("server.pem"), key: path("server.key"), roots: roots,
      roles: path("roles.json"))
    // The tests say when files are looked at.
    files.lookEveryMs = 3_600_000
    return files
  }

  func grant(_ rows: String) throws { try write("roles.json", "{\"principals\": {\(rows)}}") }

  static let thisMachine: [GeneralName] = [
    .dnsName("localhost"), .ipAddress(.init(contentBytes: [127, 0, 0, 1])),
    .ipAddress(.init(contentBytes: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])),
  ]
}

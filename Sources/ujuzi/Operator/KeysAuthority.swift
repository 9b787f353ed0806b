import Crypto
import Failures
import Files
import Foundation
import X509

/// A certificate authority for development, with what it issues in one folder.
///
/// All keys are P-256: every TLS library has it.
struct DevelopmentAuthority {
  private let folder: String
  private let name: DistinguishedName
  private let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
  private let days: Int
  /// Certificates hold for a little before now, since clocks differ.
  private static let earlierSeconds = 300.0

  /// The folder must not have any of the files that are written into it.
  init(in folder: String, days: Int) throws {
    self.folder = folder
    self.days = days
    let year = Calendar(identifier: .gregorian).component(.year, from: Date())
    name = try DistinguishedName {
      OrganizationName("Ujuzi development")
      CommonName("Development authority \(year)")
    }
    let certificate = try certificate(of: key.publicKey, name) {
      Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
      Critical(KeyUsage(keyCertSign: true, cRLSign: true))
    }
    try write(certificate, key, as: "ca")
  }

  enum Use { case server, client }

  /// Writes NAME.pem and NAME.key.
  func issue(_ name: String, for use: Use, _ names: [GeneralName]) throws {
    let leaf = Certificate.PrivateKey(P256.Signing.PrivateKey())
    let subject = try DistinguishedName {
      OrganizationName("Ujuzi development")
      CommonName(name)
    }
    let certificate = try certificate(of: leaf.publicKey, subject) {
      Critical(BasicConstraints.notCertificateAuthority)
      Critical(KeyUsage(digitalSignature: true))
      try ExtendedKeyUsage([use == .server ? .serverAuth : .clientAuth])
      AuthorityKeyIdentifier(keyIdentifier: SubjectKeyIdentifier(hash: key.publicKey).keyIdentifier)
      SubjectAlternativeNames(names)
    }
    try write(certificate, leaf, as: name)
  }

  private func certificate(
    of publicKey: Certificate.PublicKey, _ subject: DistinguishedName,
    @ExtensionsBuilder _ extensions: () throws -> Result<Certificate.Extensions, any Error>
  ) throws -> Certificate {
    let from = Date().addingTimeInterval(-Self.earlierSeconds)
    var all = try extensions().get()
    try all.append(
      Certificate.Extension(SubjectKeyIdentifier(hash: publicKey), critical: false))
    return try Certificate(
      version: .v3, serialNumber: .init(), publicKey: publicKey, notValidBefore: from,
      notValidAfter: Date().addingTimeInterval(Double(days) * 86_400), issuer: name,
      subject: subject, signatureAlgorithm: .ecdsaWithSHA256, extensions: all,
      issuerPrivateKey: key)
  }

  private func write(
    _ certificate: Certificate, _ key: Certificate.PrivateKey, as name: String
  ) throws {
    try KeyFile.write(certificate.serializeAsPEM().pemString, to: "\(folder)/\(name).pem", 0o644)
    try KeyFile.write(key.serializeAsPEM().pemString, to: "\(folder)/\(name).key", 0o600)
  }
}

/// Files that nobody's key is lost by: what is there is never written over.
enum KeyFile {
  static func write(_ text: String, to path: String, _ mode: mode_t) throws {
    let bytes = Array((text.hasSuffix("\n") ? text : text + "\n").utf8)
    do {
      try File.make(path, with: bytes, mode: mode)
    } catch {
      throw CLIError("\(path) cannot be made: \(error.reason).", cause: Cause(error))
    }
  }
}

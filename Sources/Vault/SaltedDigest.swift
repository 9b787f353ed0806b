import Crypto

extension Vault {
  package static let saltLength = 16

  /// What the log keeps of the digest of a proposal with personal data: 16 bytes of the SHA-256 of
  /// the salt and the keyed digest.
  ///
  /// The salt stands only in what is sealed. Once the officer's key is gone, nobody can try names
  /// against the digest, whoever holds the registry's secret included.
  package static func saltedDigest(_ digest: [UInt8], salt: [UInt8]) -> [UInt8] {
    precondition(salt.count == saltLength)
    var hash = SHA256()
    hash.update(data: salt)
    hash.update(data: digest)
    return Array(hash.finalize().prefix(16))
  }

  /// The SHA-256 by which an event names what was sealed with it.
  package static func sha256(ofSealed sealed: [UInt8]) -> [UInt8] {
    Array(SHA256.hash(data: sealed))
  }
}

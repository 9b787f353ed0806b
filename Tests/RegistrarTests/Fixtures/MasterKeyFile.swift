import Vault

enum MasterKeyFile {
  static func create(_ path: String) throws { try MasterKey.create(at: path) }
}

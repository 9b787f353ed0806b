import Crypto
import Foundation
import Locking
import Registry

/// Seals what is known of a person under a key of that person's own.
///
/// `data/vault/` holds only wrapped keys: `registry` (the registry's own secret, which also checks
/// the master key) and `officers` (see `KeySlots`). Whoever has the folder but not the master key
/// reads nothing; once an officer's slot is overwritten, nobody reads that officer.
public final class Vault: Sendable {
  /// Tells this vault from every other: 16 bytes that say nothing of the secret they are derived
  /// from. The log keeps them.
  public let id: [UInt8]
  private let slots: Mutex<Box>
  private let file: KeySlots.File
  private let master: SymmetricKey
  /// Keyed, and nothing hashed yet: each use begins from a copy.
  private let index: HMAC<SHA256>
  private let digest: HMAC<SHA256>

  private struct Box: ~Copyable {
    let slots: KeySlots
    /// Keys that were made and not yet synced, and the last one used.
    var fresh: [Identifier: SymmetricKey] = [:]
  }

  /// Opens or begins the vault in a folder that exists.
  ///
  /// - Throws: `VaultFailure.wrongMasterKey` when another key wrapped what is there.
  public init(folder: String, master: MasterKey) throws(VaultFailure) {
    self.master = master.key
    let path = folder + "/registry"
    let secret: SymmetricKey
    if let wrapped = FileManager.default.contents(atPath: path) {
      do {
        secret = SymmetricKey(
          data: try AES.GCM.open(
            AES.GCM.SealedBox(combined: wrapped), using: master.key,
            authenticating: Array("ujuzi registry secret".utf8)))
      } catch {
        throw VaultFailure(
          .wrongMasterKey,
          "The master key does not open the vault in \(folder): give the one that it was made "
            + "with.")
      }
    } else {
      secret = SymmetricKey(size: .bits256)
      do {
        let wrapped = try AES.GCM.seal(
          secret.bytes, using: master.key, authenticating: Array("ujuzi registry secret".utf8))
        try wrapped.combined!.write(to: URL(fileURLWithPath: path), options: .atomic)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
      } catch {
        throw VaultFailure(.permission, "The vault in \(folder) cannot be written: \(error).")
      }
    }
    func derived(_ use: String, byteCount: Int = 32) -> SymmetricKey {
      HKDF<SHA256>.deriveKey(
        inputKeyMaterial: secret, info: Array(use.utf8), outputByteCount: byteCount)
    }
    id = derived("ujuzi vault id 1", byteCount: 16).bytes
    index = HMAC(key: derived("ujuzi blind index 1"))
    digest = HMAC(key: derived("ujuzi proposal digest 1"))
    let slots = try KeySlots(path: folder + "/officers")
    file = slots.file
    self.slots = Mutex(Box(slots: slots))
  }

  /// Slots that were ever used; it never shrinks, so that a vault that reaches less far than its
  /// log remembers is an older one.
  public var reach: UInt32 { slots.withLock { $0.slots.count } }

  public func close() { slots.withLock { $0.slots.close() } }

  /// A key that was made for an officer and is not kept yet.
  public struct FreshKey: Sendable {
    let officer: Identifier
    let key: SymmetricKey
    let wrapped: [UInt8]
  }

  /// Makes a key, to be kept later; nil for an officer who has one, or had.
  public func freshKey(for officer: Identifier) throws(VaultFailure) -> FreshKey? {
    guard slots.withLock({ $0.slots.place(of: officer) }) == nil else { return nil }
    return try wrappedKey(for: officer)
  }

  private func wrappedKey(for officer: Identifier) throws(VaultFailure) -> FreshKey {
    let key = SymmetricKey(size: .bits256)
    do {
      let wrapped = try AES.GCM.seal(key.bytes, using: master, authenticating: officer.bytes)
      return FreshKey(officer: officer, key: key, wrapped: Array(wrapped.combined!))
    } catch {
      throw VaultFailure(.io, "A key could not be wrapped: \(error).")
    }
  }

  /// Keeps a key. It is on disk when `sync` has returned.
  ///
  /// - Returns: false when the officer has another by now, which stays.
  public func keep(_ key: FreshKey) throws(VaultFailure) -> Bool {
    try slots.withLock { (box) throws(VaultFailure) in
      if let known = try Self.entry(for: key.officer, in: box.slots) {
        return known.wrapped == key.wrapped
      }
      try box.slots.add(.init(id: key.officer.text, version: 1, wrapped: key.wrapped))
      box.fresh[key.officer] = key.key
      return true
    }
  }

  /// Makes and keeps a key for an officer who has none.
  public func makeKey(for officer: Identifier) throws(VaultFailure) {
    let known = try slots.withLock { (box) throws(VaultFailure) in
      try Self.entry(for: officer, in: box.slots)
    }
    if known == nil { _ = try keep(wrappedKey(for: officer)) }
  }

  private static func entry(
    for officer: Identifier, in slots: KeySlots
  ) throws(VaultFailure) -> KeySlots.Entry? {
    let known = try slots.entry(for: officer)
    if known?.erased ?? false {
      throw VaultFailure(.erased, "Officer \(officer.text) was erased: register a new one.")
    }
    return known
  }

  /// Brings the keys made since the last time to the disk; nothing to do costs nothing. Others may
  /// make keys meanwhile.
  public func sync() throws(VaultFailure) {
    let fresh = slots.withLock { box in
      defer { box.fresh = [:] }
      return box.fresh
    }
    guard !fresh.isEmpty else { return }
    do {
      try file.sync()
    } catch {
      // They are not on the disk: the next time tries again.
      slots.withLock { box in box.fresh.merge(fresh) { newer, _ in newer } }
      throw error
    }
  }

  private func key(of officer: Identifier) throws(VaultFailure) -> SymmetricKey {
    // Unwrapped outside the lock, so that a rebuild's threads do not wait for each other.
    let (fresh, place) = try slots.withLock { (box) throws(VaultFailure) in
      (box.fresh[officer], box.slots.place(of: officer))
    }
    if let fresh { return fresh }
    guard let entry = try place?.read() else {
      throw VaultFailure(.noKey, "Officer \(officer.text) has no key.")
    }
    guard !entry.erased else {
      throw VaultFailure(.erased, "What was known of officer \(officer.text) was erased.")
    }
    do {
      return SymmetricKey(
        data: try AES.GCM.open(
          AES.GCM.SealedBox(combined: entry.wrapped), using: master,
          authenticating: officer.bytes))
    } catch {
      throw VaultFailure(.altered, "The key of officer \(officer.text) was altered.")
    }
  }

  /// Seals bytes under the officer's key: a format byte, then nonce, ciphertext and tag of
  /// AES-256-GCM. The context (whose event it is) is authenticated, not kept.
  public func seal(
    _ plain: [UInt8], for officer: Identifier, context: [UInt8]
  ) throws(VaultFailure) -> [UInt8] {
    try Self.seal(plain, key(of: officer), context)
  }

  /// As `seal(_:for:context:)`, for an officer whose key is not kept yet.
  public func seal(
    _ plain: [UInt8], with key: FreshKey, context: [UInt8]
  ) throws(VaultFailure) -> [UInt8] {
    try Self.seal(plain, key.key, context)
  }

  private static func seal(
    _ plain: [UInt8], _ key: SymmetricKey, _ context: [UInt8]
  ) throws(VaultFailure) -> [UInt8] {
    do {
      return [1] + Array(try AES.GCM.seal(plain, using: key, authenticating: context).combined!)
    } catch {
      throw VaultFailure(.io, "Sealing failed: \(error).")
    }
  }

  public func open(
    _ sealed: [UInt8], for officer: Identifier, context: [UInt8]
  ) throws(VaultFailure) -> [UInt8] {
    let key = try key(of: officer)
    guard sealed.first == 1 else {
      throw VaultFailure(.altered, "Sealed data of a format that this program does not know.")
    }
    do {
      return Array(
        try AES.GCM.open(
          AES.GCM.SealedBox(combined: sealed.dropFirst()), using: key, authenticating: context))
    } catch {
      throw VaultFailure(.altered, "Sealed data of officer \(officer.text) was altered.")
    }
  }

  /// Erases an officer's key, in place and synced.
  public func erase(_ officer: Identifier) throws(VaultFailure) {
    try slots.withLock { (box) throws(VaultFailure) in
      box.fresh[officer] = nil
      try box.slots.erase(officer)
    }
  }

  /// Finds a person by an identifier without keeping the identifier: 16 bytes of HMAC-SHA-256.
  ///
  /// Spaces are dropped and ASCII letters read as capitals, as people write such numbers.
  public func blindIndex(scheme: String, value: String) -> [UInt8] {
    var message = Array(scheme.utf8) + [0]
    for byte in value.utf8 where byte != 0x20 {
      message.append((0x61...0x7A).contains(byte) ? byte - 0x20 : byte)
    }
    return Self.code(of: message, index)
  }

  /// A keyed digest of a proposal as it was sent, to tell a repetition from a reuse: 16 bytes.
  /// Keyed, so that what the proposal said of a person cannot be guessed from it.
  public func proposalDigest(_ proposal: [UInt8]) -> [UInt8] {
    Self.code(of: proposal, digest)
  }

  private static func code(of message: [UInt8], _ keyed: HMAC<SHA256>) -> [UInt8] {
    var hash = keyed
    unsafe message.withUnsafeBytes { unsafe hash.update(data: $0) }
    return unsafe hash.finalize().withUnsafeBytes { unsafe Array($0[..<16]) }
  }
}

import Crypto
import Files
import Foundation
import Locking
import Registry

/// Seals what is known of a person under a key of that person's own.
///
/// `data/vault/` holds only wrapped keys: `registry` (the registry's own secret, which also checks
/// the master key), `officers` (see `KeySlots`) and `index`, which may be missing. Whoever has the
/// folder but not the master key reads nothing; once an officer's slot is overwritten, nobody reads
/// that officer.
package final class Vault: Sendable {
  /// Tells this vault from every other: 16 bytes that say nothing of the secret they are derived
  /// from. The log keeps them.
  package let id: [UInt8]
  /// Fewer slots are read as fast as an index of them would be.
  package static let indexedFrom: UInt32 = 4096
  let slots: Mutex<Box>
  /// One sync at a time: each is told of what the one before it did.
  let syncing = Mutex(())
  let file: File
  /// Told what an operator should know, a sentence each.
  let warn: @Sendable (String) -> Void
  private let master: SymmetricKey
  /// Keyed, and nothing hashed yet: each use begins from a copy.
  private let index: HMAC<SHA256>
  private let digest: HMAC<SHA256>

  struct Box: ~Copyable {
    let slots: KeySlots
    /// Keys that were written and not yet synced.
    var unsynced: [Identifier: Unsynced] = [:]
    /// Counts the syncs that were begun.
    var generation: UInt64 = 0
    /// A sync failed, and what it was to bring to the disk was not written again.
    var mustRewrite = false
    /// Why nothing more is kept.
    var broken: VaultFailure?
    /// Slots that are on the disk.
    var reach: UInt32
    /// Officers whose key, or what was sealed with it, was found damaged or missing.
    var damaged: Set<Identifier> = []

    /// All that was written is on the disk, where it stands.
    var isSettled: Bool { broken == nil && !mustRewrite && unsynced.isEmpty }
  }

  struct Unsynced {
    var slot: KeySlot
    /// Nil where it was erased.
    var key: SymmetricKey?
    /// When it was written.
    var generation: UInt64
  }

  /// Opens the vault in a folder that exists, or begins one.
  ///
  /// - Parameters:
  ///   - mayBegin: there is no log yet, so that there may be no secret and no keys either.
  ///     Otherwise what is not there is missing.
  ///   - readsAll: every key is looked at. Otherwise what the last clean stop knew of them counts
  ///     where nobody wrote to them since: whoever says so has them read soon (`recheck`).
  ///   - indexedFrom: slots from which on a clean stop keeps an index.
  ///   - isReadOnly: nothing is written; nothing may be begun then, and nothing more be kept.
  ///   - warn: told what an operator should know, from any thread.
  /// - Throws: `VaultFailure`: `.wrongMasterKey` when another key wrapped what is there,
  ///   `.missing`.
  package init(
    folder: String, master: MasterKey, mayBegin: Bool, readsAll: Bool = true,
    indexedFrom: UInt32 = indexedFrom, isReadOnly: Bool = false,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) throws(VaultFailure) {
    self.master = master.key
    self.warn = warn
    let secret = try Self.secret(folder, master.key, mayBegin)
    func derived(_ use: String, byteCount: Int = 32) -> SymmetricKey {
      HKDF<SHA256>.deriveKey(
        inputKeyMaterial: secret, info: Array(use.utf8), outputByteCount: byteCount)
    }
    id = derived("ujuzi vault id 1", byteCount: 16).bytes
    index = HMAC(key: derived("ujuzi blind index 1"))
    digest = HMAC(key: derived("ujuzi proposal digest 1"))
    let slots = try KeySlots(
      folder: folder, mayBegin: mayBegin, readsAll: readsAll, indexedFrom: indexedFrom,
      isReadOnly: isReadOnly)
    file = slots.file
    self.slots = Mutex(Box(slots: slots, reach: slots.count))
  }

  /// The registry's own secret; made once, where there is no log that was written with another.
  private static func secret(
    _ folder: String, _ master: SymmetricKey, _ mayBegin: Bool
  ) throws(VaultFailure) -> SymmetricKey {
    let path = folder + "/registry"
    let about = Array("ujuzi registry secret".utf8)
    let there: [UInt8]?
    do { there = try File.contentsIfThere(of: path) } catch {
      throw VaultFailure(error, otherwise: .io)
    }
    if let wrapped = there {
      guard let box = try? AES.GCM.SealedBox(combined: wrapped),
        let opened = try? AES.GCM.open(box, using: master, authenticating: about)
      else {
        throw VaultFailure(
          .wrongMasterKey,
          "The master key does not open the vault in \(folder): give the one that it was made "
            + "with.")
      }
      return SymmetricKey(data: opened)
    }
    guard mayBegin else {
      throw VaultFailure(
        .missing,
        "The vault's secret \(path) is missing, though there is a log: restore the folder of the "
          + "vault from a backup.")
    }
    let secret = SymmetricKey(size: .bits256)
    guard
      let wrapped = try? AES.GCM.seal(secret.bytes, using: master, authenticating: about).combined
    else { throw VaultFailure(.io, "A secret could not be wrapped.") }
    do { try File.make(path, with: Array(wrapped)) } catch {
      throw VaultFailure(error, otherwise: .io)
    }
    return secret
  }

  /// Slots that were ever used and are on the disk; it never shrinks, so that a vault that reaches
  /// less far than its log remembers is an older one.
  package var reach: UInt32 { slots.withLock { $0.reach } }

  /// - Parameter isCleanStop: what was found of the keys is kept for the next start, where all of
  ///   it is on the disk.
  package func close(isCleanStop: Bool = false) {
    slots.withLock { box in
      if isCleanStop, box.isSettled { box.slots.keepIndex() }
      box.slots.close()
    }
  }

  func key(of officer: Identifier) throws(VaultFailure) -> SymmetricKey {
    // Unwrapped outside the lock, so that a rebuild's threads do not wait for each other.
    let (unsynced, place) = slots.withLock {
      ($0.unsynced[officer]?.key, $0.slots.place(of: officer))
    }
    if let unsynced { return unsynced }
    guard let slot = try place?.read() else {
      throw VaultFailure(.noKey, "Officer \(officer.text) has no key.")
    }
    guard !slot.erased else {
      throw VaultFailure(.erased, "What was known of officer \(officer.text) was erased.")
    }
    return try unwrap(slot.wrapped, of: officer)
  }

  func wrap(_ key: SymmetricKey, of officer: Identifier) throws(VaultFailure) -> [UInt8] {
    guard
      let wrapped = try? AES.GCM.seal(key.bytes, using: master, authenticating: officer.bytes)
        .combined
    else { throw VaultFailure(.io, "A key could not be wrapped.") }
    return Array(wrapped)
  }

  func unwrap(_ wrapped: [UInt8], of officer: Identifier) throws(VaultFailure) -> SymmetricKey {
    guard let box = try? AES.GCM.SealedBox(combined: wrapped),
      let key = try? AES.GCM.open(box, using: master, authenticating: officer.bytes)
    else {
      throw VaultFailure(
        .altered,
        "The key of officer \(officer.text) was damaged: restore the vault from a backup.")
    }
    return SymmetricKey(data: key)
  }

  /// Seals bytes under the officer's key: a format byte, then nonce, ciphertext and tag of
  /// AES-256-GCM. The context (whose event it is) is authenticated, not kept.
  package func seal(
    _ plain: [UInt8], for officer: Identifier, context: [UInt8]
  ) throws(VaultFailure) -> [UInt8] {
    try Self.seal(plain, key(of: officer), context)
  }

  /// As `seal(_:for:context:)`, for an officer whose key is not kept yet.
  package func seal(
    _ plain: [UInt8], with key: FreshKey, context: [UInt8]
  ) throws(VaultFailure) -> [UInt8] {
    try Self.seal(plain, key.key, context)
  }

  private static func seal(
    _ plain: [UInt8], _ key: SymmetricKey, _ context: [UInt8]
  ) throws(VaultFailure) -> [UInt8] {
    guard let sealed = try? AES.GCM.seal(plain, using: key, authenticating: context).combined
    else { throw VaultFailure(.io, "Sealing failed.") }
    return [1] + Array(sealed)
  }

  package func open(
    _ sealed: [UInt8], for officer: Identifier, context: [UInt8]
  ) throws(VaultFailure) -> [UInt8] {
    let key = try key(of: officer)
    guard sealed.first == 1 else {
      throw VaultFailure(.altered, "Sealed data of a format that this program does not know.")
    }
    guard let box = try? AES.GCM.SealedBox(combined: sealed.dropFirst()),
      let plain = try? AES.GCM.open(box, using: key, authenticating: context)
    else {
      throw VaultFailure(
        .altered,
        "Sealed data of officer \(officer.text) was damaged, or sealed with a key that was lost.")
    }
    return Array(plain)
  }

  /// Finds a person by an identifier without keeping the identifier: 16 bytes of HMAC-SHA-256.
  ///
  /// Two values that are one number however they are spelled (`NumberKey`) have one.
  package func blindIndex(scheme: String, value: String) -> [UInt8] {
    blindIndex(scheme: scheme, folded: NumberKey(value).text)
  }

  /// The same as it was computed before views of format 11, which told numbers apart by their dashes;
  /// nil where it is no other. Rows of officers whose keys are damaged are kept under it.
  package func earlierBlindIndex(scheme: String, value: String) -> [UInt8]? {
    let folded = value.filter { $0 != " " }
    let key = NumberKey(value).text
    return folded.lowercased() == key ? nil : blindIndex(scheme: scheme, folded: folded)
  }

  /// ASCII letters are read as capitals.
  private func blindIndex(scheme: String, folded: String) -> [UInt8] {
    var message = Array(scheme.utf8) + [0]
    for byte in folded.utf8 {
      message.append((0x61...0x7A).contains(byte) ? byte - 0x20 : byte)
    }
    return Self.code(of: message, index)
  }

  /// A keyed digest of a proposal as it was sent, to tell a repetition from a reuse: 16 bytes.
  /// Keyed, so that what the proposal said of a person cannot be guessed from it.
  package func proposalDigest(_ proposal: [UInt8]) -> [UInt8] {
    Self.code(of: proposal, digest)
  }

  private static func code(of message: [UInt8], _ keyed: HMAC<SHA256>) -> [UInt8] {
    var hash = keyed
    unsafe message.withUnsafeBytes { unsafe hash.update(data: $0) }
    return unsafe hash.finalize().withUnsafeBytes { unsafe Array($0[..<16]) }
  }
}

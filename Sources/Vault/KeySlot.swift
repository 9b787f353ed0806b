import Crypto
import Registry

/// An officer's wrapped key as a slot of the file `officers` has it.
///
/// ```
/// 0      1          2          66           72                    132     152
/// state  id length  id (64)    version u32  nonce 12, key 32, tag 16      checksum (8)   = 160
/// ```
/// State: 0 free, 1 live, 2 erased (the key's bytes are then zero). The checksum is the head of
/// the SHA-256 of the bytes before it.
struct KeySlot: Hashable {
  static let length = 160
  static let wrappedLength = 60

  var erased: Bool
  var id: String
  var version: UInt32
  var wrapped: [UInt8]

  init(id: String, version: UInt32, wrapped: [UInt8]) {
    precondition(wrapped.count == Self.wrappedLength && id.utf8.count <= Identifier.lengthMax)
    (erased, self.id, self.version, self.wrapped) = (false, id, version, wrapped)
  }

  /// What stands in the place of a key that is gone for ever.
  init(erased officer: Identifier) {
    (erased, id, version) = (true, officer.text, 1)
    wrapped = Array(repeating: 0, count: Self.wrappedLength)
  }

  /// What the bytes of a slot are.
  enum Content: Hashable {
    /// Nothing but zeros: never written, or lost.
    case free
    case key(KeySlot)
    /// Torn by a crash, or damaged since.
    case damaged
  }

  static func read(_ slot: [UInt8]) -> Content {
    if let key = KeySlot(slot) { return .key(key) }
    return slot.allSatisfy { $0 == 0 } ? .free : .damaged
  }

  /// Nil for a slot that is free or damaged.
  init?(_ slot: [UInt8]) {
    guard slot.count == Self.length, slot[0] == 1 || slot[0] == 2, slot[1] <= 64,
      Self.checksum(slot) == slot[152...].reduce(0, { $0 << 8 | UInt64($1) })
    else { return nil }
    erased = slot[0] == 2
    id = String(decoding: slot[2..<(2 + Int(slot[1]))], as: UTF8.self)
    version = slot[66..<70].reduce(0) { $0 << 8 | UInt32($1) }
    wrapped = Array(slot[72..<132])
  }

  var bytes: [UInt8] {
    var slot: [UInt8] = [erased ? 2 : 1, UInt8(id.utf8.count)]
    slot += id.utf8
    slot += repeatElement(0, count: 66 - slot.count)
    for shift in [24, 16, 8, 0] { slot.append(UInt8(truncatingIfNeeded: version >> shift)) }
    slot += [0, 0]
    slot += erased ? Array(repeating: 0, count: Self.wrappedLength) : wrapped
    slot += repeatElement(0, count: 20)
    slot += SHA256.hash(data: slot).prefix(8)
    return slot
  }

  private static func checksum(_ slot: [UInt8]) -> UInt64 { head(slot, 0..<152) }

  /// The first eight bytes of the SHA-256.
  static func head(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    var hash = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: .init(rebasing: $0[range])) }
    return unsafe hash.finalize().withUnsafeBytes {
      unsafe UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
    }
  }
}

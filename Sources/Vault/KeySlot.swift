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
    /// The head of the SHA-256 of an officer's id.
    case officer(UInt64)
    /// Torn by a crash, or damaged since.
    case damaged
  }

  /// Looks at the slot that begins at a place of some bytes, without a copy of it; one of which
  /// only a part is there is damaged. There may be millions.
  static func look(_ bytes: [UInt8], at start: Int) -> Content {
    guard isWhole(bytes, at: start) else {
      return bytes[start..<min(start + length, bytes.count)].allSatisfy { $0 == 0 }
        ? .free : .damaged
    }
    let id = start + 2
    return .officer(head(bytes, id..<(id + Int(bytes[start + 1]))))
  }

  private static func isWhole(_ bytes: [UInt8], at start: Int) -> Bool {
    guard bytes.count - start >= length, bytes[start] == 1 || bytes[start] == 2,
      bytes[start + 1] <= 64
    else { return false }
    let end = start + 152
    return head(bytes, start..<end)
      == bytes[end..<(start + length)].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Nil for a slot that is free or damaged.
  init?(_ slot: [UInt8]) {
    guard slot.count == Self.length, Self.isWhole(slot, at: 0) else { return nil }
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

  /// The first eight bytes of the SHA-256.
  static func head(_ bytes: [UInt8], _ range: Range<Int>) -> UInt64 {
    var hash = SHA256()
    unsafe bytes.withUnsafeBytes { unsafe hash.update(bufferPointer: .init(rebasing: $0[range])) }
    return unsafe hash.finalize().withUnsafeBytes {
      unsafe UInt64(bigEndian: $0.loadUnaligned(as: UInt64.self))
    }
  }
}

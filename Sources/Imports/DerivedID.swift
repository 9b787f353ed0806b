import Crypto
import Registry

/// Event ids and keys that follow from what they stand for (UUIDv5, RFC 9562), so that sending a
/// file twice, or with rows added or reordered, records nothing twice.
package enum DerivedID {
  /// The project's own namespace.
  static let namespace = EventID("5d9c1e0a-6f0b-5b8e-9c52-0e6b8f1f7a10")!

  /// The parts are joined by 0x1F, which stands in none of them.
  package static func event(_ parts: String...) -> EventID { event(parts) }

  static func event(_ parts: [String]) -> EventID {
    var name = namespace.bytes
    name += parts.joined(separator: "\u{1F}").utf8
    var bytes = Array(Insecure.SHA1.hash(data: name).prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x50
    bytes[8] = bytes[8] & 0x3F | 0x80
    return EventID(bytes: bytes)!  // sure: 16 bytes are an id
  }

  /// A key for a stream: the id's 32 digits.
  package static func key(_ parts: String...) -> Identifier {
    Identifier(event(parts).text.replacing("-", with: ""))!  // sure: 32 hexadecimal digits
  }

  /// A key that tells nothing of whom it is for.
  package static func randomKey() -> Identifier {
    let id = EventID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))
    return Identifier(id.text.replacing("-", with: ""))!  // sure: 32 hexadecimal digits
  }

  package static func random() -> EventID {
    let high = UInt64.random(in: 0 ... .max) & ~0xF000 | 0x4000
    return EventID(high: high, low: UInt64.random(in: 0 ... .max) >> 2 | 1 << 63)
  }
}

/// A name that the registry gives or is given for a thing: 1 to 64 bytes of ASCII letters, digits
/// and `. _ : @ + ~ -`.
///
/// The bound keeps every key far under LMDB's 511 bytes, and the alphabet leaves 0x00 and `/` free
/// to end a part of a key. It is met several times in every event and state, so it stands in them
/// itself, without memory of its own.
public struct Identifier: Hashable, Comparable, Sendable, CustomStringConvertible {
  public static let lengthMax = 64

  /// Eight bytes each, the first in the highest place; 0x00 after the last. So the words compare
  /// as the bytes do.
  private var words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  public init?(_ text: some StringProtocol) { self.init(utf8: String(text).utf8.span) }

  /// From bytes as they are kept. Not generic: a generic one is looked up for each byte where
  /// another module calls it.
  public init?(utf8 bytes: Span<UInt8>) {
    unsafe self.init(bytes.bytes)
  }

  public init?(_ bytes: RawSpan) {
    let count = bytes.byteCount
    guard (1...Identifier.lengthMax).contains(count) else { return nil }
    words = (0, 0, 0, 0, 0, 0, 0, 0)
    var at = 0
    while at < count {
      guard let word = Self.word(bytes, at) else { return nil }
      self[at / 8] = word
      at += 8
    }
  }

  /// Up to eight bytes from an offset on; nil when one is not allowed.
  @inline(__always)
  private static func word(_ bytes: RawSpan, _ offset: Int) -> UInt64? {
    let left = bytes.byteCount - offset
    if left >= 8 {
      let word = unsafe UInt64(
        bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
      for shift in stride(from: 0, to: 64, by: 8)
      where !allows(UInt8(truncatingIfNeeded: word >> UInt64(shift))) {
        return nil
      }
      return word
    }
    var word: UInt64 = 0
    for at in 0..<left {
      let byte = unsafe bytes.unsafeLoad(fromByteOffset: offset + at, as: UInt8.self)
      guard allows(byte) else { return nil }
      word |= UInt64(byte) << UInt64(56 - 8 * at)
    }
    return word
  }

  private subscript(_ at: Int) -> UInt64 {
    get {
      switch at {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      case 3: words.3
      case 4: words.4
      case 5: words.5
      case 6: words.6
      default: words.7
      }
    }
    set {
      switch at {
      case 0: words.0 = newValue
      case 1: words.1 = newValue
      case 2: words.2 = newValue
      case 3: words.3 = newValue
      case 4: words.4 = newValue
      case 5: words.5 = newValue
      case 6: words.6 = newValue
      default: words.7 = newValue
      }
    }
  }

  public static func allows(_ byte: UInt8) -> Bool {
    // One bit for each byte below 0x80.
    let (low, high): (UInt64, UInt64) = (0x07FF_6800_0000_0000, 0x47FF_FFFE_87FF_FFFF)
    guard byte < 0x80 else { return false }
    return (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 == 1
  }

  // MARK: as bytes and text

  public var byteCount: Int {
    for at in 0..<8 {
      let word = self[at]
      if word & 0xFF == 0 { return at * 8 + 8 - word.trailingZeroBitCount / 8 }
    }
    return Identifier.lengthMax
  }

  /// Lends the bytes.
  public func withBytes<R>(_ body: (RawSpan) -> R) -> R {
    var spelled = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian,
      words.4.bigEndian, words.5.bigEndian, words.6.bigEndian, words.7.bigEndian
    )
    let count = byteCount
    return unsafe withUnsafeBytes(of: &spelled) { raw in
      unsafe body(RawSpan(_unsafeBytes: raw).extracting(first: count))
    }
  }

  public func append(to bytes: inout [UInt8]) {
    var spelled = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian,
      words.4.bigEndian, words.5.bigEndian, words.6.bigEndian, words.7.bigEndian
    )
    let count = byteCount
    unsafe withUnsafeBytes(of: &spelled) { raw in
      unsafe bytes.append(contentsOf: raw[..<count])
    }
  }

  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return bytes
  }

  public var text: String {
    var spelled = (
      words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian,
      words.4.bigEndian, words.5.bigEndian, words.6.bigEndian, words.7.bigEndian
    )
    let count = byteCount
    return unsafe withUnsafeBytes(of: &spelled) { raw in
      unsafe String(decoding: raw[..<count], as: UTF8.self)
    }
  }

  public var description: String { text }

  // MARK: compared

  public static func == (a: Identifier, b: Identifier) -> Bool {
    let (a, b) = (a.words, b.words)
    let first = (a.0 ^ b.0) | (a.1 ^ b.1) | (a.2 ^ b.2) | (a.3 ^ b.3)
    let last = (a.4 ^ b.4) | (a.5 ^ b.5) | (a.6 ^ b.6) | (a.7 ^ b.7)
    return first | last == 0
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    for at in 1..<8 where self[at] != 0 { hasher.combine(self[at]) }
  }

  public static func < (a: Identifier, b: Identifier) -> Bool {
    for at in 0..<8 where a[at] != b[at] { return a[at] < b[at] }
    return false
  }
}

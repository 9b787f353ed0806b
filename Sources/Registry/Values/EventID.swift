/// An event's id, chosen by its sender: 16 bytes, shown as a UUID.
public struct EventID: Hashable, Comparable, Sendable {
  public let high: UInt64
  public let low: UInt64

  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Nil unless there are 16 bytes.
  @inlinable
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var (high, low): (UInt64, UInt64) = (0, 0)
    for (at, byte) in bytes.enumerated() {
      if at < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
    }
    self.init(high: high, low: low)
  }

  /// The same from bytes as they are kept.
  public init?(bytes: Span<UInt8>) {
    guard bytes.count == 16 else { return nil }
    var (high, low): (UInt64, UInt64) = (0, 0)
    for at in 0..<8 {
      high = high << 8 | UInt64(bytes[at])
      low = low << 8 | UInt64(bytes[at + 8])
    }
    self.init(high: high, low: low)
  }

  /// Reads a UUID's 32 hexadecimal digits, with its four hyphens or without any.
  public init?(_ text: some StringProtocol) {
    let isHyphenated = text.utf8.count == 36
    guard isHyphenated || text.utf8.count == 32 else { return nil }
    var (high, low, count): (UInt64, UInt64, Int) = (0, 0, 0)
    for (at, byte) in text.utf8.enumerated() {
      if isHyphenated, [8, 13, 18, 23].contains(at) {
        guard byte == UInt8(ascii: "-") else { return nil }
        continue
      }
      guard byte < 0x80, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        return nil
      }
      if count < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
      count += 1
    }
    self.init(high: high, low: low)
  }

  /// 16 bytes, as sent.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(24)
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: high >> shift))
    }
    for shift in stride(from: UInt64(56), through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: low >> shift))
    }
    return bytes
  }

  /// In the usual form, lower-case.
  public var text: String {
    var text = ""
    for (at, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(at) { text += "-" }
      text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return text
  }

  public static func < (a: EventID, b: EventID) -> Bool { (a.high, a.low) < (b.high, b.low) }
}

/// How a value stands behind its tag, which is the field's number and this.
package struct WireType: Equatable, Sendable {
  package let rawValue: UInt32

  package static var varint: Self { Self(rawValue: 0) }
  package static var fixed64: Self { Self(rawValue: 1) }
  /// Behind its length: bytes, text, a message, a packed list.
  package static var delimited: Self { Self(rawValue: 2) }
  package static var groupStart: Self { Self(rawValue: 3) }
  package static var fixed32: Self { Self(rawValue: 5) }

  package func tag(_ number: UInt32) -> UInt32 { number << 3 | rawValue }

  /// The tag of a field whose number has four bits at most: one byte.
  func tagByte(_ number: UInt32) -> UInt8 {
    precondition(number < 16, "the tag of field \(number) has more than one byte")
    return UInt8(truncatingIfNeeded: tag(number))
  }
}

/// A cursor over packed bytes that never reads past the given end.
///
/// Stricter than protobuf's encoding page where protobuf-c is: tags and lengths have at most five
/// bytes, and groups are refused.
struct WireCursor {
  let bytes: UnsafeRawBufferPointer
  /// The next byte.
  var at = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  @inline(__always)
  mutating func varint(_ end: Int) throws(DecodeFailure) -> UInt64 {
    var (value, shift): (UInt64, UInt64) = (0, 0)
    while at < end {
      let byte = bytes[at]
      at += 1
      guard shift < 63 || byte <= 1 else {
        throw DecodeFailure(.malformed, "", "holds a number of more than 64 bits")
      }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw DecodeFailure(.truncated, "", "ends within a number")
  }

  /// A tag or a length: 32 bits in at most five bytes.
  private mutating func short(_ end: Int) throws(DecodeFailure) -> UInt32 {
    let start = at
    guard let value = UInt32(exactly: try varint(end)), at - start <= 5 else {
      throw DecodeFailure(.malformed, "", "holds a tag or a length that is not spelled in 32 bits")
    }
    return value
  }

  mutating func tag(_ end: Int) throws(DecodeFailure) -> (number: UInt32, wire: WireType) {
    let tag = try short(end)
    guard tag >> 3 >= 1 else {
      throw DecodeFailure(.malformed, "", "has a field with the number 0")
    }
    return (tag >> 3, WireType(rawValue: tag & 7))
  }

  /// Reads the length and leaves the cursor at the value's first byte.
  mutating func lengthDelimited(_ end: Int) throws(DecodeFailure) -> Range<Int> {
    let length = Int(try short(end))
    guard length <= end - at else {
      throw DecodeFailure(
        .truncated, "", "ends too early: \(length) bytes were announced, \(end - at) are left")
    }
    return at..<(at + length)
  }

  /// Passes over one value.
  mutating func skip(_ wire: WireType, _ end: Int) throws(DecodeFailure) {
    switch wire {
    case .varint: _ = try varint(end)
    case .delimited: at = try lengthDelimited(end).upperBound
    case .fixed64, .fixed32:
      let size = wire == .fixed64 ? 8 : 4
      guard end - at >= size else { throw DecodeFailure(.truncated, "", "ends too early") }
      at += size
    // any other: groups, and what protobuf gives no meaning
    default: throw DecodeFailure(.wrongType, "", "has a field of wire type \(wire.rawValue)")
    }
  }

  /// Checks that the bytes are UTF-8 without a NUL.
  func text(_ range: Range<Int>) throws(DecodeFailure) {
    var high: UInt8 = 0
    for at in range {
      let byte = bytes[at]
      if byte == 0 { throw DecodeFailure(.notText, "", "holds a NUL") }
      high |= byte
    }
    if high < 0x80 { return }
    var at = range.lowerBound
    while at < range.upperBound {
      let length = scalarLength(at, range.upperBound)
      guard length > 0 else { throw DecodeFailure(.notText, "", "is not UTF-8") }
      at += length
    }
  }

  /// Bytes of the well-formed UTF-8 sequence that stands there (Unicode 15, table 3-7), or 0.
  private func scalarLength(_ at: Int, _ end: Int) -> Int {
    let first = bytes[at]
    let length: Int
    var second: ClosedRange<UInt8> = 0x80...0xBF
    switch first {
    case 0..<0x80: return 1
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { second = 0xA0...0xBF }
      if first == 0xED { second = 0x80...0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { second = 0x90...0xBF }
      if first == 0xF4 { second = 0x80...0x8F }
    default: return 0
    }
    guard end - at >= length, second.contains(bytes[at + 1]) else { return 0 }
    for next in 2..<length where bytes[at + next] & 0xC0 != 0x80 { return 0 }
    return length
  }
}

import Registry

/// A point lookup by key, on a day or today: the most frequent request, answered from a stored row,
/// so that the request is not decoded into a value.
///
/// `VerifyCredentialRequest` and `GetProfileRequest` both spell it as the key, `on` and `at_least`
/// in fields of the same numbers, which `RawFieldsTests` holds.
public struct PointLookup: Hashable, Sendable {
  /// Where the key stands in the request; its letters are not looked at.
  public var key: Range<Int>
  /// YYYYMMDD; zero: today.
  public var on: UInt32 = 0
  public var atLeast: UInt64 = 0

  private typealias Numbers = NumberField<VerifyCredentialRequest>
  private typealias Keys = BytesField<VerifyCredentialRequest, [UInt8]>

  /// Nil for everything else, whether it asks for more, is spelled in another way that is allowed,
  /// or would be refused: that is decoded as every message is.
  public init?(_ bytes: RawSpan) {
    let count = bytes.byteCount
    guard count > 2, bytes.byte(0) == Keys.credential.tagByte else { return nil }
    let length = Int(bytes.byte(1))
    guard (1...Identifier.lengthMax).contains(length), 2 + length <= count else { return nil }
    key = 2..<(2 + length)
    var at = key.upperBound
    if at < count, bytes.byte(at) == Numbers.on.tagByte {
      at += 1
      guard let day = Self.varint(bytes, &at), let on = UInt32(exactly: day),
        Day(yyyymmdd: on) != nil
      else { return nil }
      self.on = on
    }
    if at < count, bytes.byte(at) == Numbers.atLeast.tagByte {
      at += 1
      guard let atLeast = Self.varint(bytes, &at) else { return nil }
      self.atLeast = atLeast
    }
    guard at == count else { return nil }
  }

  /// A number of at most 63 bits; nil where it is cut or longer.
  private static func varint(_ bytes: RawSpan, _ at: inout Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 63, by: 7) {
      guard at < bytes.byteCount else { return nil }
      let byte = bytes.byte(at)
      at += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}

extension RawSpan {
  @inline(__always)
  fileprivate func byte(_ offset: Int) -> UInt8 {
    unsafeLoad(fromByteOffset: offset, as: UInt8.self)
  }
}

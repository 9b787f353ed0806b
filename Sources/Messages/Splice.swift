/// Fields put into or found in packed messages without decoding them.
public enum Splice {
  public static func append(varint value: UInt64, to bytes: inout [UInt8]) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(value))
  }

  /// A scalar field; zero is left out, as proto3 does.
  public static func append(_ field: UInt32, _ value: UInt64, to bytes: inout [UInt8]) {
    guard value != 0 else { return }
    append(varint: UInt64(field) << 3, to: &bytes)
    append(varint: value, to: &bytes)
  }

  /// A field of bytes, text or a packed message.
  public static func append(
    _ field: UInt32, _ value: some Collection<UInt8>, to bytes: inout [UInt8]
  ) {
    append(varint: UInt64(field) << 3 | 2, to: &bytes)
    append(varint: UInt64(value.count), to: &bytes)
    bytes.append(contentsOf: value)
  }

  public static func append(_ field: UInt32, span: RawSpan, to bytes: inout [UInt8]) {
    append(varint: UInt64(field) << 3 | 2, to: &bytes)
    append(varint: UInt64(span.byteCount), to: &bytes)
    append(span, to: &bytes)
  }

  public static func append(_ span: RawSpan, to bytes: inout [UInt8]) {
    span.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }

  public static func bytes(_ span: RawSpan) -> [UInt8] { span.withUnsafeBytes { Array($0) } }

  /// Where the value of a length-delimited field stands; nil when the field is not there or the
  /// bytes are no message.
  public static func find(_ field: UInt32, in span: RawSpan) -> Range<Int>? {
    span.withUnsafeBytes { bytes in
      var at = 0
      func varint() -> UInt64? {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while at < bytes.count, shift < 64 {
          let byte = bytes[at]
          at += 1
          value |= UInt64(byte & 0x7F) << shift
          if byte < 0x80 { return value }
          shift += 7
        }
        return nil
      }
      while at < bytes.count {
        guard let tag = varint() else { return nil }
        switch tag & 7 {
        case 0: guard varint() != nil else { return nil }
        case 1: at += 8
        case 5: at += 4
        case 2:
          guard let length = varint(), length <= UInt64(bytes.count - at) else { return nil }
          if tag >> 3 == UInt64(field) { return at..<(at + Int(length)) }
          at += Int(length)
        default: return nil
        }
      }
      return nil
    }
  }
}

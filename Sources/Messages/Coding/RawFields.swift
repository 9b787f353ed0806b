/// Reads and appends fields of packed messages without decoding them.
///
/// A field is given by its number as the schema is read at run time; where it is known in the
/// source, `Message.find` and `Message.append` take the generated constant.
public enum RawFields {
  public static func append(varint value: UInt64, to bytes: inout [UInt8]) {
    var value = value
    while value >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  package static func append(tag number: UInt32, _ wire: WireType, to bytes: inout [UInt8]) {
    append(varint: UInt64(wire.tag(number)), to: &bytes)
  }

  /// A scalar field; zero is left out, as proto3 does.
  public static func append(_ field: UInt32, _ value: UInt64, to bytes: inout [UInt8]) {
    guard value != 0 else { return }
    append(tag: field, .varint, to: &bytes)
    append(varint: value, to: &bytes)
  }

  /// A field of bytes, text or a packed message.
  public static func append(
    _ field: UInt32, _ value: some Collection<UInt8>, to bytes: inout [UInt8]
  ) {
    append(tag: field, .delimited, to: &bytes)
    append(varint: UInt64(value.count), to: &bytes)
    bytes.append(contentsOf: value)
  }

  public static func append(_ field: UInt32, span: RawSpan, to bytes: inout [UInt8]) {
    append(tag: field, .delimited, to: &bytes)
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
      var cursor = WireCursor(bytes)
      while cursor.at < bytes.count {
        guard let tag = try? cursor.tag(bytes.count) else { return nil }
        if tag.number == field, tag.wire == .delimited {
          return try? cursor.lengthDelimited(bytes.count)
        }
        guard (try? cursor.skip(tag.wire, bytes.count)) != nil else { return nil }
      }
      return nil
    }
  }

  /// The value of a number's field; nil when the field is not there or the bytes are no message.
  public static func number(_ field: UInt32, in span: RawSpan) -> UInt64? {
    span.withUnsafeBytes { bytes in
      var cursor = WireCursor(bytes)
      while cursor.at < bytes.count {
        guard let tag = try? cursor.tag(bytes.count) else { return nil }
        if tag.number == field, tag.wire == .varint { return try? cursor.varint(bytes.count) }
        guard (try? cursor.skip(tag.wire, bytes.count)) != nil else { return nil }
      }
      return nil
    }
  }
}

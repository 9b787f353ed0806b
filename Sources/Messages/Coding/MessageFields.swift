/// A field of a message as it stands in packed bytes, length-delimited: bytes, text, a message, or a
/// packed list of numbers.
///
/// `Generated/Fields` has a constant for each such field of the schema. They are computed where they
/// are used, so that none is looked up behind a global's lock, and are typed by their message, so
/// that none is looked for in another one.
///
/// - `Value` is the message that the bytes are, or `[UInt8]`.
@usableFromInline
package struct BytesField<Owner, Value>: Hashable, Sendable {
  @usableFromInline package let number: UInt32

  @inlinable init(_ number: UInt32) { self.number = number }

  /// A field that the schema does not have, but reserves the number of.
  package init(reserved number: UInt32) { self.number = number }

  /// The one byte that its tag takes.
  var tagByte: UInt8 { WireType.delimited.tagByte(number) }
}

/// A field of a message as it stands in packed bytes as a varint: a number, a day, a flag or the
/// value of an enum.
@usableFromInline
package struct NumberField<Owner>: Hashable, Sendable {
  @usableFromInline package let number: UInt32

  @inlinable init(_ number: UInt32) { self.number = number }

  /// The one byte that its tag takes.
  var tagByte: UInt8 { WireType.varint.tagByte(number) }
}

extension Message {
  /// Where the value of a field stands; nil when the field is not there or the bytes are no
  /// message.
  @inlinable
  package static func find<Value>(
    _ field: BytesField<Self, Value>, in span: RawSpan
  ) -> Range<Int>? { RawFields.find(field.number, in: span) }

  /// Where the value of a field of a message within this one stands.
  @inlinable
  package static func find<Inner: Message, Value>(
    _ outer: BytesField<Self, Inner>, _ field: BytesField<Inner, Value>, in span: RawSpan
  ) -> Range<Int>? {
    guard let outer = find(outer, in: span),
      let found = Inner.find(field, in: span.extracting(outer))
    else { return nil }
    return (outer.lowerBound + found.lowerBound)..<(outer.lowerBound + found.upperBound)
  }

  /// The value of a field; nil when the field is not there or the bytes are no message.
  @inlinable
  package static func number(_ field: NumberField<Self>, in span: RawSpan) -> UInt64? {
    RawFields.number(field.number, in: span)
  }

  /// The value of a field of a message within this one.
  @inlinable
  package static func number<Inner: Message>(
    _ outer: BytesField<Self, Inner>, _ field: NumberField<Inner>, in span: RawSpan
  ) -> UInt64? {
    find(outer, in: span).flatMap { Inner.number(field, in: span.extracting($0)) }
  }

  /// Zero is left out, as proto3 does.
  @inlinable
  package static func append(
    _ field: NumberField<Self>, _ value: UInt64, to bytes: inout [UInt8]
  ) { RawFields.append(field.number, value, to: &bytes) }

  @inlinable
  package static func append<Value>(
    _ field: BytesField<Self, Value>, _ value: some Collection<UInt8>, to bytes: inout [UInt8]
  ) { RawFields.append(field.number, value, to: &bytes) }

  @inlinable
  package static func append<Value>(
    _ field: BytesField<Self, Value>, span: RawSpan, to bytes: inout [UInt8]
  ) { RawFields.append(field.number, span: span, to: &bytes) }
}

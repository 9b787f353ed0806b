import CMessages

/// Looks through bytes before protobuf-c does, without taking memory.
///
/// protobuf-c 1.4.1 merges duplicated sub-messages in quadratic time, follows nesting without a
/// limit and cuts strings at a NUL; the guard refuses all of that in one linear scan along the
/// generated descriptors.
public enum Guard {
  public struct Limits: Sendable {
    /// Nested messages within messages.
    public var depthMax = 16
    /// Fields in the whole message, repeated ones each time.
    public var fieldsMax = 200_000
    public var bytesMax = 4 << 20

    public static let standard = Limits()
  }

  static func check(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
    unknownFields: UnknownFields, limits: Limits
  ) throws(Refusal) {
    guard bytes.count <= limits.bytesMax else {
      throw Refusal(.tooLarge, "", "has \(bytes.count) bytes; the limit is \(limits.bytesMax)")
    }
    var scan = Scan(bytes: bytes, unknownFields: unknownFields, limits: limits)
    try scan.message(0..<bytes.count, descriptor, depth: 0)
  }
}

private struct Scan {
  let bytes: UnsafeRawBufferPointer
  let unknownFields: UnknownFields
  let limits: Guard.Limits
  var fields = 0

  typealias FieldPointer = UnsafePointer<ProtobufCFieldDescriptor>

  mutating func message(
    _ range: Range<Int>, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>, depth: Int
  ) throws(Refusal) {
    guard depth < limits.depthMax else {
      throw Refusal(.tooDeep, "", "is nested deeper than \(limits.depthMax) levels")
    }
    var seen: UInt64 = 0
    var at = range.lowerBound
    while at < range.upperBound {
      fields += 1
      guard fields <= limits.fieldsMax else {
        throw Refusal(.tooMany, "", "has more than \(limits.fieldsMax) fields")
      }
      let tag = try varint(&at, range.upperBound)
      let (number, wire) = (tag >> 3, tag & 7)
      guard number >= 1, number < 1 << 29 else {
        throw Refusal(.malformed, "", "has a field with the number \(number)")
      }
      guard let index = Scan.index(of: UInt32(number), in: descriptor) else {
        guard unknownFields == .ignored else {
          throw Refusal(.unknownField, "\(number)", "is not in this schema")
        }
        try skip(wire, &at, range.upperBound)
        continue
      }
      let field = descriptor.pointee.fields + index
      if field.pointee.label != PROTOBUF_C_LABEL_REPEATED {
        let mask = Scan.exclusive(field, index, in: descriptor)
        guard seen & mask == 0 else {
          throw Refusal(
            .duplicate, Scan.name(field),
            "is given twice, or together with another member of its choice")
        }
        seen |= 1 << UInt64(index)
      }
      do {
        try value(field, wire, &at, range.upperBound, depth: depth)
      } catch {
        throw error.under(Scan.name(field))
      }
    }
  }

  private mutating func value(
    _ field: FieldPointer, _ wire: UInt64, _ at: inout Int, _ end: Int, depth: Int
  ) throws(Refusal) {
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_MESSAGE, PROTOBUF_C_TYPE_BYTES, PROTOBUF_C_TYPE_STRING:
      guard wire == 2 else { throw Refusal(.wrongType, "", "has wire type \(wire), not 2") }
      let range = try lengthDelimited(&at, end)
      if field.pointee.type == PROTOBUF_C_TYPE_MESSAGE {
        let inner = field.pointee.descriptor.assumingMemoryBound(
          to: ProtobufCMessageDescriptor.self)
        try message(range, inner, depth: depth + 1)
      } else if field.pointee.type == PROTOBUF_C_TYPE_STRING {
        try text(range)
      }
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT:
      try fixed(wire, 5, 4, &at, end, repeated: field)
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE:
      try fixed(wire, 1, 8, &at, end, repeated: field)
    default:
      if wire == 2, field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
        let range = try lengthDelimited(&at, end)
        var inner = range.lowerBound
        while inner < range.upperBound {
          fields += 1
          guard fields <= limits.fieldsMax else {
            throw Refusal(.tooMany, "", "has more than \(limits.fieldsMax) values")
          }
          _ = try varint(&inner, range.upperBound)
        }
      } else {
        guard wire == 0 else { throw Refusal(.wrongType, "", "has wire type \(wire), not 0") }
        _ = try varint(&at, end)
      }
    }
  }

  private func fixed(
    _ wire: UInt64, _ expected: UInt64, _ size: Int, _ at: inout Int, _ end: Int,
    repeated field: FieldPointer
  ) throws(Refusal) {
    if wire == 2, field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
      let range = try lengthDelimited(&at, end)
      guard range.count % size == 0 else {
        throw Refusal(.malformed, "", "is packed to \(range.count) bytes")
      }
      return
    }
    guard wire == expected else {
      throw Refusal(.wrongType, "", "has wire type \(wire), not \(expected)")
    }
    guard end - at >= size else { throw Refusal(.truncated, "", "ends too early") }
    at += size
  }

  private func varint(_ at: inout Int, _ end: Int) throws(Refusal) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while at < end {
      let byte = bytes[at]
      at += 1
      guard shift < 63 || byte <= 1 else {
        throw Refusal(.malformed, "", "holds a number of more than 64 bits")
      }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw Refusal(.truncated, "", "ends within a number")
  }

  private func lengthDelimited(_ at: inout Int, _ end: Int) throws(Refusal) -> Range<Int> {
    let length = try varint(&at, end)
    guard length <= UInt64(end - at) else {
      throw Refusal(.truncated, "", "says it has \(length) bytes where \(end - at) are left")
    }
    let range = at..<(at + Int(length))
    at = range.upperBound
    return range
  }

  private func skip(_ wire: UInt64, _ at: inout Int, _ end: Int) throws(Refusal) {
    switch wire {
    case 0: _ = try varint(&at, end)
    case 2: _ = try lengthDelimited(&at, end)
    case 1, 5:
      let size = wire == 1 ? 8 : 4
      guard end - at >= size else { throw Refusal(.truncated, "", "ends too early") }
      at += size
    default: throw Refusal(.wrongType, "", "has a field of wire type \(wire)")
    }
  }

  private func text(_ range: Range<Int>) throws(Refusal) {
    var ascii = true
    for at in range {
      let byte = bytes[at]
      if byte == 0 { throw Refusal(.notText, "", "holds a NUL") }
      if byte >= 0x80 { ascii = false }
    }
    if ascii { return }
    guard String(validating: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self) != nil
    else { throw Refusal(.notText, "", "is not UTF-8") }
  }

  private static func name(_ field: FieldPointer) -> String {
    String(cString: field.pointee.name)
  }

  /// The field itself and, in a choice, the other members of it.
  @inline(__always)
  private static func exclusive(
    _ field: FieldPointer, _ index: Int, in descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> UInt64 {
    guard field.pointee.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0 else {
      return 1 << UInt64(index)
    }
    var mask: UInt64 = 0
    for other in 0..<Int(descriptor.pointee.n_fields) {
      let candidate = descriptor.pointee.fields + other
      if candidate.pointee.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0,
        candidate.pointee.quantifier_offset == field.pointee.quantifier_offset
      {
        mask |= 1 << UInt64(other)
      }
    }
    return mask
  }

  /// The field's index among the descriptor's, which are sorted by number.
  @inline(__always)
  private static func index(
    of number: UInt32, in descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  ) -> Int? {
    var (low, high) = (0, Int(descriptor.pointee.n_fields))
    precondition(high <= 64, "a message has at most 64 fields")
    while low < high {
      let middle = (low + high) / 2
      let id = descriptor.pointee.fields[middle].id
      if id == number { return middle }
      if id < number { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}

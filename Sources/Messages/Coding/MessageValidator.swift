import CMessages

/// What becomes of a field that the schema does not have.
public enum UnknownFields: Sendable {
  /// Where something is recorded: nothing may be kept that nobody understands.
  case refused
  /// Elsewhere, so that a newer client may ask an older server.
  case ignored
}

/// Validates a packed message before protobuf-c unpacks it, without allocating.
///
/// protobuf-c 1.4.1 merges duplicated sub-messages in quadratic time, follows nesting without a
/// limit, cuts strings at a NUL and numbers at 32 bits, and gives no reason when it refuses; the
/// validator refuses all of that in one linear scan along the generated descriptors. It also bounds
/// the memory that unpacking takes, so that a message of two bytes that unpack to a hundred is
/// refused by counting.
public enum MessageValidator {
  public struct Limits: Sendable {
    /// Messages within messages.
    public var depthMax = 16
    /// Fields in the whole message, repeated and ignored ones each time.
    public var fieldsMax = 1 << 17
    public var bytesMax = 4 << 20
    /// Whether unpacking may take no more than what is left of its arena's budget; otherwise what
    /// the bytes need, which grows with their number.
    var bindsMemory = true
    /// Whether the schema's bounds are checked as well, once the bytes are unpacked.
    public var trust = Trust.stranger

    public init() {}

    /// For what anybody may ask: whatever it is, to refuse it takes a few milliseconds.
    public static let standard = Limits()

    /// For answers, whose length their frame bounds: a page of a thousand officers with the events
    /// that their skills rest on has more fields than any question.
    public static let answer: Limits = {
      var limits = Limits()
      limits.fieldsMax = 1 << 20
      limits.trust = .stored
      return limits
    }()

    /// For what this registry wrote itself. How much that may be is decided where it is recorded:
    /// whatever was accepted is read back, so that only its form is checked, since disks flip bits.
    public static let stored: Limits = {
      var limits = Limits()
      limits.depthMax = 32
      limits.fieldsMax = .max
      limits.bytesMax = .max
      limits.bindsMemory = false
      limits.trust = .stored
      return limits
    }()
  }

  /// - Parameter memoryMax: bytes that unpacking may take.
  /// - Returns: bytes that unpacking takes at most.
  /// - Throws: `DecodeFailure` with the field's path, such as `items[3].proposal`.
  static func check(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
    unknownFields: UnknownFields, limits: Limits, memoryMax: Int = .max
  ) throws(DecodeFailure) -> Int {
    guard bytes.count <= limits.bytesMax else {
      throw DecodeFailure(
        .tooLarge, "", "has \(bytes.count) bytes; the limit is \(limits.bytesMax)")
    }
    var scan = Scan(
      cursor: WireCursor(bytes), unknownFields: unknownFields, limits: limits, memoryMax: memoryMax)
    try scan.message(descriptor, end: bytes.count, depth: 0)
    // A field has at most a block of its own, which is aligned, a terminator and a place in a list,
    // or is unknown and kept as it is; and twice 48 bytes in protobuf-c's list of the fields that
    // it has seen.
    return scan.memory + bytes.count + (scan.fields + 1) * 192
  }
}

private struct Scan {
  var cursor: WireCursor
  let unknownFields: UnknownFields
  let limits: MessageValidator.Limits
  let memoryMax: Int
  var fields = 0
  /// Bytes, never more than protobuf-c asks of the arena.
  var memory = 0

  typealias FieldPointer = UnsafePointer<ProtobufCFieldDescriptor>
  typealias MessagePointer = UnsafePointer<ProtobufCMessageDescriptor>

  mutating func message(_ descriptor: MessagePointer, end: Int, depth: Int) throws(DecodeFailure) {
    guard depth < limits.depthMax else {
      throw DecodeFailure(.tooDeep, "", "is nested deeper than \(limits.depthMax) levels")
    }
    try take(descriptor.pointee.sizeof_message)
    let start = cursor.at
    var seen = FieldSet()
    while cursor.at < end {
      let at = cursor.at
      try count()
      let (number, wire) = try cursor.tag(end)
      guard let index = Scan.index(of: number, in: descriptor) else {
        guard unknownFields == .ignored else {
          throw DecodeFailure(.unknownField, "\(number)", "is not in this schema")
        }
        try cursor.skip(wire, end)
        continue
      }
      let field = descriptor.pointee.fields + index
      let isList = field.pointee.label == PROTOBUF_C_LABEL_REPEATED
      if !isList {
        guard !Scan.isTaken(field, index, in: descriptor, seen) else {
          throw DecodeFailure(
            .duplicate, Scan.name(field),
            "is given twice, or together with another member of its choice")
        }
        seen.insert(index)
      }
      do {
        try value(field, wire, end, depth: depth)
      } catch {
        let place = isList ? "[\(occurrences(of: number, start..<at))]" : ""
        throw error.under(Scan.name(field) + place)
      }
    }
  }

  @inline(__always)
  private mutating func take(_ bytes: Int) throws(DecodeFailure) {
    memory += bytes
    guard memory <= memoryMax else {
      throw DecodeFailure(
        .tooLarge, "", "unpacks to more than the \(memoryMax) bytes that it may take")
    }
  }

  private mutating func count() throws(DecodeFailure) {
    fields += 1
    guard fields <= limits.fieldsMax else {
      throw DecodeFailure(.tooMany, "", "has more than \(limits.fieldsMax) fields")
    }
  }

  private mutating func value(
    _ field: FieldPointer, _ wire: WireType, _ end: Int, depth: Int
  ) throws(DecodeFailure) {
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_MESSAGE:
      let inner = field.pointee.descriptor.assumingMemoryBound(
        to: ProtobufCMessageDescriptor.self)
      try message(inner, end: try lengthDelimited(wire, end).upperBound, depth: depth + 1)
    case PROTOBUF_C_TYPE_BYTES:
      let range = try lengthDelimited(wire, end)
      try take(range.count)
      cursor.at = range.upperBound
    case PROTOBUF_C_TYPE_STRING:
      let range = try lengthDelimited(wire, end)
      try take(range.count)
      try cursor.text(range)
      cursor.at = range.upperBound
    default:
      guard wire == .delimited, field.pointee.label == PROTOBUF_C_LABEL_REPEATED else {
        return try scalar(field, wire, end)
      }
      let packed = try lengthDelimited(wire, end)
      while cursor.at < packed.upperBound {
        try count()
        try scalar(field, Scan.wire(of: field), packed.upperBound)
      }
    }
  }

  /// Leaves the cursor at the value's first byte.
  private mutating func lengthDelimited(
    _ wire: WireType, _ end: Int
  ) throws(DecodeFailure) -> Range<Int> {
    try expect(.delimited, wire)
    return try cursor.lengthDelimited(end)
  }

  @inline(__always)
  private func expect(_ expected: WireType, _ wire: WireType) throws(DecodeFailure) {
    guard wire == expected else {
      throw DecodeFailure(
        .wrongType, "", "has wire type \(wire.rawValue), not \(expected.rawValue)")
    }
  }

  private mutating func scalar(
    _ field: FieldPointer, _ wire: WireType, _ end: Int
  ) throws(DecodeFailure) {
    let expected = Scan.wire(of: field)
    try expect(expected, wire)
    guard wire == .varint else { return try cursor.skip(wire, end) }
    let value = try cursor.varint(end)
    let fits =
      switch field.pointee.type {
      case PROTOBUF_C_TYPE_BOOL: value <= 1
      case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_SINT32: value <= UInt32.max
      // A negative one is written with all 64 bits.
      case PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_ENUM:
        Int32(exactly: Int64(bitPattern: value)) != nil
      default: true
      }
    guard fits else {
      throw DecodeFailure(.outOfRange, "", "holds \(value), more than its type can")
    }
  }

  /// How often the field stands in that part, which has been found well formed.
  private func occurrences(of number: UInt32, _ range: Range<Int>) -> Int {
    var (cursor, count) = (cursor, 0)
    cursor.at = range.lowerBound
    while cursor.at < range.upperBound, let tag = try? cursor.tag(range.upperBound) {
      if tag.number == number { count += 1 }
      guard (try? cursor.skip(tag.wire, range.upperBound)) != nil else { break }
    }
    return count
  }

  private static func name(_ field: FieldPointer) -> String {
    String(cString: field.pointee.name)
  }

  /// Of a number, not packed.
  @inline(__always)
  private static func wire(of field: FieldPointer) -> WireType {
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_FIXED32, PROTOBUF_C_TYPE_SFIXED32, PROTOBUF_C_TYPE_FLOAT: .fixed32
    case PROTOBUF_C_TYPE_FIXED64, PROTOBUF_C_TYPE_SFIXED64, PROTOBUF_C_TYPE_DOUBLE: .fixed64
    default: .varint
    }
  }

  /// Whether the field itself or, in a choice, another member of it was seen.
  @inline(__always)
  private static func isTaken(
    _ field: FieldPointer, _ index: Int, in descriptor: MessagePointer, _ seen: FieldSet
  ) -> Bool {
    let oneof = UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue)
    guard field.pointee.flags & oneof != 0 else { return seen.contains(index) }
    for other in 0..<Int(descriptor.pointee.n_fields) where seen.contains(other) {
      let candidate = descriptor.pointee.fields + other
      if candidate.pointee.flags & oneof != 0,
        candidate.pointee.quantifier_offset == field.pointee.quantifier_offset
      {
        return true
      }
    }
    return false
  }

  /// The field's index among the descriptor's, which are sorted by number.
  @inline(__always)
  private static func index(of number: UInt32, in descriptor: MessagePointer) -> Int? {
    var (low, high) = (0, Int(descriptor.pointee.n_fields))
    precondition(high <= FieldSet.capacity, "a message has at most \(FieldSet.capacity) fields")
    while low < high {
      let middle = (low + high) / 2
      let id = descriptor.pointee.fields[middle].id
      if id == number { return middle }
      if id < number { low = middle + 1 } else { high = middle }
    }
    return nil
  }
}

/// Fields of one message, by their index.
private struct FieldSet {
  static let capacity = 256
  private var words = InlineArray<4, UInt64>(repeating: 0)

  @inline(__always)
  func contains(_ index: Int) -> Bool { words[index >> 6] & 1 << UInt64(index & 63) != 0 }

  @inline(__always)
  mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }
}

/// A schema as its FileDescriptorSet has it: what a program needs to show it to a person.
///
/// The messages are those of protobuf's own descriptor.proto, read by their numbers.
public struct DescriptorSet: Sendable {
  public struct Field: Sendable {
    public var name = ""
    public var number = 0
    /// As the schema spells it, such as `repeated RecordItem`.
    public var type = ""
    /// The name of the oneof that it is of.
    public var oneof: String?
  }

  public struct Composite: Sendable {
    public var name = ""
    public var fields: [Field] = []
  }

  public struct Enumeration: Sendable {
    public var name = ""
    public var values: [(name: String, number: Int)] = []
  }

  public private(set) var messages: [Composite] = []
  public private(set) var enumerations: [Enumeration] = []

  /// - Throws: `DecodeFailure` for bytes that are no FileDescriptorSet.
  public init(_ bytes: [UInt8]) throws(DecodeFailure) {
    var set = (messages: [Composite](), enumerations: [Enumeration]())
    try bytes.span.bytes.withUnsafeBytes { (raw) throws(DecodeFailure) in
      try Self.each(raw, 0..<raw.count) { (number, part) throws(DecodeFailure) in
        guard number == 1 else { return }
        try Self.each(raw, part.range) { (number, part) throws(DecodeFailure) in
          switch number {
          case 4: set.messages.append(try Self.message(raw, part.range))
          case 5: set.enumerations.append(try Self.enumeration(raw, part.range))
          default: break
          }
        }
      }
    }
    (messages, enumerations) = set
  }

  // MARK: reading

  private struct Part {
    /// Of a string or a message; empty for a number.
    var range: Range<Int>
    var value: UInt64
  }

  private static func each(
    _ raw: UnsafeRawBufferPointer, _ range: Range<Int>,
    _ take: (UInt32, Part) throws(DecodeFailure) -> Void
  ) throws(DecodeFailure) {
    var cursor = WireCursor(raw)
    cursor.at = range.lowerBound
    while cursor.at < range.upperBound {
      let (number, wire) = try cursor.tag(range.upperBound)
      switch wire {
      case 0: try take(number, Part(range: 0..<0, value: try cursor.varint(range.upperBound)))
      case 2:
        let inner = try cursor.lengthDelimited(range.upperBound)
        cursor.at = inner.upperBound
        try take(number, Part(range: inner, value: 0))
      default: try cursor.skip(wire, range.upperBound)
      }
    }
  }

  private static func text(_ raw: UnsafeRawBufferPointer, _ part: Part) -> String {
    String(decoding: raw[part.range], as: UTF8.self)
  }

  private static func message(
    _ raw: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws(DecodeFailure) -> Composite {
    var message = Composite()
    var oneofs: [String] = []
    var members: [Int?] = []
    try each(raw, range) { (number, part) throws(DecodeFailure) in
      switch number {
      case 1: message.name = text(raw, part)
      case 2:
        let (field, oneof) = try self.field(raw, part.range)
        message.fields.append(field)
        members.append(oneof)
      case 8:
        try each(raw, part.range) { number, inner in
          if number == 1 { oneofs.append(text(raw, inner)) }
        }
      default: break
      }
    }
    for (at, member) in members.enumerated() {
      if let member, member < oneofs.count { message.fields[at].oneof = oneofs[member] }
    }
    return message
  }

  private static func field(
    _ raw: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws(DecodeFailure) -> (Field, oneof: Int?) {
    var field = Field()
    var isRepeated = false
    var (type, typeName): (UInt64, String) = (0, "")
    var oneof: Int?
    try each(raw, range) { number, part in
      switch number {
      case 1: field.name = text(raw, part)
      case 3: field.number = Int(truncatingIfNeeded: part.value)
      case 4: isRepeated = part.value == 3
      case 5: type = part.value
      case 6: typeName = text(raw, part).split(separator: ".").last.map(String.init) ?? ""
      case 9: oneof = Int(truncatingIfNeeded: part.value)
      default: break
      }
    }
    let names: [UInt64: String] = [
      1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 6: "fixed64", 7: "fixed32",
      8: "bool", 9: "string", 12: "bytes", 13: "uint32", 15: "sfixed32", 16: "sfixed64",
      17: "sint32", 18: "sint64",
    ]
    field.type = (isRepeated ? "repeated " : "") + (names[type] ?? typeName)
    return (field, oneof)
  }

  private static func enumeration(
    _ raw: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws(DecodeFailure) -> Enumeration {
    var enumeration = Enumeration()
    try each(raw, range) { (number, part) throws(DecodeFailure) in
      if number == 1 { enumeration.name = text(raw, part) }
      guard number == 2 else { return }
      var value = (name: "", number: 0)
      try each(raw, part.range) { number, inner in
        if number == 1 { value.name = text(raw, inner) }
        if number == 2 { value.number = Int(truncatingIfNeeded: inner.value) }
      }
      enumeration.values.append(value)
    }
    return enumeration
  }
}

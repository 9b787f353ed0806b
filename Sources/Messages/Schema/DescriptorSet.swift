/// A schema as its FileDescriptorSet has it: what a program needs to show it to a person.
///
/// The messages are those of protobuf's own descriptor.proto; of each, only the fields in
/// `DescriptorFields` are read.
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
        guard case .file = DescriptorFields.FileDescriptorSet(rawValue: number) else { return }
        try Self.each(raw, part.range) { (number, part) throws(DecodeFailure) in
          switch DescriptorFields.FileDescriptorProto(rawValue: number) {
          case .messageType: set.messages.append(try Self.message(raw, part.range))
          case .enumType: set.enumerations.append(try Self.enumeration(raw, part.range))
          case nil: break
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
      case .varint: try take(number, Part(range: 0..<0, value: try cursor.varint(range.upperBound)))
      case .delimited:
        let inner = try cursor.lengthDelimited(range.upperBound)
        cursor.at = inner.upperBound
        try take(number, Part(range: inner, value: 0))
      // any other: no field of a descriptor that is read here has such a value
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
      switch DescriptorFields.DescriptorProto(rawValue: number) {
      case .name: message.name = text(raw, part)
      case .field:
        let (field, oneof) = try self.field(raw, part.range)
        message.fields.append(field)
        members.append(oneof)
      case .oneofDecl:
        try each(raw, part.range) { number, inner in
          guard case .name = DescriptorFields.OneofDescriptorProto(rawValue: number) else { return }
          oneofs.append(text(raw, inner))
        }
      case nil: break
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
      switch DescriptorFields.FieldDescriptorProto(rawValue: number) {
      case .name: field.name = text(raw, part)
      case .number: field.number = Int(truncatingIfNeeded: part.value)
      case .label: isRepeated = part.value == DescriptorFields.labelRepeated
      case .type: type = part.value
      case .typeName: typeName = text(raw, part).split(separator: ".").last.map(String.init) ?? ""
      case .oneofIndex: oneof = Int(truncatingIfNeeded: part.value)
      case nil: break
      }
    }
    field.type =
      (isRepeated ? "repeated " : "") + (DescriptorFields.typeNames[type] ?? typeName)
    return (field, oneof)
  }

  private static func enumeration(
    _ raw: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws(DecodeFailure) -> Enumeration {
    var enumeration = Enumeration()
    try each(raw, range) { (number, part) throws(DecodeFailure) in
      switch DescriptorFields.EnumDescriptorProto(rawValue: number) {
      case .name: enumeration.name = text(raw, part)
      case .value: enumeration.values.append(try self.value(raw, part.range))
      case nil: break
      }
    }
    return enumeration
  }

  private static func value(
    _ raw: UnsafeRawBufferPointer, _ range: Range<Int>
  ) throws(DecodeFailure) -> (name: String, number: Int) {
    var value = (name: "", number: 0)
    try each(raw, range) { number, part in
      switch DescriptorFields.EnumValueDescriptorProto(rawValue: number) {
      case .name: value.name = text(raw, part)
      case .number: value.number = Int(truncatingIfNeeded: part.value)
      case nil: break
      }
    }
    return value
  }
}

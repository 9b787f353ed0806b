import CMessages
import Registry

/// Between messages' bytes and their JSON form: the schema's field names; days as 2024-12-04,
/// identifiers as text, event ids as UUIDs, other bytes in hexadecimal, values of enums in lower
/// case without their prefix; what has its default is left out.
public enum JSONForm {
  /// The message's bytes for its JSON form.
  ///
  /// - Parameter message: the name in the schema, such as `Proposal`.
  public static func bytes(of message: String, _ json: JSONText) throws(Refusal) -> [UInt8] {
    try encode(json, descriptor(message))
  }

  /// The JSON form of a message's bytes.
  public static func text(of message: String, _ bytes: [UInt8]) throws(Refusal) -> JSONText {
    try decode(bytes[...], descriptor(message))
  }

  private static func descriptor(
    _ message: String
  ) throws(Refusal) -> UnsafePointer<ProtobufCMessageDescriptor> {
    guard let found = Schema.descriptors[message] else {
      throw Refusal(.unknownValue, message, "is no message of the schema")
    }
    return found.pointer
  }

  private typealias DescriptorPointer = UnsafePointer<ProtobufCMessageDescriptor>
  private typealias FieldPointer = UnsafePointer<ProtobufCFieldDescriptor>

  private static func fields(_ d: DescriptorPointer) -> [(name: String, field: FieldPointer)] {
    (0..<Int(d.pointee.n_fields)).map { at in
      let field = d.pointee.fields + at
      return (String(cString: field.pointee.name), field)
    }
  }

  private static func kind(_ d: DescriptorPointer, _ field: String) -> Schema.FieldKind? {
    Schema.kinds[String(cString: d.pointee.short_name) + "." + field]
  }

  // MARK: from JSON

  private static func encode(
    _ json: JSONText, _ descriptor: DescriptorPointer
  ) throws(Refusal) -> [UInt8] {
    guard case .object(let members) = json else {
      throw Refusal(.wrongType, "", "must be an object in braces")
    }
    let known = fields(descriptor)
    var bytes: [UInt8] = []
    for (name, _) in members where !known.contains(where: { $0.name == name }) {
      let names = known.map(\.name).joined(separator: ", ")
      throw Refusal(.unknownField, name, "is not in the schema; known here: \(names)")
    }
    // In the order of the numbers, as protobuf-c packs them.
    for (name, field) in known {
      guard let value = members.first(where: { $0.name == name })?.value, value != .null else {
        continue
      }
      do throws(Refusal) {
        if field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
          guard case .array(let items) = value else {
            throw Refusal(.wrongType, "", "must be a list in brackets")
          }
          for item in items { try encode(item, name, field, descriptor, into: &bytes) }
        } else {
          try encode(value, name, field, descriptor, into: &bytes)
        }
      } catch {
        throw error.under(name)
      }
    }
    return bytes
  }

  private static func encode(
    _ value: JSONText, _ name: String, _ field: FieldPointer, _ descriptor: DescriptorPointer,
    into bytes: inout [UInt8]
  ) throws(Refusal) {
    let number = field.pointee.id
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_MESSAGE:
      let inner = field.pointee.descriptor.assumingMemoryBound(
        to: ProtobufCMessageDescriptor.self)
      Splice.append(number, try encode(value, inner), to: &bytes)
    case PROTOBUF_C_TYPE_STRING:
      Splice.append(number, Array(try string(value).utf8), to: &bytes)
    case PROTOBUF_C_TYPE_BYTES:
      if case .nested(let message)? = kind(descriptor, name) {
        Splice.append(number, try Self.bytes(of: message, value), to: &bytes)
      } else {
        Splice.append(
          number, try byteValue(try string(value), kind(descriptor, name)), to: &bytes)
      }
    default:
      Splice.append(varint: UInt64(number) << 3, to: &bytes)
      Splice.append(varint: try scalar(value, name, field, descriptor), to: &bytes)
    }
  }

  private static func string(_ value: JSONText) throws(Refusal) -> String {
    guard case .string(let text) = value else {
      throw Refusal(.wrongType, "", "must be a text in quotes")
    }
    return text
  }

  private static func byteValue(
    _ text: String, _ kind: Schema.FieldKind?
  ) throws(Refusal) -> [UInt8] {
    switch kind {
    case .text: return Array(text.utf8)
    case .eventID:
      guard let id = EventID(text) else {
        throw Refusal(.wrongType, "", "must be a UUID, such as \(EventID(high: 1, low: 2).text)")
      }
      return id.bytes
    default:
      var bytes: [UInt8] = []
      let digits = Array(text.utf8)
      guard digits.count % 2 == 0 else {
        throw Refusal(.wrongType, "", "must be hexadecimal, two digits a byte")
      }
      for at in stride(from: 0, to: digits.count, by: 2) {
        guard let byte = UInt8(String(decoding: digits[at...(at + 1)], as: UTF8.self), radix: 16)
        else { throw Refusal(.wrongType, "", "must be hexadecimal, two digits a byte") }
        bytes.append(byte)
      }
      return bytes
    }
  }

  private static func scalar(
    _ value: JSONText, _ name: String, _ field: FieldPointer, _ descriptor: DescriptorPointer
  ) throws(Refusal) -> UInt64 {
    if kind(descriptor, name) == .day {
      guard case .string(let text) = value, let day = Day(text) else {
        throw Refusal(.outOfRange, "", "must be a day that exists, as \"2024-12-04\"")
      }
      return UInt64(day.number)
    }
    if field.pointee.type == PROTOBUF_C_TYPE_ENUM {
      let values = enumNames(field)
      guard case .string(let text) = value,
        let found = values.first(where: { $0.short == text || $0.full == text })
      else {
        throw Refusal(
          .unknownValue, "",
          "must be one of " + values.dropFirst().map(\.short).joined(separator: ", "))
      }
      return UInt64(found.number)
    }
    if field.pointee.type == PROTOBUF_C_TYPE_BOOL {
      guard case .bool(let flag) = value else {
        throw Refusal(.wrongType, "", "must be true or false")
      }
      return flag ? 1 : 0
    }
    guard case .number(let text) = value, let number = UInt64(text),
      field.pointee.type != PROTOBUF_C_TYPE_UINT32 || number <= UInt32.max
    else { throw Refusal(.wrongType, "", "must be a whole number, not negative") }
    return number
  }

  private static func enumNames(
    _ field: FieldPointer
  ) -> [(number: Int32, short: String, full: String)] {
    let d = field.pointee.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self)
    var prefix = ""
    for character in String(cString: d.pointee.short_name) {
      if character.isUppercase, !prefix.isEmpty { prefix += "_" }
      prefix += character.uppercased()
    }
    prefix += "_"
    return (0..<Int(d.pointee.n_values)).map { at in
      let value = d.pointee.values[at]
      let full = String(cString: value.name)
      return (value.value, full.dropFirst(prefix.count).lowercased(), full)
    }
  }

  // MARK: to JSON

  private static func decode(
    _ bytes: ArraySlice<UInt8>, _ descriptor: DescriptorPointer
  ) throws(Refusal) -> JSONText {
    var lists: [String: [JSONText]] = [:]
    let known = fields(descriptor)
    var at = bytes.startIndex
    func varint() throws(Refusal) -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while at < bytes.endIndex, shift < 64 {
        let byte = bytes[at]
        at += 1
        value |= UInt64(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      throw Refusal(.truncated, "", "ends within a number")
    }
    while at < bytes.endIndex {
      let tag = try varint()
      let found = known.first { $0.field.pointee.id == UInt32(truncatingIfNeeded: tag >> 3) }
      switch tag & 7 {
      case 0:
        let value = try varint()
        guard let (name, field) = found else { continue }
        lists[name, default: []].append(scalarText(value, name, field, descriptor))
      case 2:
        let length = try varint()
        guard length <= UInt64(bytes.endIndex - at) else {
          throw Refusal(.truncated, "", "ends too early")
        }
        let value = bytes[at..<(at + Int(length))]
        at += Int(length)
        guard let (name, field) = found else { continue }
        lists[name, default: []] += try bytesText(value, name, field, descriptor)
      default: throw Refusal(.malformed, "", "has wire type \(tag & 7)")
      }
    }
    var members: [(name: String, value: JSONText)] = []
    for (name, field) in known {
      guard let values = lists[name] else { continue }
      let isList = field.pointee.label == PROTOBUF_C_LABEL_REPEATED
      members.append((name, isList ? .array(values) : values.last!))
    }
    return .object(members)
  }

  private static func scalarText(
    _ value: UInt64, _ name: String, _ field: FieldPointer, _ descriptor: DescriptorPointer
  ) -> JSONText {
    if kind(descriptor, name) == .day {
      return .string(Day(yyyymmdd: UInt32(truncatingIfNeeded: value))?.text ?? "\(value)")
    }
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_BOOL: return .bool(value != 0)
    case PROTOBUF_C_TYPE_ENUM:
      return enumNames(field).first { $0.number == Int32(truncatingIfNeeded: value) }
        .map { .string($0.short) } ?? .number("\(value)")
    default: return .number("\(value)")
    }
  }

  private static func bytesText(
    _ value: ArraySlice<UInt8>, _ name: String, _ field: FieldPointer,
    _ descriptor: DescriptorPointer
  ) throws(Refusal) -> [JSONText] {
    switch field.pointee.type {
    case PROTOBUF_C_TYPE_MESSAGE:
      let inner = field.pointee.descriptor.assumingMemoryBound(
        to: ProtobufCMessageDescriptor.self)
      return [try decode(value, inner)]
    case PROTOBUF_C_TYPE_STRING: return [.string(String(decoding: value, as: UTF8.self))]
    case PROTOBUF_C_TYPE_BYTES:
      switch kind(descriptor, name) {
      case .text: return [.string(String(decoding: value, as: UTF8.self))]
      case .eventID: return [.string(EventID(bytes: value)?.text ?? "")]
      case .nested(let message): return [try text(of: message, Array(value))]
      default:
        return [
          .string(value.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
        ]
      }
    default:
      // Packed numbers or values of an enum.
      var items: [JSONText] = []
      var (number, shift): (UInt64, UInt64) = (0, 0)
      for byte in value {
        number |= UInt64(byte & 0x7F) << shift
        shift += 7
        guard byte < 0x80 || shift > 63 else { continue }
        items.append(scalarText(number, name, field, descriptor))
        (number, shift) = (0, 0)
      }
      return items
    }
  }
}

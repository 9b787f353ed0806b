import CMessages
import Registry

/// A message's fields for the JSON mapping: protobuf-c's descriptor with the schema's rules, looked
/// up by name once per process.
package struct MessageLayout: Sendable {
  package struct Field: Sendable {
    package enum Value: Sendable {
      case bool, string, bytes
      case number(bits: Int, isSigned: Bool)
      /// The values without the zero one.
      case named([Name])
      case message(String)
    }

    package struct Name: Sendable {
      package var number: Int32
      /// Lower-case, without the enum's prefix.
      package var short: String
      package var full: String
    }

    package var name: String
    package var number: UInt32
    package var value: Value
    package var rule: FieldRule
    package var isList: Bool
    package var isPacked: Bool
    /// Which choice it is a member of, if any.
    package var choice: UInt32?
  }

  // A constant of the generated C code.
  nonisolated(unsafe) let descriptor: UnsafePointer<ProtobufCMessageDescriptor>
  package let name: String
  /// In the order of their numbers, which is the schema's.
  package private(set) var fields: [Field] = []
  private(set) var indexes: [String: Int] = [:]

  /// - Throws: `DecodeFailure` when there is no such message.
  package static func named(_ name: String) throws(DecodeFailure) -> MessageLayout {
    guard let form = all[name] else {
      throw DecodeFailure(.unknownValue, name, "is no message of the schema")
    }
    return form
  }

  private static let all: [String: MessageLayout] = {
    var all: [String: MessageLayout] = [:]
    for type in Schema.messages {
      let form = MessageLayout(type.descriptor)
      all[form.name] = form
    }
    return all
  }()

  private init(_ descriptor: UnsafePointer<ProtobufCMessageDescriptor>) {
    self.descriptor = descriptor
    name = String(cString: descriptor.pointee.short_name)
    for at in 0..<Int(descriptor.pointee.n_fields) {
      let field = Field(descriptor.pointee.fields[at], of: name)
      indexes[field.name] = at
      fields.append(field)
    }
  }
}

extension MessageLayout.Field {
  fileprivate init(_ field: ProtobufCFieldDescriptor, of message: String) {
    name = String(cString: field.name)
    number = field.id
    rule = Schema.rules[message + "." + name] ?? FieldRule()
    isList = field.label == PROTOBUF_C_LABEL_REPEATED
    isPacked = field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_PACKED.rawValue) != 0
    let isMember = field.flags & UInt32(PROTOBUF_C_FIELD_FLAG_ONEOF.rawValue) != 0
    choice = isMember ? field.quantifier_offset : nil
    switch field.type {
    case PROTOBUF_C_TYPE_BOOL: value = .bool
    case PROTOBUF_C_TYPE_STRING: value = .string
    case PROTOBUF_C_TYPE_BYTES: value = .bytes
    case PROTOBUF_C_TYPE_UINT32: value = .number(bits: 32, isSigned: false)
    case PROTOBUF_C_TYPE_UINT64: value = .number(bits: 64, isSigned: false)
    case PROTOBUF_C_TYPE_INT32: value = .number(bits: 32, isSigned: true)
    case PROTOBUF_C_TYPE_INT64: value = .number(bits: 64, isSigned: true)
    case PROTOBUF_C_TYPE_ENUM: value = .named(Self.names(field))
    case PROTOBUF_C_TYPE_MESSAGE:
      let inner = field.descriptor.assumingMemoryBound(to: ProtobufCMessageDescriptor.self)
      value = .message(String(cString: inner.pointee.short_name))
    default: preconditionFailure("the generator lets no field have the type of \(name)")
    }
  }

  private static func names(_ field: ProtobufCFieldDescriptor) -> [Name] {
    let named = field.descriptor.assumingMemoryBound(to: ProtobufCEnumDescriptor.self).pointee
    let all = (0..<Int(named.n_values)).map { at in
      (number: named.values[at].value, full: String(cString: named.values[at].name))
    }
    guard let zero = all.first(where: { $0.number == 0 }), zero.full.hasSuffix("UNSPECIFIED") else {
      preconditionFailure("the generator lets no enum be without its zero value")
    }
    let prefix = zero.full.utf8.count - "UNSPECIFIED".utf8.count
    return all.filter { $0.number != 0 }.map {
      Name(number: $0.number, short: $0.full.dropFirst(prefix).lowercased(), full: $0.full)
    }
  }
}

import CMessages
import JSON
import Registry

/// Maps messages to JSON and back (protobuf's JSON mapping, with the registry's own spellings): the
/// schema's field names; days as 2024-12-04, identifiers as text, event ids as UUIDs, other bytes
/// in hexadecimal, values of enums in lower case without their prefix, nested messages as objects;
/// what has its default is left out.
public enum JSONMapping {
  /// The message's bytes for its JSON form, packed as `Codec.encode` packs them.
  ///
  /// What a field must be is checked; that a field must be there is left to `Codec.decode`.
  /// - Parameter message: the name in the schema, such as `Proposal`.
  /// - Throws: `DecodeFailure` with the path, such as `officer.posted.posting.organisation`.
  public static func bytes(of message: String, _ json: JSONText) throws(DecodeFailure) -> [UInt8] {
    try pack(json, try MessageLayout.named(message))
  }

  /// The JSON form of a message's bytes, fields in the schema's order. What this schema does not
  /// know is left out.
  ///
  /// - Throws: `DecodeFailure`, as `Codec.decode` for bytes that the validator refuses.
  public static func text(
    of message: String, _ bytes: [UInt8], limits: MessageValidator.Limits = .answer
  ) throws(DecodeFailure) -> JSONText {
    let form = try MessageLayout.named(message)
    return try bytes.span.bytes.withUnsafeBytes { (raw) throws(DecodeFailure) in
      _ = try MessageValidator.check(raw, form.descriptor, unknownFields: .ignored, limits: limits)
      var cursor = WireCursor(raw)
      return try unpack(&cursor, raw.count, form)
    }
  }

  // Everything below reads bytes that the validator has passed.

  private static func unpack(
    _ cursor: inout WireCursor, _ end: Int, _ form: MessageLayout
  ) throws(DecodeFailure) -> JSONText {
    var values: [[JSONText]] = Array(repeating: [], count: form.fields.count)
    while cursor.at < end {
      let (number, wire) = try cursor.tag(end)
      guard let at = form.fields.firstIndex(where: { $0.number == number }) else {
        try cursor.skip(wire, end)
        continue
      }
      let field = form.fields[at]
      do throws(DecodeFailure) {
        if wire == .delimited {
          let range = try cursor.lengthDelimited(end)
          try take(&cursor, range, field, into: &values[at])
          cursor.at = range.upperBound
        } else if let value = try scalar(try cursor.varint(end), field) {
          values[at].append(value)
        }
      } catch {
        throw error.under(field.isList ? "\(field.name)[\(values[at].count)]" : field.name)
      }
    }
    var members: [(name: String, value: JSONText)] = []
    for (field, values) in zip(form.fields, values) {
      if field.isList {
        if !values.isEmpty { members.append((field.name, .array(values))) }
      } else if let value = values.last {
        members.append((field.name, value))
      }
    }
    return .object(members)
  }

  private static func take(
    _ cursor: inout WireCursor, _ range: Range<Int>, _ field: MessageLayout.Field,
    into values: inout [JSONText]
  ) throws(DecodeFailure) {
    switch field.value {
    case .message(let name):
      values.append(try unpack(&cursor, range.upperBound, try MessageLayout.named(name)))
    case .string:
      let text = String(
        decoding: UnsafeRawBufferPointer(rebasing: cursor.bytes[range]), as: UTF8.self)
      if !text.isEmpty || field.mayBeDefault { values.append(.string(text)) }
    case .bytes:
      guard !range.isEmpty || field.mayBeDefault else { return }
      values.append(try text(Array(cursor.bytes[range]), field.rule.kind))
    case .bool, .number, .named:
      while cursor.at < range.upperBound {
        if let value = try scalar(try cursor.varint(range.upperBound), field) {
          values.append(value)
        }
      }
    }
  }

  private static func text(
    _ bytes: [UInt8], _ kind: FieldRule.Kind
  ) throws(DecodeFailure) -> JSONText {
    switch kind {
    case .identifier, .stream, .text:
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw DecodeFailure(.notText, "", "is not UTF-8")
      }
      return .string(text)
    case .eventID:
      guard let id = EventID(bytes: bytes) else {
        throw DecodeFailure(.outOfRange, "", "has \(bytes.count) bytes; an event id has 16")
      }
      return .string(id.text)
    case .nested(let message): return try Self.text(of: message, bytes)
    case .plain, .day, .sha256:
      let digits = Array("0123456789abcdef".utf8)
      var text: [UInt8] = []
      for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
      return .string(String(decoding: text, as: UTF8.self))
    }
  }

  /// Nil for a default that is left out.
  private static func scalar(
    _ value: UInt64, _ field: MessageLayout.Field
  ) throws(DecodeFailure) -> JSONText? {
    if value == 0, !field.mayBeDefault { return nil }
    switch field.value {
    case .bool: return .bool(value != 0)
    case .named(let names):
      // A later schema's value is shown by its number.
      let found = names.first { $0.number == Int32(truncatingIfNeeded: value) }
      return found.map { .string($0.short) } ?? .number("\(value)")
    case .number where field.rule.kind == .day:
      guard let day = Day(yyyymmdd: UInt32(truncatingIfNeeded: value)) else {
        throw DecodeFailure(.outOfRange, "", "is \(value), which is no day")
      }
      return .string(day.text)
    case .number(_, let isSigned):
      return .number(isSigned ? "\(Int64(bitPattern: value))" : "\(value)")
    case .string, .bytes, .message: preconditionFailure("the guard lets no such wire type pass")
    }
  }
}

extension MessageLayout.Field {
  /// Where being there says something by itself, a default is written.
  var mayBeDefault: Bool { isList || choice != nil }
}

import CMessages
import Registry

/// One field of an unpacked struct, checked by what the schema's options say of it.
///
/// Each bound holds for strangers alone. What is stored was let in once, perhaps by a program whose
/// bounds were others: refused now, it could never be read again.
enum Field {
  typealias Bytes = ProtobufCBinaryData

  static func optional<T>(
    _ value: @autoclosure () throws(DecodeFailure) -> T?, _ name: String
  ) throws(DecodeFailure) -> T? { try value() }

  static func required<T>(
    _ value: @autoclosure () throws(DecodeFailure) -> T?, _ name: String
  ) throws(DecodeFailure) -> T {
    guard let value = try value() else { throw DecodeFailure(missing: name) }
    return value
  }

  /// On the wire an empty text is one that is not there: proto3 has no other word for it.
  static func present(_ text: String, _ name: String) throws(DecodeFailure) -> String {
    if text.isEmpty { throw DecodeFailure(missing: name) }
    return text
  }

  static func present(_ bytes: [UInt8], _ name: String) throws(DecodeFailure) -> [UInt8] {
    if bytes.isEmpty { throw DecodeFailure(missing: name) }
    return bytes
  }

  static func number<T: FixedWidthInteger>(
    _ value: T, _ name: String, min: T = .min, max: T = .max, _ trust: Trust = .stranger
  ) throws(DecodeFailure) -> T {
    guard trust == .stored || (value >= min && value <= max) else {
      throw DecodeFailure(.outOfRange, name, "is \(value), outside \(min) to \(max)")
    }
    return value
  }

  static func day(_ value: UInt32, _ name: String) throws(DecodeFailure) -> Day? {
    if value == 0 { return nil }
    guard let day = Day(yyyymmdd: value) else {
      throw DecodeFailure(
        .outOfRange, name, "is \(value), which is no day: days are numbers like 20241204")
    }
    return day
  }

  private static func buffer(_ value: Bytes) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: value.data, count: value.len)
  }

  static func identifier(_ value: Bytes, _ name: String) throws(DecodeFailure) -> Identifier? {
    if value.len == 0 { return nil }
    guard value.len <= Identifier.lengthMax else {
      throw DecodeFailure(
        .tooLong, name,
        "has \(value.len) bytes; an identifier has at most \(Identifier.lengthMax)")
    }
    guard let identifier = Identifier(utf8: buffer(value).span) else {
      throw DecodeFailure(
        .notText, name, "is no identifier: ASCII letters, digits and . _ : @ + ~ - only")
    }
    return identifier
  }

  static func stream(_ value: Bytes, _ name: String) throws(DecodeFailure) -> StreamID? {
    if value.len == 0 { return nil }
    // The longest kind's name and its slash are shorter than 16.
    guard value.len <= Identifier.lengthMax + 16 else {
      throw DecodeFailure(.tooLong, name, "has \(value.len) bytes; a stream's name has at most 80")
    }
    guard let stream = StreamID(utf8: buffer(value).span) else {
      let spelled = String(decoding: buffer(value), as: UTF8.self)
      throw DecodeFailure(
        .notText, name,
        "is \(spelled.debugDescription), no stream: a kind, a slash and an identifier, such as "
          + "credential/abc; the kinds are "
          + StreamKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return stream
  }

  static func eventID(_ value: Bytes, _ name: String) throws(DecodeFailure) -> EventID? {
    if value.len == 0 { return nil }
    guard let id = EventID(bytes: buffer(value).span) else {
      throw DecodeFailure(.outOfRange, name, "has \(value.len) bytes; an event id has 16")
    }
    return id
  }

  static func digest(_ value: Bytes, _ name: String) throws(DecodeFailure) -> [UInt8] {
    guard value.len == 0 || value.len == 32 else {
      throw DecodeFailure(.outOfRange, name, "has \(value.len) bytes; a SHA-256 has 32")
    }
    return Array(buffer(value))
  }

  static func bytes(
    _ value: Bytes, _ name: String, min: Int = 0, max: Int = .max, _ trust: Trust = .stranger
  ) throws(DecodeFailure) -> [UInt8] {
    guard trust == .stored || (value.len >= min && value.len <= max) else {
      throw DecodeFailure(.tooLong, name, "has \(value.len) bytes; \(min) to \(max) are allowed")
    }
    return Array(buffer(value))
  }

  static func string(
    _ value: UnsafeMutablePointer<CChar>?, _ name: String, min: Int = 0, max: Int = .max,
    _ trust: Trust = .stranger
  ) throws(DecodeFailure) -> String {
    guard let value else { return "" }
    // In bytes, as the bounds of the schema are.
    let length = strlen(value)
    guard trust == .stored || (length >= min && length <= max) else {
      throw DecodeFailure(.tooLong, name, "has \(length) bytes; \(min) to \(max) are allowed")
    }
    // The validator has checked that it is UTF-8 without a NUL.
    return String(cString: value)
  }

  static func named<E: RawRepresentable<UInt32>>(
    _ type: E.Type, _ value: UInt32, _ name: String
  ) throws(DecodeFailure) -> E? {
    if value == 0 { return nil }
    guard let known = E(rawValue: value) else {
      throw DecodeFailure(
        .unknownValue, name, "has the value \(value), which this schema does not know")
    }
    return known
  }

  static func message<M: Message>(
    _ type: M.Type, _ value: UnsafeMutablePointer<M.C>?, _ name: String, _ trust: Trust
  ) throws(DecodeFailure) -> M? {
    guard let value else { return nil }
    do {
      return try M(value.pointee, trust)
    } catch {
      throw error.under(name)
    }
  }

  static func list<E, T>(
    _ count: Int, _ values: UnsafeMutablePointer<E>?, _ name: String, maxItems: Int = .max,
    _ trust: Trust = .stranger, _ take: (E) throws(DecodeFailure) -> T
  ) throws(DecodeFailure) -> [T] {
    // Before the list is made room for.
    guard trust == .stored || count <= maxItems else {
      throw DecodeFailure(.tooMany, name, "has \(count) items; at most \(maxItems) are allowed")
    }
    guard count > 0, let values else { return [] }
    var list: [T] = []
    list.reserveCapacity(count)
    for at in 0..<count {
      do {
        list.append(try take(values[at]))
      } catch {
        var error = error
        // The field's name is replaced by the item's, so that the path says which one.
        error.path = "\(name)[\(at)]" + error.path.dropFirst(name.count)
        throw error
      }
    }
    return list
  }
}

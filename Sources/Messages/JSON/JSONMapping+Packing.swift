import JSON
import Registry

extension JSONMapping {
  static func pack(_ json: JSONText, _ form: MessageLayout) throws(DecodeFailure) -> [UInt8] {
    guard case .object(let members) = json else {
      throw DecodeFailure(.wrongType, "", "must be an object in braces")
    }
    var given: [JSONText?] = Array(repeating: nil, count: form.fields.count)
    var chosen: [UInt32: String] = [:]
    for (name, value) in members {
      guard let at = form.indexes[name] else { throw unknown(name, form) }
      // As JSON of many programs has it where there is nothing.
      guard value != .null else { continue }
      if let choice = form.fields[at].choice, let other = chosen.updateValue(name, forKey: choice) {
        throw DecodeFailure(.duplicate, name, "cannot be given together with \(other): choose one")
      }
      given[at] = value
    }
    // In the order of the numbers, as protobuf-c packs them.
    var bytes: [UInt8] = []
    for (field, value) in zip(form.fields, given) {
      guard let value else { continue }
      do throws(DecodeFailure) {
        try field.isList
          ? packList(value, field, into: &bytes) : pack(value, field, into: &bytes)
      } catch {
        throw error.under(field.name)
      }
    }
    return bytes
  }

  private static func packList(
    _ value: JSONText, _ field: MessageLayout.Field, into bytes: inout [UInt8]
  ) throws(DecodeFailure) {
    guard case .array(let items) = value else {
      throw DecodeFailure(.wrongType, "", "must be a list in brackets")
    }
    // Here and not only by the validator, since the path to the item is known here.
    if let most = field.rule.maxItems, items.count > most {
      throw DecodeFailure(.tooMany, "", "has \(items.count) items; at most \(most) are allowed")
    }
    var packed: [UInt8] = []
    for (at, item) in items.enumerated() {
      do throws(DecodeFailure) {
        if field.isPacked {
          RawFields.append(varint: try scalar(item, field), to: &packed)
        } else {
          try pack(item, field, into: &bytes)
        }
      } catch {
        throw error.under("[\(at)]")
      }
    }
    // An empty list is one that is not there, as protobuf has it.
    if !packed.isEmpty { RawFields.append(field.number, packed, to: &bytes) }
  }

  private static func pack(
    _ value: JSONText, _ field: MessageLayout.Field, into bytes: inout [UInt8]
  ) throws(DecodeFailure) {
    let content: [UInt8]
    switch field.value {
    case .message(let name):
      // An empty message is not a default: that it is there says something.
      return RawFields.append(
        field.number, try pack(value, try MessageLayout.named(name)), to: &bytes)
    case .bool, .number, .named:
      let number = try scalar(value, field)
      // A zero is not written where it means that there is nothing.
      guard number != 0 || field.mayBeDefault else { return }
      RawFields.append(tag: field.number, .varint, to: &bytes)
      return RawFields.append(varint: number, to: &bytes)
    case .string: content = Array(try string(value).utf8)
    case .bytes:
      if case .nested(let message) = field.rule.kind {
        content = try Self.bytes(of: message, value)
      } else {
        content = try Self.content(try string(value), field.rule.kind)
      }
    }
    if let most = field.rule.max, content.count > most {
      throw DecodeFailure(.tooLong, "", "has \(content.count) bytes; at most \(most) are allowed")
    }
    guard !content.isEmpty || field.mayBeDefault else { return }
    RawFields.append(field.number, content, to: &bytes)
  }

  private static func string(_ value: JSONText) throws(DecodeFailure) -> String {
    guard case .string(let text) = value else {
      throw DecodeFailure(.wrongType, "", "must be a text in quotes")
    }
    guard !text.utf8.contains(0) else { throw DecodeFailure(.notText, "", "holds a NUL") }
    return text
  }

  private static func content(
    _ text: String, _ kind: FieldRule.Kind
  ) throws(DecodeFailure) -> [UInt8] {
    // Absent, or refused where it must be there.
    if text.isEmpty { return [] }
    switch kind {
    case .text: return Array(text.utf8)
    case .identifier:
      guard Identifier(text) != nil else {
        throw DecodeFailure(
          .notText, "",
          "must be an identifier: 1 to \(Identifier.lengthMax) letters, digits and . _ : @ + ~ -")
      }
      return Array(text.utf8)
    case .stream:
      guard StreamID(text) != nil else {
        throw DecodeFailure(
          .notText, "",
          "must be a stream, such as credential/abc: a kind, a slash and an identifier; the kinds "
            + "are " + StreamKind.allCases.map(\.rawValue).joined(separator: ", "))
      }
      return Array(text.utf8)
    case .eventID:
      guard let id = EventID(text) else {
        throw DecodeFailure(
          .wrongType, "", "must be a UUID, such as \(EventID(high: 1, low: 2).text)")
      }
      return id.bytes
    case .plain, .day, .sha256, .nested:
      guard let bytes = hexadecimal(text) else {
        throw DecodeFailure(.wrongType, "", "must be hexadecimal, two digits a byte")
      }
      if kind == .sha256, bytes.count != 32 {
        throw DecodeFailure(.outOfRange, "", "must be a SHA-256 of 64 hexadecimal digits")
      }
      return bytes
    }
  }

  private static func hexadecimal(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var high: UInt8?
    for character in text {
      guard character.isASCII, let digit = character.hexDigitValue else { return nil }
      if let first = high {
        bytes.append(first << 4 | UInt8(digit))
        high = nil
      } else {
        high = UInt8(digit)
      }
    }
    return high == nil ? bytes : nil
  }

  private static func scalar(
    _ value: JSONText, _ field: MessageLayout.Field
  ) throws(DecodeFailure) -> UInt64 {
    switch field.value {
    case .bool:
      guard case .bool(let flag) = value else {
        throw DecodeFailure(.wrongType, "", "must be true or false")
      }
      return flag ? 1 : 0
    case .named(let names):
      guard case .string(let text) = value,
        let found = names.first(where: { $0.short == text || $0.full == text })
      else {
        throw DecodeFailure(
          .unknownValue, "", "must be one of " + names.map(\.short).joined(separator: ", "))
      }
      return UInt64(found.number)
    case .number where field.rule.kind == .day:
      guard case .string(let text) = value, let day = Day(text) else {
        throw DecodeFailure(.outOfRange, "", "must be a day that exists, as \"2024-12-04\"")
      }
      return UInt64(day.number)
    case .number(let bits, let isSigned): return try number(value, bits, isSigned, field.rule)
    case .string, .bytes, .message: preconditionFailure("not a scalar")
    }
  }

  private static func number(
    _ value: JSONText, _ bits: Int, _ isSigned: Bool, _ rule: FieldRule
  ) throws(DecodeFailure) -> UInt64 {
    guard case .number(let text) = value else {
      throw DecodeFailure(.wrongType, "", "must be a number")
    }
    // A wider type holds both ranges of 64 bits, so that one comparison serves for all numbers.
    let range: ClosedRange<Int128> =
      isSigned
      ? -(Int128(1) << (bits - 1))...(Int128(1) << (bits - 1)) - 1 : 0...(Int128(1) << bits) - 1
    guard let number = Int128(text), range.contains(number) else {
      throw DecodeFailure(
        .outOfRange, "", "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return UInt64(truncatingIfNeeded: number)
  }

  /// Names the nearest field, since a misspelled name is the commonest mistake in a file.
  private static func unknown(_ name: String, _ form: MessageLayout) -> DecodeFailure {
    // A name of any length comes from the file: only a plausible one is measured.
    let near = form.fields.map(\.name)
      .map { (name: $0, distance: name.utf8.count > 64 ? .max : distance(name, $0)) }
      .min { $0.distance < $1.distance }
    let known = form.fields.map(\.name).joined(separator: ", ")
    let hint =
      if let near, near.distance <= max(2, near.name.utf8.count / 3) {
        "is not in the schema; did you mean \(near.name)? Known here: \(known)"
      } else if known.isEmpty {
        "is not in the schema: a \(form.name) has no fields"
      } else {
        "is not in the schema; known here: \(known)"
      }
    return DecodeFailure(.unknownField, name, hint)
  }

  /// Levenshtein's: letters put in, left out or changed.
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    var row = Array(0...b.count)
    for (i, left) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, right) in b.enumerated() {
        let above = row[j + 1]
        row[j + 1] = min(above + 1, row[j] + 1, diagonal + (left == right ? 0 : 1))
        diagonal = above
      }
    }
    return row[b.count]
  }
}

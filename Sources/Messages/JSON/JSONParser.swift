/// A strict parser by RFC 8259, which also refuses a name that is given twice.
struct JSONParser {
  let bytes: [UInt8]
  var at = 0

  func error(_ what: String) -> DecodeFailure {
    DecodeFailure(.malformed, "", "is no JSON: \(what), at byte \(at + 1)")
  }

  private func expected(_ what: String) -> DecodeFailure {
    error(at < bytes.count ? "\(what) was expected" : "it ends where \(what) was expected")
  }

  mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return
      }
    }
  }

  mutating func value(depth: Int) throws(DecodeFailure) -> JSONText {
    guard depth < JSONText.depthMax else { throw error("it is nested too deep") }
    skipSpace()
    guard at < bytes.count else { throw error("it ends too early") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw expected("a value")
    }
  }

  private mutating func word(_ word: String, _ value: JSONText) throws(DecodeFailure) -> JSONText {
    guard bytes[at...].starts(with: word.utf8) else { throw expected("a value") }
    at += word.utf8.count
    return value
  }

  /// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
  private mutating func number() throws(DecodeFailure) -> JSONText {
    let start = at
    _ = take("-")
    let whole = try digits()
    if whole.count > 1, bytes[whole.lowerBound] == UInt8(ascii: "0") {
      throw error("a number begins with 0")
    }
    if take(".") { _ = try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      _ = try digits()
    }
    return .number(String(decoding: bytes[start..<at], as: UTF8.self))
  }

  private mutating func digits() throws(DecodeFailure) -> Range<Int> {
    let start = at
    while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
    guard at > start else {
      throw error(at == bytes.count ? "it ends within a number" : "a digit was expected")
    }
    return start..<at
  }

  private mutating func array(_ depth: Int) throws(DecodeFailure) -> JSONText {
    at += 1
    var items: [JSONText] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      items.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(items) }
      guard take(",") else { throw expected("a comma or ]") }
    }
  }

  private mutating func object(_ depth: Int) throws(DecodeFailure) -> JSONText {
    at += 1
    var members: [(name: String, value: JSONText)] = []
    var names: Set<String> = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
        throw expected("a name in quotes")
      }
      let name = try string()
      guard names.insert(name).inserted else { throw error("the name \"\(name)\" is given twice") }
      skipSpace()
      guard take(":") else { throw expected("a colon") }
      members.append((name, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      guard take(",") else { throw expected("a comma or }") }
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
    at += 1
    return true
  }

  private mutating func string() throws(DecodeFailure) -> String {
    at += 1
    var text: [UInt8] = []
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let whole = String(validating: text, as: UTF8.self) else {
          throw error("the text is not UTF-8")
        }
        return whole
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw error("a control character stands in a text")
      default: text.append(byte)
      }
    }
    throw error("it ends within a text")
  }

  private mutating func escape(into text: inout [UInt8]) throws(DecodeFailure) {
    guard at < bytes.count else { throw error("it ends within a text") }
    let byte = bytes[at]
    at += 1
    let plain: [UInt8: UInt8] = [
      0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D,
      0x74: 0x09,
    ]
    if let escaped = plain[byte] { return text.append(escaped) }
    guard byte == UInt8(ascii: "u") else { throw error("an unknown escape") }
    var code = try hex()
    if (0xD800..<0xDC00).contains(code), bytes[at...].starts(with: "\\u".utf8) {
      at += 2
      let low = try hex()
      guard (0xDC00..<0xE000).contains(low) else { throw error("half a surrogate pair") }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
    text += String(Character(scalar)).utf8
  }

  private mutating func hex() throws(DecodeFailure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard at < bytes.count else { throw error("it ends within a text") }
      guard let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue else {
        throw error("four hexadecimal digits were expected")
      }
      code = code << 4 | UInt32(digit)
      at += 1
    }
    return code
  }
}

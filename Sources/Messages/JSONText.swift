/// A JSON text, parsed strictly (RFC 8259): exact integers, no duplicate names, bounded depth.
public enum JSONText: Hashable, Sendable {
  case object([(name: String, value: JSONText)])
  case array([JSONText])
  case string(String)
  /// As it is spelled.
  case number(String)
  case bool(Bool)
  case null

  public static func == (a: JSONText, b: JSONText) -> Bool { a.text == b.text }
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  public static let depthMax = 32

  /// - Throws: `Refusal` that says at which byte.
  public init(_ text: some Collection<UInt8>) throws(Refusal) {
    var parser = Parser(bytes: Array(text))
    self = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.at == parser.bytes.count else { throw parser.error("something follows the value") }
  }

  public subscript(_ name: String) -> JSONText? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// On one line.
  public var text: String { render(indent: nil, level: 0) }

  /// Over many lines, two spaces a level.
  public var pretty: String { render(indent: 2, level: 0) }

  private func render(indent: Int?, level: Int) -> String {
    func list(_ open: String, _ items: [String], _ close: String) -> String {
      guard !items.isEmpty else { return open + close }
      guard let indent else { return open + items.joined(separator: ",") + close }
      let pad = "\n" + String(repeating: " ", count: indent * (level + 1))
      let end = "\n" + String(repeating: " ", count: indent * level)
      return open + pad + items.joined(separator: "," + pad) + end + close
    }
    switch self {
    case .object(let members):
      return list(
        "{",
        members.map {
          Self.quoted($0.name) + (indent == nil ? ":" : ": ")
            + $0.value.render(indent: indent, level: level + 1)
        }, "}")
    case .array(let items):
      return list("[", items.map { $0.render(indent: indent, level: level + 1) }, "]")
    case .string(let text): return Self.quoted(text)
    case .number(let text): return text
    case .bool(let value): return value ? "true" : "false"
    case .null: return "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var out = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out + "\""
  }

  private struct Parser {
    let bytes: [UInt8]
    var at = 0

    func error(_ what: String) -> Refusal {
      Refusal(.malformed, "", "is no JSON: \(what), at byte \(at + 1)")
    }

    mutating func skipSpace() {
      while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    mutating func value(depth: Int) throws(Refusal) -> JSONText {
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
      default: throw error("a value was expected")
      }
    }

    private mutating func word(_ word: String, _ value: JSONText) throws(Refusal) -> JSONText {
      guard bytes[at...].starts(with: word.utf8) else { throw error("a value was expected") }
      at += word.utf8.count
      return value
    }

    private mutating func number() throws(Refusal) -> JSONText {
      let start = at
      let allowed = Set("+-.eE0123456789".utf8)
      while at < bytes.count, allowed.contains(bytes[at]) { at += 1 }
      let text = String(decoding: bytes[start..<at], as: UTF8.self)
      let digits = text.drop { $0 == "-" }
      guard Double(text) != nil,
        !(digits.count > 1 && digits.first == "0" && digits.dropFirst().first!.isNumber),
        !text.hasSuffix("."), !digits.hasPrefix("."), !text.hasPrefix("+")
      else { throw error("a number was expected") }
      return .number(text)
    }

    private mutating func array(_ depth: Int) throws(Refusal) -> JSONText {
      at += 1
      var items: [JSONText] = []
      skipSpace()
      if take("]") { return .array([]) }
      while true {
        items.append(try value(depth: depth + 1))
        skipSpace()
        if take("]") { return .array(items) }
        guard take(",") else { throw error("a comma or ] was expected") }
      }
    }

    private mutating func object(_ depth: Int) throws(Refusal) -> JSONText {
      at += 1
      var members: [(name: String, value: JSONText)] = []
      var names: Set<String> = []
      skipSpace()
      if take("}") { return .object([]) }
      while true {
        skipSpace()
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
          throw error("a name in quotes was expected")
        }
        let name = try string()
        guard names.insert(name).inserted else {
          throw error("the name \"\(name)\" is given twice")
        }
        skipSpace()
        guard take(":") else { throw error("a colon was expected") }
        members.append((name, try value(depth: depth + 1)))
        skipSpace()
        if take("}") { return .object(members) }
        guard take(",") else { throw error("a comma or } was expected") }
      }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
      guard at < bytes.count, bytes[at] == UInt8(ascii: character) else { return false }
      at += 1
      return true
    }

    private mutating func string() throws(Refusal) -> String {
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
      throw error("a text does not end")
    }

    private mutating func escape(into text: inout [UInt8]) throws(Refusal) {
      guard at < bytes.count else { throw error("a text does not end") }
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

    private mutating func hex() throws(Refusal) -> UInt32 {
      guard at + 4 <= bytes.count,
        let code = UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
      else { throw error("four hexadecimal digits were expected") }
      at += 4
      return code
    }
  }
}

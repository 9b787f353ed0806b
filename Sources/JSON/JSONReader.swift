/// Reads JSON (RFC 8259) forward from bytes, strictly: no remarks, no commas too many, no name twice
/// in an object, and never more than the limits allow.
///
/// `JSONText` is a whole value from it. Who takes one shape alone, as a roles file has, takes marks
/// and strings, and says in its own words what stands in their place.
public struct JSONReader: Sendable {
  /// Lists and objects within each other.
  public static let depthMax = 32
  /// Bytes of one text.
  public static let lengthMax = 16 << 20

  private let bytes: [UInt8]
  private var at = 0
  private let firstLine: Int

  /// - Parameter firstLine: the line of its file on which the text begins.
  /// - Throws: `JSONFailure` for a text that is too long.
  public init(
    _ text: some Collection<UInt8>, lengthMax: Int = lengthMax, firstLine: Int = 1
  ) throws(JSONFailure) {
    self.firstLine = firstLine
    guard text.count <= lengthMax else {
      bytes = []
      throw failure(.tooLong, "has \(text.count) bytes; the limit is \(lengthMax)")
    }
    bytes = Array(text)
  }

  /// Where the reader is. Counted when somebody asks: what is whole never does.
  public var place: JSONFailure.Place {
    let before = bytes[..<at]
    let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return JSONFailure.Place(
      byte: at + 1, line: firstLine + before.count { $0 == 0x0A }, column: at - lineStart + 1)
  }

  private func failure(_ kind: JSONFailure.Kind, _ what: String) -> JSONFailure {
    JSONFailure(kind: kind, what: what, place: place, firstLine: firstLine)
  }

  private func expected(_ what: String) -> JSONFailure {
    at < bytes.count
      ? failure(.unexpected, "\(what) was expected")
      : failure(.cut, "it ends where \(what) was expected")
  }

  // MARK: marks

  private mutating func skipSpace() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x20, 0x09, 0x0A, 0x0D: at += 1
      default: return
      }
    }
  }

  private mutating func takeHere(_ mark: Unicode.Scalar) -> Bool {
    guard at < bytes.count, bytes[at] == UInt8(ascii: mark) else { return false }
    at += 1
    return true
  }

  /// Passes the mark, where it is what comes next, spaces aside.
  public mutating func take(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    return takeHere(mark)
  }

  /// Whether nothing but spaces is left.
  public mutating func isAtEnd() -> Bool {
    skipSpace()
    return at == bytes.count
  }

  // MARK: values

  /// Reads the value that the text is.
  public mutating func whole() throws(JSONFailure) -> JSONText {
    let value = try value(depth: 0)
    guard isAtEnd() else { throw failure(.unexpected, "something follows the value") }
    return value
  }

  private mutating func value(depth: Int) throws(JSONFailure) -> JSONText {
    guard depth < Self.depthMax else { throw failure(.tooDeep, "it is nested too deep") }
    skipSpace()
    guard at < bytes.count else { throw failure(.cut, "it ends too early") }
    switch bytes[at] {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try text())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw expected("a value")
    }
  }

  private mutating func word(_ word: String, _ value: JSONText) throws(JSONFailure) -> JSONText {
    let rest = bytes[at...].prefix(word.utf8.count)
    guard rest.elementsEqual(word.utf8) else {
      throw rest.endIndex == bytes.count && word.utf8.starts(with: rest)
        ? failure(.cut, "it ends within a word") : expected("a value")
    }
    at = rest.endIndex
    return value
  }

  /// -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
  private mutating func number() throws(JSONFailure) -> JSONText {
    let start = at
    _ = takeHere("-")
    let whole = try digits()
    if whole.count > 1, bytes[whole.lowerBound] == UInt8(ascii: "0") {
      throw failure(.unexpected, "a number begins with 0")
    }
    if takeHere(".") { _ = try digits() }
    if takeHere("e") || takeHere("E") {
      if !takeHere("+") { _ = takeHere("-") }
      _ = try digits()
    }
    return .number(String(decoding: bytes[start..<at], as: UTF8.self))
  }

  private mutating func digits() throws(JSONFailure) -> Range<Int> {
    let start = at
    while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
    guard at > start else {
      throw at == bytes.count
        ? failure(.cut, "it ends within a number")
        : failure(.unexpected, "a digit was expected")
    }
    return start..<at
  }

  private mutating func array(_ depth: Int) throws(JSONFailure) -> JSONText {
    at += 1
    var items: [JSONText] = []
    if take("]") { return .array([]) }
    while true {
      items.append(try value(depth: depth + 1))
      if take("]") { return .array(items) }
      guard takeHere(",") else { throw expected("a comma or ]") }
    }
  }

  private mutating func object(_ depth: Int) throws(JSONFailure) -> JSONText {
    at += 1
    var members: [(name: String, value: JSONText)] = []
    var names: Set<String> = []
    if take("}") { return .object([]) }
    while true {
      guard let name = try string() else { throw expected("a name in quotes") }
      guard names.insert(name).inserted else {
        throw failure(.duplicate, "the name \"\(name)\" is given twice")
      }
      guard take(":") else { throw expected("a colon") }
      members.append((name, try value(depth: depth + 1)))
      if take("}") { return .object(members) }
      guard takeHere(",") else { throw expected("a comma or }") }
    }
  }

  // MARK: texts

  /// The string that comes next, spaces aside; nil, and nothing is passed, where none does.
  public mutating func string() throws(JSONFailure) -> String? {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { return nil }
    return try text()
  }

  private mutating func text() throws(JSONFailure) -> String {
    at += 1
    // What has no escape, as nearly every text has none, is decoded where it stands.
    var start = at
    var read: [UInt8] = []
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "\""):
        let rest = bytes[start..<at]
        let text =
          read.isEmpty
          ? String(validating: rest, as: UTF8.self) : String(validating: read + rest, as: UTF8.self)
        guard let text else { throw failure(.notUTF8, "the text is not UTF-8") }
        at += 1
        return text
      case UInt8(ascii: "\\"):
        read += bytes[start..<at]
        at += 1
        try escape(into: &read)
        start = at
      case 0..<0x20: throw failure(.controlCharacter, "a control character stands in a text")
      default: at += 1
      }
    }
    throw failure(.cut, "it ends within a text")
  }

  private mutating func escape(into text: inout [UInt8]) throws(JSONFailure) {
    guard at < bytes.count else { throw failure(.cut, "it ends within a text") }
    let byte = bytes[at]
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text += String(Character(try scalar())).utf8
    default: throw failure(.escape, "an unknown escape")
    }
  }

  /// What `\u` stands for, of two where the first is half of a pair.
  private mutating func scalar() throws(JSONFailure) -> Unicode.Scalar {
    var code = try hex()
    if (0xD800..<0xDC00).contains(code), bytes[at...].starts(with: "\\u".utf8) {
      at += 2
      let low = try hex()
      guard (0xDC00..<0xE000).contains(low) else {
        throw failure(.escape, "half a surrogate pair")
      }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw failure(.escape, "half a surrogate pair")
    }
    return scalar
  }

  private mutating func hex() throws(JSONFailure) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard at < bytes.count else { throw failure(.cut, "it ends within a text") }
      guard let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue else {
        throw failure(.escape, "four hexadecimal digits were expected")
      }
      code = code << 4 | UInt32(digit)
      at += 1
    }
    return code
  }
}

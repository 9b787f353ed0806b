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

  /// - Parameter firstLine: the line of its file on which the text begins.
  /// - Throws: `JSONFailure`, which says where.
  public init(_ text: some Collection<UInt8>, firstLine: Int = 1) throws(JSONFailure) {
    var reader = try JSONReader(text, firstLine: firstLine)
    self = try reader.whole()
  }

  public subscript(_ name: String) -> JSONText? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The string that it is, if it is one.
  public var string: String? { if case .string(let text) = self { text } else { nil } }

  /// The whole number that it is, if it is one that the type has.
  public func integer<N: FixedWidthInteger>(_ type: N.Type = N.self) -> N? {
    if case .number(let text) = self { N(text) } else { nil }
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
}

import Foundation
import Testing

/// How it is held that no field of a packed message is read or written by a number or a tag byte that
/// stands in the source: the numbers are generated, and a wrong one is noticed by nobody.
///
/// In a file that reads or writes raw fields:
/// - no field is found or appended by a literal number;
/// - no number is declared to be one, but with `// number: why`;
/// - a `reserved:` number is one that the schema reserves in that message;
/// - no byte is compared or begun with as a tag, but in the tests of the encoding itself;
/// - a tag is put together in `WireType` alone.
@Suite struct FieldNumberTests {
  /// What a file of our own has that it must not have.
  static func findings(_ text: String, isEncodingTest: Bool = false) -> [String] {
    let marks = ["RawFields", "WireCursor", "WireType", "PointLookup", "BytesField", "NumberField"]
    guard marks.contains(where: { text.utf8.firstRange(of: $0.utf8) != nil }) else { return [] }
    var found: [String] = []
    var above = ""
    var code = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      // Regular expressions are slow: a line without a digit only begins a call.
      let isWanted = line.utf8.contains { (0x30...0x39).contains($0) }
      let isComment = line.utf8.first { $0 != 0x20 } == 0x2F
      let (own, comment) =
        isComment
        ? ("", String(line)) : isWanted ? TrapTests.parts(of: String(line)) : (String(line), "")
      let reasons = comment + above
      above = own.allSatisfy(\.isWhitespace) ? comment : ""
      code += own + "\n"
      guard isWanted, !isComment else { continue }
      if own.contains(/\blet `?\w+`?(: UInt(8|32|64))? = (0x)?\d/),
        own.contains(/(?i)(field|tag|number)|: UInt32 =/), !reasons.contains("number: ")
      {
        found.append("declares a number: \(own)")
      }
      if own.contains(/(?i)(field|number|tag)\w*\)? << 3\b/), !own.contains("func tag(") {
        found.append("puts a tag together: \(own)")
      }
      // A mask is no tag.
      if !isEncodingTest, !own.contains("& 0x"),
        own.contains(/(==|!=|\[|append\(|case) ?0x[0-7][0-9A-Fa-f]\b/)
      {
        found.append("holds a tag byte: \(own)")
      }
    }
    let calls =
      /\b(RawFields\.(find|number|append))\(\s*(tag: )?(0x)?\d\w*,|\b(BytesField|NumberField)<[^>]*>\(\s*(reserved: )?\d/
    for call in code.matches(of: calls) { found.append("names a field by a number: \(call.0)") }
    return found
  }

  /// What a file declares of reserved numbers, by the message.
  static func reserved(_ text: String) -> [(message: String, number: Int)] {
    var found: [(String, Int)] = []
    for part in text.split(separator: "\nextension ").dropFirst() {
      guard let owner = part.prefixMatch(of: /(Bytes|Number)Field where Owner == (\w+)/) else {
        continue
      }
      for number in part.matches(of: /Self\(reserved: (\d+)\)/) {
        found.append((String(owner.output.2), Int(number.output.1)!))
      }
    }
    return found
  }

  static let folders = ["Sources", "Tests", "Tools"]

  @Test(arguments: folders)
  func `No field is read or written by a number that stands in the source`(folder: String) {
    for (path, text) in TidyTests.swiftFiles(under: folder)
    where !path.contains("Generated/") && !path.hasPrefix("TidyTests/") && !path.contains(".build/")
    {
      let found = Self.findings(text, isEncodingTest: path.hasPrefix("MessagesTests/"))
      #expect(found.isEmpty, "\(folder)/\(path): \(found.joined(separator: "; "))")
    }
  }

  @Test func `A field beside the schema has a number that the schema reserves`() throws {
    let protos = try ["events", "states", "services", "wire"].map {
      try String(
        contentsOf: TidyTests.root.appendingPathComponent("Protos/ujuzi/v1/\($0).proto"),
        encoding: .utf8)
    }
    var count = 0
    for (path, text) in TidyTests.swiftFiles(under: "Sources") {
      for (message, number) in Self.reserved(text) {
        count += 1
        let declared = protos.compactMap { proto in
          proto.firstRange(of: "\nmessage \(message) {").map { proto[$0.upperBound...] }
        }.first
        let body = declared?.prefix { $0 != "}" } ?? ""
        #expect(
          body.contains("  reserved \(number);"), "\(path): \(message) does not reserve \(number)")
      }
    }
    #expect(count > 0)
  }

  @Test(arguments: [
    "let range = RawFields.find(8, in: event)",
    "RawFields.append(\n  15, asOf, to: &reply)",
    "RawFields.append(tag: 3, .varint, to: &bytes)",
    "let at = RawFields.number(3, in: event)",
    "static let sealedField: UInt32 = 10\nlet range = RawFields.find(sealedField, in: event)",
    "private enum Tag {\n  static let digest: UInt32 = 6\n}\nRawFields.find(Tag.digest, in: event)",
    "let fieldNumber = 7\nRawFields.find(fieldNumber, in: event)",
    "// WireCursor\nguard bytes.byte(0) == 0x0A else { return nil }",
    "// WireCursor\nlet head: [UInt8] = [0x0A, 0x50]",
    "RawFields.append(varint: UInt64(field.number) << 3, to: &bytes)",
    "RawFields.append(varint: UInt64(number) << 3 | 2, to: &bytes)",
    "BytesField<Recorded, [UInt8]>(reserved: 7)",
  ])
  func `A number or a tag byte that stands is found`(text: String) {
    #expect(!Self.findings(text).isEmpty)
  }

  @Test(arguments: [
    "let range = Recorded.find(.proposal, in: event)",
    "RawFields.append(field.number, [1], to: &bytes)",
    "RawFields.append(varint: 3, to: &bytes)",
    "RawFields.append(tag: field.number, .varint, to: &bytes)",
    "// number: no schema has it\nlet unknownNumber: UInt32 = 2047\nRawFields.find(unknownNumber)",
    "extension BytesField where Owner == Personal {\n  static var salt: Self { Self(reserved: 15) }\n}",
    "let text = \"RawFields.find(8, in: event)\"  // RawFields.find(8, in: event)",
    "let digest: UInt32 = 6",
    "// RawFields\nif byte < 0x80 { return value & 0x7F }",
  ])
  func `What names its field is not`(text: String) { #expect(Self.findings(text).isEmpty) }

  @Test func `A reserved number is found with its message`() {
    let found = Self.reserved(
      """
      import Messages

      extension BytesField where Owner == Personal, Value == [UInt8] {
        static var salt: Self { Self(reserved: 15) }
      }
      """)
    #expect(found.map(\.message) == ["Personal"] && found.map(\.number) == [15])
  }
}

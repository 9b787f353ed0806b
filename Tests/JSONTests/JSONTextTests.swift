import Testing

@testable import JSON

@Suite struct JSONTextTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-0", "12", "-1.5", "1e10", "1E+2", "2.5e-3", #""""#, #""a""#,
    "[]", "{}", "[1,[2,[]],{}]", #"{"a":{"b":[true,null]}}"#, #""\"\\\n\r\t""#, #""é€𝒳""#,
    "\"\u{7F}\"",
  ])
  func `What is JSON is given back as it was`(text: String) throws {
    #expect(try JSONText(text.utf8).text == text)
    #expect(try JSONText("\t\r\n \(text) \n".utf8).text == text)
    let pretty = try JSONText(text.utf8).pretty
    #expect(try JSONText(pretty.utf8).text == text)
  }

  @Test func `Escapes are read for what they stand for`() throws {
    #expect(
      try JSONText(#""\u0041\u00e9\u20AC\ud835\udcb3\/\b\f""#.utf8)
        == .string("Aé€𝒳/\u{8}\u{C}"))
    #expect(try JSONText("\"\\u0001\"".utf8).text == "\"\\u0001\"")
  }

  @Test(arguments: [
    "", " ", "nul", "True", "nan", "+1", "01", "-", "-01", "1.", ".5", "1.e5", "1e", "1e+", "--1",
    "0x1", "1 2", "[1,]", "[,1]", "[1 2]", "[", "[1", "{", "{}}", #"{"a"}"#, #"{"a":}"#,
    #"{"a":1,}"#, #"{a:1}"#, #"{'a':1}"#, #"{"a":1 "b":2}"#, #"{"a":1,"a":2}"#,
    #"{"a":1,"\u0061":2}"#, "\"", #""\"#, #""\x""#, #""\u12"#, #""\u12g4""#, #""\u+123""#,
    #""\ud800""#, #""\udc00""#, #""\ud800\u0041""#, #""\ud800x""#, "\"\n\"", "\"\u{0}\"",
    "// a\n1", "\u{FEFF}1", "1\u{0}",
  ])
  func `What is not JSON is refused with its place`(text: String) throws {
    let refused = try #require(refusal(of: text.utf8))
    #expect(refused.sentence.contains("at byte"))
  }

  @Test func `Bytes that are not UTF-8 are refused within a text and outside`() {
    for bytes in [[0x22, 0xFF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xC3, 0xA9]] as [[UInt8]] {
      #expect(throws: JSONFailure.self) { try JSONText(bytes) }
    }
  }

  @Test func `What is cut off says that it ends`() throws {
    let whole = #"{"a":[1,"b\u0041c",{"d":true}],"e":-1.5e+3}"#
    for cut in 1..<whole.utf8.count {
      let refused = try #require(refusal(of: whole.utf8.prefix(cut)))
      #expect(refused.kind == .cut && refused.reason.contains("ends"), "\(cut): \(refused)")
    }
    #expect(refusal(of: "[trux".utf8)?.kind == .unexpected)
  }

  /// What is wrong, and where it is said to be.
  @Test(arguments: [
    ("[1 2]", 1, "is no JSON: a comma or ] was expected, at byte 4"),
    ("[1 2]", 7, "is no JSON: a comma or ] was expected, at byte 4"),
    ("[1,\n  2 3]", 1, "is no JSON: a comma or ] was expected, at byte 9 (line 2, column 5)"),
    ("[1,\n  2 3]", 7, "is no JSON: a comma or ] was expected, at byte 9 (line 8, column 5)"),
    ("\n\n", 1, "is no JSON: it ends too early, at byte 3 (line 3, column 1)"),
    ("{\"a\n\":1}", 1, "is no JSON: a control character stands in a text, at byte 4"),
    (
      "{\"a\":1,\n\"a\":2}", 1,
      "is no JSON: the name \"a\" is given twice, at byte 12 (line 2, column 4)"
    ),
  ])
  func `A place is a byte, and a line and a column where there are several lines`(
    text: String, firstLine: Int, reason: String
  ) {
    let refused = #expect(throws: JSONFailure.self) {
      try JSONText(text.utf8, firstLine: firstLine)
    }
    #expect(refused?.reason == reason)
  }

  @Test func `A text is no longer than its reader's limit`() throws {
    var reader = try JSONReader("[10]".utf8, lengthMax: 4)
    #expect(try reader.whole() == .array([.number("10")]))
    let refused = #expect(throws: JSONFailure.self) {
      try JSONReader("[100]".utf8, lengthMax: 4)
    }
    #expect(refused?.sentence == "The text has 5 bytes; the limit is 4.")
  }

  @Test func `Who takes one shape sees where it does not stand`() throws {
    var reader = try JSONReader(" { \"a\" :\n[ \"b\\n\", 1".utf8)
    #expect(try reader.string() == nil)
    #expect(reader.take("{") == true)
    #expect(try reader.string() == "a")
    #expect(reader.take("[") == false)
    #expect(reader.take(":") == true)
    #expect(reader.take("[") == true)
    #expect(try reader.string() == "b\n")
    #expect(reader.take(",") == true)
    #expect(try reader.string() == nil)
    #expect(reader.isAtEnd() == false)
    #expect(reader.place == JSONFailure.Place(byte: 19, line: 2, column: 10))
  }

  @Test func `A number is whole, of the type that is asked for, or none`() throws {
    let json = try JSONText(#"{"a":18446744073709551615,"b":-1,"c":1.0,"d":"1"}"#.utf8)
    #expect(json["a"]?.integer(UInt64.self) == .max)
    #expect(json["a"]?.integer(Int64.self) == nil)
    #expect(json["b"]?.integer(Int.self) == -1)
    #expect(json["b"]?.integer(UInt32.self) == nil)
    #expect(json["c"]?.integer(Int.self) == nil)
    #expect(json["d"]?.integer(Int.self) == nil)
    #expect(json["d"]?.string == "1")
    #expect(json["a"]?.string == nil)
  }

  private func refusal(of text: some Collection<UInt8>) -> JSONFailure? {
    do { _ = try JSONText(text) } catch { return error }
    return nil
  }

  @Test func `The deepest nesting is let through and one more is not`() throws {
    let depth = JSONReader.depthMax
    let deepest = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    _ = try JSONText(deepest.utf8)
    let refused = try #require(refusal(of: "[\(deepest)]".utf8))
    #expect(refused.reason.contains("too deep"))
    #expect(throws: JSONFailure.self) {
      try JSONText(String(repeating: "[", count: 1 << 20).utf8)
    }
  }
}

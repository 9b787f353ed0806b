import Testing

@testable import Messages

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
    let refused = try #require(refusal { _ = try JSONText(text.utf8) })
    #expect(refused.problem == .malformed)
    #expect(refused.sentence.contains("at byte"))
  }

  @Test func `Bytes that are not UTF-8 are refused within a text and outside`() {
    for bytes in [[0x22, 0xFF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xC3, 0xA9]] as [[UInt8]] {
      #expect(throws: DecodeFailure.self) { try JSONText(bytes) }
    }
  }

  @Test func `What is cut off says that it ends`() throws {
    let whole = #"{"a":[1,"b\u0041c",{"d":true}],"e":-1.5e+3}"#
    for cut in 1..<whole.utf8.count {
      let refused = try #require(refusal { _ = try JSONText(whole.utf8.prefix(cut)) })
      // A word that is cut is read as no word.
      let inWord = ["t", "tr", "tru"].contains {
        whole.utf8.prefix(cut).reversed().starts(with: $0.utf8.reversed())
      }
      #expect(refused.reason.contains("ends") || inWord, "\(cut): \(refused.reason)")
    }
  }

  @Test func `The deepest nesting is let through and one more is not`() throws {
    let depth = JSONText.depthMax
    let deepest = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    _ = try JSONText(deepest.utf8)
    let refused = try #require(refusal { _ = try JSONText("[\(deepest)]".utf8) })
    #expect(refused.reason.contains("too deep"))
    #expect(throws: DecodeFailure.self) {
      try JSONText(String(repeating: "[", count: 1 << 20).utf8)
    }
  }
}

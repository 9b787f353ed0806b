import Testing

@testable import Registry

/// Numbers of certificates and of people: which are one, and which are none.
@Suite struct NumberTests {
  @Test func `A number of ASCII has the key that it has beside characters of others`() {
    for byte in UInt8(0)...0x7F {
      let text = "a" + String(UnicodeScalar(byte)) + "B7"
      // What nobody sees says nothing, and has all of it looked at by its properties.
      #expect(NumberKey(text) == NumberKey(text + "\u{200B}"), "\(byte)")
    }
    let long = String(repeating: "A-", count: 500)
    #expect(NumberKey(long) == NumberKey("\u{FEFF}" + long))
  }

  @Test(arguments: [
    "HETA/2023/0022\u{200B}", "\u{200E}HETA/2023/0022", "HETA\u{2215}2023\u{2215}0022",
    "HETA/2023/0022\u{00A0}", "HETA / 2023 / 0022", "heta/2023/0022", "HETA\u{FF0F}2023/0022",
    "\u{202A}HETA/2023/0022\u{202C}", "HETA/2023/0022\u{00AD}", "HETA/2023/00-22",
    "HETA/2023/00\u{2013}22", "HETA/2023/00\u{2011}22", "\u{FEFF}HETA/2023/\u{FF10}022",
  ])
  func `What nobody sees, case, spaces and dashes make no other number`(spelled: String) {
    #expect(NumberKey(spelled) == NumberKey("HETA/2023/0022"))
  }

  @Test func `What is printed otherwise is another number`() {
    #expect(NumberKey("HETA/2023/0022") != NumberKey("HETA/2023/0023"))
    #expect(NumberKey("HETA/2023/0022") != NumberKey("HETA.2023.0022"))
    // Cyrillic capitals that look alike: refused as a new number, and not found as another.
    #expect(NumberKey("НЕТА/2023/0030") != NumberKey("HETA/2023/0030"))
  }

  @Test func `A key is short, whatever compatibility makes of a number`() {
    let long = String(repeating: "\u{FDFA}", count: 21)
    #expect((100...200).contains(NumberKey(long).text.utf8.count))
  }

  @Test(arguments: [
    "N/A", "n/a", "NULL", "-", "--", "None", "nil", "TBC", "Pending", "0", "000", "Yes", "", " ",
    "N.A.", "\u{2013}", "not available",
  ])
  func `A word for no number is none`(word: String) {
    #expect(NumberSpelling.isPlaceholder(word))
    #expect(NumberSpelling.problem(of: word, allowsURI: true)?.contains("no number") == true)
  }

  @Test(arguments: ["N-1", "KE 2022-000241", "HETA/2022/0001", "10", "A_1.2", "No 7", "Nile/1"])
  func `A number is taken as it is`(number: String) {
    #expect(NumberSpelling.problem(of: number) == nil)
  }

  @Test(arguments: [
    ("N\u{200B}1", "U+200B (ZERO WIDTH SPACE, which nobody sees)"),
    ("N\u{2013}1", "U+2013 (EN DASH, which looks like -)"),
    ("\u{041D}1", "U+041D (CYRILLIC CAPITAL LETTER EN, which looks like H)"),
    ("N\u{2215}1", "U+2215 (DIVISION SLASH, which looks like /)"),
    ("\u{FF11}2", "U+FF11 (FULLWIDTH DIGIT ONE, which looks like 1)"),
    ("=\"0001\"", "U+003D (EQUALS SIGN)"),
  ])
  func `Any other character is refused by its name`(number: String, named: String) {
    #expect(NumberSpelling.problem(of: number)?.contains(named) == true)
    #expect(NumberSpelling.problem(of: number, allowsURI: true)?.contains(named) == true)
  }

  @Test func `A certificate's number may be a URI, and a person's may not`() {
    let uri = "https://badges.example.org/assertions/7f3c2a?x=%20#sco"
    #expect(NumberSpelling.problem(of: uri, allowsURI: true) == nil)
    #expect(NumberSpelling.problem(of: uri)?.contains("U+003A") == true)
    #expect(
      NumberSpelling.problem(of: "urn:uuid:00000000-0000-4000-8000-00000000000a", allowsURI: true)
        == nil)
    for broken in ["https://a b", "https://a/%2", "://a", "https://\u{E9}"] {
      #expect(NumberSpelling.problem(of: broken, allowsURI: true) != nil, "\(broken)")
    }
    let long = String(repeating: "A", count: 65)
    #expect(NumberSpelling.problem(of: long, allowsURI: true)?.contains("64 are the most") == true)
  }

  @Test func `A name is another's where no word of it is the officer's`() {
    #expect(NameComparison.mayBeSame("Wanjiru, Amina", "AMINA WANJIRU NJOROGE"))
    #expect(NameComparison.mayBeSame("Dr. Josée Ng'ang'a", "Josee Mwangi"))
    #expect(NameComparison.mayBeSame("NGANGA P.", "Peter Ng’ang’a"))
    #expect(!NameComparison.mayBeSame("Example Otieno", "Amina Wanjiru"))
    // A title in common says nothing, and nor does a name that is missing.
    #expect(!NameComparison.mayBeSame("Dr Otieno", "Dr Wanjiru"))
    #expect(NameComparison.mayBeSame("", "Amina Wanjiru"))
  }
}

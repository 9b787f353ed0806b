import Testing

@testable import Access

struct GrantsTests {
  static func read(_ text: String) throws -> Grants {
    try Grants(rolesFile: Array(text.utf8))
  }

  @Test func `A roles file grants what it names and nothing else`() throws {
    let grants = try Self.read(
      """
      {
        "principals": {
          "urn:ujuzi:dev:registrar": ["registrar"],
          "spiffe:\\/\\/ke\\/a\\u0075dit": ["auditor", "agency"]
        }
      }
      """)
    let registrar = try #require(Principal("urn:ujuzi:dev:registrar"))
    let audit = try #require(Principal("spiffe://ke/audit"))
    let stranger = try #require(Principal("urn:ujuzi:dev:Registrar"))
    #expect(grants.count == 2)
    #expect(grants.roles(of: audit).names == ["agency", "auditor"])
    #expect(grants.allow(registrar, a: [Roles(.registrar), Roles(.auditor)]))
    #expect(!grants.allow(registrar, a: Roles(.auditor)))
    #expect(!grants.allow(registrar, a: []))
    #expect(!grants.allow(stranger, a: .every))
    #expect(!grants.allow(.loopback, a: .every))
    #expect(!Grants.none.allow(registrar, a: .every))
  }

  @Test func `A file may grant nobody anything`() throws {
    #expect(try Self.read(#"{"principals": {}}"#) == Grants.none)
  }

  /// A file, and what is said of it.
  @Test(arguments: [
    ("", "line 1: { is missing: the file is one object."),
    ("{}", "line 1: the key \"principals\" is missing."),
    ("[]", "line 1: { is missing: the file is one object."),
    (
      "{\n\"principals\": {},\n\"roles\": {}}",
      "line 3: the key \"roles\" is not known: there is only \"principals\"."
    ),
    ("{\"principals\": {}, \"principals\": {}}", "line 1: \"principals\" is there twice."),
    (
      "{\"principals\": {\n\"urn:a:b\": [\"admin\"]}}",
      "line 2: the role \"admin\" of \"urn:a:b\" is not known: roles are "
        + "registrar, agency, auditor."
    ),
    (
      "{\"principals\": {\n\"urn:a:b\": [\"agency\"],\n\"urn:a:b\": [\"auditor\"]}}",
      "line 3: the principal \"urn:a:b\" is there twice."
    ),
    (
      "{\"principals\": {\"urn:a:b\": []}}",
      "line 1: the list of \"urn:a:b\" is empty: leave the principal out instead."
    ),
    (
      "{\"principals\": {\"urn:a:b\": [\"agency\", \"agency\"]}}",
      "line 1: the role \"agency\" of \"urn:a:b\" is there twice."
    ),
    (
      "{\"principals\": {\"loopback\": [\"agency\"]}}",
      "line 1: the principal \"loopback\" is no URI of at most 200 bytes."
    ),
    (
      "{\"principals\": {\"urn:a b\": [\"agency\"]}}",
      "line 1: the principal \"urn:a b\" is no URI of at most 200 bytes."
    ),
    (
      "{\"principals\": {\"urn:a:b\": \"agency\"}}",
      "line 1: [ is missing: the roles of \"urn:a:b\" are a list."
    ),
    (
      "{\"principals\": {\"urn:a:b\": [1]}}", "line 1: a role is a string, in quotation marks."
    ),
    (
      "{\"principals\": {\"urn:a:b\": [\"agency\",]}}",
      "line 1: a role is a string, in quotation marks."
    ),
    ("{\"principals\": {\"urn:a", "line 1: a string is not closed."),
    ("{\"principals\": {\"urn:a\n", "line 1: a string is not closed on its line."),
    (
      "{\"principals\": {\n\"urn:\\a\": []}}",
      "line 2: a string has a wrong escape: an unknown escape."
    ),
    (
      "{\"principals\": {\"urn:\\u000a\": []}}",
      "line 1: the principal \"urn:?\" is no URI of at most 200 bytes."
    ),
    ("{\"principals\": {}", "line 1: } is missing: the object ends, or goes on after a comma."),
    ("{\"principals\": {}}\n{}", "line 2: something follows the end of the object."),
  ])
  func `A file that is not exactly a roles file is refused with the place`(
    file: String, sentence: String
  ) {
    let error = #expect(throws: RolesFileError.self) { () throws in _ = try Self.read(file) }
    #expect(error?.sentence == sentence)
  }

  @Test func `A file that was cut short is refused wherever it was cut`() throws {
    let whole = Array("{\"principals\": {\"urn:a:b\": [\"agency\", \"auditor\"]}}".utf8)
    for length in 0..<whole.count {
      #expect(throws: RolesFileError.self, "\(length) bytes") { () throws in
        _ = try Grants(rolesFile: Array(whole.prefix(length)))
      }
    }
  }

  @Test(arguments: [
    "", ":", "urn:", "1urn:a", "urn", "urn:a\n", "urn:ü", "urn:<a>", "ur n:a",
    "urn:" + String(repeating: "a", count: 197),
  ])
  func `A principal is a URI of printable bytes`(text: String) {
    #expect(Principal(text) == nil)
  }

  @Test func `A principal may be as long as an event's actor`() {
    #expect(Principal("urn:" + String(repeating: "a", count: 196)) != nil)
  }

  @Test func `Roles are read from words`() {
    #expect(Roles(words: "agency registrar") == [Roles(.agency), Roles(.registrar)])
    #expect(Roles(words: "")?.isEmpty == true)
    #expect(Roles(words: "agency admin") == nil)
    #expect(Roles.every.names == ["registrar", "agency", "auditor"])
  }
}

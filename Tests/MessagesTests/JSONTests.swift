import JSON
import Registry
import Testing

@testable import Messages

@Suite struct JSONTests {
  @Test(arguments: 0..<25 as Range<UInt64>)
  func `Every message survives its JSON form byte for byte`(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    for type in Schema.messages {
      let bytes = try random.bytes(of: type.name)
      let json = try JSONMapping.text(of: type.name, bytes)
      for spelled in [json.text, json.pretty] {
        let read = try JSONText(spelled.utf8)
        #expect(read == json)
        #expect(
          try JSONMapping.bytes(of: type.name, read) == bytes,
          "\(type.name), seed \(seed): \(spelled)"
        )
      }
    }
  }

  static let proposal = """
    {"event_id":"00010203-0405-0607-0809-0a0b0c0d0e0f","stream":"organisation/ksg",\
    "effective":"2024-12-04","source":{"reference":"p. 3",\
    "sha256":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"},\
    "organisation":{"registered":{"name":"School of \\"Government\\"","roles":["school","training_partner"]}}}
    """

  @Test func `An event reads as a person would write it`() throws {
    let bytes = try JSONMapping.bytes(of: "Proposal", try JSONText(Self.proposal.utf8))
    let value = try Codec.decode(Proposal.self, from: bytes, unknownFields: .refused)
    #expect(
      value
        == Proposal(
          eventID: EventID(bytes: Array(0..<16))!, stream: StreamID("organisation/ksg")!,
          effective: Day("2024-12-04")!,
          source: Source(reference: "p. 3", sha256: Array(0..<32)),
          body: .organisation(
            .registered(
              OrganisationRegistered(
                name: "School of \"Government\"", roles: [.school, .trainingPartner])))))
    #expect(bytes == Codec.encode(value))
    #expect(try JSONMapping.text(of: "Proposal", bytes).text == Self.proposal)
  }

  @Test func `A nested message is an object, and pretty is two spaces a level`() throws {
    let proposal = try JSONMapping.bytes(of: "Proposal", try JSONText(Self.proposal.utf8))
    let page = ReadLogPage(
      events: [Codec.encode(Recorded(position: 4, proposal: proposal))], next: 5)
    let json = try JSONMapping.text(of: "ReadLogPage", Codec.encode(page))
    guard case .array(let events)? = json["events"] else { return #expect(Bool(false)) }
    #expect(events[0]["proposal"]?["stream"] == .string("organisation/ksg"))
    #expect(
      try JSONMapping.text(of: "RecordedAt", Codec.encode(RecordedAt(position: 7, already: true)))
        .pretty == "{\n  \"position\": 7,\n  \"already\": true\n}")
  }

  @Test func `Defaults are left out and accepted`() throws {
    let given = try JSONText(
      #"{"position":0,"version":0,"already":false}"#.utf8)
    #expect(try JSONMapping.bytes(of: "RecordedAt", given) == [])
    // Spelled out by somebody else's encoder.
    #expect(try JSONMapping.text(of: "RecordedAt", hex("08 00 10 00 18 00")).text == "{}")
    #expect(try JSONMapping.text(of: "RecordedAt", []).text == "{}")
    #expect(try JSONMapping.bytes(of: "RecordedAt", JSONText(#"{"version":null}"#.utf8)) == [])
  }

  @Test func `Zero is a value where being there says something`() throws {
    let json = try JSONText(#"{"credential":"c","at_position":0}"#.utf8)
    let bytes = try JSONMapping.bytes(of: "VerifyCredentialRequest", json)
    #expect(try Codec.decode(VerifyCredentialRequest.self, from: bytes).atPosition == 0)
    #expect(try JSONMapping.text(of: "VerifyCredentialRequest", bytes) == json)
  }

  @Test func `The full name of an enum's value is accepted`() throws {
    for name in ["training_partner", "ORGANISATION_ROLE_TRAINING_PARTNER"] {
      let bytes = try JSONMapping.bytes(
        of: "OrganisationRoleAdded", try JSONText("{\"role\":\"\(name)\"}".utf8))
      #expect(bytes == [0x08, 3])
    }
  }

  @Test func `Numbers are exact to the last of 64 bits`() throws {
    let json = try JSONText(#"{"position":18446744073709551615}"#.utf8)
    let bytes = try JSONMapping.bytes(of: "RecordedAt", json)
    #expect(try Codec.decode(RecordedAt.self, from: bytes).position == .max)
    #expect(try JSONMapping.text(of: "RecordedAt", bytes) == json)
  }

  struct Row: Sendable, CustomTestStringConvertible {
    var message: String
    var json: String
    var problem: DecodeFailure.Problem
    var path: String
    var says: String

    var testDescription: String { "\(message) \(json)" }

    init(
      _ message: String, _ json: String, _ problem: DecodeFailure.Problem, _ path: String,
      _ says: String
    ) {
      (self.message, self.json, self.problem) = (message, json, problem)
      (self.path, self.says) = (path, says)
    }
  }

  static let rows: [Row] = [
    Row("Proposal", "[]", .wrongType, "", "object in braces"),
    Row(
      "Proposal", #"{"efective":"2024-12-04"}"#, .unknownField, "efective",
      "did you mean effective?"),
    Row("Proposal", #"{"colour":1}"#, .unknownField, "colour", "known here: event_id, stream"),
    Row("HealthRequest", #"{"a":1}"#, .unknownField, "a", "has no fields"),
    Row("Proposal", #"{"effective":"2023-02-29"}"#, .outOfRange, "effective", "a day that exists"),
    Row("Proposal", #"{"effective":20241204}"#, .outOfRange, "effective", "a day that exists"),
    Row("Proposal", #"{"effective":""}"#, .outOfRange, "effective", "a day that exists"),
    Row("Proposal", #"{"event_id":"12"}"#, .wrongType, "event_id", "UUID"),
    Row("Proposal", #"{"stream":"house/1"}"#, .notText, "stream", "credential/abc"),
    Row("Proposal", #"{"reason":"too late"}"#, .notText, "reason", "identifier"),
    Row("Proposal", #"{"source":{"sha256":"00"}}"#, .outOfRange, "source.sha256", "64"),
    Row("Proposal", #"{"source":{"sha256":"0g"}}"#, .wrongType, "source.sha256", "hexadecimal"),
    Row("Proposal", #"{"source":{"sha256":"+1"}}"#, .wrongType, "source.sha256", "hexadecimal"),
    Row("Proposal", #"{"source":{"sha256":"000"}}"#, .wrongType, "source.sha256", "hexadecimal"),
    Row("Proposal", #"{"source":{"reference":7}}"#, .wrongType, "source.reference", "in quotes"),
    Row("Proposal", #"{"personal":{"name":"a\u0000b"}}"#, .notText, "personal.name", "NUL"),
    Row("Proposal", #"{"personal":{"contacts":"x"}}"#, .wrongType, "personal.contacts", "brackets"),
    Row(
      "Proposal", #"{"personal":{"contacts":["x",2]}}"#, .wrongType, "personal.contacts[1]",
      "in quotes"),
    Row(
      "Proposal", #"{"personal":{"identifiers":[{"sceme":"a"}]}}"#, .unknownField,
      "personal.identifiers[0].sceme", "did you mean scheme?"),
    Row(
      "Proposal", #"{"voided":{},"restored":{}}"#, .duplicate, "restored", "together with voided"),
    Row(
      "Personal", #"{"contacts":["","","","","","","","",""]}"#, .tooMany, "contacts", "at most 8"),
    Row("RecordedAt", #"{"already":1}"#, .wrongType, "already", "true or false"),
    Row("RecordedAt", #"{"version":-1}"#, .outOfRange, "version", "from 0 to 4294967295"),
    Row("RecordedAt", #"{"version":4294967296}"#, .outOfRange, "version", "from 0 to 4294967295"),
    Row("RecordedAt", #"{"version":1.0}"#, .outOfRange, "version", "whole number"),
    Row("RecordedAt", #"{"version":1e3}"#, .outOfRange, "version", "whole number"),
    Row("RecordedAt", #"{"version":"1"}"#, .wrongType, "version", "a number"),
    Row(
      "RecordedAt", #"{"position":18446744073709551616}"#, .outOfRange, "position", "whole number"),
    Row("OrganisationRoleAdded", #"{"role":"shool"}"#, .unknownValue, "role", "employer, school"),
    Row("OrganisationRoleAdded", #"{"role":"unspecified"}"#, .unknownValue, "role", "employer"),
    Row("OrganisationRoleAdded", #"{"role":2}"#, .unknownValue, "role", "employer"),
    Row("RecordItem", #"{"proposal":{"stream":"x"}}"#, .notText, "proposal.stream", "stream"),
    Row("Nothing", "{}", .unknownValue, "Nothing", "no message"),
  ]

  @Test(arguments: rows) func `What does not fit the schema is refused with its place`(row: Row)
    throws
  {
    let json = try JSONText(row.json.utf8)
    let refused = try #require(refusal { _ = try JSONMapping.bytes(of: row.message, json) })
    #expect(refused.problem == row.problem, "\(refused)")
    #expect(refused.path == row.path, "\(refused)")
    #expect(refused.sentence.contains(row.says), "\(refused.sentence)")
  }

  @Test func `Bytes that are no message have no JSON form`() {
    for (name, bytes) in [
      ("RecordedAt", "08"), ("Proposal", "0a 02 0102"), ("Proposal", "18 01"),
      ("HealthReply", "12 01 ff"), ("ReadLogPage", "0a 02 0a ff"),
    ] {
      #expect(throws: DecodeFailure.self, "\(name) \(bytes)") {
        try JSONMapping.text(of: name, hex(bytes))
      }
    }
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `Damaged bytes have a JSON form or a refusal`(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    var (read, refused) = (0, 0)
    for type in Schema.messages {
      var bytes = try random.bytes(of: type.name)
      guard !bytes.isEmpty else { continue }
      for _ in 0..<4 {
        let at = Int.random(in: 0..<bytes.count, using: &random.random)
        bytes[at] = UInt8.random(in: 0...255, using: &random.random)
        if let json = try? JSONMapping.text(of: type.name, bytes) {
          _ = try JSONText(json.text.utf8)
          read += 1
        } else {
          refused += 1
        }
      }
    }
    #expect(read > 0 && refused > 0, "seed \(seed)")
  }

  @Test func `Letters put in, left out and changed are counted`() {
    for (a, b, count) in [
      ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
    ] {
      #expect(JSONMapping.distance(a, b) == count)
    }
  }
}

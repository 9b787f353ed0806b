import Registry
import Testing

@testable import Messages

/// What the schema's options ask of a field, held against the generated conversions.
@Suite struct RuleTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var message: any Message.Type
    var bytes: String
    var problem: DecodeFailure.Problem
    var path: String

    var testDescription: String { "\(message) \(path) \(problem)" }

    init(
      _ message: any Message.Type, _ bytes: String, _ problem: DecodeFailure.Problem, _ path: String
    ) {
      (self.message, self.bytes, self.problem, self.path) = (message, bytes, problem, path)
    }
  }

  private static func text(_ count: Int) -> String { String(repeating: "61", count: count) }

  static let rows: [Row] = [
    Row(Proposal.self, "", .missing, "event_id"),
    Row(Proposal.self, "0a 02 0102", .outOfRange, "event_id"),
    Row(HealthReply.self, "", .missing, "serving"),
    Row(HealthReply.self, "08 09", .unknownValue, "serving"),
    Row(SchemeValue.self, "12 01 61", .missing, "scheme"),
    Row(SchemeValue.self, "0a 01 61", .missing, "value"),
    Row(SchemeValue.self, "0a 01 20 12 01 61", .notText, "scheme"),
    Row(SchemeValue.self, "0a 02 c3a9 12 01 61", .notText, "scheme"),
    Row(SchemeValue.self, "0a 41" + text(65) + "12 01 61", .tooLong, "scheme"),
    Row(SchemeValue.self, "0a 01 61 12 41" + text(65), .tooLong, "value"),
    Row(SkillLevel.self, "0a 01 61 12 01 61", .outOfRange, "level"),
    Row(SkillLevel.self, "0a 01 61 12 01 61 18 15", .outOfRange, "level"),
    Row(Source.self, "1a 01 00", .outOfRange, "sha256"),
    Row(VerifyCredentialRequest.self, "", .missing, "which"),
    Row(VerifyCredentialRequest.self, "0a 00", .missing, "credential"),
    Row(VerifyCredentialRequest.self, "0a 01 61 20 f1d6d309", .outOfRange, "on"),
    Row(VerifyCredentialRequest.self, "12 05 0a 01 61 12 00", .missing, "certificate.number"),
    Row(GetStreamRequest.self, "", .missing, "stream"),
    Row(GetStreamRequest.self, "0a 03 612f62", .notText, "stream"),
    Row(GetStreamRequest.self, "0a 0b" + "6f6666696365722f" + "612062", .notText, "stream"),
    Row(OfficerEvent.self, "", .missing, "kind"),
    Row(RecordOutcome.self, "", .missing, "outcome"),
    Row(RecordRequest.self, "0a 02 0a 00", .missing, "items[0].proposal"),
    Row(FindOfficersRequest.self, "30 e907", .outOfRange, "page_size"),
    Row(
      HasSkillReply.self, "12 10 000102030405060708090a0b0c0d0e0f 12 01 00", .outOfRange,
      "evidence[1]"),
  ]

  @Test(arguments: rows) func `A field that breaks its rule is refused by name`(row: Row) throws {
    let refused = try #require(
      refusal { try MessageValidatorTests.decode(row.message, hex(row.bytes)) })
    #expect(refused.problem == row.problem, "\(refused)")
    #expect(refused.path == row.path, "\(refused)")
  }

  @Test func `The most items are let through and one more is not`() throws {
    let most = VerifyCredentialsRequest(
      items: Array(
        repeating: VerifyCredentialRequest(which: .credential(Identifier("c")!)), count: 1000))
    _ = try Codec.decode(VerifyCredentialsRequest.self, from: Codec.encode(most), limits: .standard)
    var more = most
    more.items.append(most.items[0])
    let refused = try #require(
      refusal {
        _ = try Codec.decode(
          VerifyCredentialsRequest.self, from: Codec.encode(more), limits: .standard)
      })
    #expect(refused.problem == .tooMany)
    #expect(refused.path == "items")
  }

  /// Every required field taken away, every limit overstepped, in every message.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func `No message is taken without a field that it requires`(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    var taken = 0
    for type in Schema.messages {
      let bytes = try random.bytes(of: type.name)
      for field in try MessageLayout.named(type.name).fields where field.rule.required {
        var without: [UInt8] = []
        try bytes.withUnsafeBytes { raw in
          var cursor = WireCursor(raw)
          while cursor.at < raw.count {
            let start = cursor.at
            let tag = try cursor.tag(raw.count)
            try cursor.skip(tag.wire, raw.count)
            if tag.number != field.number { without += raw[start..<cursor.at] }
          }
        }
        let refused = refusal { try MessageValidatorTests.decode(type, without) }
        #expect(refused?.problem == .missing, "\(type.name).\(field.name), seed \(seed)")
        #expect(refused?.path == field.name)
        taken += 1
      }
    }
    #expect(taken > 50)
  }

  @Test func `Numbers, texts and bytes over their limits are refused in every message`() throws {
    var random = RandomMessage(seed: 3)
    var tried = 0
    for type in Schema.messages {
      let bytes = try random.bytes(of: type.name)
      for field in try MessageLayout.named(type.name).fields {
        guard let most = field.rule.max, field.choice == nil, !field.isList else { continue }
        var over: [UInt8] = []
        try bytes.withUnsafeBytes { raw in
          var cursor = WireCursor(raw)
          while cursor.at < raw.count {
            let start = cursor.at
            let tag = try cursor.tag(raw.count)
            try cursor.skip(tag.wire, raw.count)
            if tag.number != field.number { over += raw[start..<cursor.at] }
          }
        }
        switch field.value {
        case .number: RawFields.append(field.number, UInt64(most) + 1, to: &over)
        default:
          RawFields.append(field.number, [UInt8](repeating: 0x61, count: most + 1), to: &over)
        }
        let refused = refusal { try MessageValidatorTests.decode(type, over) }
        #expect(refused?.problem == .tooLong || refused?.problem == .outOfRange)
        #expect(refused?.path == field.name, "\(type.name).\(field.name)")
        tried += 1
      }
    }
    #expect(tried > 20)
  }
}

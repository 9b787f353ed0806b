import Registry
import Testing

@testable import Messages

@Suite struct MessageValidatorTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var what: String
    var message: any Message.Type
    var bytes: String
    var problem: DecodeFailure.Problem
    var path: String

    var testDescription: String { what }

    init(
      _ what: String, _ message: any Message.Type, _ bytes: String,
      _ problem: DecodeFailure.Problem,
      _ path: String
    ) {
      (self.what, self.message, self.bytes) = (what, message, bytes)
      (self.problem, self.path) = (problem, path)
    }
  }

  static let rows: [Row] = [
    Row("half a tag", HealthReply.self, "88", .truncated, ""),
    Row("a tag of six bytes", HealthReply.self, "88 80 80 80 80 00 01", .malformed, ""),
    Row("a tag of 33 bits", HealthReply.self, "88 80 80 80 20 01", .malformed, ""),
    Row("field 0", HealthReply.self, "00 01", .malformed, ""),
    Row("half a number", HealthReply.self, "78 80", .truncated, "as_of"),
    Row("a number of 65 bits", HealthReply.self, "78 ffffffffffffffffff 02", .malformed, "as_of"),
    Row(
      "a number of eleven bytes", HealthReply.self, "78 ffffffffffffffffffff 01", .malformed,
      "as_of"),
    Row("33 bits in 32", RecordedAt.self, "10 8080808010", .outOfRange, "version"),
    Row("a truth of two", RecordedAt.self, "18 02", .outOfRange, "already"),
    Row("33 bits in an enum", HealthReply.self, "08 8080808010", .outOfRange, "serving"),
    Row("text as a number", HealthReply.self, "10 01", .wrongType, "detail"),
    Row("a number as text", HealthReply.self, "7a 01 61", .wrongType, "as_of"),
    Row("a number as 32 bits", HealthReply.self, "7d 01000000", .wrongType, "as_of"),
    Row("a message as a number", RecordReply.self, "08 01", .wrongType, "outcomes[0]"),
    Row("a length over the end", HealthReply.self, "12 05 61", .truncated, "detail"),
    Row("a length of 4 GiB", HealthReply.self, "12 ffffffff0f 61", .truncated, "detail"),
    Row("a length of 64 bits", HealthReply.self, "12 ffffffffffffffffff01", .malformed, "detail"),
    Row("a length of six bytes", HealthReply.self, "12 818080808000 61", .malformed, "detail"),
    Row(
      "a length over the outer end", RecordReply.self, "0a 04 0a 05 08 01 78 01", .truncated,
      "outcomes[0].recorded"),
    Row("a NUL", HealthReply.self, "12 03 61 00 62", .notText, "detail"),
    Row("a lone continuation", HealthReply.self, "12 01 80", .notText, "detail"),
    Row("half a character", HealthReply.self, "12 02 e2 82", .notText, "detail"),
    Row("an overlong slash", HealthReply.self, "12 02 c0 af", .notText, "detail"),
    Row("an overlong of three", HealthReply.self, "12 03 e0 80 af", .notText, "detail"),
    Row("a surrogate", HealthReply.self, "12 03 ed a0 80", .notText, "detail"),
    Row("over U+10FFFF", HealthReply.self, "12 04 f4 90 80 80", .notText, "detail"),
    Row("byte FF", HealthReply.self, "12 01 ff", .notText, "detail"),
    Row("a field twice", HealthReply.self, "78 01 78 01", .duplicate, "as_of"),
    Row("a message twice", FindPersonReply.self, "12 00 12 00", .duplicate, "state"),
    Row(
      "two of a choice", VerifyCredentialRequest.self, "0a 01 61 12 00", .duplicate, "certificate"),
    Row(
      "a choice's member twice", VerifyCredentialRequest.self, "0a 01 61 0a 01 61", .duplicate,
      "credential"),
    Row("an unknown field", HealthReply.self, "08 01 98 06 01", .unknownField, "99"),
    Row(
      "an unknown field within", RecordReply.self, "0a 02 78 01", .unknownField, "outcomes[0].15"),
    Row(
      "the second item", RecordReply.self, "0a 04 0a 02 08 01 0a 04 0a 02 08 80", .truncated,
      "outcomes[1].recorded.position"),
    Row(
      "the third item of a list of texts", Personal.self, "1a 01 61 1a 01 62 1a 01 00", .notText,
      "contacts[2]"),
  ]

  static func decode<M: Message>(
    _ type: M.Type, _ bytes: [UInt8], _ unknown: UnknownFields = .refused,
    limits: MessageValidator.Limits = .standard, arena: Arena = Arena()
  ) throws {
    _ = try Codec.decode(
      type, from: bytes.span.bytes, arena: arena, unknownFields: unknown, limits: limits)
  }

  @Test(arguments: rows) func `Bytes that are no message are refused with their place`(row: Row)
    throws
  {
    let refused = try #require(refusal { try Self.decode(row.message, hex(row.bytes)) })
    #expect(refused.problem == row.problem, "\(refused)")
    #expect(refused.path == row.path, "\(refused)")
    #expect(refused.sentence.hasSuffix("."))
  }

  @Test(arguments: ["98 06 01", "9a 06 01 00", "9d 06 01 02 03 04", "99 06 0102030405060708"])
  func `A field of a later schema is passed over where nothing is recorded`(field: String) throws {
    let bytes = hex("08 01" + field)
    let reply = try Codec.decode(HealthReply.self, from: bytes, unknownFields: .ignored)
    #expect(reply == HealthReply(serving: .yes))
    #expect(refusal { try Self.decode(HealthReply.self, bytes) }?.problem == .unknownField)
  }

  @Test(arguments: ["9b 06", "9c 06", "9e 06", "9f 06"])
  func `A group is refused even where unknown fields are not`(field: String) {
    #expect(
      refusal { try Self.decode(HealthReply.self, hex("08 01" + field), .ignored) }?.problem
        == .wrongType)
  }

  @Test func `What is passed over must be well formed too`() {
    for field in ["98 06", "9a 06 05 00", "9d 06 01", "99 06 01"] {
      #expect(
        refusal { try Self.decode(HealthReply.self, hex("08 01" + field), .ignored) }?.problem
          == .truncated, "\(field)")
    }
  }

  @Test func `Each limit is the last that is let through`() throws {
    let bytes = Codec.encode(
      RecordReply(outcomes: [.recorded(RecordedAt(position: 1))]))
    // The reply, the outcome, its receipt; three fields.
    var limits = MessageValidator.Limits()
    (limits.depthMax, limits.fieldsMax, limits.bytesMax) = (3, 3, bytes.count)
    try Self.decode(RecordReply.self, bytes, limits: limits)
    let tighter: [(WritableKeyPath<MessageValidator.Limits, Int>, DecodeFailure.Problem)] = [
      (\.depthMax, .tooDeep), (\.fieldsMax, .tooMany), (\.bytesMax, .tooLarge),
    ]
    for (path, problem) in tighter {
      var less = limits
      less[keyPath: path] -= 1
      #expect(
        refusal { try Self.decode(RecordReply.self, bytes, limits: less) }?.problem == problem)
    }
  }

  @Test func `Ignored fields and packed values count against the limit`() {
    var limits = MessageValidator.Limits()
    limits.fieldsMax = 10
    let ignored = hex("08 01") + Self.repeated(hex("98 06 01"), 10)
    #expect(
      refusal { try Self.decode(HealthReply.self, ignored, .ignored, limits: limits) }?.problem
        == .tooMany)
    var packed: [UInt8] = []
    OrganisationRegistered.append(.roles, [UInt8](repeating: 1, count: 10), to: &packed)
    #expect(
      refusal { try Self.decode(OrganisationRegistered.self, packed, limits: limits) }?.problem
        == .tooMany)
  }

  @Test func `A list of numbers may be packed or not`() throws {
    let name = hex("0a 01 61")
    for roles in ["12 02 01 03", "10 01 10 03", "12 01 01 10 03"] {
      let value = try Codec.decode(OrganisationRegistered.self, from: name + hex(roles))
      #expect(value.roles == [.employer, .trainingPartner])
    }
  }

  private static func repeated(_ bytes: [UInt8], _ times: Int) -> [UInt8] {
    var all: [UInt8] = []
    for _ in 0..<times { all += bytes }
    return all
  }

  @Test func `What takes seconds or much memory to unpack is refused`() {
    // Each empty item takes a struct, fifty times what it is sent as.
    let empties = Self.repeated([0x0A, 0x00], MessageValidator.Limits.standard.fieldsMax + 1)
    #expect(refusal { try Self.decode(RecordRequest.self, empties) }?.problem == .tooMany)
    // Under the count of fields, over the arena.
    let arena = Arena(budget: 1 << 20)
    let fewer = Array(empties.prefix(1 << 16))
    #expect(
      refusal { try Self.decode(RecordRequest.self, fewer, arena: arena) }?.problem == .tooLarge)
    // One message again and again, which protobuf-c merges in quadratic time.
    let merged = Self.repeated(hex("0a 06 0a 01 61 12 01 62"), 1 << 17)
    #expect(refusal { try Self.decode(ResolveOfficerRequest.self, merged) }?.problem == .duplicate)
  }

  @Test func `An answer may have more fields than a question`() throws {
    let count = MessageValidator.Limits.standard.fieldsMax + 1
    let page = ReadLogPage(events: Array(repeating: [], count: count))
    let bytes = Codec.encode(page)
    #expect(try Codec.decode(ReadLogPage.self, from: bytes).events.count == count)
    #expect(refusal { try Self.decode(ReadLogPage.self, bytes) }?.problem == .tooMany)
  }

  @Test(arguments: 0..<12 as Range<UInt64>)
  func `Every truncation is refused, but between two fields`(seed: UInt64) throws {
    let arena = Arena()
    var random = RandomMessage(seed: seed)
    for type: any Message.Type in [
      Proposal.self, Recorded.self, RecordRequest.self, VerifyCredentialReply.self, Hello.self,
    ] {
      let bytes = try random.bytes(of: type.name)
      var ends: Set<Int> = [0]
      try bytes.withUnsafeBytes {
        var cursor = WireCursor($0)
        while cursor.at < $0.count {
          let tag = try cursor.tag($0.count)
          try cursor.skip(tag.wire, $0.count)
          ends.insert(cursor.at)
        }
      }
      for cut in 0..<bytes.count {
        let refused = refusal { try Self.decode(type, Array(bytes[..<cut]), arena: arena) }
        if ends.contains(cut) {
          #expect(refused == nil || refused!.problem == .missing || refused!.problem == .outOfRange)
        } else {
          #expect(refused?.problem == .truncated, "\(type.name), seed \(seed), cut at \(cut)")
        }
        #expect(arena.used == 0)
      }
    }
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func `What the validator passes, protobuf-c unpacks`(seed: UInt64) throws {
    let arena = Arena()
    var random = RandomMessage(seed: seed)
    for type in Schema.messages {
      var bytes = try random.bytes(of: type.name)
      guard !bytes.isEmpty else { continue }
      for _ in 0..<8 {
        let at = Int.random(in: 0..<bytes.count, using: &random.random)
        switch Int.random(in: 0..<4, using: &random.random) {
        case 0: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &random.random)
        case 1: bytes[at] = UInt8.random(in: 0...255, using: &random.random)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random.random), at: at)
        default: bytes.append(contentsOf: bytes[at...])
        }
        if bytes.count > 4096 { break }
        for unknown in [UnknownFields.refused, .ignored] {
          // The arena is large enough: `tooLarge` could only mean that protobuf-c said no.
          let refused = refusal { try Self.decode(type, bytes, unknown, arena: arena) }
          #expect(refused?.problem != .tooLarge, "\(type.name), seed \(seed): \(bytes)")
        }
      }
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `Every field that is no list is refused when it comes twice`(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    for type in Schema.messages {
      let bytes = try random.bytes(of: type.name)
      let form = try MessageLayout.named(type.name)
      try bytes.withUnsafeBytes { raw in
        var cursor = WireCursor(raw)
        while cursor.at < raw.count {
          let start = cursor.at
          let tag = try cursor.tag(raw.count)
          try cursor.skip(tag.wire, raw.count)
          let field = try #require(form.fields.first { $0.number == tag.number })
          guard !field.isList else { continue }
          let refused = refusal { try Self.decode(type, bytes + bytes[start..<cursor.at]) }
          #expect(refused?.problem == .duplicate)
          #expect(refused?.path == field.name)
        }
      }
    }
  }
}

import Registry
import Testing

@testable import Messages

@Suite struct RawFieldsTests {
  @Test(arguments: [0, 1, 127, 128, 300, 1 << 32, UInt64.max] as [UInt64])
  func `A scalar put behind a stored reply is read as its field`(asOf: UInt64) throws {
    let stored = VerifyCredentialReply(status: .valid, position: 9)
    var bytes = Codec.encode(stored)
    VerifyCredentialReply.append(.asOf, asOf, to: &bytes)
    var expected = stored
    expected.asOf = asOf
    #expect(try Codec.decode(VerifyCredentialReply.self, from: bytes) == expected)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `A record built around a proposal's bytes keeps them as they are`(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    let proposal = try random.bytes(of: "Proposal")
    var spliced: [UInt8] = []
    Recorded.append(.position, 77, to: &spliced)
    Recorded.append(.proposal, span: proposal.span.bytes, to: &spliced)
    #expect(spliced == Codec.encode(Recorded(position: 77, proposal: proposal)))
    let range = try #require(find(BytesField<Recorded, Proposal>.proposal.number, in: spliced))
    #expect(Array(spliced[range]) == proposal)
    let stream = try #require(find(BytesField<Proposal, [UInt8]>.stream.number, in: proposal))
    let decoded = try Codec.decode(Proposal.self, from: proposal)
    #expect(String(decoding: proposal[stream], as: UTF8.self) == decoded.stream.text)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `A number is read as the decoded message has it`(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    let bytes = try random.bytes(of: "Recorded")
    let decoded = try Codec.decode(Recorded.self, from: bytes)
    let recordedAt = Recorded.number(.recordedAtMs, in: bytes.span.bytes)
    #expect(recordedAt ?? 0 == decoded.recordedAtMs)
    let version = Recorded.number(.version, in: bytes.span.bytes)
    #expect(version ?? 0 == UInt64(decoded.version))
  }

  /// By protobuf-c's own descriptors, which come from the schema on another way.
  @Test func `A field's constant has the number that the schema gives it`() throws {
    func number(_ message: String, _ field: String) throws -> UInt32? {
      try MessageLayout.named(message).fields.first { $0.name == field }?.number
    }
    #expect(
      try number("Proposal", "enrolment") == BytesField<Proposal, EnrolmentEvent>.enrolment.number)
    #expect(
      try number("EnrolmentEvent", "transferred")
        == BytesField<EnrolmentEvent, EnrolmentTransferred>.transferred.number)
    #expect(
      try number("Recorded", "sealed_sha256") == BytesField<Recorded, [UInt8]>.sealedSha256.number)
    #expect(
      try number("OrganisationRegistered", "roles")
        == BytesField<OrganisationRegistered, [UInt8]>.roles.number)
    #expect(
      try number("VerifyCredentialReply", "unrecognised")
        == NumberField<VerifyCredentialReply>.unrecognised.number)
  }

  @Test func `The two point lookups spell their key, day and position alike`() {
    #expect(
      BytesField<GetProfileRequest, [UInt8]>.officer.number
        == BytesField<VerifyCredentialRequest, [UInt8]>.credential.number)
    #expect(
      NumberField<GetProfileRequest>.on.number == NumberField<VerifyCredentialRequest>.on.number)
    #expect(
      NumberField<GetProfileRequest>.atLeast.number
        == NumberField<VerifyCredentialRequest>.atLeast.number)
  }

  @Test func `What is not there is not found`() {
    let bytes = Codec.encode(RecordedAt(position: 1, version: 2))
    for field in [0, 1, 2, 3, 99] as [UInt32] {
      #expect(find(field, in: bytes) == nil)
    }
    #expect(find(1, in: []) == nil)
  }

  @Test(arguments: [
    "0a", "0a 05 61", "0a ffffffffffffffffff01", "0b 0a 00", "80", "0d 01 0a 00", "08 80",
  ])
  func `Nothing is found in bytes that are no message`(bytes: String) {
    #expect(find(1, in: hex(bytes)) == nil)
  }

  @Test func `Fields of every wire type are passed over`() {
    let bytes = hex("08 96 01  11 0102030405060708  1d 01020304  22 02 61 62  2a 01 63")
    #expect(find(5, in: bytes).map { Array(bytes[$0]) } == [0x63])
    #expect(find(4, in: bytes).map { Array(bytes[$0]) } == [0x61, 0x62])
  }
}

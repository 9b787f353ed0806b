import Registry
import Testing

@testable import Messages

@Suite struct RawFieldsTests {
  @Test(arguments: [0, 1, 127, 128, 300, 1 << 32, UInt64.max] as [UInt64])
  func `A scalar put behind a stored reply is read as its field`(asOf: UInt64) throws {
    let stored = VerifyCredentialReply(status: .valid, position: 9)
    var bytes = Codec.encode(stored)
    RawFields.append(15, asOf, to: &bytes)
    var expected = stored
    expected.asOf = asOf
    #expect(try Codec.decode(VerifyCredentialReply.self, from: bytes) == expected)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `A record built around a proposal's bytes keeps them as they are`(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    let proposal = try random.bytes(of: "Proposal")
    var spliced: [UInt8] = []
    RawFields.append(1, 77, to: &spliced)
    RawFields.append(8, span: proposal.span.bytes, to: &spliced)
    #expect(spliced == Codec.encode(Recorded(position: 77, proposal: proposal)))
    let range = try #require(find(8, in: spliced))
    #expect(Array(spliced[range]) == proposal)
    let stream = try #require(find(2, in: proposal))
    let decoded = try Codec.decode(Proposal.self, from: proposal)
    #expect(String(decoding: proposal[stream], as: UTF8.self) == decoded.stream.text)
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

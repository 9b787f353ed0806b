import Registry
import Testing

@testable import Messages

@Suite struct RoundTripTests {
  private func again<M: Message>(_ type: M.Type, _ bytes: [UInt8], _ arena: Arena) throws -> [UInt8]
  {
    let value = try Codec.decode(
      type, from: bytes.span.bytes, arena: arena, unknownFields: .refused)
    let packed = Codec.encode(value, arena: arena)
    let second = try Codec.decode(
      type, from: packed.span.bytes, arena: arena, unknownFields: .refused)
    #expect(value == second)
    #expect(arena.used == 0)
    return packed
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `Every message is packed byte for byte as it was`(seed: UInt64) throws {
    let arena = Arena()
    var random = RandomMessage(seed: seed)
    for type in Schema.messages {
      let bytes = try random.bytes(of: type.name)
      let packed = try again(type, bytes, arena)
      #expect(packed == bytes, "\(type.name), seed \(seed)")
    }
  }

  @Test func `The schema has messages, and the events are among them`() {
    let names = Schema.messages.map { $0.name }
    #expect(names.count > 100)
    #expect(Set(names).count == names.count)
    #expect(names.contains("Proposal") && names.contains("Recorded"))
  }

  @Test func `A value that is not zero by its type is kept through zero`() throws {
    let asked = VerifyCredentialRequest(which: .credential(Identifier("c")!), atPosition: 0)
    let back = try Codec.decode(VerifyCredentialRequest.self, from: Codec.encode(asked))
    #expect(back.atPosition == 0)
    #expect(back == asked)
  }

  @Test func `Encoding appends to what is there`() {
    var bytes: [UInt8] = [1, 2, 3]
    let reply = RecordedAt(position: 5, version: 6, already: true)
    Codec.encode(reply, into: &bytes, arena: Arena())
    #expect(bytes == [1, 2, 3, 0x08, 5, 0x10, 6, 0x18, 1])
  }

  @Test func `An empty message has no bytes`() throws {
    #expect(Codec.encode(HealthRequest()) == [])
    _ = try Codec.decode(HealthRequest.self, from: [], unknownFields: .refused)
  }

  @Test(arguments: 0..<400 as Range<UInt64>)
  func `A plain question says what the decoded request says`(seed: UInt64) throws {
    var random = RandomMessage(seed: seed)
    let bytes = try random.bytes(of: "VerifyCredentialRequest")
    let asked = try Codec.decode(VerifyCredentialRequest.self, from: bytes)
    // The random bytes may spell the same in another order.
    let plain = PointLookup(Codec.encode(asked).span.bytes)
    guard case .credential(let key) = asked.which, asked.holder == nil, asked.atPosition == nil,
      asked.atLeast >> 63 == 0
    else {
      #expect(plain == nil)
      return
    }
    let question = try #require(plain)
    #expect(Array(Codec.encode(asked)[question.key]) == Array(key.text.utf8))
    #expect(question.on == asked.on?.number ?? 0)
    #expect(question.atLeast == asked.atLeast)
    if let other = PointLookup(bytes.span.bytes) {
      #expect(other.on == question.on && other.atLeast == question.atLeast)
    }
  }

  @Test(arguments: 0..<2000 as Range<UInt64>)
  func `Bytes that are taken for a plain question are refused for their key alone`(seed: UInt64)
    throws
  {
    var random = RandomMessage(seed: seed)
    var bytes = try random.bytes(of: "GetProfileRequest")
    for _ in 0...Int.random(in: 0..<3, using: &random.random) where !bytes.isEmpty {
      bytes[Int.random(in: 0..<bytes.count, using: &random.random)] =
        UInt8.random(in: 0...255, using: &random.random)
    }
    guard let plain = PointLookup(bytes.span.bytes) else { return }
    do throws(DecodeFailure) {
      let asked = try Codec.decode(GetProfileRequest.self, from: bytes)
      #expect(asked.atPosition == nil && asked.into == nil)
      #expect(asked.on?.number ?? 0 == plain.on && asked.atLeast == plain.atLeast)
    } catch {
      #expect(Identifier(bytes.span.bytes.extracting(plain.key)) == nil, "\(error.sentence)")
    }
  }
}

import Testing

@testable import Messages

@Suite struct MappedBufferTests {
  @Test func `What is written is there, beside zeros`() throws {
    let buffer = try #require(MappedBuffer(bytes: 1 << 20))
    #expect(buffer.count == 1 << 20 && buffer.word(at: buffer.count - 8) == 0)
    buffer.setWord(0x0102_0304_0506_0708, at: 16)
    let bytes: [UInt8] = [9, 8, 7]
    buffer.write(bytes.span.bytes, at: buffer.count - 3)
    var read: [UInt8] = []
    buffer.append((buffer.count - 4)..<buffer.count, to: &read)
    #expect(read == [0, 9, 8, 7])
    #expect(buffer.word(at: 16) == 0x0102_0304_0506_0708 && buffer.word(at: 24) == 0)
    let places = [buffer.count - 3, buffer.count - 2, 0].map {
      buffer.isEqual(bytes.span.bytes, at: $0)
    }
    #expect(places == [true, false, false])
  }

  @Test func `Keys that differ anywhere, or in length, have other places`() {
    var seen: Set<UInt64> = []
    for length in 1...20 {
      for at in 0..<length {
        for bit in 0..<8 {
          var key = [UInt8](repeating: 0x61, count: length)
          key[at] ^= 1 << bit
          let hash = key.span.bytes.hashed()
          #expect(seen.insert(hash).inserted, "\(key)")
        }
      }
    }
  }
}

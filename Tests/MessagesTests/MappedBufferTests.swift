import Testing

@testable import Messages

@Suite struct MappedBufferTests {
  @Test func `What is written is there, beside zeros`() throws {
    let slab = try #require(MappedBuffer(bytes: 1 << 20))
    #expect(slab.count == 1 << 20 && slab.word(at: slab.count - 8) == 0)
    slab.setWord(0x0102_0304_0506_0708, at: 16)
    let bytes: [UInt8] = [9, 8, 7]
    slab.write(bytes.span.bytes, at: slab.count - 3)
    var read: [UInt8] = []
    slab.append((slab.count - 4)..<slab.count, to: &read)
    #expect(read == [0, 9, 8, 7])
    #expect(slab.word(at: 16) == 0x0102_0304_0506_0708 && slab.word(at: 24) == 0)
    let places = [slab.count - 3, slab.count - 2, 0].map { slab.isEqual(bytes.span.bytes, at: $0) }
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

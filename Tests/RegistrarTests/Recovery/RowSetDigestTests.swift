import Crypto
import Foundation
import Messages
import Testing

@testable import Projections

struct RowSetDigestTests {
  /// The same, written from its definition: lanes of one row, by AES-256-GCM, whose key stream is
  /// that of AES-CTR from block 2 on.
  private func lanesFromBlock2(_ key: [UInt8], _ value: [UInt8]) throws -> [UInt8] {
    func number(_ count: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(count >> $0 & 0xFF) } }
    let row = number(key.count) + key + number(value.count) + value
    let sealed = try AES.GCM.seal(
      [UInt8](repeating: 0, count: 2048 - 32), using: SymmetricKey(data: SHA256.hash(data: row)),
      nonce: AES.GCM.Nonce(data: [UInt8](repeating: 0, count: 12)))
    return Array(sealed.ciphertext)
  }

  private func spread(_ key: [UInt8], _ value: [UInt8]) -> [UInt8] {
    var spreader = LaneExpander()
    return unsafe spreader.spread(key.span.bytes, value.span.bytes) { RawFields.bytes($0) }
  }

  @Test func `A row is spread by AES-256-CTR under the SHA-256 of its lengths and bytes`() throws {
    for (key, value) in [([1, 2], [3]), ([0xFF], []), (Array(0..<100), Array(0..<200))]
      as [([UInt8], [UInt8])]
    {
      let lanes = spread(key, value)
      #expect(lanes.count == 2048)
      #expect(Array(lanes[32...]) == (try lanesFromBlock2(key, value)))
    }
    #expect(spread([1], [2, 3]) != spread([1, 2], [3]))
  }

  @Test func `The order of rows does not matter, and what is taken away is gone`() {
    let rows = (0..<20 as Range<UInt8>).map { spread([$0], [$0, 1]) }
    var (up, down) = (RowSetDigest(), RowSetDigest())
    for row in rows { unsafe up.add(row.span.bytes) }
    for row in rows.reversed() { unsafe down.add(row.span.bytes) }
    #expect(up == down && up.rows == 20)
    let first = rows[0]
    // Twice the same row is not none of it, as it would be with XOR.
    unsafe up.add(first.span.bytes)
    unsafe up.add(first.span.bytes)
    #expect(up != down)
    unsafe up.subtract(first.span.bytes)
    unsafe up.subtract(first.span.bytes)
    #expect(up == down)
    for row in rows { unsafe up.subtract(row.span.bytes) }
    #expect(up == RowSetDigest())
  }

  @Test func `What is stored is read back, and anything else is not`() {
    var digest = RowSetDigest()
    let row = spread([1], [2])
    unsafe digest.add(row.span.bytes)
    let stored = digest.encoded
    let cut = Array(stored.dropLast())
    let (read, none) = unsafe (RowSetDigest(stored.span.bytes), RowSetDigest(cut.span.bytes))
    #expect(read == digest)
    #expect(none == nil)
  }
}

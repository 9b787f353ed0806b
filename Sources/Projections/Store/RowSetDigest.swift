import Crypto
import CryptoExtras
import Foundation
import LMDB
import Messages

/// A digest of a set of rows to which rows can be added and from which they can be taken away in
/// any order: LtHash16 (Lewi, Kim, Maykov, Weis: "Securing Update Propagation with Homomorphic
/// Hashing", 2019). Each row is spread over 1,024 lanes of 16 bits, which are summed; to find two
/// sets with one digest is as hard as a problem on lattices, about 200 bits of work.
///
/// A row is spread by AES-256-CTR, its key SHA-256(u32 key length, key, u32 value length, value),
/// numbers big-endian, its counter from 0: 2,048 bytes, taken as 1,024 little-endian numbers.
public struct RowSetDigest: Hashable, Sendable {
  private static let vectorCount = 32
  static let laneBytes = 64 * vectorCount
  static let encodedLength = 8 + laneBytes

  /// 32 lanes each.
  private var lanes = [SIMD32<UInt16>](repeating: .zero, count: vectorCount)
  public private(set) var rows: Int = 0

  public init() {}

  /// As it is stored: the number of rows (u64, big-endian) and the lanes; nil where that is not.
  init?(_ stored: RawSpan) {
    guard stored.byteCount == Self.encodedLength,
      let rows = Int(exactly: stored.bigEndian(at: 0, bytes: 8))
    else { return nil }
    self.rows = rows
    for at in 0..<Self.vectorCount {
      lanes[at] = unsafe stored.unsafeLoadUnaligned(
        fromByteOffset: 8 + 64 * at, as: SIMD32<UInt16>.self)
    }
  }

  var encoded: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.encodedLength)
    bytes.append(bigEndian: UInt64(rows))
    for vector in lanes {
      for at in 0..<32 {
        bytes.append(UInt8(truncatingIfNeeded: vector[at]))
        bytes.append(UInt8(truncatingIfNeeded: vector[at] >> 8))
      }
    }
    return bytes
  }

  /// 32 bytes for people and for comparing: SHA-256 of what is stored.
  public var sha256: [UInt8] { Array(SHA256.hash(data: encoded)) }

  /// Adds what a row was spread to.
  mutating func add(_ spread: RawSpan) {
    precondition(spread.byteCount == Self.laneBytes)
    rows &+= 1
    for at in 0..<Self.vectorCount {
      lanes[at] &+= unsafe spread.unsafeLoadUnaligned(
        fromByteOffset: 64 * at, as: SIMD32<UInt16>.self)
    }
  }

  mutating func subtract(_ spread: RawSpan) {
    precondition(spread.byteCount == Self.laneBytes)
    rows &-= 1
    for at in 0..<Self.vectorCount {
      lanes[at] &-= unsafe spread.unsafeLoadUnaligned(
        fromByteOffset: 64 * at, as: SIMD32<UInt16>.self)
    }
  }

  /// Adds the rows of another set. One of changes may count fewer than no rows.
  mutating func add(_ other: RowSetDigest) {
    rows &+= other.rows
    for at in 0..<Self.vectorCount { lanes[at] &+= other.lanes[at] }
  }
}

/// Expands a row into the lanes of a `RowSetDigest`; for one thread at a time.
struct LaneExpander {
  private static let zeroes = [UInt8](repeating: 0, count: RowSetDigest.laneBytes)
  /// The counter's 16 bytes begin at 0: the key is never used for anything else.
  private static let nonce = try? AES._CTR.Nonce(nonceBytes: [UInt8](repeating: 0, count: 16))

  private var row: [UInt8] = []

  /// Lends what a row is spread to.
  mutating func spread<R>(
    _ key: RawSpan, _ value: RawSpan, _ body: (RawSpan) -> R
  ) -> R {
    row.removeAll(keepingCapacity: true)
    row.append(bigEndian: UInt32(truncatingIfNeeded: key.byteCount))
    RawFields.append(key, to: &row)
    row.append(bigEndian: UInt32(truncatingIfNeeded: value.byteCount))
    RawFields.append(value, to: &row)
    let key = SymmetricKey(data: SHA256.hash(data: row))
    guard let nonce = Self.nonce,
      let stream = try? AES._CTR.encrypt(Self.zeroes, using: key, nonce: nonce)
    else { preconditionFailure("AES-256-CTR takes any key of 32 bytes") }
    return unsafe body(stream.span.bytes)
  }
}

import CMessages
import Glibc

/// A buffer in its own anonymous mapping, zeroed and committed on first touch; in huge pages where
/// the system has them, since random lookups in small pages pay for TLB misses.
///
/// Belongs to one thread. An offset outside of it stops the process.
public final class MappedBuffer {
  public let count: Int
  private let base: UnsafeMutableRawPointer

  /// Nil where the system has no such memory.
  ///
  /// - Parameter bytes: its length.
  public init?(bytes: Int) {
    precondition(bytes > 0)
    let mapped = mmap(
      nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapped, mapped != MAP_FAILED else { return nil }
    // A wish: a system that has none serves small ones.
    _ = madvise(mapped, bytes, MADV_HUGEPAGE)
    (base, count) = (mapped, bytes)
  }

  // Nothing of it is ever handed out.
  deinit { munmap(base, count) }

  /// - Parameter offset: a multiple of 8.
  @inline(__always)
  public func word(at offset: Int) -> UInt64 {
    precondition(offset >= 0 && offset <= count - 8)
    return base.load(fromByteOffset: offset, as: UInt64.self)
  }

  /// - Parameter offset: a multiple of 8.
  @inline(__always)
  public func setWord(_ word: UInt64, at offset: Int) {
    precondition(offset >= 0 && offset <= count - 8)
    base.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
  }

  public func write(_ bytes: RawSpan, at offset: Int) {
    bytes.withUnsafeBytes { raw in
      precondition(offset >= 0 && raw.count <= count - offset)
      if let source = raw.baseAddress { memcpy(base + offset, source, raw.count) }
    }
  }

  public func isEqual(_ bytes: RawSpan, at offset: Int) -> Bool {
    bytes.withUnsafeBytes { raw in
      guard offset >= 0, raw.count <= count - offset else { return false }
      return raw.baseAddress.map { memcmp(base + offset, $0, raw.count) == 0 } ?? true
    }
  }

  public func append(_ range: Range<Int>, to bytes: inout [UInt8]) {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    bytes.append(
      contentsOf: UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }
}

extension RawSpan {
  /// A hash for a slot in a table; not resistant to chosen collisions.
  public func hashed() -> UInt64 {
    withUnsafeBytes { raw in
      var hash = UInt64(truncatingIfNeeded: raw.count)
      var at = 0
      while at < raw.count {
        var word: UInt64 = 0
        if raw.count - at >= 8 {
          word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        } else {
          for byte in raw[at...] { word = word << 8 | UInt64(byte) }
        }
        hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
        hash ^= hash >> 29
        at += 8
      }
      return hash &* 0xBF58_476D_1CE4_E5B9
    }
  }
}

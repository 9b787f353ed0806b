import CMessages
import Glibc

/// Memory of its own pages, zero at first and taken only as it is touched; in huge pages where the
/// system gives them, since what is looked up at random in small ones waits for their addresses
/// before it waits for the bytes.
///
/// Belongs to one thread. A place outside of it ends the process.
public final class Slab {
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
  /// A number for a place in a table; whoever sends the bytes may make many meet.
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

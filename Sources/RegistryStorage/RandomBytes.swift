import Glibc
import Locking

/// Random bytes for events and salts, drawn from the system many at a time: a call for each event
/// would cost as much as its checksum.
package final class RandomBytes: Sendable {
  /// Bytes of one draw: the most that getentropy(3) gives.
  static let drawnLength = 256

  private let draw: @Sendable (_ count: Int) -> [UInt8]
  private let rest = Mutex<[UInt8]>([])

  /// - Parameter draw: gives so many bytes; tests give their own.
  package init(_ draw: @escaping @Sendable (_ count: Int) -> [UInt8] = RandomBytes.system) {
    self.draw = draw
  }

  /// Bytes that nobody was given before.
  package func next(_ count: Int = 16) -> [UInt8] {
    precondition(count <= Self.drawnLength)
    return rest.withLock { rest in
      if rest.count < count { rest = draw(Self.drawnLength) }
      defer { rest.removeLast(count) }
      return Array(rest.suffix(count))
    }
  }

  /// From getentropy(3); where that fails, from the runtime's generator.
  @Sendable package static func system(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let drawn = unsafe bytes.withUnsafeMutableBytes { raw in
      guard let base = raw.baseAddress else { return Int32(0) }
      return unsafe getentropy(base, raw.count)
    }
    if drawn != 0 {
      for at in bytes.indices { bytes[at] = UInt8.random(in: 0...255) }
    }
    return bytes
  }
}

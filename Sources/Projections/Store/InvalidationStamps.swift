import Locking
import Messages
import Registry

/// When a credential's row was last written and an officer last changed, so that caches know which
/// entries are stale. Keys share slots by their hash: a stamp may be a false alarm, never a miss.
///
/// The writer stamps before it commits, with a position that nobody reads before the commit: a
/// reader of the new row sees the stamp. A batch that is abandoned leaves stamps that only cause a
/// recomputation.
public final class InvalidationStamps: Sendable {
  private static let placesOfChunk = 4096

  private final class Chunk: Sendable {
    let places = InlineArray<4096, Atomic<UInt64>> { _ in Atomic(0) }
  }

  private let chunks = (0..<16).map { _ in Chunk() }

  public init() {}

  /// Invalidates what was read of the key before a position.
  ///
  /// - Parameters:
  ///   - hash: of the key.
  ///   - position: the number of events that are known once the change is.
  public func mark(_ hash: UInt64, at position: LogPosition) {
    chunks[Self.chunk(hash)].places[Self.place(hash)].store(position, ordering: .releasing)
  }

  /// What was read of the key at this position, or later, is valid.
  public func last(_ hash: UInt64) -> LogPosition {
    chunks[Self.chunk(hash)].places[Self.place(hash)].load(ordering: .acquiring)
  }

  private static func chunk(_ hash: UInt64) -> Int { Int(hash >> 32) & 15 }
  private static func place(_ hash: UInt64) -> Int { Int(hash >> 36) & (placesOfChunk - 1) }
}

import Locking
import Messages
import Registry

/// When a credential's row was last written and an officer last touched, for whoever remembers what
/// was told of them: by places that keys share, so that a place says "perhaps" of all of them.
///
/// The writer marks before it commits, with a position that nobody reads before the commit: whoever
/// sees the new row sees the mark. A batch that is given up leaves marks that make nothing wrong.
public final class ChangeMarks: Sendable {
  private static let placesOfChunk = 4096

  private final class Chunk: Sendable {
    let places = InlineArray<4096, Atomic<UInt64>> { _ in Atomic(0) }
  }

  private let chunks = (0..<16).map { _ in Chunk() }

  public init() {}

  /// Says that what was read of the key up to a position may be wrong beyond.
  ///
  /// - Parameters:
  ///   - hash: of the key.
  ///   - position: the number of events that are known once the change is.
  public func mark(_ hash: UInt64, at position: LogPosition) {
    chunks[Self.chunk(hash)].places[Self.place(hash)].store(position, ordering: .releasing)
  }

  /// What was read of the key at this position, or later, is right.
  public func last(_ hash: UInt64) -> LogPosition {
    chunks[Self.chunk(hash)].places[Self.place(hash)].load(ordering: .acquiring)
  }

  private static func chunk(_ hash: UInt64) -> Int { Int(hash >> 32) & 15 }
  private static func place(_ hash: UInt64) -> Int { Int(hash >> 36) & (placesOfChunk - 1) }
}

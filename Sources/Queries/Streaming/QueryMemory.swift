import Locking
import RegistryStorage

/// The memory that all queries keep between slices: where it exceeds the limit, the query that has
/// been idle longest is dropped, so that callers who do not read block nobody else.
final class QueryMemory: Sendable {
  private struct Held {
    weak var stream: QueryStream?
    var bytes: Int
    /// When it was last asked, counted in steps of all.
    var asked: UInt64
  }

  private struct State {
    var held: [ObjectIdentifier: Held] = [:]
    var bytes = 0
    var steps: UInt64 = 0
  }

  let bytesMax: Int
  private let state = Mutex(State())

  init(bytesMax: Int = 512 << 20) { self.bytesMax = bytesMax }

  var bytes: Int { state.withLock { $0.bytes } }

  /// A query was asked and keeps so many bytes; it is not dropped itself.
  ///
  /// - Returns: those that have to give theirs back.
  func note(_ bytes: Int, of stream: QueryStream) -> [QueryStream] {
    let id = ObjectIdentifier(stream)
    return state.withLock { state in
      let before = state.held.removeValue(forKey: id)?.bytes ?? 0
      guard bytes > 0 || before > 0 else { return [] }
      state.steps += 1
      state.bytes += bytes - before
      if bytes > 0 {
        state.held[id] = Held(stream: stream, bytes: bytes, asked: state.steps)
      }
      var dropped: [QueryStream] = []
      while state.bytes > bytesMax,
        let oldest = state.held.filter({ $0.key != id }).min(by: { $0.value.asked < $1.value.asked }
        )
      {
        state.held[oldest.key] = nil
        state.bytes -= oldest.value.bytes
        if let stream = oldest.value.stream { dropped.append(stream) }
      }
      return dropped
    }
  }
}

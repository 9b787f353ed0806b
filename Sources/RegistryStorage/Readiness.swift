import LMDB
import Locking
import Messages

/// Whether the registry answers and records, and why not: what `Health.Check` and `Audit.Status`
/// say.
package final class Readiness: Sendable {
  /// Free bytes below which a disk is named, though there still is room.
  private static let lowBytes: UInt64 = 256 << 20
  /// Disks are looked at no more often.
  private static let lookEvery = Duration.seconds(1)

  private struct State {
    /// Nothing is recorded until the next start, and why.
    var closed: String?
    /// What came last was not recorded, and why; nil since something was.
    var failed: (sentence: String, isForRoom: Bool)?
    var isStopping = false
    var disks: [DiskLine] = []
    var full: [String] = []
    var low: [String] = []
    var lookedAt: ContinuousClock.Instant?
  }

  private let state = Mutex(State())
  private let parts: [(name: String, path: String)]
  private let room: @Sendable (_ path: String) -> FileSystem.Room?

  package init(
    _ parts: [(name: String, path: String)],
    room: @escaping @Sendable (_ path: String) -> FileSystem.Room?
  ) {
    (self.parts, self.room) = (parts, room)
  }

  /// Nothing is recorded any more.
  package func close(_ sentence: String) {
    state.withLock { $0.closed = $0.closed ?? ClientSentence.withoutPaths(sentence) }
  }

  /// What came could not be recorded.
  ///
  /// - Parameter isForRoom: since a disk is full. Where that can be seen (of a quota it cannot), it
  ///   can be seen too when there is room again.
  package func failed(_ sentence: String, isForRoom: Bool) {
    state.withLock { state in
      state.lookedAt = nil
      look(&state)
      state.failed = (ClientSentence.withoutPaths(sentence), isForRoom && !state.full.isEmpty)
    }
  }

  /// Something was recorded.
  package func recorded() { state.withLock { $0.failed = nil } }

  /// The server stops: open calls end, and none begins.
  package func stop() { state.withLock { $0.isStopping = true } }

  package struct Word: Hashable, Sendable {
    package var serving: Serving
    /// The reason; of a registry that records, what will stop it soon.
    package var detail: String
  }

  package var word: Word {
    state.withLock { state in
      look(&state)
      let stopped = reason(state)
      guard !state.isStopping else {
        return Word(
          serving: .draining,
          detail: "The server is stopping: open calls end, and none begins."
            + (stopped.map { " Nothing was recorded any more before that: \($0)" } ?? ""))
      }
      if let stopped { return Word(serving: .readOnly, detail: stopped) }
      return Word(serving: .yes, detail: state.low.joined(separator: " "))
    }
  }

  /// The disks, each once.
  package var disks: [DiskLine] {
    state.withLock { state in
      look(&state)
      return state.disks
    }
  }

  private func reason(_ state: State) -> String? {
    if let closed = state.closed { return closed }
    if !state.full.isEmpty { return state.full.joined(separator: " ") }
    // There is room again: nobody may have tried since because it was said that there is none.
    guard let failed = state.failed, !failed.isForRoom else { return nil }
    return failed.sentence
  }

  private func look(_ state: inout State) {
    let now = ContinuousClock.now
    if let last = state.lookedAt, now - last < Self.lookEvery { return }
    state.lookedAt = now
    (state.disks, state.full, state.low) = ([], [], [])
    var found: [(names: [String], room: FileSystem.Room)] = []
    for part in parts {
      guard let room = room(part.path) else { continue }
      if let at = found.firstIndex(where: { $0.room.device == room.device }) {
        found[at].names.append(part.name)
      } else {
        found.append(([part.name], room))
      }
    }
    for (names, room) in found {
      let parts = names.joined(separator: ", ")
      state.disks.append(
        DiskLine(parts: parts, freeBytes: room.freeBytes, totalBytes: room.totalBytes))
      if room.isFull {
        state.full.append(
          "The disk of the registry's \(parts) is full: nothing can be recorded. Make room; "
            + "recording then goes on by itself.")
      } else if room.freeBytes < Self.lowBytes {
        state.low.append(
          "The disk of the registry's \(parts) is nearly full: \(room.freeBytes >> 20) MiB are "
            + "left.")
      }
    }
  }
}

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
    look(isDue: true)
    state.withLock { state in
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
    look()
    return state.withLock { state in
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
    look()
    return state.withLock { $0.disks }
  }

  private func reason(_ state: State) -> String? {
    if let closed = state.closed { return closed }
    if !state.full.isEmpty { return state.full.joined(separator: " ") }
    // There is room again: nobody may have tried since because it was said that there is none.
    guard let failed = state.failed, !failed.isForRoom else { return nil }
    return failed.sentence
  }

  /// Looks at the disks where that is due. A disk that hangs makes nobody wait but who looks: others
  /// have what was seen last.
  private func look(isDue: Bool = false) {
    let mayLook = state.withLock { state in
      let now = ContinuousClock.now
      if !isDue, let last = state.lookedAt, now - last < Self.lookEvery { return false }
      state.lookedAt = now
      return true
    }
    guard mayLook else { return }
    var found: [(names: [String], room: FileSystem.Room)] = []
    for part in parts {
      guard let room = room(part.path) else { continue }
      if let at = found.firstIndex(where: { $0.room.device == room.device }) {
        found[at].names.append(part.name)
      } else {
        found.append(([part.name], room))
      }
    }
    let disks = found.map { (parts: $0.names.joined(separator: ", "), room: $0.room) }
    state.withLock { state in
      state.disks = disks.map {
        DiskLine(parts: $0.parts, freeBytes: $0.room.freeBytes, totalBytes: $0.room.totalBytes)
      }
      state.full = disks.filter(\.room.isFull).map {
        "The disk of the registry's \($0.parts) is full: nothing can be recorded. Make room; "
          + "recording then goes on by itself."
      }
      state.low = disks.filter { !$0.room.isFull && $0.room.freeBytes < Self.lowBytes }.map {
        "The disk of the registry's \($0.parts) is nearly full: \($0.room.freeBytes >> 20) MiB are "
          + "left."
      }
    }
  }
}

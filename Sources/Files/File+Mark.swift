import Glibc

/// Whether a file is still as it was written.
extension File {
  /// Nanoseconds of a second that the times of a file have by chance once in a thousand million.
  private static let markNs = 271_828_183

  /// Marks the file as it is now, in the time of its last change: whoever writes to it, or puts
  /// another in its place, takes the mark away, and so does a copy. Where a file system keeps no such
  /// times nothing is marked, and the file counts as changed.
  package func mark() {
    var now = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return }
    let written = timespec(tv_sec: now.tv_sec, tv_nsec: Self.markNs)
    setWritten(written)
  }

  /// Whether a file is as it was when it was marked.
  package static func isMarked(_ path: String) -> Bool {
    guard let figures = Figures(of: path) else { return false }
    return figures.writtenNs % 1_000_000_000 == Int64(markNs)
  }
}

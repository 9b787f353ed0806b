import Foundation
import Glibc

/// How a file was left: its length and when it was last written, in nanoseconds. One that differs
/// was written by somebody else, so that what it holds is looked at before it is trusted.
public struct FileStamp: Hashable, Sendable, Codable {
  public var lengthBytes: Int64
  public var writtenNs: Int64

  /// Nil where the file cannot be examined.
  public init?(_ path: String) {
    var figures = stat()
    guard unsafe stat(path, &figures) == 0 else { return nil }
    lengthBytes = Int64(figures.st_size)
    writtenNs =
      Int64(figures.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(figures.st_mtim.tv_nsec)
  }
}

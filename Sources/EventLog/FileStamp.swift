import Files

/// How a file was left: its length and when it was last written, in nanoseconds. One that differs
/// was written by somebody else, so that what it holds is looked at before it is trusted.
public struct FileStamp: Hashable, Sendable, Codable {
  public var lengthBytes: Int64
  public var writtenNs: Int64

  /// Nil where the file cannot be examined.
  public init?(_ path: String) {
    guard let figures = File.Figures(of: path) else { return nil }
    lengthBytes = Int64(figures.byteCount)
    writtenNs = figures.writtenNs
  }
}

import Files
import JSON

/// How a file was left: its length and when it was last written, in nanoseconds. One that differs
/// was written by somebody else, so that what it holds is looked at before it is trusted.
public struct FileStamp: Hashable, Sendable {
  public var lengthBytes: Int64
  public var writtenNs: Int64

  /// Nil where the file cannot be examined.
  public init?(_ path: String) {
    guard let figures = File.Figures(of: path) else { return nil }
    lengthBytes = Int64(figures.byteCount)
    writtenNs = figures.writtenNs
  }

  /// As `ViewsMark` has it; nil where it is not whole.
  init?(_ json: JSONText) {
    guard let lengthBytes = json["lengthBytes"]?.integer(Int64.self),
      let writtenNs = json["writtenNs"]?.integer(Int64.self)
    else { return nil }
    (self.lengthBytes, self.writtenNs) = (lengthBytes, writtenNs)
  }

  var json: JSONText {
    .object([
      ("lengthBytes", .number("\(lengthBytes)")), ("writtenNs", .number("\(writtenNs)")),
    ])
  }
}

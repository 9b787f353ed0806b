import Glibc

/// A temporary file of rows: unlinked as soon as it is open, so that it ends with the process.
final class RowFile: @unchecked Sendable {
  let descriptor: Int32

  init(folder: String) throws(StoreFailure) {
    // The six last letters are mkstemp's to replace.
    var path = Array((folder + "/run-" + String(repeating: "X", count: 6)).utf8CString)
    descriptor = path.withUnsafeMutableBufferPointer { mkstemp($0.baseAddress!) }
    guard descriptor >= 0 else { throw StoreFailure(errno, doing: "making a run in \(folder)") }
    _ = path.withUnsafeBufferPointer { unlink($0.baseAddress!) }
  }

  deinit { close(descriptor) }
}

/// Buffers rows in arrival order, spills them to a file when asked, and returns them all at the
/// end.
public final class SpillBuffer: @unchecked Sendable {
  private let folder: String
  private let buffer = RowBuffer()
  private var file: RowFile?

  public init(folder: String) { self.folder = folder }

  /// Bytes in memory.
  public var byteCount: Int { buffer.byteCount }

  public func add(_ key: [UInt8], _ value: RawSpan) { buffer.add(key.span.bytes, value) }

  /// Moves what is in memory to the file.
  public func spill() throws(StoreFailure) {
    if file == nil { file = try RowFile(folder: folder) }
    // sure: made above where there was none
    try buffer.write(to: file!.descriptor)
    buffer.removeAll()
  }

  /// Takes all rows and leaves the buffer empty.
  public func take() throws(StoreFailure) -> RowBuffer {
    guard let file else { return buffer }
    try spill()
    let all = RowBuffer()
    try all.read(from: file.descriptor)
    self.file = nil
    return all
  }
}

/// A sorted run of rows, in memory or in a file.
public enum SortedRun: Sendable {
  case memory(RowBuffer)
  case file(SortedFileRun)
}

public struct SortedFileRun: Sendable {
  let file: RowFile
}

/// Sorts the rows of one table within a memory budget: beyond it, sorted runs go to files (an
/// external merge sort, with `RowMerge`).
public final class ExternalSorter {
  private let folder: String
  private let memoryMax: Int
  private var buffer = RowBuffer()
  private var runs: [SortedRun] = []

  /// - Parameter memoryMax: bytes of rows in memory, above which they are sorted and written out.
  public init(folder: String, memoryMax: Int) {
    self.folder = folder
    self.memoryMax = memoryMax
  }

  public func add(_ key: [UInt8], _ value: [UInt8]) throws(StoreFailure) {
    buffer.add(key, value)
    if buffer.byteCount > memoryMax {
      buffer.sort()
      let file = try RowFile(folder: folder)
      try buffer.write(to: file.descriptor)
      runs.append(.file(SortedFileRun(file: file)))
      buffer.removeAll()
    }
  }

  /// Everything that was added, as sorted runs.
  public func finish() -> [SortedRun] {
    buffer.sort()
    if buffer.count > 0 { runs.append(.memory(buffer)) }
    defer { (runs, buffer) = ([], RowBuffer()) }
    return runs
  }
}

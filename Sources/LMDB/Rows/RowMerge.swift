import Glibc

/// Reads sorted runs as one; of rows with one key only the first is read.
public final class RowMerge {
  private var cursors: [Cursor]
  private var current: Cursor?
  private var last: [UInt8] = []

  public init(_ runs: [SortedRun]) throws(StoreFailure) {
    cursors = []
    for run in runs {
      let cursor: Cursor =
        switch run {
        case .memory(let buffer): MemoryCursor(buffer)
        case .file(let run): FileCursor(run.file)
        }
      if try cursor.advance() { cursors.append(cursor) }
    }
  }

  /// Lends the next row; false when there is none.
  public func next<E: Error>(
    _ body: (_ key: RawSpan, _ value: RawSpan) throws(E) -> Void
  ) throws -> Bool {
    while true {
      if let current, try !current.advance() { cursors.removeAll { $0 === current } }
      guard var least = cursors.first else {
        current = nil
        return false
      }
      for cursor in cursors.dropFirst()
      // sure: ended cursors were taken out
      where RowBuffer.compare(cursor.row!.key, least.row!.key) < 0 { least = cursor }
      current = least
      // sure: ended cursors were taken out
      let row = least.row!
      let isRepeated =
        last.count == row.key.count
        && last.withUnsafeBytes { memcmp($0.baseAddress!, row.key.baseAddress!, $0.count) == 0 }
      if isRepeated { continue }
      last.removeAll(keepingCapacity: true)
      last.append(contentsOf: row.key)
      try body(RawSpan(_unsafeBytes: row.key), RawSpan(_unsafeBytes: row.value))
      return true
    }
  }

  /// Goes through the rows of one run; what `row` points to lives until it goes on.
  private class Cursor {
    fileprivate(set) var row: RowBuffer.Row?

    func advance() throws(StoreFailure) -> Bool { false }
  }

  private final class MemoryCursor: Cursor {
    private let buffer: RowBuffer
    private var at = 0

    init(_ buffer: RowBuffer) { self.buffer = buffer }

    override func advance() throws(StoreFailure) -> Bool {
      guard at < buffer.count else { return false }
      row = buffer.sorted(at)
      at += 1
      return true
    }
  }

  private final class FileCursor: Cursor {
    private let file: RowFile
    private var piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 256 << 10, alignment: 16)
    private var (start, end) = (0, 0)
    /// Where the file goes on after what is in memory.
    private var offset = 0

    init(_ file: RowFile) { self.file = file }

    deinit { piece.deallocate() }

    override func advance() throws(StoreFailure) -> Bool {
      if let row { start += row.length }
      row = nil
      guard try holds(RowBuffer.headLength) else { return false }
      let length = RowBuffer.Row(at: UnsafeRawPointer(piece.baseAddress! + start)).length
      guard try holds(length) else {
        throw StoreFailure(.other(EIO), doing: "reading a run of rows")
      }
      row = RowBuffer.Row(at: UnsafeRawPointer(piece.baseAddress! + start))
      return true
    }

    /// Reads on until so many bytes are there; false at the end of the file.
    private func holds(_ count: Int) throws(StoreFailure) -> Bool {
      if end - start >= count { return true }
      if count > piece.count {
        let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 2, alignment: 16)
        memcpy(larger.baseAddress!, piece.baseAddress! + start, end - start)
        piece.deallocate()
        piece = larger
      } else {
        memmove(piece.baseAddress!, piece.baseAddress! + start, end - start)
      }
      (start, end) = (0, end - start)
      while end < piece.count {
        let got = pread(file.descriptor, piece.baseAddress! + end, piece.count - end, offset)
        guard got >= 0 else { throw StoreFailure(errno, doing: "reading a run of rows") }
        if got == 0 { break }
        end += got
        offset += got
      }
      return end >= count
    }
  }
}

import Glibc

/// An open file: whole reads and writes at an offset, and syncs, each with the errno of the call
/// that failed. May be used by any thread; whoever opened it closes it.
///
/// All files and folders are read and changed by it, but for those under LMDB, which has a type of
/// failures of its own and works on pointers.
public struct File: Sendable {
  public let path: String
  private let descriptor: Int32

  package static let standardInput = File("/dev/stdin", STDIN_FILENO)
  package static let standardOutput = File("/dev/stdout", STDOUT_FILENO)
  package static let standardError = File("/dev/stderr", STDERR_FILENO)

  private init(_ path: String, _ descriptor: Int32) {
    (self.path, self.descriptor) = (path, descriptor)
  }

  public enum Access: Sendable { case reading, readingAndWriting }

  /// Opens a file that is there.
  public init(_ path: String, _ access: Access = .reading) throws(FileFailure) {
    let flags = access == .reading ? O_RDONLY : O_RDWR
    self.path = path
    descriptor = try Self.open(path, flags, 0, "opened")
  }

  /// Makes a file that is not there yet.
  ///
  /// - Throws: `FileFailure` of the kind `.exists` where it is.
  public init(making path: String, mode: mode_t = 0o600) throws(FileFailure) {
    self.path = path
    descriptor = try Self.open(path, O_RDWR | O_CREAT | O_EXCL, mode, "made")
  }

  /// Makes a file that is not there yet, for this user alone, and takes its name away: it is gone
  /// once it is closed, however the program ends.
  package init(nameless path: String) throws(FileFailure) {
    try self.init(making: path)
    _ = unsafe unlink(path)
  }

  /// Opens a file, empty, whether it was there or not.
  package init(emptying path: String, mode: mode_t) throws(FileFailure) {
    self.path = path
    descriptor = try Self.open(path, O_RDWR | O_CREAT | O_TRUNC, mode, "written")
  }

  private static func open(
    _ path: String, _ flags: Int32, _ mode: mode_t, _ done: String
  ) throws(FileFailure) -> Int32 {
    try File.call(.open, path, "The file \(path) cannot be \(done)") {
      unsafe Glibc.open(path, flags | O_CLOEXEC, mode)
    }
  }

  /// Makes a call again while a signal interrupts it.
  ///
  /// - Parameter body: gives -1, with errno, when it failed.
  static func call<Result: SignedInteger>(
    _ call: FileFaults.Call, _ path: String, _ what: @autoclosure () -> String,
    _ body: () -> Result
  ) throws(FileFailure) -> Result {
    if let fault = FileFaults.next(call, path) {
      if fault.happens { _ = body() }
      throw FileFailure(fault.code, what())
    }
    while true {
      let result = body()
      guard result < 0 else { return result }
      let code = errno
      guard code == EINTR else { throw FileFailure(code, what()) }
    }
  }

  public func close() { _ = Glibc.close(descriptor) }

  /// Bytes from an offset on; fewer than asked for only where the file ends.
  public func read(at offset: Int, count: Int) throws(FileFailure) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let at = done
      let read = try Self.call(.read, path, "The file \(path) cannot be read") {
        unsafe bytes.withUnsafeMutableBytes {
          unsafe pread(descriptor, $0.baseAddress?.advanced(by: at), count - at, offset + at)
        }
      }
      if read == 0 { break }
      done += read
    }
    bytes.removeLast(count - done)
    return bytes
  }

  /// The next bytes, of whatever can be read one after the other: a pipe, a terminal, a file of
  /// the kernel's. May be fewer than asked for; none at the end.
  package func readNext(_ count: Int) throws(FileFailure) -> [UInt8] {
    precondition(count > 0)
    var bytes = [UInt8](repeating: 0, count: count)
    let read = try Self.call(.read, path, "The file \(path) cannot be read") {
      unsafe bytes.withUnsafeMutableBytes {
        unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
      }
    }
    bytes.removeLast(count - read)
    return bytes
  }

  /// Everything from where it is read next to its end.
  package func readToEnd() throws(FileFailure) -> [UInt8] {
    var all: [UInt8] = []
    while case let more = try readNext(64 << 10), !more.isEmpty { all += more }
    return all
  }

  package func status() throws(FileFailure) -> Status {
    try Self.examine(path) { unsafe fstat(descriptor, &$0) }
  }

  public func byteCount() throws(FileFailure) -> Int { try figures().byteCount }

  /// Which file it is and when it last changed. Whoever writes to a file, or puts another in its
  /// place, changes them; the second time cannot be set back by a copy that keeps the first.
  public struct Figures: Hashable, Sendable {
    public var byteCount: Int
    public var number: UInt64
    public var writtenNs: Int64
    public var changedNs: Int64

    public init(byteCount: Int, number: UInt64, writtenNs: Int64, changedNs: Int64) {
      (self.byteCount, self.number) = (byteCount, number)
      (self.writtenNs, self.changedNs) = (writtenNs, changedNs)
    }

    /// Of the file at a path, which is not opened; nil where it cannot be examined.
    public init?(of path: String) {
      var found = stat()
      guard unsafe stat(path, &found) == 0 else { return nil }
      self.init(found)
    }

    init(_ found: stat) {
      byteCount = Int(found.st_size)
      number = UInt64(found.st_ino)
      writtenNs = Self.nanoseconds(found.st_mtim)
      changedNs = Self.nanoseconds(found.st_ctim)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
      Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
  }

  public func figures() throws(FileFailure) -> Figures {
    var figures = stat()
    _ = try Self.call(.read, path, "The file \(path) cannot be examined") {
      unsafe fstat(descriptor, &figures)
    }
    return Figures(figures)
  }

  /// Lends the file from its beginning, in pieces of so many bytes; the last may be shorter.
  public func forEachPiece(
    _ byteCount: Int, _ body: (_ offset: Int, _ bytes: [UInt8]) -> Void
  ) throws(FileFailure) {
    precondition(byteCount > 0)
    var offset = 0
    while true {
      let bytes = try read(at: offset, count: byteCount)
      if !bytes.isEmpty { body(offset, bytes) }
      guard bytes.count == byteCount else { return }
      offset += byteCount
    }
  }

  /// Writes all of it, or throws: a part may then be written.
  public func write(_ bytes: [UInt8], at offset: Int) throws(FileFailure) {
    var done = 0
    while done < bytes.count {
      let at = done
      done += try Self.call(.write, path, "The file \(path) cannot be written") {
        unsafe bytes.withUnsafeBytes {
          unsafe pwrite(descriptor, $0.baseAddress?.advanced(by: at), $0.count - at, offset + at)
        }
      }
    }
  }

  /// Writes all of it behind what was written last, also where there are no offsets: to a pipe, to
  /// a terminal.
  package func append(_ bytes: [UInt8]) throws(FileFailure) {
    var done = 0
    while done < bytes.count {
      let at = done
      done += try Self.call(.write, path, "The file \(path) cannot be written") {
        unsafe bytes.withUnsafeBytes {
          unsafe Glibc.write(descriptor, $0.baseAddress?.advanced(by: at), $0.count - at)
        }
      }
    }
  }

  /// Sets the time of the last change; where that cannot be, it stays as it is.
  func setWritten(_ time: timespec) {
    _ = unsafe futimens(descriptor, [time, time])
  }

  /// Brings what was written, and the file's length, to the disk.
  ///
  /// After it failed nobody knows what is there, and the kernel takes the pages for clean: a second
  /// call says nothing about them. Write again, at another place.
  public func syncData() throws(FileFailure) {
    _ = try Self.call(.sync, path, "The file \(path) cannot be synced") { fdatasync(descriptor) }
  }

  public func sync() throws(FileFailure) {
    _ = try Self.call(.sync, path, "The file \(path) cannot be synced") { fsync(descriptor) }
  }

  /// Takes the file for one process (flock); false while another has it.
  public func lock() throws(FileFailure) -> Bool {
    do {
      _ = try Self.call(.open, path, "The file \(path) cannot be locked") {
        flock(descriptor, LOCK_EX | LOCK_NB)
      }
      return true
    } catch  where error.code == EWOULDBLOCK {
      return false
    }
  }
}

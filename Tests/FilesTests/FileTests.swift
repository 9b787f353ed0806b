import Failures
import Foundation
import Testing

@testable import Files

/// Files as a disk and its faults leave them.
struct FileTests {
  static func with(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "files-test-" + UUID().uuidString
    #expect(try File.makeFolder(folder))
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  static func failure(_ body: () throws -> Void) -> FileFailure? {
    do {
      try body()
      return nil
    } catch {
      return error as? FileFailure
    }
  }

  static func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  }

  @Test func `A mark stays until somebody writes, copies or puts another in its place`() throws {
    try Self.with { folder in
      let path = folder + "/a"
      func marked() throws -> Bool {
        let file = try File(emptying: path, mode: 0o600)
        defer { file.close() }
        try file.append([1, 2])
        file.mark()
        return File.isMarked(path)
      }
      #expect(try marked())
      let file = try File(path, .readingAndWriting)
      try file.write([1], at: 0)
      file.close()
      #expect(!File.isMarked(path))
      #expect(try marked())
      try Data([1, 2]).write(to: URL(fileURLWithPath: path), options: .atomic)
      #expect(!File.isMarked(path))
      #expect(!File.isMarked(folder + "/none"))
    }
  }

  @Test func `What is written is read back, from any place to the end`() throws {
    try Self.with { folder in
      let file = try File(making: folder + "/a")
      defer { file.close() }
      let bytes = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
      try file.write(bytes, at: 3)
      try file.syncData()
      #expect(try file.byteCount() == 10_003)
      #expect(try file.read(at: 0, count: 5) == [0, 0, 0] + bytes[..<2])
      #expect(try file.read(at: 10_000, count: 100) == Array(bytes[9_997...]))
      #expect(try file.read(at: 20_000, count: 1).isEmpty)
      var again: [UInt8] = []
      try file.forEachPiece(999) { offset, piece in
        #expect(offset == again.count)
        again += piece
      }
      #expect(again == [0, 0, 0] + bytes)
      #expect(try File.contents(of: folder + "/a") == again)
    }
  }

  @Test func `Only a file that is not there is absent`() throws {
    try Self.with { folder in
      #expect(try File.contentsIfThere(of: folder + "/none") == nil)
      #expect(try File.isThere(folder + "/none") == false)
      #expect(try File.isThere(folder))
      // A path through a file, a folder read as a file, and whatever the disk says.
      try File.make(folder + "/file", with: [1])
      #expect(Self.failure { _ = try File.contentsIfThere(of: folder + "/file/x") } != nil)
      #expect(Self.failure { _ = try File.isThere(folder + "/file/x") } != nil)
      #expect(Self.failure { _ = try File.contentsIfThere(of: folder) } != nil)
      for (call, code) in [
        (FileFaults.Call.open, EIO), (.open, EACCES), (.open, ENFILE), (.read, EIO),
        (.read, ENOMEM),
      ] {
        FileFaults.inject(.init(call, folder + "/file", code))
        let failure = Self.failure { _ = try File.contentsIfThere(of: folder + "/file") }
        #expect(failure?.code == code, "\(call) \(code)")
        #expect(try File.contentsIfThere(of: folder + "/file") == [1])
      }
    }
  }

  /// Each call of a replacement, failed without being done and after being done.
  @Test(
    arguments: [FileFaults.Call.open, .write, .sync, .rename], [false, true])
  func `A file that is replaced holds the old content or the new, and the reason is the call's own`(
    call: FileFaults.Call, happens: Bool
  ) throws {
    try Self.with { folder in
      let path = folder + "/mark"
      try File.replace(path, with: [1, 1, 1])
      for code in [EIO, ENOSPC, EACCES] {
        FileFaults.inject(.init(call, path, code, happens: happens))
        let failure = Self.failure { try File.replace(path, with: [2]) }
        #expect(failure?.code == code)
        let there = try File.contents(of: path)
        #expect(there == [1, 1, 1] || there == [2] && happens && call == .rename)
        #expect(try Self.names(in: folder) == ["mark"])
        try File.replace(path, with: [1, 1, 1])
      }
    }
  }

  @Test(
    arguments: [FileFaults.Call.open, .write, .sync, .rename], [false, true])
  func `A file that is made is there whole or not at all, and never in another's place`(
    call: FileFaults.Call, happens: Bool
  ) throws {
    try Self.with { folder in
      let path = folder + "/secret"
      FileFaults.inject(.init(call, path, EIO, happens: happens))
      #expect(Self.failure { try File.make(path, with: [1, 2]) }?.code == EIO)
      let there = try File.contentsIfThere(of: path)
      #expect(there == nil || there == [1, 2] && happens && call == .rename)
      if there == nil { try File.make(path, with: [1, 2]) }
      #expect(Self.failure { try File.make(path, with: [3]) }?.kind == .exists)
      #expect(try File.contents(of: path) == [1, 2])
      #expect(try Self.names(in: folder) == ["secret"])
    }
  }

  @Test func `A folder is made once, and a file in its place says so`() throws {
    try Self.with { folder in
      #expect(try File.makeFolder(folder + "/a"))
      #expect(try !File.makeFolder(folder + "/a"))
      #expect(Self.failure { _ = try File.makeFolder(folder + "/none/a") }?.kind == .absent)
      try File.make(folder + "/file", with: [])
      #expect(Self.failure { _ = try File.makeFolder(folder + "/file") }?.code == ENOTDIR)
      FileFaults.inject(.init(.makeFolder, folder + "/b", ENOSPC))
      #expect(Self.failure { _ = try File.makeFolder(folder + "/b") }?.kind == .full)
      #expect(try !File.isThere(folder + "/b"))
    }
  }

  @Test func `The folder above a path`() {
    for (path, above) in [
      ("a", "."), ("a/b", "a"), ("/a", "/"), ("/a/b/", "/a"), ("./a", "."), ("a//b", "a/"),
    ] { #expect(File.folder(of: path) == above) }
  }

  @Test func `A failure says what happened and what to do`() {
    #expect(FileFailure(ENOSPC, "x").sentence == "x: the disk is full. Make room and try again.")
    #expect(FileFailure(EDQUOT, "x").mayRetry)
    #expect(FileFailure(EACCES, "x").sentence.contains("permission denied"))
    #expect(FileFailure(EIO, "x").sentence == "x: Input/output error.")
    #expect(!FileFailure(EIO, "x").mayRetry)
    // Several numbers are one kind: the cause tells them apart.
    #expect(FileFailure(EDQUOT, "x").cause == Cause(SystemError(EDQUOT)))
  }

  @Test func `A file of the kernel's and a pipe are read to their ends`() throws {
    // Neither has a length before it is read.
    #expect(try !File.contents(of: "/proc/self/status").isEmpty)
    let pipe = Pipe()
    let sent = [UInt8](repeating: 7, count: 30_000)
    try pipe.fileHandleForWriting.write(contentsOf: Data(sent))
    try pipe.fileHandleForWriting.close()
    let path = "/proc/self/fd/\(pipe.fileHandleForReading.fileDescriptor)"
    #expect(try File.status(of: path).isRegular == false)
    #expect(try File.contents(of: path) == sent)
  }

  @Test func `What is appended stands behind what was there, in a file that was emptied`() throws {
    try Self.with { folder in
      try File.make(folder + "/a", with: [9, 9, 9, 9])
      let file = try File(emptying: folder + "/a", mode: 0o600)
      defer { file.close() }
      try file.append([1, 2])
      try file.append([])
      try file.append([3])
      #expect(try File.contents(of: folder + "/a") == [1, 2, 3])
      for code in [ENOSPC, EIO] {
        FileFaults.inject(.init(.write, folder + "/a", code))
        #expect(Self.failure { try file.append([4]) }?.code == code)
      }
      #expect(try File.contents(of: folder + "/a") == [1, 2, 3])
    }
  }

  @Test func `Folders are made with those above them, and go with all that is in them`() throws {
    try Self.with { folder in
      let deep = folder + "/a/b/c"
      try File.makeFolders(deep)
      try File.makeFolders(deep)
      #expect(try File.status(of: deep).isFolder)
      #expect(try !File.status(of: deep).isOthersToo)
      try File.make(deep + "/file", with: [1], mode: 0o644)
      try File.make(folder + "/kept", with: [2])
      // A link is taken away, and not what it leads to.
      try FileManager.default.createSymbolicLink(
        atPath: deep + "/link", withDestinationPath: folder + "/kept")
      #expect(try File.names(in: deep).sorted() == ["file", "link"])
      #expect(try File.status(of: deep + "/file").isOthersToo)
      #expect(Self.failure { try File.removeEmptyFolder(folder + "/a") }?.code == ENOTEMPTY)
      try File.removeTree(folder + "/a")
      #expect(try Self.names(in: folder) == ["kept"])
      // What is not there is gone.
      try File.removeTree(folder + "/a")
      try File.removeTree(folder + "/kept")
      #expect(try File.names(in: folder).isEmpty)
      let long = folder + "/a/" + String(repeating: "x", count: 300)
      #expect(Self.failure { try File.makeFolders(long) }?.code == ENAMETOOLONG)
    }
  }

  @Test func `What cannot be examined or removed says why`() throws {
    try Self.with { folder in
      try File.make(folder + "/file", with: [1, 2, 3])
      #expect(try File.status(of: folder + "/file").byteCount == 3)
      #expect(Self.failure { _ = try File.status(of: folder + "/none") }?.kind == .absent)
      #expect(Self.failure { _ = try File.status(of: folder + "/file/x") }?.code == ENOTDIR)
      #expect(Self.failure { _ = try File.names(in: folder + "/none") }?.kind == .absent)
      for call in [FileFaults.Call.examine, .remove] {
        FileFaults.inject(.init(call, folder + "/file", EIO))
        #expect(Self.failure { try File.removeTree(folder + "/file") }?.code == EIO)
        #expect(try File.contents(of: folder + "/file") == [1, 2, 3])
      }
    }
  }
}

import Files
import Foundation
import LMDB
import Testing

@testable import EventLog

/// The folder, the log and the mark.
struct EventLogTests {
  static func folder() -> String { NSTemporaryDirectory() + "log-test-" + UUID().uuidString }
  static let freshID = [UInt8](repeating: 5, count: 16)

  static func open(_ folder: String, id: [UInt8] = freshID) throws -> EventLog {
    try EventLog(folder: folder, freshID: id, mapSizeBytes: 64 << 20)
  }

  @Test func `Events are kept in order, byte for byte, and found again`() throws {
    let data = try DataFolder(Self.folder())
    let log = try Self.open(data.logPath)
    #expect(log.end == 0)
    try log.append([[1], [2, 2]])
    try log.append([[3, 3, 3]])
    log.close()
    let again = try Self.open(data.logPath, id: Array(repeating: 6, count: 16))
    #expect(again.end == 3)
    #expect(again.id == Self.freshID)
    let reader = try again.makeReader()
    #expect(try reader.read(2) { $0.byteCount } == 3)
    #expect(try reader.read(3) { $0.byteCount } == nil)
    var positions: [UInt64] = []
    try reader.read(from: 1) { position, _ in
      positions.append(position)
      return true
    }
    #expect(positions == [1, 2])
    reader.end()
    again.close()
    data.unlock()
    try FileManager.default.removeItem(atPath: data.path)
  }

  @Test func `A commit that failed leaves the end where it was; one that is unknown is looked at`()
    throws
  {
    let data = try DataFolder(Self.folder())
    let log = try Self.open(data.logPath)
    log.failNextCommit(.before(StoreFailure(.diskFull, doing: "testing")))
    #expect(throws: AppendFailure.self) { try log.append([[1]]) }
    #expect(log.end == 0)
    log.failNextCommit(.after(StoreFailure(.fatal, doing: "testing")))
    do {
      try log.append([[1]])
      Issue.record("an unknown outcome was taken for a success")
    } catch {
      guard case .outcomeUnknown = error else {
        Issue.record("\(error)")
        return
      }
    }
    try log.reopen()
    #expect(log.end == 1)
    log.close()
    data.unlock()
    try FileManager.default.removeItem(atPath: data.path)
  }

  @Test func `A process killed while it appends loses nothing that it had appended`() async throws {
    let folder = Self.folder()
    setenv("UJUZI_KILLED_LOG", folder, 1)
    await #expect(processExitsWith: .signal(SIGKILL)) {
      let data = try DataFolder(ProcessInfo.processInfo.environment["UJUZI_KILLED_LOG"]!)
      let log = try EventLog(
        folder: data.logPath, freshID: [UInt8](repeating: 5, count: 16), mapSizeBytes: 64 << 20)
      for at in 0..<100 as Range<UInt8> { try log.append([[at]]) }
      kill(getpid(), SIGKILL)
    }
    let data = try DataFolder(folder)
    let log = try Self.open(data.logPath)
    #expect(log.end == 100)
    log.close()
    data.unlock()
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `Two processes cannot have one folder`() throws {
    let data = try DataFolder(Self.folder())
    #expect(throws: FolderFailure.self) { try DataFolder(data.path) }
    data.unlock()
    try DataFolder(data.path).unlock()
    try FileManager.default.removeItem(atPath: data.path)
  }

  @Test func `A folder that cannot be made says so`() {
    #expect(throws: FolderFailure.self) { try DataFolder("/proc/none/here") }
  }

  @Test(arguments: ["/lock", "/log", "/views", "/vault"])
  func `A folder that could not be made whole is not left behind`(part: String) throws {
    let path = Self.folder()
    let call: FileFaults.Call = part == "/lock" ? .open : .makeFolder
    FileFaults.inject(.init(call, path + part, ENOSPC))
    #expect {
      try DataFolder(path)
    } throws: {
      ($0 as? FolderFailure)?.sentence.contains("disk is full") ?? false
    }
    #expect(try !File.isThere(path))
    // What was there before stays.
    try DataFolder(path).unlock()
    try FileManager.default.removeItem(atPath: path + "/vault")
    FileFaults.inject(.init(.makeFolder, path + "/vault", ENOSPC))
    #expect(throws: FolderFailure.self) { try DataFolder(path) }
    for kept in ["/lock", "/log", "/views"] { #expect(try File.isThere(path + kept)) }
    let folder = try DataFolder(path)
    try File.make(path + "/vault/registry", with: [1])
    folder.discard()
    #expect(try !File.isThere(path + "/vault"))
    #expect(try File.isThere(path + "/log"))
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `A folder that another process has is left as it is`() throws {
    let path = Self.folder()
    let first = try DataFolder(path)
    #expect(throws: FolderFailure.self) { try DataFolder(path) }
    #expect(try File.isThere(path + "/vault"))
    first.discard()
    #expect(try !File.isThere(path))
  }
}

import Files
import Foundation
import LMDB
import Testing

@testable import EventLog

/// The folder, the log and the mark.
struct EventLogTests {
  static func folder() -> String { NSTemporaryDirectory() + "log-test-" + UUID().uuidString }
  static let identity = LogIdentity(
    id: [UInt8](repeating: 5, count: 16), vaultID: [UInt8](repeating: 7, count: 16))

  static func begin(_ data: DataFolder) throws -> EventLog {
    _ = try File.makeFolder(data.logPath)
    return try EventLog.begin(in: data.logPath, identity, mapSizeBytes: 64 << 20)
  }

  static func open(_ data: DataFolder) throws -> EventLog {
    try EventLog(folder: data.logPath, mapSizeBytes: 64 << 20)
  }

  static func entries(_ events: [UInt8]...) -> [LogEntry] { events.map { LogEntry(event: $0) } }

  @Test func `Events are kept in order, byte for byte, and found again`() throws {
    let data = try DataFolder(Self.folder())
    let log = try Self.begin(data)
    #expect(log.end == 0)
    try log.append(Self.entries([1], [2, 2]))
    try log.append(Self.entries([3, 3, 3]))
    log.close()
    let again = try Self.open(data)
    #expect(again.end == 3)
    #expect(again.identity == Self.identity)
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

  @Test func `What is sealed is found by position, on its way and on disk, and only if it is that`()
    throws
  {
    let data = try DataFolder(Self.folder())
    let log = try Self.begin(data)
    let sealed: [UInt8] = [9, 9, 9]
    let entries = [LogEntry(event: [1]), LogEntry(event: [2], sealed: sealed)]
    // By sha256sum.
    let known: [UInt8] = [
      231, 64, 166, 250, 242, 219, 101, 245, 133, 49, 72, 215, 93, 154, 51, 93,
      124, 75, 148, 171, 16, 111, 229, 242, 55, 188, 52, 253, 207, 199, 69, 132,
    ]
    let reader = try log.makeReader()
    reader.awaited = (0, entries)
    #expect(try reader.sealed(0, sha256: []) == nil)
    #expect(try reader.sealed(1, sha256: known) == sealed)
    reader.awaited = (0, [])
    #expect(try reader.sealed(1, sha256: known) == nil)
    try log.append(entries)
    #expect(try reader.sealed(1, sha256: known) == sealed)
    #expect(try reader.sealed(0, sha256: known) == nil)
    let wrong = #expect(throws: LogFailure.self) {
      try reader.sealed(1, sha256: [UInt8](repeating: 1, count: 32))
    }
    #expect(wrong?.sentence.contains("the event at 1 ") == true)
    reader.end()
    log.close()
    data.unlock()
    try FileManager.default.removeItem(atPath: data.path)
  }

  @Test(arguments: [true, false])
  func `How far the vault reaches is kept with the events that need it, or not at all`(
    happens: Bool
  ) throws {
    let data = try DataFolder(Self.folder())
    let log = try Self.begin(data)
    try log.append(Self.entries([1]), vaultReach: 3)
    // It never goes back.
    try log.append(Self.entries([2]), vaultReach: 2)
    if !happens { log.failNextCommit(.before(StoreFailure(.diskFull, doing: "testing"))) }
    _ = try? log.append(Self.entries([3]), vaultReach: 8)
    #expect(log.identity.vaultReach == (happens ? 8 : 3))
    log.close()
    let again = try Self.open(data)
    #expect(again.identity.vaultReach == (happens ? 8 : 3))
    #expect(again.end == (happens ? 3 : 2))
    again.close()
    data.unlock()
    try FileManager.default.removeItem(atPath: data.path)
  }

  @Test(arguments: [0, 3, 9, 255] as [UInt8])
  func `A log of a format that nobody knows is refused with what to do`(format: UInt8) throws {
    let data = try DataFolder(Self.folder())
    _ = try File.makeFolder(data.logPath)
    let environment = try EventLog.open(data.logPath, 64 << 20)
    let meta = environment.table("meta")
    try environment.write { try $0.put(meta, EventLog.Meta.format, [format]) }
    environment.close()
    #expect(try EventLog.format(in: data.logPath, mapSizeBytes: 64 << 20) == format)
    let failure = #expect(throws: LogFailure.self) { try Self.open(data) }
    #expect(failure?.sentence.contains("has format \(format)") == true)
    #expect(failure?.sentence.contains("Use the program that wrote it") == true)
    data.unlock()
    try FileManager.default.removeItem(atPath: data.path)
  }

  @Test func `A log that was not begun to its end has no format, and does not open`() throws {
    let data = try DataFolder(Self.folder())
    _ = try File.makeFolder(data.logPath)
    try EventLog.open(data.logPath, 64 << 20).close()
    #expect(try EventLog.format(in: data.logPath, mapSizeBytes: 64 << 20) == nil)
    #expect(throws: LogFailure.self) { try Self.open(data) }
    data.unlock()
    try FileManager.default.removeItem(atPath: data.path)
  }

  @Test func `A commit that failed leaves the end where it was; one that is unknown is looked at`()
    throws
  {
    let data = try DataFolder(Self.folder())
    let log = try Self.begin(data)
    log.failNextCommit(.before(StoreFailure(.diskFull, doing: "testing")))
    #expect(throws: AppendFailure.self) { try log.append(Self.entries([1])) }
    #expect(log.end == 0)
    log.failNextCommit(.after(StoreFailure(.fatal, doing: "testing")))
    do {
      try log.append(Self.entries([1]))
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
      let log = try Self.begin(data)
      for at in 0..<100 as Range<UInt8> { try log.append(Self.entries([at])) }
      kill(getpid(), SIGKILL)
    }
    let data = try DataFolder(folder)
    let log = try Self.open(data)
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

  @Test func `A folder that could not be locked is not left behind`() throws {
    let path = Self.folder()
    FileFaults.inject(.init(.open, path + "/lock", ENOSPC))
    #expect {
      try DataFolder(path)
    } throws: {
      ($0 as? FolderFailure)?.sentence.contains("disk is full") ?? false
    }
    #expect(try !File.isThere(path))
    // What was there before stays.
    _ = try File.makeFolder(path)
    try File.make(path + "/other", with: [1])
    FileFaults.inject(.init(.open, path + "/lock", ENOSPC))
    #expect(throws: FolderFailure.self) { try DataFolder(path) }
    #expect(try File.isThere(path + "/other"))
    try DataFolder(path).discard()
    #expect(try !File.isThere(path + "/lock"))
    #expect(try File.isThere(path + "/other"))
    try FileManager.default.removeItem(atPath: path)
  }

  @Test func `A folder that another process has is left as it is`() throws {
    let path = Self.folder()
    let first = try DataFolder(path)
    #expect(throws: FolderFailure.self) { try DataFolder(path) }
    #expect(try File.isThere(path + "/lock"))
    first.discard()
    #expect(try !File.isThere(path))
  }
}

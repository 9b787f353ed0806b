import Foundation
import Messages
import Registry
import Testing
import Wire

@testable import EventLog
@testable import LMDB
@testable import Projections
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Damage of what is stored, found at the next start or by the scrub: never an answer that was not
/// recorded, and never a signal.
struct DamageTests {
  func filled(
    _ change: @escaping (inout RegistryStore.Options) -> Void = { _ in }
  ) throws -> TestRegistry {
    let registry = try TestRegistry(change)
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(Fixture.enrolled("e1", "a"), Fixture.completed("e1"))
    return registry
  }

  func log(_ registry: TestRegistry) -> String { registry.folder + "/data/log/data.mdb" }

  func views(_ registry: TestRegistry) throws -> String {
    let current = try String(
      contentsOfFile: registry.folder + "/data/views.current", encoding: .utf8)
    return "\(registry.folder)/data/views/\(current)/data.mdb"
  }

  func close(_ registry: TestRegistry) throws {
    registry.writer.stop()
    try registry.store.close()
  }

  func change(_ path: String, _ body: (inout Data) -> Void) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    body(&bytes)
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  func reopen(_ registry: TestRegistry, rebuild: Bool = false) throws {
    registry.store = try TestRegistry.open(registry.folder, rebuild: rebuild)
    registry.writer = Writer(registry.store)
    registry.writer.start()
  }

  // MARK: views

  private static let damages: [(String, @Sendable (inout Data) -> Void)] = [
    ("cut in half", { $0.removeLast($0.count / 2) }),
    ("empty", { $0.removeAll() }),
    ("zeroed", { $0.resetBytes(in: 0..<$0.count) }),
    ("without its first page", { $0.resetBytes(in: 0..<4096) }),
    ("with a page size of 0", { $0.resetBytes(in: 40..<44) }),
    ("zeroed behind its meta pages", { $0.resetBytes(in: 8192..<$0.count) }),
    ("noise", { for at in $0.indices { $0[at] = UInt8(truncatingIfNeeded: at &* 31) } }),
  ]

  @Test(arguments: damages.indices)
  func `Views that are damaged are brought back from the log at the start`(at: Int) throws {
    let registry = try filled()
    let before = try registry.store.digest()
    try close(registry)
    try change(views(registry), Self.damages[at].1)
    try reopen(registry)
    #expect(registry.store.viewsState.hasPrefix("rebuilt: "), "\(Self.damages[at].0)")
    #expect(try registry.store.digest().tables == before.tables)
    try registry.end()
  }

  @Test(arguments: damages.indices)
  func `A rebuild needs nothing of what it replaces`(at: Int) throws {
    let registry = try filled()
    let before = try registry.store.digest()
    try close(registry)
    try change(views(registry), Self.damages[at].1)
    try reopen(registry, rebuild: true)
    guard case .nothing(let reason) = registry.store.replaced else {
      Issue.record("\(Self.damages[at].0): it was compared with something")
      return
    }
    #expect(!reason.isEmpty)
    #expect(try registry.store.digest().tables == before.tables)
    try registry.end()
  }

  @Test func `A rebuild compares rows, whatever digest is kept of them`() throws {
    let registry = try filled()
    try close(registry)
    try reopen(registry, rebuild: true)
    guard case .tables(let tables, _) = registry.store.replaced else {
      Issue.record("nothing was compared")
      return
    }
    #expect(try registry.store.digest().tables == tables)
    // A row that is made up, with a right checksum and behind the digests' back.
    let views = unsafe registry.store.views
    try views.environment.write { try $0.put(views[.merged], Array("made-up".utf8), []) }
    try close(registry)
    try reopen(registry, rebuild: true)
    guard case .tables(let other, _) = registry.store.replaced else {
      Issue.record("nothing was compared")
      return
    }
    let now = try registry.store.digest().tables
    #expect(now == tables)
    #expect(other.filter { !now.contains($0) }.map(\.table) == [.merged])
    try registry.end()
  }

  @Test(arguments: ["zzz", "../log", "9223372036854775807", "", "1/../../log", "-1", "01", "1\n"])
  func `What views.current holds is a number or nothing`(content: String) throws {
    let registry = try filled()
    let before = try registry.store.digest()
    try close(registry)
    try Data(content.utf8).write(
      to: URL(fileURLWithPath: registry.folder + "/data/views.current"))
    try reopen(registry)
    #expect(registry.store.viewsState.hasPrefix("rebuilt: "))
    #expect(try registry.store.digest().tables == before.tables)
    #expect(FileManager.default.fileExists(atPath: log(registry)))
    try registry.reopen()
    #expect(registry.store.viewsState == "caught up")
    try registry.end()
  }

  /// A row that was written wrong, with a right checksum.
  func write(position: UInt64, _ registry: TestRegistry) throws {
    let views = unsafe registry.store.views
    var value: [UInt8] = []
    value.append(bigEndian: position)
    let row = value
    try views.environment.write { try $0.put(views[.meta], ViewKey.position, row) }
  }

  @Test(arguments: [1, 1 << 32, UInt64(1) << 63, .max])
  func `Views that know more than the log are answered from no more, and computed anew`(
    beyond: UInt64
  ) throws {
    let registry = try filled()
    let before = try registry.store.digest()
    let (position, isOver) = before.asOf.addingReportingOverflow(beyond)
    try write(position: isOver ? .max : position, registry)
    func ask<Q: Message, P: Message>(_ method: Method, _ question: Q, _ page: P.Type) {
      let status = #expect(throws: CallStatus.self, "\(method.name)") {
        try registry.allPages(method, question, page)
      }
      #expect(status?.code == .dataLoss && status?.message.contains("damaged") == true)
    }
    ask(.diff, DiffRequest(from: 0), DiffPage.self)
    ask(.exceptions, ExceptionsRequest(), ExceptionsPage.self)
    ask(
      .watch, WatchRequest(begin: .from(0), what: .kinds(WatchedKinds(kinds: [id("officer")]))),
      WatchPage.self)
    ask(.readLog, ReadLogRequest(), ReadLogPage.self)
    #expect(throws: QueryFailure.self) { try registry.verify("k1") }
    // It is neither called clean nor taken for a log that is older than its views.
    try registry.reopen()
    #expect(registry.store.viewsState.hasPrefix("rebuilt: they say that they know"))
    #expect(try registry.store.digest().tables == before.tables)
    try registry.end()
  }

  @Test func `Views that know less than they hold are not caught up again`() throws {
    let registry = try filled()
    let before = try registry.store.digest()
    try write(position: before.asOf - 2, registry)
    try registry.reopen()
    #expect(registry.store.viewsState.hasPrefix("rebuilt: they say that they know"))
    #expect(try registry.store.digest().tables == before.tables)
    try registry.end()
  }

  // MARK: log

  @Test func `A log that is cut, zeroed or absurd is refused in a sentence`() throws {
    let registry = try filled()
    try close(registry)
    let whole = try Data(contentsOf: URL(fileURLWithPath: log(registry)))
    for (name, damage) in Self.damages where name != "empty" {
      try whole.write(to: URL(fileURLWithPath: log(registry)))
      try change(log(registry), damage)
      let failure = #expect(throws: FolderFailure.self, "\(name)") {
        try TestRegistry.open(registry.folder)
      }
      #expect(failure?.sentence.contains("is damaged") == true, "\(name)")
      #expect(failure?.sentence.contains("Restore a backup") == true, "\(name)")
    }
    try whole.write(to: URL(fileURLWithPath: log(registry)))
    try reopen(registry)
    try registry.end()
  }

  @Test func `An event that is missing is named at the start`() throws {
    let registry = try filled()
    try close(registry)
    let environment = try EventLog.open(registry.folder + "/data/log", 1 << 30)
    let events = environment.table("events")
    let position: UInt64 = 3
    try environment.write { transaction in
      _ = try transaction.delete(events, unsafe withUnsafeBytes(of: position) { unsafe Array($0) })
    }
    environment.close()
    let failure = #expect(throws: FolderFailure.self) { try TestRegistry.open(registry.folder) }
    #expect(failure?.sentence.contains("position 3") == true)
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  @Test func `What is whole of a damaged log is served on request, and nothing is recorded`() throws
  {
    let registry = try filled()
    let digest = try registry.store.digest()
    let position = digest.asOf - 2
    let live = try unsafe registry.store.log.makeReader()
    let bytes = try #require(try live.read(position) { RawFields.bytes($0) })
    live.end()
    try close(registry)
    try change(log(registry)) { data in
      let needle = Data(bytes.suffix(40))
      var from = data.startIndex
      while let found = data.range(of: needle, in: from..<data.endIndex) {
        data[found.lowerBound + 10] ^= 8
        from = found.upperBound
      }
    }
    let refused = #expect(throws: FolderFailure.self) { try TestRegistry.open(registry.folder) }
    #expect(refused?.sentence.contains("position \(position)") == true)
    #expect(refused?.sentence.contains("--despite-damage") == true)
    let store = try TestRegistry.open(registry.folder) { $0.acceptsDamage = true }
    #expect(store.logDamage?.contains("position \(position)") == true)
    #expect(try store.digest().tables == digest.tables)
    let reader = try unsafe store.log.makeReader()
    #expect(try reader.read(position) { $0.byteCount } == nil)
    #expect(try reader.read(position - 1) { $0.byteCount } != nil)
    #expect(throws: LogFailure.self) { try reader.read(from: 0) { _, _ in true } }
    reader.end()
    let writer = Writer(store)
    writer.start()
    #expect(writer.isClosed?.contains("damaged") == true)
    writer.stop()
    try store.close()
    // It is said again at the next start.
    #expect(throws: FolderFailure.self) { try TestRegistry.open(registry.folder) }
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  /// Flips in the log: the start says so, or every event and every table is as it was.
  @Test(arguments: 0..<6 as Range<UInt64>)
  func `A flipped bit in the log or the views is said or mended, or changes nothing`(
    seed: UInt64
  ) throws {
    let registry = try filled()
    let before = try registry.store.digest()
    let events = try allEvents(registry.store)
    try close(registry)
    let logPath = log(registry)
    let wholeLog = try Data(contentsOf: URL(fileURLWithPath: logPath))
    var random = Seeded(seed)
    for _ in 0..<6 {
      try wholeLog.write(to: URL(fileURLWithPath: logPath))
      let inViews = Bool.random(using: &random)
      let path = inViews ? try views(registry) : logPath
      let count = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 1
      let bit = Int.random(in: 0..<(count * 8), using: &random)
      try change(path) { $0[bit / 8] ^= 1 << UInt8(bit % 8) }
      do {
        let store = try TestRegistry.open(registry.folder)
        let (found, all) = (try store.digest(), try allEvents(store))
        #expect(all == events, "seed \(seed), bit \(bit)")
        #expect(found.tables == before.tables, "seed \(seed), bit \(bit) of \(path)")
        try store.close()
      } catch let failure as FolderFailure {
        #expect(!inViews, "seed \(seed): views are mended, not refused: \(failure.sentence)")
      }
    }
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  func allEvents(_ store: RegistryStore) throws -> [[UInt8]] {
    var events: [[UInt8]] = []
    let reader = try unsafe store.log.makeReader()
    defer { reader.end() }
    try reader.read(from: 0) { _, bytes in
      events.append(RawFields.bytes(bytes))
      return true
    }
    return events
  }
}

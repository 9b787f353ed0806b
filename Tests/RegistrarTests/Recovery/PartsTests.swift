import Files
import Foundation
import LMDB
import Messages
import Registry
import Testing
import Vault

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A start on a folder of which a part is missing, older or of another registry.
struct PartsTests {
  /// A registry with two officers, stopped.
  static func stopped() throws -> TestRegistry {
    let registry = try TestRegistry()
    try registry.given(
      Fixture.established(), Fixture.organisation("moict"), Fixture.officer("a", "1"),
      Fixture.officer("b", "2"))
    registry.writer.stop()
    try registry.store.close()
    return registry
  }

  /// Every file below a folder, with what is in it.
  static func contents(_ folder: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
      // Locks are made anew whenever a folder is looked at.
      guard !path.hasSuffix("lock.mdb"), path != "lock" else { continue }
      found[path] = FileManager.default.contents(atPath: folder + "/" + path) ?? Data()
    }
    return found
  }

  static func sentence(_ folder: String) throws -> String? {
    do {
      try TestRegistry.open(folder).close()
      return nil
    } catch let failure as FolderFailure {
      return failure.sentence
    }
  }

  static func remove(_ paths: String...) -> (_ data: String) throws -> Void {
    { data in for path in paths { try FileManager.default.removeItem(atPath: data + "/" + path) } }
  }

  static func empty(_ path: String) -> (_ data: String) throws -> Void {
    { data in try Data().write(to: URL(fileURLWithPath: data + "/" + path)) }
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    var what: String
    var words: String
    var make: @Sendable (_ data: String) throws -> Void
    var testDescription: String { what }
  }

  static let damages = [
    Damage(
      what: "log file away", words: "The log of the registry",
      make: { try remove("log/data.mdb")($0) }),
    Damage(what: "log file empty", words: "is empty", make: { try empty("log/data.mdb")($0) }),
    Damage(
      what: "log folder away", words: "The log of the registry", make: { try remove("log")($0) }),
    Damage(
      what: "log and views away", words: "the folder has a vault",
      make: { try remove("log", "views", "views.mark", "views.current")($0) }),
    Damage(
      what: "log and vault away", words: "the folder has views",
      make: { try remove("log", "vault")($0) }),
    Damage(
      what: "vault away", words: "The vault of the registry", make: { try remove("vault")($0) }),
    Damage(
      what: "secret away", words: "The vault of the registry",
      make: { try remove("vault/registry")($0) }),
    Damage(
      what: "secret empty", words: "The vault of the registry",
      make: { try empty("vault/registry")($0) }),
    Damage(
      what: "keys away", words: "The officers' keys of the registry",
      make: { try remove("vault/officers")($0) }),
    Damage(
      what: "keys empty", words: "older than the log", make: { try empty("vault/officers")($0) }),
    Damage(
      what: "keys cut", words: "it has 1 keys (vault/officers), and the log names 2",
      make: {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: $0 + "/vault/officers"))
        try file.truncate(atOffset: 160)
        try file.close()
      }),
  ]

  @Test(arguments: damages)
  func `A missing, emptied or older part is refused, and nothing is changed`(
    damage: Damage
  ) throws {
    let registry = try Self.stopped()
    let data = registry.folder + "/data"
    try damage.make(data)
    let before = try Self.contents(data)
    for _ in 0..<2 {
      let sentence = try Self.sentence(registry.folder)
      #expect(sentence?.contains(damage.words) == true, "\(sentence ?? "it was opened")")
      #expect(sentence?.contains("Nothing was changed") == true)
    }
    let after = try Self.contents(data)
    // An empty file of keys may be made where there is none; nothing else.
    for (path, bytes) in before { #expect(after[path] == bytes, "\(path)") }
    #expect(
      after.keys.allSatisfy { before[$0] != nil || $0 == "vault/officers" },
      "\(Set(after.keys).subtracting(before.keys))")
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  @Test func `A vault of another registry is refused, though its master key is right`() throws {
    let registry = try Self.stopped()
    let other = try TestRegistry()
    other.writer.stop()
    try other.store.close()
    try FileManager.default.removeItem(atPath: other.folder + "/data")
    try FileManager.default.removeItem(atPath: other.folder + "/key")
    try FileManager.default.copyItem(
      atPath: registry.folder + "/key", toPath: other.folder + "/key")
    other.store = try TestRegistry.open(other.folder)
    #expect(other.store.isNew)
    other.writer = Writer(other.store)
    other.writer.start()
    try other.given(
      Fixture.established(), Fixture.organisation("moict"), Fixture.officer("a", "1"),
      Fixture.officer("b", "2"))
    other.writer.stop()
    try other.store.close()
    try FileManager.default.removeItem(atPath: registry.folder + "/data/vault")
    try FileManager.default.copyItem(
      atPath: other.folder + "/data/vault", toPath: registry.folder + "/data/vault")
    let sentence = try Self.sentence(registry.folder)
    #expect(sentence?.contains("is of another registry") == true, "\(sentence ?? "opened")")
    for folder in [registry.folder, other.folder] {
      try FileManager.default.removeItem(atPath: folder)
    }
  }

  @Test func `An older log is refused while the views know more, and gone on from when asked`()
    throws
  {
    let registry = try Self.stopped()
    let data = registry.folder + "/data"
    let old = try Data(contentsOf: URL(fileURLWithPath: data + "/log/data.mdb"))
    var store = try TestRegistry.open(registry.folder)
    var writer = Writer(store)
    writer.start()
    (registry.store, registry.writer) = (store, writer)
    try registry.given(Fixture.officer("c", "3"))
    writer.stop()
    try store.close()
    try old.write(to: URL(fileURLWithPath: data + "/log/data.mdb"))
    for isMarkAlone in [false, true] {
      // Also where only the mark tells how far the log was.
      if isMarkAlone { try FileManager.default.removeItem(atPath: data + "/views") }
      let sentence = try Self.sentence(registry.folder)
      #expect(sentence?.contains("ends at 4 events, and the views know 5") == true)
      #expect(sentence?.contains("--older-log") == true)
    }
    store = try TestRegistry.open(registry.folder) { $0.acceptsOlderLog = true }
    #expect(store.events == 4 && store.viewsState.hasPrefix("rebuilt"))
    writer = Writer(store)
    writer.start()
    (registry.store, registry.writer) = (store, writer)
    // The vault is newer than the log: the officer's key is there, and is taken.
    #expect(try registry.record([Fixture.officer("c", "3")])[0].position == 4)
    let live = try store.digest().hex
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().hex == live)
    try registry.end()
  }

  @Test func `Views of a log that went on differently are computed again`() throws {
    let registry = try Self.stopped()
    let data = registry.folder + "/data"
    let old = try Data(contentsOf: URL(fileURLWithPath: data + "/log/data.mdb"))
    func goOn(_ officers: String...) throws -> Data {
      registry.store = try TestRegistry.open(registry.folder) { $0.acceptsOlderLog = true }
      registry.writer = Writer(registry.store)
      registry.writer.start()
      for officer in officers { try registry.given(Fixture.officer(officer, "n-" + officer)) }
      registry.writer.stop()
      try registry.store.close()
      return try Data(contentsOf: URL(fileURLWithPath: data + "/log/data.mdb"))
    }
    let other = try goOn("c", "d", "e")
    try old.write(to: URL(fileURLWithPath: data + "/log/data.mdb"))
    _ = try goOn("x")
    // A log that is longer than the views, but whose event before their position is another.
    try other.write(to: URL(fileURLWithPath: data + "/log/data.mdb"))
    let store = try TestRegistry.open(registry.folder)
    #expect(store.viewsState.contains("went on differently"), "\(store.viewsState)")
    try store.close()
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  // MARK: beginnings

  @Test func `A first start that broke off anywhere can be made again`() throws {
    // What it leaves after each of its steps.
    for steps in 1...5 {
      let folder = NSTemporaryDirectory() + "ujuzi-begin-" + UUID().uuidString
      let data = folder + "/data"
      try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
      try MasterKey.create(at: folder + "/key")
      if steps >= 1 { try Data().write(to: URL(fileURLWithPath: data + "/beginning")) }
      if steps >= 2 {
        _ = try File.makeFolder(data + "/vault")
        _ = try File.makeFolder(data + "/views")
      }
      if steps >= 3 {
        try Vault(
          folder: data + "/vault", master: try MasterKey(at: folder + "/key"), mayBegin: true
        ).close()
      }
      if steps >= 4 {
        _ = try File.makeFolder(data + "/log.next")
        try EventLog.open(data + "/log.next", 1 << 30).close()
      }
      if steps >= 5 {
        try FileManager.default.moveItem(atPath: data + "/log.next", toPath: data + "/log")
        try FileManager.default.removeItem(atPath: data + "/log/data.mdb")
        try Data().write(to: URL(fileURLWithPath: data + "/log/data.mdb"))
      }
      let store = try TestRegistry.open(folder)
      #expect(store.isNew && store.events == 0, "\(steps)")
      #expect(!FileManager.default.fileExists(atPath: data + "/beginning"))
      try store.close()
      let again = try TestRegistry.open(folder)
      #expect(!again.isNew)
      try again.close()
      try FileManager.default.removeItem(atPath: folder)
    }
  }

  @Test func `A mark of a beginning makes no registry out of a vault with keys`() throws {
    let registry = try Self.stopped()
    let data = registry.folder + "/data"
    try Self.remove("log", "views", "views.mark", "views.current")(data)
    try Data().write(to: URL(fileURLWithPath: data + "/beginning"))
    let sentence = try Self.sentence(registry.folder)
    #expect(sentence?.contains("a vault with keys") == true, "\(sentence ?? "it was opened")")
    // Beside a whole registry it is nothing but left over.
    try FileManager.default.removeItem(atPath: registry.folder)
    let whole = try Self.stopped()
    try Data().write(to: URL(fileURLWithPath: whole.folder + "/data/beginning"))
    let store = try TestRegistry.open(whole.folder)
    #expect(!store.isNew && store.events == 4)
    #expect(!FileManager.default.fileExists(atPath: whole.folder + "/data/beginning"))
    try store.close()
    try FileManager.default.removeItem(atPath: whole.folder)
  }

  @Test func `Who may not begin a registry makes nothing`() throws {
    let registry = try Self.stopped()
    let none = registry.folder + "/none"
    var options = RegistryStore.Options(
      folder: none, masterKey: try MasterKey(at: registry.folder + "/key"))
    options.mayBegin = false
    let failure = #expect(throws: FolderFailure.self) {
      try RegistryStore(options, logger: .init(label: "test"))
    }
    #expect(failure?.kind == .absent)
    #expect(!FileManager.default.fileExists(atPath: none))
    #expect(try RegistryStore.wouldBegin(none))
    #expect(throws: FolderFailure.self) {
      try RegistryStore.wouldBegin(none, mayBegin: false)
    }
    #expect(try !RegistryStore.wouldBegin(registry.folder + "/data"))
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  @Test func `A start that was refused lets the folder go`() throws {
    let registry = try Self.stopped()
    let log = registry.folder + "/data/log"
    try FileManager.default.moveItem(atPath: log, toPath: registry.folder + "/log")
    #expect(try Self.sentence(registry.folder) != nil)
    try FileManager.default.moveItem(atPath: registry.folder + "/log", toPath: log)
    let store = try TestRegistry.open(registry.folder)
    #expect(store.events == 4)
    try store.close()
    try FileManager.default.removeItem(atPath: registry.folder)
  }
}

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

/// Keys that a clean start took from their index, and that are not as they were left.
extension KeyTests {
  /// A registry of which the keys were left with an index, opened again.
  static func indexed(scrubEverySeconds: Double) throws -> TestRegistry {
    let registry = try ready { options in
      options.keysIndexedFrom = 1
      options.scrubEverySeconds = scrubEverySeconds
      options.scrubFirstSeconds = scrubEverySeconds
    }
    try registry.reopen()
    #expect(!registry.store.vault.wereSlotsRead)
    return registry
  }

  static func flip(_ registry: TestRegistry, slot: Int) throws {
    let file = try File(registry.folder + "/data/vault/officers", .readingAndWriting)
    defer { file.close() }
    let at = slot * 160 + 80
    try file.write(file.read(at: at, count: 1).map { $0 ^ 1 }, at: at)
  }

  static func wait(for condition: () -> Bool) {
    for _ in 0..<6000 where !condition() { Thread.sleep(forTimeInterval: 0.005) }
  }

  @Test func `A key that rots while it is served is found and named by the scrub`() throws {
    let registry = try Self.indexed(scrubEverySeconds: 0.02)
    let scrub = try #require(registry.store.scrub)
    Self.wait { scrub.status.rounds >= 1 }
    #expect(scrub.status.findings == [])
    try Self.flip(registry, slot: 1)
    Self.wait { !registry.store.vault.damagedOfficers.isEmpty }
    #expect(scrub.status.findings.contains("the vault's slot 1 is not as it was written"))
    for round in 0..<2 {
      #expect(registry.store.vault.damagedOfficers == [id("b")])
      #expect(try registry.session { try $0.status() }.damagedKeys == 1)
      #expect(try registry.exceptions(.keyDamaged).map(\.officer) == [id("b")])
      let outcomes = try registry.record([
        Self.identifier("b", "N2"), Fixture.officer("d\(round)", "4\(round)"),
      ])
      #expect(outcomes.map(\.code) == ["key_damaged", nil])
      // The next start names it at once.
      try registry.reopen()
    }
    try registry.end()
  }

  @Test func `A key that rots meets who needs it, before anybody has read it again`() throws {
    let registry = try Self.indexed(scrubEverySeconds: 3600)
    let scrub = try #require(registry.store.scrub)
    // What the start did not read is read at once, long before the first round.
    Self.wait { scrub.status.rows == 3 && !scrub.status.running }
    #expect(scrub.status.rows == 3 && scrub.status.rounds == 0 && scrub.status.findings == [])
    try Self.flip(registry, slot: 1)
    #expect(try Self.name(registry, "2") == nil)
    #expect(
      try registry.record([Self.identifier("b", "N2"), Fixture.officer("d", "4")]).map(\.code)
        == ["key_damaged", nil])
    #expect(registry.store.vault.damagedOfficers == [id("b")])
    try registry.end()
  }

  @Test(arguments: ["emptied", "cut", "older", "missing"])
  func `An index does not hide that the keys are not those of the log`(how: String) throws {
    let registry = try Self.indexed(scrubEverySeconds: 3600)
    let (keys, index) = (
      registry.folder + "/data/vault/officers", registry.folder + "/data/vault/index"
    )
    let (old, oldIndex) = (try File.contents(of: keys), try File.contents(of: index))
    try registry.given(Fixture.officer("d", "4"))
    registry.writer.stop()
    try registry.store.close()
    switch how {
    case "emptied": try File.replace(keys, with: [])
    case "cut": try File.replace(keys, with: Array(old.prefix(160)))
    case "older":
      try File.replace(keys, with: old)
      try File.replace(index, with: oldIndex)
    default: try FileManager.default.removeItem(atPath: keys)
    }
    #expect {
      try TestRegistry.open(registry.folder) { options in
        options.keysIndexedFrom = 1
        options.scrubEverySeconds = 3600
      }
    } throws: {
      ($0 as? FolderFailure)?.kind == .incomplete
    }
  }
}

import Files
import Foundation
import LMDB
import Messages
import Projections
import Registry
import Testing
import Vault

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Keys that are damaged, missing or cannot be kept, as people who record and ask meet them.
struct KeyTests {
  static func identifier(_ officer: String, _ value: String) -> Proposal {
    Fixture.proposal(
      "officer/" + officer, "2021-01-01",
      .officer(.identifierAdded(OfficerIdentifierAdded(scheme: id("national-id")))),
      personal: Personal(identifiers: [SchemeValue(scheme: id("national-id"), value: value)]))
  }

  /// A registry with three officers, whose keys are in the slots 0, 1 and 2.
  static func ready(
    _ change: @escaping (inout RegistryStore.Options) -> Void = { _ in }
  ) throws -> TestRegistry {
    let registry = try TestRegistry(change)
    try registry.given(
      Fixture.proposal(
        "registry/ke", "2020-01-01",
        .registry(
          .established(
            RegistryEstablished(
              jurisdiction: id("ke"), timeZone: "Africa/Nairobi",
              identifierSchemes: [id("pn"), id("national-id")])))),
      Fixture.organisation("moict", [.ministry, .employer]))
    for (officer, number) in [("a", "1"), ("b", "2"), ("c", "3")] {
      try registry.given(Fixture.officer(officer, number))
    }
    return registry
  }

  static func change(_ registry: TestRegistry, slot: Int, _ change: (inout [UInt8]) -> Void) throws
  {
    registry.writer.stop()
    try registry.store.close()
    let path = registry.folder + "/data/vault/officers"
    var bytes = try File.contents(of: path)
    var one = Array(bytes[(slot * 160)..<(slot * 160 + 160)])
    change(&one)
    bytes.replaceSubrange((slot * 160)..<(slot * 160 + 160), with: one)
    try File.replace(path, with: bytes)
    try Self.start(registry)
  }

  static func start(_ registry: TestRegistry, rebuild: Bool = false) throws {
    registry.store = try TestRegistry.open(registry.folder, rebuild: rebuild)
    registry.writer = Writer(registry.store)
    registry.writer.start()
  }

  static func name(_ registry: TestRegistry, _ number: String) throws -> String? {
    let identifier = SchemeValue(scheme: id("pn"), value: number)
    return try registry.deferred(
      .findPerson, ResolveOfficerRequest(identifier: identifier), FindPersonReply.self
    ).personal?.name
  }

  enum Damage: CaseIterable { case flipped, zeroed, another }

  @Test(arguments: Damage.allCases)
  func `A damaged key costs one officer's names, and stops nothing`(damage: Damage) throws {
    let registry = try Self.ready()
    try Self.change(registry, slot: 1) { slot in
      switch damage {
      case .flipped: slot[80] ^= 1
      case .zeroed: slot = Array(repeating: 0, count: 160)
      // As after an older program had made a second key: the slot is whole and opens nothing.
      case .another: slot = Array(repeating: 0, count: 160)
      }
    }
    if damage == .another {
      try registry.store.vault.makeKey(for: id("b"), sealedBefore: false)
      try registry.store.vault.sync()
      try registry.reopen(rebuild: true)
    }
    // Named at the start, in the status and among what does not fit.
    #expect(registry.store.vault.damagedOfficers == [id("b")])
    #expect(try registry.session { try $0.status() }.damagedKeys == 1)
    let findings = try registry.exceptions(.keyDamaged)
    #expect(findings.map(\.officer) == [id("b")])
    #expect(findings.map(\.position) == [3])
    #expect(findings[0].sentence.contains("officer b"))
    #expect(try registry.exceptions(.keyDamaged, at: 3).isEmpty)
    // The others read as before.
    #expect(try Self.name(registry, "1") == "Example a")
    #expect(try Self.name(registry, "3") == "Example c")
    #expect(try registry.profile("b").officer == id("b"))
    // One item of a batch is rejected, and the others do not notice.
    let outcomes = try registry.record([
      Self.identifier("a", "N1"), Self.identifier("b", "N2"), Self.identifier("c", "N3"),
    ])
    #expect(outcomes[0].position != nil)
    #expect(outcomes[2].position != nil)
    if damage == .another {
      // A whole key that opened nothing old seals what is new: nothing is lost by it.
      #expect(outcomes[1].position != nil)
    } else {
      #expect(outcomes[1].code == "key_damaged")
      #expect(!registry.store.vault.hasSlot(of: id("b")))
    }
    // What has no personal data goes on.
    try registry.given(
      Fixture.proposal(
        "officer/b", "2021-02-01",
        .officer(
          .posted(OfficerPosted(posting: Posting(organisation: id("moict"), county: id("nairobi"))))
        )))
    for rebuild in [false, true, true] {
      try registry.reopen(rebuild: rebuild)
      #expect(try Self.name(registry, "1") == "Example a")
      #expect(
        try registry.exceptions(.keyDamaged).map(\.officer) == [id("b")] || damage == .another)
    }
    try registry.end()
  }

  @Test(arguments: [false, true])
  func `The number of an officer whose key is damaged stays theirs after a rebuild`(
    isAsked: Bool
  ) throws {
    let registry = try Self.ready()
    let before = try registry.store.digest()
    try Self.change(registry, slot: 1) { $0[80] ^= 1 }
    // Again and again: each takes it from the one before.
    for _ in 0..<2 {
      if isAsked {
        try registry.reopen(rebuild: true)
        guard case .tables(let tables, _) = registry.store.replaced else {
          Issue.record("nothing was compared")
          return
        }
        #expect(try registry.store.digest().tables == tables)
      } else {
        registry.writer.stop()
        try registry.store.close()
        try FileManager.default.removeItem(atPath: registry.folder + "/data/views.mark")
        try Self.start(registry)
        #expect(registry.store.viewsState.hasPrefix("rebuilt: "))
      }
      #expect(registry.store.keptNumbers == 1)
      #expect(try registry.store.digest().tables == before.tables)
      let found = try registry.onLoop(
        .resolveOfficer,
        ResolveOfficerRequest(identifier: SchemeValue(scheme: id("pn"), value: "2")),
        ResolveOfficerReply.self)
      #expect(found.officer == id("b"))
      let other = try registry.record([Fixture.officer("d", "2")])[0]
      #expect(other.code == Rejection.Code.alreadyTaken.rawValue)
    }
    try registry.end()
  }

  @Test func `The number of a damaged key is kept from views that a former program left`() throws {
    let registry = try Self.ready()
    try Self.change(registry, slot: 1) { $0[80] ^= 1 }
    let number = SchemeValue(scheme: id("pn"), value: "2")
    let views = unsafe registry.store.views
    let hash = registry.store.vault.blind(number).hash
    // Format 8: the officer by the hash alone.
    try views.environment.write { transaction in
      for row in try views.identifierRows(below: hash, transaction) {
        try transaction.delete(views[.identifiers], row.key(below: hash))
      }
      try transaction.put(views[.identifiers], hash, ViewKey.of(id("b")))
    }
    for _ in 0..<2 {
      try registry.reopen(rebuild: true)
      #expect(registry.store.keptNumbers == 1)
      #expect(try registry.whose("2") == "b")
      #expect(try registry.whose("2", on: "2019-12-31") == nil)
      #expect(try registry.record([Fixture.officer("d", "2")])[0].code == "already_taken")
    }
    try registry.end()
  }

  @Test func `What would bring back numbers of a damaged key that nobody can read is refused`()
    throws
  {
    let registry = try Self.ready()
    let posted = Fixture.proposal(
      "officer/b", "2021-02-01",
      .officer(
        .posted(OfficerPosted(posting: Posting(organisation: id("moict"), county: id("nairobi"))))))
    let end = Numbers.ended("b", "2", "2022-01-01")
    try registry.given(posted, end)
    try Self.change(registry, slot: 1) { $0[80] ^= 1 }
    #expect(try registry.record([Fixture.voided(end)])[0].code == "key_damaged")
    #expect(try registry.whose("2", on: "2021-12-31") == "b")
    #expect(try registry.whose("2", on: "2022-01-01") == nil)
    try registry.given(Fixture.voided(posted))
    try registry.end()
  }

  @Test func `A rebuild without views before goes on without the number of a damaged key`() throws {
    let registry = try Self.ready()
    try Self.change(registry, slot: 1) { $0[80] ^= 1 }
    registry.writer.stop()
    try registry.store.close()
    try FileManager.default.removeItem(atPath: registry.folder + "/data/views")
    try Self.start(registry)
    #expect(registry.store.keptNumbers == 0)
    #expect(registry.store.vault.damagedOfficers == [id("b")])
    #expect(try Self.name(registry, "1") == "Example a")
    try registry.end()
  }

  @Test func `Of a group with a damaged key nothing is recorded, and a dry run says so before`()
    throws
  {
    let registry = try Self.ready()
    try Self.change(registry, slot: 1) { $0[70] ^= 4 }
    let group = [Self.identifier("a", "N1"), Self.identifier("b", "N2")]
    let dry = try registry.record(group, purpose: .dryRun)
    #expect(dry.map(\.code) == [nil, "key_damaged"])
    let size = try registry.size
    let outcomes = try registry.record(group, atomic: true)
    #expect(outcomes[1].code == "key_damaged")
    guard case .notRecorded = outcomes[0] else {
      Issue.record("\(outcomes[0])")
      return
    }
    #expect(try registry.size == size)
    #expect(try registry.record([group[0]])[0].position == size)
    try registry.end()
  }

  @Test func `A key that is restored from a backup opens everything again`() throws {
    let registry = try Self.ready()
    let whole = try File.contents(of: registry.folder + "/data/vault/officers")
    try Self.change(registry, slot: 1) { $0[0] ^= 1 }
    #expect(try Self.name(registry, "2") != "Example b")
    try Self.change(registry, slot: 1) { $0 = Array(whole[160..<320]) }
    #expect(registry.store.vault.damagedOfficers.isEmpty)
    #expect(try Self.name(registry, "2") == "Example b")
    #expect(try registry.record([Self.identifier("b", "N2")])[0].position != nil)
    try registry.end()
  }

  @Test func `A slot torn before its officer was recorded hinders nobody`() throws {
    let registry = try Self.ready()
    try registry.store.vault.makeKey(for: id("d"), sealedBefore: false)
    try registry.store.vault.sync()
    try Self.change(registry, slot: 3) { $0[100] ^= 1 }
    #expect(registry.store.vault.damagedSlots == [3])
    #expect(registry.store.vault.damagedOfficers.isEmpty)
    #expect(try registry.exceptions(.keyDamaged).isEmpty)
    try registry.given(Fixture.officer("d", "4"), Self.identifier("d", "N4"))
    #expect(try Self.name(registry, "4") == "Example d")
    try registry.end()
  }

  @Test func `An erased officer is rejected, and is no damage`() throws {
    let registry = try Self.ready()
    try registry.store.vault.erase(id("b"))
    let outcomes = try registry.record([Self.identifier("a", "N1"), Self.identifier("b", "N2")])
    #expect(outcomes[0].position != nil)
    #expect(outcomes[1].code == "erased")
    #expect(try registry.record([Self.identifier("b", "N2")], purpose: .dryRun)[0].code == "erased")
    try registry.reopen(rebuild: true)
    #expect(registry.store.vault.damagedOfficers.isEmpty)
    #expect(try registry.exceptions(.keyDamaged).isEmpty)
    try registry.end()
  }

  @Test(arguments: [FileFaults.Call.write, .sync], [false, true])
  func `A full vault is told as a full log is, and recording goes on with room`(
    call: FileFaults.Call, happens: Bool
  ) throws {
    let registry = try Self.ready()
    let items = [Fixture.officer("d", "4")]
    let encoded = items.map { RecordItem(proposal: Codec.encode($0)) }
    unsafe registry.store.log.failNextCommit(.before(StoreFailure(.diskFull, doing: "testing")))
    func health() throws -> HealthReply {
      try registry.onLoop(.check, HealthRequest(), HealthReply.self)
    }
    #expect(try health().serving == .yes)
    guard case .failure(.notRecorded(_, mayRetry: true)) = registry.submit(encoded) else {
      Issue.record("a full log")
      return
    }
    #expect(try health().serving == .readOnly)
    let other = [RecordItem(proposal: Codec.encode(Fixture.officer("e", "5")))]
    FileFaults.inject(
      .init(call, registry.folder + "/data/vault/officers", ENOSPC, happens: happens, times: 4))
    guard case .failure(.notRecorded(let sentence, mayRetry: true)) = registry.submit(other) else {
      Issue.record("a full vault")
      return
    }
    #expect(sentence.contains("disk is full"))
    #expect(try health().detail.contains("disk is full"))
    FileFaults.clear(registry.folder)
    for items in [encoded, other] {
      #expect(try registry.submit(items).get().outcomes[0].position != nil)
    }
    #expect(try health().serving == .yes)
    try registry.reopen(rebuild: true)
    #expect(try Self.name(registry, "4") == "Example d")
    #expect(try Self.name(registry, "5") == "Example e")
    try registry.end()
  }

  @Test(arguments: [false, true])
  func
    `Keys that cannot be synced at all end recording, and nothing that needs them is acknowledged`(
      happens: Bool
    ) throws
  {
    let registry = try Self.ready()
    let size = try registry.size
    let items = [RecordItem(proposal: Codec.encode(Fixture.officer("d", "4")))]
    FileFaults.inject(
      .init(
        .sync, registry.folder + "/data/vault/officers", EIO, happens: happens, times: 2))
    guard case .failure(.notRecorded(_, mayRetry: false)) = registry.submit(items) else {
      Issue.record("it was recorded")
      return
    }
    guard case .failure(.closed(let reason)) = registry.submit(items) else {
      Issue.record("recording went on")
      return
    }
    #expect(reason.contains("Input/output error"))
    #expect(try registry.size == size)
    try registry.reopen()
    #expect(try registry.submit(items).get().outcomes[0].position == size)
    #expect(try Self.name(registry, "4") == "Example d")
    try registry.end()
  }

  @Test(arguments: ["registry", "officers"])
  func `A registry whose vault cannot be read, or is gone, does not start and loses nothing`(
    part: String
  ) throws {
    let registry = try Self.ready()
    registry.writer.stop()
    try registry.store.close()
    let path = registry.folder + "/data/vault/" + part
    let whole = try File.contents(of: path)
    for call in [FileFaults.Call.open, .read] {
      FileFaults.inject(.init(call, path, EIO))
      #expect {
        try TestRegistry.open(registry.folder)
      } throws: { error in
        error is VaultFailure || (error as? FileFailure)?.code == EIO
      }
      #expect(try File.contents(of: path) == whole)
    }
    try FileManager.default.removeItem(atPath: path)
    #expect { try TestRegistry.open(registry.folder) } throws: {
      ($0 as? FolderFailure)?.kind == .incomplete
    }
    try FileManager.default.removeItem(atPath: registry.folder + "/data/vault")
    #expect { try TestRegistry.open(registry.folder) } throws: {
      ($0 as? FolderFailure)?.kind == .incomplete
    }
    // What the refused start made is gone again.
    #expect(try !File.isThere(registry.folder + "/data/vault"))
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  @Test(arguments: [
    "/data", "/data/lock", "/data/log", "/data/views", "/data/vault", "/data/vault/registry",
    "/data/vault/officers", "/data/views.mark", "/data/views.current",
  ])
  func `A first start on a disk that is full leaves nothing, and the second one works`(
    part: String
  ) throws {
    let folder = NSTemporaryDirectory() + "ujuzi-test-" + UUID().uuidString
    _ = try File.makeFolder(folder)
    try MasterKeyFile.create(folder + "/key")
    for call in [FileFaults.Call.makeFolder, .open, .write, .sync] {
      FileFaults.inject(.init(call, folder + part, ENOSPC))
      do {
        let store = try TestRegistry.open(folder)
        // The call was not needed there.
        try store.close()
        try FileManager.default.removeItem(atPath: folder + "/data")
      } catch {
        #expect(!"\(error)".isEmpty)
      }
      FileFaults.clear(folder)
      #expect(try !File.isThere(folder + "/data"), "\(call)")
    }
    let store = try TestRegistry.open(folder)
    try store.close()
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `The rows of who has sealed data are the same live and rebuilt`() throws {
    let registry = try Self.ready()
    try registry.given(Self.identifier("a", "N1"))
    // Rejected parts of a batch leave nothing.
    _ = try registry.record(
      [Fixture.officer("d", "4"), Fixture.officer("e", "1")], atomic: true)
    let live = try registry.store.digest()
    #expect(live.tables.first { $0.table == .sealed }?.rows == 3)
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().hex == live.hex)
    try registry.end()
  }
}

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

/// A log of format 1, opened by this program.
struct LogUpgradeTests {
  /// The events of a log of format 1, as they are kept.
  static func older(_ golden: Golden) throws -> [[UInt8]] {
    let log = try OlderLog(folder: golden.folder + "/data/log", mapSizeBytes: 1 << 30)
    defer { log.close() }
    var events: [[UInt8]] = []
    try log.read(from: 0) { _, bytes in
      events.append(RawFields.bytes(bytes))
      return true
    }
    return events
  }

  static func sealedBefore(_ event: [UInt8]) -> [UInt8] {
    let bytes = unsafe event.span.bytes
    return Recorded.find(.sealedOfFormat1, in: bytes).map { RawFields.bytes(bytes.extracting($0)) }
      ?? []
  }

  @Test func `All that was recorded stays, and only what the format asks for is changed`() throws {
    let golden = try Golden()
    let before = try Self.older(golden)
    #expect(before.count == Int(Golden.events))
    let store = try golden.open()
    #expect(store.events == Golden.events)
    let reader = try unsafe store.log.makeReader()
    var entropies: Set<[UInt8]> = []
    var sealedCount = 0
    for (position, old) in before.enumerated() {
      let event = try #require(try reader.read(UInt64(position)) { RawFields.bytes($0) })
      let then = try Codec.decode(Recorded.self, from: old)
      let now = try Codec.decode(Recorded.self, from: event)
      #expect(now.position == then.position && now.version == then.version)
      #expect(now.recordedAtMs == then.recordedAtMs && now.actor == then.actor)
      #expect(now.rules == then.rules && now.proposal == then.proposal)
      #expect(now.entropy.count == 16)
      entropies.insert(now.entropy)
      let wasSealed = !Self.sealedBefore(old).isEmpty
      #expect(wasSealed == !now.sealedSha256.isEmpty, "\(position)")
      #expect(wasSealed == (now.digest != then.digest), "\(position)")
      let sealed = try reader.sealed(UInt64(position), sha256: now.sealedSha256)
      #expect((sealed != nil) == wasSealed)
      if wasSealed { sealedCount += 1 }
      // Nothing of what is sealed stands in the event.
      #expect(Recorded.find(.sealedOfFormat1, in: unsafe event.span.bytes) == nil)
    }
    #expect(entropies.count == before.count)
    #expect(sealedCount == 12)
    reader.end()
    #expect(unsafe store.log.identity.vaultID == store.vault.id)
    #expect(unsafe store.log.identity.vaultReach == store.vault.reach)
    try store.close()
    try golden.end()
  }

  @Test func `It is upgraded once, and the views are what a rebuild gives`() throws {
    let golden = try Golden()
    #expect(try golden.format == 1)
    let store = try golden.open()
    let digest = try store.digest().hex
    let id = store.logID
    try store.close()
    #expect(try golden.format == 2)
    let file = golden.folder + "/data/log/data.mdb"
    let made = try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int
    let again = try golden.open()
    #expect(again.logID == id)
    #expect(again.viewsState == "caught up")
    #expect(try again.digest().hex == digest)
    try again.close()
    #expect(
      try FileManager.default.attributesOfItem(atPath: file)[.systemFileNumber] as? Int == made)
    let rebuilt = try golden.open(rebuild: true)
    #expect(try rebuilt.digest().hex == digest)
    try rebuilt.close()
    try golden.end()
  }

  @Test(arguments: LogUpgrade.Step.allCases)
  func `An upgrade that was cut off is gone on with`(step: LogUpgrade.Step) throws {
    let golden = try Golden()
    let before = try Self.older(golden)
    #expect(throws: Golden.Stopped.self) { try golden.upgrade(stopAfter: step) }
    let store = try golden.open()
    #expect(store.events == Golden.events)
    let reader = try unsafe store.log.makeReader()
    for (position, old) in before.enumerated() {
      let event = try #require(try reader.read(UInt64(position)) { RawFields.bytes($0) })
      #expect(
        try Codec.decode(Recorded.self, from: event).proposal
          == Codec.decode(Recorded.self, from: old).proposal)
    }
    reader.end()
    try store.close()
    #expect(try golden.format == 2)
    #expect(!FileManager.default.fileExists(atPath: golden.folder + "/data/log.next"))
    try golden.end()
  }

  @Test func `A new log without its last word is thrown away, and the old one upgraded again`()
    throws
  {
    let golden = try Golden()
    #expect(throws: Golden.Stopped.self) { try golden.upgrade(stopAfter: .movedOld) }
    // As if the disk had lost what was written of it.
    let next = golden.folder + "/data/log.next"
    try FileManager.default.removeItem(atPath: next)
    _ = try File.makeFolder(next)
    try EventLog.open(next, 1 << 30).close()
    let store = try golden.open()
    #expect(store.events == Golden.events)
    try store.close()
    #expect(try golden.format == 2)
    try golden.end()
  }

  @Test func `What is erased is moved as it is, and no name can be tried against its digest`()
    throws
  {
    let golden = try Golden()
    let before = try Self.older(golden)
    let position = try #require(before.firstIndex { !Self.sealedBefore($0).isEmpty })
    let then = try Codec.decode(Recorded.self, from: before[position])
    let stream = try Codec.decode(Proposal.self, from: then.proposal).stream
    let vault = try Vault(
      folder: golden.folder + "/data/vault", master: golden.masterKey, mayBegin: false)
    try vault.erase(stream.key)
    vault.close()
    let store = try golden.open()
    #expect(store.events == Golden.events)
    let reader = try unsafe store.log.makeReader()
    let event = try #require(try reader.read(UInt64(position)) { RawFields.bytes($0) })
    let now = try Codec.decode(Recorded.self, from: event)
    #expect(
      try reader.sealed(UInt64(position), sha256: now.sealedSha256)
        == Self.sealedBefore(before[position]))
    #expect(now.digest != then.digest && now.digest.count == 16)
    reader.end()
    // The others are found by number as before.
    let session = try ReadSession(store)
    let known = try session.read { records in
      try (1...12).count { number in
        let value = "2022-0000" + (number < 10 ? "0" : "") + "\(number)"
        let identifier = SchemeValue(scheme: id("pn"), value: value)
        return try session.officer(identifier, on: day("2026-01-01"), knownAt: .max) != nil
      }
    }
    #expect(known == 11)
    session.end()
    try store.close()
    try golden.end()
  }

  @Test func `A log whose vault is another's, older or emptied is not upgraded, and not touched`()
    throws
  {
    let other = try TestRegistry()
    try other.given(Fixture.established())
    other.writer.stop()
    try other.store.close()
    for (what, words) in [
      ("secret", "another registry"), ("emptied", "older than the log"),
      ("older", "older than the log"),
    ] {
      let golden = try Golden()
      let vault = golden.folder + "/data/vault"
      switch what {
      case "secret":
        // Under the same master key.
        try FileManager.default.removeItem(atPath: vault + "/registry")
        let fresh = golden.folder + "/fresh"
        try FileManager.default.createDirectory(atPath: fresh, withIntermediateDirectories: true)
        try Vault(folder: fresh, master: golden.masterKey, mayBegin: true).close()
        try FileManager.default.moveItem(atPath: fresh + "/registry", toPath: vault + "/registry")
      case "emptied": try Data().write(to: URL(fileURLWithPath: vault + "/officers"))
      default:
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: vault + "/officers"))
        try handle.truncate(atOffset: 11 * 160)
        try handle.close()
      }
      let before = try Data(contentsOf: URL(fileURLWithPath: golden.folder + "/data/log/data.mdb"))
      do {
        try golden.open().close()
        Issue.record("\(what): it was opened")
      } catch {
        let sentence = (error as? FolderFailure)?.sentence ?? "\(error)"
        #expect(sentence.contains(words), "\(what): \(sentence)")
      }
      #expect(
        try Data(contentsOf: URL(fileURLWithPath: golden.folder + "/data/log/data.mdb")) == before)
      #expect(!FileManager.default.fileExists(atPath: golden.folder + "/data/log.next"))
      #expect(FileManager.default.fileExists(atPath: golden.folder + "/data/views.mark"))
      try golden.end()
    }
    try FileManager.default.removeItem(atPath: other.folder)
  }

  @Test func `A key that is damaged costs its officer's name, and no upgrade`() throws {
    let golden = try Golden()
    let file = golden.folder + "/data/vault/officers"
    var bytes = try Data(contentsOf: URL(fileURLWithPath: file))
    // In the wrapped key of the fourth slot.
    bytes[3 * 160 + 100] ^= 4
    try bytes.write(to: URL(fileURLWithPath: file))
    let store = try golden.open()
    #expect(store.events == Golden.events)
    try store.close()
    #expect(try golden.format == 2)
    try golden.end()
  }

  @Test func `A second older log is not moved over the first`() throws {
    let golden = try Golden()
    let log = golden.folder + "/data/log"
    try FileManager.default.copyItem(atPath: log, toPath: golden.folder + "/data/log.format-1")
    #expect(throws: FolderFailure.self) { try golden.open() }
    #expect(try golden.format == 1)
    try golden.end()
  }

  @Test func `A program of format 1 takes this log for one that it does not know`() throws {
    let golden = try Golden()
    try golden.open().close()
    // What it does: it reads the row as it stands, and compares it with one byte.
    let environment = try Environment(
      folder: golden.folder + "/data/log",
      options: .init(tables: ["meta"], durability: .synced, mapSizeBytes: 1 << 30))
    let meta = environment.table("meta")
    let row = try environment.read { try $0.copy(meta, Array("format".utf8)) }
    #expect(row != nil && row != [1])
    environment.close()
    try golden.end()
  }
}

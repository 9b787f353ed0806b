import Foundation
import LMDB
import Messages
import Registry
import Testing

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Each fault of a commit twice: it did not happen, and it did.
struct FaultTests {
  static let mapFull = StoreFailure(.mapFull, doing: "testing")
  static let fatal = StoreFailure(.fatal, doing: "testing")

  @Test func `A log commit that failed recorded nothing, and the next one works`() throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    unsafe registry.store.log.failNextCommit(.before(Self.mapFull))
    let proposal = Fixture.organisation("x")
    let items = [RecordItem(proposal: Codec.encode(proposal))]
    guard case .failure(.notRecorded(_, let mayRetry)) = registry.submit(items) else {
      Issue.record("a failed commit was acknowledged")
      return
    }
    #expect(!mayRetry)
    #expect(try registry.record([proposal])[0].position == 1)
    try registry.end()
  }

  @Test(arguments: [true, false])
  func `After an unknown outcome nothing is recorded until a restart has looked`(
    happened: Bool
  ) throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    unsafe registry.store.log.failNextCommit(
      happened ? .after(Self.fatal) : .before(Self.fatal))
    let proposal = Fixture.organisation("x")
    let items = [RecordItem(proposal: Codec.encode(proposal))]
    guard case .failure(.outcomeUnknown) = registry.submit(items) else {
      Issue.record("an unknown outcome was not said to be one")
      return
    }
    guard case .failure(.closed) = registry.submit(items) else {
      Issue.record("recording went on")
      return
    }
    try registry.reopen()
    let again = try registry.record([proposal])[0]
    #expect(again.position == 1)
    #expect(again.isAlready == happened)
    try registry.end()
  }

  @Test(arguments: [true, false])
  func `A commit that the disk failed is not tried again`(happened: Bool) throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    let log = unsafe registry.store.log
    // As `Environment` tells it: the pages may or may not be on the disk.
    let failure = StoreFailure(.fatal, doing: "committing: Input/output error")
    log.failNextCommit(happened ? .after(failure) : .before(failure))
    let one = [RecordItem(proposal: Codec.encode(Fixture.organisation("x")))]
    guard case .failure(.outcomeUnknown) = registry.submit(one) else {
      Issue.record("an unknown outcome was not said to be one")
      return
    }
    // Another commit would succeed: nobody makes it.
    for _ in 0..<3 {
      guard case .failure(.closed(let reason)) = registry.submit(one) else {
        Issue.record("recording went on")
        return
      }
      #expect(reason.contains("Input/output error"))
    }
    #expect(log.end == 1)
    try registry.reopen()
    #expect(unsafe registry.store.log.end == (happened ? 2 : 1))
    try registry.end()
  }

  @Test(arguments: [true, false])
  func `When the views' commit fails the log is caught up with before the answer`(
    happened: Bool
  ) throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established())
    unsafe registry.store.views.environment.failNextCommit(
      happened ? .after(Self.mapFull) : .before(Self.mapFull))
    #expect(try registry.record([Fixture.organisation("x")])[0].position == 1)
    try registry.given(Fixture.organisation("y"))
    let live = try registry.store.digest()
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().hex == live.hex)
    try registry.end()
  }

  @Test func `A second server on the folder is refused`() throws {
    let registry = try TestRegistry()
    #expect(throws: FolderFailure.self) { try TestRegistry.open(registry.folder) }
    try registry.end()
  }

  @Test func `Another master key does not open the vault`() throws {
    let registry = try TestRegistry()
    registry.writer.stop()
    try registry.store.close()
    try FileManager.default.removeItem(atPath: registry.folder + "/key")
    try MasterKeyFile.create(registry.folder + "/key")
    #expect(throws: (any Error).self) { try TestRegistry.open(registry.folder) }
    try FileManager.default.removeItem(atPath: registry.folder)
  }
}

import Foundation
import Messages
import Projections
import Registry
import Testing
import Vault

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A proposal that comes again under its event id, with and without personal data.
struct ResubmissionTests {
  static func officer(
    _ name: String, key: String = "a", number: Int = 1, id: EventID? = nil
  ) -> Proposal {
    var proposal = Fixture.officer(key, "\(number)")
    if let id { proposal.eventID = id }
    proposal.personal?.name = name
    return proposal
  }

  private func recorded(_ registry: TestRegistry, _ position: UInt64) throws -> Recorded {
    let reader = try unsafe registry.store.log.makeReader()
    defer { reader.end() }
    let bytes = try #require(try reader.read(position) { RawFields.bytes($0) })
    return try Codec.decode(Recorded.self, from: bytes)
  }

  @Test
  func `The same proposal gets its first receipt, another is refused, whatever happened since`()
    throws
  {
    let registry = try TestRegistry()
    try registry.given(Fixture.established(), Fixture.organisation("moict"))
    let first = Self.officer("Amina Example")
    let another = Self.officer("Amina Examplo", id: first.eventID)
    var without = first
    without.personal = nil
    let position = try #require(try registry.record([first])[0].position)
    for _ in 0..<2 {
      let again = try registry.record([first])[0]
      #expect(again.position == position && again.isAlready)
      if case .recorded(let at) = again { #expect(!at.personalNotCompared) }
      #expect(try registry.record([another])[0].code == "event_id_reused")
      #expect(try registry.record([without])[0].code == "event_id_reused")
      try registry.reopen(rebuild: true)
    }
    try registry.end()
  }

  @Test func `It is told in one batch, in a dry run and in a preview as well`() throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established(), Fixture.organisation("moict"))
    let first = Self.officer("Amina Example")
    let another = Self.officer("Amina Examplo", id: first.eventID)
    for purpose in [DecodedRequest.Purpose.dryRun, .preview, .record] {
      let outcomes = try registry.record([first, first, another], purpose: purpose)
      #expect(outcomes[0].position == 2 && !outcomes[0].isAlready, "\(purpose)")
      #expect(outcomes[1].position == 2 && outcomes[1].isAlready, "\(purpose)")
      #expect(outcomes[2].code == "event_id_reused", "\(purpose)")
    }
    for purpose in [DecodedRequest.Purpose.dryRun, .preview] {
      let outcomes = try registry.record([first, another], purpose: purpose)
      #expect(outcomes[0].isAlready && outcomes[1].code == "event_id_reused", "\(purpose)")
    }
    try registry.end()
  }

  @Test func `After an erasure the receipt is given, and says what was not compared`() throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established(), Fixture.organisation("moict"))
    let first = Self.officer("Amina Example")
    let position = try #require(try registry.record([first])[0].position)
    try registry.store.vault.erase(id("a"))
    for name in ["Amina Example", "Amina Examplo"] {
      guard
        case .recorded(let at) = try registry.record([Self.officer(name, id: first.eventID)])[0]
      else {
        Issue.record("no receipt")
        continue
      }
      #expect(at.position == position && at.already && at.personalNotCompared)
    }
    // What is not personal is compared as ever.
    var moved = first
    moved.effective = day("2022-03-04")
    #expect(try registry.record([moved])[0].code == "event_id_reused")
    try registry.end()
  }

  @Test func `The digest of what is personal confirms no guess once the salt is gone`() throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established(), Fixture.organisation("moict"))
    let (first, second) = (Self.officer("Amina Example"), Fixture.organisation("mps"))
    try registry.given(first, second)
    let personal = try recorded(registry, 2)
    let plain = try recorded(registry, 3)
    // Whoever has the registry's secret, and guesses the whole proposal:
    let guess = registry.store.vault.proposalDigest(Codec.encode(first))
    #expect(personal.digest.count == 16 && personal.digest != guess)
    #expect(plain.digest == registry.store.vault.proposalDigest(Codec.encode(second)))
    // The same proposal in another registry with the same secret would have another digest.
    #expect(
      Vault.saltedDigest(guess, salt: [UInt8](repeating: 1, count: 16))
        != Vault.saltedDigest(guess, salt: [UInt8](repeating: 2, count: 16)))
    try registry.end()
  }

  @Test func `Every event has random bytes of its own, from where tests can give them`() throws {
    let registry = try TestRegistry {
      $0.random = RandomBytes { count in [UInt8](repeating: 0xAB, count: count) }
    }
    try registry.given(Fixture.established())
    #expect(try recorded(registry, 0).entropy == [UInt8](repeating: 0xAB, count: 16))
    #expect(registry.store.logID == [UInt8](repeating: 0xAB, count: 16))
    try registry.end()
    let random = RandomBytes()
    let drawn = Set((0..<1000).map { _ in random.next() })
    #expect(drawn.count == 1000 && drawn.allSatisfy { $0.count == 16 })
  }

  @Test(arguments: [true, false])
  func `Sealed data that is missing or altered is named, and never passed over`(
    isMissing: Bool
  ) throws {
    let registry = try TestRegistry()
    try registry.given(
      Fixture.established(), Fixture.organisation("moict"), Self.officer("Amina Example"))
    registry.writer.stop()
    try registry.store.close()
    let environment = try EventLog.open(registry.folder + "/data/log", 1 << 30)
    let sealed = environment.table("sealed")
    try environment.write { transaction in
      try transaction.clear(sealed)
      if !isMissing { try transaction.append(sealed, 2, [1, 2, 3]) }
    }
    environment.close()
    registry.store = try TestRegistry.open(registry.folder)
    registry.writer = Writer(registry.store)
    registry.writer.start()
    let failure = #expect(throws: LogFailure.self) {
      try registry.session { try $0.personal(of: id("a"), knownAt: .max) }
    }
    #expect(failure?.sentence.contains("the event at 2") == true, "\(failure as Any)")
    registry.writer.stop()
    try registry.store.close()
    let rebuilt = #expect(throws: LogFailure.self) {
      try TestRegistry.open(registry.folder, rebuild: true)
    }
    #expect(rebuilt?.sentence.contains("the event at 2") == true)
    try FileManager.default.removeItem(atPath: registry.folder)
  }

  @Test func `What is sealed of an event that is on its way is found`() throws {
    let registry = try TestRegistry()
    try registry.given(Fixture.established(), Fixture.organisation("moict"))
    let officers = (0..<40).map { Self.officer("Officer \($0)", key: "o\($0)", number: $0 + 1) }
    let done = DispatchSemaphore(value: 0)
    // In many requests at once, each twice, so that the second is decided while the first is
    // synced.
    for officer in officers {
      for _ in 0..<2 {
        registry.send([officer]) { result in
          let outcome = try? result.get().outcomes.first
          #expect(outcome?.position != nil, "\(result)")
          done.signal()
        }
      }
    }
    for _ in 0..<80 { done.wait() }
    #expect(registry.store.events == 42)
    // Every key is one that the log asks for at the next start, and none beyond.
    #expect(registry.store.vault.reach == 40)
    #expect(unsafe registry.store.log.identity.vaultReach == 40)
    try registry.reopen()
    #expect(unsafe registry.store.log.identity.vaultReach == 40)
    try registry.end()
  }
}

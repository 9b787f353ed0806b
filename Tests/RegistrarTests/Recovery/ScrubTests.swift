import Foundation
import Messages
import Registry
import Testing

@testable import EventLog
@testable import LMDB
@testable import Projections
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Digests that are kept, and the scrub, which holds them against the rows.
extension DamageTests {
  @Test func `The digests that are kept are those of the rows`() throws {
    let registry = try filled()
    let views = unsafe registry.store.views
    try views.environment.read { (snapshot: Snapshot) throws in
      #expect(try views.digests(snapshot) == views.recomputedDigests(snapshot))
    }
    try registry.reopen(rebuild: true)
    let rebuilt = unsafe registry.store.views
    try rebuilt.environment.read { (snapshot: Snapshot) throws in
      #expect(try rebuilt.digests(snapshot) == rebuilt.recomputedDigests(snapshot))
    }
    try registry.end()
  }

  @Test
  func `A table that changes while it is verified is equal, and one with a made-up row is not`()
    throws
  {
    let registry = try filled()
    let views = unsafe registry.store.views
    for table in [ViewTable.ids, .heads, .subjects, .meta] {
      let verification = try TableVerification(views, table)
      var slices = 0
      while try verification.slice(isTimeUp: { true }) != nil {
        slices += 1
        if slices < 40 { try registry.given(Fixture.organisation("o\(table.rawValue)\(slices)")) }
      }
      #expect(try verification.finish() == .equal, "table \(table)")
      verification.end()
    }
    try views.environment.write { try $0.put(views[.merged], Array("made-up".utf8), []) }
    let verification = try TableVerification(views, .merged)
    while try verification.slice(isTimeUp: { false }) != nil {}
    #expect(
      try verification.finish() == .different("table merged counts 1 rows and should have 0"))
    verification.end()
    try registry.end()
  }

  @Test func `The scrub opens every key, and names those that were damaged meanwhile`() throws {
    let registry = try filled { options in
      options.scrubEverySeconds = 0.05
      options.scrubFirstSeconds = 0
    }
    let scrub = try #require(registry.store.scrub)
    func wait(_ condition: (ScrubStatus) -> Bool) {
      for _ in 0..<6000 where !condition(scrub.status) { Thread.sleep(forTimeInterval: 0.005) }
    }
    wait { $0.rounds >= 1 }
    #expect(scrub.status.findings == [])
    // The key of officer b, in the second slot.
    let keys = registry.folder + "/data/vault/officers"
    let file = try FileHandle(forUpdating: URL(fileURLWithPath: keys))
    try file.seek(toOffset: 160 + 80)
    let byte = try #require(try file.read(upToCount: 1)?.first)
    try file.seek(toOffset: 160 + 80)
    try file.write(contentsOf: Data([byte ^ 1]))
    try file.close()
    func names(_ what: String) -> Bool {
      scrub.status.findings.contains { $0.contains(what) }
    }
    wait { _ in names("officer b") && names("slot 1") }
    #expect(names("officer b") && names("slot 1"), "\(scrub.status.findings)")
    #expect(registry.store.vault.damagedOfficers == [id("b")])
    try registry.end()
  }

  @Test func `A table whose count is not that of its rows is told, whatever its digest says`()
    throws
  {
    let registry = try filled()
    let views = unsafe registry.store.views
    try views.write { try $0.put(views[.merged], Array("a".utf8), []) }
    let verification = try TableVerification(views, .merged)
    while try verification.slice(isTimeUp: { false }) != nil {}
    #expect(try verification.finish() == .equal)
    // Behind the digest's back, after everything was read.
    try views.environment.write { _ = try $0.delete(views[.merged], Array("a".utf8)) }
    #expect(
      try verification.finish() == .different("table merged counts 0 rows and should have 1"))
    verification.end()
    try registry.end()
  }

  @Test func `The scrub reads everything, and names what is missing`() throws {
    let registry = try filled { options in
      options.scrubEverySeconds = 0.05
      options.scrubFirstSeconds = 0
    }
    let scrub = try #require(registry.store.scrub)
    func wait(_ condition: (ScrubStatus) -> Bool) {
      for _ in 0..<6000 where !condition(scrub.status) { Thread.sleep(forTimeInterval: 0.005) }
    }
    wait { $0.rounds >= 2 && $0.bytes > 0 && $0.rows > 0 }
    #expect(scrub.status.rounds >= 2 && scrub.status.findings == [])
    let views = unsafe registry.store.views
    try views.environment.write { try $0.put(views[.merged], Array("made-up".utf8), []) }
    wait { !$0.findings.isEmpty }
    #expect(scrub.status.findings.first?.contains("table merged") == true)
    try registry.end()
  }
}

import Foundation
import Messages
import Registry
import Server
import Testing
import Wire

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Cursors of a log in whose place an older one was put.
struct LogCursorTests {
  private func pages(
    _ registry: TestRegistry, cursor: [UInt8] = [], from position: UInt64? = nil
  ) throws -> [WatchPage] {
    var request = WatchRequest(begin: position.map { .from($0) }, what: .kinds(WatchedKinds()))
    request.cursor = cursor
    return try registry.allPages(.watch, request, WatchPage.self)
  }

  private func status(_ registry: TestRegistry, _ cursor: [UInt8]) -> CallStatus? {
    do {
      _ = try pages(registry, cursor: cursor)
      return nil
    } catch {
      return error as? CallStatus
    }
  }

  @Test func `A watcher goes on from the cursor of any change and of any page`() throws {
    let registry = try TestRegistry()
    try registry.given(
      Fixture.established(), Fixture.organisation("a"), Fixture.organisation("b"),
      Fixture.organisation("c"))
    let all = try pages(registry, from: 0)
    let changes = all.flatMap(\.changes)
    #expect(changes.map(\.position) == [0, 1, 2, 3])
    for change in changes {
      #expect(change.cursor.count == LogCursor.length)
      let rest = try pages(registry, cursor: change.cursor).flatMap(\.changes)
      #expect(rest == changes.filter { $0.position > change.position })
    }
    let end = try #require(all.last?.cursor)
    #expect(try pages(registry, cursor: end).flatMap(\.changes).isEmpty)
    try registry.given(Fixture.organisation("d"))
    #expect(try pages(registry, cursor: end).flatMap(\.changes).map(\.position) == [4])
    // The beginning of a log is the beginning of every one that goes on from it.
    let empty = try TestRegistry()
    let beginning = try #require(try pages(empty).last?.cursor)
    try empty.given(Fixture.established())
    #expect(try pages(empty, cursor: beginning).flatMap(\.changes).count == 1)
    try empty.end()
    try registry.end()
  }

  @Test
  func `A cursor from before an older log was put back is refused, however far that has grown`()
    throws
  {
    let registry = try TestRegistry()
    let log = registry.folder + "/data/log/data.mdb"
    try registry.given(Fixture.established(), Fixture.organisation("a"))
    try registry.reopen()
    let before = try #require(try pages(registry).last?.cursor)
    registry.writer.stop()
    try registry.store.close()
    let old = try Data(contentsOf: URL(fileURLWithPath: log))
    try open(registry)
    try registry.given(Fixture.organisation("b"), Fixture.organisation("c"))
    let all = try pages(registry, from: 0)
    let lost = try #require(all.last?.cursor)
    let cursors = all.flatMap(\.changes).map(\.cursor)
    registry.writer.stop()
    try registry.store.close()
    try old.write(to: URL(fileURLWithPath: log))
    try open(registry)
    #expect(status(registry, lost)?.code == .outOfRange)
    for key in ["x", "y", "z"] {
      try registry.given(Fixture.organisation(key))
      // Longer now than what the cursor knew, and another.
      let refused = status(registry, lost)
      #expect(refused?.code == (key == "x" ? .outOfRange : .failedPrecondition), "\(key)")
      #expect(refused?.message.contains("older log was put back") == true)
      #expect(refused?.message.contains("egin again") == true)
    }
    #expect(status(registry, cursors[2])?.code == .failedPrecondition)
    #expect(status(registry, cursors[3])?.code == .failedPrecondition)
    // What stood before it still stands.
    #expect(status(registry, cursors[0]) == nil && status(registry, cursors[1]) == nil)
    #expect(try pages(registry, cursor: before).flatMap(\.changes).map(\.position) == [2, 3, 4])
    // Bare positions cannot tell.
    #expect(try pages(registry, from: 4).flatMap(\.changes).count == 1)
    try registry.end()
  }

  private func open(_ registry: TestRegistry) throws {
    registry.store = try TestRegistry.open(registry.folder) { $0.acceptsOlderLog = true }
    registry.writer = Writer(registry.store)
    registry.writer.start()
  }

  @Test func `A cursor of another registry, or none at all, is refused`() throws {
    let (registry, other) = (try TestRegistry(), try TestRegistry())
    for one in [registry, other] { try one.given(Fixture.established(), Fixture.organisation("a")) }
    let cursor = try #require(try pages(other).last?.cursor)
    #expect(status(registry, cursor)?.code == .failedPrecondition)
    #expect(status(registry, cursor)?.message.contains("another registry") == true)
    let own = try #require(try pages(registry).last?.cursor)
    for wrong in [[1], Array(own.dropLast()), own + [0], [UInt8](repeating: 255, count: 64)] {
      #expect(status(registry, wrong)?.code == .invalidArgument, "\(wrong.count)")
    }
    // Each bit that names the event or the log.
    for bit in (12 * 8)..<(24 * 8) {
      var flipped = own
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(status(registry, flipped)?.code == .failedPrecondition, "bit \(bit)")
    }
    // The greatest numbers end nothing.
    let greatest = [UInt8](repeating: 255, count: 12) + own[12...]
    #expect(status(registry, greatest)?.code == .outOfRange)
    do {
      var both = WatchRequest(begin: .from(0), what: .kinds(WatchedKinds()))
      both.cursor = own
      let status = #expect(throws: CallStatus.self) {
        try registry.withStreams { try $0.open(.watch, Codec.encode(both)) }
      }
      #expect(status?.code == .invalidArgument)
    }
    try registry.end()
    try other.end()
  }
}

extension LogCursorTests {
  @Test func `A list is not gone on with after an older log was put back`() throws {
    let registry = try TestRegistry()
    let log = registry.folder + "/data/log/data.mdb"
    for proposal in Crowd.ground { try registry.given(proposal) }
    var random = Seeded(1)
    for at in 0..<3 {
      try registry.given(Crowd.registered("o\(at)", &random))
      try registry.given(
        Fixture.proposal(
          "enrolment/o\(at)", "2022-02-01",
          .enrolment(
            .completed(
              EnrolmentCompleted(seat: Fixture.seat("o\(at)", "c-k1"), result: .passed))),
          source: true))
    }
    let token = try page(registry).resumeAfter
    #expect(try page(registry, after: token).officers.first?.officer == id("o1"))
    registry.writer.stop()
    try registry.store.close()
    let old = try Data(contentsOf: URL(fileURLWithPath: log))
    try open(registry)
    try registry.given(Fixture.organisation("x"))
    let lost = try page(registry).resumeAfter
    registry.writer.stop()
    try registry.store.close()
    try old.write(to: URL(fileURLWithPath: log))
    try open(registry)
    #expect(try page(registry, after: token).officers.first?.officer == id("o1"))
    #expect(refusal(registry, lost)?.code == .outOfRange)
    try registry.given(Fixture.organisation("y"))
    #expect(refusal(registry, lost)?.code == .failedPrecondition)
    try registry.end()
  }

  private func page(
    _ registry: TestRegistry, after token: [UInt8] = []
  ) throws -> FindOfficersPage {
    let question = FindOfficersRequest(
      skills: [Crowd.cloud(2)], on: day("2022-05-01"), pageSize: 1, resumeAfter: token)
    let pages = try registry.pages(.findOfficers, question, FindOfficersPage.self)
    return try #require(pages.first)
  }

  private func refusal(_ registry: TestRegistry, _ token: [UInt8]) -> CallStatus? {
    do {
      _ = try page(registry, after: token)
      return nil
    } catch {
      return error as? CallStatus
    }
  }
}

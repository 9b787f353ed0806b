import Foundation
import Locking
import Messages
import Registry
import Server
import Testing

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What a clock that stands wrong changes, and what it does not.
struct ClockTests {
  final class Clock: Sendable {
    let ms = Mutex<Int64>(0)
    var source: TimeSource { TimeSource { [self] in ms.withLock { $0 } } }
    func set(_ text: String) { set(Self.ms(text)) }
    func set(_ ms: Int64) { self.ms.withLock { $0 = ms } }

    /// YYYY-MM-DD HH:MM:SS, UTC, of any year.
    static func ms(_ text: String) -> Int64 {
      let numbers = text.split { "- :".contains($0) }.map { Int64($0)! }
      let (y, m, d) = (numbers[0] - (numbers[1] <= 2 ? 1 : 0), numbers[1], numbers[2])
      let era = (y >= 0 ? y : y - 399) / 400
      let yearOfEra = y - era * 400
      let dayOfYear = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1
      let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
      return ((days - 719_468) * 86_400 + numbers[3] * 3600 + numbers[4] * 60 + numbers[5]) * 1000
    }
  }

  static func registry(_ clock: Clock) throws -> TestRegistry {
    let registry = try TestRegistry { $0.clock = clock.source }
    try registry.given(Fixture.established())
    return registry
  }

  static func recordedAt(_ registry: TestRegistry) throws -> [UInt64] {
    let reader = try unsafe registry.store.log.makeReader()
    defer { reader.end() }
    var all: [UInt64] = []
    let arena = Arena()
    try reader.read(from: 0) { _, bytes in
      let recorded = try? Codec.decode(
        Recorded.self, from: bytes, arena: arena, unknownFields: .ignored)
      all.append(recorded?.recordedAtMs ?? 0)
      return true
    }
    return all
  }

  @Test func `Today follows the clock forward and back, at the registry's midnight`() throws {
    let clock = Clock()
    clock.set("2026-03-01 20:00:00")
    let registry = try Self.registry(clock)
    let session = try ReadSession(registry.store)
    func today() throws -> String { try session.read { _ in session.today.text } }
    // Nairobi is three hours ahead.
    for (now, expected) in [
      ("2026-03-01 20:00:00", "2026-03-01"), ("2026-03-01 20:59:59", "2026-03-01"),
      ("2026-03-01 21:00:00", "2026-03-02"), ("2026-03-31 10:00:00", "2026-03-31"),
      ("2026-03-02 10:00:00", "2026-03-02"), ("2026-03-01 20:59:58", "2026-03-01"),
      ("1969-12-31 23:00:00", "1970-01-01"), ("1969-12-30 23:00:00", "1969-12-31"),
      ("2106-02-08 00:00:00", "2106-02-08"), ("9999-12-31 20:59:59", "9999-12-31"),
      ("9999-12-31 21:00:00", "9999-12-31"), ("10000-01-02 00:00:00", "9999-12-31"),
      ("292000-01-01 00:00:00", "9999-12-31"), ("2026-03-02 10:00:00", "2026-03-02"),
    ] {
      clock.set(now)
      #expect(try today() == expected, "\(now)")
    }
    for (ms, expected) in [(Int64.max, "9999-12-31"), (.min, "1000-01-01")] {
      clock.set(ms)
      #expect(try today() == expected)
    }
    session.end()
    try registry.end()
  }

  @Test func `A credential that had expired by a wrong clock is valid again when it is set right`()
    throws
  {
    let clock = Clock()
    clock.set("2026-03-01 08:00:00")
    let registry = try TestRegistry { $0.clock = clock.source }
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.issued("k1", to: "a", number: "N1", evidence: [], until: "2026-03-15"))
    let session = try ReadSession(registry.store, answerBytes: 1 << 20)
    func status() throws -> CredentialStatus {
      try session.read { _ in
        var reply: [UInt8] = []
        let request = Codec.encode(VerifyCredentialRequest(which: .credential(id("k1"))))
        _ = session.answer(
          Method.verifyCredential.rawValue, unsafe request.span.bytes, into: &reply)
        return try Codec.decode(VerifyCredentialReply.self, from: reply).status
      }
    }
    for (now, expected) in [
      ("2026-03-01 08:00:00", CredentialStatus.valid), ("2026-03-31 08:00:00", .expired),
      ("2026-03-02 08:00:00", .valid), ("2026-03-31 08:00:30", .expired),
      ("2026-03-31 08:00:00", .expired), ("2026-03-15 12:00:00", .valid),
    ] {
      clock.set(now)
      #expect(try status() == expected, "\(now)")
      #expect(try status() == expected, "\(now), again")
    }
    session.end()
    try registry.end()
  }

  @Test func `What events say of when they were recorded never goes back, also over a restart`()
    throws
  {
    let clock = Clock()
    clock.set("2026-03-01 08:00:00")
    let registry = try Self.registry(clock)
    var at = 0
    for now in [
      "2026-03-01 08:00:01", "2026-03-01 07:00:00", "2500-01-01 00:00:00", "1969-12-31 00:00:00",
      "2026-03-02 00:00:00", "10000-01-02 00:00:00", "2026-03-02 00:00:00",
    ] {
      clock.set(now)
      for restart in [false, true] {
        if restart { try registry.reopen() }
        at += 1
        try registry.given(Fixture.organisation("o\(at)"))
      }
    }
    let recorded = try Self.recordedAt(registry)
    #expect(recorded.count == at + 1)
    #expect(recorded == recorded.sorted())
    #expect(recorded[0] == UInt64(Clock.ms("2026-03-01 08:00:00")))
    #expect(recorded[1] == UInt64(Clock.ms("2026-03-01 08:00:01")))
    #expect(recorded[5] == UInt64(Clock.ms("2500-01-01 00:00:00")))
    #expect(recorded.last == UInt64(TimeSource.lastMs))
    try registry.end()
  }

  @Test func `A clock more than a year ahead of the last event is refused, one set back is told`()
    throws
  {
    let clock = Clock()
    let last = UInt64(Clock.ms("2026-03-01 08:00:00"))
    for (now, isRefused, isTold) in [
      ("2026-03-01 08:00:00", false, false), ("2027-03-01 08:00:00", false, false),
      ("2027-03-03 08:00:00", true, false), ("9999-12-31 00:00:00", true, false),
      ("10000-01-02 00:00:00", true, false), ("2026-03-01 07:59:30", false, false),
      ("2026-02-28 08:00:00", false, true), ("1969-01-01 00:00:00", false, true),
    ] {
      clock.set(now)
      var sentence = ""
      do { try clock.source.check(lastRecordedAtMs: last) } catch { sentence = error.sentence }
      #expect(sentence.isEmpty != isRefused, "\(now)")
      if isRefused {
        #expect(sentence.contains("2026-03-01T08:00:00Z"))
        #expect(sentence.contains("--clock-is-right"))
      }
      #expect((clock.source.setBack(lastRecordedAtMs: last) != nil) == isTold, "\(now)")
    }
    clock.set("2050-01-01 00:00:00")
    // A log without events says nothing of the time.
    #expect(throws: Never.self) { try TimeSource.checkBeginning(clock.source) }
  }
}

extension TimeSource {
  static func checkBeginning(_ clock: TimeSource) throws { try clock.check(lastRecordedAtMs: 0) }
}

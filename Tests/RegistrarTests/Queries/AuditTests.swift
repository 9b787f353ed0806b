import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Documents, the log's filters, the difference between two positions.
struct AuditTests {
  func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    return registry
  }

  @Test func `A document is cited by each event that names it, with what became of it`() throws {
    let registry = try ready()
    let paper = [UInt8](repeating: 9, count: 32)
    var completed = Fixture.completed("e1")
    completed.source = Source(sha256: paper)
    var issued = Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID])
    issued.source = Source(sha256: paper)
    try registry.given(Fixture.enrolled("e1", "a"), completed, issued, Fixture.voided(completed))
    func cited(_ sha256: [UInt8]) throws -> [HistoryLine] {
      try registry.allPages(.citedBy, CitedByRequest(document: sha256), CitedByPage.self)
        .flatMap(\.lines)
    }
    let lines = try cited(paper)
    #expect(lines.map(\.standing) == [.voided, .stands])
    #expect(lines[0].by == (try registry.size) - 1)
    #expect(try cited([UInt8](repeating: 8, count: 32)).isEmpty)
    try registry.end()
  }

  @Test func `Many events that cite one document come page by page, each once`() throws {
    let registry = try ready()
    let paper = [UInt8](repeating: 9, count: 32)
    let proposals = (0..<450).map { at in
      var proposal = Fixture.issued("k\(at)", to: "a", number: "N\(at)", evidence: [])
      proposal.source = Source(sha256: paper)
      return proposal
    }
    try registry.record(proposals)
    let pages = try registry.allPages(
      .citedBy, CitedByRequest(document: paper), CitedByPage.self)
    #expect(pages.count >= 3)
    let ids = try pages.flatMap(\.lines).map {
      try Codec.decode(Proposal.self, from: Codec.decode(Recorded.self, from: $0.event).proposal)
        .eventID
    }
    #expect(ids == proposals.map(\.eventID))
    try registry.end()
  }

  @Test func `The log is filtered by kind, by actor and by how late it was recorded`() throws {
    let registry = try ready()
    let today = try registry.session { $0.today }
    try registry.given(
      Fixture.issued(
        "k1", to: "a", number: "N1", evidence: [], on: today.adding(days: -10).text, until: nil),
      Fixture.issued(
        "k2", to: "a", number: "N2", evidence: [], on: today.adding(days: -2).text, until: nil))
    func streams(_ question: ReadLogRequest) throws -> [String] {
      try registry.allPages(.readLog, question, ReadLogPage.self).flatMap(\.events).map {
        let recorded = try Codec.decode(Recorded.self, from: $0)
        return try Codec.decode(Proposal.self, from: recorded.proposal).stream.text
      }
    }
    let both = ["credential/k1", "credential/k2"]
    #expect(try streams(ReadLogRequest(streamKind: id("credential"))) == both)
    #expect(
      try streams(ReadLogRequest(streamKind: id("credential"), recordedLaterThanDays: 5))
        == ["credential/k1"])
    #expect(
      try streams(ReadLogRequest(streamKind: id("credential"), recordedLaterThanDays: 10)).isEmpty)
    #expect(
      try streams(ReadLogRequest(streamKind: id("credential"), recordedLaterThanDays: 9))
        == ["credential/k1"])
    #expect(try streams(ReadLogRequest(actor: Array("nobody".utf8))).isEmpty)
    #expect(
      try streams(ReadLogRequest(streamKind: id("credential"), actor: Array("tester".utf8))) == both
    )
    #expect(
      try streams(ReadLogRequest(streamKind: id("credential"), limit: 1)) == ["credential/k1"])
    try registry.end()
  }

  func diff(
    _ registry: TestRegistry, _ from: UInt64, _ to: UInt64, on: String = "2023-01-01"
  ) throws -> [String] {
    try registry.allPages(.diff, DiffRequest(from: from, to: to, on: Day(on)!), DiffPage.self)
      .flatMap(\.lines).map {
        "\($0.stream.text) \($0.what): \($0.before) → \($0.after) by \($0.positions)"
      }
  }

  @Test func `A difference tells what the answers say at one position and not at another`() throws {
    let registry = try ready()
    let completed = Fixture.completed("e1")
    try registry.given(
      Fixture.enrolled("e1", "a"), completed,
      Fixture.issued("k1", to: "a", number: "N1", evidence: [completed.eventID]))
    let from = try registry.size
    try registry.given(Fixture.issued("k2", to: "b", number: "N2", evidence: []))
    try registry.given(Fixture.voided(completed))
    let to = try registry.size
    #expect(
      try diff(registry, from, to) == [
        "credential/k2 evidence:  → stands by [\(to - 2)]",
        "credential/k2 record:  → in b by [\(to - 2)]",
        "credential/k2 status: nothing stands → valid, awarded_on 2022-04-01, courses cloud-1, "
          + "holder b, issuer heta, number N2, since 2022-04-01, state issued, "
          + "valid_from 2022-04-01, valid_until 2025-03-31 by [\(to - 2)]",
        "officer/b skill ict/cloud:  → level 2, held, attended, since 2022-04-01 by [\(to - 2)]",
        "credential/k1 evidence: stands → withdrawn by [\(to - 1)]",
        "enrolment/e1 completion.day: 2022-03-31 →  by [\(to - 1)]",
        "enrolment/e1 completion.event_id: \(completed.eventID.text) →  by [\(to - 1)]",
        "enrolment/e1 completion.result: passed →  by [\(to - 1)]",
        "enrolment/e1 once_completed: yes →  by [\(to - 1)]",
        "enrolment/e1 since: 2022-03-31 → 2022-01-10 by [\(to - 1)]",
        "enrolment/e1 status: completed → enrolled by [\(to - 1)]",
        "officer/a skill ict/cloud: level 2, held, attended, since 2022-03-31, by "
          + "\(completed.eventID.text) →  by [\(to - 1)]",
      ])
    #expect(try diff(registry, to, to).isEmpty)
    #expect(try diff(registry, from, to, on: "2022-01-15").isEmpty)
    // What was recorded and taken back in between says nothing.
    try registry.given(Fixture.restored(completed))
    #expect(try diff(registry, from + 1, 0).isEmpty)
    #expect(throws: (any Error).self) { try diff(registry, 5, 4) }
    #expect(throws: (any Error).self) { try diff(registry, 0, 10_000) }
    try registry.end()
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `A difference in portions tells everything once, whatever the history`(seed: UInt64) throws {
    var random = Seeded(seed)
    let registry = try ready()
    for key in 2..<6 { try registry.given(Fixture.cohort("c\(key)")) }
    var recorded: [Proposal] = []
    let from = try registry.size
    for round in 0..<200 {
      if round == 60 { try registry.given(Fixture.merged("b", into: "a", on: "2022-12-25")) }
      let proposal = RebuildTests.next(&random, recorded)
      if case .recorded(let at) = try registry.record([proposal])[0], !at.already {
        recorded.append(proposal)
      }
    }
    let to = try registry.size
    for on in ["2022-05-31", "2023-01-01"] {
      func lines(_ portion: UInt64) throws -> [String] {
        try registry.session { session in
          var lines: [String] = []
          for start in stride(from: from, to: to, by: Int(portion)) {
            let part = DiffPortion(
              readModel: session.readModel, from: from, to: to, day: day(on),
              portion: start..<min(start + portion, to))
            lines += try part.lines().map {
              "\($0.stream.text) \($0.what): \($0.before) → \($0.after) by \($0.positions)"
            }
          }
          return lines
        }
      }
      let whole = try lines(to - from)
      #expect(whole.count > 5, "seed \(seed)")
      for portion in [1, 7, 40] as [UInt64] {
        #expect(try lines(portion) == whole, "\(portion), \(on), seed \(seed)")
      }
    }
    try registry.end()
  }
}

import Foundation
import LMDB
import Messages
import Registry
import Testing

@testable import EventLog
@testable import Registrar

/// What the writer answers, and what it keeps.
struct RecordingTests {
  func ready(_ more: Proposal...) throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Facts.ground + more { try registry.given(proposal) }
    return registry
  }

  @Test func `The first event must say whose the log is`() throws {
    let registry = try TestRegistry()
    #expect(try registry.record([Facts.organisation("x")])[0].code == "registry_not_established")
    try registry.given(Facts.established())
    #expect(try registry.record([Facts.established("rw")])[0].code == "registry_not_established")
    try registry.end()
  }

  @Test
  func `The same event id with the same proposal gives the first receipt, also after a restart`()
    throws
  {
    let registry = try ready()
    let proposal = Facts.enrolled("e1", "a")
    let first = try registry.record([proposal])[0]
    #expect(try registry.record([proposal])[0].isAlready)
    try registry.reopen()
    let again = try registry.record([proposal])[0]
    #expect(again.isAlready)
    #expect(again.position == first.position)
    try registry.end()
  }

  @Test func `The same event id with another proposal is rejected`() throws {
    let registry = try ready()
    let proposal = Facts.enrolled("e1", "a")
    try registry.given(proposal)
    var other = proposal
    other.effective = day("2022-01-11")
    #expect(try registry.record([other])[0].code == "event_id_reused")
    try registry.end()
  }

  @Test func `An expected version that is not there is rejected`() throws {
    let registry = try ready(Facts.enrolled("e1", "a"))
    func outcome(_ expected: RecordItem.Expected) throws -> RecordOutcome {
      let item = RecordItem(proposal: Codec.encode(Facts.completed("e1")), expected: expected)
      return try registry.submit([item], purpose: .dryRun).get().outcomes[0]
    }
    #expect(try outcome(.nothingYet(true)).code == "wrong_version")
    #expect(try outcome(.atVersion(1)).code == "wrong_version")
    #expect(try outcome(.atVersion(0)).position != nil)
    try registry.end()
  }

  @Test func `An atomic batch records all or nothing`() throws {
    let registry = try ready()
    let (good, bad) = (Facts.enrolled("e1", "a"), Facts.enrolled("e2", "nobody"))
    let outcomes = try registry.record([good, bad], atomic: true)
    #expect(outcomes[1].code == "no_such_reference")
    guard case .notRecorded(let because) = outcomes[0] else {
      Issue.record("the good one was \(outcomes[0])")
      return
    }
    #expect(because.becauseOf == 1)
    #expect(try registry.record([good, bad])[0].position != nil)
    try registry.end()
  }

  @Test func `A dry run says what would happen and keeps nothing`() throws {
    let registry = try ready()
    let before = try registry.store.digest()
    let outcome = try registry.record([Facts.enrolled("e1", "a")], purpose: .dryRun)[0]
    #expect(outcome.position == before.asOf)
    #expect(try registry.store.digest().hex == before.hex)
    try registry.end()
  }

  @Test func `A certificate number is an issuer's only once`() throws {
    let registry = try ready()
    try registry.given(
      Facts.issued("k1", to: "a", number: "N1", evidence: []))
    let outcome = try registry.record([Facts.issued("k2", to: "b", number: "N1", evidence: [])])[0]
    #expect(outcome.code == "already_taken")
    try registry.end()
  }

  @Test func `An identifier belongs to one officer`() throws {
    let registry = try ready()
    #expect(try registry.record([Facts.officer("c", " 1 ")])[0].code == "already_taken")
    try registry.end()
  }

  @Test func `A full cohort takes nobody more, within a batch too`() throws {
    let registry = try ready(Facts.cohort("small", capacity: 1))
    let outcomes = try registry.record([
      Facts.enrolled("e1", "a", "small"), Facts.enrolled("e2", "b", "small"),
    ])
    #expect(outcomes[0].position != nil)
    #expect(outcomes[1].code == "full")
    try registry.end()
  }

  @Test func `Evidence must stand and be the holder's own`() throws {
    let registry = try ready()
    let (enrolled, completed) = (Facts.enrolled("e1", "a"), Facts.completed("e1"))
    try registry.given(enrolled, completed)
    func outcome(_ officer: String, _ evidence: EventID) throws -> String? {
      try registry.record(
        [Facts.issued("k1", to: officer, number: "N1", evidence: [evidence])], purpose: .dryRun)[0]
        .code
    }
    #expect(try outcome("a", completed.eventID) == nil)
    #expect(try outcome("b", completed.eventID) == "bad_evidence")
    #expect(try outcome("a", enrolled.eventID) == "bad_evidence")
    #expect(try outcome("a", Facts.freshID()) == "bad_evidence")
    try registry.given(Facts.voided(completed))
    #expect(try outcome("a", completed.eventID) == "bad_evidence")
    try registry.end()
  }

  @Test func `A late fact that contradicts a later one names it`() throws {
    let registry = try ready(
      Facts.enrolled("e1", "a"), Facts.completed("e1", on: "2022-03-31"))
    let late = Facts.proposal(
      "enrolment/e1", "2022-02-01", .enrolment(.withdrawn(EnrolmentWithdrawn())))
    guard case .rejected(let rejected) = try registry.record([late])[0] else {
      Issue.record("it was recorded")
      return
    }
    #expect(rejected.code == "contradicts_later")
    #expect(rejected.position == 10)
    #expect(rejected.eventInTheWay != nil)
    try registry.end()
  }

  @Test func `Personal data is nowhere in the folder in the clear`() throws {
    let registry = try ready()
    try registry.reopen()
    let files = FileManager.default.enumerator(atPath: registry.folder + "/data")!
    var looked = 0
    for case let name as String in files {
      guard let data = FileManager.default.contents(atPath: registry.folder + "/data/" + name)
      else { continue }
      looked += 1
      #expect(data.range(of: Data("Example a".utf8)) == nil, "\(name)")
    }
    #expect(looked >= 4)
    try registry.end()
  }

  @Test func `Personal data outside an officer's stream is refused`() throws {
    let registry = try ready()
    var proposal = Facts.organisation("x")
    proposal.personal = Personal(name: "Example")
    #expect(try registry.record([proposal])[0].code == "personal_data")
    try registry.end()
  }

  @Test func `What is acknowledged is seen by the next question`() throws {
    let registry = try ready()
    for at in 0..<50 {
      try registry.given(Facts.issued("k\(at)", to: "a", number: "N\(at)", evidence: []))
      #expect(try registry.verify("k\(at)", on: day("2023-01-01")).status == .valid)
    }
    try registry.end()
  }
}

import Foundation
import LMDB
import Locking
import Messages
import Registry
import Testing

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What the writer answers, and what it keeps.
struct RecordingTests {
  func ready(_ more: Proposal...) throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground + more { try registry.given(proposal) }
    return registry
  }

  @Test func `The first event must say whose the log is`() throws {
    let registry = try TestRegistry()
    #expect(try registry.record([Fixture.organisation("x")])[0].code == "registry_not_established")
    try registry.given(Fixture.established())
    #expect(try registry.record([Fixture.established("rw")])[0].code == "registry_not_established")
    try registry.end()
  }

  @Test
  func `The same event id with the same proposal gives the first receipt, also after a restart`()
    throws
  {
    let registry = try ready()
    let proposal = Fixture.enrolled("e1", "a")
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
    let proposal = Fixture.enrolled("e1", "a")
    try registry.given(proposal)
    var other = proposal
    other.effective = day("2022-01-11")
    #expect(try registry.record([other])[0].code == "event_id_reused")
    try registry.end()
  }

  @Test func `An expected version that is not there is rejected`() throws {
    let registry = try ready(Fixture.enrolled("e1", "a"))
    func outcome(_ expected: RecordItem.Expected) throws -> RecordOutcome {
      let item = RecordItem(proposal: Codec.encode(Fixture.completed("e1")), expected: expected)
      return try registry.submit([item], purpose: .dryRun).get().outcomes[0]
    }
    #expect(try outcome(.nothingYet(true)).code == "wrong_version")
    #expect(try outcome(.atVersion(1)).code == "wrong_version")
    #expect(try outcome(.atVersion(0)).position != nil)
    try registry.end()
  }

  @Test func `An atomic batch records all or nothing`() throws {
    let registry = try ready()
    let (good, bad) = (Fixture.enrolled("e1", "a"), Fixture.enrolled("e2", "nobody"))
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

  private func grouped(_ proposals: [(Proposal, group: UInt32)]) -> [RecordItem] {
    proposals.map { RecordItem(proposal: Codec.encode($0.0), group: $0.group) }
  }

  @Test func `A group is recorded all or none, and the rest of its request is not touched`()
    throws
  {
    let registry = try ready(Fixture.cohort("small", capacity: 1))
    let items = grouped([
      (Fixture.enrolled("e1", "a"), 7), (Fixture.completed("e1"), 7),
      (Fixture.enrolled("e2", "b", "small"), 8), (Fixture.enrolled("e3", "nobody"), 8),
      (Fixture.completed("e2"), 8),
      // What the group before took is free again.
      (Fixture.enrolled("e4", "a", "small"), 0), (Fixture.enrolled("e5", "nobody"), 0),
      (Fixture.organisation("x"), 9),
    ])
    let before = try registry.store.digest().asOf
    let outcomes = try registry.submit(items).get().outcomes
    let positions = outcomes.map(\.position)
    #expect(positions == [before, before + 1, nil, nil, nil, before + 2, nil, before + 3])
    #expect(outcomes[3].code == "no_such_reference")
    #expect(outcomes[6].code == "no_such_reference")
    for at in [2, 4] { #expect(outcomes[at] == .notRecorded(NotRecorded(becauseOf: 3))) }
    let live = try registry.store.digest()
    #expect(live.asOf == before + 4)
    try registry.reopen(rebuild: true)
    #expect(try registry.store.digest().hex == live.hex)
    try registry.end()
  }

  @Test func `What a rejected group said of an officer, a number or a duty is forgotten`() throws {
    let registry = try ready()
    let impossible = Fixture.enrolled("e9", "nobody")
    let outcomes = try registry.submit(
      grouped([
        (Fixture.officer("c", "3"), 1),
        (Fixture.issued("k1", to: "a", number: "N1", evidence: []), 1), (impossible, 1),
        (Fixture.officer("d", "3"), 0),
        (Fixture.issued("k2", to: "b", number: "N1", evidence: []), 0),
      ])
    ).get().outcomes
    #expect(outcomes[3].position != nil)
    #expect(outcomes[4].position != nil)
    try registry.end()
  }

  @Test func `In an atomic request groups mean nothing`() throws {
    let registry = try ready()
    let items = grouped([
      (Fixture.enrolled("e1", "a"), 1), (Fixture.completed("e1"), 1),
      (Fixture.enrolled("e2", "nobody"), 2),
    ])
    let outcomes = try registry.submit(items, atomic: true).get().outcomes
    #expect(outcomes[0] == .notRecorded(NotRecorded(becauseOf: 2)))
    #expect(outcomes[1] == .notRecorded(NotRecorded(becauseOf: 2)))
    try registry.end()
  }

  @Test func `A dry run of groups keeps nothing, and says what recording them will`() throws {
    let registry = try ready()
    let items = grouped([
      (Fixture.enrolled("e1", "a"), 1), (Fixture.completed("e1"), 1),
      (Fixture.enrolled("e2", "b"), 2), (Fixture.enrolled("e3", "nobody"), 2),
    ])
    let before = try registry.store.digest()
    let said = try registry.submit(items, purpose: .dryRun).get().outcomes
    #expect(try registry.store.digest().hex == before.hex)
    #expect(try registry.submit(items).get().outcomes == said)
    try registry.end()
  }

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `Requests are decided in the order in which they were queued, decoded or not`(
    seed: UInt64
  ) throws {
    var random = Seeded(seed)
    let registry = try ready()
    // Each request needs the one before: a void, then a restoration, of one event.
    let target = Fixture.enrolled("e1", "a")
    try registry.given(target)
    let answers = Mutex<[Int: Result<PreviewReply, RecordFailure>]>([:])
    let done = DispatchSemaphore(value: 0)
    for at in 0..<200 {
      let act = at % 2 == 0 ? Fixture.voided(target) : Fixture.restored(target)
      // Of very different lengths: what is short must not come first.
      let padding = (0..<Int.random(in: 0...120, using: &random)).map {
        Fixture.organisation("padding-\(at)-\($0)")
      }
      registry.send([act] + padding) { result in
        answers.withLock { $0[at] = result }
        done.signal()
      }
    }
    for _ in 0..<200 { done.wait() }
    var last: UInt64 = 0
    for at in 0..<200 {
      let outcome = try answers.withLock { try $0[at]!.get().outcomes[0] }
      let position = try #require(outcome.position, "request \(at), seed \(seed): \(outcome)")
      #expect(position > last, "request \(at), seed \(seed)")
      last = position
    }
    try registry.end()
  }

  @Test func `A request that cannot be read is refused in its place, and the next is decided`()
    throws
  {
    let registry = try ready()
    let answers = Mutex<[String]>([])
    let done = DispatchSemaphore(value: 0)
    let good = RecordRequest(items: [RecordItem(proposal: Codec.encode(Fixture.organisation("x")))])
    for request in [[0xFF], Codec.encode(good)] {
      registry.writer.submit(
        EncodedRequest(request: request, isPreview: false, actor: "tester") { result in
          answers.withLock {
            switch result {
            case .success(let reply): $0.append(reply.outcomes[0].position == nil ? "no" : "yes")
            case .failure(.refused): $0.append("refused")
            case .failure(let other): $0.append("\(other)")
            }
          }
          done.signal()
        })
    }
    for _ in 0..<2 { done.wait() }
    #expect(answers.withLock { $0.sorted() } == ["refused", "yes"])
    try registry.end()
  }

  @Test func `A dry run says what would happen and keeps nothing`() throws {
    let registry = try ready()
    let before = try registry.store.digest()
    let outcome = try registry.record([Fixture.enrolled("e1", "a")], purpose: .dryRun)[0]
    #expect(outcome.position == before.asOf)
    #expect(try registry.store.digest().hex == before.hex)
    try registry.end()
  }

  @Test func `A certificate number is an issuer's only once`() throws {
    let registry = try ready()
    try registry.given(
      Fixture.issued("k1", to: "a", number: "N1", evidence: []))
    let outcome = try registry.record([Fixture.issued("k2", to: "b", number: "N1", evidence: [])])[
      0]
    #expect(outcome.code == "already_taken")
    try registry.end()
  }

  @Test func `An identifier belongs to one officer`() throws {
    let registry = try ready()
    #expect(try registry.record([Fixture.officer("c", " 1 ")])[0].code == "already_taken")
    try registry.end()
  }

  @Test func `A full cohort takes nobody more, within a batch too`() throws {
    let registry = try ready(Fixture.cohort("small", capacity: 1))
    let outcomes = try registry.record([
      Fixture.enrolled("e1", "a", "small"), Fixture.enrolled("e2", "b", "small"),
    ])
    #expect(outcomes[0].position != nil)
    #expect(outcomes[1].code == "full")
    try registry.end()
  }

  @Test func `Evidence must stand and be the holder's own`() throws {
    let registry = try ready()
    let (enrolled, completed) = (Fixture.enrolled("e1", "a"), Fixture.completed("e1"))
    try registry.given(enrolled, completed)
    func outcome(_ officer: String, _ evidence: EventID) throws -> String? {
      try registry.record(
        [Fixture.issued("k1", to: officer, number: "N1", evidence: [evidence])], purpose: .dryRun)[
          0
        ]
        .code
    }
    #expect(try outcome("a", completed.eventID) == nil)
    #expect(try outcome("b", completed.eventID) == "bad_evidence")
    #expect(try outcome("a", enrolled.eventID) == "bad_evidence")
    #expect(try outcome("a", Fixture.freshID()) == "bad_evidence")
    try registry.given(Fixture.voided(completed))
    #expect(try outcome("a", completed.eventID) == "bad_evidence")
    try registry.end()
  }

  @Test func `A late fact that contradicts a later one names it`() throws {
    let registry = try ready(
      Fixture.enrolled("e1", "a"), Fixture.completed("e1", on: "2022-03-31"))
    let late = Fixture.proposal(
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
    var proposal = Fixture.organisation("x")
    proposal.personal = Personal(name: "Example")
    #expect(try registry.record([proposal])[0].code == "personal_data")
    try registry.end()
  }

  @Test func `What is acknowledged is seen by the next question`() throws {
    let registry = try ready()
    for at in 0..<50 {
      try registry.given(Fixture.issued("k\(at)", to: "a", number: "N\(at)", evidence: []))
      #expect(try registry.verify("k\(at)", on: day("2023-01-01")).status == .valid)
    }
    try registry.end()
  }
}

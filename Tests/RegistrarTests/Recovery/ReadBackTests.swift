import Foundation
import Messages
import Projections
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What is accepted can be read back: however much it is, it is there after a stop, after a start
/// without views and after a rebuild, and answers are the same.
struct ReadBackTests {
  @Test func `Every event at its limits is recorded or rejected in words, and read back`() throws {
    let registry = try TestRegistry()
    let largest = LargestEvents(registry)
    try largest.recordAll()
    // Some cannot be: what they would name is not there, or the scan does not come to them.
    for kind in StreamKind.allCases {
      let (events, missed) = (try LargestMessage.events(of: kind), largest.missed[kind] ?? [])
      #expect(missed.count < events.count, "\(kind.rawValue): \(missed)")
    }
    #expect(largest.longest >= 64, "no list at its limit")
    try check(registry, largest.streams)
    try registry.end()
  }

  @Test func `A registry of thousands of requirements, skills and claims is read back`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let framework = StreamID("framework/long")!
    try registry.given(
      Fixture.proposal(
        framework.text, "2020-01-01",
        .framework(.published(FrameworkPublished(title: "Long", version: "1"))), source: true))
    try record(registry, 2_300) { at in
      .framework(.skillAdded(.init(skill: Skill(code: id("s\(at)"), title: "\(at)", levels: 3))))
    } in: { _ in
      framework.text
    }
    // More fields than a question may have.
    try record(registry, 600) { at in
      .registry(
        .requirementSet(
          RequirementSet(
            whose: .position(id("position-\(at)")),
            skills: (0..<64).map {
              SkillLevel(framework: framework.key, skill: id("s\((at + $0) % 2_300)"), level: 2)
            })))
    } in: { _ in
      "registry/ke"
    }
    // More bytes than a frame has.
    let claims = (0..<100).map { id("claim-\($0)-" + String(repeating: "x", count: 50)) }
    try registry.given(Fixture.agreement("long"))
    try record(registry, claims.count) { at in
      .agreement(
        .targetClaimed(
          TargetClaimed(
            claim: claims[at], claimedBy: String(repeating: "w", count: 200),
            population: .civilServants, count: .exactly(UInt64(at)),
            scope: String(repeating: "s", count: 300))))
    } in: { _ in
      "agreement/long"
    }
    try record(registry, 1_300) { at in
      .agreement(
        .claimsReconciled(
          ClaimsReconciled(
            claims: (0..<64).map { claims[(at + $0) % claims.count] }, finding: "Finding \(at)")))
    } in: { _ in
      "agreement/long"
    }
    let streams = [framework, StreamID("registry/ke")!, StreamID("agreement/long")!]
    try check(registry, streams)

    // Whole they are too long for an answer, and the refusal says what to do.
    let long = streams[2]
    let refusal = #expect(throws: CallStatus.self) {
      try registry.deferred(.getStream, GetStreamRequest(stream: long), GetStreamReply.self)
    }
    #expect(refusal?.code == .resourceExhausted && refusal?.field == "in_parts")
    for (stream, entries) in zip(streams, [2_300, 600, 1_400]) {
      #expect(try Questions(registry).parts(of: stream).entries == entries, "\(stream.text)")
    }
    try registry.end()
  }

  @Test func `A long chain of corrections keeps what rests on it, and is read back`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(Fixture.enrolled("e1", "a"))
    let first = Fixture.completed("e1")
    try registry.given(first, Fixture.issued("k1", to: "a", number: "1", evidence: [first.eventID]))
    var last = first
    for start in stride(from: 0, to: 1_200, by: 100) {
      var part: [Proposal] = []
      for score in start..<(start + 100) {
        last = Fixture.proposal(
          "enrolment/e1", "2022-03-31",
          .enrolment(
            .completed(EnrolmentCompleted(result: .passed, score: UInt32(score)))),
          corrects: last.eventID)
        part.append(last)
      }
      for outcome in try registry.record(part) { #expect(outcome.position != nil, "\(outcome)") }
    }
    let stream = StreamID("enrolment/e1")!
    let state = try registry.session { try $0.readModel.state(of: stream, on: .distantFuture) }
    #expect(state?.enrolment?.completion?.standsFor.count == 1_200)
    #expect(state?.evidence?.isCited(by: first.eventID) == true)
    #expect(try registry.verify("k1", on: day("2022-05-01")).status == .valid)
    try check(registry, [stream, StreamID("credential/k1")!])
    try registry.end()
  }

  @Test func `A stream at its limit is mended, and read back`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let completed = Fixture.completed("e1")
    try registry.given(
      Fixture.enrolled("e1", "a"), completed,
      Fixture.issued("k1", to: "a", number: "1", evidence: [completed.eventID]))
    let most = Int(StreamKind.credential.eventsMax)
    // Suspended and reinstated in turn, as many times as it may be.
    var sent: [Proposal] = []
    for at in 1..<most {
      sent.append(
        Fixture.credential(
          "k1", "2022-05-01",
          at % 2 == 1
            ? .suspended(CredentialSuspended()) : .reinstated(CredentialReinstated())))
    }
    for start in stride(from: 0, to: sent.count, by: 1_000) {
      for outcome in try registry.record(Array(sent[start..<min(start + 1_000, sent.count)])) {
        #expect(outcome.position != nil, "\(outcome)")
      }
    }
    let stream = StreamID("credential/k1")!
    let last = try #require(sent.last)
    let ordinary = Fixture.credential("k1", "2022-06-01", .reinstated(CredentialReinstated()))
    guard case .rejected(let rejected) = try registry.record([ordinary])[0] else {
      Issue.record("event \(most + 1) was taken")
      return
    }
    #expect(rejected.code == Rejection.Code.streamTooLong.rawValue && rejected.field == "stream")
    #expect(rejected.sentence.contains("may still be voided, restored or corrected"))

    #expect(try registry.verify("k1", on: day("2022-06-02")).status == .suspended)
    try registry.given(Fixture.voided(last))
    #expect(try registry.verify("k1", on: day("2022-06-02")).status == .valid)
    try registry.given(Fixture.restored(last))
    #expect(try registry.verify("k1", on: day("2022-06-02")).status == .suspended)
    var corrected = last
    corrected.eventID = Fixture.freshID()
    corrected.corrects = last.eventID
    corrected.effective = day("2022-05-20")
    try registry.given(corrected)
    #expect(try registry.verify("k1", on: day("2022-05-10")).status == .valid)
    #expect(try registry.verify("k1", on: day("2022-06-02")).status == .suspended)
    #expect(try registry.record([ordinary])[0].code == Rejection.Code.streamTooLong.rawValue)
    try check(registry, [stream])
    try registry.end()
  }

  // MARK: how it is asked

  private func record(
    _ registry: TestRegistry, _ count: Int, _ body: (Int) -> Proposal.Body,
    in stream: (Int) -> String
  ) throws {
    for start in stride(from: 0, to: count, by: 500) {
      let part = (start..<min(start + 500, count)).map {
        Fixture.proposal(stream($0), "2022-01-01", body($0), source: true)
      }
      for outcome in try registry.record(part) where outcome.position == nil {
        throw Unexpected("\(outcome)")
      }
    }
  }

  /// Everything that is asked about some streams is the same after a stop, after a start that
  /// catches up with nothing but the log, and after a rebuild.
  private func check(_ registry: TestRegistry, _ streams: [StreamID]) throws {
    let live = try Questions(registry).answers(about: streams)
    let digests = try registry.store.digest().tables
    #expect(live.count > streams.count)
    func compare(_ what: String) throws {
      let again = try Questions(registry).answers(about: streams)
      #expect(live.count == again.count)
      for (question, answer) in live {
        #expect(again[question] == answer, "\(question) is otherwise \(what)")
      }
      for (a, b) in zip(digests, try registry.store.digest().tables) {
        #expect(a == b, "table \(a.table.rawValue) is otherwise \(what)")
      }
    }
    try registry.reopen()
    try compare("after a stop")
    try registry.reopen(rebuild: true)
    try compare("after a rebuild")
    try registry.replay()
    try compare("after a replay of the log")
  }
}

extension TestRegistry {
  /// Stops, and starts with views that know nothing: the whole log is caught up with.
  func replay() throws {
    writer.stop()
    let opening = unsafe ViewsRecovery(
      folder: store.folder, log: store.log, vault: store.vault, logger: store.logger,
      mapSizeBytes: 1 << 30)
    let views = try Views(folder: folder + "/replayed", mapSizeBytes: 1 << 30)
    let sharedStreams = try opening.catchUp(views)
    let replayed = try views.environment.read { try views.digests($0) }
    let stored = try store.digest().tables
    views.close()
    if replayed != stored { throw Unexpected("the replay leads elsewhere") }
    for kind in StreamKind.allCases where kind.isShared {
      for stream in store.sharedStreams.streams(of: kind)
      where sharedStreams.head(of: stream) != store.sharedStreams.head(of: stream) {
        throw Unexpected("\(stream.text) is otherwise in memory")
      }
    }
    try reopen()
  }
}

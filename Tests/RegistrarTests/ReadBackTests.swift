import Foundation
import Messages
import Projections
import Registry
import Testing

@testable import Registrar

/// What is accepted can be read back: however much it is, it is there after a stop, after a start
/// without views and after a rebuild, and answers are the same.
struct ReadBackTests {
  @Test func `Every event at its limits is recorded or rejected in words, and read back`() throws {
    let registry = try TestRegistry()
    let largest = try Largest(registry)
    try largest.beginAll()
    try largest.recordAll()
    for kind in StreamKind.allCases {
      #expect(largest.recorded[kind, default: 0] > 0, "no event of a \(kind.rawValue)")
    }
    let all = largest.recorded.values.reduce(0, +)
    #expect(all > largest.rejected / 2, "\(all) recorded, \(largest.rejected) rejected")
    try check(registry, largest.streams)
    try registry.end()
  }

  @Test func `A registry of thousands of requirements, skills and claims is read back`() throws {
    let registry = try TestRegistry()
    for proposal in Facts.ground { try registry.given(proposal) }
    let framework = StreamID("framework/long")!
    try registry.given(
      Facts.proposal(
        framework.text, "2020-01-01",
        .framework(.published(FrameworkPublished(title: "Long", version: "1"))), source: true))
    try record(registry, 2_300) { at in
      .framework(.skillAdded(.init(skill: Skill(code: id("s\(at)"), title: "\(at)", levels: 3))))
    } in: { _ in
      framework.text
    }
    // More fields than a question may have.
    try record(registry, 3_200) { at in
      .registry(
        .requirementSet(
          RequirementSet(
            whose: .position(id("position-\(at)")),
            skills: (0..<10).map {
              SkillLevel(framework: framework.key, skill: id("s\((at + $0) % 2_300)"), level: 2)
            })))
    } in: { _ in
      "registry/ke"
    }
    // More bytes than a frame has.
    try registry.given(Facts.agreement("long"))
    try record(registry, 7_600) { at in
      .agreement(
        .targetClaimed(
          TargetClaimed(
            claim: id("claim-\(at)"), claimedBy: String(repeating: "w", count: 200),
            population: .civilServants, count: .exactly(UInt64(at)),
            scope: String(repeating: "s", count: 300))))
    } in: { _ in
      "agreement/long"
    }
    let streams = [framework, StreamID("registry/ke")!, StreamID("agreement/long")!]
    try check(registry, streams)

    // Whole they are too long for an answer, and the refusal says what to do.
    let claims = streams[2]
    let refusal = #expect(throws: CallStatus.self) {
      try registry.deferred(.getStream, GetStreamRequest(stream: claims), GetStreamReply.self)
    }
    #expect(refusal?.code == .resourceExhausted && refusal?.field == "in_parts")
    for (stream, entries) in zip(streams, [2_300, 3_200, 7_600]) {
      #expect(try Questions(registry).parts(of: stream).entries == entries, "\(stream.text)")
    }
    try registry.end()
  }

  @Test func `A long chain of corrections keeps what rests on it, and is read back`() throws {
    let registry = try TestRegistry()
    for proposal in Facts.ground { try registry.given(proposal) }
    try registry.given(Facts.enrolled("e1", "a"))
    let first = Facts.completed("e1")
    try registry.given(first, Facts.issued("k1", to: "a", number: "1", evidence: [first.eventID]))
    var last = first
    for start in stride(from: 0, to: 1_200, by: 100) {
      var part: [Proposal] = []
      for score in start..<(start + 100) {
        last = Facts.proposal(
          "enrolment/e1", "2022-03-31",
          .enrolment(
            .completed(EnrolmentCompleted(result: .passed, score: UInt32(score)))),
          corrects: last.eventID)
        part.append(last)
      }
      for outcome in try registry.record(part) { #expect(outcome.position != nil, "\(outcome)") }
    }
    let stream = StreamID("enrolment/e1")!
    let state = try registry.desk { try $0.records.state(of: stream, on: .distantFuture) }
    #expect(state?.enrolment?.completion?.standsFor.count == 1_200)
    #expect(state?.evidence?.isCited(by: first.eventID) == true)
    #expect(try registry.verify("k1", on: day("2022-05-01")).status == .valid)
    try check(registry, [stream, StreamID("credential/k1")!])
    try registry.end()
  }

  // MARK: how it is asked

  private func record(
    _ registry: TestRegistry, _ count: Int, _ body: (Int) -> Proposal.Body,
    in stream: (Int) -> String
  ) throws {
    for start in stride(from: 0, to: count, by: 500) {
      let part = (start..<min(start + 500, count)).map {
        Facts.proposal(stream($0), "2022-01-01", body($0), source: true)
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
    let opening = unsafe ViewsOpening(
      folder: store.folder, log: store.log, vault: store.vault, logger: store.logger,
      mapSizeBytes: 1 << 30)
    let views = try Views(folder: folder + "/replayed", mapSizeBytes: 1 << 30)
    let catalogue = try opening.catchUp(views)
    let (replayed, stored) = unsafe (
      try views.environment.read { try views.digests($0) }, try store.digest().tables
    )
    views.close()
    if replayed != stored { throw Unexpected("the replay leads elsewhere") }
    for kind in StreamKind.allCases where kind.isCatalogued {
      for stream in store.catalogue.streams(of: kind)
      where catalogue.head(of: stream) != store.catalogue.head(of: stream) {
        throw Unexpected("\(stream.text) is otherwise in memory")
      }
    }
    try reopen()
  }
}

/// Records every event with everything in it that the schema allows.
private final class Largest {
  private let registry: TestRegistry
  /// Streams of a kind.
  private var count = 0
  private(set) var recorded: [StreamKind: Int] = [:]
  private(set) var rejected = 0
  private(set) var streams: [StreamID] = []

  init(_ registry: TestRegistry) throws {
    self.registry = registry
    count = try StreamKind.allCases.map { try LargestMessage.events(of: $0).count }.max()!
  }

  private func stream(_ kind: StreamKind, _ index: Int) -> StreamID {
    StreamID(kind, LargestMessage.name(kind == .registry ? 0 : index))
  }

  /// A stream of each kind for each event, begun by the least that begins it.
  func beginAll() throws {
    for kind in StreamKind.allCases {
      for index in 0..<(kind == .registry ? 1 : count) {
        let (stream, least) = (stream(kind, index), LargestMessage(extent: .least, index: index))
        for event in try LargestMessage.events(of: kind) {
          guard try submit(try least.proposal(stream, event)) else { continue }
          streams.append(stream)
          break
        }
      }
      // A framework's skill has the framework's own name, so that others can name it.
      for index in 0..<count where kind == .framework {
        let added = LargestMessage(extent: .least, index: index)
        _ = try submit(try added.proposal(stream(kind, index), "skill_added"))
      }
    }
    rejected = 0
  }

  /// Each event with everything, or with shorter lists where these are too much for what there is.
  func recordAll() throws {
    for kind in StreamKind.allCases {
      for (index, event) in try LargestMessage.events(of: kind).enumerated() {
        for itemsMax in [Int.max, 500, 60, 12, 1, 0] {
          let most = LargestMessage(extent: .most, index: index + 1, itemsMax: itemsMax)
          guard try submit(try most.proposal(stream(kind, index), event)) else { continue }
          recorded[kind, default: 0] += 1
          break
        }
      }
    }
  }

  private func submit(_ proposal: [UInt8]) throws -> Bool {
    // As a request is taken in, with all its limits.
    let item = RecordItem(proposal: proposal)
    switch try registry.submit([item]).get().outcomes[0] {
    case .recorded: return true
    case .unchanged: return false
    case .rejected(let rejection):
      #expect(rejection.sentence.hasSuffix(".") && rejection.sentence.count > 20)
      rejected += 1
      return false
    }
  }
}

/// Every question that may be asked about a stream, with its answer or its refusal.
private struct Questions {
  let registry: TestRegistry

  init(_ registry: TestRegistry) { self.registry = registry }

  func answers(about streams: [StreamID]) throws -> [String: [[UInt8]]] {
    var answers: [String: [[UInt8]]] = [:]
    let day = day("2024-06-01")
    for stream in streams {
      func ask(_ what: String, _ body: () throws -> [[UInt8]]) {
        do { answers["\(what) \(stream.text)"] = try body() } catch {
          answers["\(what) \(stream.text)"] = [Array("\(error)".utf8)]
        }
      }
      func pages<Q: Message>(_ method: Method, _ question: Q) {
        ask(method.name) {
          try registry.desk { desk in
            var source = try ReadDesk.pages(method, Codec.encode(question))
            defer { source.close() }
            var found: [[UInt8]] = []
            while case .message(let bytes) = try source.next(from: desk) { found.append(bytes) }
            return found
          }
        }
      }
      ask("parts of") { try parts(of: stream).bytes }
      pages(.streamHistory, StreamHistoryRequest(stream: stream))
      pages(.explain, ExplainRequest(what: .stream(stream), on: day))
      switch stream.kind {
      case .officer:
        ask("profile of") {
          [
            Codec.encode(
              try registry.onLoop(
                .getProfile, GetProfileRequest(who: .officer(stream.key), on: day),
                GetProfileReply.self))
          ]
        }
        pages(.officerRecord, OfficerRecordRequest(who: .officer(stream.key)))
        pages(.listCredentials, ListCredentialsRequest(whose: .officer(stream.key), on: day))
      case .agreement:
        ask("dashboard of") {
          [
            Codec.encode(
              try registry.deferred(
                .getAgreement,
                GetAgreementRequest(agreement: stream.key, inParts: true, on: day),
                GetAgreementReply.self))
          ]
        }
      case .credential:
        ask("verify") {
          [Codec.encode(try registry.verify(stream.key.text, on: day))]
        }
      case .cohort: pages(.cohortRoll, CohortRollRequest(cohort: stream.key, on: day))
      case .mandate: pages(.compliance, ComplianceRequest(mandate: stream.key, on: day))
      case .organisation:
        pages(.gap, GapRequest(whose: .organisation(stream.key), on: day))
        ask("authorisations of") {
          [
            Codec.encode(
              try registry.deferred(
                .authorisations, AuthorisationsRequest(organisation: stream.key, on: day),
                AuthorisationsReply.self))
          ]
        }
      default: break
      }
    }
    return answers
  }

  /// The parts of a state, as a client asks for them, and how many entries their lists have.
  func parts(of stream: StreamID) throws -> (bytes: [[UInt8]], entries: Int) {
    var (bytes, entries): ([[UInt8]], Int) = ([], 0)
    var question = GetStreamRequest(stream: stream, inParts: true, on: day("2024-06-01"))
    repeat {
      let part = try registry.deferred(.getStream, question, GetStreamReply.self)
      bytes.append(Codec.encode(part))
      #expect(bytes.last!.count < 2 << 20, "a part of \(stream.text) is as long as a frame")
      switch part.state {
      case .registry(let state): entries += state.requirements.count
      case .framework(let state): entries += state.skills.count + state.crosswalks.count
      case .agreement(let state):
        entries += state.targets.count + state.targetClaims.count + state.resultClaims.count
      default: break
      }
      question.resumeAfter = part.resumeAfter
    } while !question.resumeAfter.isEmpty
    return (bytes, entries)
  }
}

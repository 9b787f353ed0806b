import Messages
import Projections
import Registry
import Server
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Every streaming method, message by message: one position from the first to the last, however
/// short the slices, and whatever is recorded meanwhile.
struct StreamingTests {
  /// A question and how to read its messages.
  struct Question: Sendable, CustomStringConvertible {
    var description: String
    var method: Method
    var request: [UInt8]
    /// The position of a message, and its lines; nil for one that only tells of progress.
    var read: @Sendable ([UInt8]) throws -> (asOf: UInt64, lines: [[UInt8]])?

    init<Q: Message, P: Message, L: Message>(
      _ method: Method, _ what: String = "", _ question: Q, _ page: P.Type,
      _ lines: @escaping @Sendable (P) -> (UInt64, [L])?
    ) {
      (self.method, request) = (method, Codec.encode(question))
      description = "\(method) \(what)"
      read = { bytes in
        try lines(Codec.decode(P.self, from: bytes)).map { ($0.0, $0.1.map { Codec.encode($0) }) }
      }
    }
  }

  /// - Parameter position: for what is counted as of its last slice.
  static func questions(at position: UInt64) -> [Question] {
    let on = day("2022-12-31")
    var all: [Question] = [
      Question(
        .streamHistory, "of an officer", StreamHistoryRequest(stream: StreamID("officer/a")!),
        StreamHistoryPage.self
      ) { ($0.asOf, $0.lines) },
      Question(
        .findOfficers, "",
        FindOfficersRequest(
          skills: [SkillLevel(framework: id("ict"), skill: id("cloud"), level: 1)], on: on,
          pageSize: 2), FindOfficersPage.self
      ) { ($0.asOf, $0.officers) },
      Question(
        .listCredentials, "of an issuer",
        ListCredentialsRequest(whose: .issuer(id("heta")), on: on, pageSize: 2),
        ListCredentialsPage.self
      ) { ($0.asOf, $0.credentials) },
      Question(
        .compliance, "", ComplianceRequest(mandate: id("m1"), on: on, atPosition: position),
        CompliancePage.self
      ) { $0.progress == nil ? ($0.asOf, $0.lines) : nil },
      Question(
        .complianceOfficers, "",
        ComplianceOfficersRequest(mandate: id("m1"), on: on, pageSize: 2),
        ComplianceOfficersPage.self
      ) { ($0.asOf, $0.officers) },
      Question(
        .gap, "", GapRequest(whose: .organisation(id("gov")), on: on, pageSize: 1), GapPage.self
      ) { ($0.asOf, $0.officers) },
      Question(
        .explain, "a skill",
        ExplainRequest(
          what: .skill(
            SkillQuestion(officer: id("a"), framework: id("ict"), skill: id("cloud"))), on: on),
        ExplainPage.self
      ) { ($0.asOf, $0.lines) },
      Question(
        .explain, "an agreement",
        ExplainRequest(
          what: .agreement(AgreementNumber(agreement: id("a1"), figure: .completions)), on: on),
        ExplainPage.self
      ) { ($0.asOf, $0.lines) },
      Question(
        .explain, "a mandate",
        ExplainRequest(what: .compliance(ComplianceNumber(mandate: id("m1"))), on: on),
        ExplainPage.self
      ) { ($0.asOf, $0.lines) },
      Question(.exceptions, "", ExceptionsRequest(on: on), ExceptionsPage.self) {
        ($0.asOf, $0.lines)
      },
      Question(
        .diff, "", DiffRequest(from: 3, on: on), DiffPage.self
      ) { ($0.asOf, $0.lines) },
      Question(
        .expiring, "", ExpiringRequest(withinDays: 3_000, on: day("2022-02-10")),
        ExpiringPage.self
      ) { ($0.asOf, $0.lines) },
      Question(.duplicates, "", DuplicatesRequest(), DuplicatesPage.self) {
        ($0.asOf, $0.groups)
      },
      Question(
        .officerRecord, "", OfficerRecordRequest(who: .officer(id("a"))), OfficerRecordPage.self
      ) { ($0.asOf, $0.history) },
    ]
    for stream in ["enrolment/e0", "cohort/c1", "registry/ke", "credential/k0"] {
      all.append(
        Question(
          .explain, stream, ExplainRequest(what: .stream(StreamID(stream)!), on: on),
          ExplainPage.self
        ) { ($0.asOf, $0.lines) })
    }
    for officer in History.officers {
      all.append(
        Question(
          .listCredentials, "of \(officer)",
          ListCredentialsRequest(whose: .officer(id(officer)), on: on, pageSize: 1),
          ListCredentialsPage.self
        ) { ($0.asOf, $0.credentials) })
    }
    for cohort in History.cohorts {
      all.append(
        Question(
          .cohortRoll, cohort, CohortRollRequest(cohort: id(cohort), pageSize: 2, on: on),
          CohortRollPage.self
        ) { ($0.asOf, $0.lines) })
    }
    return all
  }

  /// Everything that a question is answered, a step at a time.
  private func answer(
    _ question: Question, _ streams: QueryDispatcher, _ slice: () -> TimeSlice,
    between steps: () throws -> Void
  ) throws -> (positions: Set<UInt64>, lines: [[UInt8]]) {
    let stream = try streams.open(question.method, question.request)
    defer { stream.close() }
    var positions: Set<UInt64> = []
    var lines: [[UInt8]] = []
    for _ in 0..<20_000 {
      let step = try stream.next(slice())
      let bytes: [UInt8]? =
        switch step {
        case .message(let bytes): bytes
        case .end(let bytes): bytes
        case .working, .idle: nil
        }
      if let bytes, let read = try question.read(bytes) {
        positions.insert(read.asOf)
        lines += read.lines
      }
      if case .end = step { return (positions, lines) }
      if case .idle = step { throw Unexpected("\(question) waits") }
      try steps()
    }
    throw Unexpected("\(question) makes no progress")
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `Every answer is of one position, while the history goes on between its steps`(
    seed: UInt64
  ) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    var (recorded, _) = try History.record(registry, seed: seed, batches: 60)
    try registry.withStreams { streams in
      // What a seed has no such stream for is answered that there is none.
      let known = Set(recorded.map { "explain \($0.stream.text)" })
      for question in Self.questions(at: try registry.size - 10)
      where !question.description.contains("/") || known.contains(question.description) {
        let place: Comment = "\(question), seed \(seed)"
        let position =
          question.method == .compliance ? try registry.size - 10 : try registry.size
        // The positions of the question's own are of its beginning.
        let asked =
          question.method == .compliance
          ? Self.questions(at: position).first { $0.method == .compliance }! : question
        let whole = try answer(asked, streams, { .endless }) {}
        var left = 25
        let stepped = try answer(asked, streams, { TimeSlice(ms: 0, bytesMax: 1) }) {
          guard left > 0, Bool.random(using: &random) else { return }
          left -= 1
          let next = History.next(&random, recorded)
          let outcome = try registry.record([next])[0]
          if outcome.position != nil, !outcome.isAlready { recorded.append(next) }
        }
        let isSame = stepped.lines == whole.lines
        #expect(isSame, "\(stepped.lines.count) of \(whole.lines.count) lines: \(place)")
        #expect(whole.positions == [position], place)
        #expect(stepped.positions == [position], place)
      }
    }
    try registry.end()
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func
    `The disposition of each event is what the stream's effective history says, at every position`(
      seed: UInt64
    ) throws
  {
    let registry = try TestRegistry()
    let (recorded, _) = try History.record(registry, seed: 100 + seed, batches: 60)
    let end = try registry.size
    for stream in Set(recorded.map(\.stream)) {
      for position in [end, end / 2, end - 7] {
        try registry.session { session in
          let standing = try session.readModel.effectiveHistory(of: stream, knownAt: position)
          var dispositions = try DispositionScan(of: stream, knownAt: position, session.readModel)
          while try !dispositions.read(session.readModel, TimeSlice(ms: 0)) {}
          #expect(
            dispositions.positions == standing.events.map(\.metadata.position),
            "\(stream), seed \(seed)")
          for (at, event) in standing.events.enumerated() {
            let place: Comment =
              "\(stream) at \(dispositions.positions[at]) of \(position), seed \(seed)"
            // An act changes others; nothing is said to have become of itself.
            #expect(
              dispositions.disposition(at: dispositions.positions[at])
                == standing.disposition(of: at), place)
            #expect(dispositions.order(of: event) == standing.orders[at], place)
            let read = try session.readModel.stored(dispositions.positions[at]).event
            #expect(
              dispositions.whole(read) == (standing.stands(at) ? standing.event(at) : event), place)
          }
        }
      }
    }
    try registry.end()
  }

  @Test func `The log is read to where it ended when it was asked for, unless it is followed`()
    throws
  {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    let end = try registry.size
    for (follow, limit, expected) in [(false, 0, end), (false, 3, 3), (true, 4, 4)]
      as [(
        Bool, UInt64, UInt64
      )]
    {
      let pages = try registry.allPages(
        .readLog, ReadLogRequest(from: 0, follow: follow, limit: limit), ReadLogPage.self,
        slice: { TimeSlice(ms: 0, bytesMax: 1) },
        between: { try registry.given(Fixture.organisation("o\(try registry.size)")) })
      #expect(pages.flatMap(\.events).count == Int(expected))
      #expect(pages.allSatisfy { $0.events.count == 1 })
      if !follow { #expect(Set(pages.map(\.asOf)).count == 1) }
    }
    try registry.end()
  }
}

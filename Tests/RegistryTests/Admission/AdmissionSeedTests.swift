import Testing

@testable import Registry

/// Streams that grow by whatever comes, as far as it is allowed.
@Suite struct AdmissionSeedTests {
  static func samples(_ kind: StreamKind) -> [Proposal.Body] {
    switch kind {
    case .enrolment: EnrolmentLifeCycleTests.Kind.allCases.map { .enrolment($0.row.sample) }
    case .credential: CredentialLifeCycleTests.Kind.allCases.map { .credential($0.row.sample) }
    case .programme: ProgrammeLifeCycleTests.Kind.allCases.map { .programme($0.row.sample) }
    case .mandate: MandateLifeCycleTests.Kind.allCases.map { .mandate($0.row.sample) }
    case .duty: DutyLifeCycleTests.Kind.allCases.map { .duty($0.row.sample) }
    case .skillClaim: SkillClaimLifeCycleTests.Kind.allCases.map { .skillClaim($0.row.sample) }
    case .officer:
      // An identifier comes with personal data, which these proposals have none of.
      OfficerLifeCycleTests.Kind.allCases.filter { $0 != .identifierAdded }
        .map { .officer($0.row.sample) }
    case .registry: EstablishmentLifeCycleTests.Kind.allCases.map { .registry($0.row.sample) }
    case .organisation:
      OrganisationLifeCycleTests.Kind.allCases.map { .organisation($0.row.sample) }
    case .framework: FrameworkLifeCycleTests.Kind.allCases.map { .framework($0.row.sample) }
    case .authorisation:
      AuthorisationLifeCycleTests.Kind.allCases.map { .authorisation($0.row.sample) }
    case .instrument: InstrumentLifeCycleTests.Kind.allCases.map { .instrument($0.row.sample) }
    case .agreement: AgreementLifeCycleTests.Kind.allCases.map { .agreement($0.row.sample) }
    case .course: CourseLifeCycleTests.Kind.allCases.map { .course($0.row.sample) }
    case .cohort: CohortLifeCycleTests.Kind.allCases.map { .cohort($0.row.sample) }
    case .submission: SubmissionLifeCycleTests.Kind.allCases.map { .submission($0.row.sample) }
    }
  }

  static func stream(_ kind: StreamKind) -> StreamID {
    StreamID(kind, kind == .registry ? "KE" : "own")
  }

  static func proposal(
    _ kind: StreamKind, after reader: TestHistoryReader, _ random: inout Seeded
  ) -> Proposal {
    var body = samples(kind).randomElement(using: &random)!
    var corrects: UInt64?
    if reader.next > 1, Int.random(in: 0..<3, using: &random) == 0 {
      corrects = UInt64.random(in: 1..<reader.next, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: body = .voided(Voided())
      case 1: body = .restored(Restored())
      default: break
      }
    }
    var proposal = Proposal.test(
      reader.next, body,
      on: Day(2024_03_01).adding(days: Int.random(in: 0..<15, using: &random)),
      corrects: corrects, in: stream(kind), source: Bool.random(using: &random))
    if case .officer(.registered) = body { proposal.personal = Personal(name: "Made up") }
    return proposal
  }

  @Test(
    arguments: StreamKind.allCases, 0..<60 as Range<UInt64>)
  func `What stands is always allowed, and heads are what the history folds to`(
    kind: StreamKind, seed: UInt64
  ) throws {
    var random = Seeded(seed)
    var reader = TestHistoryReader(.training)
    let stream = Self.stream(kind)
    var recorded = 0
    for _ in 0..<80 {
      let proposal = Self.proposal(kind, after: reader, &random)
      let before = reader
      do {
        guard try reader.record(proposal) != nil else { continue }
      } catch {
        #expect(reader.history(of: stream) == before.history(of: stream))
        try checkInTheWay(error, EffectiveHistory(before.history(of: stream)), seed)
        continue
      }
      recorded += 1
      try check(reader, stream, grownFrom: before, seed)
    }
    #expect(recorded > 0 || reader.head(of: stream) == nil, "seed \(seed)")
  }

  private func check(
    _ reader: TestHistoryReader, _ stream: StreamID, grownFrom before: TestHistoryReader,
    _ seed: UInt64
  ) throws {
    let history = reader.history(of: stream)
    let head = try #require(reader.head(of: stream))
    let standing = EffectiveHistory(history)
    let (state, last) = standing.fold()
    #expect(head.state == state, "seed \(seed) at \(history.count)")
    #expect(head.last == last, "seed \(seed) at \(history.count)")
    #expect(
      head
        == StreamHead.advanced(before.head(of: stream), by: history.last!) {
          before.history(of: stream)
        }, "seed \(seed): a replay leads elsewhere")
    var folded: StreamState?
    for at in standing.foldOrder {
      do {
        _ = try StreamState.decide(standing.events[at], in: folded, given: PermissiveContext())
      } catch {
        Issue.record(
          "seed \(seed): after \(history.count), \(at) is not allowed: \(error.sentence)")
      }
      folded = StreamState.evolve(folded, by: standing.events[at])
    }
  }

  /// What a rejection says is in the way stands, and is one of the stream's.
  private func checkInTheWay(
    _ rejection: Rejection, _ standing: EffectiveHistory, _ seed: UInt64
  ) throws {
    #expect(!rejection.sentence.isEmpty)
    guard rejection.code == .contradictsLater else { return }
    let position = try #require(rejection.inTheWay)
    let at = standing.events.firstIndex { $0.metadata.position == position }
    // What does not stand is in nobody's way, unless it would stand again.
    #expect(
      (at.map { standing.dispositions[$0] } == .stands)
        != rejection.sentence.contains("stand again"),
      "seed \(seed): \(rejection.sentence)")
  }
}

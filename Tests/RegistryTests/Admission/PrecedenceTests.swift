import Testing

@testable import Registry

/// A proposal that two stages object to is rejected by the earlier one. Those of the writer's stages
/// are in the tests of recording.
@Suite struct PrecedenceTests {
  /// What was recorded, with a stream's head replaced.
  struct Reader: HistoryReader {
    var reader = TestHistoryReader(.training)
    var crafted: [StreamID: StreamHead] = [:]

    func head(of stream: StreamID) -> StreamHead? { crafted[stream] ?? reader.head(of: stream) }
    func history(of stream: StreamID) -> ChunkedArray<StreamEvent> { reader.history(of: stream) }
    var registryStream: StreamID? { reader.registryStream }
    func state(of stream: StreamID, on day: Day) -> StreamState? {
      reader.state(of: stream, on: day)
    }
    /// Whose every certificate number is.
    var numbered: Identifier?
    func credentials(issuer: Identifier, number: NumberKey) -> [Identifier] {
      [numbered].compactMap(\.self)
    }
    func event(_ id: EventID) -> EventLocation? { reader.event(id) }
    func seatsTaken(in cohort: Identifier) -> Int { 0 }
    func enrolments(in cohort: Identifier) -> Int { reader.enrolments(in: cohort) }
    func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier? { nil }
    func duty(of officer: Identifier, under mandate: Identifier) -> Identifier? { nil }
    func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? { nil }
  }

  /// Two stages, a proposal that both object to, and one that the later alone does.
  struct Row: Sendable, CustomTestStringConvertible {
    var stages: (first: AdmissionStage, second: AdmissionStage)
    var codes: (first: Rejection.Code, second: Rejection.Code)
    var both: Proposal
    var second: Proposal
    var reader: @Sendable () throws -> (both: Reader, second: Reader)

    var testDescription: String { "\(stages.first) before \(stages.second)" }

    init(
      _ first: AdmissionStage, _ firstCode: Rejection.Code, before second: AdmissionStage,
      _ secondCode: Rejection.Code, _ both: Proposal, alone: Proposal? = nil,
      _ reader: @escaping @Sendable () throws -> (both: Reader, second: Reader)
    ) {
      (stages, codes) = ((first, second), (firstCode, secondCode))
      (self.both, self.second, self.reader) = (both, alone ?? both, reader)
    }
  }

  private static let own = StreamID(.enrolment, "own")
  private static let enrolled = Proposal.Body.enrolment(.enrolled(.init(seat: .own)))
  private static let attended = Proposal.Body.enrolment(.attended(.init(session: "s", minutes: 1)))
  private static let registered = Proposal.Body.officer(.registered(.init()))

  private static func proposal(
    _ body: Proposal.Body, on day: Day = 2024_06_01, corrects: UInt64? = nil,
    in stream: StreamID? = nil, personal: Personal? = nil, authority: StreamID? = nil,
    attributedTo: StreamID? = nil
  ) -> Proposal {
    var proposal = Proposal.test(90, body, on: day, corrects: corrects, in: stream)
    (proposal.personal, proposal.authority) = (personal, authority)
    proposal.attributedTo = attributedTo
    return proposal
  }

  private static let nobody = StreamID(.instrument, "nowhere")
  private static let nothing = StreamID(.programme, "nowhere")

  @Sendable private static func same() -> (both: Reader, second: Reader) {
    (Reader(), Reader())
  }

  @Sendable private static func trained() throws -> (both: Reader, second: Reader) {
    var reader = Reader()
    _ = try reader.reader.record(.test(1, enrolled, on: 2024_02_01))
    return (reader, reader)
  }

  /// The stream of an enrolment with so many events and sessions.
  private static func long(
    _ status: EnrolmentStatus, events: UInt32 = 2, sessions: Int = 0
  ) throws -> Reader {
    var reader = try trained().0
    reader.crafted[own] = StreamHead(
      state: .enrolment(
        Enrolment(
          status: status, since: .test, seat: .own,
          sessions: (0..<sessions).map { Identifier("s\($0)")! })),
      events: events, last: FoldOrder(effective: 2024_02_01, rank: 1), amended: false)
    return reader
  }

  /// Two records, of which `a` was `b`'s in a time that is over, and `b` has so many postings.
  private static func merged(postings: Int, isMerged: Bool = true) throws -> Reader {
    var reader = Reader()
    for name in ["a", "b"] as [Identifier] {
      var proposal = Proposal.test(
        reader.reader.next, registered, on: 2020_01_01, in: StreamID(.officer, name))
      proposal.personal = Personal(name: "Made up")
      _ = try reader.reader.record(proposal)
    }
    if isMerged {
      let a = StreamID(.officer, "a")
      _ = try reader.reader.record(
        .test(3, .officer(.mergedInto(.init(officer: "b"))), on: 2024_03_01, in: a))
      _ = try reader.reader.record(
        .test(4, .officer(.mergeReversed(.init())), on: 2024_05_01, in: a))
    }
    let b = StreamID(.officer, "b")
    var head = reader.head(of: b)
    if case .officer(var officer) = head?.state, postings > 0 {
      let spans = (0..<postings).map { _ in PostingSpan(from: 2020_01_01, status: .active) }
      officer.spans = spans
      head?.state = .officer(officer)
    }
    reader.crafted[b] = head
    return reader
  }

  private static func mergedIntoA(_ authority: StreamID? = nil) -> Proposal {
    proposal(
      .officer(.mergedInto(.init(officer: "a"))), on: 2024_01_01, in: StreamID(.officer, "b"),
      authority: authority)
  }

  /// A cohort with so many enrolments.
  private static func planned(_ enrolments: Int) throws -> Reader {
    var reader = Reader()
    reader.reader.context.rolls["own"] = enrolments
    reader.reader.context.put(
      .course, "cloud-2",
      .course(
        Course(
          status: .published, since: .test,
          editions: [CoursePublished(edition: 1, title: "Cloud", track: .technical)])))
    _ = try reader.reader.record(.test(1, .cohort(.planned(.init(terms: .own))), on: 2023_12_01))
    return reader
  }

  /// A credential whose number was corrected, and whose the earlier one is by now.
  private static func renumbered(other: Identifier?) throws -> Reader {
    var reader = Reader()
    _ = try reader.reader.record(.test(1, .credential(.issued(.own)), on: 2023_01_01))
    var terms = CredentialIssued.own
    terms.number = "KSG-2"
    _ = try reader.reader.record(
      .test(2, .credential(.issued(terms)), on: 2023_01_01, corrects: 1))
    reader.numbered = other
    return reader
  }

  private static let replanned: Proposal = {
    var terms = CohortTerms.own
    terms.course = "cloud-2"
    return proposal(
      .cohort(.planned(.init(terms: terms))), on: 2023_12_01, corrects: 1, authority: nobody)
  }()

  static let rows: [Row] = [
    Row(
      .jurisdiction, .registryNotEstablished, before: .streamKind, .wrongStream,
      proposal(enrolled, in: StreamID(.registry, "UG")),
      alone: proposal(enrolled, in: StreamID(.cohort, "c9")), same),
    Row(
      .streamKind, .wrongStream, before: .personalData, .personalData,
      proposal(registered, in: StreamID(.cohort, "c9")),
      alone: proposal(registered, in: StreamID(.officer, "new")), same),
    Row(
      .personalData, .personalData, before: .length, .streamTooLong,
      proposal(attended, personal: Personal(name: "Made up")), alone: proposal(attended)
    ) {
      let full = try long(.active, events: StreamKind.enrolment.eventsMax)
      return (full, full)
    },
    Row(
      .length, .streamTooLong, before: .target, .notCorrectable,
      proposal(.voided(Voided()), in: own)
    ) { (try long(.active, events: StreamKind.enrolment.eventsMax), try long(.active)) },
    Row(
      .target, .notCorrectable, before: .rules, .illegalTransition,
      proposal(.enrolment(.nominationRejected(.init())), corrects: 77),
      alone: proposal(.enrolment(.nominationRejected(.init()))), trained),
    Row(
      .rules, .illegalTransition, before: .growth, .streamTooLong, proposal(attended)
    ) {
      let most = StreamState.entriesMax
      return (try long(.withdrawn, sessions: most), try long(.active, sessions: most))
    },
    Row(.growth, .streamTooLong, before: .cycles, .inconsistent, mergedIntoA()) {
      (try merged(postings: StreamState.entriesMax), try merged(postings: 0))
    },
    Row(
      .rewrittenRows, .notCorrectable, before: .authority, .noAuthority, replanned
    ) { (try planned(rewrittenRowsMax + 1), try planned(rewrittenRowsMax)) },
    Row(
      .certificateNumber, .alreadyTaken, before: .authority, .noAuthority,
      proposal(
        .voided(Voided()), on: 2023_01_01, corrects: 2, in: StreamID(.credential, "own"),
        authority: nobody)
    ) { (try renumbered(other: "other"), try renumbered(other: nil)) },
    Row(
      .cycles, .inconsistent, before: .authority, .noAuthority, mergedIntoA(nobody)
    ) { (try merged(postings: 0), try merged(postings: 0, isMerged: false)) },
    Row(
      .authority, .noAuthority, before: .attribution, .noSuchReference,
      proposal(enrolled, authority: nobody, attributedTo: nothing),
      alone: proposal(enrolled, attributedTo: nothing), same),
    Row(
      .attribution, .noSuchReference, before: .plausibility, .inconsistent,
      proposal(enrolled, on: 1850_06_01, attributedTo: nothing),
      alone: proposal(enrolled, on: 1850_06_01), same),
  ]

  @Test(arguments: rows)
  func `Of two stages that object the earlier one is told`(row: Row) throws {
    let readers = try row.reader()
    let first = try rejection {
      _ = try Admission.admit(row.both, at: 90, given: readers.both)
      return .record
    }
    #expect(first.code == row.codes.first, "\(first.sentence)")
    #expect(row.stages.first.codes.contains(first.code))
    let second = try rejection {
      _ = try Admission.admit(row.second, at: 90, given: readers.second)
      return .record
    }
    #expect(second.code == row.codes.second, "\(second.sentence)")
    #expect(row.stages.second.codes.contains(second.code))
  }

  @Test func `Each stage has a row with the next that may object to the same proposal`() {
    let judged = AdmissionStage.order.drop { $0 != .jurisdiction }.prefix { $0 != .plausibility }
    #expect(Self.rows.map(\.stages.first) == Array(judged))
    for row in Self.rows { #expect(row.stages.first.next == row.stages.second) }
  }

  @Test func `Each code is some stage's`() {
    let codes = AdmissionStage.order.reduce(into: Set()) { $0.formUnion($1.codes) }
    #expect(codes == Set(Rejection.Code.allCases))
  }

  /// Within the rules of a kind: whose stream it is, the life cycle, the stream's own things, others.
  static let withinRules: [(both: Proposal.Body, state: [Proposal.Body], code: Rejection.Code)] = {
    var seat = Seat.own
    seat.cohort = "c2"
    var issued = CredentialIssued.own
    (issued.validUntil, issued.holder) = (2022_01_01, "nobody")
    var unknown = CredentialIssued.own
    (unknown.holder, unknown.evidence) = ("nobody", [.test(77)])
    return [
      // Another's seat, in a status that nominations cannot follow.
      (.enrolment(.nominated(.init(seat: seat))), [enrolled], .inconsistent),
      // A status that has no appeals, of an assessment that there is not.
      (
        .enrolment(.assessmentAppealed(.init(assessment: "x"))), [enrolled], .illegalTransition
      ),
      (.credential(.superseded(.init(by: "nowhere"))), [], .noSuchStream),
      // It would run out before it is valid, and is of nobody.
      (.credential(.issued(issued)), [], .inconsistent),
      (.credential(.issued(unknown)), [], .noSuchReference),
    ]
  }()

  @Test(arguments: withinRules.indices)
  func
    `Rules judge the life cycle, then the stream's own things, then what is referred to`(
      at: Int
    ) throws
  {
    let row = Self.withinRules[at]
    var reader = TestHistoryReader(.training)
    for body in row.state {
      _ = try reader.record(.test(reader.next, body, on: 2024_02_01))
    }
    let said = try rejection {
      _ = try Admission.admit(Self.proposal(row.both), at: 90, given: reader)
      return .record
    }
    #expect(said.code == row.code, "\(said.sentence)")
    #expect(AdmissionStage.rules.codes.contains(said.code))
  }
}

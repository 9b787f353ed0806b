import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// What began and ended before it was learnt of, and what else only stands together.
struct LateIntervalTests {
  /// An interval of one stream, and what was recorded of a later day that its beginning alone
  /// contradicts; `later` is nil where everything may follow the beginning.
  struct Interval: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var before: [Proposal.Body] = []
    var later: Proposal.Body?
    var stream: String
    var begin: Proposal.Body
    var end: Proposal.Body
  }

  private static let head = Proposal.Body.officer(
    .actingStarted(OfficerActingStarted(position: id("head"))))

  static let intervals: [Interval] = [
    Interval(
      testDescription: "leave", later: head, stream: "officer/a",
      begin: .officer(.leaveStarted(OfficerLeaveStarted(leave: id("study")))),
      end: .officer(.leaveEnded(OfficerLeaveEnded()))),
    Interval(
      testDescription: "secondment", later: head, stream: "officer/a",
      begin: .officer(.seconded(OfficerSeconded(organisation: id("heta")))),
      end: .officer(.secondmentEnded(OfficerSecondmentEnded()))),
    Interval(
      testDescription: "acting", stream: "officer/a", begin: head,
      end: .officer(.actingEnded(OfficerActingEnded()))),
    Interval(
      testDescription: "suspension of an officer", later: head, stream: "officer/a",
      begin: .officer(.suspended(OfficerSuspended())),
      end: .officer(.reinstated(OfficerReinstated()))),
    Interval(
      testDescription: "separation", later: head, stream: "officer/a",
      begin: .officer(.separated(OfficerSeparated())), end: .officer(.returned(OfficerReturned()))),
    Interval(
      testDescription: "suspension of a credential", stream: "credential/k",
      begin: .credential(.suspended(CredentialSuspended())),
      end: .credential(.reinstated(CredentialReinstated()))),
    Interval(
      testDescription: "suspension of an authorisation", stream: "authorisation/heta",
      begin: .authorisation(.suspended(AuthorisationSuspended())),
      end: .authorisation(.reinstated(AuthorisationReinstated()))),
    Interval(
      testDescription: "suspension of an agreement",
      later: .agreement(.completed(AgreementCompleted())), stream: "agreement/mou",
      begin: .agreement(.suspended(AgreementSuspended())),
      end: .agreement(.resumed(AgreementResumed()))),
    Interval(
      testDescription: "suspension of a course",
      later: .course(
        .published(CoursePublished(edition: 2, title: "Cloud again", track: .technical))),
      stream: "course/cloud-1", begin: .course(.suspended(CourseSuspended())),
      end: .course(.resumed(CourseResumed()))),
    Interval(
      testDescription: "pause of a programme",
      later: .programme(.pilotDeclared(ProgrammePilotDeclared())), stream: "programme/p",
      begin: .programme(.paused(ProgrammePaused())),
      end: .programme(.resumed(ProgrammeResumed()))),
    Interval(
      testDescription: "exemption from a duty", stream: "duty/d",
      begin: .duty(
        .exemptionGranted(
          DutyExemptionGranted(duty: DutyHolder(officer: id("a"), mandate: id("m"))))),
      end: .duty(.exemptionEnded(DutyExemptionEnded()))),
  ]

  private static func ready(_ interval: Interval) throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground
      + [
        Fixture.agreement("mou"),
        Fixture.said(
          "mou", "2021-06-01", .enteredIntoForce(AgreementEnteredIntoForce())),
        Fixture.programme("p"), Fixture.mandate("m", course: "cloud-1"),
        Fixture.issued("k", to: "a", number: "1", evidence: [], on: "2021-06-01"),
      ]
    { try registry.given(proposal) }
    if let later = interval.later {
      try registry.given(
        Fixture.proposal(interval.stream, "2022-06-01", later, source: true))
    }
    return registry
  }

  private static func states(_ registry: TestRegistry, _ stream: String) throws -> [String] {
    try registry.session { session in
      try ["2022-01-31", "2022-02-01", "2022-02-28", "2022-03-01", "2022-07-01"].map {
        let state = try session.readModel.state(
          of: StreamID(stream)!, on: day($0), knownAt: session.readModel.asOf)
        return state?.statusName ?? "-"
      }
    }
  }

  @Test(arguments: intervals)
  func `A closed interval that is learnt of late is recorded in any order, atomic or not`(
    interval: Interval
  ) throws {
    var expected: [String]?
    for isAtomic in [false, true] {
      for isReversed in [false, true] {
        let registry = try Self.ready(interval)
        let begin = Fixture.proposal(interval.stream, "2022-02-01", interval.begin)
        let end = Fixture.proposal(interval.stream, "2022-03-01", interval.end)
        if interval.later != nil {
          let alone = try registry.record([begin], purpose: .dryRun)[0]
          #expect(alone.code == "contradicts_later", "\(interval.testDescription)")
        }
        let items = isReversed ? [end, begin] : [begin, end]
        let outcomes = try registry.record(items, atomic: isAtomic)
        #expect(outcomes.allSatisfy { $0.position != nil }, "\(items.map(\.body)): \(outcomes)")
        let states = try Self.states(registry, interval.stream)
        #expect(states[1] == states[2] && states[0] != states[1], "\(states)")
        #expect(states == expected ?? states)
        expected = states
        // What was recorded is what a rebuild folds.
        let digest = try registry.store.digest().hex
        try registry.reopen(rebuild: true)
        #expect(try registry.store.digest().hex == digest)
        try registry.end()
      }
    }
  }

  @Test func `Half of what only stands together is never recorded`() throws {
    let registry = try Self.ready(Self.intervals[0])
    let begin = Fixture.proposal("officer/a", "2022-02-01", Self.intervals[0].begin)
    // It would end after the acting began.
    let late = Fixture.proposal("officer/a", "2022-07-01", Self.intervals[0].end)
    let other = Fixture.proposal(
      "officer/b", "2022-02-01", .officer(.leaveStarted(OfficerLeaveStarted(leave: id("study")))))
    let before = try registry.size
    #expect(
      try registry.record([begin, late, other]).map(\.code)
        == ["contradicts_later", "illegal_transition", nil])
    #expect(try registry.size == before + 1)
    let together = try registry.record([late, begin], atomic: true)
    #expect(together.filter { $0.code != nil }.count == 1)
    #expect(try registry.size == before + 1)
    try registry.end()
  }

  @Test func `Several intervals in one request find each its end, as a dry run said`() throws {
    let registry = try Self.ready(Self.intervals[0])
    func leave(_ from: String, _ until: String) -> [Proposal] {
      [
        Fixture.proposal("officer/a", from, Self.intervals[0].begin),
        Fixture.proposal("officer/a", until, Self.intervals[0].end),
      ]
    }
    let leaves = [
      leave("2021-01-10", "2021-02-10"), leave("2021-05-01", "2021-06-01"),
      leave("2022-03-01", "2022-04-01"),
    ]
    var random = Seeded(7)
    let items = leaves.flatMap(\.self).shuffled(using: &random)
    let said = try registry.record(items, purpose: .dryRun)
    let done = try registry.record(items)
    #expect(done.allSatisfy { $0.position != nil }, "\(done)")
    #expect(said.map(\.position) == done.map(\.position))
    // Sent again it is what it was.
    let again = try registry.record(items)
    #expect(again.map(\.position) == done.map(\.position))
    #expect(again.allSatisfy { $0.isAlready })
    try registry.end()
  }

  @Test func `What says nothing new is not said anew by what comes later in the request`() throws {
    let registry = try Self.ready(Self.intervals[5])
    let reinstated = Fixture.proposal("credential/k", "2022-02-01", Self.intervals[5].end)
    let suspended = Fixture.proposal("credential/k", "2022-02-01", Self.intervals[5].begin)
    // On one day the request's order holds.
    let outcomes = try registry.record([reinstated, suspended])
    #expect(outcomes[0].isUnchanged)
    #expect(try registry.verify("k", on: day("2022-03-01")).status == .suspended)
    try registry.end()
  }

  @Test func `A beginning is voided after its end, in whatever order a request says it`() throws {
    let registry = try Self.ready(Self.intervals[8])
    let begin = Fixture.proposal("officer/b", "2022-02-01", Self.intervals[0].begin)
    let end = Fixture.proposal("officer/b", "2022-03-01", Self.intervals[0].end)
    try registry.given(begin, end)
    #expect(try registry.record([Fixture.voided(begin)])[0].code == "contradicts_later")
    let outcomes = try registry.record([Fixture.voided(begin), Fixture.voided(end)])
    #expect(outcomes.allSatisfy { $0.position != nil })
    try registry.end()
  }
}

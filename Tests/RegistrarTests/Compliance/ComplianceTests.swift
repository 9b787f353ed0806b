import Messages
import Projections
import Registry
import Testing
import Wire

@testable import EventLog
@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Mandates at their edges: who joins, who is late, who is let off, what is moved and merged.
struct ComplianceTests {
  /// `all` asks k1 and k2 of left with all below it, or cadre ict, as posted on 2022-03-01, by
  /// 2022-06-30; joiners have 30 days.
  private func ready(_ officers: (key: String, organisation: String)...) throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Crowd.ground { try registry.given(proposal) }
    for (key, organisation) in officers {
      try registry.given(Self.registered(key, organisation, "2021-01-01"))
    }
    return registry
  }

  private static func registered(_ key: String, _ organisation: String, _ on: String) -> Proposal {
    Fixture.proposal(
      "officer/" + key, on,
      .officer(.registered(OfficerRegistered(posting: Posting(organisation: id(organisation))))),
      personal: Personal(name: "Example \(key)"))
  }

  private static func completed(_ key: String, _ course: String, _ on: String) -> Proposal {
    Fixture.proposal(
      "enrolment/\(key)-\(course)", on,
      .enrolment(
        .completed(EnrolmentCompleted(seat: Fixture.seat(key, "c-" + course), result: .passed))),
      source: true)
  }

  private static func officer(_ key: String, _ on: String, _ event: OfficerEvent) -> Proposal {
    Fixture.proposal("officer/" + key, on, .officer(event))
  }

  private static func line(
    _ registry: TestRegistry, _ key: String, _ on: String, at position: UInt64? = nil
  ) throws -> DutyLine? {
    try registry.officers(
      ComplianceOfficersRequest(mandate: id("all"), on: day(on), atPosition: position)
    ).first { $0.officer == id(key) }
  }

  private static func total(
    _ registry: TestRegistry, _ on: String, _ organisation: String? = nil,
    at position: UInt64? = nil
  ) throws -> ComplianceLine {
    let pages = try registry.compliance(
      ComplianceRequest(
        mandate: id("all"), organisation: organisation.map(id), on: day(on),
        atPosition: position))
    return try #require(pages.first?.total)
  }

  @Test func `Who completed by the deadline completed, and who did it the day after was late`()
    throws
  {
    let registry = try ready(("a", "left"), ("b", "low"), ("c", "right"))
    try registry.given(
      Self.completed("a", "k1", "2022-05-01"), Self.completed("a", "k2", "2022-06-30"),
      Self.completed("b", "k1", "2022-05-01"), Self.completed("b", "k2", "2022-07-01"))
    #expect(try Self.line(registry, "a", "2022-06-29")?.standing == .outstanding)
    #expect(try Self.line(registry, "a", "2022-06-30")?.standing == .completed)
    #expect(try Self.line(registry, "b", "2022-07-01")?.standing == .late)
    #expect(try Self.line(registry, "c", "2022-07-01") == nil)
    let total = try Self.total(registry, "2022-07-01")
    #expect((total.required, total.completed, total.late) == (2, 1, 1))
    let one = try Self.total(registry, "2022-07-01", "low")
    #expect((one.required, one.late) == (1, 1))
    try registry.end()
  }

  @Test func `A joiner has so many days from joining, and never fewer than everybody`() throws {
    let registry = try ready(("a", "right"), ("b", "right"))
    try registry.given(
      Self.officer(
        "a", "2022-04-01", .posted(OfficerPosted(posting: Posting(organisation: id("low"))))),
      Self.officer(
        "b", "2022-06-20", .posted(OfficerPosted(posting: Posting(organisation: id("low"))))))
    let early = try #require(try Self.line(registry, "a", "2022-07-10"))
    #expect((early.joined, early.due) == (day("2022-04-01"), day("2022-06-30")))
    let late = try #require(try Self.line(registry, "b", "2022-07-10"))
    #expect((late.joined, late.due) == (day("2022-06-20"), day("2022-07-20")))
    let total = try Self.total(registry, "2022-07-10")
    #expect((total.outstanding, total.overdue) == (2, 1))
    // The day before joining nothing was asked.
    #expect(try Self.line(registry, "b", "2022-06-19") == nil)
    try registry.end()
  }

  @Test func `Who leaves owes nothing while away, and who comes back joins anew`() throws {
    let registry = try ready(("a", "left"), ("b", "right"))
    try registry.given(
      Self.officer("a", "2022-04-01", .separated(OfficerSeparated())),
      Self.officer("a", "2022-08-01", .returned(OfficerReturned())),
      Self.officer(
        "b", "2022-05-01", .posted(OfficerPosted(posting: Posting(organisation: id("left"))))),
      Self.officer("b", "2022-06-01", .separated(OfficerSeparated())),
      Self.officer("b", "2022-09-01", .returned(OfficerReturned())))
    #expect(try Self.line(registry, "a", "2022-05-01") == nil)
    // Posted there on the rule's day: the deadline is everybody's.
    let back = try #require(try Self.line(registry, "a", "2022-08-02"))
    #expect((back.joined, back.due) == (nil, day("2022-06-30")))
    let joined = try #require(try Self.line(registry, "b", "2022-09-02"))
    #expect((joined.joined, joined.due) == (day("2022-09-01"), day("2022-10-01")))
    try registry.end()
  }

  @Test func `An extension recorded late counts from its day on, once it is known`() throws {
    let registry = try ready(("a", "left"))
    try registry.given(
      Self.completed("a", "k1", "2022-05-01"), Self.completed("a", "k2", "2022-07-05"))
    #expect(try Self.line(registry, "a", "2022-07-10")?.standing == .late)
    let before = try registry.store.digestPosition()
    try registry.given(
      Fixture.proposal(
        "mandate/all", "2022-06-29",
        .mandate(.extended(MandateExtended(deadline: day("2022-07-15"))))))
    #expect(try Self.line(registry, "a", "2022-07-10")?.standing == .completed)
    #expect(try Self.total(registry, "2022-07-10").completed == 1)
    #expect(try Self.total(registry, "2022-07-10", at: before).late == 1)
    #expect(try Self.line(registry, "a", "2022-07-10", at: before)?.due == day("2022-06-30"))
    let page = try registry.compliance(
      ComplianceRequest(mandate: id("all"), on: day("2022-07-10")))[0]
    #expect(page.mandate?.firstDeadline == day("2022-06-30"))
    #expect(page.mandate?.terms?.deadline == day("2022-07-15"))
    try registry.end()
  }

  @Test func `An exemption ends with its day, and non-compliance is a part of what is outstanding`()
    throws
  {
    let registry = try ready(("a", "left"), ("b", "left"))
    func duty(_ key: String, _ on: String, _ event: DutyEvent) -> Proposal {
      Fixture.proposal("duty/" + key, on, .duty(event))
    }
    func holder(_ key: String) -> DutyHolder { DutyHolder(officer: id(key), mandate: id("all")) }
    try registry.given(
      duty(
        "a", "2022-05-01",
        .exemptionGranted(DutyExemptionGranted(duty: holder("a"), until: day("2022-08-01")))),
      duty(
        "b", "2022-07-10",
        .nonComplianceRecorded(DutyNonComplianceRecorded(duty: holder("b")))))
    let exempted = try #require(try Self.line(registry, "a", "2022-08-01"))
    #expect((exempted.standing, exempted.exemptedUntil) == (.exempted, day("2022-08-01")))
    #expect(try Self.line(registry, "a", "2022-08-02")?.standing == .outstanding)
    #expect(try Self.line(registry, "b", "2022-07-10")?.standing == .nonCompliant)
    let total = try Self.total(registry, "2022-08-01")
    #expect((total.exempted, total.outstanding, total.overdue, total.nonCompliant) == (1, 1, 1, 1))
    let both = try registry.officers(
      ComplianceOfficersRequest(
        mandate: id("all"), on: day("2022-08-02"), standing: .outstanding))
    #expect(both.count == 2)
    let recorded = try registry.officers(
      ComplianceOfficersRequest(
        mandate: id("all"), on: day("2022-08-02"), standing: .nonCompliant))
    #expect(recorded.map(\.officer) == [id("b")])
    try registry.end()
  }

  @Test func `A moved organisation moves whom the rule means, without a row`() throws {
    let registry = try ready(("a", "low"), ("b", "right"))
    #expect(try Self.total(registry, "2022-07-10").required == 1)
    let before = try registry.store.digest()
    // On the rule's own day already, so that both places count by where they were then.
    try registry.given(Crowd.moved("right", under: "left", "2022-02-01"))
    #expect(try Self.total(registry, "2022-07-10").required == 2)
    try registry.given(Crowd.moved("low", under: "top", "2022-02-15"))
    #expect(try Self.total(registry, "2022-07-10").required == 1)
    let changed = zip(before.tables, try registry.store.digest().tables).filter { $0 != $1 }
    #expect(Set(changed.map { $0.0.table }).isSubset(of: [.heads, .ids, .meta, .chunks]))
    try registry.end()
  }

  @Test func `A merged person is asked once, and what both records completed counts`() throws {
    let registry = try ready(("a", "left"), ("b", "left"))
    try registry.given(
      Self.completed("a", "k1", "2022-05-01"), Self.completed("b", "k2", "2022-05-02"))
    #expect(try Self.total(registry, "2022-07-10").required == 2)
    let before = try registry.store.digestPosition()
    try registry.given(
      Self.officer("b", "2022-05-03", .mergedInto(OfficerMergedInto(officer: id("a")))))
    let total = try Self.total(registry, "2022-07-10")
    #expect((total.required, total.completed) == (1, 1))
    #expect(try Self.line(registry, "a", "2022-07-10")?.completedOn == day("2022-05-02"))
    #expect(try Self.line(registry, "b", "2022-07-10") == nil)
    #expect(try Self.total(registry, "2022-07-10", at: before).outstanding == 2)
    try registry.given(
      Self.officer("b", "2022-06-01", .mergeReversed(OfficerMergeReversed())))
    let parted = try Self.total(registry, "2022-07-10")
    #expect((parted.required, parted.outstanding) == (2, 2))
    try registry.end()
  }

  @Test func `A voided completion is outstanding again in the next answer`() throws {
    let registry = try ready(("a", "left"))
    let second = Self.completed("a", "k2", "2022-05-02")
    try registry.given(Self.completed("a", "k1", "2022-05-01"), second)
    #expect(try Self.total(registry, "2022-07-10").completed == 1)
    try registry.given(Fixture.voided(second))
    #expect(try Self.total(registry, "2022-07-10").outstanding == 1)
    try registry.given(Fixture.restored(second))
    #expect(try Self.total(registry, "2022-07-10").completed == 1)
    try registry.end()
  }

  @Test func `What was touched and forgotten is counted from scratch`() throws {
    let registry = try TestRegistry { $0.touchedMax = 2 }
    for proposal in Crowd.ground { try registry.given(proposal) }
    try registry.given(Self.registered("a", "left", "2021-01-01"))
    #expect(try Self.total(registry, "2022-07-10").required == 1)
    for at in 0..<5 { try registry.given(Self.registered("m\(at)", "left", "2021-01-01")) }
    #expect(try Self.total(registry, "2022-07-10").required == 6)
    try registry.end()
  }

  @Test func `Views that fell behind the log are counted right after they caught up`() throws {
    let registry = try ready(("a", "left"))
    #expect(try Self.total(registry, "2022-07-10").required == 1)
    let views = unsafe registry.store.views
    views.environment.failNextCommit(.before(FaultTests.mapFull))
    try registry.given(Self.registered("b", "left", "2021-01-01"))
    #expect(try Self.total(registry, "2022-07-10").required == 2)
    try registry.end()
  }

  @Test func `A mandate that was not issued by then is not found`() throws {
    let registry = try ready()
    for (mandate, on) in [("all", "2021-12-31"), ("nope", "2022-07-01")] {
      let refusal = #expect(throws: CallStatus.self) {
        _ = try registry.compliance(ComplianceRequest(mandate: id(mandate), on: day(on)))
      }
      #expect(refusal?.code == .notFound)
    }
    let nobody = try Self.total(registry, "2022-07-10")
    #expect(nobody.required == 0)
    try registry.end()
  }

  @Test func `Warming counts the mandates in force and no others`() throws {
    let registry = try ready(("a", "left"))
    try registry.given(
      Fixture.proposal(
        "mandate/all", "2022-01-02", .mandate(.enteredIntoForce(MandateEnteredIntoForce()))))
    let session = try ReadSession(registry.store)
    try CacheWarmer(registry.store).warm(session)
    let today = try session.read { _ in session.today }
    for (mandate, isReady) in [("all", true), ("now", false)] {
      let asked = try session.read { records in
        try ResolvedMandate(
          id(mandate), on: today, knownAt: records.asOf, records.sharedStreams)
      }
      let known = registry.store.aggregates.aggregate(
        ComplianceAggregates.Key(mandate: id(mandate), day: today), asked.measure)
      #expect((known != nil) == isReady, "\(mandate)")
    }
    session.end()
    try registry.end()
  }
}

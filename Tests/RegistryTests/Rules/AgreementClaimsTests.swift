import Testing

@testable import Registry

/// What is said of the agreement of March 2022: the claims differ and stand side by side.
@Suite struct AgreementClaimsTests {
  static let newspaper = TargetClaimed(
    claim: "n1", claimedBy: "A newspaper", population: .mixed, count: .exactly(20_000))
  static let partner = TargetClaimed(
    claim: "p1", claimedBy: "The partner", population: .publicEmployees, count: .exactly(20_000))
  static let civil = TargetClaimed(
    claim: "p2", claimedBy: "The partner", population: .civilServants, count: .exactly(12_500),
    parent: "p1")
  static let pilot = ResultClaimed(
    claim: "p3", claimedBy: "The partner", population: .graduates, count: .exactly(900))

  private func decide(
    _ event: AgreementEvent, in state: Agreement?
  ) throws -> Verdict {
    try Agreement.decide(
      event, .at(100, .agreement, on: 2024_06_01), in: state, given: TestContext.furnished)
  }

  private func said(_ events: AgreementEvent...) throws -> Agreement {
    var state = Agreement(status: .signed, since: .test, terms: .own, signedOn: 2023_01_01)
    for event in events {
      #expect(try decide(event, in: state) == .record, "\(event.name)")
      state = try #require(Agreement.evolve(state, by: event, .at(9, .agreement)))
    }
    return state
  }

  @Test func `Claims that differ stand side by side until they are reconciled`() throws {
    let reconciled = ClaimsReconciled(claims: ["n1", "p1"], finding: "The scopes differ.")
    let state = try said(
      .targetClaimed(Self.newspaper), .targetClaimed(Self.partner), .targetClaimed(Self.civil),
      .resultClaimed(Self.pilot), .claimsReconciled(reconciled))
    #expect(state.targetClaims.map(\.claim) == ["n1", "p1", "p2"])
    #expect(state.resultClaims.map(\.claim) == ["p3"])
    #expect(try decide(.claimsReconciled(reconciled), in: state) == .unchanged(since: 7))
  }

  @Test func `The same claim again is unchanged, other words under its code are taken`() throws {
    let state = try said(.targetClaimed(Self.newspaper), .resultClaimed(Self.pilot))
    #expect(try decide(.targetClaimed(Self.newspaper), in: state) == .unchanged(since: 7))
    #expect(try decide(.resultClaimed(Self.pilot), in: state) == .unchanged(since: 7))
    var other = Self.newspaper
    other.count = .exactly(19_700)
    #expect(try rejection { try decide(.targetClaimed(other), in: state) }.code == .alreadyTaken)
    // One code is one claim, whatever it is a claim of.
    var crossed = Self.pilot
    crossed.claim = "n1"
    #expect(try rejection { try decide(.resultClaimed(crossed), in: state) }.code == .alreadyTaken)
  }

  @Test func `What a claim or a target is part of must be known`() throws {
    let state = try said()
    var result = Self.pilot
    result.parent = "p1"
    for (event, field) in [
      (.targetClaimed(Self.civil), "agreement.target_claimed.parent"),
      (.resultClaimed(result), "agreement.result_claimed.parent"),
      (
        .targetSet(
          .init(target: "t", population: .students, count: .exactly(1), parent: "t0")),
        "agreement.target_set.parent"
      ),
    ] as [(AgreementEvent, String)] {
      let said = try rejection { try decide(event, in: state) }
      #expect(said.code == .notInStream)
      #expect(said.field == field)
    }
  }

  @Test func `A reconciliation names two claims that are known`() throws {
    let state = try said(.targetClaimed(Self.newspaper), .targetClaimed(Self.partner))
    for (claims, code) in [
      (["n1", "x"], .notInStream), (["n1"], .inconsistent), (["n1", "n1"], .inconsistent),
    ] as [([Identifier], Rejection.Code)] {
      let event = AgreementEvent.claimsReconciled(.init(claims: claims, finding: "F"))
      #expect(try rejection { try decide(event, in: state) }.code == code)
    }
  }

  @Test func `A target is due no earlier than it is set, and is set once`() throws {
    let target = TargetSet(
      target: "t", population: .civilServants, count: .exactly(12_500), by: 2025_03_31)
    let state = try said(.targetSet(target))
    #expect(try decide(.targetSet(target), in: state) == .unchanged(since: 7))
    var other = target
    other.count = .exactly(2_500)
    #expect(try rejection { try decide(.targetSet(other), in: state) }.code == .alreadyTaken)
    var late = target
    (late.target, late.by) = ("u", 2024_05_31)
    #expect(try rejection { try decide(.targetSet(late), in: state) }.code == .inconsistent)
  }

  @Test func `A part of a target is no larger than the whole`() throws {
    let state = try said(
      .targetSet(.init(target: "all", population: .mixed, count: .exactly(20_000))),
      .targetSet(.init(target: "some", population: .professionals, count: .about(30_000))))
    func part(_ count: Count, of parent: Identifier) throws -> Verdict {
      try decide(
        .targetSet(
          .init(target: "civil", population: .civilServants, count: count, parent: parent)),
        in: state)
    }
    #expect(try part(.exactly(20_000), of: "all") == .record)
    let said = try rejection { try part(.exactly(20_001), of: "all") }
    #expect(said.code == .inconsistent)
    #expect(said.field == "agreement.target_set.count")
    // What is not exact is not held against it; nor is what a source claims.
    #expect(try part(.atLeast(25_000), of: "all") == .record)
    #expect(try part(.exactly(40_000), of: "some") == .record)
  }

  @Test func `Nobody says what was so on a later day`() throws {
    var target = Self.newspaper
    target.asOf = 2024_06_02
    var result = Self.pilot
    result.asOf = 2024_06_02
    var period = Self.pilot
    period.periodUntil = 2024_06_02
    let report = AggregateReported(
      report: "r", population: .students, people: .exactly(3), asOf: 2024_06_02)
    for (event, field) in [
      (.targetClaimed(target), "target_claimed.as_of"),
      (.resultClaimed(result), "result_claimed.as_of"),
      (.resultClaimed(period), "result_claimed.period_until"),
      (.aggregateReported(report), "aggregate_reported.as_of"),
    ] as [(AgreementEvent, String)] {
      let refused = try rejection { try decide(event, in: said()) }
      #expect(refused.code == .inconsistent)
      #expect(refused.field == "agreement.\(field)")
    }
    result.asOf = 2024_06_01
    #expect(try decide(.resultClaimed(result), in: said()) == .record)
  }

  @Test(arguments: [Population.organisations, .awards])
  func `A report counts people`(population: Population) throws {
    let report = AggregateReported(report: "r", population: population, people: .exactly(100))
    let refused = try rejection { try decide(.aggregateReported(report), in: said()) }
    #expect(refused.code == .inconsistent)
    #expect(refused.field == "agreement.aggregate_reported.population")
  }

  @Test func `A period ends after it begins`() throws {
    var result = Self.pilot
    (result.periodFrom, result.periodUntil) = (2023_01_01, 2022_12_31)
    #expect(
      try rejection { try decide(.resultClaimed(result), in: said()) }.code == .inconsistent)
  }

  @Test func `An obligation is one of the terms, and its last finding counts`() throws {
    let unknown = AgreementEvent.obligationMet(.init(obligation: "x"))
    #expect(try rejection { try decide(unknown, in: said()) }.code == .notInStream)
    let state = try said(
      .obligationMissed(.init(obligation: "labs")), .obligationMet(.init(obligation: "labs")))
    #expect(state.obligationsMet == ["labs"])
    #expect(state.obligationsMissed.isEmpty)
    #expect(
      try decide(.obligationMet(.init(obligation: "labs")), in: state) == .unchanged(since: 7))
  }

  @Test func `What lapsed unsigned obliged nobody`() throws {
    let lapsed = Agreement(status: .lapsed, since: .test, terms: .own)
    let event = AgreementEvent.obligationMissed(.init(obligation: "labs"))
    #expect(try rejection { try decide(event, in: lapsed) }.code == .inconsistent)
  }

  @Test func `A report is given once and under a programme that exists`() throws {
    let report = AggregateReported(report: "r", population: .students, people: .words("hundreds"))
    let state = try said(.aggregateReported(report))
    #expect(try decide(.aggregateReported(report), in: state) == .unchanged(since: 7))
    var other = report
    other.people = .atLeast(300)
    #expect(
      try rejection { try decide(.aggregateReported(other), in: state) }.code == .alreadyTaken)
    (other.report, other.programme) = ("s", "nowhere")
    #expect(
      try rejection { try decide(.aggregateReported(other), in: state) }.code == .noSuchReference)
  }
}

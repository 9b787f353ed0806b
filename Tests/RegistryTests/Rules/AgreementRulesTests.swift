import Testing

@testable import Registry

@Suite struct AgreementRulesTests {
  private func decide(
    _ event: AgreementEvent, in state: Agreement?, on day: Day = 2024_06_01,
    hasSource: Bool = true, given context: TestContext = .furnished
  ) throws -> Verdict {
    try Agreement.decide(
      event, .at(100, .agreement, on: day, hasSource: hasSource), in: state, given: context)
  }

  private func state(_ status: AgreementStatus) -> Agreement {
    Agreement(status: status, since: .test, terms: .own, signedOn: 2023_01_01)
  }

  @Test func `Signing again is unchanged with the same terms and illegal with others`() throws {
    #expect(try decide(.signed(.init(terms: .own)), in: state(.signed)) == .unchanged(since: 7))
    // Terms that are left out say nothing else.
    #expect(
      try decide(.signed(.init(terms: AgreementTerms())), in: state(.signed))
        == .unchanged(since: 7))
    let said = try rejection { try decide(.signed(.init(terms: .other)), in: state(.signed)) }
    #expect(said.code == .illegalTransition)
    #expect(said.sentence.contains("`amended`"))
    var offices = state(.signed)
    offices.signatories = ["Principal Secretary"]
    let others = AgreementEvent.signed(.init(terms: .own, signatories: ["Director"]))
    #expect(try rejection { try decide(others, in: offices) }.code == .illegalTransition)
  }

  @Test func `What an agreement says already is unchanged`() throws {
    for (status, event) in [
      (.exploratory, .engagementRecorded(.init(terms: .own))),
      (.proposed, .proposed(.init(terms: .own))),
      (.underReview, .reviewStarted(.init())),
      (.inForce, .enteredIntoForce(.init())),
      (.inForce, .amended(.init(terms: .own))),
      (.suspended, .extended(.init(validUntil: 2026_12_31))),
    ] as [(AgreementStatus, AgreementEvent)] {
      #expect(
        try decide(event, in: state(status)) == .unchanged(since: 7), "\(event.name)")
    }
    var superseded = state(.superseded)
    superseded.supersededBy = "later-mou"
    #expect(
      try decide(.superseded(.init(by: "later-mou")), in: superseded) == .unchanged(since: 7))
  }

  @Test func `It may begin signed, when a source vouches for that`() throws {
    for event: AgreementEvent in [
      .reviewStarted(.init(terms: .own)), .signed(.init(terms: .own)),
      .enteredIntoForce(.init(terms: .own)),
    ] {
      let said = try rejection { try decide(event, in: nil, hasSource: false) }
      #expect(said.code == .sourceNeeded, "\(event.name)")
      #expect(try decide(event, in: nil) == .record)
    }
    // Without terms there is nothing to begin with.
    for event: AgreementEvent in [.reviewStarted(.init()), .enteredIntoForce(.init())] {
      #expect(try rejection { try decide(event, in: nil) }.code == .noSuchStream)
    }
  }

  @Test func `A signature takes two parties`() throws {
    var lone = AgreementTerms.own
    lone.parties = ["partner"]
    for event: AgreementEvent in [
      .signed(.init(terms: lone)), .enteredIntoForce(.init(terms: lone)),
    ] {
      let said = try rejection { try decide(event, in: nil) }
      #expect(said.code == .inconsistent)
      #expect(said.field == "agreement.\(event.name).terms.parties")
    }
    lone.parties = ["partner", "partner"]
    #expect(
      try rejection { try decide(.signed(.init(terms: lone)), in: nil) }.code == .inconsistent)
    // They may have been named before.
    #expect(
      try decide(.signed(.init(terms: AgreementTerms(title: "T"))), in: state(.underReview))
        == .record)
  }

  @Test func `Terms are judged as they would stand`() throws {
    let ends = AgreementTerms(validUntil: 2022_12_31)
    let said = try rejection { try decide(.amended(.init(terms: ends)), in: state(.inForce)) }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("2022-12-31"))
    #expect(said.sentence.contains("2023-01-01"))
    let twice = AgreementTerms(obligations: [Obligation(code: "a"), Obligation(code: "a")])
    #expect(
      try rejection { try decide(.amended(.init(terms: twice)), in: state(.inForce)) }.code
        == .alreadyTaken)
    let stranger = AgreementTerms(obligations: [Obligation(code: "a", party: "school")])
    #expect(
      try rejection { try decide(.amended(.init(terms: stranger)), in: state(.inForce)) }.code
        == .notInStream)
    for unknown in [
      AgreementTerms(parties: ["ministry", "partner", "nobody"]),
      AgreementTerms(parties: ["ministry", "partner", "gone"]),
      AgreementTerms(instruments: ["no-act"]),
    ] {
      #expect(
        try rejection { try decide(.amended(.init(terms: unknown)), in: state(.inForce)) }.code
          == .noSuchReference)
    }
  }

  @Test func `An amendment replaces what it gives and keeps the rest`() {
    let given = AgreementTerms(title: "Wider", validUntil: 2028_12_31)
    let after = Agreement.evolve(
      state(.inForce), by: .amended(.init(terms: given)), .at(100, .agreement))
    #expect(after?.terms.title == "Wider")
    #expect(after?.terms.validUntil == 2028_12_31)
    #expect(after?.terms.parties == ["ministry", "partner"])
  }

  @Test func `An extension ends later than what it extends`() throws {
    let earlier = AgreementEvent.extended(.init(validUntil: 2026_06_30))
    #expect(try rejection { try decide(earlier, in: state(.inForce)) }.code == .inconsistent)
    var endless = state(.inForce)
    endless.terms.validUntil = nil
    let said = try rejection { try decide(earlier, in: endless) }
    #expect(said.code == .inconsistent)
    #expect(said.sentence.contains("`amended`"))
  }

  @Test func `An agreement is superseded by another one that exists`() throws {
    for (by, code) in [("own", .inconsistent), ("none", .noSuchReference)]
      as [(Identifier, Rejection.Code)]
    {
      let event = AgreementEvent.superseded(.init(by: by))
      #expect(try rejection { try decide(event, in: state(.inForce)) }.code == code)
    }
  }

  @Test func `A suspension returns to what there was, however often it was recorded`() {
    for status in [AgreementStatus.signed, .inForce] {
      var after: Agreement? = state(status)
      // A late fact leaves the second one standing behind it.
      for _ in 0..<2 {
        after = Agreement.evolve(after, by: .suspended(.init()), .at(1, .agreement))
      }
      #expect(after?.status == .suspended)
      #expect(after?.underlying == status)
      after = Agreement.evolve(after, by: .resumed(.init()), .at(2, .agreement))
      #expect(after?.status == status)
      #expect(after?.underlying == nil)
    }
  }

  @Test func `A second signature that was left standing keeps the first day`() {
    var after: Agreement?
    for day in [2024_12_04, 2024_12_10] as [Day] {
      after = Agreement.evolve(
        after, by: .signed(.init(terms: .own)), .at(1, .agreement, on: day))
    }
    #expect(after?.signedOn == 2024_12_04)
  }

  @Test func `Only what is signed and has not run out may be relied on`() {
    for status in AgreementStatus.allCases {
      #expect(
        state(status).mayBeReliedOn(on: 2024_06_01) == (status == .signed || status == .inForce),
        "\(status.name)")
    }
    for (day, relied, expired) in [
      (2022_12_31, false, false), (2023_01_01, true, false), (2026_12_31, true, false),
      (2027_01_01, false, true),
    ] as [(Day, Bool, Bool)] {
      #expect(state(.inForce).mayBeReliedOn(on: day) == relied, "\(day.text)")
      #expect(state(.inForce).isExpired(on: day) == expired, "\(day.text)")
    }
    // What ended otherwise has not expired.
    #expect(!state(.terminated).isExpired(on: 2027_01_01))
  }
}

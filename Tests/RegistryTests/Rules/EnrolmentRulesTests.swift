import Testing

@testable import Registry

@Suite struct EnrolmentRulesTests {
  private func decide(
    _ event: EnrolmentEvent, in state: Enrolment? = nil, on day: Day = 2024_06_01,
    given context: TestContext = .training
  ) throws -> Verdict {
    try Enrolment.decide(
      event, .at(100, .enrolment, on: day, hasSource: true), in: state, given: context)
  }

  private func state(_ status: EnrolmentStatus) -> Enrolment {
    EnrolmentLifeCycleTests.state(status)
  }

  private func evolved(_ state: Enrolment, _ event: EnrolmentEvent) throws -> Enrolment {
    try #require(Enrolment.evolve(state, by: event, .at(100, .enrolment)))
  }

  static let openers: [EnrolmentEvent] = [
    .nominated(.init(seat: .own)), .enrolled(.init(seat: .own)),
    .completed(.init(seat: .own, result: .passed)), .notCompleted(.init(seat: .own)),
  ]

  @Test func `A full cohort takes nominations, and no seats`() throws {
    var context = TestContext.training
    context.seats["c1"] = 1
    for event in Self.openers { #expect(try decide(event, given: context) == .record) }
    context.seats["c1"] = 2
    for event in Self.openers.dropFirst() {
      let said = try rejection { try decide(event, given: context) }
      #expect(said.code == .full, "\(event.name)")
      #expect(said.sentence.contains("2 seats"))
      #expect(said.field == "enrolment.\(event.name).seat.cohort")
    }
    #expect(try decide(Self.openers[0], given: context) == .record)
    let nominee = state(.nominated)
    #expect(
      try rejection { try decide(Self.openers[1], in: nominee, given: context) }.code == .full)
    // Who has a seat keeps it.
    #expect(
      try decide(.completed(.init(result: .passed)), in: state(.active), given: context) == .record)
    #expect(try decide(Self.openers[1], in: state(.deferred), given: context) == .record)
    // Who left it takes it anew.
    #expect(
      try rejection { try decide(Self.openers[1], in: state(.withdrawn), given: context) }.code
        == .full)
  }

  @Test func `A cohort without a capacity is never full`() throws {
    var context = TestContext.training
    var terms = CohortTerms.own
    terms.capacity = 0
    context.put(.cohort, "open-air", .cohort(Cohort(status: .open, since: .test, terms: terms)))
    context.seats["open-air"] = 100_000
    let event = EnrolmentEvent.enrolled(.init(seat: Seat(officer: "amina", cohort: "open-air")))
    #expect(try decide(event, given: context) == .record)
  }

  @Test func `An officer sits in a cohort once`() throws {
    var context = TestContext.training
    context.enrolments[.init(officer: "amina", cohort: "c1")] = "earlier"
    let said = try rejection { try decide(Self.openers[1], given: context) }
    #expect(said.code == .alreadyTaken)
    #expect(said.sentence.contains("earlier"))
    context.enrolments[.init(officer: "amina", cohort: "c1")] = "own"
    #expect(try decide(Self.openers[1], given: context) == .record)
  }

  @Test func `The officer and the cohort exist, and the cohort was not called off`() throws {
    for (seat, code) in [
      (Seat(officer: "nobody", cohort: "c1"), .noSuchReference),
      (Seat(officer: "amina", cohort: "nothing"), .noSuchReference),
      (Seat(officer: "amina", cohort: "called-off"), .inconsistent),
    ] as [(Seat, Rejection.Code)] {
      #expect(try rejection { try decide(.enrolled(.init(seat: seat))) }.code == code)
    }
    for cohort in ["nothing", "called-off"] as [Identifier] {
      let said = try rejection {
        try decide(.transferred(.init(cohort: cohort)), in: state(.active))
      }
      #expect(said.field == "enrolment.transferred.cohort")
    }
  }

  @Test func `A seat that is given again must be the same`() throws {
    for seat in [Seat(officer: "otieno", cohort: "c1"), Seat(officer: "amina", cohort: "c2")] {
      for event: EnrolmentEvent in [
        .enrolled(.init(seat: seat)), .completed(.init(seat: seat, result: .passed)),
      ] {
        let said = try rejection { try decide(event, in: state(.nominated)) }
        #expect(said.code == .inconsistent)
        #expect(said.field == "enrolment.\(event.name).seat")
      }
    }
  }

  @Test func `A transfer takes a seat in the other cohort`() throws {
    var context = TestContext.training
    let transferred = EnrolmentEvent.transferred(.init(cohort: "c2"))
    #expect(try evolved(state(.active), transferred).seat.cohort == "c2")
    #expect(
      try decide(.transferred(.init(cohort: "c1")), in: state(.active)) == .unchanged(since: 7))
    context.seats["c2"] = 2
    #expect(
      try rejection { try decide(transferred, in: state(.active), given: context) }.code == .full)
    #expect(try decide(transferred, in: state(.nominated), given: context) == .record)
    context.seats["c2"] = 1
    context.enrolments[.init(officer: "amina", cohort: "c2")] = "another"
    #expect(
      try rejection { try decide(transferred, in: state(.active), given: context) }.code
        == .alreadyTaken)
  }

  @Test func `Nobody completes before the cohort starts`() throws {
    let event = EnrolmentEvent.completed(.init(seat: .own, result: .passed))
    for state in [nil, state(.enrolled)] {
      let said = try rejection { try decide(event, in: state, on: 2024_01_07) }
      #expect(said.code == .inconsistent)
      #expect(said.sentence.contains("2024-01-08"))
      #expect(try decide(event, in: state, on: 2024_01_08) == .record)
    }
  }

  @Test func `A completion is told once`() throws {
    let done = state(.completed)
    #expect(
      try decide(.completed(.init(result: .passed, score: 81)), in: done) == .unchanged(since: 3))
    for other: EnrolmentEvent in [
      .completed(.init(result: .merit, score: 81)), .completed(.init(result: .passed)),
    ] {
      let said = try rejection { try decide(other, in: done) }
      #expect(said.code == .illegalTransition)
      #expect(said.inTheWay == 3)
      #expect(said.sentence.contains(EventID.test(3).text))
    }
    // What undoes it leaves no evidence.
    #expect(try evolved(done, .notCompleted(.init())).completion == nil)
  }

  @Test func `A completion is remembered with its event`() throws {
    let state = try evolved(state(.active), .completed(.init(result: .merit, score: 90)))
    #expect(
      state.completion
        == Completion(
          eventID: .test(100), day: 2024_06_01, position: 100, result: .merit, score: 90))
    #expect(StreamState.enrolment(state).evidence?.officer == "amina")
    #expect(StreamState.enrolment(state).evidence?.event == .test(100))
  }

  @Test func `A mark is told once, whatever became of it`() throws {
    func assessed(_ code: Identifier, _ score: UInt32?) -> EnrolmentEvent {
      .assessed(
        .init(
          assessment: code, mode: code == "exam" ? .proctored : .practical, score: score,
          passMark: 60))
    }
    var active = state(.active)
    #expect(try decide(assessed("exam", 65), in: active) == .unchanged(since: 7))
    #expect(try rejection { try decide(assessed("exam", 66), in: active) }.code == .alreadyTaken)
    // The same row sent again undoes no appeal, and no voiding for misconduct.
    #expect(try decide(assessed("appealed", 50), in: active) == .unchanged(since: 7))
    active = try evolved(active, .assessmentVoided(.init(assessment: "exam")))
    #expect(try decide(assessed("exam", 65), in: active) == .unchanged(since: 7))
    let resit = try rejection { try decide(assessed("exam", 90), in: active) }
    #expect(resit.code == .alreadyTaken)
    #expect(resit.sentence.contains("code of its own"))
  }

  @Test func `An appeal is about a mark, and decided once`() throws {
    let active = state(.active)
    for event: EnrolmentEvent in [
      .assessmentAppealed(.init(assessment: "x")), .appealDecided(.init(assessment: "x")),
      .assessmentVoided(.init(assessment: "x")), .appealDecided(.init(assessment: "exam")),
    ] {
      #expect(try rejection { try decide(event, in: active) }.code == .notInStream)
    }
    #expect(
      try decide(.assessmentAppealed(.init(assessment: "appealed")), in: active)
        == .unchanged(since: 7))
    for (upheld, score) in [(true, 70), (false, 50)] as [(Bool, UInt32)] {
      let decided = try evolved(
        active, .appealDecided(.init(assessment: "appealed", upheld: upheld, score: 70)))
      let mark = try #require(decided.assessment("appealed"))
      #expect(mark.status == .standing)
      #expect(mark.score == score)
    }
  }

  @Test func `Sessions count once, awards are had or not`() throws {
    let again = EnrolmentEvent.attended(.init(session: "s1", minutes: 60))
    #expect(try decide(again, in: state(.active)) == .unchanged(since: 7))
    #expect(try evolved(state(.active), again).minutesAttended == 60)
    let next = EnrolmentEvent.attended(.init(session: "s2", minutes: 30))
    #expect(try evolved(state(.active), next).minutesAttended == 90)
    let done = state(.completed)
    #expect(
      try decide(.awardConferred(.init(award: "medal")), in: done) == .unchanged(since: 7))
    #expect(
      try decide(.awardWithdrawn(.init(award: "other")), in: done) == .unchanged(since: 7))
    #expect(try evolved(done, .awardWithdrawn(.init(award: "medal"))).awards.isEmpty)
  }

  @Test func `What a fact is counted under may come later`() throws {
    let counted = EventMetadata.at(
      101, .enrolment, attributedTo: StreamID(.agreement, "later-mou"))
    let state = try #require(
      Enrolment.evolve(state(.active), by: .completed(.init(result: .passed)), counted))
    #expect(state.attributedTo == counted.attributedTo)
    // What says nothing of it takes nothing back.
    let awarded = try evolved(state, .awardConferred(.init(award: "best")))
    #expect(awarded.attributedTo == counted.attributedTo)
  }
}

import Testing

@testable import Registry

/// Programmes, courses, cohorts and submissions: what the life cycle alone does not say.
@Suite struct TrainingRulesTests {
  private let context = TestContext.training

  private func decide(_ event: ProgrammeEvent, in state: Programme?) throws -> Verdict {
    try Programme.decide(event, .at(100, .programme, hasSource: true), in: state, given: context)
  }
  private func decide(_ event: CourseEvent, in state: Course?) throws -> Verdict {
    try Course.decide(event, .at(100, .course, hasSource: true), in: state, given: context)
  }
  private func decide(_ event: CohortEvent, in state: Cohort?) throws -> Verdict {
    try Cohort.decide(event, .at(100, .cohort, hasSource: true), in: state, given: context)
  }
  private func decide(_ event: SubmissionEvent, in state: Submission?) throws -> Verdict {
    try Submission.decide(event, .at(100, .submission, hasSource: true), in: state, given: context)
  }

  private func programme(_ status: ProgrammeStatus, pilot: Bool = false) -> Programme {
    Programme(
      status: status, since: .test, terms: .own, agreements: ["later-mou"], pilot: pilot)
  }

  @Test func `A programme that is said again with other terms is not passed over`() throws {
    #expect(try decide(.drafted(.init(terms: .own)), in: programme(.draft)) == .unchanged(since: 7))
    for (status, same, other) in [
      (.approved, .approved(.init(terms: .own)), .approved(.init(terms: .other))),
      (.open, .opened(.init()), .opened(.init(terms: .other))),
      (.closed, .closed(.init(terms: .own)), .closed(.init(terms: .other))),
    ] as [(ProgrammeStatus, ProgrammeEvent, ProgrammeEvent)] {
      #expect(try decide(same, in: programme(status)) == .unchanged(since: 7))
      let said = try rejection { try decide(other, in: programme(status)) }
      #expect(said.code == .illegalTransition)
      #expect(said.field == "programme.\(other.name).terms")
      #expect(said.inTheWay == 7)
    }
  }

  @Test func `An agreement is linked to a programme also after its end, once`() throws {
    let link = { (id: Identifier) in ProgrammeEvent.linkedToAgreement(.init(agreement: id)) }
    #expect(try decide(link("later-mou"), in: programme(.closed)) == .unchanged(since: 7))
    let said = try rejection { try decide(link("nothing"), in: programme(.evaluated)) }
    #expect(said.code == .noSuchReference)
    let state = Programme.evolve(programme(.evaluated), by: link("mou"), .at(1, .programme))
    #expect(state?.agreements == ["later-mou", "mou"])
    #expect(state?.status == .evaluated)
  }

  @Test func `A pilot is declared before it is concluded`() throws {
    #expect(
      try rejection { try decide(.pilotConcluded(.init()), in: programme(.open)) }.code
        == .notInStream)
    var pilot = programme(.open, pilot: true)
    #expect(try decide(.pilotDeclared(.init()), in: pilot) == .unchanged(since: 7))
    #expect(try decide(.pilotConcluded(.init()), in: pilot) == .record)
    pilot.pilotConcluded = true
    #expect(try decide(.pilotConcluded(.init()), in: pilot) == .unchanged(since: 7))
  }

  @Test func `A programme is an organisation's`() throws {
    let terms = ProgrammeTerms(title: "T", organisation: "nobody")
    for event: ProgrammeEvent in [
      .drafted(.init(terms: terms)), .approved(.init(terms: terms)), .opened(.init(terms: terms)),
      .closed(.init(terms: terms)),
    ] {
      let said = try rejection { try decide(event, in: nil) }
      #expect(said.code == .noSuchReference)
      #expect(said.field == "programme.\(event.name).terms.organisation")
    }
  }

  private func edition(
    _ number: UInt32, _ change: (inout CoursePublished) -> Void = { _ in }
  ) -> CourseEvent {
    var edition = CoursePublished(edition: number, title: "Networks", track: .technical)
    change(&edition)
    return .published(edition)
  }

  @Test func `Editions count upwards, and each is published once`() throws {
    var course = Course(status: .published, since: .test)
    for number in [1, 3] as [UInt32] {
      #expect(try decide(edition(number), in: course) == .record)
      course = try #require(Course.evolve(course, by: edition(number), .at(9, .course)))
    }
    #expect(course.editions.map(\.edition) == [1, 3])
    #expect(try decide(edition(1), in: course) == .unchanged(since: 7))
    let other = try rejection { try decide(edition(3) { $0.hours = 40 }, in: course) }
    #expect(other.code == .alreadyTaken)
    #expect(other.sentence.contains("correct"))
    #expect(try rejection { try decide(edition(2), in: course) }.code == .inconsistent)
  }

  @Test func `Outcomes and prerequisites exist`() throws {
    for (change, code) in [
      ({ $0.prerequisites = ["nothing"] }, .noSuchReference),
      ({ $0.prerequisites = ["own"] }, .inconsistent),
      (
        { $0.outcomes = [SkillLevel(framework: "nowhere", skill: "1.1", level: 1)] },
        .noSuchReference
      ),
      (
        { $0.outcomes = [SkillLevel(framework: "digcomp", skill: "9.9", level: 1)] },
        .noSuchReference
      ),
      ({ $0.outcomes = [SkillLevel(framework: "digcomp", skill: "1.1", level: 9)] }, .inconsistent),
    ] as [((inout CoursePublished) -> Void, Rejection.Code)] {
      #expect(try rejection { try decide(edition(1, change), in: nil) }.code == code)
    }
    let sound = edition(1) {
      $0.prerequisites = ["networks"]
      $0.outcomes = [SkillLevel(framework: "digcomp", skill: "1.1", level: 8)]
    }
    #expect(try decide(sound, in: nil) == .record)
  }

  @Test func `A cohort teaches an edition that exists, for a time`() throws {
    for (change, field, code) in [
      ({ $0.course = "nothing" }, "course", .noSuchReference),
      ({ $0.edition = 2 }, "edition", .noSuchReference),
      ({ $0.organisation = "nobody" }, "organisation", .noSuchReference),
      ({ $0.programme = "nothing" }, "programme", .noSuchReference),
      ({ $0.ends = 2024_01_07 }, "ends", .inconsistent),
    ] as [((inout CohortTerms) -> Void, String, Rejection.Code)] {
      var terms = CohortTerms.own
      change(&terms)
      for event: CohortEvent in [.planned(.init(terms: terms)), .graduated(.init(terms: terms))] {
        let said = try rejection { try decide(event, in: nil) }
        #expect(said.code == code, "\(field)")
        #expect(said.field == "cohort.\(event.name).terms.\(field)")
      }
    }
    var oneDay = CohortTerms.own
    (oneDay.ends, oneDay.programme) = (oneDay.starts, "talent")
    #expect(try decide(.planned(.init(terms: oneDay)), in: nil) == .record)
  }

  @Test func `A cohort has no fewer seats than are taken`() throws {
    var context = context
    context.seats["own"] = 3
    let planned = Cohort(status: .planned, since: .test, terms: .other)
    func decide(_ capacity: UInt32) throws -> Verdict {
      var terms = CohortTerms.own
      terms.capacity = capacity
      return try Cohort.decide(
        .planned(.init(terms: terms)), .at(100, .cohort), in: planned, given: context)
    }
    #expect(try rejection { try decide(2) }.code == .full)
    #expect(try decide(3) == .record)
    #expect(try decide(0) == .record)
  }

  @Test func `A cohort that is said again with other terms is not passed over`() throws {
    let open = Cohort(status: .open, since: .test, terms: .own)
    #expect(try decide(.opened(.init()), in: open) == .unchanged(since: 7))
    #expect(try decide(.opened(.init(terms: .own)), in: open) == .unchanged(since: 7))
    let said = try rejection { try decide(.opened(.init(terms: .other)), in: open) }
    #expect(said.code == .illegalTransition)
    #expect(said.field == "cohort.opened.terms")
    let planned = Cohort(status: .planned, since: .test, terms: .own)
    #expect(try decide(.planned(.init(terms: .own)), in: planned) == .unchanged(since: 7))
    #expect(try decide(.planned(.init(terms: .other)), in: planned) == .record)
  }

  @Test func `A cohort that graduated before the memorandum is counted under it later`() {
    let ended = Cohort(status: .ended, since: .test, terms: .own)
    let mou = StreamID(.agreement, "later-mou")
    let state = Cohort.evolve(
      ended, by: .graduated(.init()), .at(9, .cohort, attributedTo: mou))
    #expect(state?.attributedTo == mou)
    #expect(state?.terms == .own)
  }

  @Test func `A submission holds one paper`() throws {
    var other = Paper.own
    other.title = "Another"
    let submitted = Submission(status: .submitted, since: .test, paper: .own)
    #expect(
      try rejection { try decide(.submitted(.init(paper: other)), in: submitted) }.code
        == .alreadyTaken)
    for status: SubmissionStatus in [.submitted, .verified] {
      let state = Submission(status: status, since: .test, paper: .own)
      let event = SubmissionEvent.verified(.init(paper: other, method: "register"))
      #expect(
        try rejection { try decide(event, in: state) }.field == "submission.verified.paper")
    }
  }

  @Test func `What a paper names exists, and it ran out after it was awarded`() throws {
    for (change, code) in [
      ({ $0.officer = "nobody" }, .noSuchReference),
      (
        { $0.skills = [SkillLevel(framework: "digcomp", skill: "9.9", level: 1)] },
        .noSuchReference
      ),
      ({ $0.courses = ["nothing"] }, .noSuchReference),
      ({ ($0.awardedOn, $0.validUntil) = (2024_01_02, 2024_01_01) }, .inconsistent),
      // Judged on 1 June.
      ({ $0.awardedOn = 2024_06_02 }, .inconsistent),
    ] as [((inout Paper) -> Void, Rejection.Code)] {
      var paper = Paper.own
      change(&paper)
      for event: SubmissionEvent in [
        .submitted(.init(paper: paper)), .verified(.init(paper: paper, method: "register")),
      ] {
        #expect(try rejection { try decide(event, in: nil) }.code == code, "\(event.name)")
      }
    }
    let verified = SubmissionEvent.verified(.init(method: "register", verifiedBy: "nobody"))
    let submitted = Submission(status: .submitted, since: .test, paper: .own)
    #expect(try rejection { try decide(verified, in: submitted) }.code == .noSuchReference)
  }

  @Test func `A verified paper is evidence of its officer's`() throws {
    let submitted = Submission(status: .submitted, since: .test, paper: .own)
    let state = try #require(
      Submission.evolve(
        submitted, by: .verified(.init(method: "register")), .at(9, .submission)))
    #expect(StreamState.submission(state).evidence?.event == .test(9))
    #expect(StreamState.submission(state).evidence?.officer == "amina")
    #expect(StreamState.submission(submitted).evidence == nil)
  }
}

import Testing

@testable import Registry

/// What contradicts what, one kind after the other: each is found where it is, and not beside it.
@Suite struct PlausibilityTests {
  private static let day = 2024_06_01 as Day

  private static func found(
    _ body: Proposal.Body, on day: Day = day, in state: StreamState? = nil,
    given context: TestContext = .training
  ) -> [FindingKind] {
    let kind = body.kind ?? .registry
    let event = StreamEvent(
      metadata: .at(90, kind, on: day), body: body, corrects: nil)
    return Plausibility.contradictions(
      of: event, in: state ?? StreamState.evolve(nil, by: event), given: context
    ).map(\.kind)
  }

  private static let completed = Proposal.Body.enrolment(
    .completed(EnrolmentCompleted(seat: .own, result: .passed)))

  private static func today(_ day: Day) -> TestContext {
    var context = TestContext.training
    context.today = day
    return context
  }

  private static func officer(_ status: OfficerStatus, since day: Day) -> TestContext {
    var context = TestContext.training
    let since = Since(day: day, position: 3)
    context.put(.officer, "amina", .officer(Officer(status: status, since: since)), from: day)
    return context
  }

  @Test func `What happened is of no day that is yet to come`() {
    #expect(Self.found(Self.completed, given: Self.today(2024_06_01)).isEmpty)
    #expect(Self.found(Self.completed, given: Self.today(2024_05_31)) == [.dayToCome])
    var issued = CredentialIssued.own
    issued.awardedOn = 2024_06_02
    issued.validFrom = 2024_06_02
    #expect(
      Self.found(.credential(.issued(issued)), given: Self.today(2024_06_01)) == [.dayToCome])
    #expect(Self.found(.officer(.died(.init())), given: Self.today(2024_05_31)) == [.dayToCome])
  }

  @Test func `What is decided beforehand takes effect within a year`() {
    let posted = Proposal.Body.officer(.posted(.init(posting: .own)))
    #expect(Self.found(posted, on: 2025_06_01, given: Self.today(2024_06_01)).isEmpty)
    #expect(Self.found(posted, on: 2025_06_03, given: Self.today(2024_06_01)) == [.dayToCome])
    #expect(Self.found(posted, on: 2032_02_01, given: Self.today(2024_06_01)) == [.dayToCome])
  }

  @Test func `Nobody who is registered served before 1900, and institutions did`() {
    let registered = Proposal.Body.officer(.registered(.init()))
    #expect(Self.found(registered, on: 1024_02_01) == [.dayLongPast])
    #expect(Self.found(registered, on: 1900_01_01).isEmpty)
    #expect(
      Self.found(.organisation(.registered(.init(name: "A school"))), on: 1826_01_01).isEmpty)
  }

  @Test(arguments: [
    (OfficerStatus.deceased, FindingKind.afterDeath), (.separated, .afterSeparation),
  ])
  func `Nobody takes part after the service`(status: OfficerStatus, kind: FindingKind) {
    let context = Self.officer(status, since: 2024_05_31)
    #expect(Self.found(Self.completed, given: context) == [kind])
    // On the day itself somebody may have been there before.
    #expect(Self.found(Self.completed, on: 2024_05_31, given: context).isEmpty)
    #expect(Self.found(Self.completed, on: 2024_05_30, given: context).isEmpty)
  }

  @Test func `What the dead had earned is given to them, and looked at`() {
    let context = Self.officer(.deceased, since: 2024_01_01)
    var issued = CredentialIssued.own
    issued.awardedOn = 2024_06_01
    issued.validFrom = 2024_06_01
    #expect(Self.found(.credential(.issued(issued)), given: context) == [.awardedAfterDeath])
  }

  @Test func `The person is looked at, and not the record that was merged`() {
    var context = Self.officer(.merged, since: 2024_01_01)
    context.put(.officer, "otieno", .officer(Officer(status: .deceased, since: .test)))
    context.persons["amina"] = ["amina", "otieno"]
    #expect(Self.found(Self.completed, given: context) == [.afterDeath])
  }

  @Test func `Nobody is trained before anything is known of them`() {
    var context = TestContext.training
    context.put(
      .officer, "newcomer", .officer(Officer(status: .active, since: .test)), from: 2024_06_02)
    let seat = Seat(officer: "newcomer", cohort: "c1")
    let body = Proposal.Body.enrolment(.completed(.init(seat: seat, result: .passed)))
    #expect(Self.found(body, given: context) == [.beforeService])
    #expect(Self.found(body, on: 2024_06_02, given: context).isEmpty)
  }

  @Test func `A course needs what comes first, by the day`() {
    var context = TestContext.training
    context.put(
      .course, "networks",
      .course(
        Course(
          status: .published, since: .test,
          editions: [
            CoursePublished(
              edition: 1, title: "Networks", track: .technical, prerequisites: ["basics"])
          ])))
    #expect(Self.found(Self.completed, given: context) == [.prerequisiteNotMet])
    context.completions[.init(officer: "amina", by: "basics")] = 2023_01_01
    #expect(Self.found(Self.completed, given: context).isEmpty)
  }

  @Test func `A credit is ten hours, but for rounding`() {
    func course(_ hours: UInt32, _ credits: UInt32) -> Proposal.Body {
      .course(
        .published(
          .init(edition: 1, title: "A", track: .technical, hours: hours, credits: credits)))
    }
    #expect(Self.found(course(40, 20)) == [.creditsAgainstHours])
    #expect(Self.found(course(40, 4)).isEmpty)
    #expect(Self.found(course(45, 4)).isEmpty)
    #expect(Self.found(course(0, 4)).isEmpty)
    #expect(Self.found(course(40, 0)).isEmpty)
    #expect(Self.found(course(10_000, 1)) == [.creditsAgainstHours])
  }

  @Test func `A training whose cohort or course is gone is told of, and one before its cohort`() {
    var context = TestContext.training
    #expect(Self.found(Self.completed, on: 2023_06_01, given: context) == [.beforeCohort])
    context.put(.course, "networks", .course(Course(status: .published, since: .test)))
    #expect(Self.found(Self.completed, given: context) == [.trainingGone])
    let nowhere = Seat(officer: "amina", cohort: "nowhere")
    #expect(
      Self.found(.enrolment(.completed(.init(seat: nowhere, result: .passed))))
        == [.trainingGone])
  }

  @Test func `A failure with every assessment passed contradicts itself`() {
    func failed(_ scores: UInt32...) -> [FindingKind] {
      let state = Enrolment(
        status: .notCompleted, since: .test, seat: .own,
        assessments: scores.enumerated().map { at, score in
          Assessment(
            assessment: Identifier("a\(at)")!, status: .standing, mode: .proctored, score: score,
            passMark: 6000)
        })
      return Self.found(.enrolment(.notCompleted(.init())), in: .enrolment(state))
    }
    #expect(failed(9500) == [.failedAbovePassMark])
    #expect(failed(6000, 9500) == [.failedAbovePassMark])
    #expect(failed(9500, 5999).isEmpty)
    #expect(failed().isEmpty)
  }

  @Test func `A credential rests on nothing that came later`() {
    var context = TestContext.training
    let stream = StreamID(.enrolment, "e1")
    let id = EventID(high: 1, low: 1)
    context.events[id] = EventLocation(stream: stream, position: 5, stands: true)
    context.put(
      .enrolment, "e1",
      .enrolment(
        Enrolment(
          status: .completed, since: .test, seat: .own,
          completion: Completion(
            eventID: id, day: 2024_05_10, position: 5, result: .passed))))
    func issued(awarded: Day, on day: Day) -> [FindingKind] {
      var issued = CredentialIssued.own
      issued.evidence = [id]
      (issued.awardedOn, issued.validFrom) = (awarded, awarded)
      return Self.found(.credential(.issued(issued)), on: day, given: context)
    }
    #expect(issued(awarded: 2024_05_09, on: 2024_05_09) == [.evidenceLater])
    #expect(issued(awarded: 2024_05_10, on: 2024_05_10).isEmpty)
    // Of two days the earlier says when it was given.
    #expect(issued(awarded: 2024_05_09, on: 2024_05_10) == [.evidenceLater])
  }

  @Test func `A credential is valid from its award, and its successor is the holder's`() {
    var issued = CredentialIssued.own
    issued.validFrom = 2022_12_31
    #expect(Self.found(.credential(.issued(issued))) == [.validBeforeAward])
    var context = TestContext.training
    let own = StreamState.credential(Credential(status: .issued, since: .test, terms: .own))
    let superseded = Proposal.Body.credential(.superseded(.init(by: "newer")))
    #expect(Self.found(superseded, in: own, given: context).isEmpty)
    var others = CredentialIssued.own
    others.holder = "otieno"
    context.put(
      .credential, "newer",
      .credential(Credential(status: .issued, since: .test, terms: others)))
    #expect(Self.found(superseded, in: own, given: context) == [.successorOfAnother])
    context.persons["amina"] = ["amina", "otieno"]
    #expect(Self.found(superseded, in: own, given: context).isEmpty)
  }

  @Test func `One document is one person's`() {
    var context = TestContext.training
    let other = StreamID(.submission, "other")
    context.papers[Paper.own.document] = [StreamID(.submission, "own"), other]
    func put(_ officer: Identifier) {
      var paper = Paper.own
      paper.officer = officer
      context.put(
        .submission, "other",
        .submission(Submission(status: .submitted, since: .test, paper: paper)))
    }
    let body = Proposal.Body.submission(.submitted(.init(paper: .own)))
    put("amina")
    #expect(Self.found(body, given: context).isEmpty)
    put("otieno")
    #expect(Self.found(body, given: context) == [.documentOfTwo])
  }

  @Test func `A new course and a new claim name skills that are in use`() {
    var context = TestContext.training
    let old = Skill(code: "old", title: "Old", levels: 3)
    context.put(
      .framework, "f",
      .framework(
        Framework(
          status: .current, since: .test,
          skills: KeyedList([FrameworkSkill(skill: old, deprecated: true)]))))
    let level = SkillLevel(framework: "f", skill: "old", level: 1)
    #expect(
      Self.found(
        .course(
          .published(.init(edition: 1, title: "A", track: .technical, outcomes: [level]))),
        given: context) == [.deprecatedSkill])
    #expect(
      Self.found(
        .skillClaim(.claimed(.init(claim: ClaimedSkill(officer: "amina", skill: level)))),
        given: context) == [.deprecatedSkill])
  }

  @Test func `A record's id is no number of the officer's, however it is spelled`() {
    let stream = StreamID(.officer, "P-12345")
    func numbered(_ value: String) -> FindingKind? {
      Plausibility.idIsNumber(of: stream, [SchemeValue(scheme: "pn", value: value)])?.kind
    }
    #expect(numbered("P12345") == .idIsNumber)
    #expect(numbered("p 12345") == .idIsNumber)
    #expect(numbered("P12346") == nil)
  }

  @Test func `The policy's table says what each finding means, and the first policy's the rest`() {
    let first = FindingTable(nil)
    #expect(first.meaning(of: .dayToCome) == .refuse)
    #expect(first.meaning(of: .afterSeparation) == .flag)
    let table = FindingTable(
      PolicyAdopted(
        version: 2, findings: [FindingRule(finding: .afterSeparation, meaning: .refuse)]))
    #expect(table.meaning(of: .afterSeparation) == .refuse)
    for kind in FindingKind.allCases where kind != .afterSeparation {
      #expect(table.meaning(of: kind) == first.meaning(of: kind))
    }
    // Nothing is refused that only shows afterwards.
    for kind in FindingKind.allCases where !kind.showsWhenRecorded {
      #expect(first.meaning(of: kind) != .refuse)
    }
  }
}

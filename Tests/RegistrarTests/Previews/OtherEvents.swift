import Messages
import Registry

/// Events after the history of `EveryEvent` that change other answers than those of it do.
enum OtherEvents {
  static func event(_ stream: String, _ on: String, _ body: Proposal.Body) -> Proposal {
    Fixture.proposal(
      stream, on, body, id: derived("\(stream) \(on) \(body.eventName)"), source: true)
  }

  /// The same id each time.
  private static func derived(_ text: String) -> EventID {
    var (high, low): (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x8422_2325_cbf2_9ce4)
    for byte in text.utf8 {
      high = (high ^ UInt64(byte)) &* 0x100_0000_01b3
      low = (low &+ UInt64(byte)) &* 0x9e37_79b9_7f4a_7c15
    }
    return EventID(high: high, low: low)
  }

  static let all: [Proposal] = agreements + trainings + institutions + mandates + claims

  private static let terms = AgreementTerms(
    agreementKind: .mou, title: "Training", parties: [id("x-ministry"), id("x-centre")],
    obligations: [Obligation(code: id("rooms")), Obligation(code: id("teachers"))],
    validUntil: day("2028-12-31"))

  private static func agreement(_ key: String, _ on: String, _ event: AgreementEvent) -> Proposal {
    self.event("agreement/" + key, on, .agreement(event))
  }

  private static var agreements: [Proposal] {
    var amended = terms
    amended.title = "More training"
    func organisation(_ key: String, _ roles: [OrganisationRole]) -> Proposal {
      event(
        "organisation/" + key, "2020-01-01",
        .organisation(.registered(OrganisationRegistered(name: key, roles: roles))))
    }
    func signed(_ key: String) -> Proposal {
      agreement(key, "2023-01-01", .signed(AgreementSigned(terms: terms)))
    }
    return [
      organisation("x-ministry", [.ministry, .employer, .regulator]),
      organisation("x-centre", [.trainingPartner]), signed("x1"), signed("x2"), signed("x3"),
      agreement(
        "x1", "2023-01-02",
        .targetSet(
          TargetSet(target: id("all"), population: .civilServants, count: .exactly(100)))),
      agreement(
        "x1", "2023-01-03",
        .resultClaimed(
          ResultClaimed(
            claim: id("r1"), claimedBy: "a paper", population: .graduates, count: .about(90)))),
      agreement(
        "x1", "2023-01-04",
        .resultClaimed(
          ResultClaimed(
            claim: id("r2"), claimedBy: "a report", population: .graduates, count: .about(80)))),
      agreement(
        "x1", "2023-01-04",
        .claimsReconciled(
          ClaimsReconciled(claims: [id("r1"), id("r2")], finding: "as reported"))),
      agreement(
        "x1", "2023-01-05", .enteredIntoForce(AgreementEnteredIntoForce(terms: terms))),
      agreement("x1", "2023-01-06", .amended(AgreementAmended(terms: amended))),
      agreement("x1", "2023-01-07", .extended(AgreementExtended(validUntil: day("2029-06-30")))),
      agreement("x1", "2023-01-08", .suspended(AgreementSuspended())),
      agreement("x1", "2023-01-09", .resumed(AgreementResumed())),
      agreement("x1", "2023-01-10", .obligationMet(ObligationMet(obligation: id("rooms")))),
      agreement(
        "x1", "2023-01-11", .obligationMissed(ObligationMissed(obligation: id("teachers")))),
      agreement("x1", "2023-01-12", .completed(AgreementCompleted())),
      agreement("x2", "2023-01-12", .terminated(AgreementTerminated())),
      agreement("x3", "2023-01-12", .superseded(AgreementSuperseded(by: id("x1")))),
    ]
  }

  private static var trainings: [Proposal] {
    func enrolment(_ on: String, _ event: EnrolmentEvent) -> Proposal {
      self.event("enrolment/x1", on, .enrolment(event))
    }
    return [
      event(
        "framework/x-f", "2020-01-01",
        .framework(
          .published(
            FrameworkPublished(
              title: "F", version: "1",
              skills: ["old", "new"].map { Skill(code: id($0), title: $0, levels: 3) })))),
      event(
        "course/x-c", "2020-01-01",
        .course(
          .published(
            CoursePublished(
              edition: 1, title: "C", track: .technical,
              outcomes: [SkillLevel(framework: id("x-f"), skill: id("old"), level: 2)])))),
      event(
        "cohort/x-k", "2021-01-01",
        .cohort(
          .planned(
            CohortPlanned(
              terms: CohortTerms(
                course: id("x-c"), edition: 1, organisation: id("x-centre"),
                starts: day("2021-01-01"), ends: day("2026-12-31")))))),
      enrolment("2022-01-01", .enrolled(EnrolmentEnrolled(seat: Fixture.seat("long", "x-k")))),
      enrolment(
        "2022-01-02",
        .assessed(
          EnrolmentAssessed(
            assessment: id("exam"), mode: .proctored, score: 4000, passMark: 5000))),
      enrolment(
        "2022-01-03",
        .assessmentAppealed(EnrolmentAssessmentAppealed(assessment: id("exam")))),
      enrolment(
        "2022-01-04",
        .appealDecided(
          EnrolmentAppealDecided(assessment: id("exam"), upheld: true, score: 6000))),
      enrolment("2022-01-05", .completed(EnrolmentCompleted(result: .passed))),
      enrolment("2022-01-06", .awardConferred(EnrolmentAwardConferred(award: id("best")))),
      enrolment("2022-01-07", .awardWithdrawn(EnrolmentAwardWithdrawn(award: id("best")))),
      enrolment(
        "2022-01-08",
        .assessmentVoided(EnrolmentAssessmentVoided(assessment: id("exam")))),
      event(
        "framework/x-f", "2022-02-01",
        .framework(
          .skillReplaced(FrameworkSkillReplaced(skill: id("old"), by: id("new"))))),
      event(
        "credential/x-n", "2022-02-01",
        .credential(
          .issued(
            CredentialIssued(
              holder: id("long"), issuer: id("x-centre"), number: "1", courses: [id("x-c")],
              awardedOn: day("2022-02-01"), validFrom: day("2022-02-01"))))),
      event(
        "credential/x-n", "2022-02-02",
        .credential(.recognised(CredentialRecognised(by: id("x-ministry"))))),
      event(
        "credential/x-n", "2022-02-03",
        .credential(.recognitionWithdrawn(CredentialRecognitionWithdrawn()))),
    ]
  }

  private static var institutions: [Proposal] {
    [
      event(
        "authorisation/x-a", "2021-01-01",
        .authorisation(
          .granted(
            AuthorisationGranted(
              organisation: id("x-centre"), validFrom: day("2021-01-01"),
              validUntil: day("2021-12-31"))))),
      event(
        "authorisation/x-a", "2021-12-01",
        .authorisation(.renewed(AuthorisationRenewed(validUntil: day("2030-12-31"))))),
      event(
        "organisation/x-ministry", "2023-02-01",
        .organisation(.roleEnded(OrganisationRoleEnded(role: .regulator)))),
      event(
        "organisation/x-ministry", "2023-02-02",
        .organisation(
          .splitInto(OrganisationSplitInto(organisations: [id("x-centre"), id("heta")])))),
      event(
        "registry/ke", "2024-06-01",
        .registry(
          .requirementSet(
            RequirementSet(
              whose: .position(id("clerk")),
              skills: [SkillLevel(framework: id("x-f"), skill: id("new"), level: 1)])))),
    ]
  }

  private static var claims: [Proposal] {
    [
      event(
        "skill_claim/x-s", "2022-03-01",
        .skillClaim(
          .claimed(
            SkillClaimed(
              claim: ClaimedSkill(
                officer: id("long"),
                skill: SkillLevel(framework: id("x-f"), skill: id("new"), level: 1))
            )))),
      event(
        "skill_claim/x-s", "2022-03-02",
        .skillClaim(.endorsed(SkillClaimEndorsed(by: id("x-ministry"))))),
    ]
  }

  private static var mandates: [Proposal] {
    var terms = MandateTerms(
      title: "M", population: PopulationRule(steps: [.everybody(true)]), courses: [id("x-c")],
      deadline: day("2022-12-31"))
    var all = [event("mandate/x-m", "2022-01-01", .mandate(.issued(MandateIssued(terms: terms))))]
    terms.population = PopulationRule(steps: [.organisation(id("moict"))])
    all.append(
      event("mandate/x-m", "2022-01-02", .mandate(.amended(MandateAmended(terms: terms)))))
    all.append(
      event(
        "mandate/x-m", "2022-01-03",
        .mandate(.extended(MandateExtended(deadline: day("2023-06-30"))))))
    return all
  }
}

import Messages
import Registry

/// Random histories over every kind of stream, from a seed.
enum History {
  static let officers = ["a", "b", "c", "d", "e"]
  static let cohorts = ["c1", "c2", "c3"]
  static let courses = ["cloud-1", "cyber-1"]
  static let organisations = ["gov", "moict", "mps", "unit"]
  static let days = [
    "2021-12-31", "2022-02-10", "2022-04-15", "2022-07-01", "2022-12-31", "2024-06-01",
  ].map(day)

  static func proposal(_ stream: String, _ on: String, _ body: Proposal.Body) -> Proposal {
    Fixture.proposal(stream, on, body, source: true)
  }

  /// A registry in which everything random events refer to exists.
  static var ground: [Proposal] {
    func organisation(_ key: String, _ parent: String?) -> Proposal {
      proposal(
        "organisation/" + key, "2020-01-01",
        .organisation(
          .registered(
            OrganisationRegistered(
              name: key, roles: [.ministry, .employer], parent: parent.map(id)))))
    }
    func framework(_ key: String, _ skills: [String]) -> Proposal {
      proposal(
        "framework/" + key, "2020-01-01",
        .framework(
          .published(
            FrameworkPublished(
              title: key, version: "1",
              skills: skills.map { Skill(code: id($0), title: $0, levels: 3) }))))
    }
    func course(_ key: String, _ outcomes: [SkillLevel]) -> Proposal {
      proposal(
        "course/" + key, "2020-01-01",
        .course(
          .published(
            CoursePublished(edition: 1, title: key, track: .technical, outcomes: outcomes))))
    }
    var all = [
      Fixture.established(), organisation("gov", nil), organisation("moict", "gov"),
      organisation("mps", "gov"), organisation("unit", "moict"),
      Fixture.organisation("heta", [.trainingPartner]), framework("ict", ["cloud", "cyber"]),
      framework("dig", ["1.1", "4.1"]),
      course("cloud-1", [skill("ict", "cloud", 2)]),
      course("cyber-1", [skill("ict", "cyber", 1), skill("dig", "4.1", 1)]),
      Fixture.authorisation(),
    ]
    for (at, key) in cohorts.enumerated() {
      all.append(proposal("cohort/" + key, "2022-01-01", .cohort(.planned(plan(at % 2, nil)))))
    }
    all.append(
      proposal(
        "programme/p1", "2022-01-01",
        .programme(
          .drafted(
            ProgrammeDrafted(terms: ProgrammeTerms(title: "p1", organisation: id("heta")))))))
    all.append(
      proposal(
        "agreement/a1", "2022-01-01",
        .agreement(
          .signed(
            AgreementSigned(
              terms: AgreementTerms(
                agreementKind: .mou, title: "a1", parties: [id("moict"), id("heta")]))))))
    all.append(
      proposal(
        "mandate/m1", "2022-01-05", .mandate(.issued(MandateIssued(terms: mandate("2022-06-30"))))))
    for (at, key) in officers.enumerated() { all.append(Fixture.officer(key, "\(at + 1)")) }
    return all
  }

  static func skill(_ framework: String, _ code: String, _ level: UInt32) -> SkillLevel {
    SkillLevel(framework: id(framework), skill: id(code), level: level)
  }

  static func plan(_ course: Int, _ programme: String?) -> CohortPlanned {
    CohortPlanned(
      terms: CohortTerms(
        course: id(courses[course]), edition: 1, organisation: id("heta"),
        programme: programme.map(id), starts: day("2022-01-10"), ends: day("2022-03-31")))
  }

  static func mandate(_ deadline: String) -> MandateTerms {
    MandateTerms(
      title: "m1",
      population: PopulationRule(
        postedOn: day("2022-01-10"),
        steps: [.organisation(id("gov")), .grade(id("J")), .negated(true), .allOf(2)]),
      courses: [id("cloud-1")], deadline: day(deadline), joinerDays: 30)
  }

  /// A day of 2022, mostly.
  static func someDay(_ random: inout Seeded) -> String {
    let month = Int.random(in: 1...12, using: &random)
    return "2022-\(month < 10 ? "0" : "")\(month)-1\(Int.random(in: 0...9, using: &random))"
  }

  /// One random proposal about what was recorded so far.
  static func next(_ random: inout Seeded, _ recorded: [Proposal]) -> Proposal {
    let date = someDay(&random)
    switch Int.random(in: 0..<24, using: &random) {
    case 0..<9: return training(&random, date, recorded)
    case 9..<14: return service(&random, date)
    case 14..<17: return paper(&random, date)
    case 17..<20: return shared(&random, date)
    case 20 where !recorded.isEmpty:
      return Fixture.voided(recorded.randomElement(using: &random)!)
    case 21 where !recorded.isEmpty:
      return Fixture.restored(recorded.randomElement(using: &random)!)
    case 22 where !recorded.isEmpty:
      let target = recorded.randomElement(using: &random)!
      return Fixture.proposal(
        target.stream.text, date, target.body, corrects: target.eventID, source: true)
    default: return training(&random, date, recorded)
    }
  }

  private static func training(
    _ random: inout Seeded, _ date: String, _ recorded: [Proposal]
  ) -> Proposal {
    let key = Int.random(in: 0..<8, using: &random)
    let officer = officers[key % officers.count]
    let stream = "enrolment/e\(key)"
    let evidence = recorded.filter {
      switch $0.body {
      case .enrolment(.completed), .submission(.verified), .skillClaim(.priorLearningRecognised):
        true
      default: false
      }
    }
    switch Int.random(in: 0..<10, using: &random) {
    case 0, 1:
      return Fixture.proposal(
        stream, date,
        .enrolment(
          .enrolled(EnrolmentEnrolled(seat: Fixture.seat(officer, cohorts[key % cohorts.count])))))
    case 2, 3, 4: return Fixture.completed("e\(key)", on: date)
    case 5:
      return Fixture.proposal(
        stream, date,
        .enrolment(
          .assessed(
            EnrolmentAssessed(
              assessment: id("x\(key % 2)"), mode: AssessmentMode.allCases[key % 4],
              score: UInt32.random(in: 3000...9000, using: &random),
              passMark: key % 2 == 0 ? 5000 : 0))))
    case 6: return Fixture.proposal(stream, date, .enrolment(.notCompleted(.init())))
    case 7:
      return Fixture.issued(
        "k\(key)", to: officer, number: "N\(key)",
        evidence: evidence.randomElement(using: &random).map { [$0.eventID] } ?? [], on: date,
        until: key % 2 == 0 ? "2024-01-01" : nil)
    case 8: return Fixture.credential("k\(key)", date, .suspended(CredentialSuspended()))
    default: return Fixture.credential("k\(key)", date, .reinstated(CredentialReinstated()))
    }
  }

  private static func service(_ random: inout Seeded, _ date: String) -> Proposal {
    let officer = officers.randomElement(using: &random)!
    let other = officers.randomElement(using: &random)!
    let stream = "officer/" + officer
    let posting = Posting(
      organisation: id(organisations.randomElement(using: &random)!), position: id("clerk"),
      grade: Bool.random(using: &random) ? id("J") : id("K"),
      county: Bool.random(using: &random) ? id("nairobi") : nil)
    let event: OfficerEvent =
      switch Int.random(in: 0..<9, using: &random) {
      case 0, 1, 2: .posted(OfficerPosted(posting: posting))
      case 3: .promoted(OfficerPromoted(grade: id("J")))
      case 4: .separated(OfficerSeparated())
      case 5: .returned(OfficerReturned(posting: posting))
      case 6: .mergedInto(OfficerMergedInto(officer: id(other)))
      case 7: .mergeReversed(OfficerMergeReversed())
      default:
        .mergeReversed(
          OfficerMergeReversed(
            toThis: [StreamID("enrolment/e\(Int.random(in: 0..<8, using: &random))")!]))
      }
    return proposal(stream, date, .officer(event))
  }

  private static func paper(_ random: inout Seeded, _ date: String) -> Proposal {
    let key = Int.random(in: 0..<4, using: &random)
    let officer = id(officers[(key + 1) % officers.count])
    switch Int.random(in: 0..<8, using: &random) {
    case 0, 1:
      return proposal(
        "submission/s\(key)", date,
        .submission(
          .submitted(
            SubmissionSubmitted(
              paper: Paper(
                officer: officer, submissionKind: .certificate,
                document: Array(repeating: UInt8(key), count: 32), title: "a paper",
                skills: [skill("dig", "1.1", 2)], awardedOn: day("2022-01-20"),
                validUntil: key == 0 ? day("2022-11-30") : nil, courses: [id("cloud-1")],
                assessment: key == 1 ? .practical : nil)))))
    case 2, 3:
      return proposal(
        "submission/s\(key)", date, .submission(.verified(SubmissionVerified(method: id("issuer"))))
      )
    case 4:
      return proposal(
        "skill_claim/q\(key)", date,
        .skillClaim(
          .claimed(
            SkillClaimed(
              claim: ClaimedSkill(
                officer: officer, skill: skill("ict", "cyber", UInt32(key % 3 + 1)))))))
    case 5:
      return proposal(
        "skill_claim/q\(key)", date, .skillClaim(.endorsed(SkillClaimEndorsed(by: id("moict")))))
    case 6:
      return proposal(
        "skill_claim/q\(key)", date,
        .skillClaim(.priorLearningRecognised(PriorLearningRecognised(level: 2))))
    default:
      return proposal(
        "duty/d\(key)", date,
        .duty(
          .exemptionGranted(
            DutyExemptionGranted(
              duty: DutyHolder(officer: officer, mandate: id("m1")),
              until: key == 0 ? day("2022-12-15") : nil))))
    }
  }

  private static func shared(_ random: inout Seeded, _ date: String) -> Proposal {
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      return proposal(
        "authorisation/heta", date, .authorisation(.suspended(AuthorisationSuspended())))
    case 1:
      return proposal(
        "authorisation/heta", date, .authorisation(.reinstated(AuthorisationReinstated())))
    case 2:
      return proposal(
        "registry/ke", date,
        .registry(
          .policyAdopted(
            PolicyAdopted(
              version: UInt32.random(in: 2...9, using: &random), title: "another policy",
              backings: [BackingRule(backing: .suspended, holding: .notHeld)],
              passMarks: [PassMark(mode: .practical, passMark: 6000)],
              validityMonths: Bool.random(using: &random) ? 6 : 0))))
    case 3:
      return proposal(
        "registry/ke", date,
        .registry(
          .requirementSet(
            RequirementSet(
              whose: .position(id("clerk")),
              skills: [skill("ict", "cloud", UInt32.random(in: 1...3, using: &random))]))))
    case 4:
      return proposal(
        "organisation/unit", date,
        .organisation(
          .movedUnder(
            OrganisationMovedUnder(parent: id(["mps", "moict"].randomElement(using: &random)!)))))
    case 5:
      return proposal(
        "programme/p1", date,
        .programme(.linkedToAgreement(ProgrammeLinkedToAgreement(agreement: id("a1")))))
    case 6, 7:
      return proposal(
        "cohort/" + cohorts.randomElement(using: &random)!, "2022-01-01",
        .cohort(
          .planned(
            plan(
              Int.random(in: 0...1, using: &random), Bool.random(using: &random) ? "p1" : nil))))
    case 8:
      return proposal(
        "mandate/m1", date, .mandate(.extended(MandateExtended(deadline: day("2022-08-31")))))
    default:
      return proposal(
        "framework/ict", date,
        .framework(
          .crosswalkAsserted(
            CrosswalkAsserted(
              crosswalk: Crosswalk(
                skill: id("cyber"), relation: .close, otherFramework: id("dig"),
                otherSkill: id("4.1"), levels: [LevelPair(level: 1, otherLevel: 1)])))))
    }
  }

  /// Records a random history in random batches.
  ///
  /// - Returns: what was recorded.
  static func record(
    _ registry: TestRegistry, seed: UInt64, batches: Int
  ) throws -> (recorded: [Proposal], outcomes: [String: Int]) {
    var random = Seeded(seed)
    for proposal in ground { try registry.given(proposal) }
    var recorded: [Proposal] = []
    var outcomes: [String: Int] = [:]
    for _ in 0..<batches {
      let batch = (0..<Int.random(in: 1...4, using: &random)).map { _ in next(&random, recorded) }
      for (proposal, outcome) in zip(batch, try registry.record(batch)) {
        outcomes[outcome.code ?? (outcome.isUnchanged ? "unchanged" : "recorded"), default: 0] += 1
        if outcome.position != nil, !outcome.isAlready { recorded.append(proposal) }
      }
    }
    return (recorded, outcomes)
  }
}

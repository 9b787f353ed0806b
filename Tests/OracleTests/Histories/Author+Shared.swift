import Registry

extension Author {
  mutating func shared(_ day: Day) -> Proposal {
    switch random.number(0...12) {
    case 0, 1: return authorisation(day)
    case 2: return registry(day)
    case 3: return course(day)
    case 4, 5: return cohort(day)
    case 6: return programme(day)
    case 7, 8, 9: return agreement(day)
    case 10: return organisation(day)
    case 11: return mandate(day)
    default: return random.isLucky(1, in: 2) ? instrument(day) : framework(day)
    }
  }

  private mutating func authorisation(_ day: Day) -> Proposal {
    let key = random.one(of: ["first", "second"])
    let centre = key == "first" ? "centre" : "school"
    let right = ledger.right(stream("authorisation/" + key), day)
    let event: AuthorisationEvent =
      switch right?.status {
      case nil:
        random.isLucky(1, in: 2)
          ? .applied(AuthorisationApplied(organisation: id(centre)))
          : .granted(
            AuthorisationGranted(
              organisation: id(centre), validFrom: day,
              validUntil: random.isLucky(1, in: 2) ? day.adding(days: 200) : nil))
      case .applied: .inspected(AuthorisationInspected(organisation: id(centre)))
      case .inspected:
        .granted(
          AuthorisationGranted(organisation: id(centre), validFrom: day, validUntil: nil))
      case .granted:
        random.one(of: [
          .suspended(AuthorisationSuspended()), .suspended(AuthorisationSuspended()),
          .revoked(AuthorisationRevoked()), .withdrawn(AuthorisationWithdrawn()),
          .renewed(
            AuthorisationRenewed(
              validUntil: (right?.until ?? day).adding(days: random.number(10...100)))),
          .scopeChanged(
            AuthorisationScopeChanged(
              scope: random.one(of: [
                Scope(), Scope(courses: [id("k1"), id("k3")]), Scope(tracks: [.nonTechnical]),
                Scope(skills: [skill("f", "a", 2), skill("f", "b", 2)]),
              ]))),
        ])
      case .suspended: .reinstated(AuthorisationReinstated())
      case .notRequired: .withdrawn(AuthorisationWithdrawn())
      case .revoked, .withdrawn: .applied(AuthorisationApplied(organisation: id(centre)))
      }
    return proposal("authorisation/" + key, day, .authorisation(event))
  }

  private mutating func registry(_ day: Day) -> Proposal {
    let (framework, code) = random.one(of: Ground.skills)
    let asked = [
      skill(framework, code, random.number(1...2)), skill("f", "a", random.number(1...2)),
    ]
    let event: RegistryEvent =
      random.isLucky(1, in: 3)
      ? .policyAdopted(
        PolicyAdopted(
          version: UInt32(random.number(2...9)), title: "another",
          weights: random.isLucky(1, in: 2) ? [EvidenceWeight(strength: .attended, weight: 9)] : [],
          backings: random.isLucky(1, in: 2)
            ? [BackingRule(backing: .suspended, holding: .notHeld)] : [],
          passMarks: [PassMark(mode: .practical, passMark: 7000)],
          validityMonths: random.isLucky(1, in: 3) ? 4 : 0))
      : .requirementSet(
        RequirementSet(
          whose: random.isLucky(1, in: 2) ? .position(id("clerk")) : .cadre(id("ict")),
          skills: code == "a" ? Array(asked.prefix(1)) : asked))
    return proposal("registry/ke", day, .registry(event))
  }

  private mutating func course(_ day: Day) -> Proposal {
    let key = random.one(of: Ground.courses)
    let last = ledger.editions(id(key)).map(\.edition).max() ?? 0
    let (framework, code) = random.one(of: Ground.skills)
    return proposal(
      "course/" + key, day,
      .course(
        .published(
          CoursePublished(
            edition: last + 1, title: "\(key) \(last + 1)", track: random.one(of: Track.allCases),
            outcomes: [skill(framework, code, random.number(1...3))],
            passMark: random.isLucky(1, in: 2) ? 5500 : 0))))
  }

  private mutating func cohort(_ day: Day) -> Proposal {
    let key = random.one(of: Ground.cohorts)
    let course = random.one(of: Ground.courses)
    var terms = Ground.terms(
      course, random.one(of: Ground.centres),
      random.isLucky(1, in: 2) ? random.one(of: Ground.programmes) : nil)
    if let last = ledger.editions(id(course)).last { terms.edition = last.edition }
    let event: CohortEvent =
      switch random.number(0...5) {
      case 0..<3: .planned(CohortPlanned(terms: terms))
      case 3: .opened(CohortOpened())
      case 4: .started(CohortStarted())
      default: .ended(CohortEnded())
      }
    var made = proposal("cohort/" + key, day, .cohort(event))
    if random.isLucky(1, in: 4) {
      made.attributedTo = stream(random.one(of: ["agreement/a1", "agreement/a2", "programme/p1"]))
    }
    return made
  }

  private mutating func programme(_ day: Day) -> Proposal {
    proposal(
      "programme/" + random.one(of: Ground.programmes), day,
      .programme(
        random.isLucky(2, in: 3)
          ? .linkedToAgreement(
            ProgrammeLinkedToAgreement(agreement: id(random.one(of: Ground.agreements))))
          : random.one(of: [
            .pilotDeclared(ProgrammePilotDeclared()), .paused(ProgrammePaused()),
            .resumed(ProgrammeResumed()),
          ])))
  }

  private mutating func agreement(_ day: Day) -> Proposal {
    let key = random.one(of: Ground.agreements)
    let population = random.one(of: Population.allCases)
    let count = Count.exactly(UInt64(random.number(1...20)))
    let code = id("t\(random.number(1...3))")
    let event: AgreementEvent =
      switch random.number(0...13) {
      case 0: .enteredIntoForce(AgreementEnteredIntoForce())
      case 1, 2: .suspended(AgreementSuspended())
      case 3, 4: .resumed(AgreementResumed())
      case 5:
        random.isLucky(1, in: 3)
          ? .terminated(AgreementTerminated())
          : .extended(AgreementExtended(validUntil: day.adding(days: random.number(1...300))))
      case 6..<10:
        .targetSet(
          TargetSet(
            target: code, population: population, count: count,
            by: random.isLucky(1, in: 2) ? day.adding(days: random.number(0...200)) : nil))
      case 10..<12:
        .aggregateReported(
          AggregateReported(
            report: code, population: population, people: count,
            asOf: random.isLucky(2, in: 3) ? day : nil))
      case 12: .obligationMet(ObligationMet(obligation: id("report")))
      default:
        .resultClaimed(
          ResultClaimed(claim: code, claimedBy: "a paper", population: population, count: count))
      }
    return proposal("agreement/" + key, day, .agreement(event))
  }

  private mutating func organisation(_ day: Day) -> Proposal {
    let key = random.one(of: ["unit", "agency", "school"])
    return proposal(
      "organisation/" + key, day,
      .organisation(
        .movedUnder(
          OrganisationMovedUnder(parent: id(random.one(of: ["gov", "ministry", "agency"]))))))
  }

  private mutating func mandate(_ day: Day) -> Proposal {
    let key = random.one(of: Ground.mandates)
    let event: MandateEvent =
      switch random.number(0...5) {
      case 0..<4: .extended(MandateExtended(deadline: day.adding(days: random.number(0...200))))
      case 4: .closed(MandateClosed())
      default: .withdrawn(MandateWithdrawn())
      }
    return proposal("mandate/" + key, day, .mandate(event))
  }

  private mutating func instrument(_ day: Day) -> Proposal {
    proposal(
      "instrument/i1", day,
      .instrument(
        random.isLucky(2, in: 3)
          ? .enteredIntoForce(InstrumentEnteredIntoForce())
          : .repealed(InstrumentRepealed())))
  }

  private mutating func framework(_ day: Day) -> Proposal {
    proposal(
      "framework/f", day,
      .framework(
        .crosswalkAsserted(
          CrosswalkAsserted(
            crosswalk: Crosswalk(
              skill: id("a"), relation: random.one(of: [.exact, .close, .broad]),
              otherFramework: id("g"), otherSkill: id("y"))))))
  }
}

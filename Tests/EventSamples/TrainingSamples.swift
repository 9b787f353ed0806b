import Registry

/// Examples of what is recorded of trainings, of what people can do and of what they must.

extension ProgrammeEvent: SampledEvent {
  private static let terms = ProgrammeTerms(title: "Example", organisation: .sample)

  public static func sample(after event: ProgrammeEvent?) -> ProgrammeEvent? {
    switch event {
    case nil: .drafted(.init(terms: terms))
    case .drafted: .approved(.init(terms: terms))
    case .approved: .opened(.init(terms: terms))
    case .opened: .paused(.init())
    case .paused: .resumed(.init())
    case .resumed: .closed(.init(terms: terms))
    case .closed: .evaluated(.init())
    case .evaluated: .linkedToAgreement(.init(agreement: .sample))
    case .linkedToAgreement: .pilotDeclared(.init())
    case .pilotDeclared: .pilotConcluded(.init())
    case .pilotConcluded: nil
    }
  }
}

extension CourseEvent: SampledEvent {
  public static func sample(after event: CourseEvent?) -> CourseEvent? {
    switch event {
    case nil: .drafted(.init(title: "Example"))
    case .drafted: .published(.init(edition: 1, title: "Example", track: .technical))
    case .published: .suspended(.init())
    case .suspended: .resumed(.init())
    case .resumed: .retired(.init())
    case .retired: nil
    }
  }
}

extension CohortEvent: SampledEvent {
  private static let terms = CohortTerms(
    course: .sample, edition: 1, organisation: .sample, starts: .sample, ends: .sample)

  public static func sample(after event: CohortEvent?) -> CohortEvent? {
    switch event {
    case nil: .planned(.init(terms: terms))
    case .planned: .opened(.init(terms: terms))
    case .opened: .started(.init(terms: terms))
    case .started: .ended(.init(terms: terms))
    case .ended: .graduated(.init(terms: terms))
    case .graduated: .cancelled(.init())
    case .cancelled: nil
    }
  }
}

extension EnrolmentEvent: SampledEvent {
  private static let seat = Seat(officer: .sample, cohort: .sample)

  public static func sample(after event: EnrolmentEvent?) -> EnrolmentEvent? {
    switch event {
    case nil: .nominated(.init(seat: seat))
    case .nominated: .nominationRejected(.init())
    case .nominationRejected: .enrolled(.init(seat: seat))
    case .enrolled: .attended(.init(session: .sample, minutes: 60))
    case .attended: .assessed(.init(assessment: .sample, mode: .proctored))
    case .assessed: .assessmentAppealed(.init(assessment: .sample))
    case .assessmentAppealed: .appealDecided(.init(assessment: .sample))
    case .appealDecided: .assessmentVoided(.init(assessment: .sample))
    case .assessmentVoided: .deferred(.init())
    case .deferred: .transferred(.init(cohort: .sample))
    case .transferred: .withdrawn(.init())
    case .withdrawn: .dismissed(.init())
    case .dismissed: .completed(.init(seat: seat, result: .passed))
    case .completed: .notCompleted(.init(seat: seat))
    case .notCompleted: .awardConferred(.init(award: .sample))
    case .awardConferred: .awardWithdrawn(.init(award: .sample))
    case .awardWithdrawn: nil
    }
  }
}

extension SubmissionEvent: SampledEvent {
  private static let paper = Paper(
    officer: .sample, submissionKind: .certificate, document: Array(repeating: 0, count: 32))

  public static func sample(after event: SubmissionEvent?) -> SubmissionEvent? {
    switch event {
    case nil: .submitted(.init(paper: paper))
    case .submitted: .verified(.init(paper: paper, method: .sample))
    case .verified: .rejected(.init())
    case .rejected: nil
    }
  }
}

extension CredentialEvent: SampledEvent {
  public static func sample(after event: CredentialEvent?) -> CredentialEvent? {
    switch event {
    case nil:
      .issued(
        .init(
          holder: .sample, issuer: .sample, number: "1", awardedOn: .sample, validFrom: .sample))
    case .issued: .suspended(.init())
    case .suspended: .reinstated(.init())
    case .reinstated: .renewed(.init(validUntil: .sample))
    case .renewed: .superseded(.init(by: .sample))
    case .superseded: .revoked(.init())
    case .revoked: .recognised(.init(by: .sample))
    case .recognised: .recognitionWithdrawn(.init())
    case .recognitionWithdrawn: nil
    }
  }
}

extension SkillClaimEvent: SampledEvent {
  private static let claim = ClaimedSkill(
    officer: .sample, skill: SkillLevel(framework: .sample, skill: .sample, level: 1))

  public static func sample(after event: SkillClaimEvent?) -> SkillClaimEvent? {
    switch event {
    case nil: .claimed(.init(claim: claim))
    case .claimed: .endorsed(.init())
    case .endorsed: .rejected(.init())
    case .rejected: .priorLearningRecognised(.init(claim: claim))
    case .priorLearningRecognised: nil
    }
  }
}

extension MandateEvent: SampledEvent {
  private static let terms = MandateTerms(
    title: "Example", population: PopulationRule(steps: [.everybody(true)]), courses: [.sample],
    deadline: .sample)

  public static func sample(after event: MandateEvent?) -> MandateEvent? {
    switch event {
    case nil: .issued(.init(terms: terms))
    case .issued: .enteredIntoForce(.init(terms: terms))
    case .enteredIntoForce: .extended(.init(deadline: .sample))
    case .extended: .amended(.init(terms: terms))
    case .amended: .closed(.init())
    case .closed: .withdrawn(.init())
    case .withdrawn:
      .supportReported(
        .init(organisation: .sample, from: .sample, until: .sample, hours: 4))
    case .supportReported: nil
    }
  }
}

extension DutyEvent: SampledEvent {
  private static let holder = DutyHolder(officer: .sample, mandate: .sample)

  public static func sample(after event: DutyEvent?) -> DutyEvent? {
    switch event {
    case nil: .exemptionGranted(.init(duty: holder))
    case .exemptionGranted: .exemptionEnded(.init())
    case .exemptionEnded: .nonComplianceRecorded(.init(duty: holder))
    case .nonComplianceRecorded: .nonComplianceCleared(.init())
    case .nonComplianceCleared: nil
    }
  }
}

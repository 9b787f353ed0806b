import Registry

extension Author {
  mutating func enrolment(_ day: Day) -> Proposal {
    let key = "e\(random.number(0...8))"
    let name = "enrolment/" + key
    let seat = Seat(
      officer: id(random.one(of: Ground.officers)), cohort: id(random.one(of: Ground.cohorts)))
    let score = UInt32(random.number(20...95)) * 100
    let code = id(random.one(of: ["t1", "t2"]))
    func completed(_ seat: Seat?) -> EnrolmentEvent {
      .completed(EnrolmentCompleted(seat: seat, result: .passed, score: score))
    }
    let place = ledger.place(StreamID(.enrolment, id(key)), day)
    let event: EnrolmentEvent =
      switch place?.status {
      case nil:
        switch random.number(0...5) {
        case 0: .nominated(EnrolmentNominated(seat: seat))
        case 1: completed(seat)
        default: .enrolled(EnrolmentEnrolled(seat: seat))
        }
      case .nominated:
        random.isLucky(3, in: 4)
          // sure: the status is of a place
          ? .enrolled(EnrolmentEnrolled(seat: Seat(officer: place!.officer, cohort: place!.cohort)))
          : .nominationRejected(EnrolmentNominationRejected())
      case .nominationRejected: .nominated(EnrolmentNominated(seat: seat))
      case .enrolled, .active:
        switch random.number(0...11) {
        case 0..<5: completed(nil)
        case 5: .attended(EnrolmentAttended(session: id("s\(random.number(1...4))"), minutes: 60))
        case 6..<9:
          .assessed(
            EnrolmentAssessed(
              assessment: code, mode: random.one(of: AssessmentMode.allCases), score: score,
              passMark: random.isLucky(1, in: 4) ? 4000 : 0))
        case 9: .transferred(EnrolmentTransferred(cohort: seat.cohort))
        case 10: .notCompleted(EnrolmentNotCompleted())
        default:
          random.one(of: [
            .withdrawn(EnrolmentWithdrawn()), .deferred(EnrolmentDeferred()),
            .dismissed(EnrolmentDismissed()),
          ])
        }
      case .completed:
        switch random.number(0...7) {
        case 0: .assessmentAppealed(EnrolmentAssessmentAppealed(assessment: code))
        case 1:
          .appealDecided(EnrolmentAppealDecided(assessment: code, upheld: true, score: score))
        case 2: .assessmentVoided(EnrolmentAssessmentVoided(assessment: code))
        case 3: .notCompleted(EnrolmentNotCompleted())
        case 4, 5: .awardConferred(EnrolmentAwardConferred(award: id("best")))
        case 6: .awardWithdrawn(EnrolmentAwardWithdrawn(award: id("best")))
        default:
          .assessed(
            EnrolmentAssessed(
              assessment: code, mode: random.one(of: AssessmentMode.allCases), score: score))
        }
      case .notCompleted, .deferred, .withdrawn, .dismissed:
        random.isLucky(1, in: 2) ? completed(nil) : .enrolled(EnrolmentEnrolled(seat: seat))
      }
    var made = proposal(name, day, .enrolment(event))
    if random.isLucky(1, in: 8) {
      made.attributedTo = stream(random.one(of: ["agreement/a1", "programme/p1", "programme/p2"]))
    }
    if random.isLucky(1, in: 10) {
      made.authority = stream(
        random.one(of: ["agreement/a1", "authorisation/first", "instrument/i1"]))
    }
    return made
  }

  /// Completions, verifications and recognitions that stand, latest first.
  private func grounds(of officer: Identifier) -> [Fact] {
    ledger.evidence(of: ledger.survivor(officer, .distantFuture), .distantFuture).map(\.fact)
  }

  mutating func credential(_ day: Day) -> Proposal {
    let number = random.number(0...6)
    let name = "credential/r\(number)"
    guard let known = ledger.paperwork(stream(name), day) else {
      let holder = id(random.one(of: Ground.officers))
      let grounds = grounds(of: holder)
      var evidence: [EventID] = []
      if !grounds.isEmpty, random.isLucky(5, in: 6) { evidence = [random.one(of: grounds).id] }
      let course = random.one(of: Ground.courses)
      let (framework, code) = random.one(of: Ground.skills)
      let on = max(day, evidence.first.flatMap(ledger.fact)?.day ?? day)
      return proposal(
        name, on,
        .credential(
          .issued(
            CredentialIssued(
              holder: holder, issuer: id("centre"), number: "N\(number)", courses: [id(course)],
              skills: random.isLucky(1, in: 2)
                ? [skill(framework, code, random.number(1...3))] : [],
              awardedOn: on, validFrom: on.adding(days: random.isLucky(1, in: 3) ? 40 : 0),
              validUntil: random.isLucky(2, in: 3) ? on.adding(days: random.number(60...300)) : nil,
              evidence: evidence))))
    }
    let other = id("r\(random.number(0...6))")
    let event: CredentialEvent =
      switch (known.act, random.number(0...7)) {
      case (.suspended, 0..<5): .reinstated(CredentialReinstated())
      case (.revoked, _), (.superseded, _): .recognitionWithdrawn(CredentialRecognitionWithdrawn())
      case (_, 0..<3): .suspended(CredentialSuspended())
      case (_, 3):
        .renewed(
          CredentialRenewed(
            validUntil: (known.issued.validUntil ?? day).adding(days: random.number(1...200))))
      case (_, 4): .superseded(CredentialSuperseded(by: other))
      case (_, 5): .revoked(CredentialRevoked())
      case (_, 6): .recognised(CredentialRecognised(by: id("ministry")))
      default: .recognitionWithdrawn(CredentialRecognitionWithdrawn())
      }
    var made = proposal(name, day, .credential(event))
    if random.isLucky(1, in: 3) { made.reason = id("why-\(random.number(1...3))") }
    return made
  }

  mutating func paper(_ day: Day) -> Proposal {
    let officer = id(random.one(of: Ground.officers))
    let (framework, code) = random.one(of: Ground.skills)
    let level = skill(framework, code, random.number(1...3))
    let number = random.number(0...4)
    if random.isLucky(1, in: 2) {
      let paper = Paper(
        officer: officer, submissionKind: .certificate,
        document: Array(repeating: UInt8(number), count: 32), issuer: "Example", title: "Example",
        skills: random.isLucky(2, in: 3) ? [level] : [],
        awardedOn: random.isLucky(2, in: 3) ? day.adding(days: -random.number(0...40)) : nil,
        validUntil: random.isLucky(1, in: 3) ? day.adding(days: random.number(10...200)) : nil,
        courses: random.isLucky(1, in: 2) ? [id(random.one(of: Ground.courses))] : [],
        assessment: random.isLucky(1, in: 2) ? random.one(of: AssessmentMode.allCases) : nil)
      let name = "submission/s\(number)"
      let handed = ledger.handed(stream(name), day)
      let event: SubmissionEvent =
        switch (handed?.status, random.number(0...3)) {
        case (nil, 0...1): .submitted(SubmissionSubmitted(paper: paper))
        case (nil, _): .verified(SubmissionVerified(paper: paper, method: id("original")))
        case (_, 0...2): .verified(SubmissionVerified(method: id("original")))
        default: .rejected(SubmissionRejected())
        }
      return proposal(name, day, .submission(event))
    }
    let name = "skill_claim/q\(number)"
    let claim = ClaimedSkill(officer: officer, skill: level)
    let event: SkillClaimEvent =
      switch (ledger.claimed(stream(name), day)?.status, random.number(0...3)) {
      case (nil, 0...1): .claimed(SkillClaimed(claim: claim))
      case (nil, _): .priorLearningRecognised(PriorLearningRecognised(claim: claim))
      case (_, 0...1): .endorsed(SkillClaimEndorsed(by: id("ministry")))
      case (_, 2): .priorLearningRecognised(PriorLearningRecognised(level: 2))
      default: .rejected(SkillClaimRejected())
      }
    return proposal(name, day, .skillClaim(event))
  }
}

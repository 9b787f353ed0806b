import Messages
import Projections
import Registry

@testable import Queries
@testable import Recording
@testable import RegistryStorage

extension TestRegistry {
  /// Every page of a stream, as a caller gets them.
  func pages<Q: Message, A: Message>(
    _ method: Method, _ question: Q, _ answer: A.Type, between: () throws -> Void = {}
  ) throws -> [A] {
    try allPages(method, question, answer, between: between)
  }

  func compliance(_ question: ComplianceRequest) throws -> [CompliancePage] {
    try pages(.compliance, question, CompliancePage.self).filter { $0.progress == nil }
  }

  func officers(_ question: ComplianceOfficersRequest) throws -> [DutyLine] {
    try pages(.complianceOfficers, question, ComplianceOfficersPage.self).flatMap(\.officers)
  }
}

/// Histories of a few officers who are moved about, trained, exempted, merged and parted.
enum Crowd {
  static let officers = (0..<8).map { "o\($0)" }
  static let organisations = ["top", "left", "right", "low"]
  static let courses = ["k1", "k2"]
  static let mandates = ["all", "any", "now"]

  static let ground: [Proposal] =
    [Fixture.established(), Fixture.framework()]
    + organisations.map { Fixture.organisation($0, [.employer]) }
    + courses.map { Fixture.course($0) }
    + [
      moved("low", under: "left", "2020-02-01"), moved("left", under: "top", "2020-02-01"),
      cohort("k1"), cohort("k2"),
      mandate(
        "all", posted: "2022-03-01", joinerDays: 30, any: false,
        [.organisation(id("left")), .cadre(id("ict")), .anyOf(2)]),
      mandate(
        "any", posted: "2022-03-01", joinerDays: nil, any: true,
        [.organisation(id("top")), .grade(id("j")), .negated(true), .allOf(2)]),
      mandate("now", posted: nil, joinerDays: nil, any: true, [.organisation(id("left"))]),
    ]

  static func moved(_ key: String, under parent: String, _ on: String) -> Proposal {
    Fixture.proposal(
      "organisation/" + key, on,
      .organisation(.movedUnder(OrganisationMovedUnder(parent: id(parent)))))
  }

  static func cohort(_ course: String) -> Proposal {
    Fixture.proposal(
      "cohort/c-" + course, "2021-01-01",
      .cohort(
        .planned(
          CohortPlanned(
            terms: CohortTerms(
              course: id(course), edition: 1, organisation: id("top"), starts: day("2021-01-10"),
              ends: day("2023-12-31"))))))
  }

  static func terms(
    posted: String?, joinerDays: UInt32?, any: Bool, deadline: String = "2022-06-30",
    _ steps: [RuleStep]
  ) -> MandateTerms {
    MandateTerms(
      title: "Training", population: PopulationRule(postedOn: posted.map(day), steps: steps),
      courses: courses.map(id), anyCourse: any, deadline: day(deadline), joinerDays: joinerDays)
  }

  static func mandate(
    _ key: String, posted: String?, joinerDays: UInt32?, any: Bool, _ steps: [RuleStep]
  ) -> Proposal {
    Fixture.proposal(
      "mandate/" + key, "2022-01-01",
      .mandate(
        .issued(
          MandateIssued(
            terms: terms(posted: posted, joinerDays: joinerDays, any: any, steps)))))
  }

  static func cloud(_ level: UInt32) -> SkillLevel {
    SkillLevel(framework: id("ict"), skill: id("cloud"), level: level)
  }

  static func posting(_ random: inout Seeded) -> Posting {
    Posting(
      organisation: id(organisations.randomElement(using: &random)!),
      position: Bool.random(using: &random) ? id("clerk") : nil,
      cadre: id(["ict", "audit"].randomElement(using: &random)!),
      grade: id(["j", "k"].randomElement(using: &random)!),
      county: id(["047", "001"].randomElement(using: &random)!))
  }

  static func registered(_ officer: String, _ random: inout Seeded) -> Proposal {
    Fixture.proposal(
      "officer/" + officer, "2021-0\(Int.random(in: 1...9, using: &random))-01",
      .officer(.registered(OfficerRegistered(posting: posting(&random)))),
      personal: Personal(name: "Example \(officer)"))
  }

  static func date(_ random: inout Seeded) -> String {
    let month = Int.random(in: 1...12, using: &random)
    return "2022-\(month < 10 ? "0" : "")\(month)-1\(Int.random(in: 0...9, using: &random))"
  }

  /// One random proposal about what was recorded so far.
  static func next(_ random: inout Seeded, _ recorded: [Proposal]) -> Proposal {
    let officer = officers.randomElement(using: &random)!
    let course = courses.randomElement(using: &random)!
    let on = date(&random)
    switch Int.random(in: 0..<23, using: &random) {
    case 0, 1:
      return registered(officer, &random)
    case 2, 3:
      return Fixture.proposal(
        "officer/" + officer, on, .officer(.posted(OfficerPosted(posting: posting(&random)))))
    case 4:
      return Fixture.proposal("officer/" + officer, on, .officer(.separated(OfficerSeparated())))
    case 5:
      return Fixture.proposal("officer/" + officer, on, .officer(.returned(OfficerReturned())))
    case 6:
      let other = officers.randomElement(using: &random)!
      return Fixture.proposal(
        "officer/" + officer, on, .officer(.mergedInto(OfficerMergedInto(officer: id(other)))))
    case 7:
      let given = Set(recorded.map(\.stream)).filter { $0.kind == .enrolment || $0.kind == .duty }
        .sorted().randomElement(using: &random)
      return Fixture.proposal(
        "officer/" + officer, on,
        .officer(
          .mergeReversed(
            Bool.random(using: &random)
              ? OfficerMergeReversed(toThis: given.map { [$0] } ?? [])
              : OfficerMergeReversed())))
    case 8, 9, 10:
      let seat = Fixture.seat(officer, "c-" + course)
      return Fixture.proposal(
        "enrolment/\(officer)-\(course)", on,
        .enrolment(.completed(EnrolmentCompleted(seat: seat, result: .passed))), source: true)
    case 11:
      return Fixture.proposal(
        "enrolment/\(officer)-\(course)", on,
        .enrolment(
          .assessed(
            EnrolmentAssessed(
              assessment: id("x"),
              mode: AssessmentMode.allCases.randomElement(using: &random)!,
              score: UInt32.random(in: 0...10_000, using: &random)))))
    case 12:
      let paper = Paper(
        officer: id(officer), submissionKind: .certificate,
        document: Array(repeating: 7, count: 32),
        skills: Bool.random(using: &random) ? [cloud(1)] : [],
        awardedOn: Bool.random(using: &random) ? day(date(&random)) : nil, courses: [id(course)],
        assessment: .practical)
      return Fixture.proposal(
        "submission/\(officer)-\(course)", on,
        .submission(.verified(SubmissionVerified(paper: paper, method: id("seen")))),
        source: true)
    case 13:
      let holder = DutyHolder(
        officer: id(officer), mandate: id(mandates.randomElement(using: &random)!))
      return Fixture.proposal(
        "duty/\(officer)-\(holder.mandate.text)", on,
        .duty(
          .exemptionGranted(
            DutyExemptionGranted(
              duty: holder, until: Bool.random(using: &random) ? day("2022-12-20") : nil))))
    case 14:
      let holder = DutyHolder(
        officer: id(officer), mandate: id(mandates.randomElement(using: &random)!))
      return Fixture.proposal(
        "duty/\(officer)-\(holder.mandate.text)", on,
        .duty(.nonComplianceRecorded(DutyNonComplianceRecorded(duty: holder))))
    case 20, 21:
      let evidence = recorded.filter {
        if case .enrolment(.completed) = $0.body { $0.corrects == nil } else { false }
      }
      let kept = evidence.randomElement(using: &random).map { [$0.eventID] }
      return Fixture.proposal(
        "credential/\(officer)", on,
        .credential(
          .issued(
            CredentialIssued(
              holder: id(officer), issuer: id("top"), number: "N-\(officer)",
              courses: [id(course)], skills: Bool.random(using: &random) ? [cloud(3)] : [],
              awardedOn: day(on), validFrom: day(on), validUntil: day("2022-12-31"),
              evidence: Bool.random(using: &random) ? kept ?? [] : []))))
    case 22:
      return Fixture.credential(officer, on, .revoked(CredentialRevoked()))
    case 15:
      return moved(
        organisations.randomElement(using: &random)!,
        under: organisations.randomElement(using: &random)!, on)
    case 16:
      let later = day("2022-06-30").adding(days: Int.random(in: 1...90, using: &random))
      return Fixture.proposal(
        "mandate/" + mandates.randomElement(using: &random)!, on,
        .mandate(.extended(MandateExtended(deadline: later))))
    case 17, 18:
      guard let target = recorded.randomElement(using: &random) else { return cohort(course) }
      return Bool.random(using: &random) ? Fixture.voided(target) : Fixture.restored(target)
    default:
      guard let target = recorded.randomElement(using: &random) else { return cohort(course) }
      return Fixture.proposal(target.stream.text, on, target.body, corrects: target.eventID)
    }
  }

  /// A mandate person by person, as the rules are written, from profiles alone.
  static func expected(
    _ mandate: String, on day: Day, knownAt position: LogPosition, _ reader: RegistryReader
  ) throws -> [DutyLine] {
    let sharedStreams = reader.sharedStreams
    guard
      let terms = sharedStreams.state(
        of: StreamID(.mandate, id(mandate)), on: day, knownAt: position)?.mandate?.terms
    else { return [] }
    func isMeant(_ span: PostingSpan?, on day: Day) -> Bool {
      guard let span, span.status.serves, let posting = span.posting else { return false }
      return terms.population.includes(posting) {
        sharedStreams.isBelow($0, $1, on: day, knownAt: position)
      }
    }
    return try officers.map(id).sorted().compactMap { officer -> DutyLine? in
      let profile = try Profile(of: officer, on: day, knownAt: position, from: reader)
      guard profile.officer == officer, let state = profile.state, state.status.serves,
        state.posting != nil
      else { return nil }
      var joined: Day?
      if let posted = terms.population.postedOn {
        let then = try reader.state(
          of: StreamID(.officer, officer), on: posted, knownAt: position)?.officer
        if !isMeant(then?.span(on: posted), on: posted) {
          guard terms.joinerDays != nil, isMeant(state.span(on: day), on: day) else { return nil }
          // Day by day: the organisations may have been moved meanwhile.
          var back = day
          while isMeant(state.span(on: back), on: back) {
            joined = back
            back = back.adding(days: -1)
          }
        }
      } else if !isMeant(state.span(on: day), on: day) {
        return nil
      }
      let due = max(
        terms.deadline, joined.map { $0.adding(days: Int(terms.joinerDays!)) } ?? terms.deadline)
      return line(profile, terms, id(mandate), due, joined)
    }
  }

  private static func line(
    _ profile: Profile, _ terms: MandateTerms, _ mandate: Identifier, _ due: Day, _ joined: Day?
  ) -> DutyLine {
    var line = DutyLine(
      officer: profile.officer, posting: profile.posting, standing: .outstanding, due: due,
      joined: joined)
    typealias Done = (day: Day, strength: Strength, event: EventID)
    let perCourse = terms.courses.map { course -> Done? in
      var all: [Done] = profile.enrolments.compactMap {
        guard $0.state.status == .completed, $0.state.seat.cohort.text == "c-" + course.text else {
          return nil
        }
        return (
          $0.state.completion!.day, $0.state.strength(by: profile.policy, passMark: 0),
          $0.state.completion!.eventID
        )
      }
      for (_, paper) in profile.submissions
      where paper.status == .verified && paper.paper.courses.contains(course) {
        all.append(
          (paper.paper.awardedOn ?? paper.since.day, .practical, paper.verifiedByEvent!))
      }
      return all.filter { $0.day <= profile.day }
        .min { ($0.day, $1.strength, $0.event) < ($1.day, $0.strength, $1.event) }
    }
    let done = perCourse.compactMap(\.self)
    if terms.anyCourse, let first = done.min(by: { ($0.day, $1.strength) < ($1.day, $0.strength) })
    {
      (line.completedOn, line.strength, line.evidence) = (first.day, first.strength, [first.event])
    } else if !terms.anyCourse, done.count == terms.courses.count {
      line.completedOn = done.map(\.day).max()
      line.strength = done.map(\.strength).min()
      line.evidence = done.map(\.event)
    }
    let duties = profile.duties.map(\.state).filter { $0.holder.mandate == mandate }
    if let completed = line.completedOn {
      line.standing = completed <= due ? .completed : .late
    } else if duties.contains(where: { $0.isExempted(on: profile.day) }) {
      line.standing = .exempted
      let ends = duties.filter { $0.isExempted(on: profile.day) }.map(\.exemptedUntil)
      line.exemptedUntil = ends.contains(nil) ? nil : ends.compactMap(\.self).max()
    } else if duties.contains(where: { $0.status == .nonCompliant && $0.since.day > due }) {
      line.standing = .nonCompliant
    }
    return line
  }

  /// The table that lines add up to.
  static func table(_ lines: [DutyLine], on day: Day) -> [Identifier: ComplianceLine] {
    var table: [Identifier: ComplianceLine] = [:]
    for line in lines {
      let organisation = line.posting!.organisation
      var row =
        table[organisation] ?? ComplianceLine(organisation: organisation, name: organisation.text)
      row.required += 1
      switch line.standing {
      case .completed: row.completed += 1
      case .late: row.late += 1
      case .exempted: row.exempted += 1
      case .outstanding, .nonCompliant:
        row.outstanding += 1
        if line.due! < day { row.overdue += 1 }
        if line.standing == .nonCompliant { row.nonCompliant += 1 }
      }
      if let strength = line.strength {
        if let at = row.strengths.firstIndex(where: { $0.strength == strength }) {
          row.strengths[at].officers += 1
        } else {
          row.strengths.append(StrengthCount(strength: strength, officers: 1))
          row.strengths.sort { $0.strength < $1.strength }
        }
      }
      table[organisation] = row
    }
    return table
  }
}

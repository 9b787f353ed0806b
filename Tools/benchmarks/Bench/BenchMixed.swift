import Foundation
import Imports
import Messages
import Registry

/// A made-up registry of everything, for measurements: `shape` says what is in it.
///
/// The same number of officers gives the same events. They come as imports of many systems do: an
/// officer's own are told in their order, but with those of `windowOfficers` others between.
struct BenchMixed {
  static let shape = """
    of each officer: registered (a name, a personnel number `pn`: its ordinal) in one of 200
    departments of 20 ministries of one state, one of 6 cadres, 10 grades, 40 positions and 47
    counties; 40 % posted elsewhere or promoted; one training in one of 400 cohorts of 40 courses
    (20 skills of 5 levels): enrolled, 20 % attended, 90 % assessed, 80 % completed; a credential
    for 60 % of those, 2 % suspended; 50 % completed the mandate's course `ai`, 20 % sent in a
    paper (70 % verified, of those half certify `ai`); 15 % claim a skill (60 % endorsed); 5 %
    exempted from `mandate/ai`, which is over everybody; one of 1000 merged into the officer
    before, one of 5000 of these taken back. About 6.7 events an officer.
    """

  static let windowOfficers = 500
  /// Events of one officer, at most.
  private static let chainMax = 18

  private let begun = Day("2015-01-01")!
  private let system = Source(system: Identifier("bench")!)

  // MARK: what everybody shares

  static let courses = (0..<40).map { Identifier("course-\($0)")! }
  static let cohorts = (0..<400).map { Identifier("cohort-\($0)")! }
  static let mandatory = Identifier("ai")!
  static let mandatoryCohorts = (0..<30).map { Identifier("ai-\($0)")! }
  static let departments = (0..<200).map { Identifier("dept-\($0)")! }
  private static let ministries = (0..<20).map { Identifier("ministry-\($0)")! }
  private static let skills = (0..<20).map { Identifier("s\($0)")! }
  private static let cadres = (0..<6).map { Identifier("cadre-\($0)")! }
  private static let grades = (0..<10).map { Identifier("grade-\($0)")! }
  private static let positions = (0..<40).map { Identifier("position-\($0)")! }
  private static let counties = (1...47).map { Identifier("county-\($0)")! }
  private static let framework = Identifier("frame")!
  private static let state = Identifier("state")!
  private static let centre = Identifier("heta")!
  private static let passMark: UInt32 = 5000

  private static func level(_ at: Int, _ level: UInt32) -> SkillLevel {
    SkillLevel(framework: framework, skill: skills[at % skills.count], level: level)
  }

  private static func cohortStarts(_ at: Int) -> Day {
    Day("2022-01-10")!.adding(days: at / courses.count * 90)
  }

  private static let mandatoryStarts = Day("2025-09-01")!

  /// What everybody shares, to be recorded first.
  var ground: [Proposal] {
    var number: UInt64 = 0
    func event(_ kind: StreamKind, _ key: Identifier, _ body: Proposal.Body) -> Proposal {
      number += 1
      return Proposal(
        eventID: EventID(high: 0x6265_6E63_6800_4000, low: 0x8000_0000_0000_0000 | number),
        stream: StreamID(kind, key), effective: begun, source: system, body: body)
    }
    func organisation(_ key: Identifier, under parent: Identifier?) -> Proposal {
      event(
        .organisation, key,
        .organisation(
          .registered(OrganisationRegistered(name: "Example \(key.text)", parent: parent))))
    }
    func course(_ key: Identifier, _ outcomes: [SkillLevel]) -> Proposal {
      event(
        .course, key,
        .course(
          .published(
            CoursePublished(
              edition: 1, title: "Example \(key.text)", track: .technical, outcomes: outcomes,
              passMark: Self.passMark))))
    }
    func cohort(_ key: Identifier, _ course: Identifier, _ starts: Day) -> Proposal {
      event(
        .cohort, key,
        .cohort(
          .planned(
            CohortPlanned(
              terms: CohortTerms(
                course: course, edition: 1, organisation: Self.centre, starts: starts,
                ends: starts.adding(days: 60))))))
    }
    var events = [
      event(
        .registry, Identifier("ke")!,
        .registry(
          .established(
            RegistryEstablished(
              jurisdiction: Identifier("ke")!, timeZone: "Africa/Nairobi",
              identifierSchemes: [Identifier("pn")!])))),
      organisation(Self.state, under: nil), organisation(Self.centre, under: nil),
    ]
    for ministry in Self.ministries { events.append(organisation(ministry, under: Self.state)) }
    for (at, department) in Self.departments.enumerated() {
      events.append(organisation(department, under: Self.ministries[at % Self.ministries.count]))
    }
    events.append(
      event(
        .framework, Self.framework,
        .framework(
          .published(
            FrameworkPublished(
              title: "Example", version: "1",
              skills: Self.skills.map { Skill(code: $0, title: "Example \($0.text)", levels: 5) })))
      ))
    events.append(
      event(
        .authorisation, Self.centre,
        .authorisation(
          .granted(AuthorisationGranted(organisation: Self.centre, validFrom: begun)))))
    for (at, key) in Self.courses.enumerated() {
      events.append(course(key, [Self.level(at, UInt32(at % 5 + 1)), Self.level(at + 7, 1)]))
    }
    events.append(course(Self.mandatory, [Self.level(19, 2)]))
    for (at, key) in Self.cohorts.enumerated() {
      events.append(cohort(key, Self.courses[at % Self.courses.count], Self.cohortStarts(at)))
    }
    for key in Self.mandatoryCohorts {
      events.append(cohort(key, Self.mandatory, Self.mandatoryStarts))
    }
    for (at, position) in Self.positions.enumerated() where at % 4 == 0 {
      events.append(
        event(
          .registry, Identifier("ke")!,
          .registry(
            .requirementSet(
              RequirementSet(whose: .position(position), skills: [Self.level(at, 2)])))))
    }
    var mandate = event(
      .mandate, Self.mandatory,
      .mandate(
        .enteredIntoForce(
          MandateEnteredIntoForce(
            terms: MandateTerms(
              title: "Example: foundations of AI",
              population: PopulationRule(
                steps: [.everybody(true)]), courses: [Self.mandatory],
              deadline: Day("2026-01-15")!)))))
    mandate.effective = Self.mandatoryStarts
    return events + [mandate]
  }

  // MARK: one officer

  static func officer(_ at: Int) -> Identifier { key(0, at) }

  private static func key(_ kind: UInt64, _ at: Int) -> Identifier {
    var random = Numbers(kind << 40 | UInt64(at))
    return Identifier(hex(random.next()) + hex(random.next()))!
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// One officer's events, in their order.
  func chain(_ at: Int) -> [Proposal] {
    var chain = Chain(at, source: system)
    let officer = StreamID(.officer, Self.officer(at))
    chain.register(officer)
    chain.move(officer)
    let completion = chain.train(officer.key)
    if let completion { chain.certify(officer.key, completion) }
    chain.mandatory(officer.key)
    chain.paper(officer.key)
    chain.claim(officer.key)
    if chain.percent() < 5 { chain.exempt(officer.key) }
    if at % 1000 == 1 { chain.merge(officer, into: Self.officer(at - 1), reversed: at % 5000 == 1) }
    precondition(chain.events.count <= Self.chainMax)
    return chain.events
  }

  /// Every officer's events in the order in which they come.
  func forEach(officers: Int, _ body: (Proposal) throws -> Void) rethrows {
    var window: [[Proposal]] = []
    let rounds = officers + Self.windowOfficers * Self.chainMax
    for round in 0..<rounds {
      let slot = round % (Self.windowOfficers * Self.chainMax)
      let chain = round < officers ? self.chain(round) : []
      if slot < window.count { window[slot] = chain } else { window.append(chain) }
      for step in 0..<Self.chainMax {
        let at = round - step * Self.windowOfficers
        guard at >= 0, at < officers else { continue }
        let events = window[at % (Self.windowOfficers * Self.chainMax)]
        if step < events.count { try body(events[step]) }
      }
    }
  }

  /// The same numbers for the same seed (SplitMix64).
  private struct Numbers: RandomNumberGenerator {
    var state: UInt64

    /// Mixed first: the sequences of neighbouring seeds would otherwise be one, shifted.
    init(_ seed: UInt64) {
      state = seed
      state = next()
    }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  private struct Chain {
    let at: Int
    let source: Source
    var random: Numbers
    var events: [Proposal] = []

    init(_ at: Int, source: Source) {
      self.at = at
      self.source = source
      random = Numbers(0xBE2C << 40 | UInt64(at))
    }

    mutating func percent() -> Int { Int(random.next() >> 33) % 100 }

    mutating func one<T>(of values: [T]) -> T { values[Int(random.next() >> 33) % values.count] }

    @discardableResult
    mutating func add(_ stream: StreamID, _ day: Day, _ body: Proposal.Body) -> EventID {
      let id = EventID(
        high: random.next() & ~0xF000 | 0x4000, low: random.next() >> 2 | 1 << 63)
      events.append(
        Proposal(eventID: id, stream: stream, effective: day, source: source, body: body))
      return id
    }

    mutating func posting() -> Posting {
      Posting(
        organisation: one(of: departments), position: one(of: positions), cadre: one(of: cadres),
        grade: one(of: grades), county: one(of: counties))
    }

    mutating func register(_ officer: StreamID) {
      add(
        officer, Day("2016-01-01")!.adding(days: percent() * 20),
        .officer(.registered(OfficerRegistered(posting: posting()))))
      events[0].personal = Personal(
        name: "Example Officer \(at)",
        identifiers: [SchemeValue(scheme: Identifier("pn")!, value: "\(at + 1)")])
    }

    mutating func move(_ officer: StreamID) {
      let kind = percent()
      let day = Day("2023-01-01")!.adding(days: percent() * 8)
      if kind < 30 {
        add(officer, day, .officer(.posted(OfficerPosted(posting: posting()))))
      } else if kind < 40 {
        add(officer, day, .officer(.promoted(OfficerPromoted(grade: one(of: grades)))))
      }
    }

    /// - Returns: the completion, with its day and course.
    mutating func train(_ officer: Identifier) -> (id: EventID, day: Day, course: Identifier)? {
      let cohort = Int(random.next() >> 33) % cohorts.count
      let starts = cohortStarts(cohort)
      let enrolment = StreamID(.enrolment, key(1, at))
      let seat = Seat(officer: officer, cohort: cohorts[cohort])
      add(enrolment, starts, .enrolment(.enrolled(EnrolmentEnrolled(seat: seat))))
      if percent() < 20 {
        add(
          enrolment, starts.adding(days: 5),
          .enrolment(.attended(EnrolmentAttended(session: Identifier("day-1")!, minutes: 240))))
      }
      let score = UInt32(4000 + percent() * 60)
      if percent() < 90 {
        add(
          enrolment, starts.adding(days: 50),
          .enrolment(
            .assessed(
              EnrolmentAssessed(
                assessment: Identifier("final")!, mode: one(of: Array(AssessmentMode.allCases)),
                score: score))))
      }
      let done = starts.adding(days: 60)
      guard percent() < 80 else {
        add(enrolment, done, .enrolment(.notCompleted(EnrolmentNotCompleted())))
        return nil
      }
      let id = add(
        enrolment, done,
        .enrolment(.completed(EnrolmentCompleted(result: .passed, score: score))))
      return (id, done, courses[cohort % courses.count])
    }

    mutating func certify(
      _ officer: Identifier, _ completion: (id: EventID, day: Day, course: Identifier)
    ) {
      guard percent() < 60 else { return }
      let credential = StreamID(.credential, key(2, at))
      add(
        credential, completion.day,
        .credential(
          .issued(
            CredentialIssued(
              holder: officer, issuer: centre, number: "EX/\(completion.day.year)/\(at)",
              courses: [completion.course], awardedOn: completion.day, validFrom: completion.day,
              validUntil: completion.day.adding(days: 1825), evidence: [completion.id]))))
      if percent() < 2 {
        add(
          credential, completion.day.adding(days: 30),
          .credential(.suspended(CredentialSuspended())))
      }
    }

    mutating func mandatory(_ officer: Identifier) {
      guard percent() < 50 else { return }
      let enrolment = StreamID(.enrolment, key(3, at))
      let seat = Seat(officer: officer, cohort: one(of: mandatoryCohorts))
      add(enrolment, mandatoryStarts, .enrolment(.enrolled(EnrolmentEnrolled(seat: seat))))
      add(
        enrolment, mandatoryStarts.adding(days: 30 + percent() * 2),
        .enrolment(.completed(EnrolmentCompleted(result: .attended))))
    }

    mutating func paper(_ officer: Identifier) {
      guard percent() < 20 else { return }
      let submission = StreamID(.submission, key(4, at))
      let day = mandatoryStarts.adding(days: percent())
      var digest: [UInt8] = []
      for _ in 0..<32 { digest.append(UInt8(truncatingIfNeeded: random.next())) }
      add(
        submission, day,
        .submission(
          .submitted(
            SubmissionSubmitted(
              paper: Paper(
                officer: officer, submissionKind: .certificate, document: digest,
                issuer: "Example school", title: "Example certificate",
                skills: [level(percent(), 1)], awardedOn: day,
                courses: percent() < 50 ? [BenchMixed.mandatory] : [])))))
      guard percent() < 70 else { return }
      add(
        submission, day.adding(days: 10),
        .submission(.verified(SubmissionVerified(method: Identifier("issuer")!))))
    }

    mutating func claim(_ officer: Identifier) {
      guard percent() < 15 else { return }
      let claim = StreamID(.skillClaim, key(5, at))
      let day = Day("2024-03-01")!.adding(days: percent())
      add(
        claim, day,
        .skillClaim(
          .claimed(
            SkillClaimed(
              claim: ClaimedSkill(officer: officer, skill: level(percent(), 1))))))
      guard percent() < 60 else { return }
      add(claim, day.adding(days: 20), .skillClaim(.endorsed(SkillClaimEndorsed())))
    }

    mutating func exempt(_ officer: Identifier) {
      add(
        StreamID(.duty, key(6, at)), mandatoryStarts.adding(days: percent()),
        .duty(
          .exemptionGranted(
            DutyExemptionGranted(
              duty: DutyHolder(officer: officer, mandate: BenchMixed.mandatory)))))
    }

    mutating func merge(_ officer: StreamID, into survivor: Identifier, reversed: Bool) {
      let day = Day("2026-02-01")!
      add(officer, day, .officer(.mergedInto(OfficerMergedInto(officer: survivor))))
      if reversed {
        add(
          officer, day.adding(days: 7),
          .officer(.mergeReversed(OfficerMergeReversed(toThis: [], toSurvivor: []))))
      }
    }
  }
}

import Locking
import Messages
import Registry

/// Short ways to say what the tests record.
enum Fixture {
  /// Where event ids come from instead of chance, for histories that are the same each time.
  @TaskLocal static var ids: EventIDs?

  final class EventIDs: Sendable {
    private let random: Mutex<Seeded>

    init(seed: UInt64) { random = Mutex(Seeded(seed)) }

    func next() -> EventID { random.withLock { EventID(high: $0.next(), low: $0.next()) } }
  }

  static func proposal(
    _ stream: String, _ on: String, _ body: Proposal.Body, id: EventID? = nil,
    corrects: EventID? = nil, source: Bool = false, personal: Personal? = nil
  ) -> Proposal {
    Proposal(
      eventID: id ?? freshID(), stream: StreamID(stream)!, effective: Day(on)!,
      source: source ? Source(reference: "a letter") : nil, corrects: corrects,
      personal: personal, body: body)
  }

  static func freshID() -> EventID {
    ids?.next() ?? EventID(high: .random(in: 0 ... .max), low: .random(in: 0 ... .max))
  }

  static func established(_ jurisdiction: String = "ke") -> Proposal {
    proposal(
      "registry/" + jurisdiction, "2020-01-01",
      .registry(
        .established(
          RegistryEstablished(
            jurisdiction: Identifier(jurisdiction)!, timeZone: "Africa/Nairobi",
            identifierSchemes: [Identifier("pn")!]))))
  }

  static func organisation(_ key: String, _ roles: [OrganisationRole] = []) -> Proposal {
    proposal(
      "organisation/" + key, "2020-01-01",
      .organisation(.registered(OrganisationRegistered(name: key, roles: roles))))
  }

  static func officer(_ key: String, _ number: String) -> Proposal {
    proposal(
      "officer/" + key, "2020-01-01",
      .officer(
        .registered(OfficerRegistered(posting: Posting(organisation: Identifier("moict")!)))),
      personal: Personal(
        name: "Example \(key)",
        identifiers: [SchemeValue(scheme: Identifier("pn")!, value: number)]))
  }

  static func framework() -> Proposal {
    proposal(
      "framework/ict", "2020-01-01",
      .framework(
        .published(
          FrameworkPublished(
            title: "Subjects", version: "1",
            skills: [Skill(code: Identifier("cloud")!, title: "cloud", levels: 3)]))))
  }

  static func course(_ key: String = "cloud-1", level: UInt32 = 2) -> Proposal {
    proposal(
      "course/" + key, "2020-01-01",
      .course(
        .published(
          CoursePublished(
            edition: 1, title: "Cloud", track: .technical,
            outcomes: [
              SkillLevel(framework: Identifier("ict")!, skill: Identifier("cloud")!, level: level)
            ]))))
  }

  static func authorisation(from: String = "2020-01-01") -> Proposal {
    proposal(
      "authorisation/heta", from,
      .authorisation(
        .granted(AuthorisationGranted(organisation: Identifier("heta")!, validFrom: Day(from)!))),
      source: true)
  }

  static func cohort(_ key: String = "c1", capacity: UInt32 = 0) -> Proposal {
    proposal(
      "cohort/" + key, "2022-01-01",
      .cohort(
        .planned(
          CohortPlanned(
            terms: CohortTerms(
              course: Identifier("cloud-1")!, edition: 1, organisation: Identifier("heta")!,
              starts: Day("2022-01-10")!, ends: Day("2022-03-31")!, capacity: capacity)))))
  }

  static func seat(_ officer: String, _ cohort: String = "c1") -> Seat {
    Seat(officer: Identifier(officer)!, cohort: Identifier(cohort)!)
  }

  static func enrolled(_ key: String, _ officer: String, _ cohort: String = "c1") -> Proposal {
    proposal(
      "enrolment/" + key, "2022-01-10",
      .enrolment(.enrolled(EnrolmentEnrolled(seat: seat(officer, cohort)))))
  }

  static func completed(_ key: String, on day: String = "2022-03-31") -> Proposal {
    proposal(
      "enrolment/" + key, day, .enrolment(.completed(EnrolmentCompleted(result: .passed))))
  }

  static func issued(
    _ key: String, to officer: String, number: String, evidence: [EventID],
    on day: String = "2022-04-01", until: String? = "2025-03-31"
  ) -> Proposal {
    proposal(
      "credential/" + key, day,
      .credential(
        .issued(
          CredentialIssued(
            holder: Identifier(officer)!, issuer: Identifier("heta")!, number: number,
            courses: [Identifier("cloud-1")!], awardedOn: Day(day)!, validFrom: Day(day)!,
            validUntil: until.flatMap { Day($0) }, evidence: evidence))))
  }

  static func credential(_ key: String, _ on: String, _ event: CredentialEvent) -> Proposal {
    proposal("credential/" + key, on, .credential(event))
  }

  static let claimed = SkillLevel(framework: id("ict"), skill: id("cloud"), level: 1)

  /// A mandate over everybody, in force since the beginning of 2022.
  static func mandate(_ key: String, course: String) -> Proposal {
    proposal(
      "mandate/" + key, "2022-01-01",
      .mandate(
        .enteredIntoForce(
          MandateEnteredIntoForce(
            terms: MandateTerms(
              title: "Example", population: PopulationRule(steps: [.everybody(true)]),
              courses: [id(course)], deadline: day("2022-12-31"))))), source: true)
  }

  static func voided(_ target: Proposal) -> Proposal {
    proposal(
      target.stream.text, target.effective.text, .voided(Voided()), corrects: target.eventID)
  }

  static func restored(_ target: Proposal) -> Proposal {
    proposal(
      target.stream.text, target.effective.text, .restored(Restored()), corrects: target.eventID)
  }

  /// A registry with one centre, one course, one cohort and two officers.
  static var ground: [Proposal] {
    [
      established(), organisation("moict", [.ministry, .employer]),
      organisation("heta", [.trainingPartner]), framework(), course(), authorisation(), cohort(),
      officer("a", "1"), officer("b", "2"),
    ]
  }
}

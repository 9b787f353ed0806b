import Messages
import Registry

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A government of two ministries with divisions, courses and mandates, for what moves about in it.
enum Ministries {
  static let all = ["gov", "health", "works", "labs", "roads"]

  static let ground: [Proposal] =
    [Fixture.established(), Fixture.framework()]
    + all.map { Fixture.organisation($0, [.employer]) }
    + [
      moved("health", under: "gov", "2020-02-01"), moved("works", under: "gov", "2020-02-01"),
      moved("labs", under: "gov", "2020-02-01"), moved("roads", under: "works", "2020-02-01"),
      Fixture.course("k1"), Crowd.cohort("k1").at("gov"),
    ]

  static func moved(_ key: String, under parent: String, _ on: String) -> Proposal {
    Crowd.moved(key, under: parent, on)
  }

  static func officer(_ key: String, at organisation: String, _ on: String = "2021-01-01")
    -> Proposal
  {
    Fixture.proposal(
      "officer/" + key, on,
      .officer(.registered(OfficerRegistered(posting: Posting(organisation: id(organisation))))),
      personal: Personal(name: "Example \(key)"))
  }

  static func officer(_ key: String, _ on: String, _ event: OfficerEvent) -> Proposal {
    Fixture.proposal("officer/" + key, on, .officer(event))
  }

  static func organisation(_ key: String, _ on: String, _ event: OrganisationEvent) -> Proposal {
    Fixture.proposal("organisation/" + key, on, .organisation(event))
  }

  static func posted(_ key: String, to organisation: String, _ on: String) -> Proposal {
    officer(key, on, .posted(OfficerPosted(posting: Posting(organisation: id(organisation)))))
  }

  /// Issued on 1 June 2024, in force the day after, due on 30 June 2024.
  static func mandate(
    _ key: String = "m", of steps: [RuleStep], posted: String? = "2024-06-01",
    joinerDays: UInt32? = 20
  ) -> [Proposal] {
    [
      Fixture.proposal(
        "mandate/" + key, "2024-06-01",
        .mandate(
          .issued(
            MandateIssued(
              terms: MandateTerms(
                title: "Made up",
                population: PopulationRule(postedOn: posted.map(day), steps: steps),
                courses: [id("k1")], deadline: day("2024-06-30"), joinerDays: joinerDays))))),
      mandate(key, "2024-06-02", .enteredIntoForce(MandateEnteredIntoForce())),
    ]
  }

  static func mandate(_ key: String, _ on: String, _ event: MandateEvent) -> Proposal {
    Fixture.proposal("mandate/" + key, on, .mandate(event))
  }

  static func extended(_ on: String, until: String) -> Proposal {
    mandate("m", on, .extended(MandateExtended(deadline: day(until))))
  }

  static func duty(_ officer: String, _ on: String, _ event: (DutyHolder) -> DutyEvent) -> Proposal
  {
    Fixture.proposal(
      "duty/" + officer, on,
      .duty(event(DutyHolder(officer: id(officer), mandate: id("m")))))
  }

  static func failed(_ officer: String, _ on: String) -> Proposal {
    duty(officer, on) { .nonComplianceRecorded(DutyNonComplianceRecorded(duty: $0)) }
  }

  static func exempted(_ officer: String, _ on: String, until: String? = nil) -> Proposal {
    duty(officer, on) {
      .exemptionGranted(DutyExemptionGranted(duty: $0, until: until.map(day)))
    }
  }

  static func completed(_ officer: String, _ on: String) -> Proposal {
    Fixture.proposal(
      "enrolment/\(officer)-k1", on,
      .enrolment(
        .completed(EnrolmentCompleted(seat: Fixture.seat(officer, "c-k1"), result: .passed))),
      source: true)
  }
}

extension Proposal {
  /// A cohort's, given by another organisation, until 2029.
  fileprivate func at(_ organisation: String) -> Proposal {
    var proposal = self
    if case .cohort(.planned(var given)) = body {
      given.terms.organisation = id(organisation)
      given.terms.ends = day("2029-12-31")
      proposal.body = .cohort(.planned(given))
    }
    return proposal
  }
}

extension TestRegistry {
  /// With the ministries, and what is given.
  static func ministries(_ proposals: [Proposal]) throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Ministries.ground + proposals { try registry.given(proposal) }
    return registry
  }

  /// How an officer stands to the mandate `m`; nil: not meant.
  func duty(_ officer: String, _ on: String, at position: UInt64? = nil) throws -> DutyLine? {
    let lines = try officers(
      ComplianceOfficersRequest(mandate: id("m"), on: day(on), atPosition: position))
    return lines.first { $0.officer == id(officer) }
  }

  /// The total of the mandate `m`.
  func total(_ on: String, at position: UInt64? = nil) throws -> ComplianceLine? {
    try compliance(ComplianceRequest(mandate: id("m"), on: day(on), atPosition: position))
      .first?.total
  }
}

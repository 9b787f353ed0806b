import Registry

/// An event of which there is an example of each sort, so that every row of a life cycle's table
/// can be computed. Where an event may begin a stream by giving its terms, the example gives them.
public protocol SampledEvent: Sendable {
  /// The sort's name in the schema.
  var name: String { get }
  /// The example after another; nil after the last. Without a default, so that a new sort of event
  /// does not compile until it is an example.
  static func sample(after event: Self?) -> Self?
}

extension SampledEvent {
  /// One example of each sort, in the schema's order.
  public static var samples: [Self] {
    Array(
      sequence(state: nil as Self?) { last in
        last = sample(after: last)
        return last
      })
  }
}

extension Identifier {
  static let sample = Identifier("example")!
}

extension Day {
  static let sample = Day(yyyymmdd: 2024_01_01)!
}

extension RegistryEvent: SampledEvent {
  public static func sample(after event: RegistryEvent?) -> RegistryEvent? {
    switch event {
    case nil: .established(.init(jurisdiction: .sample, timeZone: "Africa/Nairobi"))
    case .established: .policyAdopted(.init(version: 2))
    case .policyAdopted: .requirementSet(.init(whose: .position(.sample)))
    case .requirementSet:
      .findingSettled(
        .init(finding: .creditsAgainstHours, event: EventID(high: 1, low: 1), outcome: .accepted))
    case .findingSettled: .categoryDefined(.init(code: .sample, title: "Example"))
    case .categoryDefined: nil
    }
  }
}

extension OrganisationEvent: SampledEvent {
  public static func sample(after event: OrganisationEvent?) -> OrganisationEvent? {
    switch event {
    case nil: .registered(.init(name: "Example"))
    case .registered: .roleAdded(.init(role: .school))
    case .roleAdded: .roleEnded(.init(role: .school))
    case .roleEnded: .renamed(.init(name: "Another"))
    case .renamed: .movedUnder(.init(parent: .sample))
    case .movedUnder: .mergedInto(.init(organisation: .sample))
    case .mergedInto: .splitInto(.init())
    case .splitInto: .closed(.init())
    case .closed: nil
    }
  }
}

extension OfficerEvent: SampledEvent {
  public static func sample(after event: OfficerEvent?) -> OfficerEvent? {
    switch event {
    case nil: .registered(.init())
    case .registered: .identifierAdded(.init(scheme: .sample))
    case .identifierAdded: .identifierEnded(.init(scheme: .sample))
    case .identifierEnded: .posted(.init(posting: Posting(organisation: .sample)))
    case .posted: .actingStarted(.init(position: .sample))
    case .actingStarted: .actingEnded(.init())
    case .actingEnded: .promoted(.init(grade: .sample))
    case .promoted: .seconded(.init(organisation: .sample))
    case .seconded: .secondmentEnded(.init())
    case .secondmentEnded: .leaveStarted(.init())
    case .leaveStarted: .leaveEnded(.init())
    case .leaveEnded: .suspended(.init())
    case .suspended: .reinstated(.init())
    case .reinstated: .separated(.init())
    case .separated: .returned(.init())
    case .returned: .died(.init())
    case .died: .mergedInto(.init(officer: .sample))
    case .mergedInto: .mergeReversed(.init())
    case .mergeReversed: nil
    }
  }
}

extension FrameworkEvent: SampledEvent {
  public static func sample(after event: FrameworkEvent?) -> FrameworkEvent? {
    switch event {
    case nil: .published(.init(title: "Example", version: "1"))
    case .published: .skillAdded(.init(skill: Skill(code: .sample, title: "Example")))
    case .skillAdded: .skillDeprecated(.init(skill: .sample))
    case .skillDeprecated: .skillReplaced(.init(skill: .sample, by: .sample))
    case .skillReplaced:
      .crosswalkAsserted(
        .init(
          crosswalk: Crosswalk(
            skill: .sample, relation: .exact, otherFramework: .sample, otherSkill: .sample)))
    case .crosswalkAsserted:
      .crosswalkWithdrawn(
        .init(skill: .sample, otherFramework: .sample, otherSkill: .sample))
    case .crosswalkWithdrawn: .retired(.init())
    case .retired: nil
    }
  }
}

extension AuthorisationEvent: SampledEvent {
  public static func sample(after event: AuthorisationEvent?) -> AuthorisationEvent? {
    switch event {
    case nil: .applied(.init(organisation: .sample))
    case .applied: .inspected(.init(organisation: .sample))
    case .inspected: .granted(.init(organisation: .sample, validFrom: .sample))
    case .granted: .notRequired(.init(organisation: .sample))
    case .notRequired: .scopeChanged(.init(scope: Scope()))
    case .scopeChanged: .renewed(.init(validUntil: .sample))
    case .renewed: .suspended(.init())
    case .suspended: .reinstated(.init())
    case .reinstated: .revoked(.init())
    case .revoked: .withdrawn(.init())
    case .withdrawn: nil
    }
  }
}

extension InstrumentEvent: SampledEvent {
  public static func sample(after event: InstrumentEvent?) -> InstrumentEvent? {
    switch event {
    case nil: .issued(.init(instrumentKind: .directive, title: "Example"))
    case .issued: .enteredIntoForce(.init())
    case .enteredIntoForce: .amended(.init())
    case .amended: .repealed(.init())
    case .repealed: nil
    }
  }
}

extension AgreementEvent: SampledEvent {
  public static func sample(after event: AgreementEvent?) -> AgreementEvent? {
    switch event {
    case nil: .engagementRecorded(.init(terms: AgreementTerms()))
    case .engagementRecorded: .proposed(.init(terms: AgreementTerms()))
    case .proposed: .reviewStarted(.init(terms: AgreementTerms()))
    case .reviewStarted: .signed(.init(terms: AgreementTerms()))
    case .signed: .enteredIntoForce(.init(terms: AgreementTerms()))
    case .enteredIntoForce: .amended(.init(terms: AgreementTerms()))
    case .amended: .extended(.init(validUntil: .sample))
    case .extended: .suspended(.init())
    case .suspended: .resumed(.init())
    case .resumed: .terminated(.init())
    case .terminated: .completed(.init())
    case .completed: .superseded(.init(by: .sample))
    case .superseded: .lapsed(.init())
    case .lapsed:
      .targetSet(.init(target: .sample, population: .civilServants, count: .exactly(1)))
    case .targetSet:
      .targetClaimed(
        .init(claim: .sample, claimedBy: "Example", population: .mixed, count: .exactly(1)))
    case .targetClaimed:
      .resultClaimed(
        .init(claim: .sample, claimedBy: "Example", population: .graduates, count: .exactly(1)))
    case .resultClaimed: .claimsReconciled(.init(finding: "Example"))
    case .claimsReconciled:
      .aggregateReported(.init(report: .sample, population: .students, people: .exactly(1)))
    case .aggregateReported: .obligationMet(.init(obligation: .sample))
    case .obligationMet: .obligationMissed(.init(obligation: .sample))
    case .obligationMissed: nil
    }
  }
}

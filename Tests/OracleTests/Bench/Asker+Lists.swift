import Messages
import Registry
import Server
import Wire

@testable import Queries

extension Asker {
  func found(
    _ skills: [SkillLevel], in organisation: Identifier?, below: Bool, county: Identifier?,
    atLeast strength: Strength?, _ at: Moment
  ) throws -> [String] {
    do {
      return try foundByPages(
        FindOfficersRequest(
          skills: skills, organisation: organisation, county: county, strengthAtLeast: strength,
          on: at.day, pageSize: 2, below: below, atPosition: at.position))
    } catch  where county != nil && CallStatus(of: error).code == .notFound {
      // Nobody ever served there.
      return []
    }
  }

  private func foundByPages(_ question: FindOfficersRequest) throws -> [String] {
    try pages(
      .findOfficers, question, FindOfficersPage.self
    ).flatMap(\.officers).map { hit in
      "\(hit.officer.text) \(Words.posting(hit.posting)): "
        + hit.skills.map(line).joined(separator: "; ")
    }
  }

  func gap(_ whose: GapRequest.Whose, position: Identifier?, _ at: Moment) throws -> [String] {
    try pages(
      .gap,
      GapRequest(
        whose: whose, on: at.day, position: position, pageSize: 2, atPosition: at.position),
      GapPage.self
    ).flatMap(\.officers).flatMap { officer in
      officer.skills.map {
        "\(officer.officer.text) \(Words.skill($0.wanted)) \($0.met ? "met" : "lacked"), "
          + ($0.held.map(line) ?? "not at all")
      }
    }
  }

  func roll(_ cohort: Identifier, _ at: Moment) throws -> [String] {
    try pages(
      .cohortRoll,
      CohortRollRequest(cohort: cohort, pageSize: 2, on: at.day, atPosition: at.position),
      CohortRollPage.self
    ).flatMap(\.lines).map { line in
      "\(line.enrolment.text) \(line.officer.text) \(line.status.name) "
        + "\(line.completion.map { "\($0.day.text) event \($0.position)" } ?? "not completed") "
        + Words.list(line.credentials.sorted { $0.text < $1.text })
    }
  }

  func expiring(within days: Int, _ at: Moment) throws -> [String] {
    try pages(
      .expiring,
      ExpiringRequest(withinDays: UInt32(days), on: at.day, atPosition: at.position),
      ExpiringPage.self
    ).flatMap(\.lines).map { "\($0.stream.text) \($0.lastDay.text) \($0.holder?.text ?? "-")" }
  }

  /// What the ledger tells of: what contradicts itself otherwise has tests of its own.
  private static let kinds: [ExceptionKind] = [
    .unrecognisedTraining, .authorityNotStanding, .evidenceWithdrawn, .corrected, .voided,
    .keyDamaged, .belowPassMark, .nonCompliantBeforeDue, .exemptedFromNothing,
  ]

  func exceptions(_ at: Moment) throws -> [String] {
    try pages(
      .exceptions,
      ExceptionsRequest(kinds: Self.kinds, on: at.day, atPosition: at.position),
      ExceptionsPage.self
    ).flatMap(\.lines).map { line in
      switch line.exceptionKind {
      case .unrecognisedTraining:
        "unrecognised_training \(line.stream.text) event \(line.position) of "
          + (line.officer?.text ?? "-")
      case .evidenceWithdrawn:
        "evidence_withdrawn \(line.stream.text) of \(line.officer?.text ?? "-")"
      default: "\(line.exceptionKind.name) \(line.stream.text) event \(line.position)"
      }
    }
  }

  func meant(_ mandate: Identifier, _ at: Moment) throws -> [String] {
    do {
      return try pages(
        .complianceOfficers,
        ComplianceOfficersRequest(
          mandate: mandate, on: at.day, pageSize: 2, atPosition: at.position),
        ComplianceOfficersPage.self
      ).flatMap(\.officers).map { line in
        "\(line.officer.text) \(Words.posting(line.posting)) \(line.standing.name) due "
          + "\(Words.day(line.due)) completed \(Words.day(line.completedOn)) "
          + "\(line.strength?.name ?? "-") by \(Words.list(line.evidence)) joined "
          + "\(Words.day(line.joined)) exempted until \(Words.day(line.exemptedUntil))"
      }
    } catch  where CallStatus(of: error).code == .notFound {
      return ["there is none"]
    }
  }

  func compliance(_ mandate: Identifier, below: Identifier?, _ at: Moment) throws -> [String] {
    func row(_ name: String, _ line: ComplianceLine) -> String {
      let strengths = Strength.allCases.map { strength in
        line.strengths.first { $0.strength == strength }?.officers ?? 0
      }
      return "\(name): \(line.required) required, \(line.completed) completed, \(line.late) late, "
        + "\(line.exempted) exempted, \(line.outstanding) outstanding, \(line.overdue) overdue, "
        + "\(line.nonCompliant) non-compliant, by "
        + strengths.map(String.init).joined(separator: " ")
    }
    do {
      let told = try pages(
        .compliance,
        ComplianceRequest(
          mandate: mandate, organisation: below, on: at.day, atPosition: at.position),
        CompliancePage.self)
      return told.compactMap { $0.total.map { row("all", $0) } }
        + told.flatMap(\.lines).map { row($0.organisation?.text ?? "-", $0) }
    } catch  where CallStatus(of: error).code == .notFound {
      return ["there is none"]
    }
  }

  func dashboard(_ agreement: Identifier, _ at: Moment) throws -> [String] {
    let reply = try deferred(
      .getAgreement,
      GetAgreementRequest(agreement: agreement, on: at.day, atPosition: at.position),
      GetAgreementReply.self)
    guard let state = reply.state else { return ["there is none"] }
    return [
      "status \(state.status.name)", reply.mayBeReliedOn ? "may be relied on" : "no authority",
      reply.expired ? "expired" : "not expired", "people \(reply.people)",
      "completions \(reply.completions)",
      "enrolled \(reply.programmes.reduce(0) { $0 + $1.enrolled })",
      "awards \(reply.programmes.reduce(0) { $0 + $1.awards })",
    ]
      + reply.targets.map {
        "target \($0.target.target.text) \($0.target.population.name) actual \($0.actual)"
      }
  }

  func whose(_ number: SchemeValue, _ at: Moment) throws -> [String] {
    let reply = try onLoop(
      .resolveOfficer,
      ResolveOfficerRequest(identifier: number, on: at.day, atPosition: at.position),
      ResolveOfficerReply.self)
    return [reply.officer?.text ?? "nobody"]
  }
}

extension Asker {
  /// Every change for a filter, from the beginning.
  func watched(_ what: WatchRequest.What) throws -> [WatchedChange] {
    try pages(.watch, WatchRequest(begin: .from(0), what: what), WatchPage.self).flatMap(\.changes)
  }
}

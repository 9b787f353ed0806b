import Messages
import Registry
import Testing
import Wire

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Random histories of organisations, officers and mandates, told in any order: compliance, its
/// table, its officers and the writer's verdict are what the events say day by day.
struct DutySeedTests {
  static let officers = (0..<5).map { "o\($0)" }
  static let mandates = ["joiners", "posted", "now"]
  static let organisations = Ministries.all + ["north", "south"]

  private static let ground: [Proposal] =
    Ministries.ground
    + ["north", "south"].flatMap { key in
      [
        Fixture.organisation(key, [.employer]),
        Ministries.moved(key, under: key == "north" ? "labs" : "works", "2020-02-01"),
      ]
    }
    + Ministries.mandate(
      "joiners", of: [.organisation(id("health")), .organisation(id("south")), .anyOf(2)])
    + Ministries.mandate("posted", of: [.organisation(id("health"))], joinerDays: nil)
    + Ministries.mandate("now", of: [.organisation(id("works"))], posted: nil, joinerDays: nil)

  private static func date(_ random: inout Seeded) -> String {
    day("2024-05-20").adding(days: Int.random(in: 0..<110, using: &random)).text
  }

  private static func next(_ random: inout Seeded) -> Proposal {
    let officer = officers.randomElement(using: &random)!
    let organisation = organisations.randomElement(using: &random)!
    let other = organisations.randomElement(using: &random)!
    let mandate = mandates.randomElement(using: &random)!
    let on = date(&random)
    func duty(_ event: (DutyHolder) -> DutyEvent) -> Proposal {
      Fixture.proposal(
        "duty/\(officer)-\(mandate)", on,
        .duty(event(DutyHolder(officer: id(officer), mandate: id(mandate)))))
    }
    switch Int.random(in: 0..<26, using: &random) {
    case 0...4: return Ministries.posted(officer, to: organisation, on)
    case 5: return Ministries.officer(officer, on, .separated(OfficerSeparated()))
    case 6: return Ministries.officer(officer, on, .returned(OfficerReturned()))
    case 7...11: return Ministries.moved(organisation, under: other, on)
    case 12:
      return Ministries.organisation(
        organisation, on, .mergedInto(OrganisationMergedInto(organisation: id(other))))
    case 13: return Ministries.completed(officer, on)
    case 14:
      let until = Bool.random(using: &random) ? day(date(&random)) : nil
      return duty { .exemptionGranted(DutyExemptionGranted(duty: $0, until: until)) }
    case 15: return duty { _ in .exemptionEnded(DutyExemptionEnded()) }
    case 16: return duty { _ in .nonComplianceCleared(DutyNonComplianceCleared()) }
    case 17:
      let later = day("2024-06-30").adding(days: Int.random(in: 1...40, using: &random))
      return Ministries.mandate(mandate, on, .extended(MandateExtended(deadline: later)))
    case 18:
      // Rarely, and late: not much is left to see.
      let late = day("2024-07-20").adding(days: Int.random(in: 0..<40, using: &random)).text
      return Bool.random(using: &random)
        ? Ministries.mandate(mandate, late, .closed(MandateClosed()))
        : Ministries.mandate(mandate, late, .withdrawn(MandateWithdrawn()))
    default: return duty { .nonComplianceRecorded(DutyNonComplianceRecorded(duty: $0)) }
    }
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `Compliance and the writer say what the events say day by day`(seed: UInt64) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    var oracle = DutyOracle()
    func record(_ proposal: Proposal) throws {
      guard let position = try registry.record([proposal])[0].position else { return }
      oracle.facts.append((position, proposal))
    }
    for proposal in Self.ground { try record(proposal) }
    for officer in Self.officers {
      try record(Ministries.officer(officer, at: Self.organisations.randomElement(using: &random)!))
    }
    var positions: [UInt64] = []
    for round in 0..<60 {
      try record(Self.next(&random))
      if round % 15 == 9 { positions.append(try registry.size) }
      if round % 6 == 5 {
        let mandate = Self.mandates.randomElement(using: &random)!
        try check(registry, oracle, mandate, on: day(Self.date(&random)), at: nil, seed)
      }
    }
    for mandate in Self.mandates {
      for at in 0..<4 {
        let on = day(Self.date(&random))
        let position = at == 3 ? positions.randomElement(using: &random) : nil
        try check(registry, oracle, mandate, on: on, at: position, seed)
        guard position == nil else { continue }
        try checkWriter(registry, oracle, mandate, on: on, seed)
      }
    }
    try registry.end()
  }

  private func check(
    _ registry: TestRegistry, _ oracle: DutyOracle, _ mandate: String, on day: Day,
    at position: UInt64?, _ seed: UInt64
  ) throws {
    var known = oracle
    if let position { known.facts.removeAll { $0.position >= position } }
    let expected = Dictionary(
      uniqueKeysWithValues: Self.officers.compactMap { officer in
        known.line(officer, under: mandate, on: day).map { (officer, $0) }
      })
    let lines: [DutyLine]
    do {
      lines = try registry.officers(
        ComplianceOfficersRequest(mandate: id(mandate), on: day, atPosition: position))
    } catch let status as CallStatus where status.code == .notFound {
      // It was not issued by that day.
      #expect(expected.isEmpty, "\(mandate) on \(day.text), seed \(seed)")
      return
    }
    let place: Comment = "\(mandate) on \(day.text) at \(position ?? 0), seed \(seed)"
    #expect(Set(lines.map(\.officer.text)) == Set(expected.keys), place)
    for line in lines {
      guard let wanted = expected[line.officer.text] else { continue }
      #expect(line.joined == wanted.joined, "\(line.officer.text), \(place)")
      #expect(line.due == wanted.due, "\(line.officer.text), \(place)")
      #expect("\(line.standing)" == "\(wanted.state)", "\(line.officer.text), \(place)")
    }
    let total = try registry.compliance(
      ComplianceRequest(mandate: id(mandate), on: day, atPosition: position)
    ).first?.total
    func count(_ isCounted: (DutyOracle.Line) -> Bool) -> UInt64 {
      UInt64(expected.values.count(where: isCounted))
    }
    #expect(total?.required == count { _ in true }, place)
    #expect(total?.completed == count { $0.state == .completed }, place)
    #expect(total?.late == count { $0.state == .late }, place)
    #expect(total?.exempted == count { $0.state == .exempted }, place)
    #expect(total?.nonCompliant == count { $0.state == .nonCompliant }, place)
    #expect(
      total?.overdue
        == count { $0.isOverdue && ($0.state == .outstanding || $0.state == .nonCompliant) }, place)
  }

  /// Tried alone, a non-compliance of the day is recorded of whom the events say it may be.
  private func checkWriter(
    _ registry: TestRegistry, _ oracle: DutyOracle, _ mandate: String, on day: Day, _ seed: UInt64
  ) throws {
    for officer in Self.officers {
      guard let (isRecorded, isUnchanged) = oracle.mayBeRecorded(officer, mandate, on: day) else {
        continue
      }
      let proposal = Fixture.proposal(
        "duty/\(officer)-\(mandate)", day.text,
        .duty(
          .nonComplianceRecorded(
            DutyNonComplianceRecorded(
              duty: DutyHolder(officer: id(officer), mandate: id(mandate))))))
      let outcome = try registry.record([proposal], purpose: .dryRun)[0]
      let place: Comment = "\(officer) under \(mandate) on \(day.text), seed \(seed): \(outcome)"
      #expect((outcome.position != nil) == isRecorded, place)
      if isUnchanged { #expect(outcome.isUnchanged, place) }
    }
  }
}

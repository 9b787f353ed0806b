import Messages
import Projections
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// The aggregate, the scan of the rows and the fold of everybody give what the rules say, person by
/// person, over random histories.
struct ComplianceSeedTests {
  static let days = ["2022-02-01", "2022-05-15", "2022-09-01", "2023-03-01"].map(day)

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `Any history gives the same mandate however it is counted`(seed: UInt64) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    for proposal in Crowd.ground { try registry.given(proposal) }
    var recorded = (0..<6).map { Crowd.registered("o\($0)", &random) }
    for proposal in recorded { try registry.given(proposal) }
    var positions: [LogPosition] = []
    var outcomes: [String: Int] = [:]
    for round in 0..<40 {
      let batch = (0..<Int.random(in: 1...6, using: &random)).map { _ in
        Crowd.next(&random, recorded)
      }
      for (proposal, outcome) in zip(batch, try registry.record(batch)) {
        outcomes[outcome.code ?? (outcome.isUnchanged ? "unchanged" : "recorded"), default: 0] += 1
        if outcome.position != nil, !outcome.isAlready { recorded.append(proposal) }
      }
      if round % 8 == 3 { positions.append(try registry.store.digestPosition()) }
      // Tallies that stand must follow every batch; the last day's are always among them.
      let on = Bool.random(using: &random) ? Self.days[3] : Self.days.randomElement(using: &random)!
      try check(registry, Crowd.mandates.randomElement(using: &random)!, on: on, at: nil, seed)
    }
    #expect(recorded.count > 40, "seed \(seed): \(outcomes)")
    for mandate in Crowd.mandates {
      for on in Self.days {
        try check(registry, mandate, on: on, at: nil, seed)
        try check(
          registry, mandate, on: on, at: positions.randomElement(using: &random)!, seed)
      }
    }
    try registry.end()
  }

  private func check(
    _ registry: TestRegistry, _ mandate: String, on day: Day, at position: LogPosition?,
    _ seed: UInt64
  ) throws {
    let place: Comment = "\(mandate) on \(day.text) at \(position ?? 0), seed \(seed)"
    let expected = try registry.session { session in
      try Crowd.expected(
        mandate, on: day, knownAt: position ?? session.readModel.asOf, session.readModel)
    }
    let pages = try registry.compliance(
      ComplianceRequest(mandate: id(mandate), on: day, atPosition: position))
    let lines = Dictionary(
      uniqueKeysWithValues: pages.flatMap(\.lines).map { ($0.organisation!, $0) })
    #expect(lines == Crowd.table(expected, on: day), place)
    #expect(pages.first?.total?.required == UInt64(expected.count), place)
    let officers = try registry.officers(
      ComplianceOfficersRequest(
        mandate: id(mandate), on: day, pageSize: 2, atPosition: position))
    #expect(officers == expected, place)
  }
}

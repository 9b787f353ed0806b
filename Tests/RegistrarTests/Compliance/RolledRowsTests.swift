import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// No event rewrites more than a thousand rows, whether the roll is committed or of the same batch.
struct RolledRowsTests {
  /// Planned on its day with another course.
  private func corrected(_ cohort: Proposal) -> Proposal {
    guard case .cohort(.planned(let planned)) = cohort.body else { fatalError("no cohort") }
    var terms = planned.terms
    terms.course = id("other")
    return Fixture.proposal(
      cohort.stream.text, "2022-01-01", .cohort(.planned(CohortPlanned(terms: terms))),
      corrects: cohort.eventID)
  }

  private func people(_ numbers: Range<Int>, _ cohort: String) -> [Proposal] {
    numbers.flatMap {
      [
        Fixture.officer("\(cohort)-\($0)", "\(cohort) No \($0)"),
        Fixture.enrolled("\(cohort)-\($0)", "\(cohort)-\($0)", cohort),
      ]
    }
  }

  @Test func `A cohort with more than a thousand enrolments keeps its course`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground.dropLast(3) { try registry.given(proposal) }
    try registry.given(Fixture.course("other"))
    let (many, few) = (Fixture.cohort("many"), Fixture.cohort("few"))
    try registry.given(many, few)
    for start in stride(from: 0, to: 1000, by: 250) {
      #expect(
        try registry.record(people(start..<(start + 250), "many")).allSatisfy {
          $0.position != nil
        })
    }
    // A thousand may be rewritten; the one that is enrolled before in the batch is one too many.
    #expect(try registry.record([corrected(many)], purpose: .dryRun)[0].position != nil)
    let outcomes = try registry.record(people(1000..<1001, "many") + [corrected(many)])
    #expect(outcomes.map(\.code) == [nil, nil, "not_correctable"])
    #expect(try registry.record([Fixture.voided(many)])[0].code == "not_correctable")
    #expect(try registry.record(people(0..<2, "few") + [corrected(few)])[4].position != nil)
    try registry.end()
  }
}

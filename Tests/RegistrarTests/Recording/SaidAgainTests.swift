import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A training is completed once: on the first day that is said of it, unless that was corrected.
struct SaidAgainTests {
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(Fixture.enrolled("e1", "a"))
    return registry
  }

  private func completion(_ registry: TestRegistry, on day: Day) throws -> Completion? {
    try registry.session { session in
      try session.readModel.state(of: StreamID(.enrolment, id("e1")), on: day)?.enrolment?
        .completion
    }
  }

  @Test func `Of two completions that say the same the first day counts, whichever came first`()
    throws
  {
    for isLateFirst in [false, true] {
      let registry = try ready()
      let (first, second) = (
        Fixture.completed("e1", on: "2022-03-20"), Fixture.completed("e1", on: "2022-03-31")
      )
      if isLateFirst {
        try registry.given(second, first)
      } else {
        try registry.given(first)
        // What is known already is no news.
        guard case .unchanged = try registry.record([second])[0] else {
          Issue.record("recorded twice")
          return
        }
      }
      for rebuild in [false, true] {
        if rebuild { try registry.reopen(rebuild: true) }
        let known = try #require(try completion(registry, on: day("2022-12-31")))
        #expect((known.day, known.eventID) == (day("2022-03-20"), first.eventID))
      }
      try registry.end()
    }
  }

  @Test func `A credential that cites the later of them rests on what stands, from its day on`()
    throws
  {
    let registry = try ready()
    let (late, first) = (
      Fixture.completed("e1", on: "2022-03-31"), Fixture.completed("e1", on: "2022-03-20")
    )
    try registry.given(
      late, Fixture.issued("k1", to: "a", number: "N1", evidence: [late.eventID]), first)
    #expect(try !registry.verify("k1", on: day("2022-06-01")).evidenceWithdrawn)
    #expect(try registry.exceptions(on: day("2022-06-01")).isEmpty)
    // Without the first the later one is the completion again.
    try registry.given(Fixture.voided(first))
    #expect(try completion(registry, on: day("2022-12-31"))?.day == day("2022-03-31"))
    #expect(try !registry.verify("k1", on: day("2022-06-01")).evidenceWithdrawn)
    // Without both nothing is.
    try registry.given(Fixture.voided(late))
    #expect(try registry.verify("k1", on: day("2022-06-01")).evidenceWithdrawn)
    try registry.end()
  }

  @Test func `A first day that was wrong is corrected, and the corrected day counts`() throws {
    let registry = try ready()
    let first = Fixture.completed("e1", on: "2022-03-20")
    try registry.given(first)
    try registry.given(
      Fixture.proposal(
        "enrolment/e1", "2022-03-25", first.body, corrects: first.eventID, source: true))
    #expect(try completion(registry, on: day("2022-12-31"))?.day == day("2022-03-25"))
    try registry.end()
  }
}

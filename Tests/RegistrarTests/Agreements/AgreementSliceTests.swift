import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// The dashboard of an agreement is one answer computed in slices: it is that of one position,
/// however many slices there are and whatever is recorded between them.
struct AgreementSliceTests {
  /// Two programmes under an agreement with three cohorts, and targets of each measure.
  private func ready() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.agreement("mou"), Fixture.programme("p1"), Fixture.programme("p2"),
      Fixture.linked("p1", to: "mou", on: "2021-07-01"),
      Fixture.linked("p2", to: "mou", on: "2021-07-01"), Fixture.cohort("c2", programme: "p1"),
      Fixture.cohort("c3", programme: "p2"), Fixture.cohort("c4", programme: "p2"))
    for at in 0..<9 {
      let (officer, key, cohort) = ("o\(at)", "e\(at)", "c\(2 + at % 3)")
      try registry.given(Fixture.officer(officer, "n\(at)"), Fixture.enrolled(key, officer, cohort))
      if at < 6 { try registry.given(Fixture.completed(key, on: "2022-0\(3 + at / 2)-28")) }
      if at < 3 {
        try registry.given(
          Fixture.proposal(
            "enrolment/" + key, "2022-0\(5 + at)-01",
            .enrolment(.awardConferred(EnrolmentAwardConferred(award: id("best"))))))
      }
    }
    for (key, population) in [
      ("people", Population.mixed), ("awards", .awards), ("places", .organisations),
    ] {
      try registry.given(
        Fixture.said(
          "mou", "2021-06-02",
          .targetSet(
            TargetSet(
              target: id(key), population: population, count: .exactly(4), by: day("2022-06-15")))))
    }
    return registry
  }

  private func transferred(_ key: String, to cohort: String) -> Proposal {
    Fixture.proposal(
      "enrolment/" + key, "2022-01-20",
      .enrolment(.transferred(EnrolmentTransferred(cohort: id(cohort)))))
  }

  private func slices(
    _ registry: TestRegistry, on day: Day?, at position: UInt64?,
    between: (_ slice: Int) throws -> Void = { _ in }
  ) throws -> (reply: GetAgreementReply, count: Int) {
    let question = GetAgreementRequest(agreement: id("mou"), on: day, atPosition: position)
    return try registry.withStreams { streams in
      let stream = try streams.open(.getAgreement, Codec.encode(question))
      defer { stream.close() }
      var count = 0
      while true {
        count += 1
        // Over at once: each slice makes as little progress as there is.
        if case .end(let reply?) = try stream.next(TimeSlice(ms: 0)) {
          return (try Codec.decode(GetAgreementReply.self, from: reply), count)
        }
        try between(count)
      }
    }
  }

  @Test(arguments: ["2022-02-01", "2022-04-15", "2022-06-20", "2023-01-01"])
  func `In slices it counts what it counts in one`(on: String) throws {
    let registry = try ready()
    let then = try registry.size
    try registry.given(transferred("e6", to: "c1"), transferred("e7", to: "c2"))
    for position in [nil, then, then - 4] {
      let whole = try registry.agreement("mou", on: day(on), at: position)
      let sliced = try slices(registry, on: day(on), at: position)
      #expect(sliced.reply == whole)
      #expect(sliced.count > 9, "it was done in \(sliced.count) slices")
    }
    let now = try registry.agreement("mou", on: day("2023-01-01"))
    // e6 went to a cohort that does not count; e0, e1 and e2 have awards, two of them by then.
    #expect(now.programmes.reduce(0) { $0 + $1.enrolled } == 8)
    let reached = now.targets.map { "\($0.target.target.text) \($0.actual)" }
    #expect(Set(reached) == ["people 6", "awards 2", "places 1"])
    try registry.end()
  }

  @Test func `It is of one position, whatever is recorded between its slices`() throws {
    let registry = try ready()
    let whole = try registry.agreement("mou", on: day("2023-01-01"))
    let sliced = try slices(registry, on: day("2023-01-01"), at: nil) { slice in
      switch slice {
      case 1: try registry.given(transferred("e8", to: "c1"))
      case 3: try registry.given(transferred("e7", to: "c2"), Fixture.completed("e6"))
      case 5: try registry.given(transferred("e6", to: "c1"))
      default: break
      }
    }
    #expect(sliced.reply == whole)
    #expect(try registry.agreement("mou", on: day("2023-01-01")) != whole)
    try registry.end()
  }
}

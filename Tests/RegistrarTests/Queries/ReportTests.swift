import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Reports of people who are no registered officers: what overlaps is not added up.
struct ReportTests {
  private func line(
    _ population: Population, by: String? = nil, on: String = "2025-12-31",
    _ reports: AggregateReported...
  ) throws -> (line: TargetLine, explained: UInt64) {
    let registry = try TestRegistry()
    for proposal in Fixture.ground + [
      Fixture.agreement("mou"), Fixture.programme("p1"), Fixture.programme("p2"),
    ] {
      try registry.given(proposal)
    }
    try registry.given(
      Fixture.said(
        "mou", "2021-06-02",
        .targetSet(
          TargetSet(
            target: id("t"), population: population, count: .exactly(200), by: by.map(day)))))
    for report in reports {
      try registry.given(Fixture.said("mou", "2025-06-01", .aggregateReported(report)))
    }
    let line = try #require(try registry.agreement("mou", on: day(on)).targets.first)
    let number = AgreementNumber(agreement: id("mou"), figure: .reported)
    let explained = try registry.explained(.agreement(number), on: day(on)).counted
    try registry.end()
    return (line, explained)
  }

  private func report(
    _ code: String, _ population: Population, _ people: UInt64, asOf: String? = nil,
    from: String? = nil, until: String? = nil, programme: String? = nil
  ) -> AggregateReported {
    AggregateReported(
      report: id(code), population: population, people: .exactly(people),
      programme: programme.map(id), asOf: asOf.map(day), periodFrom: from.map(day),
      periodUntil: until.map(day))
  }

  @Test func `Of two reports as of two days the later one counts, however they were told`() throws {
    let (line, explained) = try line(
      .students, report("new", .students, 90, asOf: "2023-12-31"),
      report("old", .students, 70, asOf: "2022-12-31"))
    #expect(line.reported == 90)
    #expect(line.reached == 4500)
    #expect(line.countedReports == [id("new")])
    #expect(line.otherReports == [id("old")])
    #expect(explained == 90)
  }

  @Test func `By an earlier day the earlier report counts`() throws {
    let (line, _) = try line(
      .students, by: "2023-06-30", report("old", .students, 70, asOf: "2022-12-31"),
      report("new", .students, 90, asOf: "2023-12-31"))
    #expect((line.reported, line.countedReports) == (70, [id("old")]))
  }

  @Test func `Periods that do not overlap are added, and one that does stands beside them`() throws
  {
    let (line, explained) = try line(
      .students, report("y1", .students, 40, from: "2022-01-01", until: "2022-12-31"),
      report("y2", .students, 30, from: "2023-01-01", until: "2023-12-31"),
      report("half", .students, 25, from: "2022-07-01", until: "2023-06-30"))
    #expect(line.reported == 70)
    #expect(Set(line.countedReports) == [id("y1"), id("y2")])
    #expect(line.otherReports == [id("half")])
    #expect(explained == 70)
  }

  @Test func `A part of the people, or of the programmes, is not added to the whole`() throws {
    let (line, _) = try line(
      .publicEmployees, report("all", .publicEmployees, 120, asOf: "2023-12-31"),
      report("civil", .civilServants, 80, asOf: "2024-12-31"))
    #expect((line.reported, line.otherReports) == (120, [id("civil")]))
    let (under, _) = try self.line(
      .students, report("p1", .students, 10, asOf: "2024-12-31", programme: "p1"),
      report("p2", .students, 20, asOf: "2024-12-31", programme: "p2"))
    #expect(under.reported == 30)
    let (whole, _) = try self.line(
      .students, report("p1", .students, 10, asOf: "2024-12-31", programme: "p1"),
      report("whole", .students, 20, asOf: "2024-12-31"))
    #expect(whole.reported == 20)
  }

  @Test func `Different people are added`() throws {
    let (line, _) = try line(
      .mixed, report("s", .students, 10, asOf: "2023-12-31"),
      report("p", .professionals, 20, asOf: "2022-12-31"))
    #expect((line.reported, line.otherReports) == (30, []))
  }

  @Test func `What names no day is overtaken by what was said after it`() throws {
    let (line, _) = try line(
      .students, report("first", .students, 10), report("second", .students, 15))
    #expect((line.reported, line.countedReports) == (15, [id("second")]))
  }

  @Test func `A period that ends before it begins is refused`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground + [Fixture.agreement("mou")] { try registry.given(proposal) }
    for wrong in [
      report("r", .students, 1, from: "2023-02-01", until: "2023-01-31"),
      report("r", .students, 1, from: "2023-02-01", until: "2031-01-31"),
    ] {
      let outcome = try registry.record([
        Fixture.said("mou", "2025-06-01", .aggregateReported(wrong))
      ])[0]
      #expect(outcome.code == "inconsistent")
    }
    try registry.end()
  }
}

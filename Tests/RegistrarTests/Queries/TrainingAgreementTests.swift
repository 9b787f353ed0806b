import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Under which agreements a training is counted, by the profile's line as by the dashboard.
struct TrainingAgreementTests {
  private func trained() throws -> TestRegistry {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.agreement("mou", signed: "2021-01-01"), Fixture.programme("p1"),
      Fixture.enrolled("e1", "a"))
    return registry
  }

  private func agreements(_ registry: TestRegistry, on date: String) throws -> [String] {
    try registry.profile("a", on: day(date)).trainings.flatMap(\.agreements).map(\.text)
  }

  @Test func `A training attributed to a programme is counted under the programme's agreement`()
    throws
  {
    let registry = try trained()
    var completed = Fixture.completed("e1")
    completed.attributedTo = StreamID("programme/p1")
    try registry.given(completed, Fixture.linked("p1", to: "mou", on: "2022-01-01"))
    #expect(try registry.agreement("mou", on: day("2022-05-01")).completions == 1)
    #expect(try agreements(registry, on: "2022-05-01") == ["mou"])
    try registry.end()
  }

  @Test func `Before a programme was linked to an agreement nothing counts under it`() throws {
    let registry = try trained()
    var completed = Fixture.completed("e1")
    completed.attributedTo = StreamID("programme/p1")
    try registry.given(completed, Fixture.linked("p1", to: "mou", on: "2022-07-01"))
    for (date, counted) in [("2022-06-30", 0), ("2022-07-01", 1)] as [(String, UInt64)] {
      #expect(try registry.agreement("mou", on: day(date)).completions == counted, "\(date)")
      #expect(try agreements(registry, on: date).count == Int(counted), "\(date)")
    }
    try registry.end()
  }
}

import Messages
import Projections
import Registry
import Server
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// A profile that was kept is the one that would be computed, whatever was recorded in between.
struct ProfileCacheTests {
  private func profile(
    _ officer: String, on day: Day, at position: UInt64?, _ registry: TestRegistry
  ) throws -> GetProfileReply {
    try registry.session { session in
      let question = Codec.encode(
        GetProfileRequest(who: .officer(id(officer)), on: day, atPosition: position))
      var reply: [UInt8] = []
      if let status = session.answer(
        Method.getProfile.rawValue, unsafe question.span.bytes, into: &reply)
      {
        throw status
      }
      return try Codec.decode(GetProfileReply.self, from: reply)
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `Kept profiles are those that are computed`(seed: UInt64) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.officer("x", "3"), Fixture.officer("y", "4"),
      Fixture.agreement("mou", signed: "2021-01-01"), Fixture.programme("p1"),
      Fixture.cohort("c2", programme: "p1"), Fixture.cohort("c3", programme: nil),
      Fixture.cohort("c4", programme: "p1"))
    var recorded: [Proposal] = []
    for step in 0..<60 {
      let proposal = AnswerSeedTests.next(&random, recorded)
      for outcome in try registry.record([proposal]) {
        if case .recorded(let at) = outcome, !at.already { recorded.append(proposal) }
      }
      for officer in AnswerSeedTests.officers {
        let on = day(AnswerSeedTests.days.randomElement(using: &random)!)
        let place = "\(officer) on \(on.text), step \(step), seed \(seed)"
        // Of a position, it is computed each time.
        let first = try profile(officer, on: on, at: nil, registry)
        #expect(first == (try profile(officer, on: on, at: first.asOf, registry)), "\(place)")
        if step % 3 == 0 { registry.store.profiles.settle() }
        #expect(first == (try profile(officer, on: on, at: nil, registry)), "again, \(place)")
      }
    }
    try registry.end()
  }

  @Test func `A profile is read from where it was kept`() throws {
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(Fixture.officer("x", "3"))
    let on = day("2022-06-10")
    let first = try profile("x", on: on, at: nil, registry)
    registry.store.profiles.settle()
    let session = try ReadSession(registry.store)
    var reply: [UInt8] = []
    let isKept = try session.read { records in
      let key = id("x").bytes
      return try unsafe session.profiles?.copy(
        key.span.bytes, day: on.number, sharedStreams: records.sharedStreams.changedAt, into: &reply
      ) != nil
    }
    session.end()
    #expect(isKept)
    var kept = try Codec.decode(GetProfileReply.self, from: reply)
    kept.asOf = first.asOf
    #expect(kept == first)
    try registry.end()
  }
}

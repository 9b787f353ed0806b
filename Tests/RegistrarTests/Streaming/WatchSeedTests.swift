import Messages
import Projections
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Random histories with merges, corrections and voids: what a watcher is told does not depend on
/// when it asks, nor on how often it went away, nor on how the events were found.
struct WatchSeedTests {
  static let filters: [WatchRequest.What] = [
    .kinds(), .kinds("credential", "officer"), .officers("a"), .officers("x", "b", "nobody"),
    .officers("a", "b", "x", "y"), .credentials("k0", "k1", "k2", "k3", "k4", "k5"),
  ]

  @Test(arguments: 0..<4 as Range<UInt64>)
  func `However the watching is cut, every change comes once and in order`(seed: UInt64) throws {
    let registry = try AnswerSeedTests().grown(seed)
    var random = Seeded(seed)
    for filter in Self.filters {
      let whole = try registry.watched(filter)
      #expect(whole.isEmpty || whole.count > 10, "seed \(seed)")
      var cut = Watcher(registry, filter, from: .from(0))
      let end = WatchRequest.Begin.from(try registry.size)
      var connections = 0
      while cut.begin != end {
        try cut.read(changesMax: Int.random(in: 1...40, using: &random))
        connections += 1
      }
      #expect(cut.changes == whole, "\(filter), seed \(seed)")
      #expect(connections > 1 || whole.count < 40)
      try expectOrdered(whole, seed)
    }
    let before = try Self.filters.map(registry.watched)
    try registry.reopen(rebuild: true)
    #expect(try Self.filters.map(registry.watched) == before, "rebuilt, seed \(seed)")
    try registry.end()
  }

  func expectOrdered(_ changes: [WatchedChange], _ seed: UInt64) throws {
    var next: (LogPosition, UInt32) = (0, 0)
    for change in changes {
      let ordinal = change.position == next.0 ? next.1 : 0
      #expect(change.position >= next.0 && change.ordinal == ordinal, "seed \(seed)")
      next = (change.position, ordinal + 1)
    }
  }

  @Test(arguments: 10..<14 as Range<UInt64>)
  func `Told as it happened is told as from the beginning`(seed: UInt64) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    for proposal in Fixture.ground { try registry.given(proposal) }
    try registry.given(
      Fixture.officer("x", "3"), Fixture.officer("y", "4"), Fixture.cohort("c2"),
      Fixture.cohort("c3"),
      Fixture.cohort("c4"))
    var live = Self.filters.map { Watcher(registry, $0, from: .from(0)) }
    var recorded: [Proposal] = []
    for _ in 0..<200 {
      let proposal =
        Int.random(in: 0..<10, using: &random) == 0
        ? Self.shared(&random, recorded) : AnswerSeedTests.next(&random, recorded)
      let outcomes = try registry.record([proposal])
      if outcomes[0].position != nil, !outcomes[0].isAlready { recorded.append(proposal) }
      for at in live.indices where Int.random(in: 0..<3, using: &random) == 0 {
        try live[at].read()
      }
    }
    for at in live.indices {
      try live[at].read()
      let whole = try registry.watched(Self.filters[at])
      #expect(live[at].changes == whole, "\(Self.filters[at]), seed \(seed)")
    }
    try registry.end()
  }

  /// What touches others than whom it names.
  static func shared(_ random: inout Seeded, _ recorded: [Proposal]) -> Proposal {
    let targets = recorded.filter { $0.stream.kind.isShared }
    switch Int.random(in: 0..<4, using: &random) {
    case 0:
      return Fixture.proposal(
        "authorisation/heta", "2022-05-1\(Int.random(in: 0...9, using: &random))",
        .authorisation(
          Bool.random(using: &random)
            ? .suspended(AuthorisationSuspended()) : .reinstated(AuthorisationReinstated())),
        source: true)
    case 1: return Fixture.mandate("m\(recorded.count)", course: "cloud-1")
    default:
      return targets.randomElement(using: &random).map(Fixture.voided)
        ?? Fixture.mandate("m", course: "cloud-1")
    }
  }

  /// A model of its own: whose each event's stream was before and after it, by folds from scratch,
  /// and who is one person with that officer, on any day that an event has.
  @Test(arguments: 20..<23 as Range<UInt64>)
  func `An officer is told what a fold over the log says`(seed: UInt64) throws {
    let registry = try AnswerSeedTests().grown(seed)
    for officer in ["a", "b", "x", "y"].map(id) {
      let told = try registry.watched(.officers(WatchedIds(ids: [officer])))
        .filter { !$0.stream.kind.isShared }.map(\.position)
      let expected = try registry.session { session in
        let records = session.readModel
        let events = try (0..<records.asOf).map { try records.stored($0) }
        let days = Set(events.map(\.proposal.effective)).union([.distantPast])
        return try events.filter { event in
          guard !event.stream.kind.isShared else { return false }
          let at = event.recorded.position
          let named = try [at, at + 1].compactMap { known in
            try records.effectiveHistory(of: event.stream, knownAt: known).fold().state?
              .subject(of: event.stream)
          }
          if named.contains(officer) { return true }
          let merges = records.sharedStreams.merges
          let isMerge = event.stream.kind == .officer && merges.isMerge(event.event)
          let all = isMerge || event.proposal.corrects != nil
          return (isMerge ? [at, at + 1] : [at + 1]).contains { known in
            days.contains { day in
              (all || day >= event.proposal.effective)
                && named.contains {
                  merges.owner(of: event.stream, naming: $0, on: day, knownAt: known)
                    == merges.survivor(of: officer, on: day, knownAt: known)
                }
            }
          }
        }.map(\.recorded.position)
      }
      #expect(told == expected, "\(officer.text), seed \(seed)")
    }
    try registry.end()
  }
}

import Messages
import Registry
import Testing

@testable import Queries
@testable import Recording
@testable import RegistryStorage

/// Random histories of a few numbers and officers, held against `NumberOracle`.
struct IdentifierSeedTests {
  static let officers = ["a", "b", "c", "d"]
  static let numbers = ["1", "2", "3"]
  static let days = (1...9).map { day("2022-0\($0)-01") }

  struct Step {
    var proposal: Proposal
    var fact: NumberOracle.Fact
  }

  /// One random proposal about what was recorded so far, with what it says in the oracle's words.
  static func next(_ random: inout Seeded, _ recorded: [Step]) -> Step {
    let officer = officers.randomElement(using: &random)!
    let number = numbers.randomElement(using: &random)!
    let on = days.randomElement(using: &random)!
    func step(_ proposal: Proposal, _ said: NumberOracle.Said, _ names: Int? = nil) -> Step {
      Step(
        proposal: proposal,
        fact: NumberOracle.Fact(
          officer: proposal.stream.key.text, day: proposal.effective, said: said, names: names))
    }
    let target = recorded.indices.randomElement(using: &random)
    let old = target.map { recorded[$0] }
    switch Int.random(in: 0..<16, using: &random) {
    case 0, 1:
      let count = Int.random(in: 0...2, using: &random)
      let given = Array(numbers.shuffled(using: &random).prefix(count))
      return step(Numbers.registered(officer, given, "2022-01-01"), .registered(given))
    case 2, 3, 4: return step(Numbers.added(officer, number, on.text), .added(number))
    case 5, 6: return step(Numbers.ended(officer, number, on.text), .ended(number))
    case 7: return step(Numbers.ended(officer, nil, on.text), .endedAll)
    case 8:
      let other = officers.randomElement(using: &random)!
      return step(Fixture.merged(officer, into: other, on: on.text), .merged(into: other))
    case 9: return step(Fixture.unmerged(officer, on: on.text), .parted)
    case 10, 11:
      guard let old else { fallthrough }
      return step(Fixture.voided(old.proposal), .voided, target)
    case 12:
      guard let old else { fallthrough }
      return step(Fixture.restored(old.proposal), .restored, target)
    default:
      guard let old else { return step(Numbers.added(officer, number, on.text), .added(number)) }
      let key = old.proposal.stream.key.text
      switch old.fact.said {
      case .registered(let given):
        // Without personal data it keeps the numbers.
        guard Bool.random(using: &random) else {
          return step(
            Fixture.proposal(
              old.proposal.stream.text, "2022-01-01",
              .officer(.registered(OfficerRegistered())), corrects: old.proposal.eventID),
            .registered(given), target)
        }
        let others = Array(numbers.shuffled(using: &random).prefix(1))
        return step(
          Numbers.registered(key, others, "2022-01-01", corrects: old.proposal),
          .registered(others), target)
      case .added:
        return step(
          Numbers.added(key, number, on.text, corrects: old.proposal), .added(number), target)
      case .ended:
        return step(
          Numbers.ended(key, number, on.text, corrects: old.proposal), .ended(number), target)
      case .endedAll:
        return step(Numbers.ended(key, nil, on.text, corrects: old.proposal), .endedAll, target)
      case .merged, .parted, .voided, .restored:
        return step(Fixture.voided(old.proposal), .voided, target)
      }
    }
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func `A number is whose the facts say, on every day and at every position`(seed: UInt64) throws {
    var random = Seeded(seed)
    let registry = try TestRegistry()
    for proposal in Numbers.ground { try registry.given(proposal) }
    let start = try registry.size
    var recorded: [Step] = []
    var oracle = NumberOracle()
    var outcomes: [String: Int] = [:]
    for _ in 0..<160 {
      let step = Self.next(&random, recorded)
      let outcome = try registry.record([step.proposal])[0]
      outcomes[outcome.code ?? (outcome.isUnchanged ? "unchanged" : "recorded"), default: 0] += 1
      var after = oracle
      after.facts.append(step.fact)
      if outcome.position != nil, !outcome.isAlready {
        (oracle, recorded) = (after, recorded + [step])
        let shared = Self.shared(after)
        #expect(shared == nil, "seed \(seed): recorded, and two have \(shared ?? "")")
      } else if outcome.code == "already_taken" {
        #expect(
          Self.shared(after) != nil, "seed \(seed): refused, and nobody is in the way: \(outcome)")
      }
    }
    #expect(recorded.count > 25, "seed \(seed): \(outcomes)")
    try compare(oracle, registry, from: start, "live, seed \(seed)")
    let live = try registry.store.digest()
    try registry.reopen()
    #expect(try registry.store.digest().hex == live.hex, "caught up, seed \(seed)")
    try registry.reopen(rebuild: true)
    for (a, b) in zip(live.tables, try registry.store.digest().tables) {
      #expect(a == b, "table \(a.table.rawValue), seed \(seed)")
    }
    try compare(oracle, registry, from: start, "rebuilt, seed \(seed)")
    try registry.end()
  }

  /// A number that two people have on one day.
  private static func shared(_ oracle: NumberOracle) -> String? {
    for number in numbers {
      for day in days
      where oracle.people(with: number, on: day, at: oracle.facts.count).count > 1 {
        return "\(number) on \(day.text)"
      }
    }
    return nil
  }

  private func compare(
    _ oracle: NumberOracle, _ registry: TestRegistry, from start: UInt64, _ when: String
  ) throws {
    let session = try ReadSession(registry.store)
    defer { session.end() }
    try session.read { _ in
      for position in stride(from: 0, through: oracle.facts.count, by: 3) {
        for number in Self.numbers {
          for day in [day("2021-12-31")] + Self.days {
            let expected = oracle.people(with: number, on: day, at: position)
            var reply: [UInt8] = []
            let request = Codec.encode(
              ResolveOfficerRequest(
                identifier: Numbers.pn(number), on: day, atPosition: start + UInt64(position)))
            let status = session.answer(
              Method.resolveOfficer.rawValue, unsafe request.span.bytes, into: &reply)
            #expect(status == nil)
            let found = try Codec.decode(ResolveOfficerReply.self, from: reply).officer?.text
            #expect(
              Set(found.map { [$0] } ?? []) == expected,
              "\(number) on \(day.text) at \(position), \(when)")
          }
        }
      }
    }
  }
}

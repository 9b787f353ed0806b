import Registry

/// Writes random histories, from a seed: late facts, in no order, on every kind of stream, most of
/// which the life cycles allow.
struct Author {
  var random: SeededRandom
  /// What was recorded so far.
  private(set) var facts: [Fact] = []
  var ledger = Ledger([])

  init(seed: UInt64) { random = SeededRandom(seed) }

  mutating func took(_ proposal: Proposal, at position: UInt64) {
    facts.append(Fact(position: position, said: proposal))
    ledger = Ledger(facts)
  }

  /// As they were sent: `personal` is no part of a ledger's words, and is for the numbers.
  mutating func proposal(
    _ stream: String, _ on: Day, _ body: Proposal.Body, personal: Personal? = nil
  ) -> Proposal {
    Proposal(
      eventID: EventID(high: random.next(), low: random.next()),
      stream: OracleTests.stream(stream), effective: on, source: Source(reference: "a letter"),
      personal: personal, body: body)
  }

  mutating func ground() -> [Proposal] {
    Ground.events { proposal($0, OracleTests.day($1), $2) }
  }

  /// A day of 2022 or about it.
  mutating func someDay() -> Day {
    let first = OracleTests.day("2022-01-01")
    return first.adding(days: random.number(-20...400))
  }

  /// One random proposal, or a batch that belongs together.
  mutating func next() -> Proposal {
    let day = someDay()
    switch random.number(0...99) {
    case 0..<14: return officer(day)
    case 14..<40: return enrolment(day)
    case 40..<56: return credential(day)
    case 56..<66: return paper(day)
    case 66..<71: return duty(day)
    case 71..<84: return shared(day)
    default: return act(day) ?? officer(day)
    }
  }

  /// A void, a restoration or a correction of something that was recorded.
  mutating func act(_ day: Day) -> Proposal? {
    let targets = facts.filter { $0.stream.kind != .registry || !$0.isAct }
    guard targets.count > 40 else { return nil }
    // What is at the beginning of everything is left alone mostly.
    let target = random.one(of: random.isLucky(1, in: 12) ? targets : Array(targets.dropFirst(30)))
    var made: Proposal
    switch random.number(0...9) {
    case 0..<4: made = proposal(target.stream.text, target.day, .voided(Voided()))
    case 4..<6:
      let voided = facts.filter(\.isAct).compactMap(\.said.corrects)
      guard !voided.isEmpty, let fact = ledger.fact(random.one(of: voided)) else { return nil }
      made = proposal(fact.stream.text, fact.day, .restored(Restored()))
      made.corrects = fact.id
      return made
    default:
      guard !target.isAct else { return nil }
      let other = random.isLucky(1, in: 2) ? target.day : day
      made = proposal(target.stream.text, other, changed(target.body), personal: nil)
    }
    made.corrects = target.id
    return made
  }

  /// What is said instead: mostly the same on another day, sometimes something else.
  private mutating func changed(_ body: Proposal.Body) -> Proposal.Body {
    switch body {
    case .enrolment(.completed(var given)):
      given.score = UInt32(random.number(20...95)) * 100
      return .enrolment(.completed(given))
    case .enrolment(.enrolled(var given)) where random.isLucky(1, in: 3):
      given.seat.officer = id(random.one(of: Ground.officers))
      return .enrolment(.enrolled(given))
    case .credential(.issued(var given)) where random.isLucky(1, in: 2):
      given.validFrom = given.validFrom.adding(days: random.number(0...60))
      return .credential(.issued(given))
    case .officer(.posted(var given)):
      given.posting.organisation = id(random.one(of: Ground.organisations))
      return .officer(.posted(given))
    default: return body
    }
  }
}

import Registry

/// An event as it was recorded.
struct Fact {
  var position: UInt64
  var said: Proposal

  var id: EventID { said.eventID }
  var day: Day { said.effective }
  var stream: StreamID { said.stream }
  var body: Proposal.Body { said.body }
}

/// What the registry knew at a position: the events before it, read literally. Every question goes
/// through them anew, and nothing here knows how the registry computes its answers.
///
/// The domain's words that it follows: *a stream's events are folded on their effective day (ties by
/// position)*; *corrected, voided, restored: the old event stays; projections use what stands*;
/// *every question takes two independent times*.
struct Ledger {
  let facts: [Fact]
  /// What stands, in the order of the days; a correction takes the place of what it corrects.
  private let standing: [StreamID: [Fact]]
  private let memory = Memory()

  /// What was worked out once is not worked out again: a ledger does not change.
  private final class Memory { var values: [Question: Any] = [:] }

  private struct Kept<V> { var value: V }

  private struct Question: Hashable {
    var what: String
    var whose: String
    var day: Day
  }

  init(_ facts: [Fact]) {
    self.facts = facts
    var byID: [EventID: Fact] = [:]
    for fact in facts { byID[fact.id] = fact }
    var naming: [EventID: [Fact]] = [:]
    for fact in facts {
      if let named = fact.said.corrects { naming[named, default: []].append(fact) }
    }
    func isVoided(_ fact: Fact) -> Bool {
      let acts = (naming[fact.id] ?? []).filter(\.isAct)
      guard case .voided = acts.last?.body else { return false }
      return true
    }
    func stands(_ fact: Fact) -> Bool {
      !fact.isAct && !isVoided(fact)
        && !(naming[fact.id] ?? []).contains { !$0.isAct && !isVoided($0) }
    }
    func place(_ fact: Fact) -> UInt64 {
      fact.said.corrects.flatMap { byID[$0] }.map(place) ?? fact.position
    }
    let kept = facts.filter(stands).map { (fact: $0, place: place($0)) }
      .sorted {
        ($0.fact.day, $0.place, $0.fact.position) < ($1.fact.day, $1.place, $1.fact.position)
      }
      .map(\.fact)
    standing = Dictionary(grouping: kept, by: \.stream)
  }

  /// The ledger as it was at an earlier position.
  func before(_ position: UInt64) -> Ledger { Ledger(facts.filter { $0.position < position }) }

  /// What stands of a stream by a day.
  func history(_ stream: StreamID, _ day: Day) -> [Fact] {
    (standing[stream] ?? []).filter { $0.day <= day }
  }

  /// What stands of a stream, whenever it takes effect.
  func history(_ stream: StreamID) -> [Fact] { standing[stream] ?? [] }

  /// The streams of a kind in which something stands by a day.
  func streams(_ kind: StreamKind, _ day: Day) -> [StreamID] {
    once("streams", kind.rawValue, day) {
      standing.filter { $0.key.kind == kind && $0.value.contains { $0.day <= day } }
        .map(\.key).sorted { $0.text < $1.text }
    }
  }

  func once<V>(_ what: String, _ whose: String, _ day: Day, _ compute: () -> V) -> V {
    let question = Question(what: what, whose: whose, day: day)
    if let known = memory.values[question] as? Kept<V> { return known.value }
    let kept = Kept(value: compute())
    memory.values[question] = kept
    return kept.value
  }

  func fact(_ id: EventID) -> Fact? { facts.first { $0.id == id } }

  /// Whether somebody who cites an event means a fact: itself, or a correction of it.
  func isMeant(_ fact: Fact, by cited: EventID) -> Bool {
    var next: Fact? = fact
    while let current = next {
      if current.id == cited { return true }
      next = current.said.corrects.flatMap(self.fact)
    }
    return false
  }

  /// Days on which something takes effect, by what was ever said.
  var days: [Day] { Array(Set(facts.map(\.day))).sorted() }
}

extension Fact {
  /// A void or a restoration.
  var isAct: Bool {
    switch said.body {
    case .voided, .restored: true
    default: false
    }
  }
}

import Algorithms
import Messages
import Registry

/// Whose completions a target counts, of all that count under its agreement.
struct TargetScope: Hashable, Sendable {
  var programme: Identifier?
  var category: Identifier?

  init(programme: Identifier? = nil, category: Identifier? = nil) {
    (self.programme, self.category) = (programme, category)
  }

  init(_ target: TargetSet) {
    self.init(programme: target.programme, category: target.category)
  }
}

/// What was completed and awarded in one scope.
struct ScopeCount: Sendable {
  /// Person → the first day on which one of theirs was completed.
  private(set) var first: [Identifier: Day] = [:]
  /// Trainings with awards.
  private(set) var awarded: [CountedTraining] = []
  /// The first days in order, once a target asks.
  private var days: [Day]?

  /// Bytes that it keeps, about.
  var gatheredBytes: Int {
    awarded.count * MemoryLayout<CountedTraining>.stride
      + first.count * (MemoryLayout<Identifier>.stride + MemoryLayout<Day>.stride)
  }

  mutating func add(_ training: CountedTraining) {
    if training.row.awards > 0 { awarded.append(training) }
    guard let completedOn = training.row.completedOn else { return }
    first[training.person] = min(first[training.person] ?? completedOn, completedOn)
  }

  /// People who had completed a training by a day.
  mutating func people(by day: Day) -> Int {
    let known = days ?? first.values.sorted()
    days = known
    return known.partitioningIndex { $0 > day }
  }
}

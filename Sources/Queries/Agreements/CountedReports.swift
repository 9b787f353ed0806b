import Registry

/// Which of an agreement's reports of people who are no registered officers are added up: none two
/// of which may tell of the same people. Those that overlap with a counted one stand beside it.
///
/// Reports overlap when their people (`Population.includes`, and `Categories.areApart` of those that
/// name a category), their programmes (one without is of all) and their time do: a report with a period is of that period, one without is of all until the
/// day that it speaks of. Of those that overlap the one of the wider people and of all programmes is
/// counted, of those alike the latest.
struct CountedReports {
  private(set) var counted: [AggregateReported] = []
  private(set) var others: [AggregateReported] = []

  private struct Scope {
    var report: AggregateReported
    /// Its place among the reports as they were said.
    var index: Int
    var from: Day
    var until: Day

    /// Of which sort of people, the widest first.
    var category: Categories.Rank

    func overlaps(_ other: Scope, _ categories: Categories) -> Bool {
      let (own, others) = (report, other.report)
      if let one = own.category, let two = others.category, categories.areApart(one, two) {
        return false
      }
      return from <= other.until && other.from <= until
        && (own.population.includes(others.population)
          || others.population.includes(own.population))
        && (own.programme == nil || others.programme == nil || own.programme == others.programme)
    }

    /// The one that counts comes first.
    func comesBefore(_ other: Scope) -> Bool {
      let (own, others) = (report, other.report)
      if own.population.breadth != others.population.breadth {
        return own.population.breadth > others.population.breadth
      }
      if (own.programme == nil) != (others.programme == nil) { return own.programme == nil }
      if category != other.category { return category < other.category }
      return (until, index) > (other.until, other.index)
    }
  }

  /// - Parameters:
  ///   - reports: in the order in which they were said.
  ///   - target: only of its population, and of its category and programme where it has them; nil:
  ///     everybody's.
  ///   - day: what is said of later days is left out.
  init(
    _ reports: some Sequence<AggregateReported>, of target: TargetSet?, by day: Day,
    _ categories: Categories
  ) {
    var scopes: [Scope] = []
    // Who names no day speaks, as far as is known, of none before what was said before.
    var latest = Day.distantPast
    for (index, report) in reports.enumerated() {
      let until = report.periodUntil ?? report.asOf ?? latest
      latest = max(latest, until)
      guard until <= day || report.periodUntil == nil && report.asOf == nil,
        target.map({ Self.counts($0, report, categories) }) ?? true
      else { continue }
      guard report.people.number != nil else {
        others.append(report)
        continue
      }
      scopes.append(
        Scope(
          report: report, index: index, from: report.periodFrom ?? .distantPast, until: until,
          category: categories.rank(of: report.category)))
    }
    var taken: [Scope] = []
    for scope in scopes.sorted(by: { $0.comesBefore($1) }) {
      if taken.contains(where: { scope.overlaps($0, categories) }) {
        others.append(scope.report)
      } else {
        taken.append(scope)
      }
    }
    counted = taken.map(\.report)
  }

  /// Whether people of a report are known to be among those whom a target means.
  private static func counts(
    _ target: TargetSet, _ report: AggregateReported, _ categories: Categories
  ) -> Bool {
    guard target.population.includes(report.population),
      target.programme == nil || target.programme == report.programme
    else { return false }
    guard let asked = target.category else { return true }
    return report.category.map { categories.includes(asked, $0) } ?? false
  }

  /// How many people they are together.
  var people: UInt64 {
    counted.reduce(0) { $0.saturatingAdding($1.people.number ?? 0) }
  }
}

extension Population {
  /// Whether people who were reported as of one population are of another.
  func includes(_ other: Population) -> Bool {
    if self == other { return true }
    return switch self {
    case .publicEmployees: other == .civilServants
    case .mixed: [.civilServants, .publicEmployees, .professionals, .students].contains(other)
    case .civilServants, .professionals, .students, .graduates, .organisations, .awards: false
    }
  }

  /// How many others it may include.
  fileprivate var breadth: Int {
    switch self {
    case .mixed: 2
    case .publicEmployees: 1
    case .civilServants, .professionals, .students, .graduates, .organisations, .awards: 0
    }
  }
}

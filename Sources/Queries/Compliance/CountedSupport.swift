import Messages
import Projections
import Registry

/// The time that institutions gave for a mandate, by what they and others reported: of an
/// institution's reports none are added up of which two speak of the same days. Of those that
/// overlap the one that goes on longest is counted, of those alike the one that was said last.
struct CountedSupport: Sendable {
  /// Reports that a line names, of either sort; all of them stand in the mandate's state.
  private static let reportsMax = 32

  private let given: [Identifier: SupportLine]

  /// - Parameter reports: as a mandate's state has them, in the order in which they were said.
  init(_ reports: [MandateSupportReported]) {
    given = Dictionary(grouping: reports, by: \.organisation).mapValues(Self.line)
  }

  var isEmpty: Bool { given.isEmpty }

  /// Of each institution by itself, in the order of their ids.
  func lines(includes: (Identifier) -> Bool) -> [SupportLine] {
    given.values.filter { includes($0.given.organisation) }
      .sorted { $0.given.organisation < $1.given.organisation }
  }

  /// What holds for an organisation: its own reports, or those of the nearest above it that has any.
  func support(of organisation: Identifier, _ hierarchy: Hierarchy) -> SupportGiven? {
    guard !isEmpty else { return nil }
    for superior in hierarchy.superiors(of: organisation) {
      if let line = given[superior] { return line.given }
    }
    return nil
  }

  private static func line(_ reports: [MandateSupportReported]) -> SupportLine {
    var counted: [MandateSupportReported] = []
    var others: [MandateSupportReported] = []
    let byRank = reports.enumerated().sorted {
      ($0.element.until, $0.offset) > ($1.element.until, $1.offset)
    }
    for (_, report) in byRank {
      // Those that were taken go on longer: it is enough to look at the one before.
      if let last = counted.last, report.until >= last.from {
        others.append(report)
      } else {
        counted.append(report)
      }
    }
    var sum = SupportGiven(organisation: reports[0].organisation)
    sum.hours = counted[0].hours
    sum.until = counted[0].until
    sum.from = counted.last?.from
    var weeklyHours: UInt64 = 0
    for report in counted {
      // fits: days of the calendar, of which each is in one report, by hours of a week.
      let days = UInt64(report.until.ordinal - report.from.ordinal + 1)
      sum.days += days
      weeklyHours += days * UInt64(report.hours)
    }
    sum.minutes = weeklyHours * 60 / 7
    return SupportLine(
      given: sum, counted: Array(counted.reversed().prefix(reportsMax)),
      others: Array(others.reversed().prefix(reportsMax)))
  }
}

import Messages
import Registry

/// A mandate's lines by organisation, added up from classes or officers.
public struct ComplianceTable {
  /// Strengths by their numbers in the schema.
  private struct Line {
    var line = ComplianceLine()
    var strengths: [UInt64] = Array(repeating: 0, count: Strength.allCases.count + 1)

    mutating func add(_ verdict: DutyResult, _ count: UInt64) {
      line.required += count
      switch verdict.standing {
      case .completed: line.completed += count
      case .late: line.late += count
      case .exempted: line.exempted += count
      case .outstanding, .nonCompliant:
        line.outstanding += count
        if verdict.isOverdue { line.overdue += count }
        if verdict.isNonCompliant { line.nonCompliant += count }
      }
      if let strength = verdict.strength { strengths[Int(strength.rawValue)] += count }
    }

    var made: ComplianceLine {
      var made = line
      made.strengths = Strength.allCases.filter { strengths[Int($0.rawValue)] > 0 }.map {
        StrengthCount(strength: $0, officers: strengths[Int($0.rawValue)])
      }
      return made
    }
  }

  /// By the number of the organisation's name.
  private var lines: [Line] = []

  public init() {}

  /// Adds officers whose organisation has a number.
  public mutating func add(_ verdict: DutyResult, at organisation: UInt32, count: Int) {
    while lines.count <= Int(organisation) { lines.append(Line()) }
    lines[Int(organisation)].add(verdict, UInt64(count))
  }

  /// The total and the lines in the order of the organisations' ids, of those that are asked for.
  public func lines(
    names: Interner, name: (Identifier) -> String, includes: (Identifier) -> Bool
  ) -> (total: ComplianceLine, lines: [ComplianceLine]) {
    var total = Line()
    var found: [ComplianceLine] = []
    for (number, line) in zip((0 as UInt32)..., lines) where line.line.required > 0 {
      guard let organisation = names.name(number), includes(organisation) else { continue }
      var made = line.made
      made.organisation = organisation
      made.name = name(organisation)
      found.append(made)
      total.line.required += made.required
      total.line.completed += made.completed
      total.line.late += made.late
      total.line.exempted += made.exempted
      total.line.outstanding += made.outstanding
      total.line.overdue += made.overdue
      total.line.nonCompliant += made.nonCompliant
      for strength in made.strengths {
        total.strengths[Int(strength.strength.rawValue)] += strength.officers
      }
    }
    let sorted = found.sorted { a, b in
      guard let first = a.organisation, let second = b.organisation else { return false }
      return first < second
    }
    return (total.made, sorted)
  }
}

import Messages
import Registry

/// An officer's compliance with a mandate.
public struct DutyResult: Hashable, Sendable {
  /// Completed, late, exempted or outstanding.
  public var standing: DutyStanding
  public var due: Day
  public var joined: Day?
  public var strength: Strength?
  public var isOverdue = false
  public var isNonCompliant = false
}

/// Evaluates classes of officers against the organisations' hierarchy, the deadline and the day. A
/// table reads hundreds of thousands of classes, so that what many share is computed once.
public final class DutyEvaluator {
  private let measure: CompiledMandate
  private let deadline: Day
  private let joinerDays: Int?
  private let organisations: [Identifier]
  private let names: Interner
  private var onDay: Ranks
  private var onPosted: Ranks?
  /// By the day of joining, the day by which a joiner is due.
  private var dues: [UInt32: (joined: Day?, due: Day)] = [:]

  /// Below which of the rule's organisations each stands, a bit each, by the number of its name.
  private struct Ranks {
    let hierarchy: Hierarchy
    var above: [UInt64] = []

    mutating func above(_ number: UInt32, _ names: Interner, _ rule: [Identifier]) -> UInt64 {
      while above.count <= Int(number) {
        var bits: UInt64 = 0
        if let name = names.name(UInt32(above.count)) {
          for (bit, organisation) in rule.enumerated() where hierarchy.isBelow(name, organisation) {
            bits |= 1 << UInt64(bit)
          }
        }
        above.append(bits)
      }
      return above[Int(number)]
    }
  }

  /// - Parameter deadline: as extended; not before that of the measure.
  public init(
    _ measure: CompiledMandate, deadline: Day, names: Interner, sharedStreams: SharedStreams,
    knownAt position: LogPosition
  ) {
    self.measure = measure
    self.deadline = deadline
    joinerDays = measure.terms.joinerDays.map(Int.init)
    organisations = measure.organisations
    self.names = names
    onDay = Ranks(hierarchy: Hierarchy(sharedStreams, on: measure.day, knownAt: position))
    onPosted = measure.terms.population.postedOn.map {
      Ranks(hierarchy: Hierarchy(sharedStreams, on: $0, knownAt: position))
    }
  }

  private func includes(_ organisation: UInt32, _ pattern: UInt64) -> Bool {
    guard organisation != 0 else { return false }
    return measure.includes(
      pattern, above: onDay.above(organisation, names, organisations))
  }

  private func includedPosted(_ organisation: UInt32, _ pattern: UInt64) -> Bool {
    guard organisation != 0,
      let above = onPosted?.above(organisation, names, organisations)
    else { return false }
    return measure.includes(pattern, above: above)
  }

  /// Nil: the mandate does not mean the officer.
  public func verdict(of duty: DutyClass) -> DutyResult? {
    guard let (joined, due) = membership(duty) else { return nil }
    var verdict = DutyResult(standing: .outstanding, due: due, joined: joined)
    if duty.completedOn != 0 {
      let isLate = duty.completedOn > due.number
      verdict.standing = isLate ? .late : .completed
      verdict.strength = Strength(rawValue: duty.strength)
    } else if duty.isExempted {
      verdict.standing = .exempted
    } else {
      verdict.isOverdue = due < measure.day
      verdict.isNonCompliant = duty.isNonCompliant
    }
    return verdict
  }

  private func membership(_ duty: DutyClass) -> (joined: Day?, due: Day)? {
    guard onPosted != nil else {
      return includes(duty.organisation, duty.pattern) ? (nil, deadline) : nil
    }
    if includedPosted(duty.postedOrganisation, duty.postedPattern) { return (nil, deadline) }
    guard joinerDays != nil, includes(duty.organisation, duty.pattern) else {
      return nil
    }
    var since = duty.since
    for part in duty.before == 0 ? [] : names.run(duty.before) {
      guard since != DutyClass.early, includes(part.organisation, part.pattern) else { break }
      since = part.since
    }
    return due(joinedOn: since)
  }

  private func due(joinedOn number: UInt32) -> (joined: Day?, due: Day) {
    if let known = dues[number] { return known }
    let joined = Day(yyyymmdd: number)
    let made = (joined, max(deadline, joined?.adding(days: joinerDays ?? 0) ?? deadline))
    dues[number] = made
    return made
  }
}

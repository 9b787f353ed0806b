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
  private let order: OrganisationTimes
  private var onDay: Ranks
  private var onPosted: Ranks?
  /// By the day of joining, the day by which a joiner is due.
  private var dues: [UInt32: (joined: Day?, due: Day)] = [:]

  /// Below which of the rule's organisations each stands, a bit each, by the number of its name.
  private struct Ranks {
    let day: Day
    var above: [UInt64] = []

    mutating func above(
      _ number: UInt32, _ names: Interner, _ rule: [Identifier], _ order: OrganisationTimes
    ) -> UInt64 {
      while above.count <= Int(number) {
        let name = names.name(UInt32(above.count))
        above.append(name.map { order.place(of: $0, on: day).above(rule) } ?? 0)
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
    order = OrganisationTimes(sharedStreams, knownAt: position)
    onDay = Ranks(day: measure.day)
    onPosted = measure.terms.population.postedOn.map { Ranks(day: $0) }
  }

  private func includes(_ organisation: UInt32, _ pattern: UInt64) -> Bool {
    guard organisation != 0 else { return false }
    return measure.includes(
      pattern, above: onDay.above(organisation, names, organisations, order))
  }

  private func includedPosted(_ organisation: UInt32, _ pattern: UInt64) -> Bool {
    guard organisation != 0,
      let above = onPosted?.above(organisation, names, organisations, order)
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
      // What was not due when the mandate was closed never is.
      verdict.isOverdue = due < measure.asked && due <= measure.day
      // What was recorded before it was due does not count.
      verdict.isNonCompliant = verdict.isOverdue && duty.nonCompliantOn > due.number
    }
    return verdict
  }

  private func membership(_ duty: DutyClass) -> (joined: Day?, due: Day)? {
    guard onPosted != nil else {
      return includes(duty.organisation, duty.pattern) ? (nil, deadline) : nil
    }
    if includedPosted(duty.postedOrganisation, duty.postedPattern) { return (nil, deadline) }
    guard joinerDays != nil, includes(duty.organisation, duty.pattern),
      let since = joined(duty)
    else { return nil }
    return due(joinedOn: since)
  }

  /// The first of the unbroken days on which the officer served and was meant; `.early` where it is
  /// so long ago that it makes no difference.
  private func joined(_ duty: DutyClass) -> UInt32? {
    let first = DutyClass.Part(
      since: duty.since, organisation: duty.organisation, pattern: duty.pattern)
    var (joined, end): (UInt32?, Day) = (nil, measure.day)
    for part in [first] + (duty.before == 0 ? [] : names.run(duty.before)) {
      guard let organisation = names.name(part.organisation) else { return joined }
      let begin = Day(yyyymmdd: part.since)
      while true {
        let place = order.place(of: organisation, on: end)
        guard measure.includes(part.pattern, above: place.above(organisations)) else {
          return joined
        }
        if let begin, place.since <= begin {
          joined = part.since
          end = begin.adding(days: -1)
          break
        }
        if begin == nil, place.since.adding(days: joinerDays ?? 0) <= measure.terms.deadline {
          return DutyClass.early
        }
        joined = place.since.number
        end = place.since.adding(days: -1)
      }
    }
    return joined
  }

  private func due(joinedOn number: UInt32) -> (joined: Day?, due: Day) {
    if let known = dues[number] { return known }
    let joined = Day(yyyymmdd: number)
    let due = joined.map { measure.terms.deadline(joined: $0, extended: deadline) } ?? deadline
    let made = (joined, due)
    dues[number] = made
    return made
  }
}

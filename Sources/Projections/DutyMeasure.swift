import Messages
import Registry

/// A mandate made ready to be held against many officers on one day.
///
/// A member is who serves on the day and
/// - was posted, on the day that the rule names, where the rule means, by the organisations' order
///   of that day; or is so posted on the day asked about, where the rule names none;
/// - or, where joiners are meant, is posted so on the day asked about only: since the first day of
///   the unbroken run of postings in which they served and were meant.
///
/// Who serves nowhere on the day asked about has no duty.
public struct DutyMeasure: Sendable {
  public let mandate: Identifier
  public let terms: MandateTerms
  public let day: Day
  public let policy: SkillPolicy
  /// The marks that assessments without one of their own need, by mode.
  let passMarks: [UInt32]
  let leaves: [Leaf]
  let organisations: [Identifier]
  private let steps: [Step]

  /// A choice that a posting alone decides.
  struct Leaf: Sendable {
    /// The part of a row of `roster`: position, cadre, grade, county.
    var part: Int
    var code: [UInt8]
  }

  private enum Step: Sendable {
    case organisation(Int)
    case leaf(Int)
    case everybody
    case allOf(Int)
    case anyOf(Int)
    case negated
  }

  public init(_ mandate: Identifier, _ terms: MandateTerms, on day: Day, policy: SkillPolicy) {
    self.mandate = mandate
    self.terms = terms
    self.day = day
    self.policy = policy
    passMarks = (1...4).map { policy.passMark(AssessmentMode(rawValue: $0)!) }
    var (leaves, organisations, steps): ([Leaf], [Identifier], [Step]) = ([], [], [])
    func leaf(_ part: Int, _ code: Identifier) {
      steps.append(.leaf(leaves.count))
      leaves.append(Leaf(part: part, code: Array(code.text.utf8)))
    }
    for step in terms.population.steps {
      switch step {
      case .organisation(let id):
        steps.append(.organisation(organisations.count))
        organisations.append(id)
      case .position(let code): leaf(1, code)
      case .cadre(let code): leaf(2, code)
      case .grade(let code): leaf(3, code)
      case .county(let code): leaf(4, code)
      case .everybody: steps.append(.everybody)
      case .allOf(let count): steps.append(.allOf(Int(count)))
      case .anyOf(let count): steps.append(.anyOf(Int(count)))
      case .negated: steps.append(.negated)
      }
    }
    (self.leaves, self.organisations, self.steps) = (leaves, organisations, steps)
  }

  /// Whether what a rule was made ready for is still so, but for a deadline that was put off.
  public func serves(_ other: MandateTerms, on day: Day, policy: SkillPolicy) -> Bool {
    var known = terms
    known.deadline = other.deadline
    return known == other && terms.deadline <= other.deadline && self.day == day
      && self.policy == policy
  }

  /// Whether the rule means a posting.
  ///
  /// - Parameters:
  ///   - pattern: the choices that hold, a bit each, as `leaves` lists them.
  ///   - isBelow: whether it stands below an organisation, as `organisations` lists them.
  func includes(_ pattern: UInt64, _ isBelow: (Int) -> Bool) -> Bool {
    // A rule has at most 64 steps, so its stack fits a word.
    var stack: UInt64 = 0
    func mask(_ count: Int) -> UInt64 { count >= 64 ? .max : (1 << UInt64(count)) - 1 }
    func push(_ holds: Bool) { stack = stack << 1 | (holds ? 1 : 0) }
    for step in steps {
      switch step {
      case .organisation(let at): push(isBelow(at))
      case .leaf(let at): push(pattern >> UInt64(at) & 1 == 1)
      case .everybody: push(true)
      case .allOf(let count):
        let holds = stack & mask(count) == mask(count)
        stack = count >= 64 ? 0 : stack >> UInt64(count)
        push(holds)
      case .anyOf(let count):
        let holds = stack & mask(count) != 0
        stack = count >= 64 ? 0 : stack >> UInt64(count)
        push(holds)
      case .negated: stack ^= 1
      }
    }
    return stack & 1 == 1
  }
}

/// All that decides an officer's standing under a mandate but the order of the organisations and
/// the deadline, which are joined when it is read: officers alike are counted under one.
public struct DutyClass: Hashable, Sendable {
  /// Where the officer serves on the day, as a `NameTable` numbers it, and the choices that hold.
  public var organisation: UInt32
  var pattern: UInt64
  /// The same of the day that the rule names; 0: served nowhere, or the rule names none.
  var postedOrganisation: UInt32 = 0
  var postedPattern: UInt64 = 0
  /// The day from which the officer was posted so, where joiners are meant. `.early`: so long ago
  /// that it makes no difference.
  var since: UInt32 = 0
  /// What the run of service was before, the latest first.
  var before: [Part] = []
  /// The day of completion, 0 for none; `.early`: by the deadline.
  var completedOn: UInt32 = 0
  var strength: UInt32 = 0
  var isExempted = false
  var isNonCompliant = false

  struct Part: Hashable, Sendable {
    var since: UInt32
    var organisation: UInt32
    var pattern: UInt64
  }

  /// Stands for every day by which nothing was late.
  static let early: UInt32 = 1
}

/// How an officer stands under a mandate.
public struct DutyVerdict: Hashable, Sendable {
  /// Completed, late, exempted or outstanding.
  public var standing: DutyStanding
  public var due: Day
  public var joined: Day?
  public var strength: Strength?
  public var isOverdue = false
  public var isNonCompliant = false
}

/// Reads classes by the order of the organisations, the deadline and the day.
public final class DutyJudge {
  private let measure: DutyMeasure
  private let deadline: Day
  private let names: NameTable
  private let onDay: Hierarchy
  private let onPosted: Hierarchy?
  /// Answers by number of the name and of the rule's organisation: 0 not asked, 1 yes, 2 no.
  private var known: [[UInt8]]
  private var knownPosted: [[UInt8]]

  /// - Parameter deadline: as extended; not before that of the measure.
  public init(
    _ measure: DutyMeasure, deadline: Day, names: NameTable, catalogue: Catalogue,
    knownAt position: LogPosition
  ) {
    self.measure = measure
    self.deadline = deadline
    self.names = names
    onDay = Hierarchy(catalogue, on: measure.day, knownAt: position)
    onPosted = measure.terms.population.postedOn.map {
      Hierarchy(catalogue, on: $0, knownAt: position)
    }
    known = Array(repeating: [], count: measure.organisations.count)
    knownPosted = known
  }

  private func isBelow(
    _ number: UInt32, _ at: Int, _ hierarchy: Hierarchy, _ known: inout [[UInt8]]
  ) -> Bool {
    let place = Int(number)
    if known[at].count <= place {
      known[at] += Array(repeating: 0, count: max(names.count, place + 1) - known[at].count)
    }
    if known[at][place] == 0 {
      let holds =
        names.name(number).map { hierarchy.isBelow($0, measure.organisations[at]) } ?? false
      known[at][place] = holds ? 1 : 2
    }
    return known[at][place] == 1
  }

  private func includes(_ organisation: UInt32, _ pattern: UInt64) -> Bool {
    organisation != 0
      && measure.includes(pattern) { isBelow(organisation, $0, onDay, &known) }
  }

  /// Nil: the mandate does not mean the officer.
  public func verdict(of duty: DutyClass) -> DutyVerdict? {
    guard let (due, joined) = membership(duty) else { return nil }
    var verdict = DutyVerdict(standing: .outstanding, due: due, joined: joined)
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

  private func membership(_ duty: DutyClass) -> (due: Day, joined: Day?)? {
    guard let onPosted else {
      return includes(duty.organisation, duty.pattern) ? (deadline, nil) : nil
    }
    let posted = duty.postedOrganisation
    if posted != 0,
      measure.includes(duty.postedPattern, { isBelow(posted, $0, onPosted, &knownPosted) })
    {
      return (deadline, nil)
    }
    guard let days = measure.terms.joinerDays, includes(duty.organisation, duty.pattern) else {
      return nil
    }
    var since = duty.since
    for part in duty.before {
      guard since != DutyClass.early, includes(part.organisation, part.pattern) else { break }
      since = part.since
    }
    guard let joined = Day(yyyymmdd: since) else { return (deadline, nil) }
    return (max(deadline, joined.adding(days: Int(days))), joined)
  }
}

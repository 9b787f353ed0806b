import Messages
import Registry

/// A mandate compiled for evaluation against many officers on one day. Whom it means, `Membership`
/// says.
public struct CompiledMandate: Sendable {
  public let mandate: Identifier
  public let terms: MandateTerms
  /// Whose postings, order of organisations and completions count: the day asked about, or the one
  /// on which the mandate was closed.
  public let day: Day
  /// The day asked about.
  public let asked: Day
  public let policy: SkillPolicy
  /// The marks that assessments without one of their own need, by mode.
  let passMarks: [UInt32]
  /// The marks of each course's editions, and 0 for a cohort whose edition is not there.
  let editionMarks: [[UInt32]]
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

  /// - Parameter sharedStreams: with the courses as known at the position.
  public init(
    _ mandate: Identifier, _ terms: MandateTerms, on day: Day, asked: Day, policy: SkillPolicy,
    _ sharedStreams: SharedStreams, knownAt position: LogPosition
  ) {
    self.mandate = mandate
    self.terms = terms
    self.day = day
    self.asked = asked
    self.policy = policy
    passMarks = AssessmentMode.allCases.map(policy.passMark)
    editionMarks = terms.courses.map { course in
      let state = sharedStreams.state(of: StreamID(.course, course), knownAt: position)?.course
      return Set((state?.editions ?? []).map(\.passMark)).union([0]).sorted()
    }
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

  /// A mandate as it counts for who asks about a day: from its closing on as of that day.
  ///
  /// - Parameter state: of the day asked about, as known at the position.
  public init(
    _ mandate: Identifier, _ state: Mandate, asked: Day, _ sharedStreams: SharedStreams,
    knownAt position: LogPosition
  ) {
    let day = state.counted(on: asked)
    self.init(
      mandate, state.terms, on: day, asked: asked,
      policy: sharedStreams.policy(on: day, knownAt: position), sharedStreams, knownAt: position)
  }

  /// Whether the compiled mandate is still current, but for a deadline that was extended.
  public func serves(_ other: CompiledMandate) -> Bool {
    var known = terms
    known.deadline = other.terms.deadline
    return known == other.terms && terms.deadline <= other.terms.deadline && day == other.day
      && asked == other.asked && policy == other.policy && editionMarks == other.editionMarks
  }

  /// Whether the rule means a posting.
  ///
  /// - Parameters:
  ///   - pattern: the choices that hold, a bit each, as `leaves` lists them.
  ///   - above: the organisations of the rule that it stands below, as `organisations` lists them.
  func includes(_ pattern: UInt64, above: UInt64) -> Bool {
    // A rule has at most 64 steps, so its stack fits a word.
    var stack: UInt64 = 0
    func mask(_ count: Int) -> UInt64 { count >= 64 ? .max : (1 << UInt64(count)) - 1 }
    for step in steps {
      switch step {
      case .organisation(let at): stack = stack << 1 | (above >> UInt64(at) & 1)
      case .leaf(let at): stack = stack << 1 | (pattern >> UInt64(at) & 1)
      case .everybody: stack = stack << 1 | 1
      case .allOf(let count):
        let holds = stack & mask(count) == mask(count)
        stack = (count >= 64 ? 0 : stack >> UInt64(count)) << 1 | (holds ? 1 : 0)
      case .anyOf(let count):
        let holds = stack & mask(count) != 0
        stack = (count >= 64 ? 0 : stack >> UInt64(count)) << 1 | (holds ? 1 : 0)
      case .negated: stack ^= 1
      }
    }
    return stack & 1 == 1
  }
}

/// All that decides an officer's standing under a mandate but the order of the organisations and
/// the deadline, which are joined when it is read: officers alike are counted under one.
public struct DutyClass: Hashable, Sendable {
  /// Where the officer serves on the day, as a `Interner` numbers it, and the choices that hold.
  public var organisation: UInt32
  var pattern: UInt64
  /// The same of the day that the rule names; 0: served nowhere, or the rule names none.
  var postedOrganisation: UInt32 = 0
  var postedPattern: UInt64 = 0
  /// The day from which the officer was posted so, where joiners are meant. `.early`: so long ago
  /// that it makes no difference.
  var since: UInt32 = 0
  /// What the run of service was before, as a `Interner` numbers it; 0: nothing else.
  var before: UInt32 = 0
  /// The day of completion, 0 for none; `.early`: by the deadline.
  var completedOn: UInt32 = 0
  var strength: UInt32 = 0
  var isExempted = false
  /// The day of the last record that the officer did not comply; 0: none.
  var nonCompliantOn: UInt32 = 0

  /// A part of a run that ended when the next began.
  struct Part: Hashable, Sendable {
    var since: UInt32
    var organisation: UInt32
    var pattern: UInt64
  }

  /// Stands for every day by which nothing was late.
  static let early: UInt32 = 1
}

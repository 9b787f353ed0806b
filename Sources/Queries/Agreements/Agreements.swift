import Messages
import Projections
import Registry
import RegistryStorage

/// The dashboard of an agreement: people once and completions each against its targets.
extension ReadSession {
  package func agreement(_ question: GetAgreementRequest) throws -> GetAgreementReply {
    let cursor = try begin(
      question.resumeAfter, on: question.on, atLeast: question.atLeast, at: question.atPosition)
    let (position, day) = (cursor.position, cursor.day)
    var reply = GetAgreementReply(agreement: question.agreement, asOf: position)
    guard
      let state = try readModel.state(
        of: StreamID(.agreement, question.agreement), on: day, knownAt: position)?.agreement
    else { return reply }
    reply.state = state
    reply.mayBeReliedOn = state.mayBeReliedOn(on: day)
    reply.expired = state.isExpired(on: day)
    reply.whyNot = state.whyNotReliedOn(on: day) ?? ""

    var count = AgreementCount(
      AgreementTrainings(
        self, question.agreement, on: day, knownAt: position,
        moved: try readModel.enrolmentsMoved(since: position)))
    try count.run()
    if question.inParts {
      let (part, next) = StatePager.of(.agreement(state), from: cursor.entry, arena: arena)
      reply.state = part.agreement
      reply.resumeAfter = resuming(cursor, next)
    }
    // Only on the first page.
    if cursor.entry == 0 { reply.programmes = count.lines }
    reply.people = UInt64(count.firstCompletions.count)
    reply.completions = count.lines.reduce(0) { $0 + $1.completions }
    reply.targets = try (reply.state?.targets ?? []).map { try count.line($0, state) }
    return reply
  }
}

/// What is counted of an agreement's trainings.
private struct AgreementCount {
  private let trainings: AgreementTrainings
  private(set) var lines: [ProgrammeLine] = []
  /// Person → the first day on which one of theirs was completed.
  private(set) var firstCompletions: [Identifier: Day] = [:]
  /// Their days in order, once a target asks.
  private var firstDays: [Day]?
  private var awarded: [CountedTraining] = []
  private var organisations: [Identifier: Identifier?] = [:]

  init(_ trainings: AgreementTrainings) { self.trainings = trainings }

  private var readModel: RegistryReader { trainings.session.readModel }

  mutating func run() throws {
    for (stream, state) in try trainings.programmes() {
      lines.append(
        ProgrammeLine(
          programme: stream.key, title: state.terms.title, status: state.status,
          pilot: state.pilot, cohorts: UInt32(trainings.cohorts(under: stream).count)))
    }
    let direct = StreamID(.agreement, trainings.agreement)
    lines.append(
      ProgrammeLine(
        programme: trainings.agreement, title: "counted directly",
        cohorts: UInt32(trainings.cohorts(under: direct).count)))
    var places: [StreamID: Int] = [:]
    for (at, line) in lines.enumerated() {
      places[at == lines.count - 1 ? direct : StreamID(.programme, line.programme)] = at
    }
    var people = Array(repeating: Set<Identifier>(), count: lines.count)
    var from = Array(repeating: Set<Identifier>(), count: lines.count)
    try trainings.each { training in
      guard let at = places[training.under] else { return }
      var line = lines[at]
      try add(training, to: &line, &people[at], &from[at])
      lines[at] = line
    }
    for at in lines.indices {
      lines[at].people = UInt64(people[at].count)
      lines[at].organisations = UInt64(from[at].count)
    }
    if let last = lines.last, last.enrolled == 0, last.cohorts == 0, last.completions == 0 {
      lines.removeLast()
    }
  }

  private mutating func add(
    _ training: CountedTraining, to line: inout ProgrammeLine, _ people: inout Set<Identifier>,
    _ from: inout Set<Identifier>
  ) throws {
    if training.row.status.takesSeat { line.enrolled += 1 }
    if training.row.awards > 0 {
      line.awards += UInt64(training.row.awards)
      awarded.append(training)
    }
    guard let completedOn = training.row.completedOn else { return }
    line.completions += 1
    switch training.track {
    case .technical: line.technical += 1
    case .nonTechnical: line.nonTechnical += 1
    case nil: break
    }
    let known = firstCompletions[training.person]
    firstCompletions[training.person] = min(known ?? completedOn, completedOn)
    guard people.insert(training.person).inserted else { return }
    if let organisation = try organisation(of: training.person) { from.insert(organisation) }
  }

  /// People who had completed a training by a day.
  private mutating func people(by day: Day) -> Int {
    let days = firstDays ?? firstCompletions.values.sorted()
    firstDays = days
    var (low, high) = (0, days.count)
    while low < high {
      let middle = (low + high) / 2
      if days[middle] <= day { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Where a person serves on the day asked about.
  private mutating func organisation(of person: Identifier) throws -> Identifier? {
    if let known = organisations[person] { return known }
    let state = try readModel.state(
      of: StreamID(.officer, person), on: trainings.day, knownAt: trainings.position)?.officer
    organisations[person] = .some(state?.posting?.organisation)
    return state?.posting?.organisation
  }

  /// A target against what was reached by its day, or by the day asked about where that is earlier.
  mutating func line(_ target: TargetSet, _ state: Agreement) throws -> TargetLine {
    let by = min(target.by ?? trainings.day, trainings.day)
    var line = TargetLine(target: target)
    switch target.population.measure {
    case .people: line.actual = UInt64(people(by: by))
    case .awards:
      for training in awarded { line.actual += UInt64(try trainings.awards(of: training, by: by)) }
    case .organisations:
      var from: Set<Identifier> = []
      for (person, first) in firstCompletions where first <= by {
        if let organisation = try organisation(of: person) { from.insert(organisation) }
      }
      line.actual = UInt64(from.count)
    case .noOfficers: break
    }
    line.reported = state.aggregates.reduce(0) { sum, report in
      guard target.population.includes(report.population), report.asOf ?? by <= by else {
        return sum
      }
      return sum.saturatingAdding(report.people.number ?? 0)
    }
    if let wanted = target.count.number, wanted > 0 {
      // What was recorded before there was a bound may be any number.
      let reached = line.actual.saturatingAdding(line.reported)
        .multipliedFullWidth(by: 10_000)
      line.reached =
        reached.high < wanted
        ? UInt32(clamping: wanted.dividingFullWidth(reached).quotient) : .max
    }
    return line
  }
}

extension AgreementTrainings {
  /// Awards conferred by a day that stand on the day asked about.
  func awards(of training: CountedTraining, by: Day) throws -> Int {
    guard by < day else { return training.row.awards }
    let stream = StreamID(.enrolment, training.row.enrolment)
    func awards(on day: Day) throws -> Set<Identifier> {
      Set(
        try session.readModel.state(of: stream, on: day, knownAt: position)?.enrolment?.awards ?? []
      )
    }
    return try awards(on: by).intersection(awards(on: day)).count
  }
}

extension Population {
  /// What of the registered officers' trainings a target for a population is held against.
  enum Measure { case people, awards, organisations, noOfficers }

  var measure: Measure {
    switch self {
    case .civilServants, .publicEmployees, .mixed, .graduates: .people
    case .awards: .awards
    case .organisations: .organisations
    case .professionals, .students: .noOfficers
    }
  }

  /// Whether people who were reported as of one population are of another: reports are taken to
  /// tell of different people.
  func includes(_ other: Population) -> Bool {
    if self == other { return true }
    return switch self {
    case .publicEmployees: other == .civilServants
    case .mixed: [.civilServants, .publicEmployees, .professionals, .students].contains(other)
    case .civilServants, .professionals, .students, .graduates, .organisations, .awards: false
    }
  }
}

extension Count {
  /// The number that was said; nil where it was said in words.
  package var number: UInt64? {
    switch self {
    case .exactly(let number), .atLeast(let number), .about(let number): number
    case .words: nil
    }
  }
}

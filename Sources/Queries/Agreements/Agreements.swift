import Algorithms
import Messages
import Projections
import Registry
import RegistryStorage

/// What is counted of an agreement's trainings.
struct AgreementCount: Sendable {
  /// Reports that a target's line names, of either sort; all of them stand in the state.
  private static let reportsMax = 32

  private(set) var lines: [ProgrammeLine] = []
  /// The line of each programme, and of the agreement itself, by its place.
  private var places: [StreamID: Int] = [:]
  /// Of each line.
  private var people: [Set<Identifier>]
  private var from: [Set<Identifier>]
  /// Person → the first day on which one of theirs was completed.
  private(set) var firstCompletions: [Identifier: Day] = [:]
  /// Their days in order, once a target asks.
  private var firstDays: [Day]?
  private var awarded: [CountedTraining] = []
  private var organisations: [Identifier: Identifier?] = [:]
  /// Of the target that is under way: the trainings whose awards were counted, and how many.
  private var looked = 0
  private var awards: UInt64 = 0

  init(_ trainings: AgreementTrainings) throws {
    for (stream, state) in try trainings.programmes() {
      places[stream] = lines.count
      lines.append(
        ProgrammeLine(
          programme: stream.key, title: state.terms.title, status: state.status,
          pilot: state.pilot, cohorts: UInt32(trainings.cohorts(under: stream).count)))
    }
    let direct = StreamID(.agreement, trainings.agreement)
    places[direct] = lines.count
    lines.append(
      ProgrammeLine(
        programme: trainings.agreement, title: "counted directly",
        cohorts: UInt32(trainings.cohorts(under: direct).count)))
    people = Array(repeating: [], count: lines.count)
    from = people
  }

  /// Bytes that it keeps, about.
  var gatheredBytes: Int {
    awarded.count * MemoryLayout<CountedTraining>.stride
      + (2 * firstCompletions.count + organisations.count) * MemoryLayout<Identifier>.stride
  }

  mutating func add(_ training: CountedTraining, _ trainings: AgreementTrainings) throws {
    guard let at = places[training.under] else { return }
    if training.row.status.takesSeat { lines[at].enrolled += 1 }
    if training.row.awards > 0 {
      lines[at].awards += UInt64(training.row.awards)
      awarded.append(training)
    }
    guard let completedOn = training.row.completedOn else { return }
    lines[at].completions += 1
    switch training.track {
    case .technical: lines[at].technical += 1
    case .nonTechnical: lines[at].nonTechnical += 1
    case nil: break
    }
    let known = firstCompletions[training.person]
    firstCompletions[training.person] = min(known ?? completedOn, completedOn)
    guard people[at].insert(training.person).inserted else { return }
    if let organisation = try organisation(of: training.person, trainings) {
      from[at].insert(organisation)
    }
  }

  /// Everything was added.
  mutating func finish() {
    for at in lines.indices {
      lines[at].people = UInt64(people[at].count)
      lines[at].organisations = UInt64(from[at].count)
    }
    if let last = lines.last, last.enrolled == 0, last.cohorts == 0, last.completions == 0 {
      lines.removeLast()
    }
    (people, from) = ([], [])
  }

  /// People who had completed a training by a day.
  private mutating func people(by day: Day) -> Int {
    let days = firstDays ?? firstCompletions.values.sorted()
    firstDays = days
    return days.partitioningIndex { $0 > day }
  }

  /// Where a person serves on the day asked about.
  private mutating func organisation(
    of person: Identifier, _ trainings: AgreementTrainings
  ) throws -> Identifier? {
    if let known = organisations[person] { return known }
    let state = try trainings.session.readModel.state(
      of: StreamID(.officer, person), on: trainings.day, knownAt: trainings.position)?.officer
    organisations[person] = .some(state?.posting?.organisation)
    return state?.posting?.organisation
  }

  /// A target against what was reached by its day, or by the day asked about where that is earlier;
  /// nil when the slice was over first: asked again it goes on.
  mutating func line(
    _ target: TargetSet, _ state: Agreement, _ trainings: AgreementTrainings, _ slice: TimeSlice
  ) throws -> TargetLine? {
    let by = min(target.by ?? trainings.day, trainings.day)
    var line = TargetLine(target: target)
    switch target.population.measure {
    case .people: line.actual = UInt64(people(by: by))
    case .awards:
      // Where the target's day is not the day asked about, each training is folded twice.
      while looked < awarded.count {
        awards += UInt64(try trainings.awards(of: awarded[looked], by: by))
        looked += 1
        if looked < awarded.count, slice.isOver { return nil }
      }
      (line.actual, looked, awards) = (awards, 0, 0)
    case .organisations:
      var from: Set<Identifier> = []
      for (person, first) in firstCompletions where first <= by {
        // Known since the person's first training was added.
        if let organisation = try organisation(of: person, trainings) { from.insert(organisation) }
      }
      line.actual = UInt64(from.count)
    case .noOfficers: break
    }
    let reports = CountedReports(state.aggregates, of: target.population, by: by)
    line.reported = reports.people
    line.countedReports = reports.counted.prefix(Self.reportsMax).map(\.report)
    line.otherReports = reports.others.prefix(Self.reportsMax).map(\.report)
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

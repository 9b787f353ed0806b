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
  private var whole = ScopeCount()
  /// Of targets that count only some of it.
  private var scopes: [TargetScope: ScopeCount]
  private let categories: Categories
  /// Of each person the days from which on a posting was of another category; filled where a target
  /// asks for one.
  private var served: [Identifier: [(from: Day, category: Identifier?)]]?
  private var organisations: [Identifier: Identifier?] = [:]
  /// Of the target that is under way: the trainings whose awards were counted, and how many.
  private var looked = 0
  private var awards: UInt64 = 0

  /// - Parameter targets: those that lines are asked for later.
  init(_ trainings: AgreementTrainings, _ targets: some Sequence<TargetSet>) throws {
    categories = Categories(
      trainings.session.readModel.sharedStreams.establishment(
        on: trainings.day, knownAt: trainings.position))
    let asked = Set(targets.map { TargetScope($0) }).subtracting([TargetScope()])
    scopes = Dictionary(uniqueKeysWithValues: asked.map { ($0, ScopeCount()) })
    served = asked.contains { $0.category != nil } ? [:] : nil
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
    whole.gatheredBytes + scopes.values.reduce(0) { $0 + $1.gatheredBytes }
      + (organisations.count + 2 * (served?.count ?? 0)) * MemoryLayout<Identifier>.stride
  }

  /// Officers with a completion that counts.
  var officers: UInt64 { UInt64(whole.first.count) }

  mutating func add(_ training: CountedTraining, _ trainings: AgreementTrainings) throws {
    guard let at = places[training.under] else { return }
    if training.row.status.takesSeat { lines[at].enrolled += 1 }
    if training.row.awards > 0 { lines[at].awards += UInt64(training.row.awards) }
    whole.add(training)
    try addToScopes(training, trainings)
    guard training.row.completedOn != nil else { return }
    lines[at].completions += 1
    switch training.track {
    case .technical: lines[at].technical += 1
    case .nonTechnical: lines[at].nonTechnical += 1
    case nil: break
    }
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

  /// Adds a training to each scope that some target has and it is of: by its programme, by the
  /// category of the posting on the day of the completion, and by both.
  private mutating func addToScopes(
    _ training: CountedTraining, _ trainings: AgreementTrainings
  ) throws {
    guard !scopes.isEmpty else { return }
    var found: [Identifier?] = [nil]
    if served != nil {
      let day = training.row.completedOn ?? trainings.day
      if let category = try category(of: training.person, on: day, trainings) {
        found += categories.wider(category).map(Optional.some)
      }
    }
    for programme in Set([nil, training.under.kind == .programme ? training.under.key : nil]) {
      for category in found {
        scopes[TargetScope(programme: programme, category: category)]?.add(training)
      }
    }
  }

  /// The category that a person's posting was of on a day.
  private mutating func category(
    of person: Identifier, on day: Day, _ trainings: AgreementTrainings
  ) throws -> Identifier? {
    if served?[person] == nil {
      let state = try trainings.session.readModel.state(
        of: StreamID(.officer, person), on: trainings.day, knownAt: trainings.position)?.officer
      var spans: [(from: Day, category: Identifier?)] = []
      for span in state?.spans ?? []
      where spans.isEmpty || spans.last?.category != span.posting?.category {
        spans.append((span.from, span.posting?.category))
      }
      served?[person] = spans
    }
    return served?[person]?.last { $0.from <= day }?.category
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
    let scope = TargetScope(target)
    var count = scopes[scope] ?? whole
    switch target.population.measure {
    case .people: line.actual = UInt64(count.people(by: by))
    case .awards:
      // Where the target's day is not the day asked about, each training is folded twice.
      while looked < count.awarded.count {
        awards += UInt64(try trainings.awards(of: count.awarded[looked], by: by))
        looked += 1
        if looked < count.awarded.count, slice.isOver { return nil }
      }
      (line.actual, looked, awards) = (awards, 0, 0)
    case .organisations:
      var from: Set<Identifier> = []
      for (person, first) in count.first where first <= by {
        // Known since the person's first training was added.
        if let organisation = try organisation(of: person, trainings) { from.insert(organisation) }
      }
      line.actual = UInt64(from.count)
    case .noOfficers: break
    }
    // With its days in order.
    if scopes[scope] == nil { whole = count } else { scopes[scope] = count }
    let reports = CountedReports(state.aggregates, of: target, by: by, categories)
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

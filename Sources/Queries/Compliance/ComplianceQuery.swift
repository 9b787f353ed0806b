import Messages
import Projections
import Registry
import RegistryStorage

/// A mandate resolved for a query: its terms on the day, as known at the position.
struct ResolvedMandate: Sendable {
  var line: MandateLine
  var measure: CompiledMandate
  /// As extended by then.
  var deadline: Day
  /// It was withdrawn: since then it asks nothing of anybody.
  var isWithdrawn: Bool
  var support: CountedSupport

  /// - Throws: `QueryFailure` where there was no such mandate.
  init(
    _ mandate: Identifier, on day: Day, knownAt position: LogPosition,
    _ sharedStreams: SharedStreams
  ) throws(QueryFailure) {
    let state = sharedStreams.state(
      of: StreamID(.mandate, mandate), on: day, knownAt: position)?.mandate
    guard let state else {
      try sharedStreams.expect(.mandate, mandate, "mandate", knownAt: position)
      throw QueryFailure.notFound(
        "No mandate \(mandate.text) was issued by \(day.text), as far as is known.",
        field: "mandate")
    }
    line = MandateLine(
      mandate: mandate, status: state.status, since: state.since, terms: state.terms,
      population: state.terms.population.words,
      firstDeadline: state.firstDeadline ?? state.terms.deadline, on: day)
    measure = CompiledMandate(mandate, state, asked: day, sharedStreams, knownAt: position)
    deadline = state.terms.deadline
    isWithdrawn = state.status == .withdrawn
    support = CountedSupport(state.support)
  }
}

/// `Compliance`: from a cached aggregate, from one built for the query, or, at an old position, by
/// folding officer by officer.
package struct ComplianceQuery: Query {
  /// Lines in one page.
  static let linesMax = 500

  private enum Stage: Sendable {
    case fresh
    case ready(ComplianceAggregates.Shared)
    case builder(AggregateBuilder)
    case folding(ComplianceAggregate, from: [UInt8], done: UInt64)
    /// What is told first, then lines, then what was given by whom.
    case answering(CompliancePage, LineQueue<ComplianceLine>, LineQueue<SupportLine>)
  }

  private let question: ComplianceRequest
  private var day = Day.distantPast
  private var stage = Stage.fresh
  /// Officers when it began: what the progress is told by.
  private var officers: UInt64 = 0

  package init(_ question: ComplianceRequest) { self.question = question }

  private mutating func begin(_ session: ReadSession) throws {
    try session.check(atLeast: question.atLeast, at: question.atPosition)
    let readModel = session.readModel
    day = question.on ?? session.today
    officers = UInt64(try readModel.snapshot.count(readModel.views[.roster]))
    let position = question.atPosition ?? readModel.asOf
    let asked = try ResolvedMandate(
      question.mandate, on: day, knownAt: position, readModel.sharedStreams)
    if let organisation = question.organisation {
      try readModel.sharedStreams.expect(
        .organisation, organisation, "organisation", knownAt: position)
    }
    guard !asked.isWithdrawn else {
      stage = nothing(asked, position, readModel)
      return
    }
    guard position == readModel.asOf else {
      stage = .folding(ComplianceAggregate(asked.measure, officersAbout: 0), from: [], done: 0)
      return
    }
    if let known = session.store.aggregates.aggregate(key, asked.measure) {
      stage = .ready(known)
      return
    }
    stage = .builder(try AggregateBuilder(asked.measure, session))
  }

  /// A cached aggregate may have to be rebuilt after all.
  package var cost: QueryCost {
    switch stage {
    case .fresh, .ready, .answering: .light
    case .builder, .folding: .heavy
    }
  }

  package var gatheredBytes: Int {
    if case .builder(let builder) = stage { builder.aggregate.memoryBytes } else { 0 }
  }

  private var key: ComplianceAggregates.Key {
    ComplianceAggregates.Key(mandate: question.mandate, day: day)
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    switch stage {
    case .fresh:
      try begin(session)
      return try next(session, slice)
    case .ready(let shared): return try workReady(shared, session, slice)
    case .builder(let builder): return try workCounting(builder, session, slice)
    case .folding(let aggregate, let from, let done):
      return try workFolding(aggregate, from, done, session, slice)
    case .answering(var page, var lines, var support):
      if lines.isEmpty {
        page.support = support.take(Self.linesMax, slice, session)
      } else {
        page.lines = lines.take(Self.linesMax, slice, session)
      }
      stage = .answering(CompliancePage(asOf: page.asOf), lines, support)
      let bytes = Codec.encode(page, arena: session.arena)
      return lines.isEmpty && support.isEmpty ? .end(bytes) : .message(bytes)
    }
  }

  private mutating func workReady(
    _ shared: ComplianceAggregates.Shared, _ session: ReadSession, _ slice: TimeSlice
  ) throws -> StreamStep {
    do {
      let (isCounted, made) = try shared.builder.withLock { builder in
        guard try builder.work(session, slice) else { return (false, Answer?.none) }
        return (true, try answer(builder.aggregate, session))
      }
      guard isCounted else { return progress(officers, session) }
      return try tell(made, session, slice)
    } catch is AggregateBuilder.Forgotten {
      return try startAnew(session)
    }
  }

  private mutating func workCounting(
    _ builder: AggregateBuilder, _ session: ReadSession, _ slice: TimeSlice
  ) throws -> StreamStep {
    var builder = builder
    // Held once, so that what it gathers is not copied for each slice.
    stage = .fresh
    do {
      guard try builder.work(session, slice) else {
        stage = .builder(builder)
        return progress(builder.counted, session)
      }
    } catch is AggregateBuilder.Forgotten {
      return try startAnew(session)
    }
    let made = try answer(builder.aggregate, session)
    session.store.aggregates.share(builder, key)
    return try tell(made, session, slice)
  }

  /// Too much was recorded meanwhile, or the mandate was changed.
  private mutating func startAnew(_ session: ReadSession) throws -> StreamStep {
    let asked = try ResolvedMandate(
      question.mandate, on: day, knownAt: session.readModel.asOf, session.readModel.sharedStreams)
    if asked.isWithdrawn {
      stage = nothing(asked, session.readModel.asOf, session.readModel)
    } else {
      stage = .builder(try AggregateBuilder(asked.measure, session))
    }
    return progress(0, session)
  }

  private mutating func workFolding(
    _ aggregate: ComplianceAggregate, _ from: [UInt8], _ done: UInt64, _ session: ReadSession,
    _ slice: TimeSlice
  ) throws -> StreamStep {
    let readModel = session.readModel
    let position = question.atPosition ?? readModel.asOf
    let reader = DutyReader(aggregate.measure, names: aggregate.names)
    var done = done
    let next: [UInt8]? = try OfficerSource.everybodyEver.lend(readModel) { search in
      var from = from
      while case .officer(let key) = try search.first(from: from, { false }) {
        guard let officer = Identifier(key: key) else { break }
        try reader.fold(officer, readModel, knownAt: position)
        if let duty = reader.dutyClass(collapsing: true) { aggregate.countOnce(as: duty) }
        done += 1
        from = OfficerSource.after(key)
        if slice.isOver { return from }
      }
      return nil
    }
    if let next {
      stage = .folding(aggregate, from: next, done: done)
      return progress(done, session)
    }
    return try tell(try answer(aggregate, session), session, slice)
  }

  // MARK: answers

  private func progress(_ done: UInt64, _ session: ReadSession) -> StreamStep {
    let page = CompliancePage(
      progress: Progress(done: min(done, officers), of: officers),
      asOf: question.atPosition ?? session.readModel.asOf)
    return .message(Codec.encode(page, arena: session.arena))
  }

  /// Of a mandate that asks nothing any more: what was given for it was given.
  private func nothing(
    _ asked: ResolvedMandate, _ position: LogPosition, _ readModel: RegistryReader
  ) -> Stage {
    let hierarchy = Hierarchy(readModel.sharedStreams, on: asked.measure.day, knownAt: position)
    return .answering(
      CompliancePage(mandate: asked.line, total: ComplianceLine(), asOf: position), LineQueue(),
      LineQueue(asked.support.lines { isAsked($0, hierarchy) }))
  }

  private func isAsked(_ organisation: Identifier, _ hierarchy: Hierarchy) -> Bool {
    question.organisation.map { hierarchy.isBelow(organisation, $0) } ?? true
  }

  private typealias Answer = (
    first: CompliancePage, lines: LineQueue<ComplianceLine>, support: LineQueue<SupportLine>
  )

  private mutating func tell(
    _ answer: Answer?, _ session: ReadSession, _ slice: TimeSlice
  ) throws -> StreamStep {
    guard let answer else {
      // What was counted is as of another position or of other terms than asked about.
      if let position = question.atPosition, position != session.readModel.asOf {
        let asked = try ResolvedMandate(
          question.mandate, on: day, knownAt: position, session.readModel.sharedStreams)
        stage = .folding(ComplianceAggregate(asked.measure, officersAbout: 0), from: [], done: 0)
        return progress(0, session)
      }
      return try startAnew(session)
    }
    stage = .answering(answer.first, answer.lines, answer.support)
    return try next(session, slice)
  }

  /// The answer; nil where the aggregate no longer fits the query.
  private func answer(_ aggregate: ComplianceAggregate, _ session: ReadSession) throws -> Answer? {
    let readModel = session.readModel
    let isFolded = if case .folding = stage { true } else { false }
    let position = question.atPosition ?? readModel.asOf
    guard isFolded || position == readModel.asOf else { return nil }
    let asked = try ResolvedMandate(
      question.mandate, on: day, knownAt: position, readModel.sharedStreams)
    guard !asked.isWithdrawn, aggregate.measure.serves(asked.measure) else { return nil }
    let judge = DutyEvaluator(
      aggregate.measure, deadline: asked.deadline, names: aggregate.names,
      sharedStreams: readModel.sharedStreams,
      knownAt: position)
    var table = ComplianceTable()
    aggregate.forEach { duty, count in
      if let verdict = judge.verdict(of: duty) {
        table.add(verdict, at: duty.organisation, count: count)
      }
    }
    let hierarchy = Hierarchy(
      readModel.sharedStreams, on: asked.measure.day, knownAt: position)
    var (total, lines) = table.lines(
      names: aggregate.names,
      name: {
        let state = readModel.sharedStreams.state(
          of: StreamID(.organisation, $0), on: day, knownAt: position)
        return state?.organisation?.name ?? ""
      }, includes: { isAsked($0, hierarchy) })
    for at in lines.indices {
      lines[at].support = lines[at].organisation.flatMap {
        asked.support.support(of: $0, hierarchy)
      }
    }
    // What a line has from above the organisation that is asked about is told too.
    let named = Set(lines.compactMap(\.support?.organisation))
    return (
      CompliancePage(mandate: asked.line, total: total, asOf: position), LineQueue(lines),
      LineQueue(asked.support.lines { named.contains($0) || isAsked($0, hierarchy) })
    )
  }
}

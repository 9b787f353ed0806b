import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// A mandate as it was asked about: what it asked on the day, as known at the position.
struct AskedMandate: Sendable {
  var line: MandateLine
  var measure: DutyMeasure
  /// As extended by then.
  var deadline: Day

  /// - Throws: `CallStatus` where there was no such mandate.
  init(
    _ mandate: Identifier, on day: Day, knownAt position: LogPosition, _ catalogue: Catalogue
  ) throws(CallStatus) {
    let state = catalogue.state(
      of: StreamID(.mandate, mandate), on: day, knownAt: position)?.mandate
    guard let state else {
      throw CallStatus(
        .notFound, "No mandate \(mandate.text) was issued by \(day.text), as far as is known.",
        field: "mandate")
    }
    line = MandateLine(
      mandate: mandate, status: state.status, since: state.since, terms: state.terms,
      population: state.terms.population.words,
      firstDeadline: state.firstDeadline ?? state.terms.deadline, on: day)
    measure = DutyMeasure(
      mandate, state.terms, on: day, policy: catalogue.policy(on: day, knownAt: position))
    deadline = state.terms.deadline
  }
}

/// `Compliance`: from the tally that stands ready, or from one counted for the question, or, at an
/// old position, by folding officer by officer.
struct ComplianceQuery: Query {
  /// Lines in one page.
  static let linesMax = 500

  private enum Stage: Sendable {
    case fresh
    case ready(Tallies.Shared)
    case counting(Counting)
    case folding(Tally, from: [UInt8], done: UInt64)
    /// What is told first, then lines.
    case answering(CompliancePage, LineQueue<ComplianceLine>)
  }

  private let question: ComplianceRequest
  private var day = Day.distantPast
  private var stage = Stage.fresh
  /// Officers when it began: what the progress is told by.
  private var officers: UInt64 = 0

  init(_ question: ComplianceRequest) { self.question = question }

  private mutating func begin(_ desk: ReadDesk) throws {
    try desk.check(atLeast: question.atLeast, at: question.atPosition)
    let records = desk.records
    day = question.on ?? desk.today
    officers = UInt64(try records.snapshot.count(records.views[.roster]))
    let position = question.atPosition ?? records.asOf
    let asked = try AskedMandate(
      question.mandate, on: day, knownAt: position, records.catalogue)
    guard position == records.asOf else {
      stage = .folding(Tally(asked.measure, officersAbout: 0), from: [], done: 0)
      return
    }
    if let known = desk.store.tallies.tally(
      key, asked.measure.terms, policy: asked.measure.policy)
    {
      stage = .ready(known)
      return
    }
    stage = .counting(try Counting(asked.measure, desk))
  }

  /// A tally that was ready may have to be counted from scratch after all.
  var cost: QueryCost {
    switch stage {
    case .fresh, .ready, .answering: .light
    case .counting, .folding: .heavy
    }
  }

  var gatheredBytes: Int {
    if case .counting(let counting) = stage { counting.tally.memoryBytes } else { 0 }
  }

  private var key: Tallies.Key { Tallies.Key(mandate: question.mandate, day: day) }

  mutating func next(_ desk: ReadDesk, _ slice: TimeSlice) throws -> StreamStep {
    switch stage {
    case .fresh:
      try begin(desk)
      return try next(desk, slice)
    case .ready(let shared): return try workReady(shared, desk, slice)
    case .counting(let counting): return try workCounting(counting, desk, slice)
    case .folding(let tally, let from, let done):
      return try workFolding(tally, from, done, desk, slice)
    case .answering(var page, var lines):
      page.lines = lines.take(Self.linesMax, slice, desk)
      stage = .answering(CompliancePage(asOf: page.asOf), lines)
      let bytes = Codec.encode(page, arena: desk.arena)
      return lines.isEmpty ? .end(bytes) : .message(bytes)
    }
  }

  private mutating func workReady(
    _ shared: Tallies.Shared, _ desk: ReadDesk, _ slice: TimeSlice
  ) throws -> StreamStep {
    do {
      let (isCounted, made) = try shared.counting.withLock { counting in
        guard try counting.work(desk, slice) else { return (false, Answer?.none) }
        return (true, try answer(counting.tally, desk))
      }
      guard isCounted else { return progress(officers, desk) }
      return try tell(made, desk, slice)
    } catch is Counting.Forgotten {
      return try startAnew(desk)
    }
  }

  private mutating func workCounting(
    _ counting: Counting, _ desk: ReadDesk, _ slice: TimeSlice
  ) throws -> StreamStep {
    var counting = counting
    // Held once, so that what it gathers is not copied for each slice.
    stage = .fresh
    do {
      guard try counting.work(desk, slice) else {
        stage = .counting(counting)
        return progress(counting.counted, desk)
      }
    } catch is Counting.Forgotten {
      return try startAnew(desk)
    }
    let made = try answer(counting.tally, desk)
    desk.store.tallies.share(counting, key)
    return try tell(made, desk, slice)
  }

  /// Too much was recorded meanwhile, or the mandate was changed.
  private mutating func startAnew(_ desk: ReadDesk) throws -> StreamStep {
    let asked = try AskedMandate(
      question.mandate, on: day, knownAt: desk.records.asOf, desk.records.catalogue)
    stage = .counting(try Counting(asked.measure, desk))
    return progress(0, desk)
  }

  private mutating func workFolding(
    _ tally: Tally, _ from: [UInt8], _ done: UInt64, _ desk: ReadDesk, _ slice: TimeSlice
  ) throws -> StreamStep {
    let records = desk.records
    let position = question.atPosition ?? records.asOf
    let reader = DutyReader(tally.measure, names: tally.names)
    var done = done
    let next: [UInt8]? = try OfficerSource.everybodyEver.lend(records) { search in
      var from = from
      while case .officer(let key) = try search.first(from: from, { false }) {
        guard let officer = Identifier(key: key) else { break }
        try reader.fold(officer, records, knownAt: position)
        if let duty = reader.dutyClass(collapsing: true) { tally.countOnce(as: duty) }
        done += 1
        from = OfficerSource.after(key)
        if slice.isOver { return from }
      }
      return nil
    }
    if let next {
      stage = .folding(tally, from: next, done: done)
      return progress(done, desk)
    }
    return try tell(try answer(tally, desk), desk, slice)
  }

  // MARK: answers

  private func progress(_ done: UInt64, _ desk: ReadDesk) -> StreamStep {
    let page = CompliancePage(
      progress: Progress(done: min(done, officers), of: officers),
      asOf: question.atPosition ?? desk.records.asOf)
    return .message(Codec.encode(page, arena: desk.arena))
  }

  private typealias Answer = (first: CompliancePage, lines: LineQueue<ComplianceLine>)

  private mutating func tell(
    _ answer: Answer?, _ desk: ReadDesk, _ slice: TimeSlice
  ) throws -> StreamStep {
    guard let answer else {
      // What was counted is as of another position or of other terms than asked about.
      if let position = question.atPosition, position != desk.records.asOf {
        let asked = try AskedMandate(
          question.mandate, on: day, knownAt: position, desk.records.catalogue)
        stage = .folding(Tally(asked.measure, officersAbout: 0), from: [], done: 0)
        return progress(0, desk)
      }
      return try startAnew(desk)
    }
    stage = .answering(answer.first, answer.lines)
    return try next(desk, slice)
  }

  /// The answer; nil where the tally does not fit the question any more.
  private func answer(_ tally: Tally, _ desk: ReadDesk) throws -> Answer? {
    let records = desk.records
    let isFolded = if case .folding = stage { true } else { false }
    let position = question.atPosition ?? records.asOf
    guard isFolded || position == records.asOf else { return nil }
    let asked = try AskedMandate(
      question.mandate, on: day, knownAt: position, records.catalogue)
    guard tally.measure.serves(asked.measure.terms, on: day, policy: asked.measure.policy) else {
      return nil
    }
    let judge = DutyJudge(
      tally.measure, deadline: asked.deadline, names: tally.names, catalogue: records.catalogue,
      knownAt: position)
    var table = ComplianceTable()
    tally.forEach { duty, count in
      if let verdict = judge.verdict(of: duty) {
        table.add(verdict, at: duty.organisation, count: count)
      }
    }
    let hierarchy = Hierarchy(records.catalogue, on: day, knownAt: position)
    let (total, lines) = table.lines(
      names: tally.names,
      name: {
        let state = records.catalogue.state(
          of: StreamID(.organisation, $0), on: day, knownAt: position)
        return state?.organisation?.name ?? ""
      }, includes: { id in question.organisation.map { hierarchy.isBelow(id, $0) } ?? true })
    return (CompliancePage(mandate: asked.line, total: total, asOf: position), LineQueue(lines))
  }
}

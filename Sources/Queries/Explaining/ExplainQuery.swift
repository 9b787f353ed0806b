import Messages
import Projections
import Registry
import RegistryStorage

/// The lineage of a line or number of an answer: the people, events and papers behind it, page by
/// page. The lineage is found first, a few words per event; the events themselves are read as the
/// pages are sent.
package struct ExplainQuery: Query {
  static let pageLinesMax = 200

  private let question: ExplainRequest
  private var asOf: AsOf
  private var lineage: Lineage?
  /// Of a stream's explanation, while its events are read.
  private var streamLineage: StreamLineage?
  /// Of an agreement's, while its trainings are gone through.
  private var counting: AgreementLineage?
  private var dispositions = DispositionCache()
  private var told = 0
  private var counted: UInt64 = 0

  package init(_ question: ExplainRequest) {
    self.question = question
    asOf = AsOf(
      on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let (day, position) = try asOf.pin(session)
    let explanation = Explanation(session, on: day, knownAt: position)
    if lineage == nil, streamLineage == nil, counting == nil { try check(explanation) }
    guard var lineage = try self.lineage ?? find(explanation, slice) else { return .working }
    self.lineage = nil
    defer { self.lineage = lineage }
    var page = ExplainPage(asOf: position)
    var budget = PageBudget(slice)
    while page.lines.count < Self.pageLinesMax, told < lineage.list.count {
      guard let (lines, count) = try explanation.lines(lineage.list[told], &dispositions, slice)
      else {
        break
      }
      for line in lines { budget.add(line, session) }
      page.lines += lines
      counted = counted.saturatingAdding(count)
      told += 1
      if budget.isFull || slice.isOver { break }
    }
    var isOver = false
    if told == lineage.list.count {
      isOver = try !lineage.refill(explanation, told: &told, slice)
    }
    page.counted = counted
    page.progress = try lineage.progress(told: told, explanation)
    let bytes = Codec.encode(page, arena: session.arena)
    return isOver ? .end(bytes) : .message(bytes)
  }

  /// What is asked about must be there.
  private func check(_ explanation: Explanation) throws {
    let (readModel, position) = (explanation.readModel, explanation.position)
    let sharedStreams = readModel.sharedStreams
    switch question.what {
    case .stream(let stream): try readModel.expect(stream, "stream", knownAt: position)
    case .agreement(let number):
      try sharedStreams.expect(
        .agreement, number.agreement, "agreement.agreement", knownAt: position)
      if let programme = number.programme {
        try sharedStreams.expect(
          .programme, programme, "agreement.programme", knownAt: position)
      }
    case .skill(let skill):
      try readModel.expect(
        StreamID(.officer, skill.officer), "skill.officer", knownAt: position)
      try sharedStreams.expect(
        skill.framework, skill.skill, "skill", knownAt: position)
    case .compliance(let number):
      try sharedStreams.expect(
        .mandate, number.mandate, "compliance.mandate", knownAt: position)
      if let organisation = number.organisation {
        try sharedStreams.expect(
          .organisation, organisation, "compliance.organisation", knownAt: position)
      }
    }
  }

  /// The lineage; nil when the slice was over first.
  private mutating func find(
    _ explanation: Explanation, _ slice: TimeSlice
  ) throws -> Lineage? {
    switch question.what {
    case .stream(let stream):
      var streamLineage = try self.streamLineage ?? StreamLineage(stream, explanation)
      self.streamLineage = nil
      if let found = try streamLineage.work(explanation, slice) { return Lineage(found) }
      self.streamLineage = streamLineage
    case .agreement(let number):
      var counting = self.counting ?? AgreementLineage(number)
      self.counting = nil
      if let found = try counting.work(explanation, slice) { return Lineage(found) }
      self.counting = counting
    // One person's record, of which no stream holds more than `StreamLimits` lets it: the same that
    // a profile reads, in one piece.
    case .skill(let skill): return Lineage(try explanation.lineage(for: skill))
    case .compliance(let number): return try explanation.lineage(for: number)
    }
    return nil
  }

  package var gatheredBytes: Int {
    (counting?.gatheredBytes ?? 0)
      + (lineage?.list.count ?? 0) * MemoryLayout<Lineage.Item>.stride
  }

  package var cost: QueryCost { if case .agreement = question.what { .heavy } else { .light } }
}

/// The lineage found so far, and where the next portion begins.
struct Lineage: Sendable {
  enum Item: Sendable {
    /// An event as it is in the log.
    case event(LogPosition, Finding)
    /// What of a training counts for a figure of an agreement.
    case training(CountedTraining, AgreementFigure)
    /// An officer under a mandate.
    case duty(ExplainedDuty)
  }

  /// What an event contributes.
  struct Finding: Sendable {
    var officer: Identifier?
    var because: String
    /// What it adds to the number.
    var counts: UInt64 = 0
  }

  typealias Event = (position: LogPosition, finding: Finding)

  var list: [Item] = []
  /// The officers of a mandate come in portions: where the next begins.
  var duties: (number: ComplianceNumber, from: ExplainedDuties.Cursor)?
  private var judged: UInt64 = 0

  init(_ list: [Item] = []) { self.list = list }

  /// Takes the next portion, which may be empty.
  ///
  /// - Returns: false when there is none.
  mutating func refill(
    _ explanation: Explanation, told: inout Int, _ slice: TimeSlice
  ) throws -> Bool {
    guard let (number, from) = duties else { return false }
    let portion = try explanation.duties(number, from: from, slice)
    list = portion.duties.map { .duty($0) }
    judged += portion.judged
    told = 0
    duties = portion.next.map { (number, $0) }
    return duties != nil || !list.isEmpty
  }

  func progress(told: Int, _ explanation: Explanation) throws -> Progress {
    guard duties != nil || judged > 0 else {
      return Progress(done: UInt64(told), of: UInt64(list.count))
    }
    let readModel = explanation.readModel
    let all = UInt64(try readModel.snapshot.count(readModel.views[.roster]))
    return Progress(done: duties == nil ? all : min(judged, all), of: all)
  }
}

/// Finds the lineage of an answer on a day as known before a position.
struct Explanation {
  let session: ReadSession
  let day: Day
  let position: LogPosition

  init(_ session: ReadSession, on day: Day, knownAt position: LogPosition) {
    self.session = session
    self.day = day
    self.position = position
  }

  var readModel: RegistryReader { session.readModel }

  func lineage(for number: ComplianceNumber) throws -> Lineage {
    var lineage = Lineage(try mandateReasons(number))
    lineage.duties = (number, ExplainedDuties.start)
    return lineage
  }

  /// Nil when the slice was over first: ask again.
  func lines(
    _ reason: Lineage.Item, _ dispositions: inout DispositionCache, _ slice: TimeSlice
  ) throws -> (lines: [ExplainLine], counted: UInt64)? {
    let (events, counted): ([Lineage.Event], UInt64) =
      switch reason {
      case .event(let at, let finding): ([(at, finding)], finding.counts)
      case .training(let training, let figure): try events(of: training, figure)
      case .duty(let duty): (duty.events, 1)
      }
    var lines: [ExplainLine] = []
    for event in events {
      guard let line = try line(event.position, event.finding, &dispositions, slice) else {
        return nil
      }
      lines.append(line)
    }
    return (lines, counted)
  }

  /// The line of an event with its papers.
  private func line(
    _ at: LogPosition, _ finding: Lineage.Finding, _ dispositions: inout DispositionCache,
    _ slice: TimeSlice
  ) throws -> ExplainLine? {
    let stored = try readModel.stored(at)
    let proposal = stored.proposal
    guard
      let known = try dispositions.dispositions(
        of: stored.stream, knownAt: position, readModel, slice)
    else { return nil }
    return ExplainLine(
      officer: finding.officer, stream: stored.stream, eventID: proposal.eventID, position: at,
      effective: proposal.effective, event: proposal.body.eventName, because: finding.because,
      source: proposal.source, authority: proposal.authority,
      standing: known.disposition(at: at).standing.standing)
  }

  /// Where an event stands in the log; nil when it was not known yet.
  func place(of id: EventID) throws -> LogPosition? {
    try unsafe session.store.views.event(id, readModel.snapshot)
      .flatMap { $0.position < position ? $0.position : nil }
  }

  /// In whose record a stream is found.
  func owner(of stream: StreamID, _ state: StreamState?) -> Identifier? {
    state?.subject(of: stream).map {
      readModel.sharedStreams.merges.owner(of: stream, naming: $0, on: day, knownAt: position)
    }
  }
}

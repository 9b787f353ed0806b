import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// From a line or a number of an answer to the people, events and papers behind it, a page at a
/// time. What is to be told is found first, in a few words for each event; the events themselves
/// are read page by page.
struct ExplainQuery: Query {
  static let pageLinesMax = 200

  private let question: ExplainRequest
  private var asOf: AsOf
  private var reasons: Reasons?
  /// Of a stream's explanation, while its events are read.
  private var telling: StreamTelling?
  /// Of an agreement's, while its trainings are gone through.
  private var counting: AgreementTelling?
  private var fates = KnownFates()
  private var told = 0
  private var counted: UInt64 = 0

  init(_ question: ExplainRequest) {
    self.question = question
    asOf = AsOf(
      on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
  }

  mutating func next(_ desk: ReadDesk, _ slice: TimeSlice) throws -> StreamStep {
    let (day, position) = try asOf.pin(desk)
    let explanation = Explanation(desk, on: day, knownAt: position)
    guard var reasons = try self.reasons ?? find(explanation, slice) else { return .working }
    self.reasons = nil
    defer { self.reasons = reasons }
    var page = ExplainPage(asOf: position)
    var room = PageRoom(slice)
    while page.lines.count < Self.pageLinesMax, told < reasons.list.count {
      guard let (lines, count) = try explanation.lines(reasons.list[told], &fates, slice) else {
        break
      }
      for line in lines { room.add(line, desk) }
      page.lines += lines
      counted = counted.saturatingAdding(count)
      told += 1
      if room.isFull || slice.isOver { break }
    }
    var isOver = false
    if told == reasons.list.count {
      isOver = try !reasons.refill(explanation, told: &told, slice)
    }
    page.counted = counted
    page.progress = try reasons.progress(told: told, explanation)
    let bytes = Codec.encode(page, arena: desk.arena)
    return isOver ? .end(bytes) : .message(bytes)
  }

  /// What there is to tell; nil when the slice was over first.
  private mutating func find(
    _ explanation: Explanation, _ slice: TimeSlice
  ) throws -> Reasons? {
    switch question.what {
    case .stream(let stream):
      var telling = try self.telling ?? StreamTelling(stream, explanation)
      self.telling = nil
      if let found = try telling.work(explanation, slice) { return Reasons(found) }
      self.telling = telling
    case .agreement(let number):
      var counting =
        self.counting ?? AgreementTelling(number, knownAt: explanation.position)
      self.counting = nil
      if let found = try counting.work(explanation, slice) { return Reasons(found) }
      self.counting = counting
    // One person's record, of which no stream holds more than `StreamLimits` lets it: the same that
    // a profile reads, in one piece.
    case .skill(let skill): return Reasons(try explanation.reasons(for: skill))
    case .compliance(let number): return try explanation.reasons(for: number)
    }
    return nil
  }

  var gatheredBytes: Int {
    (counting?.gatheredBytes ?? 0)
      + (reasons?.list.count ?? 0) * MemoryLayout<Reasons.Reason>.stride
  }

  var cost: QueryCost { if case .agreement = question.what { .heavy } else { .light } }
}

/// What there is to tell, and where more comes from.
struct Reasons: Sendable {
  enum Reason: Sendable {
    /// An event as it is in the log.
    case event(LogPosition, Telling)
    /// What of a training counts for a figure of an agreement.
    case training(CountedTraining, AgreementFigure)
    /// An officer under a mandate.
    case duty(ExplainedDuty)
  }

  /// What is said of an event.
  struct Telling: Sendable {
    var officer: Identifier?
    var because: String
    /// What it adds to the number.
    var counts: UInt64 = 0
  }

  typealias Event = (position: LogPosition, telling: Telling)

  var list: [Reason] = []
  /// The officers of a mandate come in portions: where the next begins.
  var duties: (number: ComplianceNumber, from: ExplainedDuties.Place)?
  private var judged: UInt64 = 0

  init(_ list: [Reason] = []) { self.list = list }

  /// Takes the next portion, which may tell of nobody.
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
    let records = explanation.records
    let all = UInt64(try records.snapshot.count(records.views[.roster]))
    return Progress(done: duties == nil ? all : min(judged, all), of: all)
  }
}

/// Finds what stands behind an answer on a day as known before a position.
struct Explanation {
  let desk: ReadDesk
  let day: Day
  let position: LogPosition

  init(_ desk: ReadDesk, on day: Day, knownAt position: LogPosition) {
    self.desk = desk
    self.day = day
    self.position = position
  }

  var records: RegistryReader { desk.records }

  func reasons(for number: ComplianceNumber) throws -> Reasons {
    var reasons = Reasons(try mandateReasons(number))
    reasons.duties = (number, ExplainedDuties.start)
    return reasons
  }

  /// Nil when the slice was over first: ask again.
  func lines(
    _ reason: Reasons.Reason, _ fates: inout KnownFates, _ slice: TimeSlice
  ) throws -> (lines: [ExplainLine], counted: UInt64)? {
    let (events, counted): ([Reasons.Event], UInt64) =
      switch reason {
      case .event(let at, let telling): ([(at, telling)], telling.counts)
      case .training(let training, let figure): try events(of: training, figure)
      case .duty(let duty): (duty.events, 1)
      }
    var lines: [ExplainLine] = []
    for event in events {
      guard let line = try line(event.position, event.telling, &fates, slice) else { return nil }
      lines.append(line)
    }
    return (lines, counted)
  }

  /// The line of an event with its papers.
  private func line(
    _ at: LogPosition, _ telling: Reasons.Telling, _ fates: inout KnownFates, _ slice: TimeSlice
  ) throws -> ExplainLine? {
    let stored = try records.stored(at)
    let proposal = stored.proposal
    guard
      let known = try fates.fates(of: stored.stream, knownAt: position, records, slice)
    else { return nil }
    return ExplainLine(
      officer: telling.officer, stream: stored.stream, eventID: proposal.eventID, position: at,
      effective: proposal.effective, event: proposal.body.eventName, because: telling.because,
      source: proposal.source, authority: proposal.authority,
      standing: known.fate(at: at).standing.standing)
  }

  /// Where an event stands in the log; nil when it was not known yet.
  func place(of id: EventID) throws -> LogPosition? {
    try unsafe desk.store.views.event(id, records.snapshot)
      .flatMap { $0.position < position ? $0.position : nil }
  }

  /// In whose record a stream is found.
  func owner(of stream: StreamID, _ state: StreamState?) -> Identifier? {
    state?.subject(of: stream).map {
      records.catalogue.merges.owner(of: stream, naming: $0, on: day, knownAt: position)
    }
  }
}

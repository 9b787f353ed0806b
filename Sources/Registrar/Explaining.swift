import Messages
import Projections
import Registry
import Wire

/// From a line or a number of an answer to the people, events and papers behind it, a page at a
/// time. What is to be told is found first, in a few words for each event; the events themselves
/// are read page by page.
struct Explaining: PagedAnswer {
  static let pageLinesMax = 200

  private let question: ExplainRequest
  var moment: Moment
  private var reasons: Reasons?
  private var told = 0
  private var counted: UInt64 = 0
  private var isOver = false

  init(_ question: ExplainRequest) {
    self.question = question
    moment = Moment(
      on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
  }

  var weight: JobWeight { .light }

  mutating func next(from desk: ReadDesk) throws -> [UInt8]? {
    guard !isOver else { return nil }
    let (day, position) = try moment.fix(desk)
    let explanation = Explanation(desk, on: day, knownAt: position)
    var reasons = try self.reasons ?? explanation.reasons(for: question.what)
    self.reasons = nil
    defer { self.reasons = reasons }
    var page = ExplainPage(asOf: position)
    while page.lines.count < Self.pageLinesMax, told < reasons.list.count {
      let (lines, count) = try explanation.lines(reasons.list[told])
      page.lines += lines
      counted = counted.saturatingAdding(count)
      told += 1
    }
    if told == reasons.list.count { isOver = try !reasons.refill(explanation, told: &told) }
    page.counted = counted
    page.progress = try reasons.progress(told: told, explanation)
    return Codec.encode(page, arena: desk.arena)
  }
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

  var list: [Reason] = []
  /// The officers of a mandate come in portions: where the next begins.
  var duties: (number: ComplianceNumber, from: ExplainedDuties.Place)?
  private var judged: UInt64 = 0

  init(_ list: [Reason] = []) { self.list = list }

  /// Takes the next portion, which may tell of nobody.
  ///
  /// - Returns: false when there is none.
  mutating func refill(_ explanation: Explanation, told: inout Int) throws -> Bool {
    guard let (number, from) = duties else { return false }
    let portion = try explanation.duties(number, from: from)
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

  func reasons(for what: ExplainRequest.What) throws -> Reasons {
    switch what {
    case .stream(let stream): return Reasons(try reasons(for: stream))
    case .skill(let question): return Reasons(try reasons(for: question))
    case .agreement(let number): return Reasons(try reasons(for: number))
    case .compliance(let number):
      var reasons = Reasons(try mandateReasons(number))
      reasons.duties = (number, ExplainedDuties.start)
      return reasons
    }
  }

  func lines(_ reason: Reasons.Reason) throws -> (lines: [ExplainLine], counted: UInt64) {
    switch reason {
    case .event(let at, let telling): ([try line(at, telling)], telling.counts)
    case .training(let training, let figure): try lines(training, figure)
    case .duty(let duty): (try duty.events.map { try line($0.position, $0.telling) }, 1)
    }
  }

  /// The line of an event with its papers.
  func line(_ at: LogPosition, _ telling: Reasons.Telling) throws -> ExplainLine {
    let stored = try records.stored(at)
    let proposal = stored.proposal
    let standing = try records.standing(of: stored.stream, knownAt: position)
    let fate = standing.index(of: proposal.eventID).map { standing.fates[$0] } ?? .stands
    return ExplainLine(
      officer: telling.officer, stream: stored.stream, eventID: proposal.eventID, position: at,
      effective: proposal.effective, event: proposal.body.eventName, because: telling.because,
      source: proposal.source, authority: proposal.authority, standing: fate.standing.standing)
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

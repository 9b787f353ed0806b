import EventLog
import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// `CohortRoll`: a cohort's roll with the credentials that rest on each completion; who was merged
/// stands under the survivor. All of it is as of one position.
///
/// The first slice takes down whose rows the roll has. Where the question is about an older
/// position, whoever was moved since is looked for in the log. Each enrolment is then judged by
/// what was known, the roll is put in its order, and its lines are made page by page.
package struct RollQuery: Query {
  private enum Stage: Sendable {
    case fresh
    /// Looking through the log for enrolments that were moved.
    case moved(MovedSince, until: LogPosition)
    case judging
    case telling
  }

  private struct Entry: Sendable {
    var officer: Identifier
    var enrolment: Identifier
  }

  private let question: CohortRollRequest
  private var asOf: AsOf
  private var stage = Stage.fresh
  private var candidates: Set<Identifier> = []
  private var judging: [Identifier] = []
  private var entries: [Entry] = []
  private var told = 0

  package init(_ question: CohortRollRequest) {
    self.question = question
    asOf = AsOf(
      on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let (day, position) = try asOf.pin(session)
    let readModel = session.readModel
    if case .fresh = stage {
      try readModel.sharedStreams.expect(
        .cohort, question.cohort, "cohort", knownAt: position)
      candidates = try session.enrolmentsOnRoll(of: question.cohort)
      stage = .moved(MovedSince(position), until: readModel.asOf)
    }
    if case .moved(var moved, let until) = stage {
      let isThere = try moved.look(until: until, readModel, slice)
      candidates.formUnion(moved.found)
      moved.found = []
      stage = .moved(moved, until: until)
      guard isThere else { return .working }
      judging = candidates.sorted(by: >)
      candidates = []
      stage = .judging
      if slice.isOver { return .working }
    }
    if case .judging = stage {
      guard try judge(day, position, readModel, slice) else { return .working }
      entries.sort { ($0.officer, $0.enrolment) < ($1.officer, $1.enrolment) }
      stage = .telling
      if slice.isOver { return .working }
    }
    return try tell(day, position, session, slice)
  }

  /// True when every candidate was judged.
  private mutating func judge(
    _ day: Day, _ position: LogPosition, _ readModel: RegistryReader, _ slice: TimeSlice
  ) throws -> Bool {
    while let enrolment = judging.popLast() {
      let state = try readModel.state(
        of: StreamID(.enrolment, enrolment), on: day, knownAt: position)?.enrolment
      if let state, state.seat.cohort == question.cohort {
        entries.append(Entry(officer: state.seat.officer, enrolment: enrolment))
      }
      if judging.count % 8 == 0, !judging.isEmpty, slice.isOver { return false }
    }
    return true
  }

  private mutating func tell(
    _ day: Day, _ position: LogPosition, _ session: ReadSession, _ slice: TimeSlice
  ) throws -> StreamStep {
    let size = question.pageSize == 0 ? 1000 : Int(question.pageSize)
    var page = CohortRollPage(asOf: position)
    var budget = PageBudget(slice)
    for entry in entries.dropFirst(told).prefix(size) {
      let line = try line(entry, day, position, session.readModel)
      page.lines.append(line)
      budget.add(line, session)
      told += 1
      if budget.isFull || slice.isOver { break }
    }
    let bytes = Codec.encode(page, arena: session.arena)
    return told < entries.count ? .message(bytes) : .end(bytes)
  }

  private func line(
    _ entry: Entry, _ day: Day, _ position: LogPosition, _ readModel: RegistryReader
  ) throws -> CohortRollLine {
    let stream = StreamID(.enrolment, entry.enrolment)
    guard let state = try readModel.state(of: stream, on: day, knownAt: position)?.enrolment else {
      throw LogFailure("The enrolment \(entry.enrolment.text) is gone from what was known.")
    }
    let officer = readModel.sharedStreams.merges.owner(
      of: stream, naming: entry.officer, on: day, knownAt: position)
    var line = CohortRollLine(
      enrolment: entry.enrolment, officer: officer, status: state.status,
      completion: state.status == .completed ? state.completion : nil)
    if line.completion != nil, let evidence = state.evidence {
      let profile = try Profile(of: officer, on: day, knownAt: position, from: readModel)
      line.credentials = profile.credentials
        .filter { evidence.isCited(byOneOf: $0.state.terms.evidence) }.map(\.id)
    }
    return line
  }
}

extension ReadSession {
  /// Every enrolment that has a row on a cohort's roll, or is attributed to it.
  func enrolmentsOnRoll(of cohort: Identifier) throws -> Set<Identifier> {
    var found = Set(try enrolments(attributedTo: StreamID(.cohort, cohort).text))
    try readModel.snapshot.scan(readModel.views[.rolls], prefix: ViewKey.prefix(cohort.text)) {
      _, value in
      if let row = RollRow(value) { found.insert(row.enrolment) }
      return true
    }
    return found
  }
}

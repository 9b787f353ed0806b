import Messages
import Projections
import Registry
import RegistryStorage

/// What aligns with an instrument on a day: each agreement, programme, course and mandate is asked.
package struct AlignedQuery: Query {
  /// Lines in one page.
  static let linesMax = 500

  private let question: AlignedRequest
  private var asOf: AsOf
  /// Not asked yet, the next one last; nil before the first slice.
  private var left: [StreamID]?

  package init(_ question: AlignedRequest) {
    self.question = question
    asOf = AsOf(on: question.on, atPosition: question.atPosition, atLeast: question.atLeast)
  }

  package var gatheredBytes: Int { (left?.count ?? 0) * MemoryLayout<StreamID>.stride }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let sharedStreams = session.readModel.sharedStreams
    let (day, position) = try asOf.pin(session)
    let alignment = Alignment(
      instrument: question.instrument, sharedStreams: sharedStreams, day: day, position: position)
    var page = AlignedPage(asOf: position)
    // Held once, so that it is not copied for each line.
    var left: [StreamID]
    if let known = self.left {
      left = known
    } else {
      try sharedStreams.expect(
        .instrument, question.instrument, "instrument", knownAt: position)
      page.instrument =
        sharedStreams.state(
          of: StreamID(.instrument, question.instrument), on: day, knownAt: position)?.instrument
      left = [StreamKind.agreement, .programme, .course, .mandate]
        .flatMap { kind in sharedStreams.streams(of: kind).sorted { $0.key < $1.key } }
        .reversed()
    }
    self.left = nil
    var budget = PageBudget(slice)
    while let stream = left.popLast() {
      if let line = alignment.line(of: stream) {
        page.lines.append(line)
        budget.add(line, session)
      }
      if slice.isOver || budget.isFull || page.lines.count >= Self.linesMax { break }
    }
    self.left = left
    let bytes = Codec.encode(page, arena: session.arena)
    return left.isEmpty ? .end(bytes) : .message(bytes)
  }
}

/// Whether something aligns with an instrument on a day, as known at a position.
private struct Alignment {
  let instrument: Identifier
  let sharedStreams: SharedStreams
  let day: Day
  let position: LogPosition

  func line(of stream: StreamID) -> AlignedLine? {
    guard let state = sharedStreams.state(of: stream, on: day, knownAt: position) else {
      return nil
    }
    var line = AlignedLine(stream: stream, status: state.statusName)
    switch state {
    case .agreement(let agreement):
      guard agreement.terms.instruments.contains(instrument) else { return nil }
      line.title = agreement.terms.title
    case .programme(let programme):
      line.title = programme.terms.title
      guard !programme.terms.instruments.contains(instrument) else { return line }
      line.through = programme.agreements.first(where: isAligned)
      guard line.through != nil else { return nil }
    case .course(let course):
      // What an earlier edition was aligned with the last one may not be.
      guard course.editions.last?.instruments.contains(instrument) == true else { return nil }
      line.title = course.title
    case .mandate(let mandate):
      guard mandate.terms.directive == instrument else { return nil }
      line.title = mandate.terms.title
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .cohort,
      .enrolment, .submission, .credential, .skillClaim, .duty:
      return nil
    }
    return line
  }

  private func isAligned(_ agreement: Identifier) -> Bool {
    sharedStreams.state(of: StreamID(.agreement, agreement), on: day, knownAt: position)?.agreement?
      .terms.instruments.contains(instrument) ?? false
  }
}

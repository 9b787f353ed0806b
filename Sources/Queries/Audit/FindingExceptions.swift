import Messages
import Projections
import Registry

/// What contradicts what is known is an exception: each kind of finding is a kind of exception.
extension FindingKind {
  package var exception: ExceptionKind {
    switch self {
    case .dayToCome: .dayToCome
    case .dayLongPast: .dayLongPast
    case .beforeService: .beforeService
    case .afterDeath: .afterDeath
    case .awardedAfterDeath: .awardedAfterDeath
    case .afterSeparation: .afterSeparation
    case .belowPassMark: .belowPassMark
    case .failedAbovePassMark: .failedAbovePassMark
    case .evidenceLater: .evidenceLater
    case .validBeforeAward: .validBeforeAward
    case .prerequisiteNotMet: .prerequisiteNotMet
    case .deprecatedSkill: .deprecatedSkill
    case .creditsAgainstHours: .creditsAgainstHours
    case .documentOfTwo: .documentOfTwo
    case .numberOfTwo: .numberOfTwo
    case .idIsNumber: .idIsNumber
    case .successorOfAnother: .successorOfAnother
    case .nonCompliantBeforeDue: .nonCompliantBeforeDue
    case .beforeCohort: .beforeCohort
    case .trainingGone: .trainingGone
    }
  }
}

extension ExceptionKind {
  /// The finding that it is; nil where it is something else.
  package var finding: FindingKind? { FindingKind.allCases.first { $0.exception == self } }
}

extension ExceptionFinder {
  /// The kinds of streams whose events are held against what is known, beside those that are
  /// scanned for more.
  static let plainKinds: [StreamKind] = [.submission, .skillClaim, .officer]
  static let sharedKinds: [StreamKind] = [.course, .cohort]

  static func looksForFindings(_ kinds: Set<ExceptionKind>) -> Bool {
    kinds.contains { $0.finding != nil }
  }

  /// Holds every event of a stream that stands against what is known.
  func findings(_ stream: StreamID, into lines: inout [ExceptionLine]) throws {
    let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
    let state = standing.fold().state
    for at in standing.foldOrder {
      try findings(of: standing.event(at), in: state, into: &lines)
    }
  }

  func findings(
    of event: StreamEvent, in state: StreamState?, into lines: inout [ExceptionLine]
  ) throws {
    let found = Plausibility.contradictions(of: event, in: state, given: facts)
    if let failure = facts.failure { throw failure }
    for one in found {
      // What is yet to come is wrong from the day on which it was recorded.
      guard event.metadata.effective <= day || one.kind == .dayToCome else { continue }
      guard isToldOf(one.kind) else { continue }
      lines.append(
        line(
          one.kind.exception, event, owner(event.metadata.stream, state), one.sentence))
    }
  }

  func isToldOf(_ kind: FindingKind) -> Bool {
    kinds.contains(kind.exception) && table.meaning(of: kind) != .allow
  }

  /// An enrolment's completion, as its state has it. Its other events are read only where something
  /// may be wrong with them, since there are many.
  func enrolmentFindings(
    _ stream: StreamID, _ row: HeadRow, into lines: inout [ExceptionLine]
  ) throws {
    guard
      let state = try readModel.state(of: stream, row, on: .distantFuture, knownAt: position)?
        .enrolment
    else { return }
    let officer = state.seat.officer
    let last = row.head.last?.effective ?? .distantPast
    let isOdd =
      row.head.amended || last > facts.today || last < Plausibility.firstDay
      || state.status == .notCompleted || !state.awards.isEmpty
      || Plausibility.service(of: officer, on: last, given: facts) != .serves
      || Plausibility.service(of: officer, on: state.firstDay ?? last, given: facts) != .serves
    guard !isOdd, let completion = state.completion, state.status == .completed else {
      if isOdd { try findings(stream, into: &lines) }
      return
    }
    try findings(of: StreamEvent(completion, of: stream), in: .enrolment(state), into: &lines)
  }

  /// Says of findings how they were settled, and leaves out what is settled where only open ones are
  /// asked for. What was to be corrected and is still so is open.
  func settle(_ lines: [ExceptionLine], openOnly: Bool) throws -> [ExceptionLine] {
    guard
      let settled = readModel.sharedStreams.establishment(
        on: .distantFuture, knownAt: position)?.settled, !settled.isEmpty
    else { return lines }
    return try lines.compactMap { line in
      guard let kind = line.exceptionKind.finding,
        let known = settled[SettledFinding.ListKey(kind, line.eventID)],
        known.settled.outcome == .accepted
      else { return line }
      guard !openOnly else { return nil }
      var line = line
      line.settled = known.settled.outcome
      line.reason = known.since.reason
      line.settledBy = try readModel.stored(known.since.position).proposal.eventID
      return line
    }
  }
}

extension Enrolment {
  /// The first day that its state tells of; nil where that is none.
  fileprivate var firstDay: Day? { completion.map { min($0.day, since.day) } }
}

import Messages
import Projections
import Registry

extension ExceptionFinder {
  /// The records that an officer did not comply which say so of a day on which, by what is known
  /// now, nothing was due: the deadline had been extended, or the officer was not meant.
  func duty(_ stream: StreamID, _ row: HeadRow, into lines: inout [ExceptionLine]) throws {
    let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
    for at in standing.foldOrder where standing.orders[at].effective <= day {
      let event = standing.events[at]
      guard case .duty(.nonComplianceRecorded(let given)) = event.body,
        let why = try notDue(given.duty, stream, on: event.metadata.effective)
      else { continue }
      lines.append(
        line(
          .nonCompliantBeforeDue, event,
          readModel.sharedStreams.merges.owner(
            of: stream, naming: given.duty.officer, on: day, knownAt: position),
          "recorded as not compliant with \(given.duty.mandate.text) on "
            + "\(event.metadata.effective.text), and does not count: \(why)"))
    }
  }

  /// Why an officer could not be non-compliant on a day; nil where they could.
  private func notDue(
    _ holder: DutyHolder, _ stream: StreamID, on asked: Day
  ) throws -> String? {
    let sharedStreams = readModel.sharedStreams
    let mandate: ResolvedMandate
    do {
      mandate = try ResolvedMandate(
        holder.mandate, on: asked, knownAt: position, sharedStreams)
    } catch QueryFailure.notFound {
      return "the mandate was not issued by then"
    }
    guard !mandate.isWithdrawn else { return "the mandate was withdrawn by then" }
    let reader = DutyReader(mandate.measure)
    let judge = DutyEvaluator(
      mandate.measure, deadline: mandate.deadline, names: reader.names,
      sharedStreams: sharedStreams, knownAt: position)
    try reader.fold(
      sharedStreams.merges.owner(
        of: stream, naming: holder.officer, on: mandate.measure.day, knownAt: position),
      readModel, knownAt: position)
    guard let duty = reader.dutyClass(collapsing: false), let verdict = judge.verdict(of: duty)
    else { return "the mandate did not mean the officer" }
    if verdict.due >= asked { return "it was due on \(verdict.due.text)" }
    if verdict.due > mandate.measure.day {
      return "the mandate was closed on \(mandate.measure.day.text), before it was due"
    }
    return nil
  }
}

import Messages
import Projections
import Registry

extension ExceptionFinder {
  static func looksAtDuties(_ kinds: Set<ExceptionKind>) -> Bool {
    kinds.contains(.nonCompliantBeforeDue) || kinds.contains(.exemptedFromNothing)
  }

  /// The events of a duty that have no effect, by what is known now.
  func duty(_ stream: StreamID, _ row: HeadRow, into lines: inout [ExceptionLine]) throws {
    let standing = try readModel.effectiveHistory(of: stream, knownAt: position)
    for at in standing.foldOrder where standing.orders[at].effective <= day {
      let event = standing.events[at]
      guard case .duty(let body) = event.body else { continue }
      switch body {
      case .nonComplianceRecorded(let given):
        if kinds.contains(.nonCompliantBeforeDue) {
          try nonCompliance(given.duty, event, into: &lines)
        }
      case .exemptionGranted(let given):
        if kinds.contains(.exemptedFromNothing) { exemption(given.duty, event, into: &lines) }
      case .exemptionEnded, .nonComplianceCleared: break
      }
    }
  }

  /// An exemption that was recorded when nobody knew yet that the mandate had been closed before.
  private func exemption(
    _ holder: DutyHolder, _ event: StreamEvent, into lines: inout [ExceptionLine]
  ) {
    let from = event.metadata.effective
    let mandate = readModel.sharedStreams.state(
      of: StreamID(.mandate, holder.mandate), on: from, knownAt: position)?.mandate
    let why: String
    switch mandate {
    case let known? where known.status == .withdrawn || known.counted(on: from) < from:
      why = "was \(known.status.name) on \(known.since.day.text)"
    // Exempted on the day of the closing counts, as what was completed that day does.
    case .some: return
    case nil: why = "was not issued by then"
    }
    lines.append(
      line(
        .exemptedFromNothing, event, owner(of: event, holder),
        "exempted from \(holder.mandate.text) from \(from.text) on, and that has no effect: the "
          + "mandate \(why)"))
  }

  private func owner(of event: StreamEvent, _ holder: DutyHolder) -> Identifier {
    readModel.sharedStreams.merges.owner(
      of: event.metadata.stream, naming: holder.officer, on: day, knownAt: position)
  }

  /// A record that an officer did not comply which says so of a day on which, by what is known now,
  /// nothing was due: the deadline had been extended, or the officer was not meant.
  private func nonCompliance(
    _ holder: DutyHolder, _ event: StreamEvent, into lines: inout [ExceptionLine]
  ) throws {
    let asked = event.metadata.effective
    guard let why = try notDue(holder, event.metadata.stream, on: asked) else { return }
    lines.append(
      line(
        .nonCompliantBeforeDue, event, owner(of: event, holder),
        "recorded as not compliant with \(holder.mandate.text) on \(asked.text), and does not "
          + "count: \(why)"))
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

import Messages
import Projections
import Registry
import RegistryStorage

/// `GetAgreement`: the dashboard of an agreement, people once and completions each against its
/// targets.
///
/// One answer, computed in slices: its trainings are gone through by `AgreementWalk`, then target
/// after target is held against them. Each part of an answer in parts counts anew, so that nothing
/// is kept for a caller who may not come back.
package struct AgreementQuery: Query {
  private let question: GetAgreementRequest
  /// The two times, taken by the first slice.
  private var cursor: StateCursor?
  private var partial: PartialAnswer?

  /// What was found so far.
  private struct PartialAnswer: Sendable {
    /// The agreement as it was, folded once.
    let state: Agreement
    var walk: AgreementWalk
    var count: AgreementCount
    var isCounted = false
    /// What of the state stands in this answer, and where the next part begins.
    var part: (state: Agreement, next: UInt32?)?
    var targets: [TargetLine] = []
  }

  package init(_ question: GetAgreementRequest) { self.question = question }

  package var gatheredBytes: Int {
    partial.map { $0.walk.gatheredBytes + $0.count.gatheredBytes } ?? 0
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let cursor =
      try self.cursor
      ?? session.begin(
        question.resumeAfter, on: question.on, atLeast: question.atLeast, at: question.atPosition)
    if self.cursor == nil {
      try session.readModel.sharedStreams.expect(
        .agreement, question.agreement, "agreement", knownAt: cursor.position)
    }
    self.cursor = cursor
    let trainings = AgreementTrainings(
      session, question.agreement, on: cursor.day, knownAt: cursor.position)
    guard var partial = try self.partial ?? begin(trainings) else {
      let reply = GetAgreementReply(agreement: question.agreement, asOf: cursor.position)
      return .end(Codec.encode(reply, arena: session.arena))
    }
    // Held once, so that what it gathered is not copied for each slice.
    self.partial = nil
    guard try work(&partial, cursor, trainings, slice) else {
      self.partial = partial
      return .working
    }
    let reply = reply(partial, cursor, session)
    return .end(try session.whole(Codec.encode(reply, arena: session.arena)))
  }

  /// Nil where there is no such agreement that day, as far as is known.
  private func begin(_ trainings: AgreementTrainings) throws -> PartialAnswer? {
    guard
      let state = try trainings.session.readModel.state(
        of: StreamID(.agreement, question.agreement), on: trainings.day,
        knownAt: trainings.position)?.agreement
    else { return nil }
    return PartialAnswer(
      state: state, walk: try AgreementWalk(trainings),
      count: try AgreementCount(trainings, state.targets))
  }

  /// False when the slice was over first.
  private func work(
    _ partial: inout PartialAnswer, _ cursor: StateCursor, _ trainings: AgreementTrainings,
    _ slice: TimeSlice
  ) throws -> Bool {
    if !partial.isCounted {
      let isDone = try partial.walk.work(trainings, slice) {
        try partial.count.add($0, trainings)
      }
      guard isDone else { return false }
      partial.count.finish()
      partial.isCounted = true
      var part: (state: Agreement, next: UInt32?) = (partial.state, nil)
      if question.inParts {
        let (state, next) = StatePager.of(
          .agreement(partial.state), from: cursor.entry, arena: trainings.session.arena)
        if let state = state.agreement { part = (state, next) }
      }
      partial.part = part
    }
    let targets = partial.part?.state.targets ?? []
    for target in targets.dropFirst(partial.targets.count) {
      guard let line = try partial.count.line(target, partial.state, trainings, slice) else {
        return false
      }
      partial.targets.append(line)
      if partial.targets.count < targets.count, slice.isOver { return false }
    }
    return true
  }

  private func reply(
    _ partial: PartialAnswer, _ cursor: StateCursor, _ session: ReadSession
  ) -> GetAgreementReply {
    var reply = GetAgreementReply(agreement: question.agreement, asOf: cursor.position)
    reply.state = partial.part?.state
    reply.resumeAfter = session.resuming(cursor, partial.part?.next)
    reply.mayBeReliedOn = partial.state.mayBeReliedOn(on: cursor.day)
    reply.expired = partial.state.isExpired(on: cursor.day)
    reply.whyNot = partial.state.whyNotReliedOn(on: cursor.day) ?? ""
    // Only on the first page.
    if cursor.entry == 0 { reply.programmes = partial.count.lines }
    reply.people = partial.count.officers
    reply.completions = partial.count.lines.reduce(0) { $0 + $1.completions }
    reply.targets = partial.targets
    return reply
  }
}

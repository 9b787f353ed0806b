import Messages
import Projections
import Registry
import RegistryStorage

/// What the answers of a day say at one position and not at another.
///
/// It goes through the log between the two in portions, and tells of the streams that the events
/// stand in and of the people whom they name: a stream in the portion of its first event there, a
/// person in that of the first event that touched their record, so that nothing is kept from one
/// portion to the next. Then it tells of everybody else whom a shared stream reaches.
package struct DiffQuery: Query {
  /// Events of a portion, at most: fewer where these took longer than a slice.
  static let eventsMax = 500
  static let positionsMax = 16
  static let pageLinesMax = 1_000

  private let question: DiffRequest
  private var asOf: AsOf
  private var cursor: LogPosition
  private var events: UInt64 = 16
  /// Lines that the last page had no room for.
  private var found = LineQueue<DiffLine>()
  private var ripples: DiffRipples?
  private var isOver = false
  private var more: UInt64 = 0

  package init(_ question: DiffRequest) {
    self.question = question
    cursor = question.from
    asOf = AsOf(on: question.on, atLeast: question.atLeast)
  }

  package var cost: QueryCost { .heavy }
  package var gatheredBytes: Int { ripples?.gatheredBytes ?? 0 }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    let (day, asOf) = try self.asOf.pin(session)
    let to = question.to == 0 ? asOf : question.to
    guard question.from <= to else {
      throw QueryFailure.invalid(
        "The first position, \(question.from), comes after \(to).", field: "from")
    }
    guard to <= asOf else {
      throw QueryFailure.outOfRange("The log has \(asOf) events.", field: "to")
    }
    if found.isEmpty, cursor < to {
      let upTo = min(cursor + events, to)
      let portion = DiffPortion(
        readModel: session.readModel, from: question.from, to: to, day: day, portion: cursor..<upTo)
      found.append(try portion.lines())
      cursor = upTo
      events = slice.isOver ? max(events / 2, 1) : min(events * 2, UInt64(Self.eventsMax))
    } else if found.isEmpty, !isOver {
      try ripple(session, slice, to: to, on: day)
    }
    var page = DiffPage(
      lines: found.take(Self.pageLinesMax, slice, session), progress: progress(to), asOf: asOf)
    let isLast = isOver && found.isEmpty
    if isLast { page.more = more }
    let bytes = Codec.encode(page, arena: session.arena)
    return isLast ? .end(bytes) : .message(bytes)
  }

  private mutating func ripple(
    _ session: ReadSession, _ slice: TimeSlice, to: LogPosition, on day: Day
  ) throws {
    var ripples =
      self.ripples ?? DiffRipples(session, from: question.from, to: to, on: day)
    // Held once, so that what it gathers is not copied for each slice.
    self.ripples = nil
    if try ripples.work(session, slice) {
      found.append(ripples.lines)
      (more, isOver) = (ripples.more, true)
    } else {
      self.ripples = ripples
    }
  }

  /// Of the log's events, then of those whom these may reach.
  private func progress(_ to: LogPosition) -> Progress {
    let log = Progress(done: cursor - question.from, of: to - question.from)
    guard let further = ripples?.progress else { return log }
    return Progress(done: log.done + further.done, of: log.of + further.of)
  }
}

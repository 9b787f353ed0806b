import Messages
import Projections
import Registry
import RegistryStorage

/// A query whose answer is computed in slices of a few milliseconds: streamed, or one message at its
/// end.
///
/// Each slice reads a fresh snapshot, so that no snapshot grows old, a thread is soon free for
/// others, and nobody works for a caller who cancelled or does not read. What is answered over
/// several slices is as of one position, which the first of them pins. `QueryStream` is what brings
/// it to a connection.
package protocol Query: Sendable {
  /// Works until there is a message or the slice is over; a slice that is over at once makes
  /// progress too.
  ///
  /// - Throws: `QueryFailure`, or what `QueryFailure(of:)` makes one of.
  mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep
  /// What the next slice weighs, where that may change on the way.
  var cost: QueryCost { get }
  /// Bytes that it keeps from slice to slice, where they grow with the registry.
  var gatheredBytes: Int { get }
}

extension Query {
  package var cost: QueryCost { .light }
  package var gatheredBytes: Int { 0 }
}

/// The two times of a question whose answer comes in pages: what the first slice took holds for
/// all of them, whatever is recorded meanwhile.
struct AsOf: Sendable {
  let on: Day?
  let atPosition: LogPosition?
  let atLeast: LogPosition
  private var pinned: (day: Day, position: LogPosition)?

  init(on: Day? = nil, atPosition: LogPosition? = nil, atLeast: LogPosition) {
    self.on = on
    self.atPosition = atPosition
    self.atLeast = atLeast
  }

  mutating func pin(_ session: ReadSession) throws -> (day: Day, position: LogPosition) {
    if let pinned { return pinned }
    try session.check(atLeast: atLeast, at: atPosition)
    let asOf = (on ?? session.today, atPosition ?? session.readModel.asOf)
    pinned = asOf
    return asOf
  }
}

/// The byte budget of a page, from its slice.
struct PageBudget {
  private(set) var bytes = 0
  private let max: Int

  init(_ slice: TimeSlice) { max = slice.bytesMax }

  var isFull: Bool { bytes >= max }

  /// Whether lines of so many bytes more are within it; the first always is.
  func hasRoom(for more: Int) -> Bool { bytes == 0 || bytes + more <= max }

  mutating func add(_ more: Int) { bytes += more }

  /// Counts a line that stands on the page.
  mutating func add(_ line: some Message, _ session: ReadSession) {
    // Its tag and length besides.
    bytes += Codec.byteCount(of: line, arena: session.arena) + 5
  }
}

/// Lines that are ready and are sent on as many pages as they need.
struct LineQueue<Line: Message>: Sendable {
  private var lines: ArraySlice<Line>

  init(_ lines: [Line] = []) { self.lines = lines[...] }

  var isEmpty: Bool { lines.isEmpty }

  mutating func append(_ more: [Line]) { lines += more }

  /// Those that a page has room for, at least one where there is one.
  mutating func take(_ max: Int, _ slice: TimeSlice, _ session: ReadSession) -> [Line] {
    var budget = PageBudget(slice)
    var taken = 0
    for line in lines.prefix(max) where !budget.isFull {
      budget.add(line, session)
      taken += 1
    }
    defer { lines = taken == lines.count ? [] : lines.dropFirst(taken) }
    return Array(lines.prefix(taken))
  }
}

extension EffectiveHistory.Disposition {
  /// As answers have it: a void or a restoration itself stands.
  var standing: (standing: EventStanding, by: LogPosition?) {
    switch self {
    case .stands, .act: (.stands, nil)
    case .voided(let by): (.voided, by)
    case .corrected(let by): (.corrected, by)
    }
  }
}

extension StoredEvent {
  /// Who recorded it, where that is known.
  var actor: String { String(decoding: recorded.actor, as: UTF8.self) }

  /// By whom and why, for a sentence.
  var byWhom: String {
    "at position \(recorded.position) by \(actor)"
      + (proposal.reason.map { ", reason \($0.text)" } ?? "")
  }
}

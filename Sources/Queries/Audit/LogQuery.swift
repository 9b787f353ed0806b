import LMDB
import Messages
import Projections
import Registry
import RegistryStorage

/// `ReadLog`: events from a position on. Who follows is told of what is recorded as it comes; who
/// does not reads to where the log ended at the first slice.
package struct LogQuery: Query {
  /// Events looked at for one page, of which a filter may take none.
  static let lookedMax: UInt64 = 20_000

  private let question: ReadLogRequest
  private var position: LogPosition
  private var left: UInt64
  private var end: LogPosition?

  package init(_ question: ReadLogRequest) {
    self.question = question
    position = question.from
    left = question.limit == 0 ? .max : question.limit
  }

  package mutating func next(_ session: ReadSession, _ slice: TimeSlice) throws -> StreamStep {
    if end == nil, let kind = question.streamKind, StreamKind(rawValue: kind.text) == nil {
      throw QueryFailure(
        noSuch: "kind of stream", kind.text, among: StreamKind.allCases.lazy.map(\.rawValue),
        field: "stream_kind")
    }
    let now = session.readModel.asOf
    let end = question.follow ? now : end ?? now
    self.end = end
    guard left > 0 else { return .end(nil) }
    guard position < end else { return question.follow ? .idle : .end(nil) }
    var page = ReadLogPage(next: position, asOf: end)
    try read(until: end, into: &page, session, slice)
    position = page.next
    if question.limit > 0 { left -= UInt64(page.events.count) }
    // Where a filter took nothing, the page says how far it looked; who follows waits in peace.
    if page.events.isEmpty, question.follow { return position < end ? .working : .idle }
    return .message(Codec.encode(page, arena: session.arena))
  }

  private func read(
    until end: LogPosition, into page: inout ReadLogPage, _ session: ReadSession, _ slice: TimeSlice
  ) throws {
    var filter = LogFilter(question, session.readModel.sharedStreams)
    var budget = PageBudget(slice)
    let start = page.next
    // What is not in the views yet is not acknowledged yet.
    try session.readModel.log.read(start..<max(start, end)) { position, event in
      guard UInt64(page.events.count) < left else { return false }
      if filter.takes(event) {
        guard budget.hasRoom(for: event.byteCount) else { return false }
        budget.add(event.byteCount)
        page.events.append(RawFields.bytes(event))
      }
      page.next = position + 1
      let looked = position + 1 - start
      // A filter must not hold a snapshot of the whole log.
      return looked < Self.lookedMax && (looked % 32 != 0 || !slice.isOver)
    }
  }
}

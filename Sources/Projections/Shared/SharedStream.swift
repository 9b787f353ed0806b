import Algorithms
import Registry
import Locking

/// A stream that is kept in memory, as it is after some event.
final class SharedStream: Sendable {
  let head: StreamHead
  /// In the order of the positions.
  let history: ChunkedArray<StreamEvent>
  /// States of days before the last event's, of long streams and of frameworks, whose first event
  /// may name thousands of skills. What is asked about a past day, or
  /// about today while something is recorded of a later one, is asked again with the next question.
  private let folded: Mutex<[Day: StreamState?]>

  /// Events from which on folded states are kept.
  private static let longMin = 32
  private static let daysMax = 64

  /// - Parameter before: the stream before the last events of the history.
  init(_ head: StreamHead, _ history: ChunkedArray<StreamEvent>, after before: SharedStream? = nil)
  {
    self.head = head
    self.history = history
    folded = Mutex(before.map { $0.folded(before: history.dropFirst($0.history.count)) } ?? [:])
  }

  /// The kept states that the events leave as they are: an event says nothing of the days before
  /// its own, but what it corrects may have been of any.
  private func folded(before events: some Sequence<StreamEvent>) -> [Day: StreamState?] {
    var first = Day.distantFuture
    for event in events {
      if event.corrects != nil { return [:] }
      first = min(first, event.metadata.effective)
    }
    return folded.withLock { $0.filter { $0.key < first } }
  }

  /// The state on a day as known at a position (the number of events then known).
  func state(on day: Day, knownAt position: LogPosition) -> StreamState? {
    guard (history.last?.metadata.position ?? 0) < position else {
      return EffectiveHistory(history.known(before: position)).fold(until: day).state
    }
    if head.last.map({ $0.effective <= day }) ?? true { return head.state }
    guard history.count >= Self.longMin || head.state?.framework != nil else {
      return EffectiveHistory(history).fold(until: day).state
    }
    if let known = folded.withLock({ $0[day] }) { return known }
    let state = EffectiveHistory(history).fold(until: day).state
    folded.withLock { states in
      if states.count >= Self.daysMax { states.removeAll() }
      states[day] = .some(state)
    }
    return state
  }
}

extension ChunkedArray where Element == StreamEvent {
  /// The events before a position, of those in the order of their positions.
  public func known(before position: LogPosition) -> [StreamEvent] {
    Array(prefix(upTo: partitioningIndex { $0.metadata.position >= position }))
  }
}

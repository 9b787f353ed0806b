import Projections
import Registry

/// The shared streams as readers have them: those of the newest commit, and those before, for who
/// still reads the snapshot before it.
struct PublishedStreams: Sendable {
  var current: SharedStreams
  var previous: SharedStreams

  enum Invariant: String, CaseIterable {
    case publishedNeverGoesBack = "What is published is never older than what was before."
  }

  init(_ first: SharedStreams) { (current, previous) = (first, first) }

  /// The streams as a snapshot at a position sees them.
  func streams(for asOf: LogPosition) -> SharedStreams? {
    if current.changedAt <= asOf { return current }
    return previous.changedAt <= asOf ? previous : nil
  }

  mutating func publish(_ streams: SharedStreams) {
    guard streams.changedAt != current.changedAt else { return }
    (current, previous) = (streams, current)
    assert(violations().isEmpty, "\(violations())")
  }

  /// The invariants that do not hold.
  func violations() -> [Invariant] {
    previous.changedAt <= current.changedAt ? [] : [.publishedNeverGoesBack]
  }
}

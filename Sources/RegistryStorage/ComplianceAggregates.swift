import DequeModule
import Locking
import Messages
import OrderedCollections
import Projections
import Registry

/// The cached compliance aggregates, and the officers changed lately: the writer notes whom each
/// batch changed, and a query recounts those before it answers. So a posting costs the writer one
/// entry in a list, and a moved organisation costs it nothing.
package final class ComplianceAggregates: Sendable {
  /// Mandates and days counted at once; the one asked for longest ago leaves. With a million
  /// officers an aggregate takes about 120 MB.
  package static let talliesMax = 3
  /// Changed officers that are remembered: an aggregate further behind is rebuilt.
  let touchedMax: Int

  package struct Key: Hashable {
    package var mandate: Identifier
    package var day: Day

    package init(mandate: Identifier, day: Day) {
      (self.mandate, self.day) = (mandate, day)
    }
  }

  /// An aggregate that is shared and kept up to date.
  package final class Shared: Sendable {
    package let builder: Mutex<AggregateBuilder>
    package init(_ builder: AggregateBuilder) { self.builder = Mutex(builder) }
  }

  private struct Recent {
    var batches: Deque<(end: LogPosition, officers: [Identifier])> = []
    var count = 0
    /// Of batches that end by it nothing is remembered.
    var forgottenUntil: LogPosition = 0
  }

  package init(touchedMax: Int) { self.touchedMax = touchedMax }

  private let recent = Mutex(Recent())
  /// In the order in which they were asked for, the latest last.
  private let shared = Mutex<OrderedDictionary<Key, Shared>>([:])

  /// Takes down whom a batch touched. Called before the views that go with it are committed, so
  /// that a snapshot is never ahead of what is known here.
  package func note(_ officers: some Sequence<Identifier>, end: LogPosition) {
    let officers = Array(officers)
    recent.withLock { recent in
      recent.batches.append((end, officers))
      recent.count += officers.count
      while recent.count > touchedMax, let dropped = recent.batches.popFirst() {
        recent.count -= dropped.officers.count
        recent.forgottenUntil = dropped.end
      }
    }
  }

  /// The views advanced to a position other than by a batch: every aggregate is rebuilt.
  package func forget(until end: LogPosition) {
    recent.withLock { recent in
      recent = Recent()
      recent.forgottenUntil = end
    }
  }

  /// Who was touched by batches that end after one position and by another; nil: not known here.
  package func touched(after position: LogPosition, until end: LogPosition) -> Set<Identifier>? {
    recent.withLock { recent in
      guard position >= recent.forgottenUntil else { return nil }
      var officers: Set<Identifier> = []
      for batch in recent.batches.reversed() {
        if batch.end <= position { break }
        if batch.end <= end { officers.formUnion(batch.officers) }
      }
      return officers
    }
  }

  /// The aggregate of a mandate on a day, if it was built for what it is now.
  package func aggregate(_ key: Key, _ asked: CompiledMandate) -> Shared? {
    let known: Shared? = shared.withLock { shared in
      guard let found = shared.removeValue(forKey: key) else { return nil }
      shared[key] = found
      return found
    }
    guard let known,
      known.builder.withLock({ $0.aggregate.measure.serves(asked) })
    else { return nil }
    return known
  }

  /// Shares an aggregate that is complete.
  package func share(_ builder: AggregateBuilder, _ key: Key) {
    shared.withLock { shared in
      shared[key] = nil
      shared[key] = Shared(builder)
      if shared.count > Self.talliesMax { shared.removeFirst() }
    }
  }
}

/// Builds an aggregate slice by slice, each from a newer snapshot. Officers changed meanwhile are
/// recounted, so that at the end all are counted as of one position.
package struct AggregateBuilder: Sendable {
  package var aggregate: ComplianceAggregate
  /// From where on the roster is still to be read; nil: it was read to the end.
  package var from: [UInt8]? = []
  package var counted: UInt64 = 0
  /// Touches of batches that end by it were counted, or wait.
  package var knownUntil: LogPosition
  package var waiting: [Identifier]

  package init(_ aggregate: ComplianceAggregate, knownUntil: LogPosition, waiting: [Identifier]) {
    (self.aggregate, self.knownUntil, self.waiting) = (aggregate, knownUntil, waiting)
  }
}

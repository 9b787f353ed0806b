import Locking
import Messages
import Projections
import Registry

/// The tallies of the mandates that were asked about, and who was touched lately: the writer says
/// whom each batch touched, and a question counts those anew before it answers. So a posting costs
/// the writer a name in a list, and a moved organisation nothing.
package final class Tallies: Sendable {
  /// Mandates and days counted at once; the one asked for longest ago leaves. With a million
  /// officers a tally takes about 120 MB.
  package static let talliesMax = 3
  /// Officers remembered as touched: a tally that is further behind is counted from scratch.
  let touchedMax: Int

  package struct Key: Hashable {
    package var mandate: Identifier
    package var day: Day

    package init(mandate: Identifier, day: Day) {
      (self.mandate, self.day) = (mandate, day)
    }
  }

  /// A tally that others count on.
  package final class Shared: Sendable {
    package let counting: Mutex<Counting>
    package init(_ counting: Counting) { self.counting = Mutex(counting) }
  }

  private struct Recent {
    var batches: [(end: LogPosition, officers: [Identifier])] = []
    var count = 0
    /// Of batches that end by it nothing is remembered.
    var forgottenUntil: LogPosition = 0
  }

  package init(touchedMax: Int) { self.touchedMax = touchedMax }

  private let recent = Mutex(Recent())
  private let shared = Mutex<[(key: Key, tally: Shared)]>([])

  /// Takes down whom a batch touched. Called before the views that go with it are committed, so
  /// that a snapshot is never ahead of what is known here.
  package func note(_ officers: some Sequence<Identifier>, end: LogPosition) {
    let officers = Array(officers)
    recent.withLock { recent in
      recent.batches.append((end, officers))
      recent.count += officers.count
      var dropped = 0
      while recent.count > touchedMax, dropped < recent.batches.count {
        recent.count -= recent.batches[dropped].officers.count
        recent.forgottenUntil = recent.batches[dropped].end
        dropped += 1
      }
      recent.batches.removeFirst(dropped)
    }
  }

  /// The views went on to a position by other ways than a batch: every tally is counted anew.
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

  /// The tally of a mandate on a day, if it was counted for these terms.
  package func tally(_ key: Key, _ terms: MandateTerms, policy: SkillPolicy) -> Shared? {
    let known: Shared? = shared.withLock { shared in
      guard let at = shared.firstIndex(where: { $0.key == key }) else { return nil }
      let found = shared.remove(at: at)
      shared.append(found)
      return found.tally
    }
    guard let known,
      known.counting.withLock({ $0.tally.measure.serves(terms, on: key.day, policy: policy) })
    else { return nil }
    return known
  }

  /// Lets others count on a tally that was counted to its end.
  package func share(_ counting: Counting, _ key: Key) {
    shared.withLock { shared in
      shared.removeAll { $0.key == key }
      shared.append((key, Shared(counting)))
      if shared.count > Self.talliesMax { shared.removeFirst() }
    }
  }
}

/// A tally being counted, slice by slice, each from a newer snapshot. Whoever is touched meanwhile
/// is counted anew, so that at its end all are counted as of one position.
package struct Counting: Sendable {
  package var tally: Tally
  /// From where on the roster is still to be read; nil: it was read to the end.
  package var from: [UInt8]? = []
  package var counted: UInt64 = 0
  /// Touches of batches that end by it were counted, or wait.
  package var knownUntil: LogPosition
  package var waiting: [Identifier]

  package init(_ tally: Tally, knownUntil: LogPosition, waiting: [Identifier]) {
    (self.tally, self.knownUntil, self.waiting) = (tally, knownUntil, waiting)
  }
}

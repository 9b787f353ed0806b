import Messages
import Projections
import Registry
import Synchronization
import Wire

/// The tallies of the mandates that were asked about, and who was touched lately: the writer says
/// whom each batch touched, and a question counts those anew before it answers. So a posting costs
/// the writer a name in a list, and a moved organisation nothing.
final class Tallies: Sendable {
  /// Mandates and days counted at once; the one asked for longest ago leaves. With a million
  /// officers a tally takes about 120 MB.
  static let talliesMax = 3
  /// Officers remembered as touched: a tally that is further behind is counted from scratch.
  let touchedMax: Int

  struct Key: Hashable {
    var mandate: Identifier
    var day: Day
  }

  /// A tally that others count on.
  final class Shared: Sendable {
    let counting: Mutex<Counting>
    init(_ counting: Counting) { self.counting = Mutex(counting) }
  }

  private struct Recent {
    var batches: [(end: LogPosition, officers: [Identifier])] = []
    var count = 0
    /// Of batches that end by it nothing is remembered.
    var forgottenUntil: LogPosition = 0
  }

  init(touchedMax: Int) { self.touchedMax = touchedMax }

  private let recent = Mutex(Recent())
  private let shared = Mutex<[(key: Key, tally: Shared)]>([])

  /// Takes down whom a batch touched. Called before the views that go with it are committed, so
  /// that a snapshot is never ahead of what is known here.
  func note(_ officers: some Sequence<Identifier>, end: LogPosition) {
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
  func forget(until end: LogPosition) {
    recent.withLock { recent in
      recent = Recent()
      recent.forgottenUntil = end
    }
  }

  /// Who was touched by batches that end after one position and by another; nil: not known here.
  func touched(after position: LogPosition, until end: LogPosition) -> Set<Identifier>? {
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
  func tally(_ key: Key, _ terms: MandateTerms, policy: SkillPolicy) -> Shared? {
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
  func share(_ counting: Counting, _ key: Key) {
    shared.withLock { shared in
      shared.removeAll { $0.key == key }
      shared.append((key, Shared(counting)))
      if shared.count > Self.talliesMax { shared.removeFirst() }
    }
  }
}

/// A tally being counted, slice by slice, each from a newer snapshot. Whoever is touched meanwhile
/// is counted anew, so that at its end all are counted as of one position.
struct Counting: Sendable {
  var tally: Tally
  /// From where on the roster is still to be read; nil: it was read to the end.
  private var from: [UInt8]? = []
  private(set) var counted: UInt64 = 0
  /// Touches of batches that end by it were counted, or wait.
  private var knownUntil: LogPosition
  private var waiting: [Identifier]

  init(_ measure: DutyMeasure, _ desk: ReadDesk) throws {
    let records = desk.records
    tally = Tally(
      measure, officersAbout: try records.snapshot.count(records.views[.roster]))
    knownUntil = records.asOf
    waiting = records.catalogue.merges.everybody.sorted(by: >)
  }

  /// What was touched can no longer be told: count from scratch.
  struct Forgotten: Error {}

  /// Counts on; true when the tally is exact as of the desk's snapshot.
  ///
  /// - Throws: `Forgotten`.
  mutating func work(_ desk: ReadDesk, _ slice: TimeSlice) throws -> Bool {
    let records = desk.records
    // Another thread has counted on from a newer snapshot.
    guard records.asOf >= knownUntil else { return false }
    let reader = DutyReader(tally.measure, names: tally.names)
    let merged = records.catalogue.merges.everybody
    guard try readRoster(reader, records, merged, slice) else { return false }
    while true {
      guard try countWaiting(reader, records, merged, slice) else { return false }
      if knownUntil == records.asOf { return true }
      guard let touched = desk.store.tallies.touched(after: knownUntil, until: records.asOf) else {
        throw Forgotten()
      }
      knownUntil = records.asOf
      let all = touched.reduce(into: Set<Identifier>()) { all, officer in
        all.formUnion(
          merged.contains(officer) ? records.catalogue.merges.related(to: officer) : [officer])
      }
      waiting = all.sorted(by: >)
    }
  }

  private mutating func readRoster(
    _ reader: DutyReader, _ records: RegistryReader, _ merged: Set<Identifier>, _ slice: TimeSlice
  ) throws -> Bool {
    guard let from else { return true }
    // Records that were ever merged are counted by fold, among those who wait.
    let apart = Set(merged.map { ViewKey.of($0) })
    self.from = try DutyRowJoin.lend(reader, records) { join in
      var officer = try join.seek(from)
      while let key = officer {
        if apart.isEmpty || !apart.contains(key) {
          try join.readHere(key)
          if let duty = reader.dutyClass(collapsing: true) { tally.count(key, as: duty) }
        }
        counted += 1
        if counted % 64 == 0, slice.isOver { return OfficerSource.after(key) }
        officer = try join.next()
      }
      return nil
    }
    return self.from == nil
  }

  private mutating func countWaiting(
    _ reader: DutyReader, _ records: RegistryReader, _ merged: Set<Identifier>, _ slice: TimeSlice
  ) throws -> Bool {
    guard !waiting.isEmpty else { return true }
    return try DutyRowJoin.lend(reader, records) { join in
      while let officer = waiting.popLast() {
        let key = ViewKey.of(officer)
        if merged.contains(officer) {
          try reader.fold(officer, records, knownAt: records.asOf)
        } else {
          try join.read(key)
        }
        tally.count(key, as: reader.dutyClass(collapsing: true))
        if slice.isOver, !waiting.isEmpty { return false }
      }
      return true
    }
  }
}

import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// Counting a tally from a reader's snapshots.
extension Counting {
  init(_ measure: DutyMeasure, _ desk: ReadDesk) throws {
    let records = desk.records
    self.init(
      Tally(measure, officersAbout: try records.snapshot.count(records.views[.roster])),
      knownUntil: records.asOf, waiting: records.catalogue.merges.everybody.sorted(by: >))
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

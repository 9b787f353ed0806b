import Messages
import Projections
import Registry
import RegistryStorage

/// Counting a tally from a reader's snapshots.
extension AggregateBuilder {
  init(_ measure: CompiledMandate, _ session: ReadSession) throws {
    let readModel = session.readModel
    self.init(
      ComplianceAggregate(
        measure, officersAbout: try readModel.snapshot.count(readModel.views[.roster])),
      knownUntil: readModel.asOf, waiting: readModel.sharedStreams.merges.everybody.sorted(by: >))
  }

  /// The changes are no longer known: the aggregate must be rebuilt.
  struct Forgotten: Error {}

  /// Continues; true when the aggregate is exact as of the session's snapshot.
  ///
  /// - Throws: `Forgotten`.
  mutating func work(_ session: ReadSession, _ slice: TimeSlice) throws -> Bool {
    let readModel = session.readModel
    // Another thread has counted on from a newer snapshot.
    guard readModel.asOf >= knownUntil else { return false }
    let reader = DutyReader(aggregate.measure, names: aggregate.names)
    let merged = readModel.sharedStreams.merges.everybody
    guard try readRoster(reader, readModel, merged, slice) else { return false }
    while true {
      guard try countWaiting(reader, readModel, merged, slice) else { return false }
      if knownUntil == readModel.asOf { return true }
      guard let touched = session.store.aggregates.touched(after: knownUntil, until: readModel.asOf)
      else {
        throw Forgotten()
      }
      knownUntil = readModel.asOf
      let all = touched.reduce(into: Set<Identifier>()) { all, officer in
        all.formUnion(
          merged.contains(officer) ? readModel.sharedStreams.merges.related(to: officer) : [officer]
        )
      }
      waiting = all.sorted(by: >)
    }
  }

  private mutating func readRoster(
    _ reader: DutyReader, _ readModel: RegistryReader, _ merged: Set<Identifier>, _ slice: TimeSlice
  ) throws -> Bool {
    guard let from else { return true }
    // Records that were ever merged are counted by fold, among those who wait.
    let apart = Set(merged.map { ViewKey.of($0) })
    self.from = try DutyRowJoin.lend(reader, readModel) { join in
      var officer = try join.seek(from)
      while let key = officer {
        if apart.isEmpty || !apart.contains(key) {
          try join.readHere(key)
          if let duty = reader.dutyClass(collapsing: true) { aggregate.count(key, as: duty) }
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
    _ reader: DutyReader, _ readModel: RegistryReader, _ merged: Set<Identifier>, _ slice: TimeSlice
  ) throws -> Bool {
    guard !waiting.isEmpty else { return true }
    return try DutyRowJoin.lend(reader, readModel) { join in
      while let officer = waiting.popLast() {
        let key = ViewKey.of(officer)
        if merged.contains(officer) {
          try reader.fold(officer, readModel, knownAt: readModel.asOf)
        } else {
          try join.read(key)
        }
        aggregate.count(key, as: reader.dutyClass(collapsing: true))
        if slice.isOver, !waiting.isEmpty { return false }
      }
      return true
    }
  }
}

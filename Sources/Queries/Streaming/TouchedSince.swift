import EventLog
import Messages
import Projections
import Registry
import RegistryStorage
import Wire

/// Whom the events after a position touched: for them alone the rows of the views say more than
/// was known there.
struct TouchedSince: Sendable {
  let position: LogPosition
  private(set) var officers: Set<Identifier> = []
  private var seen: LogPosition
  private var streams: Set<StreamID> = []

  init(_ position: LogPosition) {
    self.position = position
    seen = position
  }

  /// Reads on to what the desk's snapshot knows; true when it is there.
  ///
  /// - Throws: `CallStatus` out of range when that is too far.
  mutating func catchUp(_ desk: ReadDesk, _ slice: TimeSlice) throws -> Bool {
    let records = desk.records
    let most = desk.store.eventsBehindMax
    guard records.asOf - position <= most else {
      throw CallStatus(
        .outOfRange,
        "More than \(most) events were recorded since position \(position), which this "
          + "list is as of: ask anew without a resume token, or with at_position \(position).",
        field: "resume_after", rule: "events_behind_max")
    }
    while seen < records.asOf {
      var found: [StreamID] = []
      var failure: (any Error)?
      let start = seen
      try records.log.read(start..<min(start + 256, records.asOf)) { _, bytes in
        do {
          found.append(try StoredEvent(bytes, arena: records.arena).stream)
        } catch {
          failure = error
          return false
        }
        return true
      }
      if let failure { throw failure }
      for stream in found where streams.insert(stream).inserted { try note(stream, records) }
      seen += UInt64(found.count)
      if slice.isOver { break }
    }
    return seen == records.asOf
  }

  private mutating func note(_ stream: StreamID, _ records: RegistryReader) throws {
    if stream.kind == .cohort { return try note(cohort: stream, records) }
    guard !stream.kind.isCatalogued else { return }
    // A correction may have moved the stream from somebody to somebody else.
    for known in [position, records.asOf] {
      let state = try records.state(of: stream, on: .distantFuture, knownAt: known)
      guard let named = state?.subject(of: stream) else { continue }
      officers.formUnion(records.catalogue.merges.related(to: named))
    }
    if stream.kind == .officer {
      officers.formUnion(records.catalogue.merges.related(to: stream.key))
    }
  }

  /// Where a cohort teaches another course now, its completions stand in other rows.
  private mutating func note(cohort: StreamID, _ records: RegistryReader) throws {
    let catalogue = records.catalogue
    guard
      catalogue.state(of: cohort, knownAt: position)?.cohort?.terms.course
        != catalogue.state(of: cohort)?.cohort?.terms.course
    else { return }
    let prefix = ViewKey.prefix(cohort.key.text)
    var found: [Identifier] = []
    try records.snapshot.scan(records.views[.rolls], prefix: prefix) { key, _ in
      let rest = ViewKey.text(key.extracting(droppingFirst: prefix.count))
      if let officer = Identifier(rest.prefix { $0 != "\0" }) { found.append(officer) }
      return true
    }
    for officer in found { officers.formUnion(catalogue.merges.related(to: officer)) }
  }
}

import EventLog
import Foundation
import LMDB
import Messages
import Registry

/// What rules ask about other streams: answered from what is committed and what the batch has
/// added.
extension UnitOfWork {
  public func credentials(issuer: Identifier, number: NumberKey) -> [Identifier] {
    let committed = ask(
      { try views.credentials(issuer: issuer, number: number, transaction) }, otherwise: [])
    guard let changed = batch.certificates[ViewKey.parts(issuer, number.text)] else {
      return committed
    }
    let added = changed.filter { $0.value && !committed.contains($0.key) }.keys.sorted()
    return committed.filter { changed[$0] != false } + added
  }

  /// The events that name an identifier, those of an officer together.
  public func identifierRows(of identifier: BlindIdentifier) -> [IdentifierRow] {
    let committed = ask(
      { try views.identifierRows(of: identifier, transaction) }, otherwise: [])
    let added = batch.identifiers.rows(of: identifier)
    guard !added.isEmpty else { return committed }
    return (committed + added).sorted { ($0.officer, $0.position) < ($1.officer, $1.position) }
  }

  /// The identifiers that events of this batch name in an officer's record.
  public func identifiersAdded(by officer: Identifier) -> [BlindIdentifier] {
    batch.identifiers.elements.filter { $0.row.officer == officer }.map(\.identifier)
  }

  /// Where an event id was recorded, and what was proposed under it.
  public func receipt(_ id: EventID) -> (position: LogPosition, digest: [UInt8])? {
    if let known = batch.ids[id] { return (known.position, known.digest) }
    return ask({ try views.event(id, transaction) }, otherwise: nil)
  }

  public func event(_ id: EventID) -> EventLocation? {
    guard let receipt = receipt(id) else { return nil }
    let stream: StreamID
    if let pending = batch.ids[id]?.stream {
      stream = pending
    } else {
      let read = ask(
        {
          try log.read(receipt.position) { bytes in
            Result { () throws(DecodeFailure) in try StoredEvent(bytes, arena: arena).stream }
          }?.get()
        }, otherwise: nil)
      guard let read else { return nil }
      stream = read
    }
    var stands = true
    if head(of: stream)?.amended == true {
      let standing = effectiveHistory(of: stream)
      stands = standing.index(of: id).map(standing.stands) ?? false
    }
    return EventLocation(stream: stream, position: receipt.position, stands: stands)
  }

  public func duty(of officer: Identifier, under mandate: Identifier) -> Identifier? {
    let key = Overlay.DutyKey(mandate: mandate, officer: officer)
    if let known = batch.duties[key] { return known }
    return first(.duties, ViewKey.parts(mandate, officer))
  }

  public func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? {
    ask(
      {
        try firstCompletion(
          of: course, inRecords: records(ofPersonWith: officer), on: day, knownAt: .max)
      }, otherwise: nil)
  }

  public func knowsTimeZone(_ name: String) -> Bool { TimeZone(identifier: name) != nil }

  public func records(ofPersonWith officer: Identifier) -> [Identifier] {
    guard batch.merged.isEmpty else {
      // Merges of this batch are not among the shared streams yet.
      let own = self.survivor(of: officer)
      var known = Set(sharedStreams.merges.related(to: officer))
      for record in batch.merged {
        known.formUnion(sharedStreams.merges.related(to: record))
        known.insert(self.survivor(of: record))
      }
      return known.filter { self.survivor(of: $0) == own }.sorted()
    }
    return sharedStreams.merges.records(ofPersonWith: officer)
  }

  /// The record in which the person is found, by all that is known, with what this batch adds.
  func survivor(of officer: Identifier) -> Identifier {
    var current = officer
    for _ in 0..<Officer.mergesMax {
      // Nobody else's record was ever merged: it need not be read.
      guard sharedStreams.merges.knows(current) || batch.merged.contains(current) else { break }
      let state = state(of: StreamID(.officer, current), on: .distantFuture)
      guard let next = state?.officer?.mergedInto else { break }
      current = next
    }
    return current
  }

  /// Whether something of an officer was ever sealed: there must be a key, or must have been.
  public func isSealed(_ officer: Identifier) -> Bool {
    if batch.sealed[officer] != nil { return true }
    return ask(
      { try transaction.get(views[.sealed], ViewKey.of(officer)) { _ in true } ?? false },
      otherwise: false)
  }

  /// The key's last part of the first row under a prefix.
  private func first(_ table: ViewTable, _ key: [UInt8]) -> Identifier? {
    ask(
      {
        var found: Identifier?
        let prefix = key + [0]
        try transaction.scan(views[table], prefix: prefix) { key, _ in
          found = Identifier(key.extracting(droppingFirst: prefix.count))
          return false
        }
        return found
      }, otherwise: nil)
  }

  public func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier? {
    let key = Overlay.SeatKey(cohort: cohort, officer: officer)
    if let known = batch.seats[key] { return known }
    return first(.rolls, ViewKey.parts(cohort, officer))
  }

  public func enrolments(in cohort: Identifier) -> Int {
    var keys: Set<Identifier> = []
    ask(
      {
        try transaction.scan(views[.rolls], prefix: ViewKey.prefix(cohort.text)) { _, value in
          if let row = RollRow(value) { keys.insert(row.enrolment) }
          return keys.count <= rewrittenRowsMax
        }
      }, otherwise: ())
    for (seat, key) in batch.seats where seat.cohort == cohort {
      if let key { keys.insert(key) }
    }
    return keys.count
  }

  public func seatsTaken(in cohort: Identifier) -> Int {
    let committed: Int
    if let known = committedSeats[cohort] {
      committed = known
    } else {
      committed = ask(
        {
          var count = 0
          try transaction.scan(views[.rolls], prefix: ViewKey.prefix(cohort)) { _, row in
            count += row.has(2, at: 0) && row[1] == 1 ? 1 : 0
            return true
          }
          return count
        }, otherwise: 0)
      committedSeats[cohort] = committed
    }
    return committed + (batch.seatsTaken[cohort] ?? 0)
  }
}

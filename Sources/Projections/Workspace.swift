import EventLog
import LMDB
import Messages
import Registry

/// The registry as one batch of the writer sees it: what is committed, and over it what the batch
/// and the request at hand have added. A request that is rejected or only tried leaves nothing.
///
/// One workspace lives as long as one write transaction on the views and stays on its thread.
public final class Workspace: Annals {
  let views: Views
  let transaction: WriteTransaction
  let log: LogReader
  let arena: Arena
  public internal(set) var catalogue: Catalogue
  /// The position of the next event.
  public private(set) var next: LogPosition
  /// The first failure of the store that a rule's question met: nothing that was judged counts.
  public private(set) var failure: (any Error)?

  /// Heads as committed, read in this batch.
  var loaded: [StreamID: HeadRow?] = [:]
  var batch = Layer()
  var request = Layer()
  /// Officers whose completions count for another course, since their cohort has one.
  var movedOfficers: Set<Identifier> = []
  private var committedSeats: [Identifier: Int] = [:]

  public init(
    _ views: Views, _ transaction: WriteTransaction, log: LogReader, catalogue: Catalogue,
    next: LogPosition, arena: Arena
  ) {
    self.views = views
    self.transaction = transaction
    self.log = log
    self.catalogue = catalogue
    self.next = next
    self.arena = arena
  }

  /// Makes what the request added part of the batch.
  public func accept() {
    batch.merge(request)
    request = Layer()
  }

  /// Forgets what the request added.
  public func discard() {
    next -= UInt64(request.events.count)
    request = Layer()
  }

  public var isEmpty: Bool { batch.isEmpty && request.isEmpty }

  func ask<R>(_ body: () throws -> R, otherwise: R) -> R {
    do {
      return try body()
    } catch {
      failure = failure ?? error
      return otherwise
    }
  }

  // MARK: streams

  func row(of stream: StreamID) -> HeadRow? {
    if let row = request.heads[stream] ?? batch.heads[stream] { return row }
    return committedRow(of: stream)
  }

  func committedRow(of stream: StreamID) -> HeadRow? {
    if let known = loaded[stream] { return known }
    let row = ask(
      { try views.headRow(stream, transaction, arena: arena) }, otherwise: nil)
    loaded[stream] = .some(row)
    return row
  }

  public func head(of stream: StreamID) -> StreamHead? {
    if stream.kind.isCatalogued, request.heads[stream] == nil, batch.heads[stream] == nil {
      return catalogue.head(of: stream)
    }
    return row(of: stream)?.head
  }

  public func history(of stream: StreamID) -> [StreamEvent] {
    var events: [StreamEvent]
    if stream.kind.isCatalogued {
      events = catalogue.history(of: stream)
    } else if let row = committedRow(of: stream) {
      events = ask(
        { try self.read(views.positions(of: stream, row, transaction)) }, otherwise: [])
    } else {
      events = []
    }
    events += batch.events.lazy.filter { $0.stream == stream }.map(\.event)
    events += request.events.lazy.filter { $0.stream == stream }.map(\.event)
    return events
  }

  private func read(_ positions: [LogPosition]) throws -> [StreamEvent] {
    try positions.map { position in
      let read = try log.read(position) { bytes in
        Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).event }
      }
      guard let read else { throw LogFailure("The log has no event at \(position).") }
      return try read.get()
    }
  }

  public func state(of stream: StreamID, on day: Day) -> StreamState? {
    guard let head = head(of: stream) else { return nil }
    if head.last.map({ $0.effective <= day }) ?? true { return head.state }
    return Standing(history(of: stream)).fold(until: day).state
  }

  public var registryStream: StreamID? {
    catalogue.registryStream ?? batch.registryStream ?? request.registryStream
  }

  // MARK: what rules ask about other streams

  public func credential(issuer: Identifier, number: String) -> Identifier? {
    let key = ViewKey.parts(issuer.text, number)
    if let known = request.certificates[key] ?? batch.certificates[key] { return known }
    return ask(
      { try views.credential(issuer: issuer, number: number, transaction) }, otherwise: nil)
  }

  /// The officer who has an identifier, by its blind index.
  public func officer(blind: [UInt8]) -> Identifier? {
    if let known = request.identifiers[blind] ?? batch.identifiers[blind] { return known }
    return ask({ try views.officer(blind: blind, transaction) }, otherwise: nil)
  }

  /// Where an event id was recorded, and what was proposed under it.
  public func receipt(_ id: EventID) -> (position: LogPosition, digest: [UInt8])? {
    if let known = request.ids[id] ?? batch.ids[id] { return known }
    return ask({ try views.event(id, transaction) }, otherwise: nil)
  }

  public func event(_ id: EventID) -> EventPlace? {
    guard let receipt = receipt(id) else { return nil }
    let stream: StreamID
    if let pending = request.places[id] ?? batch.places[id] {
      stream = pending
    } else {
      let read = ask(
        {
          try log.read(receipt.position) { bytes in
            Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).stream }
          }?.get()
        }, otherwise: nil)
      guard let read else { return nil }
      stream = read
    }
    var stands = true
    if head(of: stream)?.amended == true {
      let standing = Standing(history(of: stream))
      stands = standing.index(of: id).map { standing.fates[$0] == .stands } ?? false
    }
    return EventPlace(stream: stream, position: receipt.position, stands: stands)
  }

  public func duty(of officer: Identifier, under mandate: Identifier) -> Identifier? {
    let key = Layer.DutyKey(mandate: mandate, officer: officer)
    if let known = request.duties[key] ?? batch.duties[key] { return known }
    return first(.duties, ViewKey.parts(mandate.text, officer.text))
  }

  public func completion(of course: Identifier, by officer: Identifier, on day: Day) -> Day? {
    ask(
      {
        var first: Day?
        for record in records(ofPersonWith: officer) {
          for stream in try streams(touching: record, before: .max) {
            let found: Day? =
              switch state(of: stream, on: day) {
              case .enrolment(let state):
                state.seat.officer == record && state.status == .completed
                  && catalogue.state(of: StreamID(.cohort, state.seat.cohort))?.cohort?.terms.course
                    == course
                  ? state.completion?.day : nil
              case .submission(let state):
                state.paper.officer == record && state.status == .verified
                  && state.paper.courses.contains(course)
                  ? state.paper.awardedOn ?? state.since.day : nil
              default: nil
              }
            if let found { first = min(first ?? found, found) }
          }
        }
        return first
      }, otherwise: nil)
  }

  public func records(ofPersonWith officer: Identifier) -> [Identifier] {
    guard batch.merged.isEmpty, request.merged.isEmpty else {
      // Merges of this batch are not in the catalogue yet.
      let own = self.survivor(of: officer)
      var known = Set(catalogue.merges.related(to: officer))
      for record in batch.merged.union(request.merged) {
        known.formUnion(catalogue.merges.related(to: record))
        known.insert(self.survivor(of: record))
      }
      return known.filter { self.survivor(of: $0) == own }.sorted()
    }
    let found = catalogue.merges.survivor(of: officer, on: .distantFuture)
    return catalogue.merges.records(under: found, on: .distantFuture)
  }

  /// The record in which the person is found, by all that is known, with what this batch adds.
  func survivor(of officer: Identifier) -> Identifier {
    if catalogue.merges.isEmpty, batch.merged.isEmpty, request.merged.isEmpty { return officer }
    var current = officer
    for _ in 0..<Officer.mergesMax {
      let state = state(of: StreamID(.officer, current), on: .distantFuture)
      guard let next = state?.officer?.mergedInto else { break }
      current = next
    }
    return current
  }

  /// The key's last part of the first row under a prefix.
  private func first(_ table: ViewTable, _ key: [UInt8]) -> Identifier? {
    ask(
      {
        var found: Identifier?
        let prefix = key + [0]
        try transaction.scan(views[table], prefix: prefix) { key, _ in
          found = Identifier(ViewKey.text(key.extracting(droppingFirst: prefix.count)))
          return false
        }
        return found
      }, otherwise: nil)
  }

  public func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier? {
    let key = Layer.SeatKey(cohort: cohort, officer: officer)
    if let known = request.seats[key] ?? batch.seats[key] { return known }
    return first(.rolls, ViewKey.parts(cohort.text, officer.text))
  }

  public func seatsTaken(in cohort: Identifier) -> Int {
    let committed: Int
    if let known = committedSeats[cohort] {
      committed = known
    } else {
      committed = ask(
        {
          var count = 0
          try transaction.scan(views[.rolls], prefix: ViewKey.prefix(cohort.text)) { _, row in
            count += Int(row[1])
            return true
          }
          return count
        }, otherwise: 0)
      committedSeats[cohort] = committed
    }
    return committed + (batch.seatsTaken[cohort] ?? 0) + (request.seatsTaken[cohort] ?? 0)
  }

  // MARK: what a request adds

  /// Adds an event that was judged, or that is replayed from the log.
  ///
  /// - Parameters:
  ///   - head: the stream's head after it; nil to compute it, in a replay.
  ///   - blinds: the blind indexes of the identifiers that it gives its officer.
  /// - Returns: the event's version in its stream.
  @discardableResult
  public func add(
    _ event: StreamEvent, in stream: StreamID, head: StreamHead?, digest: [UInt8],
    blinds: [[UInt8]]
  ) -> UInt32 {
    precondition(event.occasion.position == next, "events are added in the order of the log")
    var row =
      row(of: stream)
      ?? HeadRow(
        head: StreamHead(state: nil, events: 0, last: nil, amended: false), positions: [])
    let before = row.head
    row.head =
      head
      ?? StreamHead.advanced(row.head.events == 0 ? nil : row.head, by: event) {
        history(of: stream)
      }
    if let (number, chunk) = row.append(next) {
      request.chunks.append((stream, number, chunk))
    }
    request.heads[stream] = row
    if stream.kind == .registry { request.registryStream = stream }
    request.ids[event.occasion.eventID] = (next, digest)
    request.places[event.occasion.eventID] = stream
    request.events.append((stream, event))
    if case .officer(.mergedInto) = event.body { request.merged.insert(stream.key) }
    for officer in touched(by: stream, before.state, row.head.state) {
      request.subjects.append((officer, next, stream))
    }
    for document in event.documents { request.documents.append((document, next)) }
    for blind in blinds { request.identifiers[blind] = .some(stream.key) }
    note(stream, before.state, row.head.state)
    next += 1
    return row.head.events - 1
  }

  /// Whose record an event of a stream touched: who it names, before and after, and in whose
  /// records those are found.
  private func touched(
    by stream: StreamID, _ before: StreamState?, _ after: StreamState?
  ) -> Set<Identifier> {
    let named = Set([before?.subject(of: stream), after?.subject(of: stream)].compactMap { $0 })
    let survivors = named.map(survivor)
    let others = [before?.officer?.mergedInto, after?.officer?.mergedInto].compactMap { $0 }
    return named.union(survivors).union(others).union(others.map(survivor))
  }

  /// Keeps the rows up to date that later requests of the same batch may ask for.
  private func note(_ stream: StreamID, _ before: StreamState?, _ after: StreamState?) {
    switch stream.kind {
    case .credential:
      let (old, new) = (before?.credential?.terms, after?.credential?.terms)
      if let old, old.issuer != new?.issuer || old.number != new?.number {
        request.certificates[ViewKey.parts(old.issuer.text, old.number)] = .some(nil)
      }
      if let new {
        request.certificates[ViewKey.parts(new.issuer.text, new.number)] = .some(stream.key)
      }
    case .enrolment:
      let (old, new) = (before?.enrolment, after?.enrolment)
      if let old {
        if old.status.takesSeat { request.seatsTaken[old.seat.cohort, default: 0] -= 1 }
        if old.seat != new?.seat {
          request.seats[.init(cohort: old.seat.cohort, officer: old.seat.officer)] = .some(nil)
        }
      }
      if let new {
        if new.status.takesSeat { request.seatsTaken[new.seat.cohort, default: 0] += 1 }
        request.seats[.init(cohort: new.seat.cohort, officer: new.seat.officer)] =
          .some(stream.key)
      }
    case .duty:
      let (old, new) = (before?.duty?.holder, after?.duty?.holder)
      if let old, old != new {
        request.duties[.init(mandate: old.mandate, officer: old.officer)] = .some(nil)
      }
      if let new {
        request.duties[.init(mandate: new.mandate, officer: new.officer)] = .some(stream.key)
      }
    default: break
    }
  }
}

extension Workspace {
  /// The id of the event at a position.
  public func id(at position: LogPosition) throws -> EventID? {
    for (_, event) in batch.events + request.events where event.occasion.position == position {
      return event.occasion.eventID
    }
    return try log.read(position) { bytes in
      Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).proposal.eventID }
    }?.get()
  }

  /// The shared streams and the merges with what the batch and the request add to them.
  public var pendingCatalogue: Catalogue {
    var pending = catalogue
    for (stream, row) in batch.heads.merging(request.heads, uniquingKeysWith: { $1 }) {
      if stream.kind.isCatalogued {
        pending.update(stream, row.head, history: history(of: stream))
      } else if stream.kind == .officer,
        batch.merged.contains(stream.key) || request.merged.contains(stream.key)
          || catalogue.merges.knows(stream.key)
      {
        pending.update(merged: stream.key, row.head, history: history(of: stream))
      }
    }
    return pending
  }
}

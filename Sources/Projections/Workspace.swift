import EventLog
import LMDB
import Messages
import Registry

/// The registry as one batch of the writer sees it: what is committed, and over it what the batch
/// has added so far. A part of a batch that is rejected or only tried leaves nothing.
///
/// One workspace lives as long as one write transaction on the views and stays on its thread.
public final class Workspace: Annals {
  let views: Views
  let transaction: WriteTransaction
  let log: LogReader
  let arena: Arena
  public internal(set) var catalogue: Catalogue
  /// The first failure of the store that a rule's question met: nothing that was judged counts.
  public private(set) var failure: (any Error)?

  /// The streams that the batch has met, but for shared ones that it only asked about.
  var met: [StreamID: OpenStream] = [:]
  var batch: Layer
  private var undoing = Undoing()
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
    self.arena = arena
    batch = Layer(start: next)
  }

  /// The position of the next event.
  public var next: LogPosition { batch.start + UInt64(batch.events.count) }

  /// Runs a part of the batch; when it says that nothing of it is to be kept, what it added is
  /// forgotten. Parts may nest.
  public func tentatively<R>(_ body: () throws -> (keep: Bool, R)) rethrows -> R {
    let mark = undoing.begin(batch)
    defer { undoing.end() }
    let (keep, result) = try body()
    if !keep { undoing.undo(to: mark, &batch) }
    return result
  }

  public var isEmpty: Bool { batch.events.isEmpty }

  func ask<R>(_ body: () throws -> R, otherwise: R) -> R {
    do {
      return try body()
    } catch {
      failure = failure ?? error
      return otherwise
    }
  }

  // MARK: streams

  /// The stream as the batch has it, read when it is first met.
  func open(_ stream: StreamID) -> OpenStream {
    if let known = met[stream] { return known }
    let row = ask({ try views.headRow(stream, transaction, arena: arena) }, otherwise: nil)
    let opened = OpenStream(stream, row)
    met[stream] = opened
    return opened
  }

  public func head(of stream: StreamID) -> StreamHead? {
    if stream.kind.isCatalogued, met[stream]?.added.isEmpty ?? true {
      return catalogue.head(of: stream)
    }
    return open(stream).row?.head
  }

  public func history(of stream: StreamID) -> [StreamEvent] {
    if stream.kind.isCatalogued {
      return catalogue.history(of: stream) + (met[stream]?.added ?? [])
    }
    let opened = open(stream)
    guard let row = opened.committed else { return opened.added }
    if opened.committedHistory == nil {
      opened.committedHistory = ask(
        { try self.read(views.positions(of: stream, row, transaction)) }, otherwise: [])
    }
    return opened.committedHistory! + opened.added
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
    catalogue.registryStream ?? batch.registryStream
  }

  // MARK: what rules ask about other streams

  public func credential(issuer: Identifier, number: String) -> Identifier? {
    let key = ViewKey.parts(issuer, number)
    if let known = batch.certificates[key] { return known }
    return ask(
      { try views.credential(issuer: issuer, number: number, transaction) }, otherwise: nil)
  }

  /// The officer who has an identifier, by its blind index.
  public func officer(blind: [UInt8]) -> Identifier? {
    if let known = batch.identifiers[blind] { return known }
    return ask({ try views.officer(blind: blind, transaction) }, otherwise: nil)
  }

  /// Where an event id was recorded, and what was proposed under it.
  public func receipt(_ id: EventID) -> (position: LogPosition, digest: [UInt8])? {
    if let known = batch.ids[id] { return (known.position, known.digest) }
    return ask({ try views.event(id, transaction) }, otherwise: nil)
  }

  public func event(_ id: EventID) -> EventPlace? {
    guard let receipt = receipt(id) else { return nil }
    let stream: StreamID
    if let pending = batch.ids[id]?.stream {
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
    if let known = batch.duties[key] { return known }
    return first(.duties, ViewKey.parts(mandate, officer))
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
    guard batch.merged.isEmpty else {
      // Merges of this batch are not in the catalogue yet.
      let own = self.survivor(of: officer)
      var known = Set(catalogue.merges.related(to: officer))
      for record in batch.merged {
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
    var current = officer
    for _ in 0..<Officer.mergesMax {
      // Nobody else's record was ever merged: it need not be read.
      guard catalogue.merges.knows(current) || batch.merged.contains(current) else { break }
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
          found = Identifier(key.extracting(droppingFirst: prefix.count))
          return false
        }
        return found
      }, otherwise: nil)
  }

  public func enrolment(of officer: Identifier, in cohort: Identifier) -> Identifier? {
    let key = Layer.SeatKey(cohort: cohort, officer: officer)
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
            count += Int(row[1])
            return true
          }
          return count
        }, otherwise: 0)
      committedSeats[cohort] = committed
    }
    return committed + (batch.seatsTaken[cohort] ?? 0)
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
    let position = next
    precondition(event.occasion.position == position, "events are added in the order of the log")
    let opened = open(stream)
    undoing.note(.row(opened, opened.row))
    var row =
      opened.row
      ?? HeadRow(
        head: StreamHead(state: nil, events: 0, last: nil, amended: false), positions: [])
    let before = row.head.state
    row.head =
      head
      ?? StreamHead.advanced(row.head.events == 0 ? nil : row.head, by: event) {
        history(of: stream)
      }
    if let (number, chunk) = row.append(position) {
      batch.chunks.append((stream, number, chunk))
    }
    opened.row = row
    opened.added.append(event)
    if stream.kind == .registry {
      undoing.note(.registryStream(batch.registryStream))
      batch.registryStream = stream
    }
    batch.events.append(event.occasion.eventID)
    batch.ids[event.occasion.eventID] = (position, digest, stream)
    if case .officer(.mergedInto) = event.body, batch.merged.insert(stream.key).inserted {
      undoing.note(.merged(stream.key))
    }
    for officer in touched(by: stream, before, row.head.state) {
      batch.subjects.append((officer, position, stream))
    }
    for document in event.documents { batch.documents.append((document, position)) }
    for blind in blinds {
      undoing.note(.identifier(blind, batch.identifiers[blind]))
      batch.identifiers[blind] = .some(stream.key)
    }
    note(stream, before, row.head.state)
    return row.head.events - 1
  }

  /// Whose record an event of a stream touched: who it names, before and after. In whose record
  /// that is found is joined at read.
  private func touched(
    by stream: StreamID, _ before: StreamState?, _ after: StreamState?
  ) -> [Identifier] {
    let (old, new) = (before?.subject(of: stream), after?.subject(of: stream))
    guard let old, old != new else { return new.map { [$0] } ?? [] }
    return [old] + (new.map { [$0] } ?? [])
  }

  /// Keeps the rows up to date that later requests of the same batch may ask for.
  private func note(_ stream: StreamID, _ before: StreamState?, _ after: StreamState?) {
    switch stream.kind {
    case .credential:
      let (old, new) = (before?.credential?.terms, after?.credential?.terms)
      if let old, old.issuer != new?.issuer || old.number != new?.number {
        set(certificate: ViewKey.parts(old.issuer, old.number), nil)
      }
      if let new { set(certificate: ViewKey.parts(new.issuer, new.number), stream.key) }
    case .enrolment:
      let (old, new) = (before?.enrolment, after?.enrolment)
      if let old {
        if old.status.takesSeat { count(-1, in: old.seat.cohort) }
        if old.seat != new?.seat { set(seat: old.seat, nil) }
      }
      if let new {
        if new.status.takesSeat { count(1, in: new.seat.cohort) }
        set(seat: new.seat, stream.key)
      }
    case .duty:
      let (old, new) = (before?.duty?.holder, after?.duty?.holder)
      if let old, old != new { set(duty: old, nil) }
      if let new { set(duty: new, stream.key) }
    default: break
    }
  }

  private func set(certificate key: [UInt8], _ credential: Identifier?) {
    undoing.note(.certificate(key, batch.certificates[key]))
    batch.certificates[key] = .some(credential)
  }

  private func set(seat: Seat, _ enrolment: Identifier?) {
    let key = Layer.SeatKey(cohort: seat.cohort, officer: seat.officer)
    undoing.note(.seat(key, batch.seats[key]))
    batch.seats[key] = .some(enrolment)
  }

  private func set(duty holder: DutyHolder, _ duty: Identifier?) {
    let key = Layer.DutyKey(mandate: holder.mandate, officer: holder.officer)
    undoing.note(.duty(key, batch.duties[key]))
    batch.duties[key] = .some(duty)
  }

  private func count(_ seats: Int, in cohort: Identifier) {
    undoing.note(.seatsTaken(cohort, batch.seatsTaken[cohort]))
    batch.seatsTaken[cohort, default: 0] += seats
  }
}

extension Workspace {
  /// The id of the event at a position.
  public func id(at position: LogPosition) throws -> EventID? {
    if position >= batch.start, position < next {
      return batch.events[Int(position - batch.start)]
    }
    return try log.read(position) { bytes in
      Result { () throws(Refusal) in try StoredEvent(bytes, arena: arena).proposal.eventID }
    }?.get()
  }

  /// The shared streams and the merges with what the batch adds to them.
  public var pendingCatalogue: Catalogue {
    var pending = catalogue
    for (stream, opened) in met where !opened.added.isEmpty {
      guard let head = opened.row?.head else { continue }
      if stream.kind.isCatalogued {
        pending.update(stream, head, history: history(of: stream))
      } else if stream.kind == .officer,
        batch.merged.contains(stream.key) || catalogue.merges.knows(stream.key)
      {
        pending.update(merged: stream.key, head, history: history(of: stream))
      }
    }
    return pending
  }
}

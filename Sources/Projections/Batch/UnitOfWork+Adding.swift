import LMDB
import Messages
import Registry

/// Applies a request's events to the unit of work, with the rows that later requests may query.
extension UnitOfWork {
  /// Adds an event that was judged, or that is replayed from the log.
  ///
  /// - Parameters:
  ///   - head: the stream's head after it; nil to compute it, in a replay.
  ///   - identifiers: those that came with it.
  ///   - isSealed: something of the officer was sealed with it.
  /// - Returns: the event's version in its stream.
  @discardableResult
  public func add(
    _ event: StreamEvent, in stream: StreamID, head: StreamHead?, digest: [UInt8],
    identifiers: [BlindIdentifier], isSealed: Bool
  ) -> UInt32 {
    let position = next
    precondition(event.metadata.position == position, Invariant.eventsFollowTheLog.rawValue)
    let opened = open(stream)
    undoLog.note(.row(opened, opened.row))
    var row = opened.row ?? HeadRow(head: .none, positions: [])
    let before = row.head.state
    if let head {
      row.head = head
    } else {
      row.head.advance(by: event) { effectiveHistory(of: stream).appending(event) }
    }
    if let (number, chunk) = row.append(position) {
      batch.chunks.append((stream, number, chunk))
    }
    opened.row = row
    opened.add(event)
    if stream.kind == .registry {
      undoLog.note(.registryStream(batch.registryStream))
      batch.registryStream = stream
    }
    batch.events.append(event.metadata.eventID)
    batch.ids[event.metadata.eventID] = (position, digest, stream)
    if case .officer(.mergedInto) = event.body, batch.merged.insert(stream.key).inserted {
      undoLog.note(.merged(stream.key))
    }
    for officer in touched(by: stream, before, row.head.state) {
      batch.subjects.append((officer, position, stream))
    }
    for document in event.documents { batch.documents.append((document, position)) }
    if let row = RelianceRow(event) { batch.relied.append(row) }
    let named = IdentifierRow(
      officer: stream.key, position: position, day: event.metadata.effective)
    for identifier in identifiers { batch.identifiers.append(identifier, named) }
    if isSealed, !self.isSealed(stream.key) {
      undoLog.note(.sealed(stream.key))
      batch.sealed[stream.key] = position
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
      let (was, becomes) = (
        old.map { ViewKey.certificate($0.issuer, $0.number) },
        new.map { ViewKey.certificate($0.issuer, $0.number) }
      )
      guard was != becomes else { break }
      if let was {
        set(certificate: was, of: stream.key, false)
        batch.renumbered.append(was + [0] + ViewKey.of(stream.key))
      }
      if let becomes { set(certificate: becomes, of: stream.key, true) }
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
    case .registry, .organisation, .officer, .framework, .authorisation, .instrument, .agreement,
      .programme, .course, .cohort, .submission, .skillClaim, .mandate:
      break
    }
  }

  private func set(certificate key: [UInt8], of credential: Identifier, _ hasIt: Bool) {
    undoLog.note(.certificate(key, batch.certificates[key]))
    batch.certificates[key, default: [:]][credential] = hasIt
  }

  private func set(seat: Seat, _ enrolment: Identifier?) {
    let key = Overlay.SeatKey(cohort: seat.cohort, officer: seat.officer)
    undoLog.note(.seat(key, batch.seats[key]))
    batch.seats[key] = .some(enrolment)
  }

  private func set(duty holder: DutyHolder, _ duty: Identifier?) {
    let key = Overlay.DutyKey(mandate: holder.mandate, officer: holder.officer)
    undoLog.note(.duty(key, batch.duties[key]))
    batch.duties[key] = .some(duty)
  }

  private func count(_ seats: Int, in cohort: Identifier) {
    undoLog.note(.seatsTaken(cohort, batch.seatsTaken[cohort]))
    batch.seatsTaken[cohort, default: 0] += seats
  }
}

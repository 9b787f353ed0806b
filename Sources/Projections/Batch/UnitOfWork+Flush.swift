import LMDB
import Messages
import Registry

extension UnitOfWork {
  /// Writes what the batch added to the views' tables; the transaction is then ready to commit.
  /// Each table's rows are written in the order of their keys, so that neighbours meet on a page.
  public func flush() throws {
    precondition(undoLog.open == 0, Invariant.flushedOutsideSavepoints.rawValue)
    let rows = RowWriteBuffer(views, transaction)
    for (id, entry) in batch.ids {
      var value: [UInt8] = []
      value.reserveCapacity(24)
      value.append(bigEndian: entry.position)
      value += entry.digest
      rows.put(.ids, id.bytes, value)
    }
    for chunk in batch.chunks {
      rows.put(.chunks, ViewKey.chunk(chunk.stream, chunk.number), chunk.row)
    }
    for subject in batch.subjects {
      rows.put(
        .subjects, ViewKey.subject(subject.officer, subject.position), ViewKey.of(subject.stream))
      views.marks.mark(unsafe subject.officer.bytes.span.bytes.hashed(), at: next)
    }
    for (identifier, row) in batch.identifiers.elements {
      rows.put(.identifiers, row.key(below: identifier.hash), row.value)
    }
    for key in batch.renumbered { rows.put(.renumbered, key, []) }
    for document in batch.documents {
      rows.put(.documents, ViewKey.document(document.sha256, document.position), [])
    }
    for row in batch.relied { rows.put(.relied, row.key, row.value) }
    for officer in batch.merged { rows.put(.merged, ViewKey.of(officer), []) }
    for (officer, position) in batch.sealed {
      rows.put(.sealed, ViewKey.of(officer), ViewKey.number(position))
    }
    try flushHeads(rows)
    try views.write(position: next, transaction)
  }

  /// Whose duties may be counted otherwise after the batch.
  public var touchedOfficers: Set<Identifier> {
    var officers = movedOfficers
    for subject in batch.subjects {
      switch subject.stream.kind {
      case .officer, .enrolment, .submission, .duty: officers.insert(subject.officer)
      case .registry, .organisation, .framework, .authorisation, .instrument, .agreement,
        .programme, .course, .cohort, .credential, .skillClaim, .mandate:
        break
      }
    }
    return officers
  }

  private func flushHeads(_ rows: RowWriteBuffer) throws {
    var credentials: Set<Identifier> = []
    var holders: Set<Identifier> = []
    let changed = loaded.values.filter { !$0.added.isEmpty }
    let courses = Dictionary(
      uniqueKeysWithValues: changed.filter { $0.stream.kind == .cohort }.map {
        ($0.stream.key, (old: course($0.stream.key), new: $0.row?.head.state?.cohort?.terms.course))
      })
    for opened in changed {
      guard let row = opened.row else { continue }
      let stream = opened.stream
      rows.put(.heads, ViewKey.of(stream), row.encoded(of: stream, arena: arena))
      guard !stream.kind.isShared else { continue }
      let before = opened.committed?.head
      try rows.replace(
        DerivedRows.of(stream, before) { course($0) },
        by: DerivedRows.of(stream, row.head) { courses[$0].map(\.new) ?? course($0) })
      if stream.kind == .officer {
        note(stream, row.head)
        // Answers about what was given to them say so.
        if absences(before?.state) != absences(row.head.state) { holders.insert(stream.key) }
        if opened.added.contains(where: \.amendsIdentifiers) {
          rows.put(.amended, ViewKey.of(stream.key), [])
        }
      }
      if stream.kind == .credential {
        credentials.insert(stream.key)
      } else if stream.kind.givesEvidence,
        let changed = evidenceChange(before?.state, row.head.state)
      {
        holders.formUnion(changed)
      }
    }
    // What follows reads what the batch wrote.
    try rows.write()
    for (cohort, course) in courses {
      if course.old != course.new {
        try moveRoll(of: cohort, from: course.old, to: course.new)
      } else if isOfAnotherEdition(cohort) {
        try recount(rollOf: cohort)
      }
    }
    for holder in holders {
      let prefix = ViewKey.prefix(holder)
      try transaction.scan(views[.held], prefix: prefix) { key, _ in
        if let credential = Identifier(key.extracting(droppingFirst: prefix.count)) {
          credentials.insert(credential)
        }
        return true
      }
    }
    for credential in credentials { try putVerifyRow(credential, rows) }
    try rows.write()
    for opened in changed where opened.stream.kind.isShared {
      guard let row = opened.row else { continue }
      sharedStreams.update(opened.stream, row.head, history: history(of: opened.stream))
    }
    for opened in changed where !opened.stream.kind.isShared {
      if let standing = opened.standing { longStreams.keep(opened.stream, standing) }
    }
    if let failure { throw failure }
  }

  /// When an officer was out of the service.
  private func absences(_ state: StreamState?) -> [PostingSpan] {
    state?.officer?.spans.filter { !$0.status.serves } ?? []
  }

  /// The course of a cohort before this batch.
  private func course(_ cohort: Identifier) -> Identifier? {
    sharedStreams.state(of: StreamID(.cohort, cohort))?.cohort?.terms.course
  }

  /// Keeps the merges up to date that reads join with.
  private func note(_ stream: StreamID, _ after: StreamHead) {
    guard batch.merged.contains(stream.key) || sharedStreams.merges.knows(stream.key) else {
      return
    }
    sharedStreams.update(merged: stream.key, after, history: history(of: stream))
  }

  /// A cohort teaches another course: its completions count for that one.
  private func moveRoll(of cohort: Identifier, from old: Identifier?, to new: Identifier?) throws {
    var enrolments: [Identifier] = []
    try transaction.scan(views[.rolls], prefix: ViewKey.prefix(cohort)) { _, value in
      if let row = RollRow(value) { enrolments.append(row.enrolment) }
      return true
    }
    for key in enrolments {
      let stream = StreamID(.enrolment, key)
      guard let head = head(of: stream), let state = head.state?.enrolment, state.onceCompleted,
        let last = head.last?.effective
      else { continue }
      movedOfficers.insert(state.seat.officer)
      let row = CompletedRow(state, last: last)
      func rows(_ course: Identifier?) -> [ViewRow] {
        course.map { [DerivedRows.completed($0, state.seat.officer, stream, row)] } ?? []
      }
      for row in rows(old) { try transaction.delete(views[row.table], row.key) }
      for row in rows(new) { try transaction.put(views[row.table], row.key, row.value) }
    }
  }

  private func isOfAnotherEdition(_ cohort: Identifier) -> Bool {
    let stream = StreamID(.cohort, cohort)
    let (old, new) = (sharedStreams.state(of: stream), head(of: stream)?.state)
    return old?.cohort?.terms.edition != new?.cohort?.terms.edition
  }

  /// A cohort teaches another edition, which may have another pass mark: its completions may be
  /// worth less or more.
  private func recount(rollOf cohort: Identifier) throws {
    var enrolments: [Identifier] = []
    try transaction.scan(views[.rolls], prefix: ViewKey.prefix(cohort)) { _, value in
      if let row = RollRow(value), row.completedOn != nil { enrolments.append(row.enrolment) }
      return true
    }
    for key in enrolments {
      let state = head(of: StreamID(.enrolment, key))?.state?.enrolment
      if let state { movedOfficers.insert(state.seat.officer) }
    }
  }

  /// Whose credentials may rest on other evidence now.
  private func evidenceChange(_ before: StreamState?, _ after: StreamState?) -> [Identifier]? {
    let (old, new) = (before?.evidence, after?.evidence)
    let (oldSeat, newSeat) = (before?.enrolment, after?.enrolment)
    guard
      old != new || before?.evidenceSince != after?.evidenceSince
        || oldSeat?.completion?.day != newSeat?.completion?.day
        || oldSeat?.seat.cohort != newSeat?.seat.cohort
    else { return nil }
    return [old?.officer, new?.officer].compactMap { $0 }
  }

  private func putVerifyRow(_ key: Identifier, _ rows: RowWriteBuffer) throws {
    views.marks.mark(unsafe key.bytes.span.bytes.hashed(), at: next)
    guard let head = head(of: StreamID(.credential, key)), let state = head.state?.credential,
      let last = head.last?.effective
    else {
      try transaction.delete(views[.credentials], ViewKey.of(key))
      return
    }
    let evidence = EvidenceState(
      state.terms.evidence, isHolders: { $1 == state.terms.holder }
    ) { id in
      event(id).flatMap { place in
        self.head(of: place.stream)?.state.map { (place.stream, $0) }
      }
    }
    rows.put(
      .credentials, ViewKey.of(key),
      VerifyRow.encoded(state, key, last: last, evidence: evidence, arena: arena))
  }
}

/// Buffers a batch's rows until they are written, table by table in key order. Deletions are
/// applied at once, so that a key may move from one stream to another within a batch.
private final class RowWriteBuffer {
  private let views: Views
  private let transaction: WriteTransaction
  /// In the order of `ViewTable.index`.
  private let tables = ViewTable.allCases.map { _ in RowBuffer() }

  init(_ views: Views, _ transaction: WriteTransaction) {
    self.views = views
    self.transaction = transaction
  }

  func put(_ table: ViewTable, _ key: [UInt8], _ value: [UInt8]) {
    tables[table.index].add(key, value)
  }

  func replace(_ old: [ViewRow], by new: [ViewRow]) throws {
    for row in old where !new.contains(where: { $0.table == row.table && $0.key == row.key }) {
      try transaction.delete(views[row.table], row.key)
    }
    for row in new where !old.contains(row) { put(row.table, row.key, row.value) }
  }

  func write() throws {
    for table in ViewTable.allCases {
      let rows = tables[table.index]
      try transaction.put(views[table], rows)
      rows.removeAll()
    }
  }
}
